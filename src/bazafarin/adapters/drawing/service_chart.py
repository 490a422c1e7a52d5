"""The land of each service: what exists, and what is short of the standard's range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.canvas import canvas, save
from bazafarin.adapters.drawing.look import Look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

BAR_MM = 6.8
"""Height of one service's row."""
EDGE_MM = 2.0
"""White above and below the rows."""
BAR_SHARE = 0.56
"""Thickness of a bar against its row."""
ROOM_SHARE = 1.45
"""Length of the axis against the longest bar, so that its figure has room."""
SERVICE_LOOKS = {
    "existing": Look(fill=brand().colour["turquoise"], edge=brand().colour["white"]),
    "deficit_min": Look(fill=brand().colour["brick"], edge=brand().colour["white"]),
    "deficit_max": Look(fill=brand().ramp["instability"][1], edge=brand().colour["brick"]),
}
"""How the three parts of a bar look, in the order they stand."""


@dataclass(frozen=True, slots=True)
class ServiceBar:
    """One service in m² of land: what exists and what is short of the range's two ends.

    NaN is unknown. ``figure`` is what is written at the bar's end.
    """

    name: str
    existing_m2: float
    deficit_min_m2: float
    deficit_max_m2: float
    figure: str


def draw_service_chart(path: Path, bars: Sequence[ServiceBar], *, width_mm: float) -> float:
    """Draw the chart into ``path`` (SVG), the first bar on top, and return its height in mm.

    Each bar runs from right to left, as its reader does: what exists, then what is short of
    the standard's least, then of its most. What is unknown has no bar, only its word.
    """
    height_mm = BAR_MM * len(bars) + 2 * EDGE_MM
    with canvas(width_mm, height_mm) as figure:
        edge = EDGE_MM / height_mm
        axes = figure.add_axes((0.01, edge, 0.78, 1.0 - 2 * edge))
        _draw_bars(axes, bars)
        _dress(axes, bars)
        save(figure, path)
    return height_mm


def _draw_bars(axes: Axes, bars: Sequence[ServiceBar]) -> None:
    rows = np.arange(len(bars))
    existing = np.nan_to_num([bar.existing_m2 for bar in bars])
    to_least = np.nan_to_num([bar.deficit_min_m2 for bar in bars])
    to_most = np.fmax(np.nan_to_num([bar.deficit_max_m2 for bar in bars]), to_least)
    for name, left, length in (
        ("existing", np.zeros(len(bars)), existing),
        ("deficit_min", existing, to_least),
        ("deficit_max", existing + to_least, to_most - to_least),
    ):
        look = SERVICE_LOOKS[name]
        axes.barh(rows, length, BAR_SHARE, left=left, color=look.fill, ec=look.edge, lw=0.3)
    ends = existing + to_most
    axes.set_xlim(ROOM_SHARE * max(float(ends.max(initial=0.0)), 1.0), 0.0)
    _write_figures(axes, bars, ends)


def _write_figures(
    axes: Axes, bars: Sequence[ServiceBar], ends: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    # A loop: each text is an object of its own, and there are a dozen services.
    for row, (bar, end) in enumerate(zip(bars, ends, strict=True)):
        axes.annotate(
            bar.figure,
            (float(end), row),
            xytext=(-4, 0),
            textcoords="offset points",
            size=7.5,
            color=brand().colour["ink"],
            ha="right",
            va="center",
        )


def _dress(axes: Axes, bars: Sequence[ServiceBar]) -> None:
    colour = brand().colour
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.yaxis.tick_right()
    names = [bar.name for bar in bars]
    axes.set_yticks(range(len(bars)), names, size=8.5, color=colour["ink"], va="center")
    axes.tick_params(length=0, labelcolor=colour["ink"])
    axes.set_xticks([])
    for side, spine in axes.spines.items():
        spine.set_visible(side == "right")
        spine.set_color(colour["slate"])
