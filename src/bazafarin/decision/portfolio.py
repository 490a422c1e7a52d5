"""Which projects serve the most people for the money: an exact choice, with its proof.

An offer is one use of one site: what it costs, how many people it can serve and which it
reaches. People are served at most once, no offer serves more than its capacity, sites that
share land exclude each other, and the offers' costs stay within the budget. The value of a
choice is that of the people whom its best assignment serves.

A small problem is one mixed-integer programme. A large one is taken apart: each demand has a
price, an offer is worth what it earns above these prices, and whatever the prices are, the
best choice at them bounds every other. Choices found on the way are valued exactly, so the
gap between the best of them and the bound is a proof.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.decision import offer_prices, offer_programme

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 1e-4
"""What is solved by one programme is solved to this gap at least: it costs little more."""
DIRECT_PAIRS = 5_000
"""Up to so many pairs of offer and demand, one programme is the fastest way."""


@dataclass(frozen=True)
class Offers:
    """What may be built, and whom it can serve.

    Attributes:
        cost_rial: ``(k,)`` whole rials that the budget pays for each offer.
        capacity: ``(k,)`` persons that each can serve.
        excluded: ``(e, 2)`` (group, offer): at most one offer of a group is chosen.
        people: ``(n,)`` persons of each demand.
        value: ``(n,)`` what serving one person of it counts, above 0.
        pair_offer: ``(m,)`` with ``pair_demand``: the offer reaches the demand.
        pair_demand: ``(m,)``.
        floor_group: ``(n,)`` the group, with a floor, that each demand is of; -1 for none.
        floor: ``(g,)`` the least persons of each group to be served.
        too_dear: sets of offers that together cost more than the budget by less than a
            solver sees; not all of a set are chosen.
    """

    cost_rial: NDArray[np.int64]
    capacity: NDArray[np.float64]
    excluded: NDArray[np.intp]
    people: NDArray[np.float64]
    value: NDArray[np.float64]
    pair_offer: NDArray[np.intp]
    pair_demand: NDArray[np.intp]
    floor_group: NDArray[np.intp]
    floor: NDArray[np.float64]
    too_dear: tuple[NDArray[np.intp], ...] = ()

    def only(self, keep: NDArray[np.bool_]) -> Offers:
        """Return the problem in which the offers that ``keep`` does not mark reach nobody."""
        pairs = keep[self.pair_offer]
        return replace(self, pair_offer=self.pair_offer[pairs], pair_demand=self.pair_demand[pairs])


@dataclass(frozen=True)
class Portfolio:
    """A choice of offers and its proof.

    Attributes:
        chosen: ``(c,)`` positions of the chosen offers, ascending.
        served: ``(m,)`` persons of each pair that are served.
        value: Σ value · persons served.
        bound: what no choice can exceed.
        is_feasible: False where no choice meets the floors within the budget; nothing is
            chosen then.
        is_decided: False where time ran out before a choice or the proof that there is none.
    """

    chosen: NDArray[np.intp]
    served: NDArray[np.float64]
    value: float
    bound: float
    is_feasible: bool = True
    is_decided: bool = True

    @property
    def gap(self) -> float:
        """Return how far the choice may be from the best, as a share of the bound."""
        if self.bound <= 0:
            return 0.0
        return max(0.0, (self.bound - self.value) / self.bound)


def best_portfolio(
    offers: Offers, budget_rial: int, *, gap: float, time_limit_s: float
) -> Portfolio:
    """Return the most valuable choice within ``budget_rial``, proven to within ``gap``.

    It ends after about ``time_limit_s`` with the gap that it has reached. An offer that
    reaches nobody, or costs more than the budget, is never chosen.
    """
    until = time.monotonic() + time_limit_s
    reaches = np.bincount(offers.pair_offer, minlength=len(offers.capacity)) > 0
    useful = offers.only(reaches & (offers.cost_rial <= budget_rial) & (offers.capacity > 0))
    is_large = len(useful.pair_offer) > DIRECT_PAIRS
    solve = offer_prices.solve if is_large else offer_programme.solve
    gap = gap if is_large else min(gap, EXACT)
    found = solve(useful, budget_rial, gap=gap, until=until)
    while found and found.chosen is not None and offers.cost_rial[found.chosen].sum() > budget_rial:
        if time.monotonic() > until:
            return Portfolio(*_nothing(offers), value=0.0, bound=found.bound, is_decided=False)
        useful = replace(useful, too_dear=(*useful.too_dear, found.chosen))
        found = solve(useful, budget_rial, gap=gap, until=until)
    if found is None:
        return Portfolio(*_nothing(offers), value=0.0, bound=0.0, is_feasible=False)
    chosen, served, bound = found
    if chosen is None:
        return Portfolio(*_nothing(offers), value=0.0, bound=bound, is_decided=False)
    # what was chosen and serves nobody only costs
    amounts = np.bincount(useful.pair_offer, served, minlength=len(offers.capacity))
    chosen = chosen[amounts[chosen] > 0]
    everywhere = np.zeros(len(offers.pair_offer))
    everywhere[np.isin(offers.pair_offer, useful.pair_offer)] = served
    value = float(np.sum(served * offers.value[useful.pair_demand]))
    return Portfolio(chosen, everywhere, value, max(bound, value))


def _nothing(offers: Offers) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    return np.empty(0, dtype=np.intp), np.zeros(len(offers.pair_offer))
