"""A box that features must meet, in whatever system it was given."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from bazafarin.domain.errors import UsageError
from bazafarin.web.interfaces.ogc.reference_systems import transformer
from bazafarin.web.places.geometry_field import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from bazafarin.web.interfaces.ogc.collections import Extent
    from bazafarin.web.interfaces.ogc.reference_systems import ReferenceSystem
    from bazafarin.web.places.models import City

_FLAT, _HIGH = 4, 6
_PIECES: Final = 32
"""A side is turned in so many pieces, for what is straight here is bent there."""
_ROUND_WORLD: Final = 180.0
_LONGEST: Final = 400


class Area(NamedTuple):
    """The box in the city's own system: its true shape, and the corners to ask the index for.

    ``corners`` is None where the whole city lies inside, or none of it: then there is nothing
    to ask the index for.
    """

    shape: BaseGeometry
    corners: Box | None


def read_box(text: str, system: ReferenceSystem, city: City, extent: Extent | None) -> Area:
    """Return the area of a ``bbox`` parameter, as far as it reaches into the city.

    Raises:
        UsageError: it is not four (or six) numbers in order.
    """
    west, south, east, north = _sides(text, system)
    if extent is None:
        return Area(shapely.Polygon(), None)
    if system.crs == city.crs:
        shape = _upright(west, south, east, north)
    else:
        area = _reaching_into(_lying(west, south, east, north), extent)
        shape = _turned(area, system, city)
    if shape.is_empty:
        return Area(shape, None)
    if shape.covers(shapely.box(*extent.own)):
        return Area(shape, None)
    return Area(shape, Box(*shape.bounds, srid=city.srid))


def _sides(text: str, system: ReferenceSystem) -> tuple[float, float, float, float]:
    wrong = UsageError("web_interfaces.error.bbox", text=text[:_LONGEST])
    try:
        numbers = [float(word) for word in text[:_LONGEST].split(",")]
    except ValueError as error:
        raise wrong from error
    if len(numbers) not in {_FLAT, _HIGH} or not all(map(isfinite, numbers)):
        raise wrong
    half = len(numbers) // 2
    first, second = numbers[:2], numbers[half : half + 2]
    if system.is_turned:
        first, second = first[::-1], second[::-1]
    (west, south), (east, north) = first, second
    if south > north or (west > east and not system.is_geographic):
        raise wrong
    return west, south, east, north


def _upright(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return the box; a line or a point where it has no width or height."""
    corners = shapely.multipoints([[west, south], [east, north]])
    box: BaseGeometry = shapely.envelope(corners)
    return box


def _lying(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return the box; one that begins in the east and ends in the west goes round the world."""
    if west <= east:
        return _upright(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, _ROUND_WORLD, north),
        shapely.box(-_ROUND_WORLD, south, east, north),
    )


def _reaching_into(area: BaseGeometry, extent: Extent) -> BaseGeometry:
    """Return the part of an area that is near the city: far from it, its system means nothing."""
    west, south, east, north = extent.world
    # as much again on every side, so that what lies a little outside is met, too
    wide, high = max(east - west, 0.01), max(north - south, 0.01)
    near = shapely.box(west - wide, south - high, east + wide, north + high)
    met: BaseGeometry = shapely.intersection(area, near)
    return met


def _turned(area: BaseGeometry, system: ReferenceSystem, city: City) -> BaseGeometry:
    if area.is_empty:
        return area
    way = transformer(system.crs, city.crs)
    west, south, east, north = area.bounds
    longest = max(east - west, north - south)
    fine = shapely.segmentize(area, longest / _PIECES) if longest else area

    def moved(points: np.ndarray) -> np.ndarray:
        return np.column_stack(way.transform(*points.T))

    shape: BaseGeometry = shapely.transform(fine, moved)
    return shape
