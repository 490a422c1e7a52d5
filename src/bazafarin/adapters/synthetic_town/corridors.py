"""Corridors: what passages take of the ground, half their width to each side of the centre-line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from bazafarin.adapters.synthetic_town.mesh import Floats, Ints, Mesh, Quads
from bazafarin.adapters.synthetic_town.passages import dead_ends

if TYPE_CHECKING:
    import numpy.typing as npt

    from bazafarin.adapters.synthetic_town.ground import Ground


_BEYOND_M = 25.0
"""How far past a block's corner a through street still takes its share of the corner."""


def corridors(mesh: Mesh, floor: Ground, block_quads: Quads, pieces: Quads):
    count = len(block_quads)
    line = block_quads.line.ravel()
    low = np.minimum(block_quads.from_t, block_quads.to_t).ravel()
    high = np.maximum(block_quads.from_t, block_quads.to_t).ravel()
    beyond = _BEYOND_M / mesh.lines.length_m[line]
    sides = floor.ways(line, np.maximum(low - beyond, 0), np.minimum(high + beyond, 1))
    street = _corridor(sides, mesh.lines.width_m[line])
    blocks = shapely.difference(floor.rings(block_quads), _union(street, np.repeat(np.arange(count), 4), count))
    line, owner = dead_ends(mesh, pieces)
    inner = _corridor(floor.ways(line, mesh.lines.from_t[line], mesh.lines.to_t[line]), mesh.lines.width_m[line])
    row = np.searchsorted(block_quads.block, owner)
    return blocks, shapely.difference(blocks, _union(inner, row, count))


def _corridor(lines, width_m):
    return shapely.buffer(lines, width_m / 2, cap_style="flat", join_style="mitre", mitre_limit=2.0)


def _union(shapes, owner, count):
    order = np.argsort(owner, kind='stable')
    shapes, owner = shapes[order], owner[order]
    groups = shapely.geometrycollections(shapes, indices=owner, out=np.full(count, shapely.GeometryCollection(), dtype=object))
    return shapely.union_all(groups[:, None], axis=1)
