"""The edges of faces (parcels, blocks, carriageways), found again by place.

A face is a polygon that a ray from a passage may meet. Its edges are kept as plain arrays
in a grid of square cells, because a town has millions of them and a tree of geometry
objects would cost more than all the measuring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

CELL_M = 8.0
"""Side of a cell: near the length of a parcel's edge, so that a cell holds a handful."""


@dataclass(frozen=True)
class FaceEdges:
    """Directed edges with the face on their left, sorted by the cell of their middle.

    Attributes:
        start: ``(n, 2)`` metres, relative to ``origin``.
        end: ``(n, 2)`` metres, relative to ``origin``; no edge is longer than a cell.
        face: position of the edge's polygon in the series that was given.
        cell: key of the edge's cell, ascending; ``row * columns + column``.
        columns: cells in one row of the grid.
        rows: rows of the grid.
        origin: ``(2,)`` the south-west corner of the grid.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    face: NDArray[np.intp]
    cell: NDArray[np.int64]
    columns: int
    rows: int
    origin: NDArray[np.float64]

    def near(
        self, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return pairs (box, edge) that hold every edge that meets a box, and some more.

        ``low`` and ``high`` are the ``(n, 2)`` corners of boxes, relative to ``origin``.
        An edge reaches at most half a cell from its middle, so boxes grow by that much.
        """
        limit = np.array([self.columns - 1, self.rows - 1])
        first = np.clip(np.floor((low - CELL_M / 2) / CELL_M).astype(np.int64), 0, limit)
        last = np.clip(np.floor((high + CELL_M / 2) / CELL_M).astype(np.int64), 0, limit)
        box, row = ragged_ranges(first[:, 1], last[:, 1] - first[:, 1] + 1)
        left = np.searchsorted(self.cell, row * self.columns + first[box, 0], side="left")
        right = np.searchsorted(self.cell, row * self.columns + last[box, 0], side="right")
        band, edge = ragged_ranges(left, right - left)
        return box[band], edge


def ragged_ranges(
    first: NDArray[np.intp], count: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (owner, value) of ``count[i]`` running numbers from ``first[i]`` for every ``i``.

    Example: ``first=[5, 9], count=[2, 1]`` gives ``owner=[0, 0, 1], value=[5, 6, 9]``.
    """
    owner = np.repeat(np.arange(len(first)), count)
    before = np.cumsum(count) - count
    value = np.arange(len(owner)) - np.repeat(before - first, count)
    return owner, value


def face_edges(faces: gpd.GeoSeries) -> FaceEdges:
    """Return the edges of the polygons of ``faces``, ready to be found by place."""
    points, ring_begins, is_hole, face = _rings(faces)
    origin = points.min(axis=0) if len(points) else np.zeros(2)
    points = points - origin
    start, end = points[:-1], points[1:]
    ring = np.repeat(np.arange(len(face)), np.diff(ring_begins))
    is_edge = np.ones(max(len(points) - 1, 0), dtype=np.bool_)
    is_edge[ring_begins[1:-1] - 1] = False  # from one ring's last point to the next's first
    start, end, ring = start[is_edge], end[is_edge], ring[:-1][is_edge]
    doubled_area = np.bincount(
        ring, weights=start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1], minlength=len(face)
    )
    is_backward = ((doubled_area < 0) != is_hole)[ring][:, None]
    start, end = np.where(is_backward, end, start), np.where(is_backward, start, end)
    return _sorted_by_cell(start, end, face[ring], origin)


def _rings(
    faces: gpd.GeoSeries,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the points of all rings, where each ring begins, if it is a hole, and its face."""
    if faces.empty:
        return np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.bool_), np.empty(0, np.int64)
    kind, points, offsets = shapely.to_ragged_array(faces.to_numpy(), include_z=False)
    rings_of, polygons_of = offsets[0], offsets[1]
    face = np.arange(len(polygons_of) - 1)
    if kind == shapely.GeometryType.MULTIPOLYGON:
        face = np.repeat(np.arange(len(faces)), np.diff(offsets[2]))
    is_hole: NDArray[np.bool_] = np.ones(len(rings_of) - 1, dtype=np.bool_)
    is_hole[polygons_of[:-1]] = False  # a polygon's first ring is its outside
    begins = np.asarray(rings_of, dtype=np.int64)
    return points, begins, is_hole, np.repeat(face, np.diff(polygons_of))


def _sorted_by_cell(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    face: NDArray[np.int64],
    origin: NDArray[np.float64],
) -> FaceEdges:
    start, end, edge = _cut_to_cell_length(start, end)
    column_row = ((start + end) / (2 * CELL_M)).astype(np.int64)
    columns, rows = (column_row.max(axis=0) + 1).tolist() if len(edge) else (1, 1)
    cell = column_row[:, 1] * columns + column_row[:, 0]
    order = np.argsort(cell)
    return FaceEdges(
        start[order], end[order], face[edge[order]], cell[order], columns, rows, origin
    )


def _cut_to_cell_length(
    start: NDArray[np.float64], end: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return the edges cut into equal parts no longer than a cell, and each part's edge."""
    along = end - start
    parts = np.ceil(np.hypot(along[:, 0], along[:, 1]) / CELL_M).astype(np.intp)
    long = np.nonzero(parts > 1)[0]
    owner, part = ragged_ranges(np.zeros_like(long), parts[long])
    step = along[long] / parts[long][:, None]
    first = start[long][owner] + step[owner] * part[:, None]
    whole = np.nonzero(parts == 1)[0]  # an edge of no length has no part
    return (
        np.concatenate([start[whole], first]),
        np.concatenate([end[whole], first + step[owner]]),
        np.concatenate([whole, long[owner]]),
    )
