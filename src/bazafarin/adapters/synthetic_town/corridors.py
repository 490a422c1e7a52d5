"""Corridors: what passages take of the ground, half their width to each side of the centre-line.

The corridor is cut out of the bent ground, so that the distance between the faces across a
centre-line is the passage's width wherever it is steady. A small share of the lanes widens in
the middle (a jelokhan before a door or a mosque): there it is ``widest_m``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.ground import Ground
    from bazafarin.adapters.synthetic_town.mesh import Mesh
    from bazafarin.adapters.synthetic_town.passages import Passages
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints, Quads, Shapes

_BEYOND_M = 25.0
"""How far past a block's corner a through street still takes its share of the corner."""
_WIDER_FROM, _WIDER_TO = 0.32, 0.68
"""The part of a widening lane's length that is wider: less than half of it."""


def corridors(
    mesh: Mesh, floor: Ground, block_quads: Quads, outlines: Shapes, ways: Passages
) -> tuple[Shapes, Shapes]:
    """Return each block, face to face of its streets, and its land without its dead ends.

    ``outlines`` are the blocks from centre-line to centre-line of their streets.
    """
    count = len(block_quads)
    streets = _union(*_streets(mesh, floor, block_quads), *_widenings(floor, ways), count=count)
    blocks = shapely.difference(outlines, streets)
    dead = ways.is_dead_end[ways.of_passage]
    inner = _corridor(ways.lines[ways.of_passage[dead]], ways.width_m[ways.of_passage[dead]])
    return blocks, shapely.difference(blocks, _union(inner, ways.of_block[dead], count=count))


def _streets(mesh: Mesh, floor: Ground, block_quads: Quads) -> tuple[Shapes, Ints]:
    """Return the corridors along the four sides of each block, and the block's row."""
    line = block_quads.line.ravel()
    low = np.minimum(block_quads.from_t, block_quads.to_t).ravel()
    high = np.maximum(block_quads.from_t, block_quads.to_t).ravel()
    beyond = _BEYOND_M / mesh.lines.length_m[line]
    sides = floor.ways(line, np.maximum(low - beyond, 0), np.minimum(high + beyond, 1))
    return _corridor(sides, mesh.lines.width_m[line]), np.repeat(np.arange(len(block_quads)), 4)


def _widenings(floor: Ground, ways: Passages) -> tuple[Shapes, Ints]:
    """Return the wider middles of the lanes that widen, and the blocks' rows."""
    widens = (ways.widest_m > ways.width_m)[ways.of_passage]
    row = ways.of_passage[widens]
    long = ways.to_t[row] - ways.from_t[row]
    middle = floor.ways(
        ways.line[row], ways.from_t[row] + _WIDER_FROM * long, ways.from_t[row] + _WIDER_TO * long
    )
    return _corridor(middle, ways.widest_m[row]), ways.of_block[widens]


def _corridor(lines: Shapes, width_m: Floats) -> Shapes:
    corridor = shapely.buffer(
        lines, width_m / 2, cap_style="flat", join_style="mitre", mitre_limit=2.0
    )
    return np.asarray(corridor)


def _union(*pairs: Shapes | Ints, count: int) -> Shapes:
    """Return the union of the shapes of each row, from shapes and rows in turn."""
    shapes = np.concatenate(pairs[::2])
    owner = np.concatenate(pairs[1::2])
    order = np.argsort(owner, kind="stable")
    none = np.full(count, shapely.GeometryCollection(), dtype=object)
    sets = np.asarray(shapely.geometrycollections(shapes[order], indices=owner[order], out=none))
    return np.asarray(shapely.union_all(sets[:, None], axis=1))
