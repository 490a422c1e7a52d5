"""The choice among very many offers, by prices on those whom they compete for.

Lagrangian relaxation: at a price per person of each demand, an offer earns what its best
customers are worth above their prices, and offers no longer compete. The most that any
choice can earn so, plus all prices paid, is never below the best choice's value. Prices that
bring this bound down are found step by step, most steps among the offers that are in play;
offers are then chosen by what they earn, one after another.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bazafarin.decision import offer_programme
from bazafarin.decision.offer_limits import Limits
from bazafarin.decision.offer_market import Market
from bazafarin.decision.offer_programme import Choice
from bazafarin.decision.offer_search import Search

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_PROGRAMME_PAIRS = 60_000
"""Up to so many pairs of the offers that may still be better, one programme settles them."""
_PROGRAMME_PAIRS_A_SECOND = 10_000
"""Pairs that one programme may have for each second left: HiGHS looks at its clock only between
its passes, and the first cuts of 50,000 pairs took 3 s."""
_ROUNDS = 40
"""Rounds at most; each ends with a bound over all offers and with choices tried."""
_STALLED = 4
"""Rounds that bring bound and choice no nearer, after which nothing is gained any more."""
_BETTER = 0.99
"""A distance shorter than this part of the last is nearer."""
_STEPS = 12
"""Steps of prices in a round, among the offers in play."""
_PATIENCE = 6
"""Steps without a better bound after which they are made half as long."""
_IN_PLAY = 0.8
"""An offer is in play where it earns so much of what its money earns elsewhere."""
_FIRST_RATES = (0.5, 2.0, 6)
"""First prices of money: from, to (what it serves in the first choice is 1), how many."""
_MARGIN = 0.05
"""The share of chosen offers that earn less for their money than the price of money is."""
_CHOSEN = 0.5
"""An offer of a larger part than this counts as chosen."""
_LEAST_LEANING = 0.01
"""How much an offer that no step has chosen is leaned to."""
_MEMORY = 0.9
"""How much of the shares of offers seen before stays when new ones are seen."""


def solve(offers: Offers, budget_rial: int, *, gap: float, until: float) -> Choice | None:
    """Return the choice and its bound; None where no choice meets the limits."""
    market, limits = Market.of(offers), Limits.of(offers, budget_rial)
    search = Search(market, budget_rial, until=until)
    search.try_leaning(np.ones(len(offers.capacity)))
    descent = _Descent(market, limits, until=until)
    if not descent.begin(_first_prices(market, search)):
        return None
    before, stalled = np.inf, 0
    for _ in range(_ROUNDS):
        if search.is_within(descent.bound, gap) or search.is_over():
            break
        descent.go_on(search.value)
        search.try_leaning(_LEAST_LEANING + descent.leaning)
        distance = descent.bound - search.value
        stalled = 0 if distance < before * _BETTER else stalled + 1
        before = min(before, distance)
        if stalled >= _STALLED:
            break
    found = Choice(search.chosen, search.amount, descent.bound)
    if search.is_within(descent.bound, gap) or search.is_over():
        return found
    return _settled(found, offers, descent, search.value, budget_rial, gap=gap, until=until)


def _settled(  # noqa: PLR0913 - what was found, of what, and what may still be better
    found: Choice,
    offers: Offers,
    descent: _Descent,
    value: float,
    budget_rial: int,
    *,
    gap: float,
    until: float,
) -> Choice:
    """Settle by one programme what the offers that may still be better are worth, if few.

    No choice with any of the others is better than what was found by more than the gap.
    """
    enough = max(value, 0.0) / (1 - gap)
    keep = descent.most_with() > enough
    kept = np.flatnonzero(keep[offers.pair_offer])
    left_s = until - time.monotonic()
    if len(kept) > min(_PROGRAMME_PAIRS, _PROGRAMME_PAIRS_A_SECOND * left_s):
        return found
    exact = offer_programme.solve(offers.only(keep), budget_rial, gap=gap, until=until)
    if exact is None or exact.chosen is None:
        return found
    bound = min(found.bound, max(enough, exact.bound))
    amount = np.zeros(len(offers.pair_offer))
    amount[kept] = exact.amount
    if float(amount @ offers.value[offers.pair_demand]) <= value:
        return Choice(found.chosen, found.amount, bound)
    return Choice(exact.chosen, amount, bound)


def _first_prices(market: Market, search: Search) -> list[NDArray[np.float64]]:
    """Return prices to begin with: what the first choice's offers leave each person worth.

    At the best prices, an offer that is chosen earns about what its money costs. So a person
    whom it reaches has as price what they count less that cost, at some price of money.
    """
    offers = market.offers
    none = np.zeros(len(offers.people))
    if search.chosen is None or not len(search.chosen):
        return [none]
    is_built = np.zeros(len(offers.capacity), dtype=np.bool_)
    is_built[search.chosen] = True
    built = is_built[offers.pair_offer]
    each_rial = offers.cost_rial / offers.capacity
    least = np.full(len(offers.people), np.inf)
    np.minimum.at(least, offers.pair_demand[built], each_rial[offers.pair_offer[built]])
    spent = max(float(offers.cost_rial[search.chosen].sum()), 1.0)
    rates = search.value / spent * np.geomspace(*_FIRST_RATES)
    return [none, *(np.clip(offers.value - rate * least, 0.0, offers.value) for rate in rates)]


class _Sight(NamedTuple):
    """What is seen at some prices: the bound, who is left over, and what earns how much."""

    bound: float
    spare: NDArray[np.float64]
    worth: NDArray[np.float64]
    shares: NDArray[np.float64]


class _Descent:
    """The prices of the best bound so far, and the way down from there.

    Attributes:
        bound: what no choice exceeds.
        leaning: ``(k,)`` how much of each offer the steps have chosen of late, 0–1.
    """

    def __init__(self, market: Market, limits: Limits, *, until: float) -> None:
        self._market, self._limits, self._until = market, limits, until
        self._step = 1.0
        self._in_play = np.zeros(len(market.offers.capacity), dtype=np.bool_)
        self._among = market
        self._prices = np.zeros(len(market.offers.people))
        self.bound = np.inf
        self.leaning = np.zeros(len(market.offers.capacity))

    def begin(self, several: list[NDArray[np.float64]]) -> bool:
        """Begin at the best of several prices; False where no choice keeps the limits."""
        best: _Sight | None = None
        for prices in several:
            seen = self._seen(self._market, prices)
            if seen is None:
                return False
            if best is None or seen.bound < best.bound:
                best, self._prices, self.bound, self.leaning = seen, prices, seen.bound, seen.shares
            if time.monotonic() > self._until:
                break
        if best is not None:
            self._bring_into_play(best)
        return True

    def go_on(self, value: float) -> None:
        """Better the prices step by step among the offers in play, then see all offers."""
        best, prices, best_prices, waited = np.inf, self._prices, self._prices, 0
        for _ in range(_STEPS):
            seen = self._seen(self._among, prices)
            if seen is None or time.monotonic() > self._until:
                break
            self.leaning = _MEMORY * self.leaning + (1 - _MEMORY) * seen.shares
            waited += 1
            if seen.bound < best:
                best, best_prices, waited = seen.bound, prices, 0
            if waited >= _PATIENCE:
                self._step, waited, prices = self._step / 2, 0, best_prices
                continue
            squared = max(float(seen.spare @ seen.spare), 1e-9)
            length = self._step * max(seen.bound - max(value, 0.0), 0.0) / squared
            prices = np.clip(prices - length * seen.spare, 0.0, self._market.offers.value)
        seen = self._seen(self._market, best_prices)
        if seen is None:
            return
        if seen.bound < self.bound:
            self.bound, self._prices = seen.bound, best_prices
        self._bring_into_play(seen)

    def most_with(self) -> NDArray[np.float64]:
        """Return for each offer what no choice with it exceeds."""
        paid = float(self._market.offers.people @ self._prices)
        return paid + self._limits.most_with(self._market.sales(self._prices).worth)

    def _seen(self, market: Market, prices: NDArray[np.float64]) -> _Sight | None:
        sales = market.sales(prices)
        found = self._limits.best(sales.worth, until=self._until)
        if found is None:
            return None
        people = market.offers.people
        sold = sales.taken * found.variables[sales.offer]
        spare = people - np.bincount(sales.demand, sold, minlength=len(people))
        bound = float(people @ prices) + found.value
        return _Sight(bound, spare, sales.worth, found.variables)

    def _bring_into_play(self, seen: _Sight) -> None:
        """Add the offers that earn nearly as much for their money as those chosen do."""
        share = np.maximum(self._limits.share, 1e-12)
        rate = seen.worth / share
        chosen = seen.shares > _CHOSEN
        margin = float(np.quantile(rate[chosen], _MARGIN)) if chosen.any() else 0.0
        before = self._in_play
        self._in_play = before | ((rate >= _IN_PLAY * margin) & (seen.worth > 0))
        if self._in_play.sum() > before.sum():
            self._among = self._market.among(self._in_play)
