"""The chapters of access, priority and driver projects: what they say, and when they are silent."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.document import write_document
from bazafarin.adapters.document.drawings import Drawings
from bazafarin.adapters.document.figures import (
    RIAL_A_MILLIARD,
    chapter_words,
    figure,
    milliards,
    place_code,
    share,
    with_unit,
)
from bazafarin.adapters.document.sections.evidence import finding_title
from bazafarin.adapters.document.sections.priority_reasons import reason, score_text
from bazafarin.adapters.document.sections.project_pages import EXPLAINED
from bazafarin.adapters.document.sections.projects_money import people_of_a_milliard
from bazafarin.adapters.document.subject import Subject
from bazafarin.adapters.document.typesetting import DATA, write_data
from bazafarin.adapters.document.write import document_data
from bazafarin.adapters.persian_text import isolate, persian_digits
from bazafarin.adapters.synthetic_town import write_town
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.project_reach import parcels_in_reach
from bazafarin.studies.proposals import with_proposals
from bazafarin.studies.scenario import Scenario

from .conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.studies.city_plan import CityPlan

NUMBER = re.compile(r"[۰-۹]+(?:[٬٫][۰-۹]+)*")
CHAPTERS = ("access", "priority", "projects")
NOT_FIGURES = {"scale", "remarks", "legend", "file"}
ASKED = Scenario(budget_rial=300 * RIAL_A_MILLIARD, land_value_rial_m2=80_000_000)


@pytest.fixture(scope="module")
def wanting(tmp_path_factory: pytest.TempPathFactory) -> CityPlan:
    """A town of which one park, one library and one clinic are left, so that people lack them."""
    path = tmp_path_factory.mktemp("wanting") / "town.gpkg"
    write_town(path, parcels=1_000, seed=7)
    city = read_city(path)
    parcels = city.parcels.copy()
    for use in ("green", "culture", "health"):
        parcels.loc[parcels.index[parcels["use"] == use][1:], "use"] = "residential"
    city = replace(city, parcels=parcels, facilities=None)
    return plan_city(city, standards=Standards.national(), as_of=AS_OF)


def proposed(plan: CityPlan, scenario: Scenario) -> CityPlan:
    return with_proposals(plan, scenario, standards=Standards.national(), as_of=AS_OF)


@pytest.fixture(scope="module")
def asked(wanting: CityPlan) -> CityPlan:
    return proposed(wanting, ASKED)


def sections_of(
    plan: CityPlan, folder: Path, neighbourhood_id: str | None = None
) -> list[dict[str, Any]]:
    write_data(document_data(Drawings(Subject(plan, neighbourhood_id), folder)), folder)
    return list(json.loads((folder / DATA).read_text("utf-8"))["sections"])


def chapters_of(
    plan: CityPlan, folder: Path, neighbourhood_id: str | None = None
) -> list[dict[str, Any]]:
    """Return the new chapters and the pages of the projects."""
    titles = {chapter_words(chapter, "title") for chapter in CHAPTERS}
    sections = sections_of(plan, folder, neighbourhood_id)
    return [s for s in sections if s["title"] in titles or s["is_part"]]


def texts(data: object) -> list[str]:
    if isinstance(data, dict):
        return [t for key, value in data.items() if key not in NOT_FIGURES for t in texts(value)]
    if isinstance(data, list):
        return [t for value in data for t in texts(value)]
    return [data] if isinstance(data, str) else []


def said(plan: CityPlan, folder: Path, neighbourhood_id: str | None = None) -> str:
    return " ".join(texts(chapters_of(plan, folder, neighbourhood_id)))


def known_figures(plan: CityPlan) -> set[str]:
    """Return every figure that findings, their facts, tables and rules can be written as."""
    values: list[object] = []
    for finding in plan.findings:
        values += [finding.value, finding.coverage, *finding.facts.values()]
    for table in plan.tables.values():
        for column in table.columns:
            values += table.frame[column].tolist()
    for citation in plan.citations.values():
        values += citation.value if isinstance(citation.value, tuple) else [citation.value]
    numbers = {
        float(v) for v in values if isinstance(v, int | float | np.number) and v is not pd.NA
    }
    written = set()
    for value in (v for v in numbers if np.isfinite(v)):
        written |= {figure(value, unit) for unit in ("m2", "share_points")}
        written |= {with_unit(value, "m2"), milliards(value), f"{value:,.0f}"}
        written |= {share(value), score_text(value)} if abs(value) <= 1 else set()
        written |= {figure(abs(value), "share_points")} if abs(value) <= 1 else set()
        written |= {people_of_a_milliard(value)} if value > 0 else set()
    return {n for text in written for n in NUMBER.findall(persian_digits(text).replace(",", "٬"))}


def shown_counts(plan: CityPlan) -> set[str]:
    """Return how many rows a table shows, which no finding says."""
    rows = (2, 10, EXPLAINED, len(plan.tables["priority_works"].frame))
    return {persian_digits(str(count)) for count in rows}


@pytest.mark.parametrize("of", ["city", "neighbourhood"])
def test_every_figure_of_the_chapters_is_one_of_the_findings(
    asked: CityPlan, tmp_path: Path, of: str
) -> None:
    made = asked.proposals.projects  # type: ignore[union-attr]
    place = None if of == "city" else str(made.projects["neighbourhood_id"].iloc[0])  # type: ignore[union-attr]
    written = texts(chapters_of(asked, tmp_path, place))
    codes = [
        *(code for site in made.projects["site_id"] for code in site.split("+")),  # type: ignore[union-attr]
        *(code for site in made.alternatives["site_id"] for code in site.split("+")),  # type: ignore[union-attr]
        *asked.blocks["block_id"],
        *asked.neighbourhoods["neighbourhood_id"],
    ]
    forms = sorted({persian_digits(str(code)) for code in codes}, key=len, reverse=True)
    code = re.compile("|".join(map(re.escape, forms)))

    found = {n for text in written for n in NUMBER.findall(code.sub("", text))}

    assert len(found) > 50
    assert found - known_figures(asked) - shown_counts(asked) == set()


def test_a_figure_of_no_finding_would_be_seen(asked: CityPlan, tmp_path: Path) -> None:
    proposals = asked.proposals
    assert proposals is not None
    assert proposals.projects is not None
    wrong = proposals.projects.projects.assign(people_served=987_654.0)
    other = replace(proposals, projects=replace(proposals.projects, projects=wrong))

    written = said(replace(asked, proposals=other), tmp_path)

    assert "۹۸۷٬۶۵۴" in set(NUMBER.findall(written)) - known_figures(asked)


def test_a_plan_without_proposals_has_none_of_the_chapters(
    wanting: CityPlan, tmp_path: Path
) -> None:
    assert chapters_of(wanting, tmp_path) == []


def test_each_project_has_one_page_of_its_own(asked: CityPlan, tmp_path: Path) -> None:
    path = tmp_path / "d.pdf"
    write_document(asked, path)
    pages = [
        re.sub(r"[\s\u200c\u200e\u200f\u2066-\u2069]", "", page.extract_text())
        for page in PdfReader(path).pages
    ]

    begin = [at for at, page in enumerate(pages) if "سیمای" in page and "پروژه" in page]
    evidence = next(at for at, page in enumerate(pages) if at > begin[-1] and "findings" in page)

    count = len(asked.proposals.projects.projects)  # type: ignore[union-attr]
    assert count == len(begin) == 2
    assert begin == list(range(evidence - count, evidence))


def test_a_project_says_why_this_site_this_use_this_rank_and_what_would_change_it(
    asked: CityPlan, tmp_path: Path
) -> None:
    first = asked.proposals.projects.projects.iloc[0]  # type: ignore[union-attr]

    page = " ".join(texts(next(s for s in chapters_of(asked, tmp_path) if s["is_part"])))

    for key in ("site", "use", "rank", "change"):
        assert chapter_words("projects", f"why.asked.{key}", rank=1) in page
    assert (
        chapter_words(
            "projects", "why.rank", loss=first["loss_without"], proven=first["loss_proven"]
        )
        in page
    )
    for code in first["site_id"].split("+"):
        assert place_code(code) in page
    assert f"{milliards(first['cost_rial'])} میلیارد ریال" in page


@pytest.mark.parametrize(
    ("gap", "key"), [(0.0, "proof_exact"), (0.012, "proof")], ids=["optimal", "within a gap"]
)
def test_the_proof_is_a_sentence(asked: CityPlan, tmp_path: Path, gap: float, key: str) -> None:
    findings = tuple(replace(f, value=gap) if f.id == "projects.gap" else f for f in asked.findings)

    written = said(replace(asked, findings=findings), tmp_path)

    assert chapter_words("projects", key, gap=share(gap)) in written


@pytest.mark.parametrize(
    ("scenario", "key"),
    [
        (Scenario(), "no_budget"),
        (replace(ASKED, budget_rial=0), "no_money"),
        (replace(ASKED, budget_rial=RIAL_A_MILLIARD, floor_share=0.9), "infeasible"),
        (replace(ASKED, budget_rial=1_000), "nothing"),
        (replace(ASKED, services=("education",)), "nobody"),
    ],
)
def test_where_nothing_is_proposed_a_sentence_says_why(
    wanting: CityPlan, tmp_path: Path, scenario: Scenario, key: str
) -> None:
    plan = proposed(wanting, scenario)

    written = said(plan, tmp_path)

    assert chapter_words("projects", f"none.{key}") in written
    assert not [s for s in chapters_of(plan, tmp_path) if s["is_part"]]


def test_a_document_without_a_project_is_set(wanting: CityPlan, tmp_path: Path) -> None:
    write_document(proposed(wanting, replace(ASKED, budget_rial=0)), tmp_path / "d.pdf")

    assert len(PdfReader(tmp_path / "d.pdf").pages) > 12


def test_without_land_that_gives_way_it_says_so(wanting: CityPlan, tmp_path: Path) -> None:
    parcels = wanting.parcels.assign(use="residential", quality=None, ownership="private")
    parcels.loc[parcels.index[:1], "use"] = "green"
    plan = proposed(replace(wanting, parcels=parcels), ASKED)

    assert chapter_words("projects", "none.no_site") in said(plan, tmp_path)


def test_where_nobody_lives_it_is_not_said_that_all_are_served(
    wanting: CityPlan, tmp_path: Path
) -> None:
    parcels = wanting.parcels.assign(population=0.0, households=0.0)
    areas = wanting.neighbourhoods.assign(delivered_population=np.nan)
    plan = proposed(replace(wanting, parcels=parcels, neighbourhoods=areas), ASKED)

    written = said(plan, tmp_path)

    assert chapter_words("projects", "none.unknown") in written
    assert chapter_words("projects", "none.nobody") not in written


def test_without_any_facility_nobody_is_called_served_or_unserved(
    wanting: CityPlan, tmp_path: Path
) -> None:
    plan = proposed(replace(wanting, parcels=wanting.parcels.assign(use="residential")), ASKED)

    written = said(plan, tmp_path)

    assert chapter_words("projects", "none.unknown") in written
    assert "نامعلوم" in written


def test_a_neighbourhoods_document_shows_its_own_projects_and_says_who_chose(
    asked: CityPlan, tmp_path: Path
) -> None:
    made = asked.proposals.projects  # type: ignore[union-attr]
    places = made.projects["neighbourhood_id"]  # type: ignore[union-attr]
    here = str(places.iloc[0])
    elsewhere = next(
        str(code) for code in asked.neighbourhoods["neighbourhood_id"] if code not in set(places)
    )

    own = chapters_of(asked, tmp_path, here)
    other = chapters_of(asked, tmp_path, elsewhere)

    assert len([s for s in own if s["is_part"]]) == int((places == here).sum())
    assert not [s for s in other if s["is_part"]]
    name = Subject(asked, here).place
    assert chapter_words("projects", "here", place=name) in " ".join(texts(own))
    assert chapter_words("projects", "none_here") in " ".join(texts(other))


def test_pages_end_after_so_many_and_say_so(asked: CityPlan, tmp_path: Path) -> None:
    proposals = asked.proposals
    assert proposals is not None
    assert proposals.projects is not None
    rows = proposals.projects.projects
    many = rows.iloc[np.zeros(EXPLAINED + 1, dtype=int)].reset_index(drop=True)
    many = many.assign(rank=range(1, len(many) + 1), loss_without=np.nan, loss_proven=np.nan)
    other = replace(proposals, projects=replace(proposals.projects, projects=many))

    chapters = chapters_of(replace(asked, proposals=other), tmp_path)

    assert len([s for s in chapters if s["is_part"]]) == EXPLAINED
    written = " ".join(texts(chapters))
    assert chapter_words("projects", "pages_left", shown=EXPLAINED, file="plan.xlsx") in written
    assert chapter_words("projects", "why.rank_untried") in written


def test_access_says_who_is_within_each_radius_and_what_is_unknown(
    asked: CityPlan, tmp_path: Path
) -> None:
    chapter = chapters_of(asked, tmp_path)[0]
    tables = [c for c in chapter["content"] if c["kind"] == "table"]
    finding = next(f for f in asked.findings if f.id == "access.green_within_share")

    (row,) = [r for r in tables[0]["rows"] if r[0]["text"] == "پارک و فضای سبز"]

    within = finding.facts["people_within"]
    assert [cell["text"] for cell in row[3:5]] == [
        figure(within, "persons"),
        share(finding.value),
    ]
    assert row[1]["note"] == "تأییدنشده"
    assert chapter_words("access", "capacity.unknown") in texts(chapter)


@pytest.mark.parametrize(
    ("change", "criterion", "key"),
    [
        (0.05, "density_persons_ha", "swap_up"),
        (-0.05, "density_persons_ha", "swap_down"),
        (0.0, None, "equal"),
        (np.nan, None, "no_swap"),
    ],
)
def test_a_reason_says_which_weight_would_change_the_rank(
    change: float, criterion: str | None, key: str
) -> None:
    row = {
        "leading_criteria": "instability_share,fine_grain_share",
        "swap_weight_change": change,
        "swap_criterion": criterion,
    }

    written = reason(row)

    facts = {"criterion": "تراکم جمعیت", "points": figure(0.05, "share_points")}
    assert "ناپایداری و ریزدانگی" in written
    assert written.endswith(chapter_words("priority", f"why.{key}", **facts))


def test_the_homes_of_a_projects_map_are_those_that_its_radius_reaches(asked: CityPlan) -> None:
    proposals = asked.proposals
    assert proposals is not None
    assert proposals.projects is not None
    projects, access = proposals.projects.projects, proposals.access
    service = projects["service"].iloc[0]
    reach = parcels_in_reach(access, projects.iloc[:1], [service], reach_m=40.0)

    homes = reach.loc[reach["is_unserved"], "parcel"]
    people = access.parcels["people"].iloc[homes].sum()

    # The offer gathers its people by block and passage, so that a home at the edge may differ.
    assert people == pytest.approx(projects["people_in_reach"].iloc[0], rel=0.15)
    assert (access.parcels[f"{service}_m"].iloc[homes] > access.radius_m[service]).all()
    assert parcels_in_reach(access, projects, [], reach_m=40.0).empty


def test_every_finding_of_the_proposals_has_a_name(asked: CityPlan) -> None:
    assert not [f.id for f in asked.findings if finding_title(f) == isolate(f.id)]


def test_the_same_proposals_give_the_same_document(asked: CityPlan, tmp_path: Path) -> None:
    write_document(asked, tmp_path / "1.pdf")
    write_document(asked, tmp_path / "2.pdf")

    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


@pytest.mark.parametrize(
    ("rial", "written"),
    [(0, "۰"), (1, "کمتر از ۰٫۱"), (100_000_000, "۰٫۱"), (500 * RIAL_A_MILLIARD, "۵۰۰"),
     (149_325_671_784, "۱۴۹٫۳"), (1_234 * RIAL_A_MILLIARD, "۱٬۲۳۴"), (None, "نامعلوم")],
)  # fmt: skip
def test_money_is_written_in_milliards(rial: int | None, written: str) -> None:
    assert re.sub(r"[\u2066-\u2069]", "", milliards(rial)) == written
