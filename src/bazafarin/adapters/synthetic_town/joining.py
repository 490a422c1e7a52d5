"""Joining: scraps of land go to a neighbour, and pairs of lots are joined to meet the count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.adapters.synthetic_town.edges import shared_edges
from bazafarin.adapters.synthetic_town.lots import ROLE_HOUSE, ROLE_SHOP
from bazafarin.adapters.synthetic_town.quads import LineKind, Quads

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.mesh import Mesh
    from bazafarin.adapters.synthetic_town.quads import Flags, Ints, Shapes

_SMALLEST_M2 = 16.0
_SMALLEST_SHOP_M2 = 9.0
_THINNEST_M = 1.75
"""Twice area over perimeter: half the width of a long lot; below it, a lot is a needle."""
_THINNEST_SHOP_M = 1.25
_BORDER_M = 0.5
"""Two pieces that share less border than this are no neighbours."""


def without_scraps(pieces: Quads, shapes: Shapes) -> tuple[Quads, Shapes]:
    """Return the pieces with every scrap given to the neighbour it shares most border with.

    A scrap is too small or thin to be a lot, or was cut off from its lot by a passage.
    Scraps without a neighbour are left to the street.
    """
    pieces, parts, row = _in_parts(pieces, shapes)
    area = shapely.area(parts)
    order = np.lexsort((-area, row))
    cut_off = np.ones(len(row), dtype=bool)
    cut_off[order[np.unique(row[order], return_index=True)[1]]] = False
    scrap = cut_off | _is_scrap(pieces, parts)
    giver, taker = _best_neighbours(pieces, parts, np.flatnonzero(scrap))
    alone = scrap.copy()
    alone[giver] = False
    pieces, parts, group = _joined(pieces, parts, giver, taker)
    return pieces.take(~alone[group]), parts[~alone[group]]


def joined_to_count(mesh: Mesh, pieces: Quads, shapes: Shapes, count: int) -> tuple[Quads, Shapes]:
    """Return exactly ``count`` pieces: the smallest pairs of one cut are joined again."""
    surplus = len(pieces) - count
    near, far = _pairs(mesh, pieces)
    area = shapely.area(shapes)
    pick = np.argsort(area[near] + area[far], kind="stable")[:surplus]
    pieces, shapes, _ = _joined(pieces, shapes, far[pick], near[pick])
    return pieces, shapes


def _in_parts(pieces: Quads, shapes: Shapes) -> tuple[Quads, Shapes, Ints]:
    """Return every part of every shape with its piece, edges shared, and the row it came from."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, row = parts[shapely.area(parts) > 0], row[shapely.area(parts) > 0]
    shared = shared_edges(parts, pieces.block[row])
    parts, part = shapely.get_parts(shared, return_index=True)
    kept = shapely.area(parts) > 0
    row = row[part[kept]]
    return pieces.take(row), parts[kept], row


def _is_scrap(pieces: Quads, shapes: Shapes) -> Flags:
    area, border = shapely.area(shapes), shapely.length(shapes)
    shop = pieces.role == ROLE_SHOP
    small = area < np.where(shop, _SMALLEST_SHOP_M2, _SMALLEST_M2)
    return small | (2 * area / border < np.where(shop, _THINNEST_SHOP_M, _THINNEST_M))


def _best_neighbours(pieces: Quads, shapes: Shapes, scraps: Ints) -> tuple[Ints, Ints]:
    """Return each scrap that has a neighbour in its block, and the one with the longest border."""
    tree = shapely.STRtree(shapes)
    which, other = tree.query(shapes[scraps], predicate="intersects")
    one = scraps[which]
    near = (one != other) & (pieces.block[one] == pieces.block[other])
    one, other = one[near], other[near]
    border = shapely.length(shapely.intersection(shapes[one], shapes[other]))
    # A house is the better taker: a service keeps the land that was set aside for it.
    worth = np.where(pieces.role[other] <= ROLE_SHOP, border, border / 10)
    order = np.lexsort((other, -worth, one))
    order = order[border[order] > _BORDER_M]
    first = np.unique(one[order], return_index=True)[1]
    return one[order][first], other[order][first]


def _joined(pieces: Quads, shapes: Shapes, giver: Ints, taker: Ints) -> tuple[Quads, Shapes, Ints]:
    """Return the pieces after joining, and the row that each of them was led by before.

    Of pieces joined into one, the largest gives its quadrilateral and role.
    """
    count = len(pieces)
    links = coo_array((np.ones(len(giver), dtype=np.int8), (giver, taker)), shape=(count, count))
    group = connected_components(links, directed=False)[1]
    order = np.lexsort((-shapely.area(shapes), group))
    leader = order[np.unique(group[order], return_index=True)[1]]
    leader_of = leader[group]
    members = np.flatnonzero(np.bincount(group)[group] > 1)
    members = members[np.argsort(leader_of[members], kind="stable")]
    shapes = shapes.copy()
    if len(members):
        led, place = np.unique(leader_of[members], return_inverse=True)
        sets = np.asarray(shapely.geometrycollections(shapes[members], indices=place))
        shapes[led] = shapely.coverage_union_all(sets[:, None], axis=1)
    kept = np.sort(leader)
    return pieces.take(kept), shapes[kept], kept


def _pairs(mesh: Mesh, pieces: Quads) -> tuple[Ints, Ints]:
    """Return the two rows of every pair of houses that one wall parts, neither cut further."""
    rows = np.flatnonzero((pieces.role == ROLE_HOUSE) & (pieces.pair >= 0))
    rows = rows[np.argsort(pieces.pair[rows], kind="stable")]
    first = np.flatnonzero(np.diff(pieces.pair[rows]) == 0)
    near, far = rows[first], rows[first + 1]
    # Side 1 of the near part is the cut itself; an open one is a dead end.
    wall = mesh.lines.kind[pieces.line[near, 1]] == LineKind.WALL
    return near[wall], far[wall]
