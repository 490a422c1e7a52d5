"""The services of the place: what exists, what is short of the standard's range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bazafarin.adapters.document.content import Cell, Paragraph, Section, Table, TableColumn, Tone
from bazafarin.adapters.document.figures import (
    covered_cell,
    figure,
    finding_text,
    is_unknown,
    label,
    unverified_mark,
    with_unit,
    words,
)
from bazafarin.adapters.drawing.service_chart import ServiceBar

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject

SHORTEST = 3
"""How many services of the greatest shortage a card and the summary name."""
FIGURES = ("existing_m2", "deficit_min_m2", "deficit_max_m2")


def services(subject: Subject, drawings: Drawings) -> Section:
    """Return the section of population and services."""
    population = subject.finding("identity.population")
    texts: list[Content] = [
        Paragraph(words("services.population", persons=finding_text(population)))
        if population.value is not None
        else Paragraph(words("services.population_unknown"), Tone.NOTICE)
    ]
    if subject.services.empty:
        texts.append(Paragraph(words("services.none"), Tone.NOTICE))
        return Section(words("section.services"), tuple(texts))
    if any(_mark(subject, service) for service in subject.services["service"].unique()):
        texts.append(Paragraph(words("services.unverified"), Tone.NOTICE))
    table = _city_figures(subject) if subject.is_city else subject.services
    rows = _city_table(subject, table) if subject.is_city else _neighbourhood_table(subject)
    bars = [_bar(row) for row in table.to_dict("records")]
    chart = drawings.service_chart(words("chart.title", place=subject.place), bars)
    return Section(
        words("section.services"),
        (*texts, rows, Paragraph(words("services.note"), Tone.NOTE), chart),
        on_new_page=True,
    )


def _mark(subject: Subject, service: str) -> str:
    return unverified_mark(subject.plan.citations.get(f"per_capita.{service}"))


def shortage(subject: Subject) -> str:
    """Return which services are shortest of the standard's least, in one sentence."""
    if subject.services.empty:
        return words("services.shortage_unknown")
    rows = _city_figures(subject) if subject.is_city else subject.services
    short = rows[rows["deficit_min_m2"] > 0]
    if short.empty:
        is_unknown_somewhere = rows["deficit_min_m2"].isna().any()
        return words(
            "services.shortage_unknown" if is_unknown_somewhere else "services.no_shortage"
        )
    worst = short.nlargest(SHORTEST, "deficit_min_m2")
    listed = "؛ ".join(
        f"{label('service', service)} {with_unit(area, 'm2')}"
        for service, area in zip(worst["service"], worst["deficit_min_m2"], strict=True)
    )
    return words("services.shortage", services=listed)


def _city_figures(subject: Subject) -> pd.DataFrame:
    """Return the city's total of each service, as the findings have it."""
    names = sorted(subject.services["service"].unique())
    return pd.DataFrame(
        [
            {
                "service": name,
                **{
                    column: subject.finding(f"services.{name}.{column}").value for column in FIGURES
                },
            }
            for name in names
        ]
    ).astype(dict.fromkeys(FIGURES, float))


def _city_table(subject: Subject, totals: pd.DataFrame) -> Table:
    ranges = subject.services.groupby("service")[["standard_min_m2", "standard_max_m2"]].first()
    rows = []
    for row in totals.to_dict("records"):
        name = str(row["service"])
        found = [subject.finding(f"services.{name}.{column}") for column in FIGURES]
        rows.append(
            (
                Cell(label("service", name)),
                Cell(_range(*ranges.loc[name]), _mark(subject, name), is_beside=True),
                *(covered_cell(figure(f.value, "m2"), f.value, f.coverage) for f in found),
            )
        )
    columns = (
        TableColumn(words("column.service"), 1.8, is_text=True),
        TableColumn(words("column.standard"), 1.4),
        *(TableColumn(words(f"column.{name}"), 1.1) for name in FIGURES),
    )
    return Table(words("services.city_title"), columns, tuple(rows))


def _neighbourhood_table(subject: Subject) -> Table:
    rows = tuple(
        (
            Cell(label("service", row["service"]), _source_note(row)),
            Cell(figure(row["existing_m2"], "m2")),
            Cell(figure(row["per_capita_m2"], "per_capita")),
            Cell(
                _range(row["standard_min_m2"], row["standard_max_m2"]),
                _mark(subject, str(row["service"])),
                is_beside=True,
            ),
            Cell(figure(row["deficit_min_m2"], "m2")),
            Cell(figure(row["deficit_max_m2"], "m2")),
        )
        for row in subject.services.to_dict("records")
    )
    columns = (
        TableColumn(words("column.service"), 1.8, is_text=True),
        TableColumn(words("column.existing_m2")),
        TableColumn(words("column.per_capita")),
        TableColumn(words("column.standard"), 1.4),
        TableColumn(words("column.deficit_min_m2")),
        TableColumn(words("column.deficit_max_m2")),
    )
    return Table(words("services.title", place=subject.place), columns, rows)


def _source_note(row: Row) -> str:
    return words(f"existing_source.{row['existing_source']}")


def _range(low: object, high: object) -> str:
    """Return «۳ تا ۵», or one figure where both ends agree."""
    if is_unknown(low) or low == high:
        return figure(low, "range_end")
    return words("range", low=figure(low, "range_end"), high=figure(high, "range_end"))


def _bar(row: Row) -> ServiceBar:
    least, most = row["deficit_min_m2"], row["deficit_max_m2"]
    if is_unknown(least):
        text = words("chart.deficit_unknown")
    elif not most:
        text = words("chart.no_deficit")
    else:
        text = words("chart.deficit", low=figure(least, "m2"), high=figure(most, "m2"))
    return ServiceBar(label("service", row["service"]), row["existing_m2"], least, most, text)
