"""Choices of offers, one after another, each with the most gain for its cost.

Each offer counts only whom no other serves yet, and what prices suggest leans the order. The
people are then let in anew, so that they are rerouted to where there is room.
"""

from __future__ import annotations

import heapq
import time
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.decision import offer_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.offer_market import Market
    from bazafarin.decision.portfolio import Offers

_LOOKED_AT_EACH = 256
"""Offers looked at between two looks at the time."""


class Search:
    """The best choice found so far, with whom it serves."""

    def __init__(self, market: Market, budget_rial: int, *, until: float) -> None:
        self._market = market
        self._budget_rial = budget_rial
        self._until = until
        self._groups: list[list[int]] = [[] for _ in market.offers.capacity]
        for group, offer in market.offers.excluded.tolist():
            self._groups[offer].append(group)
        people = market.offers.people @ market.offers.value
        self._of_floor = 10.0 * float(people) / max(float(market.offers.floor.sum()), 1.0)
        self.chosen: NDArray[np.intp] | None = None
        self.amount = np.zeros(len(market.offers.pair_offer))
        self.value = -np.inf

    def is_within(self, bound: float, gap: float) -> bool:
        """Return whether the best choice is proven to within ``gap``."""
        return bound - self.value <= gap * max(bound, 0.0)

    def is_over(self) -> bool:
        """Return whether time has run out."""
        return time.monotonic() > self._until

    def try_leaning(self, leaning: NDArray[np.float64]) -> None:
        """Try the choice that these leanings (0–1 an offer) suggest; keep the best."""
        chosen, amount = self._chosen(leaning)
        self._keep(chosen, amount)
        if len(chosen) and not self.is_over():
            self._keep(chosen, offer_flow.served(self._market.offers, chosen, until=self._until))

    def _keep(self, chosen: NDArray[np.intp], amount: NDArray[np.float64]) -> None:
        offers = self._market.offers
        value = float(amount @ offers.value[offers.pair_demand])
        if value > self.value and _meets_floors(offers, amount):
            self.chosen, self.amount, self.value = np.sort(chosen), amount, value

    def _chosen(self, leaning: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return offers chosen one by one, and whom each serves of those who are left.

        A gain only shrinks as others are chosen, so an offer is looked at again only when
        it comes up: a loop, because each choice changes what the next is worth. What a floor
        still lacks counts far above all else.
        """
        offers = self._market.offers
        left, lacking = offers.people.copy(), offers.floor.copy()
        money, taken = self._budget_rial, set[int]()
        chosen, amount = list[int](), np.zeros(len(offers.pair_offer))
        cost = np.maximum(offers.cost_rial, 1).tolist()
        most = np.where(leaning > 0, np.inf, 0.0)
        waiting = [(-rate, offer) for offer, rate in enumerate(most.tolist()) if rate > 0]
        looks = 0
        while waiting:
            looks += 1
            if looks % _LOOKED_AT_EACH == 0 and self.is_over():
                break
            _, offer = heapq.heappop(waiting)
            if offers.cost_rial[offer] > money or taken.intersection(self._groups[offer]):
                continue
            pairs, served, helped = self._served(offer, left, lacking)
            demand = offers.pair_demand[pairs]
            gain = float(served @ offers.value[demand])
            gain += self._of_floor * float(helped.sum())
            now = gain * float(leaning[offer]) / cost[offer]
            if gain <= 0:
                continue
            if waiting and now < -waiting[0][0] * (1 - 1e-12):
                heapq.heappush(waiting, (-now, offer))
                continue
            chosen.append(offer)
            amount[pairs] = served
            left[demand] -= served
            if len(helped):
                lacking = np.maximum(lacking - helped, 0.0)
            money -= int(offers.cost_rial[offer])
            taken.update(self._groups[offer])
        return np.array(chosen, dtype=np.intp), amount

    def _served(
        self,
        offer: int,
        left: NDArray[np.float64],
        lacking: NDArray[np.float64],
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
        """Return an offer's pairs, whom it would serve of those who are left, and of each floor."""
        offers = self._market.offers
        pairs = self._market.pairs_of(offer)
        demand = offers.pair_demand[pairs]
        value = offers.value[demand]
        room = float(offers.capacity[offer])
        if not lacking.any():
            order = np.argsort(-value, kind="stable")
            pairs, people = pairs[order], left[demand[order]]
            return pairs, np.clip(room - (np.cumsum(people) - people), 0.0, people), np.empty(0)
        group = offers.floor_group[demand]
        is_lacking = (group >= 0) & (lacking[group] > 0)
        order = np.lexsort([-value, ~is_lacking])
        pairs, people = pairs[order], left[demand[order]]
        served = np.clip(room - (np.cumsum(people) - people), 0.0, people)
        inside = is_lacking[order]
        there = np.bincount(group[order][inside], served[inside], minlength=len(lacking))
        return pairs, served, np.minimum(there, lacking)


def _meets_floors(offers: Offers, amount: NDArray[np.float64]) -> bool:
    group = offers.floor_group[offers.pair_demand]
    inside = group >= 0
    there = np.bincount(group[inside], amount[inside], minlength=len(offers.floor))
    return bool(np.all(there >= offers.floor * (1 - 1e-9)))
