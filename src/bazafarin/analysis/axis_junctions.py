"""Junctions of an axis: nodes that share their open disc are one, set where the arms lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.axis_chains import Chains
    from bazafarin.analysis.medial_axis import MedialAxis

_JUNCTION = 3
"""Ridges at a junction, at least."""
_ONE_JUNCTION = 0.5
"""Nodes nearer than this share of their open discs are one junction: two streets that leave
a third at nearly one place, and the two nodes of a crossing that is not quite square."""
_STAY = 0.001
"""How much a junction stays where it was, against one of its arms: it decides where no two
arms cross."""
_MOST_MOVED = 0.5
"""Share of its open disc that a junction may move by."""


@dataclass(frozen=True)
class Junctions:
    """Where chains meet or end.

    ``of_node`` numbers the junction of each node of the axis and ``point`` places it;
    ``is_inner`` marks chains that lie within one junction, and ``is_clear`` the ridges (in
    the chains' order) outside the open discs at the ends of their chains.
    """

    of_node: NDArray[np.intp]
    point: NDArray[np.float64]
    is_inner: NDArray[np.bool_]
    is_clear: NDArray[np.bool_]


def junctions(axis: MedialAxis, chains: Chains) -> Junctions:
    """Return the junctions: two nodes are one where their open discs are nearly the same.

    A junction stands where the arms that leave its discs would cross, so that a street
    runs straight past its side streets; it moves no farther than half its disc.
    """
    is_inner = _is_inner(axis, chains)
    nodes = len(axis.node)
    links = (chains.first[is_inner], chains.last[is_inner])
    ones = np.ones(len(links[0]), dtype=np.int8)
    graph = coo_array((ones, links), shape=(nodes, nodes))
    of_node = np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)
    is_clear = _is_clear(axis, chains)
    ends = np.unique(np.concatenate([chains.first, chains.last]))
    count = np.bincount(of_node[ends], minlength=of_node.max(initial=-1) + 1)
    point = np.column_stack(
        [
            np.bincount(of_node[ends], weights=axis.node[ends, i], minlength=len(count))
            / np.maximum(count, 1)
            for i in (0, 1)
        ]
    )
    moved = _where_arms_cross(axis, chains, of_node, point, is_clear & ~is_inner[chains.chain])
    clear = np.zeros(len(count))
    np.maximum.at(clear, of_node[ends], axis.node_clear_m[ends])
    far = np.hypot(*(moved - point).T)
    share = np.minimum(1.0, _MOST_MOVED * clear / np.maximum(far, 1e-9))
    point += share[:, None] * (moved - point)
    _end_at_ridges(axis, chains, of_node, point)
    return Junctions(of_node, point, is_inner, is_clear)


def _end_at_ridges(
    axis: MedialAxis, chains: Chains, of_node: NDArray[np.intp], point: NDArray[np.float64]
) -> None:
    """Set the free ends to the middles of their last ridges: beyond lies a corner or a mouth."""
    every = np.arange(len(chains))
    starts = np.searchsorted(chains.chain, every)
    stops = np.searchsorted(chains.chain, every, side="right") - 1
    for node, at in ((chains.first, starts), (chains.last, stops)):
        free = chains.degree[node] == 1
        point[of_node[node[free]]] = axis.middle[chains.ridge[at[free]]]


def _is_inner(axis: MedialAxis, chains: Chains) -> NDArray[np.bool_]:
    """Return which chains join two nodes of one junction and stay within its discs."""
    first, last = chains.first, chains.last
    apart = np.hypot(*(axis.node[first] - axis.node[last]).T)
    clear = np.minimum(axis.node_clear_m[first], axis.node_clear_m[last])
    near = apart < _ONE_JUNCTION * clear
    is_junction = chains.degree >= _JUNCTION
    inner: NDArray[np.bool_] = near & is_junction[first] & is_junction[last] & (first != last)
    inner[chains.chain[_is_clear(axis, chains)]] = False
    return inner


def _is_clear(axis: MedialAxis, chains: Chains) -> NDArray[np.bool_]:
    """Return which ridges' middles lie outside the discs of the junctions of their chains."""
    middle = axis.middle[chains.ridge]
    clear = np.ones(len(middle), dtype=np.bool_)
    for node in (chains.first[chains.chain], chains.last[chains.chain]):
        far = np.hypot(*(axis.node[node] - middle).T)
        clear &= (far >= axis.node_clear_m[node]) | (chains.degree[node] < _JUNCTION)
    return clear


def _where_arms_cross(
    axis: MedialAxis,
    chains: Chains,
    of_node: NDArray[np.intp],
    point: NDArray[np.float64],
    is_clear: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Return the points nearest to the lines on which the arms leave (least squares)."""
    from_first, from_last = _leaving(chains, is_clear)
    at, ahead, node = (np.concatenate(pair) for pair in zip(from_first, from_last, strict=True))
    start = axis.middle[chains.ridge[at]]
    way = axis.middle[chains.ridge[ahead]] - start
    way /= np.hypot(*way.T)[:, None]
    junction = of_node[node]
    across = np.eye(2) - way[:, :, None] * way[:, None, :]
    normal = np.tile(_STAY * np.eye(2), (len(point), 1, 1))
    right = _STAY * point
    np.add.at(normal, junction, across)
    np.add.at(right, junction, (across @ start[:, :, None])[:, :, 0])
    return np.asarray(np.linalg.solve(normal, right[:, :, None])[:, :, 0])


def _leaving(
    chains: Chains, is_clear: NDArray[np.bool_]
) -> tuple[tuple[NDArray[np.intp], ...], tuple[NDArray[np.intp], ...]]:
    """Return for each end of a chain the place where it leaves its disc, one ahead, its node."""
    place = np.flatnonzero(is_clear)
    chain = chains.chain[place]
    is_first = np.append(True, np.diff(chain) != 0)[: len(chain)]
    is_last = np.append(is_first[1:], True)[: len(chain)]
    begin, stop = place[is_first], place[is_last]
    long = stop > begin
    begin, stop, chain = begin[long], stop[long], chain[is_first][long]
    ahead = np.minimum(begin + _AHEAD, stop)
    behind = np.maximum(stop - _AHEAD, begin)
    return (begin, ahead, chains.first[chain]), (stop, behind, chains.last[chain])


_AHEAD = 4
"""Ridges from which the direction of an arm is taken."""
