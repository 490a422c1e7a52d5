"""Which area holds a thing: the neighbourhood of a parcel, the block of a facility."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def containing_area(
    geometry: gpd.GeoSeries, areas: gpd.GeoDataFrame, *, id_column: str
) -> pd.Series[str]:
    """Return the id of the area that holds each geometry.

    The area in which a point on the geometry lies; else the one that shares most with it
    (by area, of lines by length, else by touching); NaN where none does. Where areas
    overlap, the smallest that holds the point is meant, and of equals the first id.
    """
    # in this order the first of several answers is the one that is meant
    ids = areas[id_column].to_numpy()
    rank = np.lexsort((pd.factorize(ids, sort=True)[0], areas.geometry.area.to_numpy()))
    polygons = areas.geometry.to_numpy()[rank]
    holder = _holding_point(geometry.to_numpy(), polygons)
    open_rows = np.nonzero(holder < 0)[0]
    holder[open_rows] = _sharing_most(geometry.to_numpy()[open_rows], polygons)
    found = np.append(ids[rank], np.nan)[holder]
    return pd.Series(found, index=geometry.index, dtype="str", name=id_column)


def _holding_point(
    geometry: NDArray[np.object_], polygons: NDArray[np.object_]
) -> NDArray[np.intp]:
    """Return the first polygon that holds a point on each geometry; -1 where none does."""
    points = shapely.point_on_surface(geometry)
    point, polygon = shapely.STRtree(polygons).query(points)
    shapely.prepare(polygons)
    holds = shapely.intersects_xy(
        polygons[polygon], shapely.get_x(points[point]), shapely.get_y(points[point])
    )
    none = len(polygons)
    first = np.full(len(geometry), none, dtype=np.intp)
    np.minimum.at(first, point[holds], polygon[holds])
    return np.where(first == none, -1, first)


def _sharing_most(geometry: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the polygon that shares most with each geometry; -1 where none touches it."""
    row, polygon = shapely.STRtree(polygons).query(geometry, predicate="intersects")
    shared = shapely.intersection(geometry[row], polygons[polygon])
    order = np.lexsort((polygon, -shapely.length(shared), -shapely.area(shared), row))
    most = np.full(len(geometry), -1, dtype=np.intp)
    rows, first = np.unique(row[order], return_index=True)
    most[rows] = polygon[order][first]
    return most
