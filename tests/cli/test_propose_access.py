"""``bazafarin propose access`` as its user meets it: tables to read, and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from shapely import LineString, Point, box

from bazafarin.cli import main
from hand_drawn import CRS

if TYPE_CHECKING:
    from pathlib import Path

AT_X, AT_Y = 640_000, 3_650_000
WORDS = ("--as-of", "1404/08/30")


def write(columns: dict[str, Any], shapes: list[Any], path: Path, layer: str) -> None:
    geometry = gpd.GeoSeries(shapes, crs=CRS).translate(AT_X, AT_Y)
    gpd.GeoDataFrame(columns, geometry=geometry).to_file(path, layer=layer)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """Two houses and a school on a street; the school has room for 12 of 30 people."""
    path = tmp_path / "drawn.gpkg"
    parcels = {
        "parcel_id": ["a", "b", "s"],
        "use": ["residential", "residential", "education"],
        "population": [10.0, 20.0, None],
    }
    places = [box(0, 6, 20, 26), box(40, 6, 60, 26), box(180, 6, 200, 26)]
    write(parcels, places, path, "parcels")
    street = {"passage_id": ["p"], "width_m": [12.0]}
    write(street, [LineString([(0, 0), (200, 0)])], path, "passages")
    school = {"facility_id": ["f"], "service": ["education"], "capacity": [12.0]}
    write(school, [Point(190, 9)], path, "facilities")
    return path


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main(["propose", "access", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_json_says_who_is_within_and_who_is_left_out(drawn, capsys) -> None:
    found = json.loads(said(capsys, drawn, *WORDS, "--json"))

    education = next(row for row in found["services"] if row["service"] == "education")
    assert (education["people"], education["people_within"]) == (30, 30)
    # b walks 6 + 140 + 6 and is two thirds of the people
    assert education["median_m"] == pytest.approx(152)
    assert found["allocations"][0]["left_out"] == pytest.approx(18)
    assert found["findings"]["access.health_within_share"]["value"] is None
    assert "access.primary_school" in found["rules"]
    assert found["as_of"] == "2025-11-21"


def test_a_person_reads_tables_and_what_is_not_known(drawn, capsys) -> None:
    english = said(capsys, drawn, *WORDS, "--language", "en")
    persian = said(capsys, drawn, *WORDS, "--language", "fa")

    assert "so access to them is unknown: commercial and services, culture" in english
    assert any("education" in line and "100%" in line for line in english.splitlines())
    assert "optimal" in english
    assert "۱۰۰٪" in persian


def test_without_passages_the_way_out_is_said(tmp_path, capsys) -> None:
    alone = tmp_path / "alone.gpkg"
    parcel = {"parcel_id": ["a"], "use": ["residential"], "population": [10.0]}
    write(parcel, [box(0, 6, 20, 26)], alone, "parcels")

    english = said(capsys, alone, *WORDS, "--language", "en")

    assert "--layer passages=PATH" in english
    assert "100%" not in english


def test_ways_along_derived_passages_are_said_to_be_such(drawn, tmp_path, capsys) -> None:
    alone = tmp_path / "alone.gpkg"
    gpd.read_file(drawn, layer="parcels").to_file(alone, layer="parcels")

    assert "drawn from the space between" in said(capsys, alone, *WORDS, "--language", "en")
    assert "drawn from the space between" not in said(capsys, drawn, *WORDS, "--language", "en")


def test_a_city_may_set_its_own_radius(drawn, tmp_path, capsys) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[override]]\nrule = "access.primary_school"\nvalue = [50, 160]\nfrom = "1400-01-01"\n'
        'instrument = "i"\nclause = "c"\naddress = "a"\ncertainty = "M-high"\n'
        'checked_on = "1404-01-01"\n',
        encoding="utf-8",
    )

    found = json.loads(said(capsys, drawn, *WORDS, "--standards", own, "--json"))

    # a walks 192 m, b 152 m
    education = next(row for row in found["services"] if row["service"] == "education")
    assert education["within_share"] == pytest.approx(20 / 30)
