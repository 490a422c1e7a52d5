"""Large polygons cut into small ones, so that a question about one corner asks only it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERTICES = 64
"""A piece of no more vertices is small: halving it again costs more than it saves."""
HALVINGS = 40
"""No polygon is halved more often; one of many vertices at a single place stays whole."""


def in_small_pieces(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return polygons that cover the same ground, of at most ``VERTICES`` vertices each.

    A carriageway delivered as one polygon of a whole quarter is halved across its longer
    side until its pieces are small; each piece then stands alone in a spatial index.
    """
    small: list[NDArray[np.object_]] = []
    large = np.asarray(polygons, dtype=np.object_)
    for _ in range(HALVINGS):
        is_large = shapely.get_num_coordinates(large) > VERTICES
        small.append(large[~is_large])
        large = _halved(large[is_large])
        if not len(large):
            break
    return np.concatenate([*small, large])


def _halved(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygons' parts on both sides of the middle of their longer extent."""
    west, south, east, north = shapely.bounds(polygons).T
    is_wide = east - west > north - south
    first = shapely.box(
        west,
        south,
        np.where(is_wide, (west + east) / 2, east),
        np.where(is_wide, north, (south + north) / 2),
    )
    second = shapely.box(
        np.where(is_wide, (west + east) / 2, west),
        np.where(is_wide, south, (south + north) / 2),
        east,
        north,
    )
    halves = [shapely.intersection(polygons, first), shapely.intersection(polygons, second)]
    parts = np.asarray(shapely.get_parts(np.concatenate(halves)), dtype=np.object_)
    areal: NDArray[np.object_] = parts[shapely.area(parts) > 0]
    return areal
