"""A map as a picture: layers, labels, the ground it covers and its scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import PathPatch
from matplotlib.patheffects import withStroke

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.canvas import canvas, save
from bazafarin.adapters.drawing.look import Hatch, Look
from bazafarin.adapters.drawing.outlines import line_paths, polygon_paths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

MARGIN_SHARE = 0.03
"""White ground round a map's content, as a share of its longer side."""
SMALLEST_GROUND_M = 60.0
"""The least ground a map covers, so that a lone parcel is still seen among something."""
DASH = (5.0, 2.5)
"""Dash and gap of a dashed line, in line widths."""
PATTERNS = {
    Hatch.UNKNOWN: ("////", "unknown"),
    Hatch.REMOVED: ("\\\\\\\\", "white"),
    Hatch.OPEN: ("////", "white"),
    Hatch.PLUS: ("++", "slate"),
    Hatch.MINUS: ("--", "slate"),
}
"""The renderer's word for each hatch, and its colour in the brand."""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Geometries of one look; ``name`` is what the legend calls them, empty for what needs no word.

    Layers are drawn in the order given: the first lies lowest. Missing and empty geometries
    are not drawn.
    """

    geometry: npt.NDArray[np.object_]
    look: Look
    name: str = ""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A text on a map, centred at ``x``, ``y``; the earlier of two that collide is kept."""

    x: float
    y: float
    text: str
    size_pt: float = 7.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The ground that a map covers, in metres, and the paper it is drawn on, in millimetres."""

    left_m: float
    bottom_m: float
    right_m: float
    top_m: float
    width_mm: float
    height_mm: float

    @property
    def metres_per_mm(self) -> float:
        """Return how many metres of ground one millimetre of paper shows."""
        return (self.right_m - self.left_m) / self.width_mm


def frame_around(
    bounds: tuple[float, float, float, float], *, width_mm: float, least_mm: float, most_mm: float
) -> Frame:
    """Return a frame of a set width round ``bounds``; its height follows, within two limits."""
    left, bottom, right, top = bounds
    margin = MARGIN_SHARE * max(right - left, top - bottom)
    wide = max(right - left + 2 * margin, SMALLEST_GROUND_M)
    high = max(top - bottom + 2 * margin, SMALLEST_GROUND_M)
    height_mm = min(max(width_mm * high / wide, least_mm), most_mm)
    scale = max(wide / width_mm, high / height_mm)
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    half_x, half_y = scale * width_mm / 2, scale * height_mm / 2
    return Frame(
        middle_x - half_x,
        middle_y - half_y,
        middle_x + half_x,
        middle_y + half_y,
        width_mm,
        height_mm,
    )


def draw_map(
    path: Path, frame: Frame, layers: Sequence[MapLayer], labels: Sequence[MapLabel] = ()
) -> None:
    """Draw a map into ``path`` (PNG)."""
    with canvas(frame.width_mm, frame.height_mm) as figure:
        draw_on(figure.add_axes((0.0, 0.0, 1.0, 1.0)), frame, layers, labels)
        save(figure, path)


def draw_on(
    axes: Axes, frame: Frame, layers: Sequence[MapLayer], labels: Sequence[MapLabel] = ()
) -> None:
    """Draw a map on a part of a picture."""
    axes.set_axis_off()
    axes.set_xlim(frame.left_m, frame.right_m)
    axes.set_ylim(frame.bottom_m, frame.top_m)
    for order, layer in enumerate(layers):
        _add_layer(axes, layer, order)
    _add_labels(axes, labels)


def _add_layer(axes: Axes, layer: MapLayer, order: int) -> None:
    look = layer.look
    pattern, pattern_colour = PATTERNS[look.hatch] if look.hatch else (None, "white")
    for outline in (polygon_paths if look.is_area else line_paths)(layer.geometry):
        patch = PathPatch(
            outline,
            facecolor=look.fill or "none",
            edgecolor=look.edge or "none",
            linewidth=look.edge_pt if look.edge else 0.0,
            linestyle=(0, DASH) if look.dashed else "solid",
            capstyle="butt",
            joinstyle="round",
            hatch=pattern,
            hatchcolor=brand().colour[pattern_colour],
            zorder=order,
        )
        axes.add_artist(patch)


def _add_labels(axes: Axes, labels: Sequence[MapLabel]) -> None:
    """Write the labels; one that would cover an earlier one, or leave the map, is left out."""
    paper = axes.get_window_extent()
    taken: list[Bbox] = []
    # A loop: each label must know where those before it lie, and there are a few dozen.
    for label in labels:
        text = _written(axes, label)
        box = text.get_window_extent()
        inside = paper.x0 <= box.x0 and box.x1 <= paper.x1
        if not inside or any(box.overlaps(other) for other in taken):
            text.remove()
        else:
            taken.append(box)


def _written(axes: Axes, label: MapLabel) -> Text:
    colour = brand().colour
    halo = withStroke(linewidth=1.8, foreground=colour["white"])
    return axes.text(
        label.x,
        label.y,
        label.text,
        size=label.size_pt,
        color=colour["ink"],
        ha="center",
        va="center",
        zorder=1_000,
        path_effects=[halo],
    )
