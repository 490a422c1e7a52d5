"""Passages: the pieces of centre-line between junctions, and the blocks they bound or enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.adapters.synthetic_town.quads import Flags, Floats, Ints, LineKind, Quads

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.ground import Ground
    from bazafarin.adapters.synthetic_town.mesh import Mesh
    from bazafarin.adapters.synthetic_town.quads import Shapes

_SHORTEST_M = 0.5
"""Two junctions closer than this are one: walls and lanes that meet a line at one corner."""
_WIDENING_SHARE = 0.04
"""Share of the lanes between streets that widen in the middle."""
_WIDENING_POINTS = 8
"""A lane drawn with fewer points than this is short or straight, and does not widen."""


@dataclass(frozen=True)
class Passages:
    """The passages of a town, and which of them bounds or enters which block.

    ``width_m`` is the width along the steady part, ``widest_m`` that of the middle (equal,
    but in the few lanes that widen). ``of_passage`` and ``of_block`` are rows of the
    passages and of the blocks, in pairs.
    """

    line: Ints
    from_t: Floats
    to_t: Floats
    width_m: Floats
    widest_m: Floats
    kind: Ints
    lines: Shapes
    of_passage: Ints
    of_block: Ints

    @property
    def is_dead_end(self) -> Flags:
        """Return which passages are dead ends, or the trunk of one that branches."""
        return np.asarray(self.kind == LineKind.DEAD_END)


def passages(
    mesh: Mesh, floor: Ground, block_quads: Quads, pieces: Quads, rng: np.random.Generator
) -> Passages:
    """Return the passages that bound or enter a block of the town."""
    line, from_t, to_t = _between_junctions(mesh)
    apart = floor.vertex_at(line, from_t) != floor.vertex_at(line, to_t)
    line, from_t, to_t = line[apart], from_t[apart], to_t[apart]
    row, block = _bounding(line, (from_t + to_t) / 2, block_quads)
    entered, inside = _dead_ends(mesh, pieces)
    dead = np.flatnonzero(np.isin(line, entered))
    own = inside[np.searchsorted(entered, line[dead])]
    block = np.concatenate([block, np.searchsorted(block_quads.block, own)])
    used, row = np.unique(np.concatenate([row, dead]), return_inverse=True)
    line, from_t, to_t = line[used], from_t[used], to_t[used]
    lines, width, kind = floor.ways(line, from_t, to_t), mesh.lines.width_m[line], mesh.lines.kind
    widens = (kind[line] == LineKind.LANE) & (
        shapely.get_num_coordinates(lines) >= _WIDENING_POINTS
    )
    widens &= rng.random(len(line)) < _WIDENING_SHARE
    more = np.round(rng.uniform(0.8, 2.0, len(line)), 1)
    widest = np.where(widens, width + more, width)
    return Passages(line, from_t, to_t, width, widest, kind[line], lines, row, block)


def connected(mesh: Mesh, block_quads: Quads) -> Flags:
    """Return which blocks hang together along their streets with most of the others."""
    line, from_t, to_t = _between_junctions(mesh)
    row, block = _bounding(line, (from_t + to_t) / 2, block_quads)
    count = len(block_quads)
    shape = (count + len(line), count + len(line))
    pairs = coo_array((np.ones(len(row), dtype=np.int8), (block, count + row)), shape=shape)
    group = connected_components(pairs, directed=False)[1][:count]
    return np.asarray(group == np.argmax(np.bincount(group)))


def _dead_ends(mesh: Mesh, pieces: Quads) -> tuple[Ints, Ints]:
    """Return the lines of the dead ends, sorted, and the block that each enters."""
    dead = mesh.lines.kind[pieces.line] == LineKind.DEAD_END
    line, first = np.unique(pieces.line[dead], return_index=True)
    return line, np.repeat(pieces.block, 4).reshape(-1, 4)[dead][first]


def _between_junctions(mesh: Mesh) -> tuple[Ints, Floats, Floats]:
    """Return line and the two places of every piece of passage between junctions."""
    lines = mesh.lines
    opened = lines.to_t > lines.from_t
    own = np.flatnonzero(opened)
    start, end = opened & (lines.from_t == 0), opened & (lines.to_t == 1)
    line = np.concatenate([own, own, lines.host[start, 0], lines.host[end, 1]])
    at = np.concatenate(
        [lines.from_t[own], lines.to_t[own], lines.host_t[start, 0], lines.host_t[end, 1]]
    )
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    apart = (line[1:] != line[:-1]) | (np.diff(at) * lines.length_m[line[1:]] > _SHORTEST_M)
    first = np.concatenate([[True], apart])
    line, at = line[first], at[first]
    piece = (line[1:] == line[:-1]) & mesh.is_open(line[1:], (at[1:] + at[:-1]) / 2)
    return line[:-1][piece], at[:-1][piece], at[1:][piece]


def _bounding(line: Ints, middle: Floats, block_quads: Quads) -> tuple[Ints, Ints]:
    """Return rows of pieces and of the blocks whose sides they lie on."""
    key = 2 * line + middle
    low = np.minimum(block_quads.from_t, block_quads.to_t).ravel()
    high = np.maximum(block_quads.from_t, block_quads.to_t).ravel()
    side = block_quads.line.ravel()
    first, last = np.searchsorted(key, 2 * side + low), np.searchsorted(key, 2 * side + high)
    count = last - first
    block = np.repeat(np.arange(len(side)), count)
    step = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    return first[block] + step, block // 4
