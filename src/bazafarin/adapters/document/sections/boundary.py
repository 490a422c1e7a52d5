"""The proposed boundary, its revision against the approved one, and how firm it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import (
    Cell,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import (
    figure,
    finding_text,
    label,
    place_code,
    share,
    share_cell,
    words,
)
from bazafarin.adapters.document.sections.block_table import WORKBOOK
from bazafarin.adapters.drawing.plan_maps import boundary_map, revision_map
from bazafarin.adapters.persian_text import isolate, jalali
from bazafarin.domain.codes import BoundaryChange

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.adapters.document.content import Content, Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject

MOST_MM = 114.0
"""Beside the figures of the city's boundary, on one page."""
MOST_ROWS = 60
"""Two pages of changes; the workbook has them all. Those that come in or go out come first."""
CITY_FIGURES = (
    "boundary.approved_area_m2",
    "boundary.proposed_area_m2",
    "boundary.parts",
    *(f"boundary.{change}_{what}" for change in BoundaryChange for what in ("blocks", "area_m2")),
)
_ORDER = {str(change): at for at, change in enumerate(BoundaryChange)}


def boundary(subject: Subject, drawings: Drawings) -> Section:
    """Return the section of the boundary."""
    return Section(
        words("section.boundary"),
        (
            *_introduction(subject),
            _boundary_map(subject, drawings),
            *_revision(subject, drawings),
            *_sensitivity(subject),
        ),
        on_new_page=True,
    )


def _introduction(subject: Subject) -> tuple[Content, ...]:
    plan = subject.plan
    texts: list[Content] = []
    if plan.proposed_boundary.empty:
        texts.append(Paragraph(words("boundary.nothing_proposed"), Tone.NOTICE))
    if plan.city.approved_boundary is None:
        texts.append(Paragraph(words("boundary.none_approved"), Tone.NOTICE))
    else:
        texts.append(Paragraph(_approval(plan.city.approved_boundary)))
    if subject.is_city:
        figures = [subject.finding(name) for name in CITY_FIGURES if subject.has(name)]
        rows = tuple(Fact(words(f"finding.{f.id}"), finding_text(f)) for f in figures)
        texts.append(Facts(words("boundary.facts_title"), rows))
    if subject.is_city and subject.changes is not None:
        texts.append(Paragraph(words("boundary.blocks_and_boundary"), Tone.NOTE))
    return tuple(texts)


def _approval(approved: gpd.GeoDataFrame) -> str:
    newest = approved["approved_on"].max()
    resolutions = approved["resolution"].dropna().astype(str).unique()
    listed = "؛ ".join(map(isolate, resolutions)) or label("resolution", None)
    return words("boundary.approval", day=jalali(newest), resolution=listed)


def _boundary_map(subject: Subject, drawings: Drawings) -> Picture:
    plan_map = boundary_map(
        drawings.ground(most_mm=MOST_MM, codes=True),
        proposed=subject.plan.proposed_boundary,
        approved=subject.plan.city.approved_boundary,
    )
    return drawings.map(words("map.boundary", place=subject.place), plan_map, legend_names())


def legend_names() -> dict[str, str]:
    """Return the words of the legends of the boundary's maps."""
    areas = ("worn_out", "level_2", "level_3", "depends_on_unknown", "plain", "beside")
    lines = ("neighbourhood", "approved", "proposed", *BoundaryChange)
    return {str(name): words(f"legend.{name}") for name in (*areas, *lines)}


def _revision(subject: Subject, drawings: Drawings) -> tuple[Content, ...]:
    changes = subject.changes
    if changes is None:
        return ()
    if changes.empty:
        return (Paragraph(words("boundary.no_change"), Tone.NOTICE),)
    plan_map = revision_map(
        drawings.ground(most_mm=MOST_MM),
        changes,
        proposed=subject.plan.proposed_boundary,
        approved=subject.plan.city.approved_boundary,
    )
    return (
        Heading(words("boundary.revision")),
        drawings.map(words("map.revision", place=subject.place), plan_map, legend_names()),
        *_changes_table(changes),
    )


def _changes_table(changes: gpd.GeoDataFrame) -> tuple[Content, ...]:
    ordered = changes.assign(order=changes["change"].map(_ORDER)).sort_values(["order", "block_id"])
    shown = ordered.head(MOST_ROWS)
    left = len(ordered) - len(shown)
    columns = (
        TableColumn(words("column.block"), 1.2),
        TableColumn(words("column.change")),
        TableColumn(words("column.reason"), 3.2, is_text=True),
        TableColumn(words("column.area_m2")),
        TableColumn(words("column.renovated_share"), 1.4),
    )
    rows = tuple(_change_row(row) for row in shown.drop(columns="geometry").to_dict("records"))
    table = Table(words("boundary.changes_title"), columns, rows)
    more = words("boundary.left_out", shown=len(shown), left=left, file=WORKBOOK)
    return (table, Paragraph(more, Tone.NOTE)) if left else (table,)


def _change_row(row: Row) -> tuple[Cell, ...]:
    return (
        Cell(place_code(row["block_id"])),
        Cell(label("boundary_change", row["change"])),
        Cell(words(f"reason.{row['reason']}")),
        Cell(figure(row["area_m2"], "m2")),
        share_cell(row["renovated_share"], row["renovated_share_coverage"]),
    )


def _sensitivity(subject: Subject) -> tuple[Content, ...]:
    """Return the sensitivity table; it is known for the delivery as a whole only."""
    sensitivity = subject.plan.sensitivity
    if not subject.is_city or sensitivity.empty:
        return ()
    columns = (
        TableColumn(words("column.index"), 1.6, is_text=True),
        *(
            TableColumn(words(f"column.{name}"), 1.7 if name == "step" else 1.0)
            for name in ("now", "step", "blocks_in", "hectares_in", "blocks_out", "hectares_out")
        ),
    )
    rows = tuple(_sensitivity_row(row) for row in sensitivity.to_dict("records"))
    return (
        Heading(words("boundary.sensitivity")),
        Paragraph(words("boundary.sensitivity_note")),
        Table(words("boundary.sensitivity_title"), columns, rows),
    )


def _sensitivity_row(row: Row) -> tuple[Cell, ...]:
    step = float(row["step"])
    side = "up" if step > 0 else "down"
    return (
        Cell(label("index", str(row["rule_id"]).split(".")[0])),
        Cell(share(row["threshold"])),
        Cell(words(f"boundary.step_{side}", step=figure(abs(step), "share_points"))),
        Cell(figure(row["blocks_in"])),
        Cell(figure(row["hectares_in"], "ha")),
        Cell(figure(row["blocks_out"])),
        Cell(figure(row["hectares_out"], "ha")),
    )
