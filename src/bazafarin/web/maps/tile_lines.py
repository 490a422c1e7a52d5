"""Shapes in a tile's steps as the drawing commands of vector tiles (MVT 2.1, section 4.3).

A whole layer is turned at once: rings and lines become one array of corners, and their commands
one array of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from bazafarin.web.maps.tile_square import EXTENT, MARGIN

if TYPE_CHECKING:
    import numpy.typing as npt

    Shapes = npt.NDArray[np.object_]
    Numbers = npt.NDArray[np.int64]

POINT, LINE, AREA = 1, 2, 3
"""What a feature is drawn as, in the words of MVT; shapely's dimension and one."""
_MOVE, _DRAW, _CLOSE = 1, 2, 7
_FEWEST: Final = {LINE: 2, AREA: 3}
"""Corners that a line and a ring have at least."""


@dataclass(frozen=True)
class Drawing:
    """The commands of the features that are left in the tile.

    Attributes:
        rows: the place of each feature among the shapes that were given, ascending.
        numbers: the commands of all features, one after the other.
        counts: how many of ``numbers`` each feature has.
    """

    rows: Numbers
    numbers: Numbers
    counts: Numbers


def drawing(shapes: Shapes, kind: int, *, tolerance: float = 0.0) -> Drawing:
    """Return the commands that draw ``shapes``, clipped to the tile and its margin.

    Args:
        shapes: in steps of the tile; the missing and those of another kind are left out.
        kind: ``POINT``, ``LINE`` or ``AREA``.
        tolerance: steps by which an outline may be moved to have fewer corners.
    """
    parts, row = shapely.get_parts(_clipped(shapes, tolerance, kind), return_index=True)
    fits = (shapely.get_dimensions(parts) == kind - 1) & ~shapely.is_empty(parts)
    parts, row = parts[fits], row[fits]
    if kind == POINT:
        return _points(parts, row)
    if kind == AREA:
        lines, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    else:
        lines, part = parts, np.arange(len(parts))
    return _lines(lines, part, row, kind)


def _clipped(shapes: Shapes, tolerance: float, kind: int) -> Shapes:
    if tolerance and kind != POINT:
        shapes = shapely.simplify(shapes, tolerance)
    west, south, east, north = shapely.bounds(shapes).T
    low, high = -float(MARGIN), float(EXTENT + MARGIN)
    is_across = (west < low) | (south < low) | (east > high) | (north > high)
    clipped = shapes.copy()
    clipped[is_across] = shapely.clip_by_rect(shapes[is_across], low, low, high, high)
    return clipped


def _points(parts: Shapes, row: Numbers) -> Drawing:
    at = np.rint(shapely.get_coordinates(parts)).astype(np.int64)
    # a label or a sign stands in one tile alone
    inside = ((at >= 0) & (at < EXTENT)).all(axis=1)
    at, row = at[inside], row[inside]
    begins = np.flatnonzero(np.diff(row, prepend=-1))
    rows, many = row[begins], np.diff(np.append(begins, len(row)))
    numbers = np.insert(_turned(at, begins).ravel(), 2 * begins, many << 3 | _MOVE)
    return Drawing(rows, numbers, 2 * many + 1)


def _lines(lines: Shapes, part: Numbers, row: Numbers, kind: int) -> Drawing:
    """Return the commands of lines or rings; ``part`` and ``row`` say whose they are."""
    corners, line = shapely.get_coordinates(lines, return_index=True)
    at = np.rint(corners).astype(np.int64)
    # corners that fall on the one before; the last of a ring then closes it, and is not written
    is_new = np.append(True, (np.diff(at, axis=0) != 0).any(axis=1) | (np.diff(line) != 0))[
        : len(at)
    ]
    at, line = at[is_new], line[is_new]
    many = np.bincount(line, minlength=len(lines))
    if kind == AREA:
        is_held = _held_rings(at, line, many, part)
        is_last = np.diff(line, append=-1) != 0
        is_kept = is_held[line] & ~is_last
    else:
        is_held = many >= _FEWEST[LINE]
        is_kept = is_held[line]
    at, line = at[is_kept], line[is_kept]
    many = np.bincount(line, minlength=len(lines))[is_held]
    return _commands(at, many, row[part[is_held]], kind)


def _held_rings(at: Numbers, line: Numbers, many: Numbers, part: Numbers) -> npt.NDArray[np.bool_]:
    """Return which rings have an area after rounding; a hole without its polygon has none."""
    x, y = at[:, 0], at[:, 1]
    same = line[:-1] == line[1:]
    cross = np.where(same, x[:-1] * y[1:] - x[1:] * y[:-1], 0)
    doubled = np.bincount(line[:-1], weights=cross, minlength=len(many)) if len(at) else many
    is_outer = np.diff(part, prepend=-1) != 0
    held = (many > _FEWEST[AREA]) & np.where(is_outer, doubled > 0, doubled < 0)
    outer_held = np.zeros(int(part.max(initial=-1)) + 1, dtype=bool)
    outer_held[part[is_outer]] = held[is_outer]
    kept: npt.NDArray[np.bool_] = held & outer_held[part]
    return kept


def _commands(at: Numbers, many: Numbers, row: Numbers, kind: int) -> Drawing:
    """Return the commands of lines of ``many`` corners each: move, draw, and close a ring."""
    begins = np.cumsum(many) - many
    is_first = np.flatnonzero(np.diff(row, prepend=-1))
    turned = _turned(at, begins[is_first])
    lengths = 2 * many + (3 if kind == AREA else 2)
    starts = np.cumsum(lengths) - lengths
    numbers = np.empty(int(lengths.sum()), dtype=np.int64)
    numbers[starts] = 1 << 3 | _MOVE
    numbers[starts + 3] = (many - 1) << 3 | _DRAW
    nth = np.arange(len(at)) - np.repeat(begins, many)
    place = np.repeat(starts, many) + np.where(nth == 0, 1, 2 + 2 * nth)
    numbers[place], numbers[place + 1] = turned[:, 0], turned[:, 1]
    if kind == AREA:
        numbers[starts + lengths - 1] = 1 << 3 | _CLOSE
    counts = np.add.reduceat(lengths, is_first) if len(is_first) else lengths
    return Drawing(row[is_first], numbers, counts)


def _turned(at: Numbers, begins: Numbers) -> Numbers:
    """Return each corner as steps from the one before (a feature's first: from 0), zigzag."""
    steps = np.diff(at, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[begins] = at[begins]
    zigzag: Numbers = (steps << 1) ^ (steps >> 63)
    return zigzag
