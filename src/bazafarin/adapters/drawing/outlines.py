"""Geometries as matplotlib paths: a whole layer becomes a few paths, with no loop over its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Geometries = npt.NDArray[np.object_]

CHUNK = 4_000
"""Rings in one path: enough to be fast, few enough for the renderer's table of cells."""


def polygon_paths(geometry: Geometries) -> Iterator[Path]:
    """Yield paths that together hold every ring of the polygons; the empty are left out.

    Rings turn the way that lets the renderer leave holes empty, whatever way they came.
    """
    parts = shapely.get_parts(shapely.orient_polygons(_present(geometry)))
    rings = shapely.get_rings(parts)
    for start in range(0, len(rings), CHUNK):
        yield _joined(rings[start : start + CHUNK], close=True)


def line_paths(geometry: Geometries) -> Iterator[Path]:
    """Yield paths that together hold every line; polygons give their rings."""
    present = _present(geometry)
    areal = shapely.get_dimensions(present) == 2  # noqa: PLR2004 - the dimension of an area
    lines = np.concatenate(
        [shapely.get_parts(present[~areal]), shapely.get_rings(shapely.get_parts(present[areal]))]
    )
    for start in range(0, len(lines), CHUNK):
        yield _joined(lines[start : start + CHUNK], close=False)


def _present(geometry: Geometries) -> Geometries:
    held: Geometries = geometry[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))]
    return held


def _joined(lines: Geometries, *, close: bool) -> Path:
    """Return one path of many rings or lines; a ring's last point closes it."""
    ends = np.cumsum(shapely.get_num_coordinates(lines))
    starts = np.concatenate([[0], ends[:-1]])
    codes = np.full(ends[-1], Path.LINETO, dtype=Path.code_type)
    codes[starts] = Path.MOVETO
    if close:
        codes[ends - 1] = Path.CLOSEPOLY
    return Path(shapely.get_coordinates(lines), codes)
