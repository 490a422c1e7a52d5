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
from bazafarin.adapters.document.sections.services import shortage
from bazafarin.adapters.document.subject import Subject, neighbourhood_name

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.drawings import Drawings

MOST_CARDS = 24
"""Eight pages of cards; further neighbourhoods are in the table above them."""
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
            *_shortages(subject, rows),
            *(Paragraph(text, Tone.NOTICE) for text in more),
            Paragraph(words("neighbourhoods.how_to_read"), Tone.NOTE),
            *(_card(subject, row, drawings) for _, row in shown.iterrows()),
        ),
        on_new_page=True,
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


def _shortages(subject: Subject, rows: pd.DataFrame) -> tuple[Content, ...]:
    """Return what each neighbourhood lacks of each service, against the standard's least."""
    lacking = subject.services.pivot_table(
        "deficit_min_m2", "neighbourhood_id", "service", aggfunc="first"
    ).reindex(rows["neighbourhood_id"])
    if lacking.isna().to_numpy().all():
        return ()
    columns = (
        TableColumn(words("column.neighbourhood"), 1.5, is_text=True),
        *(TableColumn(label("service", service)) for service in lacking),
    )
    cells = tuple(
        (Cell(neighbourhood_name(row)), *(Cell(figure(area, "m2")) for area in areas))
        for (_, row), areas in zip(rows.iterrows(), lacking.to_numpy(), strict=True)
    )
    found = [subject.finding(f"services.{service}.deficit_min_m2") for service in lacking]
    total = (Cell(words("neighbourhoods.total")), *(Cell(figure(f.value, "m2")) for f in found))
    note = words("neighbourhoods.shortages_note")
    return (Table(words("neighbourhoods.shortages_title"), columns, cells, total, note=note),)


def _card(subject: Subject, row: pd.Series, drawings: Drawings) -> Card:
    part = Subject(subject.plan, str(row["neighbourhood_id"]))
    found = [part.finding(name) for name in FIGURES]
    facts = tuple(
        Fact(words(f"finding.{f.id}"), finding_text(f), coverage_note(f.coverage)) for f in found
    )
    picture = None if part.blocks.empty else drawings.card_map(part)
    return Card(neighbourhood_name(row), facts, shortage(part), picture)
