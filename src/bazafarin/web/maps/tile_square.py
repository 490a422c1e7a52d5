"""Where a tile lies: a square of Web Mercator, and the same in a city's system."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyproj
import shapely

from bazafarin.web.places.geometry_field import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bazafarin.web.places.models import City

    Shapes = npt.NDArray[np.object_]
    Points = npt.NDArray[np.float64]
    Corners = tuple[float, float, float, float]

EXTENT: Final = 4096
"""Steps across a tile: what MVT readers expect."""
MARGIN: Final = 64
"""Steps beyond the tile that are drawn, too, so that no line ends at a tile's edge."""
DEEPEST: Final = 22
_HALF_WORLD_M: Final = 20_037_508.342789244
_MERCATOR: Final = "EPSG:3857"
_DEGREES: Final = "EPSG:4326"


class Tile(NamedTuple):
    """The address of a tile."""

    z: int
    x: int
    y: int

    @property
    def is_there(self) -> bool:
        """Return whether the world has such a tile."""
        return self.z <= DEEPEST and self.x < 2**self.z and self.y < 2**self.z

    @property
    def size_m(self) -> float:
        """Return the length of a side in metres of the world's map."""
        return 2 * _HALF_WORLD_M / (1 << self.z)

    @property
    def corner(self) -> tuple[float, float]:
        """Return the north-western corner."""
        return self.x * self.size_m - _HALF_WORLD_M, _HALF_WORLD_M - self.y * self.size_m


@lru_cache
def transformer(crs: str, other: str) -> pyproj.Transformer:
    """Return the way from one system to another; x is always east."""
    return pyproj.Transformer.from_crs(crs, other, always_xy=True)


def box_of(tile: Tile, city: City) -> Box:
    """Return the box of ``city``'s system that holds the tile with its margin."""
    west, north = tile.corner
    more = tile.size_m * MARGIN / EXTENT
    corners = transformer(_MERCATOR, city.crs).transform_bounds(
        west - more, north - tile.size_m - more, west + tile.size_m + more, north + more
    )
    return Box(*corners, city.srid)


def in_steps(shapes: Shapes, city: City, tile: Tile) -> Shapes:
    """Return shapes of ``city``'s system in steps of the tile: x to the east, y to the south."""
    west, north = tile.corner
    step_m = tile.size_m / EXTENT
    way = transformer(city.crs, _MERCATOR)

    def turned(at: Points) -> Points:
        east, up = way.transform(at[:, 0], at[:, 1])
        return np.column_stack([(east - west) / step_m, (north - up) / step_m])

    return np.asarray(shapely.transform(shapes, turned))


def degrees(corners: Corners, city: City) -> Corners:
    """Return corners of ``city``'s system in degrees."""
    west, south, east, north = transformer(city.crs, _DEGREES).transform_bounds(*corners)
    return west, south, east, north


def box_of_degrees(corners: Corners, city: City) -> Box:
    """Return the box of ``city``'s system round corners in degrees."""
    return Box(*transformer(_DEGREES, city.crs).transform_bounds(*corners), city.srid)


def to_degrees(shapes: Sequence[shapely.Geometry], city: City) -> Shapes:
    """Return shapes of ``city``'s system in degrees."""
    return _by(transformer(city.crs, _DEGREES), np.array(shapes, dtype=object))


def from_degrees(shape: shapely.Geometry, city: City) -> shapely.Geometry:
    """Return a shape in degrees in ``city``'s system."""
    moved: shapely.Geometry = _by(transformer(_DEGREES, city.crs), np.array([shape]))[0]
    return moved


def _by(way: pyproj.Transformer, shapes: Shapes) -> Shapes:
    def turned(at: Points) -> Points:
        return np.column_stack(way.transform(at[:, 0], at[:, 1]))

    return np.asarray(shapely.transform(shapes, turned))
