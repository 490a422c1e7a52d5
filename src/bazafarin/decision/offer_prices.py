"""The choice among very many offers, by prices on those whom they compete for.

Lagrangian relaxation: at a price per person of each demand, an offer earns what its best
customers are worth above their prices, and offers no longer compete. The most that any
choice can earn so, plus all prices paid, is never below the best choice's value. Prices that
bring this bound down are found step by step; offers are then chosen by what they earn, one
after another, each counting only whom no other serves yet.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from bazafarin.decision import offer_programme
from bazafarin.decision.linear import most_valuable
from bazafarin.decision.offer_programme import Choice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_STEPS = 150
"""Prices are bettered so often at most."""
_TRIED_EACH = 10
"""Every so many steps, offers are chosen at the prices of the moment."""
_PATIENCE = 6
"""Steps without a better bound after which they are made half as long."""
_CUTS = 25
"""The prices, of the best bounds, that limit the last programme, of whole offers."""
_HALF = 0.5


def solve(offers: Offers, budget_rial: int, *, gap: float, until: float) -> Choice | None:
    """Return the choice and its bound; None where no choice meets the limits."""
    market = _Market.of(offers)
    limits = _limits(offers, budget_rial)
    search = _Search(market, budget_rial)
    cuts: list[_Cut] = []
    prices = best_prices = np.zeros(len(offers.people))
    bound, step, waited = np.inf, 1.0, 0
    for number in range(_STEPS):
        worth, used = market.worth(prices)
        found = most_valuable(worth, *limits, most=1.0)
        if found is None:
            return None
        cut = _Cut(float(offers.people @ prices), worth, found.value)
        cuts.append(cut)
        waited += 1
        if cut.bound < bound:
            bound, waited, best_prices = cut.bound, 0, prices
        if number % _TRIED_EACH == 0:
            search.try_prices(prices, found.variables)
        if search.is_within(bound, gap) or time.monotonic() > until:
            break
        if waited >= _PATIENCE:
            step, waited, prices = step / 2, 0, best_prices
            continue
        bought = np.bincount(
            offers.pair_demand, used * found.variables[offers.pair_offer], minlength=len(prices)
        )
        spare = offers.people - bought
        length = step * (cut.bound - max(search.value, 0.0)) / max(float(spare @ spare), 1e-9)
        prices = np.clip(prices - length * spare, 0.0, offers.value)
    if not search.is_within(bound, gap):
        bound = min(bound, _bound_of_whole_offers(cuts, limits, search, gap=gap, until=until))
    return Choice(search.chosen, search.amount, bound)


@dataclass(frozen=True)
class _Cut:
    """What prices say of any choice: no more than ``paid`` and the ``worth`` of its offers."""

    paid: float
    worth: NDArray[np.float64]
    most_earned: float

    @property
    def bound(self) -> float:
        """What no choice exceeds."""
        return self.paid + self.most_earned


def _bound_of_whole_offers(
    cuts: list[_Cut],
    limits: tuple[csr_array, NDArray[np.float64]],
    search: _Search,
    *,
    gap: float,
    until: float,
) -> float:
    """Return the bound when no offer is taken in part, and try the choice that reaches it."""
    cuts = sorted(cuts, key=lambda cut: cut.bound)[:_CUTS]
    count = len(cuts[0].worth)
    above = csr_array(np.vstack([-cut.worth for cut in cuts]))
    rows = vstack(
        [
            hstack([above, csr_array(np.ones((len(cuts), 1)))]),
            hstack([limits[0], csr_array((limits[0].shape[0], 1))]),
        ],
        format="csr",
    )
    upper = np.concatenate([[cut.paid for cut in cuts], limits[1]])
    found = milp(
        np.append(np.zeros(count), -1.0),
        integrality=np.append(np.ones(count), 0),
        bounds=Bounds(0.0, np.append(np.ones(count), np.inf)),
        constraints=LinearConstraint(rows, -np.inf, upper),
        options={"mip_rel_gap": gap / 4, "time_limit": max(1.0, until - time.monotonic())},
    )
    if found.x is not None:
        search.try_among(found.x[:count] > _HALF)
    return np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)


def _limits(offers: Offers, budget_rial: int) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the limits on choices; of a floor, that enough capacity reaches its group."""
    rows, upper = offer_programme.choice_limits(offers, budget_rial)
    if not len(offers.floor):
        return rows, upper
    group = offers.floor_group[offers.pair_demand]
    inside = group >= 0
    shape = (len(offers.floor), len(offers.capacity))
    people = offers.people[offers.pair_demand][inside]
    reached = csr_array((people, (group[inside], offers.pair_offer[inside])), shape=shape)
    reached.sum_duplicates()
    reached.data = -np.minimum(reached.data, offers.capacity[reached.indices])
    return vstack([rows, reached], format="csr"), np.concatenate([upper, -offers.floor])


@dataclass(frozen=True)
class _Market:
    """The pairs sorted by offer; ``begins`` is where each offer's pairs begin."""

    offers: Offers
    order: NDArray[np.intp]
    begins: NDArray[np.intp]

    @classmethod
    def of(cls, offers: Offers) -> _Market:
        order = np.argsort(offers.pair_offer, kind="stable")
        every = np.arange(len(offers.capacity) + 1)
        begins: NDArray[np.intp] = np.searchsorted(offers.pair_offer[order], every)
        return cls(offers, order, begins)

    def worth(self, prices: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what each offer earns above ``prices``, and whom it serves for that by pair."""
        offers = self.offers
        above = offers.value - prices
        rank = np.empty(len(above), dtype=np.int64)
        rank[np.argsort(-above)] = np.arange(len(above))
        key = offers.pair_offer.astype(np.int64) * len(above) + rank[offers.pair_demand]
        order = np.argsort(key)
        offer, demand = offers.pair_offer[order], offers.pair_demand[order]
        people = np.where(above[demand] > 0, offers.people[demand], 0.0)
        before = np.cumsum(people) - people
        sizes = np.diff(self.begins)
        before -= np.repeat(before[self.begins[:-1][sizes > 0]], sizes[sizes > 0])
        taken = np.clip(offers.capacity[offer] - before, 0.0, people)
        worth = np.bincount(offer, taken * above[demand], minlength=len(offers.capacity))
        used = np.empty(len(taken))
        used[order] = taken
        return worth.astype(float), used

    def pairs_of(self, offer: int) -> NDArray[np.intp]:
        """Return the positions of an offer's pairs."""
        return self.order[self.begins[offer] : self.begins[offer + 1]]


class _Search:
    """The best choice found so far, with whom it serves."""

    def __init__(self, market: _Market, budget_rial: int) -> None:
        self._market = market
        self._budget_rial = budget_rial
        self._groups: list[list[int]] = [[] for _ in market.offers.capacity]
        for group, offer in market.offers.excluded.tolist():
            self._groups[offer].append(group)
        self._everywhere = np.ones(len(market.offers.capacity))
        self.chosen: NDArray[np.intp] | None = None
        self.amount = np.zeros(len(market.offers.pair_offer))
        self.value = -np.inf

    def is_within(self, bound: float, gap: float) -> bool:
        """Return whether the best choice is proven to within ``gap``."""
        return bound - self.value <= gap * max(bound, 0.0)

    def try_prices(self, prices: NDArray[np.float64], leaning: NDArray[np.float64]) -> None:
        """Try the choices that these prices, with this leaning (0–1 an offer), suggest."""
        self._try(prices, 0.01 + leaning)
        self._try(np.zeros_like(prices), 0.01 + leaning)
        self._try(np.zeros_like(prices), self._everywhere)

    def try_among(self, are_chosen: NDArray[np.bool_]) -> None:
        """Try these offers, and more where money is left."""
        no_prices = np.zeros(len(self._market.offers.people))
        self._try(no_prices, np.where(are_chosen, 1.0, 1e-6))

    def _try(self, prices: NDArray[np.float64], leaning: NDArray[np.float64]) -> None:
        """Choose offers one by one, each with the most gain for its cost; keep the best choice.

        A gain only shrinks as others are chosen, so an offer is looked at again only when
        it comes up: a loop, because each choice changes what the next is worth.
        """
        offers = self._market.offers
        left, money = offers.people.copy(), self._budget_rial
        taken: set[int] = set()
        chosen, amount = [], np.zeros(len(offers.pair_offer))
        rate = self._market.worth(prices)[0] * leaning / np.maximum(offers.cost_rial, 1)
        waiting = [(-r, offer) for offer, r in enumerate(rate.tolist()) if r > 0]
        heapq.heapify(waiting)
        while waiting:
            _, offer = heapq.heappop(waiting)
            if offers.cost_rial[offer] > money or taken.intersection(self._groups[offer]):
                continue
            pairs, served = self._served(offer, left, prices)
            demand = offers.pair_demand[pairs]
            gain = float(served @ offers.value[demand]) * float(leaning[offer])
            now = gain / max(int(offers.cost_rial[offer]), 1)
            if gain <= 0:
                continue
            if waiting and now < -waiting[0][0] * (1 - 1e-12):
                heapq.heappush(waiting, (-now, offer))
                continue
            chosen.append(offer)
            amount[pairs] = served
            left[demand] -= served
            money -= int(offers.cost_rial[offer])
            taken.update(self._groups[offer])
        value = float(amount @ offers.value[offers.pair_demand])
        if value > self.value and _meets_floors(offers, amount):
            self.chosen = np.sort(np.array(chosen, dtype=np.intp))
            self.amount, self.value = amount, value

    def _served(
        self, offer: int, left: NDArray[np.float64], prices: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return an offer's pairs and whom it would serve of those who are left."""
        offers = self._market.offers
        pairs = self._market.pairs_of(offer)
        demand = offers.pair_demand[pairs]
        order = np.argsort(prices[demand] - offers.value[demand], kind="stable")
        pairs, people = pairs[order], left[demand[order]]
        return pairs, np.clip(offers.capacity[offer] - (np.cumsum(people) - people), 0.0, people)


def _meets_floors(offers: Offers, amount: NDArray[np.float64]) -> bool:
    group = offers.floor_group[offers.pair_demand]
    inside = group >= 0
    there = np.bincount(group[inside], amount[inside], minlength=len(offers.floor))
    return bool(np.all(there >= offers.floor * (1 - 1e-9)))
