"""The state of the fabric: the three indices, as figures and as maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Cell, Paragraph, Section, Table, TableColumn, Tone
from bazafarin.adapters.document.figures import (
    as_float,
    finding_text,
    label,
    share,
    unverified_mark,
    words,
)
from bazafarin.adapters.drawing.plan_maps import index_map
from bazafarin.adapters.drawing.share_classes import class_bounds
from bazafarin.domain.errors import RenderingError

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Subject

INDICES = ("fine_grain", "instability", "impermeability")
LEVELS = (1, 2, 3)
MOST_MM = 96.0
"""Two such maps stand on one page."""


def fabric(subject: Subject, drawings: Drawings) -> Section:
    """Return the section of the three indices."""
    return Section(
        words("section.fabric"),
        (
            Paragraph(words("fabric.rule")),
            _shares(subject),
            _levels(subject),
            Paragraph(words("fabric.levels_note"), Tone.NOTE),
            Paragraph(words("fabric.how_to_read"), Tone.NOTE),
            *(_map(subject, drawings, index) for index in INDICES),
        ),
        on_new_page=True,
    )


def threshold(subject: Subject, index: str) -> float:
    """Return the share (0–1) that a block must exceed in an index, from the plan's citations."""
    rule = f"{index}.share_above"
    citation = subject.plan.citations.get(rule)
    if citation is None:
        raise RenderingError("document.rule_missing", rule=rule)
    return as_float(citation.value)


def _mark(subject: Subject, index: str) -> str:
    return unverified_mark(subject.plan.citations[f"{index}.share_above"])


def _shares(subject: Subject) -> Table:
    rows = []
    for index in INDICES:
        finding = subject.finding(f"fabric.{index}_share")
        rows.append(
            (
                Cell(label("index", index)),
                Cell(words(f"fabric.test.{index}")),
                Cell(finding_text(finding)),
                Cell(share(finding.coverage)),
                Cell(words("fabric.above", share=threshold(subject, index)), _mark(subject, index)),
            )
        )
    columns = (
        TableColumn(words("column.index"), 1.1, is_text=True),
        TableColumn(words("column.test"), 2.6, is_text=True),
        TableColumn(words("column.share_here")),
        TableColumn(words("column.coverage")),
        TableColumn(words("column.threshold")),
    )
    return Table(words("fabric.shares_title"), columns, tuple(rows))


def _levels(subject: Subject) -> Table:
    open_blocks = subject.finding("worn_out_fabric.blocks_depending_on_unknown")
    rows = [
        (Cell(label("level", level)), Cell(finding_text(subject.finding(f"level.{level}.blocks"))))
        for level in LEVELS
    ]
    rows.append((Cell(words("fabric.open_blocks")), Cell(finding_text(open_blocks))))
    columns = (
        TableColumn(words("column.level"), 3.0, is_text=True),
        TableColumn(words("column.blocks")),
    )
    return Table(words("fabric.levels_title"), columns, tuple(rows))


def _map(subject: Subject, drawings: Drawings, index: str) -> Picture:
    bounds = class_bounds(threshold(subject, index))
    plan_map = index_map(
        drawings.ground(most_mm=MOST_MM),
        subject.blocks[f"{index}_share"],
        ramp=index,
        bounds=bounds,
    )
    names = {
        f"class_{step}": words("legend.class", low=bounds[step], high=bounds[step + 1])
        for step in range(len(bounds) - 1)
    }
    names |= {
        "unknown": words("legend.unknown"),
        "neighbourhood": words("legend.neighbourhood"),
        "beside": words("legend.beside"),
    }
    return drawings.map(words(f"map.{index}", place=subject.place), plan_map, names)
