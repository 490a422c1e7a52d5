"""Each neighbourhood at a glance, in the document of the whole delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import (
    Card,
    Cell,
    Fact,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import (
    coverage_note,
    figure,
    finding_text,
    hectares,
    label,
    words,
)
from bazafarin.adapters.document.subject import Subject, neighbourhood_name

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.document.drawings import Drawings

MOST_CARDS = 24
"""Eight pages of cards; further neighbourhoods are in the table above them."""
SHORTEST = 3
"""How many services of the greatest shortage a card names."""
FIGURES = (
    "identity.area_m2",
    "identity.population",
    "identity.blocks",
    "identity.parcels",
    "worn_out_fabric.blocks",
    "worn_out_fabric.area_m2",
    "fabric.fine_grain_share",
    "fabric.instability_share",
    "fabric.impermeability_share",
)
COUNTS = ("parcels_count", "blocks_count", "buildings_count", "worn_out_blocks")
TOTALS = ("identity.parcels", "identity.blocks", "identity.buildings", "worn_out_fabric.blocks")


def neighbourhoods(subject: Subject, drawings: Drawings) -> Section:
    """Return the table of neighbourhoods and a card of each, the most worn-out first."""
    rows = subject.here.sort_values("worn_out_area_m2", ascending=False, na_position="last")
    shown = rows.head(MOST_CARDS)
    left = len(rows) - len(shown)
    more = (
        (words("neighbourhoods.left_out", shown=len(shown), left=left, option="--neighbourhood"),)
        if left
        else ()
    )
    return Section(
        words("section.neighbourhoods"),
        (
            _table(subject, rows),
            *(Paragraph(text, Tone.NOTICE) for text in more),
            Paragraph(words("neighbourhoods.how_to_read"), Tone.NOTE),
            *(_card(subject, row, drawings) for _, row in shown.iterrows()),
        ),
    )


def _table(subject: Subject, rows: pd.DataFrame) -> Table:
    columns = (
        TableColumn(words("column.neighbourhood"), 1.7, is_text=True),
        TableColumn(words("column.target_type"), 1.6, is_text=True),
        TableColumn(words("column.area_ha")),
        TableColumn(words("column.population")),
        *(TableColumn(words(f"column.{name}")) for name in COUNTS),
        TableColumn(words("column.worn_out_ha")),
    )
    area, worn_out = (
        subject.finding(name).value for name in ("identity.area_m2", "worn_out_fabric.area_m2")
    )
    total = (
        Cell(words("neighbourhoods.total")),
        Cell(""),
        Cell(hectares(area)),
        Cell(figure(subject.finding("identity.population").value)),
        *(Cell(figure(subject.finding(name).value)) for name in TOTALS),
        Cell(hectares(worn_out)),
    )
    return Table(
        words("neighbourhoods.title"),
        columns,
        tuple(_row(row) for _, row in rows.iterrows()),
        total,
    )


def _row(row: pd.Series) -> tuple[Cell, ...]:
    return (
        Cell(neighbourhood_name(row)),
        Cell(label("target_type", row["target_type"])),
        Cell(hectares(row["area_m2"])),
        Cell(figure(row["population"])),
        *(Cell(figure(row[name])) for name in COUNTS),
        Cell(hectares(row["worn_out_area_m2"])),
    )


def _card(subject: Subject, row: pd.Series, drawings: Drawings) -> Card:
    part = Subject(subject.plan, str(row["neighbourhood_id"]))
    found = [part.finding(name) for name in FIGURES]
    facts = tuple(
        Fact(words(f"finding.{f.id}"), finding_text(f), coverage_note(f.coverage)) for f in found
    )
    picture = None if part.blocks.empty else drawings.card_map(part)
    return Card(neighbourhood_name(row), facts, _shortage(part), picture)


def _shortage(part: Subject) -> str:
    """Return which services are shortest of the standard's least."""
    short = part.services[part.services["deficit_min_m2"] > 0]
    if short.empty:
        unknown = part.services["deficit_min_m2"].isna().any() or part.services.empty
        return words("neighbourhoods.shortage_unknown" if unknown else "neighbourhoods.no_shortage")
    worst = short.nlargest(SHORTEST, "deficit_min_m2")
    listed = "؛ ".join(
        words("neighbourhoods.short", service=label("service", s), area=figure(area, "m2"))
        for s, area in zip(worst["service"], worst["deficit_min_m2"], strict=True)
    )
    return words("neighbourhoods.shortage", services=listed)
