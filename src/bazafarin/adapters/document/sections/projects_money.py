"""What each budget of the curve buys, as a chart, a table and sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import (
    Cell,
    Heading,
    LegendEntry,
    Paragraph,
    Picture,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.drawings import CHART_MM
from bazafarin.adapters.document.figures import (
    RIAL_A_MILLIARD,
    as_float,
    chapter_words,
    figure,
    is_unknown,
    milliards,
    share,
)
from bazafarin.adapters.drawing.budget_chart import BUDGET_LOOKS, BudgetPoint, draw_budget_chart
from bazafarin.adapters.persian_text import number

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.studies.driver_projects import DriverProjects

said = partial(chapter_words, "projects")

LEAST_POINTS = 2
"""A curve of fewer points shows nothing."""


def budgets(subject: Subject, made: DriverProjects, drawings: Drawings) -> tuple[Content, ...]:
    """Return the budget curve; nothing where it has one point, or nobody can be served."""
    curve = made.curve
    if len(curve) < LEAST_POINTS or not curve["people_served"].gt(0).any():
        return ()
    budget = subject.finding("projects.budget_rial", scope="city").value
    return (
        Heading(said("curve.heading")),
        *(Paragraph(text) for text in _sentences(made, as_float(budget))),
        _chart(made, as_float(budget), drawings),
        _table(made, as_float(budget)),
        Paragraph(said("curve.note"), Tone.NOTE),
    )


def people_of_a_milliard(rial_a_person: object) -> str:
    """Return how many people by priority each milliard of rials more serves; «–» for none."""
    if is_unknown(rial_a_person):
        return "–"
    return number(RIAL_A_MILLIARD / as_float(rial_a_person), decimals=1)


def _sentences(made: DriverProjects, budget: float) -> list[str]:
    """Return what the next budgets above and below the scenario's would do."""
    rows = made.curve[made.curve["is_feasible"]]
    below, above = rows[rows["budget_rial"] < budget], rows[rows["budget_rial"] > budget]
    sentences = []
    if len(above):
        row = above.iloc[0]
        low, high = milliards(budget), milliards(row["budget_rial"])
        if is_unknown(row["rial_a_person"]):
            sentences.append(said("curve.no_more", low=low, high=high))
        else:
            people = people_of_a_milliard(row["rial_a_person"])
            sentences.append(said("curve.more", low=low, high=high, people=people))
    if len(below) and below.iloc[-1]["budget_rial"] > 0:
        row = below.iloc[-1]
        facts = {"low": milliards(row["budget_rial"]), "people": float(row["people_served"])}
        sentences.append(said("curve.less", **facts))
    return sentences


def _chart(made: DriverProjects, budget: float, drawings: Drawings) -> Picture:
    rows = made.curve[made.curve["is_feasible"]]
    points = [
        BudgetPoint(
            float(row["budget_rial"]),
            float(row["people_served"]),
            milliards(row["budget_rial"]),
            figure(row["people_served"], "persons"),
            is_here=row["budget_rial"] == budget,
        )
        for row in rows.to_dict("records")
    ]
    path = drawings.folder / "budgets.svg"
    height_mm = draw_budget_chart(path, points, width_mm=CHART_MM)
    return Picture(
        title=said("curve.chart"),
        file=path.name,
        width_mm=CHART_MM,
        height_mm=height_mm,
        legend=tuple(
            LegendEntry(said(f"curve.{name}"), look) for name, look in BUDGET_LOOKS.items()
        ),
        remarks=(said("curve.unit"), *drawings.remarks()),
    )


def _table(made: DriverProjects, budget: float) -> Table:
    rows = made.curve.to_dict("records")
    columns = tuple(
        TableColumn(said(f"column.{name}"), 1.6 if name == "per_milliard" else 1.0)
        for name in (
            "budget_rial",
            "projects",
            "people_served",
            "spent_rial",
            "per_milliard",
            "gap",
        )
    )
    here = tuple(at for at, row in enumerate(rows) if row["budget_rial"] == budget)
    return Table(
        said("curve.title"),
        columns,
        tuple(_row(row) for row in rows),
        marked=here,
        note=said("curve.table_note"),
    )


def _row(row: Row) -> tuple[Cell, ...]:
    if not row["is_feasible"]:
        empty = tuple(Cell("–") for _ in range(4))
        return (Cell(milliards(row["budget_rial"])), Cell(said("curve.infeasible")), *empty)
    return (
        Cell(milliards(row["budget_rial"])),
        Cell(figure(row["projects"])),
        Cell(figure(row["people_served"], "persons")),
        Cell(milliards(row["spent_rial"])),
        Cell(people_of_a_milliard(row["rial_a_person"])),
        Cell(share(row["gap"])),
    )
