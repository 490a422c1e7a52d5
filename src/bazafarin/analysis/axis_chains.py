"""An axis as chains: ridges one after the other from junction to junction, spurs left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.medial_axis import MedialAxis

_THROUGH = 2
"""Ridges at a node that is neither an end nor a junction."""


@dataclass(frozen=True)
class Chains:
    """Ridges in the order in which they are walked, chain after chain.

    ``ridge`` and ``chain`` are parallel; ``first`` and ``last`` are the nodes at the ends
    of each chain, one and the same where it closes; ``degree`` counts the ridges at every
    node of the axis.
    """

    ridge: NDArray[np.intp]
    chain: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    degree: NDArray[np.intp]

    def __len__(self) -> int:
        """Return how many chains there are."""
        return len(self.first)


def without_spurs(
    axis: MedialAxis, *, least_facing: float, spur_widths: float
) -> tuple[MedialAxis, Chains]:
    """Return the axis without its spurs, and its chains.

    From a free end, ridges go whose walls do not face each other (a mouth to the open
    country, a corner); then chains with a free end that reach less than ``spur_widths``
    times their own width beyond the open disc about their junction (the recess of a
    front). One round may leave free ends for the next.
    """
    while True:
        axis = axis.chosen(~_dangling(axis, axis.facing < least_facing))
        chains = chains_of(axis)
        spur = _is_spur(axis, chains, least_facing, spur_widths)
        if not spur.any():
            return axis, chains
        keep = np.ones(len(axis.one), dtype=np.bool_)
        keep[chains.ridge[spur[chains.chain]]] = False
        axis = axis.chosen(keep)


def _dangling(axis: MedialAxis, may_go: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the ridges that go when each free end is cut back as far as it may."""
    node = np.concatenate([axis.one, axis.other])
    order = np.argsort(node, kind="stable")
    ridge_at = np.tile(np.arange(len(axis.one)), 2)[order]
    degree = np.bincount(node, minlength=len(axis.node))
    first = np.cumsum(degree) - degree
    gone = np.zeros(len(axis.one), dtype=np.bool_)
    ends = np.flatnonzero(degree == 1)
    while len(ends):  # one ridge from every free end at a time
        place = first[ends]
        ridge = np.full(len(ends), -1)
        for nth in range(3):  # a triangle has three sides
            at = np.minimum(place + nth, len(ridge_at) - 1)
            is_left = (place + nth < len(ridge_at)) & ~gone[ridge_at[at]]
            is_left &= (axis.one[ridge_at[at]] == ends) | (axis.other[ridge_at[at]] == ends)
            ridge[is_left] = ridge_at[at][is_left]
        ridge = np.unique(ridge[ridge >= 0])
        ridge = ridge[may_go[ridge]]
        gone[ridge] = True
        touched = np.concatenate([axis.one[ridge], axis.other[ridge]])
        np.subtract.at(degree, touched, 1)
        ends = np.unique(touched[degree[touched] == 1])
    return gone


def chains_of(axis: MedialAxis) -> Chains:
    """Return the axis as chains from junction or end to junction or end, or closed."""
    count = len(axis.one)
    degree = np.bincount(np.concatenate([axis.one, axis.other]), minlength=len(axis.node))
    is_cut = degree != _THROUGH
    one, other, links = _linked(axis, is_cut)
    chain = _components(one, other, count)
    closed = np.ones(chain.max(initial=-1) + 1, dtype=np.bool_)
    closed[chain[links < _THROUGH]] = False
    if closed.any():  # a ring is opened at its westernmost, southernmost node
        is_cut[_corners(axis, np.flatnonzero(closed[chain]), chain)] = True
        one, other, links = _linked(axis, is_cut)
    order = _walked(one, other, chain, links)
    return _with_ends(axis, order, chain[order], degree)


def _linked(
    axis: MedialAxis, is_cut: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of ridges that meet at a node that is not cut, and each one's count."""
    node = np.concatenate([axis.one, axis.other])
    ridge = np.tile(np.arange(len(axis.one)), 2)
    through = np.flatnonzero(~is_cut[node])
    pairs = ridge[through[np.argsort(node[through], kind="stable")]].reshape(-1, _THROUGH)
    links = np.bincount(pairs.ravel(), minlength=len(axis.one))
    return pairs[:, 0], pairs[:, 1], links


def _components(one: NDArray[np.intp], other: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def _corners(
    axis: MedialAxis, ridge: NDArray[np.intp], chain: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the node at the south-west of each closed chain."""
    node: NDArray[np.intp] = np.concatenate([axis.one[ridge], axis.other[ridge]])
    of = np.tile(chain[ridge], 2)
    order = np.lexsort((*np.round(axis.node[node], 3).T, of))
    is_first = np.append(True, np.diff(of[order]) != 0)
    corners: NDArray[np.intp] = node[order[is_first]]
    return corners


def _walked(
    one: NDArray[np.intp],
    other: NDArray[np.intp],
    chain: NDArray[np.intp],
    links: NDArray[np.intp],
) -> NDArray[np.intp]:
    """Return the ridges in the order in which their chains are walked from one end.

    All chains are walked at once: their starts hang on one more point, and what lies
    nearer to it comes first.
    """
    count = len(chain)
    ends = np.flatnonzero(links < _THROUGH)
    starts = ends[np.unique(chain[ends], return_index=True)[1]]
    row = np.concatenate([one, np.full(len(starts), count)])
    column = np.concatenate([other, starts])
    ones = np.ones(len(row), dtype=np.int8)
    graph = coo_array((ones, (row, column)), shape=(count + 1, count + 1)).tocsr()
    reached = breadth_first_order(graph, count, directed=False, return_predecessors=False)[1:]
    return np.asarray(reached[np.argsort(chain[reached], kind="stable")], dtype=np.intp)


def _with_ends(
    axis: MedialAxis, ridge: NDArray[np.intp], chain: NDArray[np.intp], degree: NDArray[np.intp]
) -> Chains:
    """Return the chains with the node before their first ridge and after their last."""
    is_first = np.append(True, np.diff(chain) != 0)[: len(chain)]
    starts = np.flatnonzero(is_first)
    stops = np.append(starts[1:], len(chain))[: len(starts)] - 1

    def outer(at: NDArray[np.intp], next_to: NDArray[np.intp]) -> NDArray[np.intp]:
        one, other = axis.one[ridge[at]], axis.other[ridge[at]]
        meets = (one == axis.one[ridge[next_to]]) | (one == axis.other[ridge[next_to]])
        return np.where(meets, other, one)

    single = starts == stops
    first = outer(starts, np.minimum(starts + 1, stops))
    last = outer(stops, np.maximum(stops - 1, starts))
    first[single], last[single] = axis.one[ridge[starts[single]]], axis.other[ridge[starts[single]]]
    return Chains(ridge, chain, first, last, degree)


def _is_spur(
    axis: MedialAxis, chains: Chains, least_facing: float, spur_widths: float
) -> NDArray[np.bool_]:
    """Return which chains end free and reach no farther than their width allows."""
    count = len(chains)
    width = chain_widths(axis, chains, axis.facing >= least_facing)
    middle = axis.middle[chains.ridge]
    step = np.hypot(*np.diff(middle, axis=0).T) if len(middle) else np.empty(0)
    within = np.flatnonzero(chains.chain[1:] == chains.chain[:-1])
    length = np.bincount(chains.chain[within], weights=step[within], minlength=count)
    starts = np.searchsorted(chains.chain, np.arange(count))
    stops = np.searchsorted(chains.chain, np.arange(count), side="right") - 1
    reach = length.astype(float)
    for node, at in ((chains.first, starts), (chains.last, stops)):
        to_node = np.hypot(*(axis.node[node] - middle[at]).T)
        is_end = chains.degree[node] == 1
        # a junction's disc is its own ground; an end stands half its width before a wall
        reach += to_node + np.where(is_end, width / 2, -axis.node_clear_m[node])
    first_ends, last_ends = chains.degree[chains.first] == 1, chains.degree[chains.last] == 1
    reach = np.where(first_ends & last_ends, reach - width, reach)
    return np.asarray((first_ends | last_ends) & (reach < spur_widths * width), dtype=np.bool_)


def chain_widths(
    axis: MedialAxis, chains: Chains, counts: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return each chain's median width over its ridges that count; over all where none does."""
    has = np.zeros(len(chains), dtype=np.bool_)
    has[chains.chain[counts[chains.ridge]]] = True
    used = counts[chains.ridge] | ~has[chains.chain]
    width, chain = axis.width_m[chains.ridge[used]], chains.chain[used]
    ordered = width[np.lexsort((width, chain))]
    number = np.bincount(chain, minlength=len(chains))
    first = np.cumsum(number) - number
    median: NDArray[np.float64] = (
        ordered[first + (number - 1) // 2] + ordered[first + number // 2]
    ) / 2
    return median
