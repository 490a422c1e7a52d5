"""Whom a choice of very many pairs serves best: flows of people, the most valuable first.

What a person counts depends on the person only, not on the offer. So people may be let in by
falling value, each time rerouting whoever came before, and nobody let in is ever turned away:
the greatest flow that grows so is also the most valuable. Very many values are taken in a
number of steps; within a step, people are let in as they come.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_VALUE_STEPS = 32
"""The most turns; of more values, each turn is a step of the same number of people."""
_UNITS = 2**30
"""Flows are whole numbers: people are counted in parts so small that all are so many."""


def served(offers: Offers, chosen: NDArray[np.intp], *, until: float) -> NDArray[np.float64]:
    """Return the persons of each pair that the chosen offers serve, floors first.

    Flows are whole numbers of a small part of a person, rounded down, so that no limit is
    broken. Where time runs out, those let in so far are served.
    """
    is_built = np.zeros(len(offers.capacity), dtype=np.bool_)
    is_built[chosen] = True
    pair = np.flatnonzero(is_built[offers.pair_offer])
    amount = np.zeros(len(offers.pair_offer))
    if not len(pair):
        return amount
    network = _Network(offers, pair)
    network.meet_floors()
    for newcomers in network.by_turn():
        network.let_in(newcomers)
        if time.monotonic() > until:
            break
    amount[pair] = network.flow / network.scale
    return amount


class _Network:
    """The demands, then the offers, then the source and the sink; flows by pair so far."""

    def __init__(self, offers: Offers, pair: NDArray[np.intp]) -> None:
        self._demands, self._demand = np.unique(offers.pair_demand[pair], return_inverse=True)
        places, self._place = np.unique(offers.pair_offer[pair], return_inverse=True)
        people, capacity = offers.people[self._demands], offers.capacity[places]
        self.scale = _UNITS / max(float(people.sum()), float(capacity.sum()), 1.0)
        if self.scale >= 1.0:
            self.scale = 2.0 ** np.floor(np.log2(self.scale))
        self._people = np.floor(people * self.scale).astype(np.int32)
        self._left = self._people.copy()
        self._room = np.floor(capacity * self.scale).astype(np.int32)
        self._value = offers.value[self._demands]
        self._group = offers.floor_group[self._demands]
        self._floor = np.ceil(offers.floor * self.scale).astype(np.int64)
        self._is_in = np.zeros(len(people), dtype=np.bool_)
        key = self._demand.astype(np.int64) * len(places) + self._place
        self._by_key = np.argsort(key)
        self._keys = key[self._by_key]
        self.flow = np.zeros(len(pair), dtype=np.int32)

    def meet_floors(self) -> None:
        """Let in as many of each group, whoever they are, as its floor asks for."""
        inside = np.flatnonzero(self._group >= 0)
        if not len(inside) or not self._floor.any():
            return
        self._is_in[inside] = True
        source = len(self._demands) + len(self._room)
        group = source + 2 + self._group[inside]
        asked = np.minimum(self._floor, np.iinfo(np.int32).max).astype(np.int32)
        flow = self._greatest(
            [np.full(len(asked), source), group],
            [source + 2 + np.arange(len(asked)), inside],
            [asked, self._left[inside]],
        )
        is_let_in = (flow.row >= source + 2) & (flow.col < len(self._demands))
        self._left[flow.col[is_let_in]] -= flow.data[is_let_in]

    def by_turn(self) -> list[NDArray[np.intp]]:
        """Return the demands that are let in at each turn, by falling value.

        Few values have a turn each, which is exact; of many, each turn has as many people.
        """
        order = np.argsort(-self._value, kind="stable")
        changes = np.flatnonzero(np.diff(self._value[order])) + 1
        if len(changes) < _VALUE_STEPS:
            return np.split(order, changes)
        before = np.cumsum(self._left[order].astype(np.int64))
        turn = (before - 1).clip(0) * _VALUE_STEPS // max(int(before[-1]), 1)
        return np.split(order, np.flatnonzero(np.diff(turn)) + 1)

    def let_in(self, new: NDArray[np.intp]) -> None:
        """Serve as many of these demands as can be, rerouting those who are served already."""
        if not self._room.any():
            return
        self._is_in[new] = True
        source = len(self._demands) + len(self._room)
        self._greatest([np.full(len(new), source)], [new], [self._left[new]])

    def _greatest(
        self,
        rows: list[NDArray[np.intp]],
        columns: list[NDArray[np.intp]],
        most: list[NDArray[np.int32]],
    ) -> coo_array:
        """Add the greatest flow that these ways in allow, and return it."""
        demands, places = len(self._demands), len(self._room)
        source, sink = demands + places, demands + places + 1
        onward = np.flatnonzero(self._is_in[self._demand])
        back = np.flatnonzero(self.flow)
        place = demands + self._place
        rows = [*rows, self._demand[onward], place[back], demands + np.arange(places)]
        columns = [*columns, place[onward], self._demand[back], np.full(places, sink)]
        most = [*most, self._people[self._demand[onward]], self.flow[back], self._room]
        size = sink + 1 + len(self._floor)
        graph = csr_array(
            (np.concatenate(most), (np.concatenate(rows), np.concatenate(columns))),
            shape=(size, size),
        )
        flow: coo_array = maximum_flow(graph, source, sink).flow.tocoo()
        is_pair = (flow.row < demands) & (flow.col >= demands) & (flow.col < source)
        at = flow.row[is_pair].astype(np.int64) * places + (flow.col[is_pair] - demands)
        self.flow[self._by_key[np.searchsorted(self._keys, at)]] += flow.data[is_pair]
        is_full = flow.col == sink
        self._room[flow.row[is_full] - demands] -= flow.data[is_full]
        return flow
