"""What may be chosen together: the budget, shared land and floors, at given worths of offers.

The offers' worths are given, so only whole choices are weighed here, not whom they serve. The
answer may take offers in part; no choice of whole offers earns more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from bazafarin.decision import offer_programme
from bazafarin.decision.linear import Optimum, most_valuable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_HALVINGS = 50
"""Halvings of the price of money: by then it is known as well as a float knows it."""


@dataclass(frozen=True)
class Limits:
    """The limits on choices.

    Attributes:
        share: ``(k,)`` each offer's cost as a share of the budget.
        budget: 1, or 0 where there is no money.
        by_group: offers that stand in groups that do not overlap, sorted by them, or alone.
        begins: where each of these groups begins in ``by_group``.
        rows: with ``upper``: all limits; None where budget and groups are all of them.
        upper: None too then.
    """

    share: NDArray[np.float64]
    budget: float
    by_group: NDArray[np.intp]
    begins: NDArray[np.intp]
    rows: csr_array | None
    upper: NDArray[np.float64] | None

    @classmethod
    def of(cls, offers: Offers, budget_rial: int) -> Limits:
        """Return the limits on choices of ``offers``."""
        count = len(offers.capacity)
        group = np.full(count, -1, dtype=np.intp)
        # an offer of several groups counts here in its last: the others are left to ``rows``
        group[offers.excluded[:, 1]] = offers.excluded[:, 0]
        alone = group < 0
        group[alone] = np.arange(alone.sum()) + group.max(initial=-1) + 1
        by_group = np.argsort(group, kind="stable")
        begins = np.flatnonzero(np.diff(group[by_group], prepend=-1))
        is_simple = len(np.unique(offers.excluded[:, 1])) == len(offers.excluded)
        rows = upper = None
        if not is_simple or len(offers.floor) or offers.too_dear:
            rows, upper = _rows(offers, budget_rial)
        share = offers.cost_rial / max(budget_rial, 1)
        return cls(share, 1.0 if budget_rial > 0 else 0.0, by_group, begins, rows, upper)

    def best(self, worth: NDArray[np.float64], *, until: float) -> Optimum | None:
        """Return the shares of offers that earn most, and a bound on what any choice earns.

        None where no choice keeps the limits.
        """
        if self.rows is None or self.upper is None:
            return self._best_by_price_of_money(worth)
        left = until - time.monotonic()
        try:
            return most_valuable(worth, self.rows, self.upper, most=1.0, time_limit_s=left)
        except TimeoutError:
            return self._best_by_price_of_money(worth)

    def most_with(self, worth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each offer what no choice with it earns more than."""
        mine, share = worth[self.by_group], self.share[self.by_group]
        price = self._price_of_money(mine, share)[1]
        above = mine - price * share
        best = np.maximum(np.maximum.reduceat(above, self.begins), 0.0)
        sizes = np.diff(np.append(self.begins, len(above)))
        total = price * self.budget + float(best.sum())
        return self._everywhere(total - np.repeat(best, sizes) + above)

    def _best_by_price_of_money(self, worth: NDArray[np.float64]) -> Optimum:
        """Take the best of each group at the price at which the budget is just spent."""
        mine, share = worth[self.by_group], self.share[self.by_group]
        low, high = self._price_of_money(mine, share)
        less, more = self._chosen(mine, share, high), self._chosen(mine, share, low)
        spent, over = float(share @ less), float(share @ more)
        part = (self.budget - spent) / (over - spent) if over > spent else 0.0
        earned = float((mine - high * share) @ less) + high * self.budget
        return Optimum(self._everywhere(less + part * (more - less)), earned)

    def _price_of_money(
        self, worth: NDArray[np.float64], share: NDArray[np.float64]
    ) -> tuple[float, float]:
        """Return the prices just below and above which the budget is overspent and is not."""
        if share @ self._chosen(worth, share, 0.0) <= self.budget:
            return 0.0, 0.0
        low, high = 0.0, float((worth / np.maximum(share, 1e-12)).max())
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if share @ self._chosen(worth, share, middle) > self.budget:
                low = middle
            else:
                high = middle
        return low, high

    def _chosen(
        self, worth: NDArray[np.float64], share: NDArray[np.float64], price: float
    ) -> NDArray[np.float64]:
        """Return 1 for the best offer of each group that earns more than its money costs."""
        above = worth - price * share
        most = np.maximum.reduceat(above, self.begins) if len(above) else above
        sizes = np.diff(np.append(self.begins, len(above)))
        is_best = (above == np.repeat(most, sizes)) & (above > 0)
        # of equals, the first
        seen = np.cumsum(is_best)
        before = np.repeat((seen - is_best)[self.begins], sizes)
        return np.where(is_best & (seen - before == 1), 1.0, 0.0)

    def _everywhere(self, chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.empty(len(chosen))
        found[self.by_group] = chosen
        return found


def _rows(offers: Offers, budget_rial: int) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the limits as rows; of a floor, that enough capacity reaches its group."""
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
