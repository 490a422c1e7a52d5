"""Every block of the place, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.document.content import Cell, Paragraph, Section, Table, TableColumn, Tone
from bazafarin.adapters.document.figures import (
    figure,
    finding_text,
    is_unknown,
    label,
    place_code,
    share_cell,
    words,
)
from bazafarin.adapters.document.sections.fabric import INDICES, threshold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from bazafarin.adapters.document.subject import Row, Subject

WORKBOOK = "plan.xlsx"
MOST_ROWS = 136
"""Four pages; the workbook has every block."""


def block_table(subject: Subject) -> Section:
    """Return the section of the block table, cut to its worst rows where it is long."""
    rows = worst_first(subject.blocks).head(MOST_ROWS)
    left_out = len(subject.blocks) - len(rows)
    notes = (
        (words("blocks.left_out", shown=len(rows), left=left_out, file=WORKBOOK),)
        if left_out
        else ()
    )
    thresholds = {index: threshold(subject, index) for index in INDICES}
    table = Table(
        words("blocks.title", place=subject.place),
        _columns(),
        tuple(_row(row, thresholds) for row in rows.to_dict("records")),
        total=_total(subject),
        marked=tuple(int(at) for at in np.flatnonzero(rows["worn_out"].to_numpy(dtype=bool))),
        note=words("blocks.note"),
    )
    return Section(
        words("section.blocks"),
        (*(Paragraph(note, Tone.NOTICE) for note in notes), table),
        on_new_page=True,
    )


def worst_first(blocks: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the blocks with those that meet most indices first, then the least stable."""
    return blocks.drop(columns="geometry").sort_values(
        ["worn_out", "indices_met", "instability_share", "block_id"],
        ascending=[False, False, False, True],
        na_position="last",
    )


def _columns() -> tuple[TableColumn, ...]:
    return (
        TableColumn(words("column.block"), 1.35),
        TableColumn(words("column.parcels"), 0.8),
        TableColumn(words("column.buildings"), 0.95),
        *(TableColumn(label("index", index), 1.5) for index in INDICES),
        TableColumn(words("column.indices_met"), 0.8),
        TableColumn(words("column.level_short"), 0.8),
        TableColumn(words("column.decided"), 1.4),
    )


def _row(row: Row, thresholds: Mapping[str, float]) -> tuple[Cell, ...]:
    return (
        Cell(place_code(row["block_id"])),
        Cell(figure(row["parcels_count"])),
        Cell(figure(row["buildings_count"])),
        *(
            share_cell(
                row[f"{index}_share"], row[f"{index}_share_coverage"], threshold=thresholds[index]
            )
            for index in INDICES
        ),
        Cell(figure(row["indices_met"])),
        Cell("–" if is_unknown(row["level"]) else figure(row["level"])),
        Cell(words(f"decided.{'worn_out' if row['worn_out'] else 'sound'}.{row['decided']}")),
    )


def _total(subject: Subject) -> tuple[Cell, ...]:
    shares = [subject.finding(f"fabric.{index}_share") for index in INDICES]
    worn_out = subject.finding("worn_out_fabric.blocks")
    return (
        Cell(words("blocks.total", blocks=subject.finding("identity.blocks").value)),
        Cell(finding_text(subject.finding("identity.parcels"))),
        Cell(finding_text(subject.finding("identity.buildings"))),
        *(share_cell(found.value, found.coverage) for found in shares),
        Cell(""),
        Cell(""),
        Cell(
            finding_text(worn_out)
            if is_unknown(worn_out.value)
            else words("blocks.worn_out", blocks=worn_out.value)
        ),
    )
