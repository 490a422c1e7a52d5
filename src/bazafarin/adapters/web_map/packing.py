"""Geometries as short lists of whole numbers that the page's ``geometry.js`` unfolds.

Degrees become whole steps of 1e-7 (about a centimetre), each point the difference from the
one before it. A layer of 13,000 parcels takes about 60 bytes a parcel that way.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

STEPS_A_DEGREE: Final = 10_000_000
"""Seven decimals of a degree: finer than any survey, and whole numbers of nine digits."""

CORNER_M: Final = 0.5
"""A corner of an area is dropped where its triangle is below the square of this: a quarter of
a square metre is unseen on the screen."""

_BATCH: Final = 1_000
"""Areas simplified in one call, or more where more of them touch each other."""

BEND_M: Final = 0.2
"""A bend of a line that moves it by less is dropped, for the same reason."""

Packed = dict[str, Any]


def pack_polygons(layer: gpd.GeoDataFrame, *, corner_m: float = CORNER_M) -> Packed:
    """Return polygons as ``points``, ``rings``, ``parts`` and ``features``.

    Common edges are simplified alike, so that neighbours stay neighbours. ``rings`` counts
    the points of each ring (the closing point is left out), ``parts`` the rings of each
    polygon, ``features`` the polygons of each row; a missing geometry has none. Outer rings
    run counter-clockwise.
    """
    areas = _geometry(layer)
    held = ~shapely.is_missing(areas)
    areas[held] = shapely.orient_polygons(_simplified(areas[held], corner_m))
    degrees = _degrees(areas, layer)
    if not len(degrees):
        return {"points": [], "rings": [], "parts": [], "features": []}
    _, points, (rings, parts, features) = shapely.to_ragged_array(_multi(degrees, polygons=True))
    closing = rings[1:] - 1
    return {
        "points": _steps(np.delete(points, closing, axis=0)),
        "rings": (np.diff(rings) - 1).tolist(),
        "parts": np.diff(parts).tolist(),
        "features": np.diff(features).tolist(),
    }


def pack_lines(layer: gpd.GeoDataFrame, *, bend_m: float = BEND_M) -> Packed:
    """Return lines as ``points``, ``parts`` (points a line) and ``features`` (lines a row)."""
    degrees = _degrees(shapely.simplify(_geometry(layer), bend_m), layer)
    if not len(degrees):
        return {"points": [], "parts": [], "features": []}
    _, points, (parts, features) = shapely.to_ragged_array(_multi(degrees, polygons=False))
    return {
        "points": _steps(points),
        "parts": np.diff(parts).tolist(),
        "features": np.diff(features).tolist(),
    }


def pack_label_points(layer: gpd.GeoDataFrame) -> list[int]:
    """Return one point inside each row's geometry, where its name is written."""
    inside = shapely.point_on_surface(_geometry(layer))
    return _steps(shapely.get_coordinates(_degrees(inside, layer)))


def _simplified(areas: npt.NDArray[np.object_], corner_m: float) -> npt.NDArray[np.object_]:
    """Return the areas with fewer corners, common edges alike.

    What one call costs grows faster than its areas do, so those that share no corner, which
    share no edge either, go in calls of their own.
    """
    points, area = shapely.get_coordinates(areas, return_index=True)
    # a pair of coordinates as one number: far faster to sort than rows
    _, corner = np.unique(points.view(np.complex128).ravel(), return_inverse=True)
    link = (np.ones(len(area), dtype=np.int8), (area, len(areas) + corner))
    size = len(areas) + len(points)
    _, group = connected_components(coo_array(link, shape=(size, size)), directed=False)
    order = np.argsort(group[: len(areas)], kind="stable")
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    batch = begins[np.searchsorted(begins, np.arange(0, len(order), _BATCH))[1:] - 1]
    simplified = np.empty_like(areas)

    def simplify(members: npt.NDArray[np.intp]) -> None:
        simplified[members] = shapely.coverage_simplify(areas[members], corner_m)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(simplify, np.split(order, np.unique(batch))))
    return simplified


def _geometry(layer: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    geometry: npt.NDArray[np.object_] = shapely.force_2d(layer.geometry.to_numpy())
    return geometry


def _degrees(geometry: npt.NDArray[np.object_], layer: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return ``geometry`` (in the layer's system) in degrees of WGS 84."""
    degrees = layer.geometry.set_axis(range(len(layer))).copy()
    degrees[:] = geometry
    found: npt.NDArray[np.object_] = degrees.to_crs(epsg=4326).to_numpy()
    return found


def _multi(geometry: npt.NDArray[np.object_], *, polygons: bool) -> npt.NDArray[np.object_]:
    """Return every geometry as a multipart one, the missing as an empty one."""
    empty = shapely.MultiPolygon() if polygons else shapely.MultiLineString()
    kind = shapely.GeometryType.MULTIPOLYGON if polygons else shapely.GeometryType.MULTILINESTRING
    is_single = ~shapely.is_missing(geometry) & (shapely.get_type_id(geometry) != kind)
    multi: npt.NDArray[np.object_] = geometry.copy()
    multi[shapely.is_missing(geometry)] = empty
    gather = shapely.multipolygons if polygons else shapely.multilinestrings
    singles = np.flatnonzero(is_single)
    multi[singles] = gather(multi[singles], indices=np.arange(len(singles)))
    return multi


def _steps(degrees: npt.NDArray[np.float64]) -> list[int]:
    """Return points as differences in whole steps: longitude, latitude, longitude, …."""
    whole = np.rint(degrees * STEPS_A_DEGREE).astype(np.int64)
    return np.diff(whole, axis=0, prepend=0).ravel().tolist()
