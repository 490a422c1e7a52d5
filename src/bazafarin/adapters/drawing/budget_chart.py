"""The budget curve: how many people each budget serves, and where the scenario's stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patheffects import withStroke

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.canvas import canvas, save
from bazafarin.adapters.drawing.look import Look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

HEIGHT_MM = 56.0
POINT_PT = 4.5
ROOM_SHARE = 1.18
"""Height of the axis against the highest point, so that its figure has room."""
BUDGET_LOOKS = {
    "points": Look(edge=brand().colour["turquoise"], edge_pt=1.4),
    "here": Look(edge=brand().colour["brick"], edge_pt=1.2, dashed=True),
}


@dataclass(frozen=True, slots=True)
class BudgetPoint:
    """One budget: where it stands on both axes, and what is written there."""

    budget: float
    people: float
    budget_text: str
    people_text: str
    is_here: bool = False


def draw_budget_chart(path: Path, points: Sequence[BudgetPoint], *, width_mm: float) -> float:
    """Draw the chart into ``path`` (SVG), budgets growing to the right; return its height in mm."""
    with canvas(width_mm, HEIGHT_MM) as figure:
        axes = figure.add_axes((0.04, 0.14, 0.92, 0.82))
        _draw(axes, points)
        _dress(axes, points)
        save(figure, path)
    return HEIGHT_MM


def _draw(axes: Axes, points: Sequence[BudgetPoint]) -> None:
    look, here = BUDGET_LOOKS["points"], BUDGET_LOOKS["here"]
    axes.plot(
        [point.budget for point in points],
        [point.people for point in points],
        color=look.edge,
        linewidth=look.edge_pt,
        marker="o",
        markersize=POINT_PT,
        zorder=3,
    )
    # A loop: each text is an object of its own, and there are a dozen points.
    for point in points:
        axes.annotate(
            point.people_text,
            (point.budget, point.people),
            xytext=(0, 6),
            textcoords="offset points",
            size=7.5,
            color=brand().colour["ink"],
            ha="center",
            zorder=4,
            path_effects=[withStroke(linewidth=2.0, foreground=brand().colour["white"])],
        )
        if point.is_here:
            axes.axvline(
                point.budget, color=here.edge, linewidth=here.edge_pt, linestyle=(0, (5, 2.5))
            )


def _dress(axes: Axes, points: Sequence[BudgetPoint]) -> None:
    colour = brand().colour
    most = max((point.people for point in points), default=0.0)
    widest = max((point.budget for point in points), default=0.0)
    axes.set_ylim(0.0, ROOM_SHARE * max(most, 1.0))
    axes.set_xlim(-0.05 * max(widest, 1.0), 1.05 * max(widest, 1.0))
    axes.set_xticks(
        [point.budget for point in points],
        [point.budget_text for point in points],
        size=7.5,
        color=colour["slate"],
    )
    axes.set_yticks([])
    axes.tick_params(length=2.0, color=colour["slate"])
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(colour["slate"])
