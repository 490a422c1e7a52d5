"""The ground: every line with its vertices in order, bent, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.adapters.synthetic_town.quads import Flags, Floats, Ints, LineKind, Quads

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bazafarin.adapters.synthetic_town.mesh import Mesh

_STEP_M = 6.0
"""How far apart the points of a bending lane lie."""
_SLACK = 1e-8
"""Places on a line are told apart to this, as a share of its length."""
_WALL_STEP_M = 11.0
"""How far apart the points of a bending wall lie."""
_SAME_M = 0.5
"""Corners of two walls that meet a line closer than this are one corner."""


@dataclass(frozen=True)
class Ground:
    """Vertices in order along every line, ``xy`` is where they lie.

    ``key`` is twice the line plus the place on it (0–1), sorted; ``vertex`` stands beside
    it; ``is_way`` marks the vertices that the centre-line of a passage goes through.
    """

    xy: Floats
    key: Floats
    vertex: Ints
    is_way: Flags
    same: Ints

    def bent(self, bend: Callable[[Floats], Floats]) -> Ground:
        """Return the ground once bent, to the millimetre."""
        return replace(self, xy=np.round(bend(self.xy), 3))

    def rings(self, quads: Quads) -> npt.NDArray[np.object_]:
        """Return each quadrilateral as a polygon, with every vertex of its sides."""
        count = len(quads)
        owner, vertex = self._along(
            quads.line.ravel(), quads.from_t.ravel(), quads.to_t.ravel(), self.is_way | True
        )
        corners = self.same[quads.vertex.ravel()]
        owner = np.concatenate([np.arange(4 * count), owner])
        vertex = np.concatenate([corners, vertex])
        order = np.argsort(owner, kind="stable")
        ring, vertex = owner[order] // 4, vertex[order]
        kept = _not_repeated(ring, vertex)
        ring, vertex = ring[kept], vertex[kept]
        return np.asarray(shapely.polygons(shapely.linearrings(self.xy[vertex], indices=ring)))

    def vertex_at(self, line: Ints, at: Floats) -> Ints:
        """Return the vertex at a place where there is one."""
        return self.vertex[np.searchsorted(self.key, 2 * line + at - _SLACK)]

    def ways(self, line: Ints, from_t: Floats, to_t: Floats) -> npt.NDArray[np.object_]:
        """Return the centre-lines between two places of lines, ends included."""
        owner, vertex = self._along(line, from_t, to_t, self.is_way, ends=True)
        kept = _not_repeated(owner, vertex)
        return np.asarray(shapely.linestrings(self.xy[vertex[kept]], indices=owner[kept]))

    def _along(
        self, line: Ints, from_t: Floats, to_t: Floats, wanted: Flags, *, ends: bool = False
    ) -> tuple[Ints, Ints]:
        """Return the wanted vertices between two places of each line, in that direction."""
        low, high = np.minimum(from_t, to_t), np.maximum(from_t, to_t)
        slack = -_SLACK if ends else _SLACK
        first = np.searchsorted(self.key, 2 * line + low + slack)
        last = np.searchsorted(self.key, 2 * line + high - slack)
        count = np.maximum(last - first, 0)
        owner = np.repeat(np.arange(len(line)), count)
        step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        forward = (to_t >= from_t)[owner]
        row = np.where(forward, first[owner] + step, last[owner] - 1 - step)
        kept = wanted[row]
        return owner[kept], self.vertex[row[kept]]


def _not_repeated(owner: Ints, vertex: Ints) -> Flags:
    """Return what does not repeat the vertex before it in the same ring or line."""
    kept = np.ones(len(owner), dtype=bool)
    kept[1:] = (owner[1:] != owner[:-1]) | (vertex[1:] != vertex[:-1])
    return kept


def ground(mesh: Mesh, strength: Callable[[Floats], Floats]) -> Ground:
    """Put points along the lines that bend, and order what lies on each; nothing bent yet."""
    way = _ways(mesh)
    opened = mesh.lines.to_t > mesh.lines.from_t
    joined = [_bend_points(mesh, strength, opened, _STEP_M), way]
    _bend_points(mesh, strength, ~opened, _WALL_STEP_M)
    line, at, vertex = mesh.on_lines
    is_way = np.isin(vertex, np.concatenate(joined))
    order = np.lexsort((vertex, at, line))
    line, at, vertex, is_way = line[order], at[order], vertex[order], is_way[order]
    close = (line[1:] == line[:-1]) & (np.diff(at) * mesh.lines.length_m[line[1:]] < _SAME_M)
    xy = mesh.vertices
    same = _representatives(len(xy), vertex[:-1][close], vertex[1:][close])
    # A way goes through a vertex that stands for others whenever it goes through one of them.
    through = np.zeros(len(xy), dtype=bool)
    through[same[vertex[is_way]]] = True
    return Ground(
        xy=xy,
        key=2.0 * line + at,
        vertex=same[vertex],
        is_way=is_way | through[same[vertex]],
        same=same,
    )


def _representatives(count: int, one: Ints, other: Ints) -> Ints:
    """Return for each vertex the lowest vertex that it is one with."""
    pairs = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    group = connected_components(pairs, directed=False)[1]
    first = np.full(group.max() + 1, count)
    np.minimum.at(first, group, np.arange(count))
    return np.asarray(first[group])


def _ways(mesh: Mesh) -> Ints:
    """Return the vertices where passages start, end or meet."""
    lines = mesh.lines
    opened = lines.to_t > lines.from_t
    start = lines.ends[opened & (lines.from_t == 0), 0]
    end = lines.ends[opened & (lines.to_t == 1), 1]
    dead = np.flatnonzero(lines.kind == LineKind.DEAD_END)
    head = np.where(lines.from_t[dead] > 0, lines.from_t[dead], lines.to_t[dead])
    return np.concatenate([start, end, mesh.add_vertices(dead, head)])


def _bend_points(
    mesh: Mesh, strength: Callable[[Floats], Floats], which: Flags, step_m: float
) -> Ints:
    """Put points every few metres on those lines that bend; return their vertices."""
    lines, xy = mesh.lines, mesh.vertices
    ends = xy[lines.ends]
    felt = np.maximum.reduce([strength(ends[:, 0]), strength(ends[:, 1]), strength(ends.mean(1))])
    bending = np.flatnonzero(which & (felt > 0))
    count = np.floor(lines.length_m[bending] / step_m).astype(np.int64)
    line = np.repeat(bending, count)
    step = 1 + np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    return mesh.add_vertices(line, step / (np.repeat(count, count) + 1))
