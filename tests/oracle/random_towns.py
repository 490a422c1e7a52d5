"""Random towns: a grid of blocks of two rows of parcels, streets of all widths, dead ends.

The sizes are drawn with decimals, so that no ray falls exactly on a wall; the figures that
stand at a threshold (200 m² of land, 6 m of width) are drawn exactly, and often.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely import LineString, Point, box

import hand_drawn

if TYPE_CHECKING:
    from bazafarin.domain.city import City

STREET_WIDTHS = (2.4, 4.0, 5.9, 6.0, 6.1, 8.0, 12.0)
LANE_WIDTHS = (2.0, 3.0, 5.0)
STRUCTURES = ("adobe", "brick_wood", "masonry_untied", "steel_frame", "masonry_tied", "other")
USES = ("residential", "commercial", "vacant", "green", "education", "health", "ruined")
QUALITIES = ("new", "maintainable", "to_demolish", "ruin")
LEAST_SIDE_M = 14.0


@dataclass(frozen=True)
class TownOptions:
    """What a random town has; each is left out or drawn in turn."""

    columns: int = 2
    rows: int = 2
    unknown_share: float = 0.2
    with_passages: bool = True
    all_streets: bool = True
    whole_lines: bool = True
    with_block_ids: bool = True
    with_blocks: bool = False
    with_carriageways: bool = False
    with_neighbourhoods: bool = True
    with_facilities: bool = True
    with_approved: bool = True


@dataclass
class _Drawing:
    rng: np.random.Generator
    options: TownOptions
    parcels: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    lanes: list[dict[str, Any]] = field(default_factory=list)

    def maybe(self, value: Any) -> Any:
        """Return the value, or None (unknown) with the town's share of unknowns."""
        return None if self.rng.random() < self.options.unknown_share else value

    def one_of(self, values: tuple[Any, ...]) -> Any:
        return values[int(self.rng.integers(len(values)))]


def random_town(seed: int, options: TownOptions | None = None) -> City:
    """Return the town of a seed, as reading would give it."""
    options = options or TownOptions()
    draw = _Drawing(np.random.default_rng(seed), options)
    x_streets, x_blocks = _along(draw, options.columns)
    y_streets, y_blocks = _along(draw, options.rows)
    street_of_row = dict(zip([b[0] for b in y_blocks], y_streets, strict=False))
    for column, (left, right) in enumerate(x_blocks):
        for row, (bottom, top) in enumerate(y_blocks):
            middle, _ = street_of_row[bottom]
            _block(draw, f"b{column}-{row}", (left, bottom, right, top), street_m=middle)
    width_m, height_m = x_streets[-1][0], y_streets[-1][0]
    layers: dict[str, list[dict[str, Any]]] = {}
    streets = _streets(draw, x_streets, y_streets, x_blocks, y_blocks)
    if options.with_passages:
        layers["passages"] = [*streets, *draw.lanes]
    if options.with_blocks:
        layers["blocks"] = draw.blocks
    if options.with_carriageways:
        layers["carriageways"] = _surfaces(x_streets, y_streets)
    if options.with_neighbourhoods:
        layers["neighbourhoods"] = _neighbourhoods(draw, x_streets, height_m)
    if options.with_facilities:
        layers["facilities"] = _facilities(draw, width_m, height_m)
    if options.with_approved:
        layers["approved_boundary"] = _approved(draw, width_m, height_m)
    return hand_drawn.city(draw.parcels, **layers)


def _along(
    draw: _Drawing, count: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the streets (middle, width) and blocks (from, to) along one axis, in turn."""
    at, streets, blocks = 0.0, [], []
    for number in range(count + 1):
        width = draw.one_of(STREET_WIDTHS)
        streets.append((at + width / 2, width))
        at += width
        if number < count:
            side = draw.rng.uniform(30.0, 60.0)
            blocks.append((at, at + side))
            at += side
    return streets, blocks


def _block(
    draw: _Drawing, name: str, bounds: tuple[float, float, float, float], *, street_m: float
) -> None:
    """Draw a block: two rows of parcels, back to back, and perhaps a dead end from below."""
    left, bottom, right, top = bounds
    middle = bottom + (top - bottom) * draw.rng.uniform(0.4, 0.6)
    draw.blocks.append({"block_id": name, "geometry": box(*bounds)})
    for low, high, may_open in ((bottom, middle, True), (middle, top, False)):
        count = int(draw.rng.integers(2, max(3, int((right - left) / LEAST_SIDE_M) + 1)))
        walls = np.linspace(left, right, count + 1)
        gaps = np.zeros(count + 1)
        if may_open and draw.rng.random() < 0.5:
            wall = int(draw.rng.integers(1, count))
            gaps[wall] = draw.one_of(LANE_WIDTHS)
            line = LineString([(walls[wall], street_m), (walls[wall], high - 0.7)])
            draw.lanes.append({"passage_id": f"lane {name}", "geometry": line, "width_m": None})
        for (west, east), (before, after) in zip(pairwise(walls), pairwise(gaps), strict=True):
            shape = box(west + before / 2, low, east - after / 2, high)
            draw.parcels.append(_parcel(draw, name, shape))


def _parcel(draw: _Drawing, block: str, shape: Any) -> dict[str, Any]:
    area = shape.area * draw.rng.choice([0.3, 0.5, 1.0])
    deed = draw.one_of((200.0, 199.99, round(area, 2), None))
    return {
        "block_id": block if draw.options.with_block_ids else None,
        "geometry": shape,
        "land_area_m2": deed,
        "use": draw.maybe(draw.one_of(("residential",) * 6 + USES)),
        "structure": draw.maybe(draw.one_of(STRUCTURES)),
        "built_area_m2": draw.maybe(draw.one_of((0.0, 80.0, 150.0))),
        "floors": draw.maybe(draw.one_of((0.0, 1.0, 2.0))),
        "built_sh": draw.maybe(draw.one_of((1340.0, 1369.0, 1370.0, 1395.0, 1402.0))),
        "quality": draw.maybe(draw.one_of(QUALITIES)),
        "households": draw.maybe(draw.one_of((0.0, 1.0, 2.0))),
        "population": draw.maybe(draw.one_of((0.0, 3.0, 4.0))),
    }


def _streets(
    draw: _Drawing,
    x_streets: list[tuple[float, float]],
    y_streets: list[tuple[float, float]],
    x_blocks: list[tuple[float, float]],
    y_blocks: list[tuple[float, float]],
) -> list[dict[str, Any]]:
    """Return the streets of the grid, each as one line or as one line a block."""
    rows = []
    for name, streets, across, blocks in (
        ("v", x_streets, y_streets, y_blocks),
        ("h", y_streets, x_streets, x_blocks),
    ):
        stops = [middle for middle, _ in across]
        runs = [(stops[0], stops[-1])] if draw.options.whole_lines else list(pairwise(stops))
        assert len(stops) == len(blocks) + 1
        for number, (middle, width) in enumerate(streets):
            recorded = draw.one_of((None, None, width, 6.0))
            dropped = not draw.options.all_streets and draw.rng.random() < 0.3
            for part, (start, end) in enumerate(runs):
                ends = [(middle, start), (middle, end)]
                if name == "h":
                    ends = [(y, x) for x, y in ends]
                row = {
                    "passage_id": f"{name}{number}.{part}",
                    "geometry": LineString(ends),
                    "width_m": recorded,
                }
                rows += [] if dropped else [row]
    return rows


def _surfaces(
    x_streets: list[tuple[float, float]], y_streets: list[tuple[float, float]]
) -> list[dict[str, Any]]:
    """Return the surface of each street from end to end, across the streets it meets.

    No edge of one lies on the middle of another, where a ray would begin upon it.
    """
    (x_first, first_m), (x_last, last_m) = x_streets[0], x_streets[-1]
    west, east = x_first - first_m / 2, x_last + last_m / 2
    (y_first, first_m), (y_last, last_m) = y_streets[0], y_streets[-1]
    south, north = y_first - first_m / 2, y_last + last_m / 2
    shapes = [box(x - width / 2, south, x + width / 2, north) for x, width in x_streets]
    shapes += [box(west, y - width / 2, east, y + width / 2) for y, width in y_streets]
    return [{"geometry": shape} for shape in shapes]


def _neighbourhoods(
    draw: _Drawing, x_streets: list[tuple[float, float]], height_m: float
) -> list[dict[str, Any]]:
    """Return two neighbourhoods that meet in the middle of a street."""
    middle = x_streets[len(x_streets) // 2][0]
    sides = ((-50.0, middle), (middle, x_streets[-1][0] + 50.0))
    return [
        {
            "neighbourhood_id": f"n{number}",
            "name_fa": f"محلهٔ {number}",
            "population": draw.maybe(float(draw.rng.integers(50, 500))),
            "geometry": box(west, -50.0, east, height_m + 50.0),
        }
        for number, (west, east) in enumerate(sides, start=1)
    ]


def _facilities(draw: _Drawing, width_m: float, height_m: float) -> list[dict[str, Any]]:
    places = draw.rng.uniform(0.05, 0.95, (4, 2)) * [width_m, height_m]
    return [
        {
            "facility_id": f"f{number}",
            "service": draw.one_of(("education", "health", "green")),
            "area_m2": draw.maybe(float(draw.rng.integers(100, 900))),
            "geometry": Point(x, y),
        }
        for number, (x, y) in enumerate(places.tolist(), start=1)
    ]


def _approved(draw: _Drawing, width_m: float, height_m: float) -> list[dict[str, Any]]:
    share = draw.rng.uniform(0.2, 0.9)
    return [
        {
            "approved_on": draw.maybe(pd.Timestamp("2008-06-21")),
            "geometry": box(-10.0, -10.0, width_m * share, height_m + 10.0),
        }
    ]
