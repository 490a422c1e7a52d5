"""Clean outlines of many areas: joined across lanes, without slivers, never over others."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely


def joined_outline(
    areas: gpd.GeoSeries,
    others: gpd.GeoSeries,
    *,
    join_gap_m: float,
    least_part_m2: float,
    least_hole_m2: float,
) -> gpd.GeoSeries:
    """Return the outline around ``areas`` as single polygons, largest first.

    Areas nearer than ``join_gap_m`` are joined, so that a lane between two of them is
    inside. The outline never covers any of ``others``; holes below ``least_hole_m2`` that
    hold none of them are filled, and parts below ``least_part_m2`` that hold no area are
    dropped. An empty input gives an empty series.
    """
    if areas.empty:
        return gpd.GeoSeries([], crs=areas.crs)
    together = shapely.union_all(areas.to_numpy())
    reach = join_gap_m / 2
    closed = shapely.buffer(
        shapely.buffer(together, reach, join_style="mitre", mitre_limit=2.0),
        -reach,
        join_style="mitre",
        mitre_limit=2.0,
    )
    closed = shapely.union(closed, together)
    near = others.iloc[np.sort(others.sindex.query(closed, predicate="intersects"))]
    outline = shapely.difference(closed, shapely.union_all(near.to_numpy()))
    parts = _without_small_holes(shapely.get_parts(outline), near, least_hole_m2=least_hole_m2)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts = parts[is_polygon]
    holds_area = np.zeros(len(parts), dtype=bool)
    inner = shapely.point_on_surface(areas.to_numpy())
    holds_area[np.unique(shapely.STRtree(parts).query(inner, predicate="intersects")[1])] = True
    parts = parts[(shapely.area(parts) >= least_part_m2) | holds_area]
    parts = shapely.make_valid(parts, method="structure", keep_collapsed=False)
    order = np.lexsort((shapely.get_y(shapely.centroid(parts)), -shapely.area(parts)))
    return gpd.GeoSeries(parts[order], crs=areas.crs)


def _without_small_holes(
    parts: np.ndarray, others: gpd.GeoSeries, *, least_hole_m2: float
) -> np.ndarray:
    """Fill the holes below ``least_hole_m2`` in which nothing of ``others`` lies."""
    rings, part = shapely.get_rings(parts, return_index=True)
    is_outer = np.concatenate([[True], part[1:] != part[:-1]])
    holes = shapely.polygons(rings)
    is_small = ~is_outer & (shapely.area(holes) < least_hole_m2)
    if not is_small.any():
        return parts
    inner = shapely.point_on_surface(others.to_numpy())
    taken = np.zeros(len(holes), dtype=bool)
    taken[np.unique(shapely.STRtree(holes).query(inner, predicate="intersects")[1])] = True
    fill = holes[is_small & ~taken]
    return shapely.get_parts(shapely.union_all(np.concatenate([parts, fill])))
