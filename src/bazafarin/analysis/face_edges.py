"""The edges of faces (parcels, blocks, carriageways), found again by place.

A face is a polygon that a ray from a passage may meet. Its edges are kept as plain arrays
in a grid of square cells, because a town has millions of them and a tree of geometry
objects would cost more than all the measuring.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from bazafarin.analysis.batches import in_batches

if TYPE_CHECKING:
    import geopandas as gpd

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

    def chosen(self, keep: NDArray[np.bool_] | slice) -> FaceEdges:
        """Return the edges that ``keep`` marks or spans, in the same grid."""
        return replace(
            self,
            start=self.start[keep],
            end=self.end[keep],
            face=self.face[keep],
            cell=self.cell[keep],
        )

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


def along(offset: NDArray[np.float64], unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far offsets lie along directions, metres."""
    return offset[:, 0] * unit[:, 0] + offset[:, 1] * unit[:, 1]


def across(offset: NDArray[np.float64], unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far offsets lie to the left of directions, metres."""
    return offset[:, 1] * unit[:, 0] - offset[:, 0] * unit[:, 1]


def face_edges(faces: gpd.GeoSeries) -> FaceEdges:
    """Return the edges of the polygons of ``faces``, ready to be found by place."""
    polygons = faces.to_numpy()
    grid = _Grid.over(polygons)

    def edges_of(batch: slice) -> _Edges:
        points, ring_begins, is_hole, face = _rings(polygons[batch])
        points = points - grid.origin
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
        return _cut_to_cell_length(start, end, batch.start + face[ring])

    return _sorted_by_cell(in_batches(edges_of, len(polygons), at_most=_FACES), grid)


def line_edges(lines: gpd.GeoSeries) -> FaceEdges:
    """Return the segments of ``lines``, ready to be found by place; ``face`` is the line."""
    grid = _Grid.over(lines.to_numpy())
    parts, of_line = shapely.get_parts(lines.to_numpy(), return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    points = points - grid.origin
    is_segment = part[1:] == part[:-1]
    start, end = points[:-1][is_segment], points[1:][is_segment]
    return _sorted_by_cell([_cut_to_cell_length(start, end, of_line[part[1:][is_segment]])], grid)


def is_party_wall(edges: FaceEdges) -> NDArray[np.bool_]:
    """Return whether another face has the same edge, drawn from the same points, behind it.

    The edge and its twin run in opposite directions, so there is a face on both sides. They
    have one middle, so they lie in one cell, and cells may be searched apart.
    """
    found = np.zeros(len(edges.face), dtype=np.bool_)

    def mark(batch: slice) -> None:
        # the batch goes from the beginning of one cell to that of another
        first, last = np.searchsorted(edges.cell, cells[[batch.start, batch.stop]])
        found[first:last] = _has_twin(edges.chosen(slice(first, last)))

    cells = np.append(edges.cell, edges.cell[-1:] + 1)
    in_batches(mark, len(found), at_most=_BATCH)  # each marks its own edges only
    return found


def _has_twin(edges: FaceEdges) -> NDArray[np.bool_]:
    middle = np.ascontiguousarray(edges.start + edges.end).view(np.uint64)
    key = middle[:, 0] * _MIX[0] + middle[:, 1] * _MIX[1]
    order = np.argsort(key)
    key = key[order]
    found = np.zeros(len(key), dtype=np.bool_)
    away = 1
    while away < len(key) and (one := np.nonzero(key[away:] == key[:-away])[0]).size:
        # edges of one middle form a group of the order: twins mostly stand side by side in it
        first, second = order[one], order[one + away]
        is_twin = (edges.start[first] == edges.end[second]).all(axis=1)
        is_twin &= (edges.end[first] == edges.start[second]).all(axis=1)
        is_twin &= edges.face[first] != edges.face[second]
        found[first[is_twin]] = found[second[is_twin]] = True
        away += 1
    return found


_Edges = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]
"""Start, end and face of edges."""
_NO_EDGES = (np.empty((0, 2)), np.empty((0, 2)), np.empty(0, dtype=np.intp))
_FACES = 10_000
"""Polygons taken apart at a time: their points stay in the cache, and each core gets work."""
_BATCH = 50_000
"""Edges searched for twins at a time: they stay in the cache, and each core gets work."""
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
"""Odd numbers that spread the bits of two coordinates over one key."""


@dataclass(frozen=True)
class _Grid:
    """The cells over a layer."""

    origin: NDArray[np.float64]
    columns: int
    rows: int

    @classmethod
    def over(cls, geometries: NDArray[np.object_]) -> _Grid:
        if not len(geometries):
            return cls(np.zeros(2), 1, 1)
        bounds = np.reshape(shapely.total_bounds(geometries), (2, 2))
        columns, rows = np.floor((bounds[1] - bounds[0]) / CELL_M).astype(int) + 1
        return cls(bounds[0], int(columns), int(rows))


def _rings(
    faces: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the points of all rings, where each ring begins, if it is a hole, and its face."""
    kind, points, offsets = shapely.to_ragged_array(faces, include_z=False)
    rings_of, polygons_of = offsets[0], offsets[1]
    face = np.arange(len(polygons_of) - 1)
    if kind == shapely.GeometryType.MULTIPOLYGON:
        face = np.repeat(np.arange(len(faces)), np.diff(offsets[2]))
    is_hole: NDArray[np.bool_] = np.ones(len(rings_of) - 1, dtype=np.bool_)
    is_hole[polygons_of[:-1]] = False  # a polygon's first ring is its outside
    begins = np.asarray(rings_of, dtype=np.int64)
    return points, begins, is_hole, np.repeat(face, np.diff(polygons_of))


def _sorted_by_cell(found: list[_Edges], grid: _Grid) -> FaceEdges:
    """Return the edges in one table, those of a cell together."""
    start, end, face = (np.concatenate(column) for column in zip(_NO_EDGES, *found, strict=True))
    column_row = ((start + end) / (2 * CELL_M)).astype(np.int64)
    cell = column_row[:, 1] * grid.columns + column_row[:, 0]
    order = np.argsort(cell, kind="stable")  # they come sorted by polygon, neighbours together
    # take() and not [order]: several times as fast for rows of two
    start, end = np.take(start, order, axis=0), np.take(end, order, axis=0)
    return FaceEdges(start, end, face[order], cell[order], grid.columns, grid.rows, grid.origin)


def _cut_to_cell_length(
    start: NDArray[np.float64], end: NDArray[np.float64], face: NDArray[np.intp]
) -> _Edges:
    """Return the edges cut into equal parts no longer than a cell.

    An edge is cut at the same points, to the last bit, whichever way it runs.
    """
    along = end - start
    parts = np.ceil(np.hypot(along[:, 0], along[:, 1]) / CELL_M).astype(np.intp)
    long = np.nonzero(parts > 1)[0]
    is_westward = (along[long, 0] < 0) | ((along[long, 0] == 0) & (along[long, 1] < 0))
    west = np.where(is_westward[:, None], end[long], start[long])
    east = np.where(is_westward[:, None], start[long], end[long])
    step = (east - west) / parts[long][:, None]
    owner, part = ragged_ranges(np.zeros_like(long), parts[long])
    cut_west = west[owner] + step[owner] * part[:, None]
    cut_east = west[owner] + step[owner] * (part[:, None] + 1)
    is_last = (part + 1 == parts[long][owner])[:, None]
    cut_east = np.where(is_last, east[owner], cut_east)
    turned = is_westward[owner][:, None]
    whole = np.nonzero(parts == 1)[0]  # an edge of no length has no part
    return (
        np.concatenate([start[whole], np.where(turned, cut_east, cut_west)]),
        np.concatenate([end[whole], np.where(turned, cut_west, cut_east)]),
        face[np.concatenate([whole, long[owner]])],
    )
