"""The reading report: a page and a file that say the same, row by row, in two languages."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bazafarin.adapters import reading_report
from bazafarin.adapters.reading_report import write_reading_report
from bazafarin.domain.city import LayerSource
from bazafarin.domain.problem import Problem, Severity

PROBLEMS = (
    Problem("reading.geometry.multipart", "parcels", Severity.NOTE, (7,)),
    Problem("reading.geometry.missing", "parcels", Severity.REJECTED, (2, 3)),
    Problem(
        "reading.number.unreadable", "parcels", Severity.UNKNOWN, (4,), "floors", ("<script>",)
    ),
)
SOURCES = {"parcels": LayerSource("city.gpkg", "parcels", 9, 7, "EPSG:32639", date(2024, 7, 9))}


@pytest.fixture
def report(tmp_path):
    page, data = write_reading_report(PROBLEMS, SOURCES, title="شهر آزمون", folder=tmp_path)
    return page.read_text("utf-8"), json.loads(data.read_text("utf-8"))


def test_the_page_is_persian_first_with_english_beside(report):
    page, _ = report

    assert '<html lang="fa" dir="rtl">' in page
    assert "شکل هندسی ندارد" in page
    assert "have no geometry" in page
    assert "http" not in page


def test_what_weighs_most_comes_first(report):
    page, data = report

    assert [problem["severity"] for problem in data["problems"]] == ["rejected", "unknown", "note"]
    assert page.index('class="rejected"') < page.index('class="unknown"')


def test_every_row_is_in_the_file_with_its_value(report):
    _, data = report

    assert [problem["rows"] for problem in data["problems"]] == [[2, 3], [4], [7]]
    assert data["problems"][1]["values"] == ["<script>"]
    assert data["sources"]["parcels"]["dated"] == "2024-07-09"


def test_what_a_delivery_holds_cannot_become_markup(report):
    page, _ = report

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_summary_adds_up(report):
    page, _ = report

    assert "Of 9 rows delivered, 7 are used and 2 were rejected." in page
    assert "۱۴۰۳/۰۴/۱۹" in page


def test_the_page_shows_so_many_rows_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(reading_report, "ROWS_SHOWN", 10)
    many = Problem("reading.geometry.missing", "parcels", Severity.REJECTED, tuple(range(1, 501)))

    page, data = write_reading_report([many], {}, title="x", folder=tmp_path)

    assert page.read_text("utf-8").count("<tr><td>") == 10
    assert "The first 10 of 500 rows" in page.read_text("utf-8")
    assert len(json.loads(data.read_text("utf-8"))["problems"][0]["rows"]) == 500


def test_nothing_wrong_is_said_too(tmp_path):
    page, _ = write_reading_report((), SOURCES, title="x", folder=tmp_path)

    assert "No trouble was found." in page.read_text("utf-8")


def test_the_page_carries_the_brands_font(report):
    page, _ = report

    assert '@font-face{font-family:"Vazirmatn"' in page
    assert "url(data:font/ttf" in page


def test_it_says_how_many_kinds_of_trouble_ended_in_which_way(report):
    page, _ = report

    outcomes = page[page.index('<ul class="outcomes">') : page.index("</ul>")]
    assert outcomes.count("<li") == 3
    assert outcomes.count("<bdi>۱</bdi>") == 3


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_made_up_city_is_said_to_be_one(tmp_path, synthetic):
    page, data = write_reading_report((), {}, title="x", folder=tmp_path, synthetic=synthetic)

    assert ('class="synthetic"' in page.read_text("utf-8")) is synthetic
    assert json.loads(data.read_text("utf-8"))["synthetic"] is synthetic
