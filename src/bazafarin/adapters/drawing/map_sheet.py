"""A map as a sheet of paper (PDF): title, map, legend, scale bar, north and source, in vectors."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib import rc_context
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.canvas import canvas
from bazafarin.adapters.drawing.map_picture import (
    DASH,
    PATTERNS,
    Frame,
    MapLabel,
    MapLayer,
    draw_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bazafarin.adapters.drawing.look import Look

PAPERS_MM: Final = {"a4": (297.0, 210.0), "a3": (420.0, 297.0)}
"""Width and height of the papers, lying down."""
MARGIN_MM: Final = 10.0
HEAD_MM: Final = 16.0
FOOT_MM: Final = 12.0
SIDE_MM: Final = 62.0
"""The column of the legend."""
_ROW_MM: Final = 6.4
_SWATCH_MM: Final = (8.0, 4.4)
_BAR_MOST_MM: Final = 40.0
_ROUND: Final = (5.0, 2.0, 1.0)


@dataclass(frozen=True)
class MapSheet:
    """What a sheet says beside its map; the map itself is ``layers`` within ``frame``.

    Attributes:
        title: at the head.
        notes: below the title, and at the foot: dates, source, what is synthetic.
        heading: over the legend's rows.
        legend: the look of each class and its words.
        north: the word beside the arrow.
        bar: the length of the scale bar in metres, and its words.
        runs_right_to_left: whether the legend stands at the right edge.
    """

    paper: str
    frame: Frame
    layers: Sequence[MapLayer]
    labels: Sequence[MapLabel]
    title: str
    notes: tuple[str, str]
    heading: str
    legend: Sequence[tuple[Look, str]]
    north: str
    bar: tuple[float, str]
    runs_right_to_left: bool


def map_size_mm(paper: str) -> tuple[float, float]:
    """Return the width and height that the map has on a paper."""
    width, height = PAPERS_MM[paper]
    return width - 2 * MARGIN_MM - SIDE_MM, height - 2 * MARGIN_MM - HEAD_MM - FOOT_MM


def frame_of_view(corners: tuple[float, float, float, float], paper: str) -> Frame:
    """Return the ground that holds ``corners`` (metres) and fills the map's place on ``paper``."""
    west, south, east, north = corners
    width, height = map_size_mm(paper)
    scale = max((east - west) / width, (north - south) / height)
    half_x, half_y = scale * width / 2, scale * height / 2
    x, y = (west + east) / 2, (south + north) / 2
    return Frame(x - half_x, y - half_y, x + half_x, y + half_y, width, height)


def bar_length_m(metres_per_mm: float) -> float:
    """Return the longest round length (1, 2 or 5 and zeros) that a scale bar holds.

    >>> bar_length_m(4.0)
    100.0
    """
    most = _BAR_MOST_MM * metres_per_mm
    power = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 0.1
    return next(step * power for step in _ROUND if step * power <= most)


def draw_map_sheet(sheet: MapSheet) -> bytes:
    """Return the sheet as a PDF, the same bytes for the same sheet."""
    width, height = PAPERS_MM[sheet.paper]
    written = io.BytesIO()
    # figures and names as outlines of letters are no text to be found again; so they are text
    with rc_context({"pdf.fonttype": 42}), canvas(width, height) as figure:
        page = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        page.set_axis_off()
        page.set_xlim(0, width)
        page.set_ylim(0, height)
        map_mm = map_size_mm(sheet.paper)
        left = MARGIN_MM + (0 if sheet.runs_right_to_left else SIDE_MM)
        bottom = MARGIN_MM + FOOT_MM
        ground = figure.add_axes(
            (left / width, bottom / height, map_mm[0] / width, map_mm[1] / height)
        )
        draw_on(ground, sheet.frame, sheet.layers, sheet.labels)
        page.add_patch(Rectangle((left, bottom), *map_mm, fill=False, ec=_ink("slate"), lw=0.6))
        _write_head(page, sheet)
        _draw_legend(page, sheet)
        _draw_foot(page, sheet, left)
        figure.savefig(written, format="pdf", metadata={"CreationDate": None, "Producer": None})
    return written.getvalue()


def _ink(name: str) -> str:
    return brand().colour[name]


def _write_head(page: Axes, sheet: MapSheet) -> None:
    width, height = PAPERS_MM[sheet.paper]
    x, side = _start(sheet, width)
    top = height - MARGIN_MM
    page.text(
        x, top - 1, sheet.title, size=15, weight="bold", color=_ink("lapis"), ha=side, va="top"
    )
    page.text(x, top - 9.5, sheet.notes[0], size=8.5, color=_ink("slate"), ha=side, va="top")


def _start(sheet: MapSheet, width: float) -> tuple[float, str]:
    """Return where a line of text begins, and to which side it is set."""
    return (width - MARGIN_MM, "right") if sheet.runs_right_to_left else (MARGIN_MM, "left")


def _draw_legend(page: Axes, sheet: MapSheet) -> None:
    width, height = PAPERS_MM[sheet.paper]
    x, side = _start(sheet, width)
    y = height - MARGIN_MM - HEAD_MM - 2
    page.text(x, y, sheet.heading, size=9.5, weight="bold", color=_ink("ink"), ha=side, va="top")
    towards = -1 if sheet.runs_right_to_left else 1
    # A loop: a legend has a dozen rows.
    for nth, (look, words) in enumerate(sheet.legend, start=1):
        at = y - 4 - nth * _ROW_MM
        corner = x if towards > 0 else x - _SWATCH_MM[0]
        _draw_swatch(page, look, corner, at)
        page.text(
            x + towards * (_SWATCH_MM[0] + 2.5), at + _SWATCH_MM[1] / 2, words,
            size=7.5, color=_ink("ink"), ha=side, va="center",
        )  # fmt: skip


def _draw_swatch(page: Axes, look: Look, x: float, y: float) -> None:
    wide, high = _SWATCH_MM
    if not look.is_area:
        line = Path([(x, y + high / 2), (x + wide, y + high / 2)])
        page.add_patch(
            PathPatch(
                line, ec=look.edge or "none", lw=max(look.edge_pt, 0.8), fc="none",
                ls=(0, DASH) if look.dashed else "solid",
            )
        )  # fmt: skip
        return
    pattern, colour = PATTERNS[look.hatch] if look.hatch else (None, "white")
    page.add_patch(
        Rectangle(
            (x, y), wide, high, fc=look.fill or "none", ec=_ink("slate"), lw=0.4,
            hatch=pattern, hatchcolor=_ink(colour),
        )
    )  # fmt: skip


def _draw_foot(page: Axes, sheet: MapSheet, left: float) -> None:
    width, _ = PAPERS_MM[sheet.paper]
    length, words = sheet.bar
    long_mm = length / sheet.frame.metres_per_mm
    y = MARGIN_MM + 3.5
    for part in (0, 1):
        page.add_patch(
            Rectangle(
                (left + 10 + part * long_mm / 2, y), long_mm / 2, 1.4, ec=_ink("ink"), lw=0.5,
                fc=_ink("white" if part else "ink"),
            )
        )  # fmt: skip
    page.text(left + 10 + long_mm + 2, y + 0.7, words, size=8, color=_ink("ink"), va="center")
    arrow = [(left + 3, y + 5.5), (left + 5, y - 2.5), (left + 3, y - 0.7), (left + 1, y - 2.5)]
    page.add_patch(Polygon(arrow, fc=_ink("lapis"), ec="none"))
    page.text(left + 3, y - 5.6, sheet.north, size=6.5, color=_ink("ink"), ha="center")
    right_edge = left + map_size_mm(sheet.paper)[0]
    page.text(
        min(right_edge, width - MARGIN_MM), y + 0.7, sheet.notes[1],
        size=8, color=_ink("slate"), ha="right", va="center",
    )  # fmt: skip
