"""A town as a tree of quadrilaterals: each cut runs between two opposite sides of one.

Every vertex is made once and remembered on the line it lies on, so that neighbours on both
sides of a line share exactly the same vertices and no gap or overlap can arise, however the
plane is deformed later. A line that is *open* between two of its parameters is the
centre-line of a passage there; where it is closed it is a wall between two parcels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.synthetic_town.quads import LineKind, Lines, Quads

if TYPE_CHECKING:
    import numpy.typing as npt

    from bazafarin.adapters.synthetic_town.quads import Cuts, Flags, Floats, Ints

_TOUCH_M = 1.2
"""A side that meets an open line for less than this has no door on it."""

_EDGE = 0.12
"""No cut meets a side nearer to its corner than this share: a piece stays a quadrilateral."""


class Mesh:
    """The growing town: its vertices, its lines, and the vertices that lie on each line."""

    def __init__(self, half_m: float, rim_width_m: float) -> None:
        corners = half_m * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        self._vertices = [corners]
        self._count = 4
        self._on_line: list[tuple[Ints, Floats, Ints]] = []
        self._pairs = 0
        here = np.arange(4)
        there = np.roll(here, -1)
        self.lines = Lines(
            ends=np.column_stack([here, there]),
            length_m=np.linalg.norm(corners[there] - corners[here], axis=1),
            width_m=np.full(4, rim_width_m),
            kind=np.full(4, LineKind.STREET, dtype=np.int64),
            from_t=np.zeros(4),
            to_t=np.ones(4),
            host=np.column_stack([np.roll(here, 1), there]),
            host_t=np.tile([1.0, 0.0], (4, 1)),
        )
        for at, vertex in ((0.0, here), (1.0, there)):
            self._on_line.append((here, np.full(4, at), vertex))

    def whole(self) -> Quads:
        """Return the plane before any cut, as one quadrilateral."""
        none = np.full(1, -1, dtype=np.int64)
        return Quads(
            xy=self._vertices[0][None],
            vertex=np.arange(4)[None],
            line=np.arange(4)[None],
            from_t=np.zeros((1, 4)),
            to_t=np.ones((1, 4)),
            ward=np.zeros(1, dtype=np.int64),
            fabric=none,
            block=none,
            role=np.zeros(1, dtype=np.int64),
            pair=none,
        )

    @property
    def vertices(self) -> Floats:
        """Return the place of every vertex, undeformed."""
        return np.concatenate(self._vertices)

    @property
    def on_lines(self) -> tuple[Ints, Floats, Ints]:
        """Return line, place on it (0–1) and vertex, for every vertex on every line."""
        line, at, vertex = (np.concatenate(each) for each in zip(*self._on_line, strict=True))
        return line, at, vertex

    def add_vertices(self, line: Ints, at: Floats) -> Ints:
        """Put new vertices on lines, at places counted 0–1 from their start."""
        known = self.vertices
        start, end = known[self.lines.ends[line, 0]], known[self.lines.ends[line, 1]]
        vertex = self._new_vertices(start + (end - start) * at[:, None])
        self._on_line.append((line, at, vertex))
        return vertex

    def split(self, quads: Quads, cuts: Cuts) -> tuple[Quads, Quads]:
        """Cut each quadrilateral in two: the part with corners 0 and 3, and the other."""
        start_xy, end_xy, start_t, end_t = _places(quads, cuts)
        start, end = self._new_vertices(start_xy), self._new_vertices(end_xy)
        line = len(self.lines) + np.arange(len(quads))
        self.lines = self.lines.joined(
            Lines(
                ends=np.column_stack([start, end]),
                length_m=np.linalg.norm(end_xy - start_xy, axis=1),
                width_m=cuts.width_m,
                kind=cuts.kind,
                from_t=cuts.from_t,
                to_t=cuts.to_t,
                host=quads.line[:, [0, 2]],
                host_t=np.column_stack([start_t, end_t]),
            )
        )
        zero, one = np.zeros(len(quads)), np.ones(len(quads))
        self._on_line += [
            (quads.line[:, 0], start_t, start),
            (quads.line[:, 2], end_t, end),
            (line, zero, start),
            (line, one, end),
        ]
        pair = self._pairs + np.arange(len(quads))
        self._pairs += len(quads)
        ((c0, c1, c2, c3), (v0, v1, v2, v3)) = _columns(quads.xy), _columns(quads.vertex)
        ((l0, l1, l2, l3), (a0, a1, a2, a3)) = _columns(quads.line), _columns(quads.from_t)
        b0, b1, b2, b3 = _columns(quads.to_t)
        near = replace(
            quads,
            xy=np.stack([c0, start_xy, end_xy, c3], axis=1),
            vertex=np.stack([v0, start, end, v3], axis=1),
            line=np.stack([l0, line, l2, l3], axis=1),
            from_t=np.stack([a0, zero, end_t, a3], axis=1),
            to_t=np.stack([start_t, one, b2, b3], axis=1),
            pair=pair,
        )
        far = replace(
            quads,
            xy=np.stack([start_xy, c1, c2, end_xy], axis=1),
            vertex=np.stack([start, v1, v2, end], axis=1),
            line=np.stack([l0, l1, l2, line], axis=1),
            from_t=np.stack([start_t, a1, a2, one], axis=1),
            to_t=np.stack([b0, b1, end_t, zero], axis=1),
            pair=pair,
        )
        return near, far

    def open_m(self, quads: Quads) -> Floats:
        """Return for how many metres each side of each quadrilateral lies on a passage."""
        low = np.minimum(quads.from_t, quads.to_t)
        high = np.maximum(quads.from_t, quads.to_t)
        shared = np.minimum(high, self.lines.to_t[quads.line])
        shared = shared - np.maximum(low, self.lines.from_t[quads.line])
        return np.clip(shared, 0.0, None) * self.lines.length_m[quads.line]

    def is_open(self, line: Ints, at: Floats) -> Flags:
        """Return whether a line is a passage at a place on it."""
        opened = self.lines.to_t[line] > self.lines.from_t[line]
        inside = (at >= self.lines.from_t[line]) & (at <= self.lines.to_t[line])
        return np.asarray(opened & inside)

    def has_door(self, quads: Quads) -> Flags:
        """Return which sides give onto a passage."""
        return self.open_m(quads) > _TOUCH_M

    def inset_m(self, quads: Quads) -> Floats:
        """Return how much of a quadrilateral each side's passage will take: half its width."""
        return np.where(self.has_door(quads), self.lines.width_m[quads.line] / 2, 0.0)

    def net_m(self, quads: Quads) -> tuple[Floats, Floats]:
        """Return length along sides 0 and 2 and along 1 and 3, less what passages take."""
        side, inset = quads.sides_m, self.inset_m(quads)
        along = (side[:, 0] + side[:, 2]) / 2 - inset[:, 1] - inset[:, 3]
        across = (side[:, 1] + side[:, 3]) / 2 - inset[:, 0] - inset[:, 2]
        return along, across

    def at_net(self, quads: Quads, share: Floats) -> tuple[Floats, Floats]:
        """Return the places on sides 0 and 2 that leave ``share`` of the net land behind."""
        side, inset = quads.sides_m[:, [0, 2]], self.inset_m(quads)
        before, after = inset[:, [3]], inset[:, [1]]
        at = (before + share[:, None] * (side - before - after)) / side
        at = np.clip(at, _EDGE, 1 - _EDGE)
        return at[:, 0], at[:, 1]

    def _new_vertices(self, xy: Floats) -> Ints:
        self._vertices.append(xy)
        vertex = self._count + np.arange(len(xy))
        self._count += len(xy)
        return vertex


def _columns(array: npt.NDArray[np.generic]) -> tuple[npt.NDArray[np.generic], ...]:
    return tuple(array[:, corner] for corner in range(4))


def _places(quads: Quads, cuts: Cuts) -> tuple[Floats, Floats, Floats, Floats]:
    """Return where each cut starts and ends: the points, and the places on their lines."""
    at_0, at_2 = cuts.at_0, cuts.at_2
    start_xy = quads.xy[:, 0] + (quads.xy[:, 1] - quads.xy[:, 0]) * at_0[:, None]
    end_xy = quads.xy[:, 3] + (quads.xy[:, 2] - quads.xy[:, 3]) * at_2[:, None]
    start_t = quads.from_t[:, 0] + (quads.to_t[:, 0] - quads.from_t[:, 0]) * at_0
    end_t = quads.to_t[:, 2] + (quads.from_t[:, 2] - quads.to_t[:, 2]) * at_2
    return start_xy, end_xy, start_t, end_t
