"""The p sites that bring the farthest demand point nearest, with proof (p-center).

The answer is one of the costs. For a cost as radius, either p sites cover everyone or they
do not: halving the list of costs finds the least at which they do (Minieka 1970). Greedy
covers bring the end of the list down and linear programs its beginning up, both cheaply;
between them HiGHS decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from bazafarin.decision.siting.answer import Model, Siting, gap_share
from bazafarin.decision.siting.covering import (
    can_cover,
    greedy_cover,
    least_share,
    reaching_sites,
)
from bazafarin.decision.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.travel_costs import TravelCosts


def p_center(costs: TravelCosts, *, p: int, time_limit_s: float = 60.0) -> Siting:
    """Return the ``p`` sites whose farthest demand point is nearest.

    Weights do not matter: each demand point counts. When the time is up, the best sites so
    far are returned with the bound and the gap.

    Raises:
        UsageError: p is no number of these sites; somebody has no way to any site; p sites
            cannot reach everyone.
    """
    costs.check_p(p)
    search = _Search(costs, p, Stopwatch(time_limit_s))
    search.narrow()
    sites = tuple(sorted(search.sites.tolist()))
    return Siting(
        Model.P_CENTER,
        search.highest,
        sites,
        costs.assigned(sites),
        proven_optimal=search.is_proven,
        gap=gap_share(search.highest, search.lowest),
        bound=search.lowest,
    )


class _Search:
    """The stretch of the rising list of costs in which the answer lies."""

    def __init__(self, costs: TravelCosts, p: int, stopwatch: Stopwatch) -> None:
        self._costs, self._p, self._stopwatch = costs, p, stopwatch
        ways = costs.within(np.inf)
        costs.check_reached(ways, counted=np.ones(ways.shape[0], dtype=np.bool_))
        values = costs.cost.data if isinstance(costs.cost, sparse.csr_array) else costs.cost
        self._values = np.unique(values[np.isfinite(values)])
        self._low = int(np.searchsorted(self._values, costs.nearest().max()))
        self._high = len(self._values) - 1
        self.sites = reaching_sites(ways, p, stopwatch)
        self._keep(self.sites)

    @property
    def lowest(self) -> float:
        return float(self._values[self._low])

    @property
    def highest(self) -> float:
        return float(self._values[self._high])

    @property
    def is_proven(self) -> bool:
        return self._low == self._high

    def narrow(self) -> None:
        """Bring both ends of the stretch together, as far as the time allows."""
        self._lower_by_greedy()
        try:
            self._raise_by_linear_programs()
            self._close()
        except TimeoutError:
            return

    def _lower_by_greedy(self) -> None:
        low = self._low
        while low < self._high and not self._stopwatch.is_up:
            middle = (low + self._high) // 2
            sites = greedy_cover(self._within(middle))
            if len(sites) > self._p:
                low = middle + 1
            else:
                self._keep(sites)

    def _raise_by_linear_programs(self) -> None:
        high = self._high
        while self._low < high:
            middle = (self._low + high) // 2
            if least_share(self._within(middle), self._stopwatch) > self._p:
                self._low = middle + 1
            else:
                high = middle

    def _close(self) -> None:
        while self._low < self._high:
            middle = (self._low + self._high) // 2
            sites = can_cover(self._within(middle), self._p, self._stopwatch)
            if sites is None:
                self._low = middle + 1
            else:
                self._keep(sites)

    def _within(self, at: int) -> sparse.csr_array:
        return self._costs.within(float(self._values[at]))

    def _keep(self, sites: NDArray[np.intp]) -> None:
        """Keep sites, ``p`` in all, and end the stretch where their farthest point is."""
        others = np.setdiff1d(np.arange(self._costs.cost.shape[1]), sites)
        sites = np.concatenate([sites, others[: self._p - len(sites)]])
        farthest = self._costs.to_sites(sites).min(axis=1).max()
        self.sites, self._high = sites, int(np.searchsorted(self._values, farthest))
