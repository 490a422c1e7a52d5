"""The driver projects: the choice and its proof, what more money buys, what comes next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import (
    Cell,
    Heading,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import (
    as_float,
    chapter_words,
    figure,
    label,
    milliards,
    place_code,
    share,
)
from bazafarin.adapters.document.sections.block_table import WORKBOOK
from bazafarin.adapters.document.sections.project_pages import EXPLAINED, project_pages
from bazafarin.adapters.document.sections.project_reasons import LEAST_PERSONS
from bazafarin.adapters.document.sections.projects_money import budgets

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.studies.driver_projects import DriverProjects
    from bazafarin.studies.proposals import Proposals

said = partial(chapter_words, "projects")

MOST_ROWS = 40
"""Of projects and of the unserved; the workbook has them all."""
COSTS = ("cost_rial", "state_rial", "municipal_rial")
FIRST_PARCEL = "+"
"""What joins the parcels in a site's id."""


def projects(subject: Subject, proposed: Proposals, drawings: Drawings) -> tuple[Section, ...]:
    """Return the chapter of the driver projects, and a part for each of the first of them."""
    made = proposed.projects
    if made is None:
        notice = Paragraph(said("none.no_budget"), Tone.NOTICE)
        return (Section(said("title"), (notice,)),)
    here = subject.inside(made.projects)
    chapter = Section(
        said("title"),
        (
            *_introduction(subject, proposed, made),
            *_portfolio(subject, here, made),
            *budgets(subject, made, drawings),
            *_alternatives(subject, made),
            *_unserved(subject, made),
        ),
        on_new_page=True,
    )
    return (chapter, *project_pages(subject, proposed, here, drawings))


def why_none(subject: Subject, made: DriverProjects) -> str:
    """Return the key of the sentence that says why there is no project; empty where there is."""

    def value(name: str) -> object:
        return subject.finding(f"projects.{name}", scope="city").value

    if not made.is_feasible:
        return "infeasible"
    unserved = value("people_unserved")
    if not unserved:
        return "unknown" if unserved is None else "nobody"
    if not value("sites"):
        return "no_site"
    if not value("budget_rial"):
        return "no_money"
    if value("chosen") is None:
        return "undecided"
    return "" if len(made.projects) else "nothing"


def _introduction(
    subject: Subject, proposed: Proposals, made: DriverProjects
) -> tuple[Content, ...]:
    found = {
        finding.id.removeprefix("projects."): finding.value
        for finding in subject.plan.findings
        if finding.id.startswith("projects.")
    }
    texts: list[Content] = [Paragraph(said("asked", budget=milliards(found["budget_rial"])))]
    if not subject.is_city:
        texts.append(Paragraph(said("here", place=subject.place), Tone.NOTICE))
    if proposed.scenario.floor_share > 0:
        texts.append(Paragraph(said("floor", floor=proposed.scenario.floor_share)))
    none = why_none(subject, made)
    if none:
        texts.append(Paragraph(said(f"none.{none}"), Tone.NOTICE))
    else:
        served = said(
            "served",
            unserved=found["people_unserved"],
            chosen=found["chosen"],
            people=found["people_served"],
            municipal=milliards(found["municipal_rial"]),
            state=milliards(found["state_rial"]),
        )
        texts += [Paragraph(served), Paragraph(proof(found["gap"]), Tone.NOTICE)]
        texts.append(Paragraph(said("weighted"), Tone.NOTE))
    if found["sites_without_price"] or found["sites_not_weighed"]:
        counts = {n: found[n] for n in ("sites", "sites_without_price", "sites_not_weighed")}
        facts = {n.removeprefix("sites_"): count for n, count in counts.items()}
        texts.append(Paragraph(said("left_out", **facts), Tone.NOTE))
    return tuple(texts)


def proof(gap: object) -> str:
    """Return how far the choice may be from the best, as proven."""
    known = as_float(gap)
    return said("proof_exact") if known == 0 else said("proof", gap=share(known))


def site_cell(site_id: str, count: object) -> Cell:
    """Return a site by its first parcel, and how many parcels it is made of."""
    first = place_code(site_id.split(FIRST_PARCEL, maxsplit=1)[0])
    return Cell(first, said("parcels", count=count) if FIRST_PARCEL in site_id else "")


def _portfolio(
    subject: Subject, here: gpd.GeoDataFrame, made: DriverProjects
) -> tuple[Content, ...]:
    if here.empty:
        is_elsewhere = len(made.projects) > 0 and not subject.is_city
        return (Paragraph(said("none_here"), Tone.NOTICE),) if is_elsewhere else ()
    shown = here.head(MOST_ROWS)
    columns = (
        TableColumn(said("column.number"), 0.7),
        TableColumn(said("column.service"), 1.3, is_text=True),
        TableColumn(said("column.site"), 1.9, is_text=True),
        TableColumn(said("column.neighbourhood"), 1.3, is_text=True),
        *(TableColumn(said(f"column.{n}")) for n in ("land_m2", "capacity", "people_served")),
        *(TableColumn(said(f"column.{n}")) for n in COSTS),
    )
    found = {n: subject.finding(f"projects.{n}", scope="city") for n in ("people_served", *COSTS)}
    total = (
        Cell(said("total")),
        *(Cell("") for _ in range(5)),
        Cell(figure(found["people_served"].value, "persons")),
        *(Cell(milliards(found[n].value)) for n in COSTS),
    )
    table = Table(
        said("portfolio.title"),
        columns,
        tuple(_project_row(row, subject) for row in _rows(shown)),
        total=total if subject.is_city else (),
        note=said("portfolio.note"),
    )
    left = []
    if len(here) > len(shown):
        left.append(Paragraph(said("rows_left", shown=len(shown), file=WORKBOOK), Tone.NOTE))
    if len(here) > EXPLAINED:
        left.append(Paragraph(said("pages_left", shown=EXPLAINED, file=WORKBOOK), Tone.NOTICE))
    return (table, *left)


def _rows(frame: gpd.GeoDataFrame) -> Sequence[Row]:
    return frame.drop(columns="geometry").to_dict("records")


def _project_row(row: Row, subject: Subject) -> tuple[Cell, ...]:
    return (
        Cell(figure(row["rank"])),
        Cell(label("service", row["service"])),
        site_cell(str(row["site_id"]), row["parcels_count"]),
        Cell(subject.name_of(row["neighbourhood_id"])),
        Cell(figure(row["land_m2"], "m2")),
        Cell(figure(row["capacity"], "persons")),
        Cell(figure(row["people_served"], "persons")),
        *(Cell(milliards(row[name])) for name in COSTS),
    )


def _alternatives(subject: Subject, made: DriverProjects) -> tuple[Content, ...]:
    here = subject.inside(made.alternatives)
    here = here[here["gain"] >= LEAST_PERSONS]
    if here.empty:
        return ()
    columns = (
        TableColumn(said("column.service"), 1.3, is_text=True),
        TableColumn(said("column.site"), 1.9, is_text=True),
        TableColumn(said("column.neighbourhood"), 1.3, is_text=True),
        TableColumn(said("column.land_m2")),
        TableColumn(said("column.gain")),
        TableColumn(said("column.municipal_rial")),
        TableColumn(said("column.obstacle"), 2.2, is_text=True),
    )
    cells = tuple(
        (
            Cell(label("service", row["service"])),
            site_cell(str(row["site_id"]), row["parcels_count"]),
            Cell(subject.name_of(row["neighbourhood_id"])),
            Cell(figure(row["land_m2"], "m2")),
            Cell(figure(row["gain"], "persons")),
            Cell(milliards(row["municipal_rial"])),
            Cell(said(f"obstacle.{row['obstacle']}")),
        )
        for row in _rows(here)
    )
    table = Table(said("alternatives.title"), columns, cells, note=said("alternatives.note"))
    return (Heading(said("alternatives.heading")), table)


def _unserved(subject: Subject, made: DriverProjects) -> tuple[Content, ...]:
    """Return who is unserved before and after, those who gain most first."""
    here = subject.inside(made.neighbourhoods)
    if here.empty:
        return ()
    order = ["people_served", "people_unserved", "neighbourhood_id", "service"]
    shown = here.sort_values(order, ascending=[False, False, True, True]).head(MOST_ROWS)
    columns = (
        TableColumn(said("column.neighbourhood"), 1.6, is_text=True),
        TableColumn(said("column.service"), 1.6, is_text=True),
        TableColumn(said("column.people_unserved")),
        TableColumn(said("column.people_by_projects")),
        TableColumn(said("column.people_left")),
    )
    cells = tuple(
        (
            Cell(subject.name_of(row["neighbourhood_id"])),
            Cell(label("service", row["service"])),
            *(
                Cell(figure(row[name], "persons"))
                for name in ("people_unserved", "people_served", "people_left")
            ),
        )
        for row in shown.to_dict("records")
    )
    table = Table(said("unserved.title"), columns, cells)
    more = (
        (Paragraph(said("rows_left", shown=len(shown), file=WORKBOOK), Tone.NOTE),)
        if len(here) > len(shown)
        else ()
    )
    return (Heading(said("unserved.heading")), table, *more)
