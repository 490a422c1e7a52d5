"""The frontage again, slowly: one wall, one neighbour and one line at a time.

Written from the definition with plain shapely, sharing no line with the fast one.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from shapely import LineString, Point, Polygon
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_PART_M = 8.0
"""A wall is looked out of in equal parts no longer than this."""

Wall = tuple[tuple[float, float], tuple[float, float]]


def slow_frontage_m(
    parcels: Sequence[Polygon],
    passages: Sequence[LineString],
    *,
    touch_tolerance_m: float,
    reach_m: float,
) -> list[float]:
    """Return the frontage of each parcel, metres."""
    walls = [list(_walls(parcel)) for parcel in parcels]
    drawn = {wall for one in walls for wall in one}
    open_walls = [[w for w in one if (w[1], w[0]) not in drawn] for one in walls]
    lanes, town = unary_union(passages), unary_union(parcels)
    total = []
    for number, mine in enumerate(open_walls):
        others = [LineString(w) for k, one in enumerate(open_walls) if k != number for w in one]
        stretches = [
            stretch
            for wall in mine
            for part in _parts(wall)
            for stretch in _uncovered(part, others, touch_tolerance_m)
        ]
        total.append(
            sum(
                stretch.length
                for stretch in stretches
                if _looks_at(stretch, lanes, town, touch_tolerance_m, reach_m)
            )
        )
    return total


def _walls(parcel: Polygon) -> Iterator[Wall]:
    around = list(orient(parcel).exterior.coords)  # the parcel lies on the left
    yield from pairwise(around)


def _parts(wall: Wall) -> Iterator[LineString]:
    line = LineString(wall)
    count = math.ceil(line.length / LONGEST_PART_M)
    points = [line.interpolate(k / count, normalized=True) for k in range(count + 1)]
    for one, two in pairwise(points):
        yield LineString([one, two])


def _uncovered(
    part: LineString, others: Sequence[LineString], tolerance_m: float
) -> Iterator[LineString]:
    """Yield the stretches of a part beside which no other wall lies."""
    band = part.buffer(tolerance_m, cap_style="flat")
    reached, covers = 0.0, []
    for other in others:
        beside = other.intersection(band)
        if not beside.is_empty and beside.geom_type == "LineString":
            covers.append(sorted(part.project(Point(end)) for end in beside.coords))
    for begins, ends in [*sorted(covers), [part.length, part.length]]:
        if begins - reached > 1e-6:
            yield LineString([part.interpolate(reached), part.interpolate(begins)])
        reached = max(reached, ends)


def _looks_at(
    stretch: LineString, lanes: LineString, town: Polygon, tolerance_m: float, reach_m: float
) -> bool:
    (x0, y0), (x1, y1) = stretch.coords
    middle = Point((x0 + x1) / 2, (y0 + y1) / 2)
    east, north = (y1 - y0) / stretch.length, (x0 - x1) / stretch.length

    def out(by_m: float) -> Point:
        return Point(middle.x + east * by_m, middle.y + north * by_m)

    met = LineString([middle, out(reach_m)]).intersection(lanes)
    if met.is_empty:
        return False
    nearest = middle.distance(met)
    way = LineString([out(min(tolerance_m, nearest)), out(nearest)])
    return not (way if way.length > 0 else Point(way.coords[0])).intersects(town)
