from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pypdf import PdfReader

from bazafarin.adapters.document import write_document
from bazafarin.adapters.document.drawings import Drawings
from bazafarin.adapters.document.figures import figure, hectares, place_code, rule_value, share
from bazafarin.adapters.document.sections.block_table import MOST_ROWS as BLOCK_ROWS
from bazafarin.adapters.document.sections.boundary import MOST_ROWS as CHANGE_ROWS
from bazafarin.adapters.document.sections.evidence import finding_title
from bazafarin.adapters.document.subject import Subject
from bazafarin.adapters.document.typesetting import DATA, write_data
from bazafarin.adapters.document.write import STAGES, document_data
from bazafarin.adapters.persian_text import isolate, persian_digits
from bazafarin.domain.errors import OutputError, RenderingError
from bazafarin.domain.problem import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.studies.city_plan import CityPlan

NUMBER = re.compile(r"[۰-۹]+(?:[٬٫][۰-۹]+)*")
# What is no finding: days, the furniture of maps, names, what rules and sources say of
# themselves, the classes of a legend, and how many rows a table shows.
NOT_FIGURES = {"day", "as_of", "page_number", "cover", "scale", "remarks", "legend", "brand"}


def pages(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def logical(text: str) -> str:
    """Return extracted text without what the extraction adds: spaces, isolates, marks."""
    return re.sub(r"[\s\u200c\u200e\u200f\u2066-\u2069]", "", text)


@pytest.fixture(scope="module")
def city_pdf(plan: CityPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "document.pdf"
    write_document(plan, path)
    return path


@pytest.fixture(scope="module")
def neighbourhood_pdf(plan: CityPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("neighbourhood") / "document.pdf"
    write_document(plan, path, neighbourhood_id="N-1")
    return path


@pytest.fixture(scope="module")
def city_pages(city_pdf: Path) -> list[str]:
    return pages(city_pdf)


@pytest.fixture(scope="module")
def neighbourhood_pages(neighbourhood_pdf: Path) -> list[str]:
    return pages(neighbourhood_pdf)


def data_of(plan: CityPlan, folder: Path, neighbourhood_id: str | None = None) -> dict[str, object]:
    write_data(document_data(Drawings(Subject(plan, neighbourhood_id), folder)), folder)
    data: dict[str, object] = json.loads((folder / DATA).read_text("utf-8"))
    return data


def texts(data: object) -> list[str]:
    if isinstance(data, dict):
        return [t for key, value in data.items() if key not in NOT_FIGURES for t in texts(value)]
    if isinstance(data, list):
        return [t for value in data for t in texts(value)]
    return [data] if isinstance(data, str) else []


def test_the_document_has_its_title_and_the_plans_day(city_pdf: Path, plan: CityPlan) -> None:
    reader = PdfReader(city_pdf)

    assert reader.metadata is not None
    assert "نمونه‌شهر" in str(reader.metadata.title)
    assert reader.metadata.creation_date_raw is not None
    assert reader.metadata.creation_date_raw.startswith(f"D:{plan.as_of:%Y%m%d}")


def test_the_identity_says_what_parcels_are_like_with_their_units(
    plan: CityPlan, tmp_path: Path
) -> None:
    whole = " ".join(texts(data_of(plan, tmp_path, None)["sections"]))

    for written in (
        "میانهٔ مساحت قطعات ۱۸۵ مترمربع",
        "قطعات بدون بر معبر نامعلوم",
        "سطح اشغال ۶۲٫۵٪",
        "تراکم ساختمانی ۱۲۳٫۵٪",
    ):
        assert written in whole


def test_codes_keep_their_order(neighbourhood_pages: list[str]) -> None:
    whole = "".join(logical(page) for page in neighbourhood_pages)

    # The reader takes Persian digits for letters and gives each run backwards.
    assert persian_digits("3-12-45-7")[::-1] in whole
    assert persian_digits("7-45-12-3")[::-1] not in whole


def test_every_page_has_text(city_pages: list[str], neighbourhood_pages: list[str]) -> None:
    assert all(len(logical(page)) > 80 for page in city_pages + neighbourhood_pages)


def test_only_the_shipped_font_is_embedded(city_pdf: Path) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(city_pdf).pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Vazirmatn-\w+", font) for font in fonts)


def test_the_synthetic_notice_is_on_every_page(city_pages: list[str]) -> None:
    assert all("ساختگی" in logical(page) for page in city_pages)


def test_a_true_city_has_no_synthetic_notice(
    plan_without_boundary: CityPlan, tmp_path: Path
) -> None:
    write_document(plan_without_boundary, tmp_path / "d.pdf", neighbourhood_id="N-1")

    assert not any("ساختگی" in logical(page) for page in pages(tmp_path / "d.pdf"))


def test_the_unknown_is_a_word_and_never_zero(plan: CityPlan, tmp_path: Path) -> None:
    data = data_of(plan, tmp_path, "N-2")

    rows = next(
        content["rows"]
        for section in data["sections"]  # type: ignore[attr-defined]
        for content in section["content"]
        if content["kind"] == "table" and len(content["columns"]) == 6
    )
    assert [row[4]["text"] for row in rows] == ["نامعلوم"] * 3


def known_figures(plan: CityPlan) -> set[str]:
    """Return every figure that the plan's findings, tables and rules can be written as."""
    values: list[object] = [finding.value for finding in plan.findings]
    values += [finding.coverage for finding in plan.findings]
    for table in plan.tables.values():
        for column in table.columns:
            values += table.frame[column].tolist()
    for citation in plan.citations.values():
        values.append(citation.value)
    numbers = [value for value in values if isinstance(value, int | float) and value is not pd.NA]
    units = ("m2", "ha", "m2/person", "per_capita", "range_end")
    written = {figure(value, unit) for value in numbers for unit in units}
    written |= {share(value) for value in numbers if abs(value) <= 1}
    written |= {hectares(value) for value in numbers}
    written |= {figure(f.value, f.unit) for f in plan.findings if f.unit == "ratio"}
    written |= {share(abs(value)) for value in plan.sensitivity["step"]}
    return {number for text in written for number in NUMBER.findall(text)}


def strange_figures(plan: CityPlan, folder: Path, neighbourhood_id: str | None) -> set[str]:
    """Return the figures of the document that no finding, table or rule of the plan has."""
    sections = data_of(plan, folder, neighbourhood_id)["sections"]
    assert isinstance(sections, list)
    # Tables of rules and of sources number and date themselves.
    about_rules = {"ضابطه", "ضوابط", "پرونده و لایه", "شرح"}
    contents = [
        content
        for section in sections
        for content in section["content"]
        if not about_rules & {column["title"] for column in content.get("columns", [])}
    ]
    assert len(contents) > 20
    days = set(NUMBER.findall("۱۳۸۹/۱۲/۰۱ ۱۴۰۴/۰۸/۳۰ ۱۳۸۵/۰۲/۱۱"))
    codes = [*plan.blocks["block_id"], *plan.neighbourhoods["neighbourhood_id"]]
    code = re.compile("|".join(re.escape(place_code(code)) for code in codes))
    figures = [code.sub("", text) for text in texts(contents)]
    found = {number for text in figures for number in NUMBER.findall(text)}
    return found - known_figures(plan) - days


@pytest.mark.parametrize("neighbourhood_id", [None, "N-1"])
def test_every_figure_is_a_finding_or_a_cell_of_a_finding_table(
    plan: CityPlan, tmp_path: Path, neighbourhood_id: str | None
) -> None:
    assert strange_figures(plan, tmp_path, neighbourhood_id) == set()


def test_every_figure_of_a_towns_document_is_a_finding_too(
    town_plan: CityPlan, tmp_path: Path
) -> None:
    assert strange_figures(town_plan, tmp_path, None) == shown_rows(town_plan)


def test_every_finding_of_a_town_has_a_name(town_plan: CityPlan) -> None:
    assert not [f.id for f in town_plan.findings if finding_title(f) == isolate(f.id)]


def test_a_towns_document_is_whole_and_light(town_plan: CityPlan, tmp_path: Path) -> None:
    path = tmp_path / "d.pdf"

    write_document(town_plan, path)

    assert len(PdfReader(path).pages) > 12
    assert path.stat().st_size < 10_000_000


def shown_rows(plan: CityPlan) -> set[str]:
    """Return how many rows of a long table are shown and how many are not."""
    cut = {
        BLOCK_ROWS: len(plan.blocks),
        CHANGE_ROWS: 0 if plan.boundary_changes is None else len(plan.boundary_changes),
    }
    counts = [n for most, rows in cut.items() if rows > most for n in (most, rows - most)]
    return {figure(count) for count in counts} - known_figures(plan)


def test_a_figure_that_no_finding_has_would_be_seen(plan: CityPlan, tmp_path: Path) -> None:
    blocks = plan.blocks.assign(parcels_count=987_654)

    found = strange_figures(replace(plan, blocks=blocks), tmp_path, "N-1")

    assert found == {"۹۸۷٬۶۵۴"}


@pytest.mark.parametrize("neighbourhood_id", [None, "N-2"])
def test_a_plan_of_one_parcel_with_nothing_known_still_gives_a_document(
    bare_plan: CityPlan, tmp_path: Path, neighbourhood_id: str | None
) -> None:
    path = tmp_path / "d.pdf"

    write_document(bare_plan, path, neighbourhood_id=neighbourhood_id)

    found = pages(path)
    assert len(found) >= 6
    assert all(len(logical(page)) > 60 for page in found)
    assert any("نامعلوم" in logical(page) for page in found)


def test_a_neighbourhood_without_a_block_still_gives_a_document(
    plan: CityPlan, tmp_path: Path
) -> None:
    path = tmp_path / "d.pdf"
    emptied = replace(plan, blocks=plan.blocks[plan.blocks["neighbourhood_id"] != "N-2"])

    write_document(emptied, path, neighbourhood_id="N-2")

    assert all(len(logical(page)) > 60 for page in pages(path))


def test_the_same_plan_gives_the_same_document(plan: CityPlan, tmp_path: Path) -> None:
    write_document(plan, tmp_path / "1.pdf", neighbourhood_id="N-1")
    write_document(plan, tmp_path / "2.pdf", neighbourhood_id="N-1")

    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


def test_a_name_of_marks_and_markup_is_printed_as_it_stands(plan: CityPlan, tmp_path: Path) -> None:
    name = '#panic("x") $x$ *a* \\ "'

    write_document(
        replace(plan, city=replace(plan.city, name_fa=name)),
        tmp_path / "d.pdf",
        neighbourhood_id="N-1",
    )

    assert '#panic("x")' in "".join(pages(tmp_path / "d.pdf")[:1])


def test_the_stages_are_told_in_order(plan: CityPlan, tmp_path: Path) -> None:
    told: list[str] = []

    write_document(plan, tmp_path / "d.pdf", neighbourhood_id="N-1", on_stage=told.append)

    assert tuple(told) == STAGES


def test_an_unknown_neighbourhood_is_refused_with_those_that_are_there(
    plan: CityPlan, tmp_path: Path
) -> None:
    with pytest.raises(RenderingError) as caught:
        write_document(plan, tmp_path / "d.pdf", neighbourhood_id="N-9")

    assert caught.value.code == "document.neighbourhood_missing"
    assert caught.value.facts["known"] == ("N-1", "N-2")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_finding_is_named(plan: CityPlan, tmp_path: Path) -> None:
    fewer = tuple(f for f in plan.findings if f.id != "identity.blocks")

    with pytest.raises(RenderingError) as caught:
        write_document(replace(plan, findings=fewer), tmp_path / "d.pdf")

    assert caught.value.facts["finding"] == "identity.blocks"


def test_what_stood_there_stays_when_the_document_cannot_be_written(
    plan: CityPlan, tmp_path: Path
) -> None:
    (tmp_path / "d.pdf").mkdir()

    with pytest.raises(OutputError):
        write_document(plan, tmp_path / "d.pdf", neighbourhood_id="N-1")

    assert [path.name for path in tmp_path.iterdir()] == ["d.pdf"]


def test_unverified_rules_say_so_with_their_mark(plan: CityPlan, tmp_path: Path) -> None:
    written = " ".join(texts(data_of(plan, tmp_path)["sections"]))

    assert "تأییدنشده" in written
    assert "M-high" in written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "۰٪"),
        (0.0004, "کمتر از ۰٫۱٪"),
        (0.001, "۰٫۱٪"),
        (0.5, "۵۰٪"),
        (0.5004, "۵۰٫۰۴٪"),
        (0.4996, "۴۹٫۹۶٪"),
        (0.9997, "بیش از ۹۹٫۹٪"),
        (1.0, "۱۰۰٪"),
        (None, "نامعلوم"),
    ],
)
def test_no_share_is_rounded_to_nothing_to_all_or_to_the_threshold(value, written) -> None:
    assert share(value, apart_from=0.5) == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.0, "ha", "۰"),
        (0.004, "ha", "کمتر از ۰٫۰۱"),
        (0.006, "ha", "۰٫۰۱"),
        (2.0, "ha", "۲٫۰۰"),
        (0.0, "per_capita", "۰"),
        (-0.05, "share_points", "−۵"),
    ],
)
def test_nothing_has_no_decimals_and_a_little_is_not_nothing(value, unit, written) -> None:
    assert logical(figure(value, unit)) == logical(written)


def test_a_table_says_what_is_common_to_several_files_once(plan: CityPlan, tmp_path: Path) -> None:
    twice = (Problem("geometry.missing", "parcels", Severity.REJECTED, (1, 2)),) * 2
    alike = replace(plan, city=replace(plan.city, problems=twice))

    sections = data_of(alike, tmp_path)["sections"]

    assert isinstance(sections, list)
    tables = [c for s in sections for c in s["content"] if c["kind"] == "table"]
    (problems,) = [t["rows"] for t in tables if "شرح" in [c["title"] for c in t["columns"]]]
    assert [row[3]["text"] for row in problems] == ["۴"]


def test_a_neighbourhoods_maps_show_the_blocks_beside_it(plan: CityPlan, tmp_path: Path) -> None:
    ground = Drawings(Subject(plan, "N-1"), tmp_path).ground(most_mm=100.0)
    whole = Drawings(Subject(plan), tmp_path).ground(most_mm=100.0)

    assert ground.beside is not None
    assert set(ground.beside["neighbourhood_id"]) == {"N-2"}
    assert whole.beside is None


def test_many_files_are_counted_beside_a_map_and_not_listed(plan: CityPlan, tmp_path: Path) -> None:
    source = next(iter(plan.city.sources.values()))
    many = {f"layer{n}": replace(source, path=f"{n}.shp") for n in range(12)}

    remarks = Drawings(
        Subject(replace(plan, city=replace(plan.city, sources=many))), tmp_path
    ).remarks()

    assert "۱۲ پرونده" in remarks[0]
    assert "shp" not in remarks[0]


def test_the_standards_without_a_seen_source_are_marked_where_they_stand(
    town_plan: CityPlan, tmp_path: Path
) -> None:
    place = str(town_plan.neighbourhoods["neighbourhood_id"].iloc[0])
    is_here = town_plan.services["neighbourhood_id"] == place

    sections = data_of(town_plan, tmp_path, place)["sections"]

    assert isinstance(sections, list)
    tables = [c for s in sections for c in s["content"] if c["kind"] == "table"]
    (notes,) = [
        [row[3]["note"] for row in table["rows"]]
        for table in tables
        if table["columns"][-1]["title"] == "کمبود بیشینه"
    ]
    seen = [
        town_plan.citations[f"per_capita.{service}"].is_verified
        for service in town_plan.services.loc[is_here, "service"]
    ]
    assert notes == ["" if is_seen else "تأییدنشده" for is_seen in seen]
    assert {True, False} == set(seen)


def test_rules_are_written_in_words() -> None:
    assert rule_value(1370, "year_sh").startswith(persian_digits("1370"))
    assert rule_value((3, 5), "m2/person").startswith("\u2066۳\u2069 تا \u2066۵\u2069")
    assert rule_value((), "codes") == "هیچ‌کدام"
    assert "خشت" in rule_value(("adobe", "brick_wood"), "codes")


def test_the_day_is_the_plans_own_and_not_todays(plan: CityPlan, tmp_path: Path) -> None:
    data = data_of(replace(plan, as_of=date(2021, 3, 21)), tmp_path)

    assert data["day"] == [2021, 3, 21]
    assert "۱۴۰۰/۰۱/۰۱" in str(data["as_of"])
