"""What each offer earns at prices on those whom it reaches: its best customers, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers


class Sales(NamedTuple):
    """What each offer earns, and by pair of ``offer`` and ``demand`` the persons ``taken``."""

    worth: NDArray[np.float64]
    offer: NDArray[np.intp]
    demand: NDArray[np.intp]
    taken: NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """The pairs in both orders: ``by_demand`` a row each, and ``pairs`` of each offer.

    ``begins`` is where each offer's pairs begin in ``pairs``.
    """

    offers: Offers
    by_demand: csr_array
    pairs: NDArray[np.intp]
    begins: NDArray[np.intp]

    @classmethod
    def of(cls, offers: Offers) -> Market:
        """Return the market of ``offers``."""
        pairs = np.argsort(offers.pair_offer, kind="stable")
        every = np.arange(len(offers.capacity) + 1)
        begins: NDArray[np.intp] = np.searchsorted(offers.pair_offer[pairs], every)
        return cls(offers, _by_demand(offers, np.arange(len(pairs))), pairs, begins)

    def among(self, are_in_play: NDArray[np.bool_]) -> Market:
        """Return the market in which all other offers earn nothing."""
        pairs = np.flatnonzero(are_in_play[self.offers.pair_offer])
        return Market(self.offers, _by_demand(self.offers, pairs), self.pairs, self.begins)

    def sales(self, prices: NDArray[np.float64]) -> Sales:
        """Return what each offer earns above ``prices``, from its best customers on.

        Demands are put in order first; turning their rows into columns then leaves those
        of each offer in that order, without sorting its pairs.
        """
        above = self.offers.value - prices
        order = np.argsort(-above)
        order = order[: int((above > 0).sum())]
        columns = self.by_demand[order].tocsc()
        demand, sizes = order[columns.indices], np.diff(columns.indptr)
        offer = np.repeat(np.arange(len(sizes)), sizes)
        people = self.offers.people[demand]
        before = np.cumsum(people) - people
        before -= np.repeat(before[columns.indptr[:-1][sizes > 0]], sizes[sizes > 0])
        taken = np.clip(self.offers.capacity[offer] - before, 0.0, people)
        worth = np.bincount(offer, taken * above[demand], minlength=len(sizes))
        return Sales(worth.astype(float), offer, demand, taken)

    def pairs_of(self, offer: int) -> NDArray[np.intp]:
        """Return the positions of an offer's pairs."""
        return self.pairs[self.begins[offer] : self.begins[offer + 1]]


def _by_demand(offers: Offers, pairs: NDArray[np.intp]) -> csr_array:
    offer = offers.pair_offer[pairs].astype(np.int32)
    demand = offers.pair_demand[pairs].astype(np.int32)
    shape = (len(offers.people), len(offers.capacity))
    return csr_array((np.ones(len(pairs), dtype=np.int8), (demand, offer)), shape=shape)
