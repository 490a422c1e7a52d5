"""Clean outlines of many areas: joined across lanes, without slivers, never over others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.analysis.batches import on_every_core

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_GAP_M = 0.005
"""Gaps wider by less than this are as wide as the rule's: surveys draw to the centimetre, and
a street of 12 m turned by a degree is 12.000000001 m wide."""
_SAME_POINT_M = 1e-6
"""Corners nearer than a micrometre are one: a mitre between two that only rounding parts has
no direction."""


def joined_outline(
    areas: gpd.GeoSeries,
    others: gpd.GeoSeries,
    *,
    join_gap_m: float,
    least_part_m2: float,
    least_hole_m2: float,
) -> gpd.GeoSeries:
    """Return the outline around ``areas`` as single polygons, largest first.

    Areas no farther apart than ``join_gap_m`` are joined, so that a lane between two of them
    is inside. The outline never covers any of ``others``; holes below ``least_hole_m2`` that
    hold none of them are filled, and parts below ``least_part_m2`` that hold no area are
    dropped. An empty input gives an empty series.
    """
    if areas.empty:
        return gpd.GeoSeries([], crs=areas.crs)
    geometry, rest = np.asarray(areas), np.asarray(others)
    join_gap_m = join_gap_m + SAME_GAP_M
    tree = shapely.STRtree(rest)

    def outline(group: NDArray[np.object_]) -> NDArray[np.object_]:
        return _outline(
            group,
            rest,
            tree,
            join_gap_m=join_gap_m,
            least_part_m2=least_part_m2,
            least_hole_m2=least_hole_m2,
        )

    found = on_every_core(outline, _groups(geometry, join_gap_m=join_gap_m))
    parts = np.concatenate(found)
    order = np.lexsort((shapely.get_y(shapely.centroid(parts)), -shapely.area(parts)))
    return gpd.GeoSeries(parts[order], crs=areas.crs)


def _groups(areas: NDArray[np.object_], *, join_gap_m: float) -> list[NDArray[np.object_]]:
    """Return the areas in groups of which none is near enough to another to be joined.

    Each is outlined on its own: a union of a whole city's areas costs far more than theirs.
    """
    one, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=join_gap_m)
    near = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(areas),) * 2)
    _, group = connected_components(near, directed=False)
    order = np.argsort(group, kind="stable")
    begins = np.nonzero(np.diff(group[order]))[0] + 1
    return np.split(areas[order], begins)


def _outline(  # noqa: PLR0913 - one group, what it must spare, and the three tolerances
    areas: NDArray[np.object_],
    others: NDArray[np.object_],
    tree: shapely.STRtree,
    *,
    join_gap_m: float,
    least_part_m2: float,
    least_hole_m2: float,
) -> NDArray[np.object_]:
    """Return the polygons of the outline around one group of areas; ``tree`` finds ``others``."""
    together = shapely.union_all(areas)
    closed = shapely.union(_closed(together, join_gap_m / 2), together)
    near = others[np.sort(tree.query(closed, predicate="intersects"))]
    outline = shapely.difference(closed, shapely.union_all(near))
    parts = _without_small_holes(_polygons(outline), near, least_hole_m2=least_hole_m2)
    keep = (shapely.area(parts) >= least_part_m2) | _holding(parts, areas)
    kept: NDArray[np.object_] = parts[keep]
    return kept


def _closed(area: shapely.Geometry, reach_m: float) -> shapely.Geometry:
    """Return the area with every gap up to twice ``reach_m`` closed, corners kept sharp."""
    wide = shapely.buffer(area, reach_m, join_style="mitre", mitre_limit=2.0)
    wide = shapely.simplify(wide, _SAME_POINT_M)
    return shapely.buffer(wide, -reach_m, join_style="mitre", mitre_limit=2.0)


def _polygons(geometry: shapely.Geometry) -> NDArray[np.object_]:
    """Return the single polygons of a geometry; lines and points of a difference fall away."""
    parts = np.asarray(shapely.get_parts(geometry))
    polygons: NDArray[np.object_] = parts[
        shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    ]
    return polygons


def _holding(parts: NDArray[np.object_], areas: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return whether a point of one of ``areas`` lies in each part."""
    inner = np.asarray(shapely.point_on_surface(areas))
    found = np.zeros(len(parts), dtype=np.bool_)
    found[shapely.STRtree(parts).query(inner, predicate="intersects")[1]] = True
    return found


def _without_small_holes(
    parts: NDArray[np.object_], others: NDArray[np.object_], *, least_hole_m2: float
) -> NDArray[np.object_]:
    """Fill the holes below ``least_hole_m2`` in which nothing of ``others`` lies."""
    rings, part = shapely.get_rings(parts, return_index=True)
    is_outer = np.append(True, part[1:] != part[:-1])[: len(part)]
    holes = np.asarray(shapely.polygons(rings))
    is_small = ~is_outer & (shapely.area(holes) < least_hole_m2)
    fill = holes[is_small & ~_holding(holes, others)]
    return _polygons(shapely.union_all(np.concatenate([parts, fill]))) if len(fill) else parts
