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
_CONTROL: Final = 6
"""Lines of the grid by which a cubic is fitted."""
_CHECKED: Final = 11
"""Lines of the finer grid by which it is checked."""
_NEAR_STEPS: Final = 0.01
"""A cubic that is nearer than this everywhere draws what the projection draws."""
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


def cut_near(shapes: Shapes, box: Box) -> Shapes:
    """Return shapes without what lies far outside ``box``: a neighbourhood has a long outline.

    The cut lies half a box away, so that nothing of it is seen in the tile.
    """
    more = (box.east - box.west) / 2
    low_x, low_y = box.west - more, box.south - more
    high_x, high_y = box.east + more, box.north + more
    west, south, east, north = shapely.bounds(shapes).T
    is_across = (west < low_x) | (south < low_y) | (east > high_x) | (north > high_y)
    cut = shapes.copy()
    cut[is_across] = shapely.clip_by_rect(shapes[is_across], low_x, low_y, high_x, high_y)
    return cut


def in_steps(shapes: Shapes, city: City, tile: Tile) -> Shapes:
    """Return shapes of ``city``'s system in steps of the tile: x to the east, y to the south."""
    way = _way_into(tile, city.crs, box_of(tile, city))
    return np.asarray(shapely.transform(shapes, way.steps))


class _WayInto(NamedTuple):
    """The way from a city's system into the steps of a tile.

    ``bent`` are the coefficients of a cubic in both directions over the tile's box, which is some
    twenty times faster than the projection itself; None where it would not be near enough.
    """

    tile: Tile
    crs: str
    box: Box
    bent: Points | None

    def steps(self, at: Points) -> Points:
        """Return points in steps of the tile."""
        if self.bent is None:
            return self.projected(at)
        unit = self._in_box(at)
        found = _powers(unit) @ self.bent
        # far outside the box a cubic goes anywhere
        is_out = (np.abs(unit) > 1).any(axis=1)
        if is_out.any():
            found[is_out] = self.projected(at[is_out])
        return found

    def projected(self, at: Points) -> Points:
        """Return points in steps of the tile, each by the projection itself."""
        west, north = self.tile.corner
        step_m = self.tile.size_m / EXTENT
        east, up = transformer(self.crs, _MERCATOR).transform(at[:, 0], at[:, 1])
        return np.column_stack([(east - west) / step_m, (north - up) / step_m])

    def points(self, many: int) -> Points:
        """Return the corners of a grid of so many lines each way over the box."""
        x = np.linspace(self.box.west, self.box.east, many)
        y = np.linspace(self.box.south, self.box.north, many)
        return np.column_stack([each.ravel() for each in np.meshgrid(x, y)])

    def bend(self) -> Points | None:
        """Return the cubic that fits the projection over the box, None where it is not near."""
        control, checked = self.points(_CONTROL), self.points(_CHECKED)
        powers = _powers(self._in_box(control))
        fitted = np.asarray(
            np.linalg.lstsq(powers, self.projected(control), rcond=None)[0], dtype=np.float64
        )
        away = np.abs(_powers(self._in_box(checked)) @ fitted - self.projected(checked)).max()
        return fitted if away < _NEAR_STEPS else None

    def _in_box(self, at: Points) -> Points:
        """Return points with the box as the square from -1 to 1."""
        low = np.array([self.box.west, self.box.south])
        high = np.array([self.box.east, self.box.north])
        unit: Points = (2 * at - low - high) / (high - low)
        return unit


@lru_cache(maxsize=64)
def _way_into(tile: Tile, crs: str, box: Box) -> _WayInto:
    way = _WayInto(tile, crs, box, None)
    return way._replace(bent=way.bend())


def _powers(unit: Points) -> Points:
    """Return every product of powers of both coordinates up to the third."""
    x, y = unit.T
    xx, yy = x * x, y * y
    columns = (np.ones_like(x), x, y, xx, x * y, yy, xx * x, xx * y, x * yy, yy * y)
    return np.column_stack(columns)


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
