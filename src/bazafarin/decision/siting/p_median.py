"""The p sites that make the sum of weight × cost least, with proof (p-median).

Exchanges give good sites, Lagrangian prices a bound, and both together settle most sites.
What is left undecided goes to HiGHS where it is small, and else is split at one site, open
or closed, the least bound first.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from bazafarin.decision.siting.answer import Model, Siting, gap_share
from bazafarin.decision.siting.covering import reaching_sites
from bazafarin.decision.siting.interchange import exchanged, greedy_sites
from bazafarin.decision.siting.lagrangian import Choice, relaxed
from bazafarin.decision.siting.nearest_levels import best_of_levels, levels
from bazafarin.decision.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.lagrangian import Relaxation
    from bazafarin.decision.siting.nearest_levels import Levels
    from bazafarin.decision.siting.travel_costs import TravelCosts

_ROUNDING = 1e-9
"""A share of the objective below which a difference is rounding."""
_WHOLE = 1e-6
"""Where all costs are whole, better is better by one; a bound this near counts as reached."""
_ROOT_ROUNDS, _ROUNDS = 500, 60
"""Steps of the bound: for the whole, and for a part that begins at its whole's prices."""
_PROMISING = 1.01
"""Sites of the bound that cost at most so much of the best known are worth exchanges."""
_LEVELS_A_DEMAND_POINT, _LEVELS_A_SITE = 2, 40
"""Levels, for each demand point or site to choose, that HiGHS takes at once; more are split."""
_SCALE = 1e4
"""The objective HiGHS sees, so that its tolerances are far below a rounding."""


def p_median(costs: TravelCosts, *, p: int, time_limit_s: float = 60.0) -> Siting:
    """Return the ``p`` sites of least total weight × cost.

    Demand points of weight 0 pay nothing and need no way. When the time is up, the best
    sites so far are returned with the bound and the gap.

    Raises:
        UsageError: p is no number of these sites; somebody has no way to any site; p sites
            cannot reach everyone.
    """
    costs.check_p(p)
    stopwatch = Stopwatch(time_limit_s)
    counted = costs.weight > 0
    ways = costs.within(np.inf)
    costs.check_reached(ways, counted=counted)
    weighted = costs.dense()[counted] * costs.weight[counted, None]
    best = _Best(weighted, p, stopwatch)
    if not best.reaches_all:
        found = reaching_sites(sparse.csr_array(ways[counted]), p, stopwatch)
        best.offer(_filled(found, p, costs.cost.shape[1]))
    bound = _Search(weighted, p, best, stopwatch).bound()
    return _answer(costs, counted, best, bound)


def _answer(costs: TravelCosts, counted: NDArray[np.bool_], best: _Best, bound: float) -> Siting:
    is_proven = best.is_reached(bound)
    sites = tuple(sorted(best.sites.tolist()))
    # added up without rounding on the way: published optima have more digits than a float's sum
    value = math.fsum(costs.weight[counted] * costs.to_sites(best.sites)[counted].min(axis=1))
    bound = value if is_proven else min(bound, value)
    return Siting(
        Model.P_MEDIAN,
        value,
        sites,
        costs.assigned(sites),
        proven_optimal=is_proven,
        gap=gap_share(value, bound),
        bound=bound,
    )


def _filled(sites: NDArray[np.intp], p: int, count: int) -> NDArray[np.intp]:
    """Return ``sites`` and the first others, ``p`` in all."""
    others = np.setdiff1d(np.arange(count), sites)
    return np.concatenate([sites, others[: p - len(sites)]])


class _Best:
    """The best sites known, and what a bound must reach to prove them."""

    def __init__(self, cost: NDArray[np.float64], p: int, stopwatch: Stopwatch) -> None:
        finite = np.isfinite(cost)
        self.is_whole = bool((np.rint(cost[finite]) == cost[finite]).all())
        self._stopwatch = stopwatch
        self._cost = cost
        # Leaving one demand point unserved costs more than serving all at their worst.
        worst = np.where(finite, cost, 0.0).max(axis=1, initial=0.0).sum()
        self._finite = cost if finite.all() else np.where(finite, cost, worst + 1.0)
        self._seen: set[bytes] = set()
        self.sites = exchanged(self._finite, greedy_sites(self._finite, p), stopwatch)
        self.value = self._total(self.sites)

    @property
    def reaches_all(self) -> bool:
        return bool(np.isfinite(self.value))

    @property
    def to_beat(self) -> float:
        """Return the least bound that proves the best: nothing better can cost less."""
        if self.is_whole:
            return self.value - 1.0 + _WHOLE
        return self.value * (1.0 - _ROUNDING)

    def is_reached(self, bound: float) -> bool:
        return bound >= self.to_beat

    def offer(self, sites: NDArray[np.intp]) -> float:
        """Keep ``sites`` where they are better, after exchanges if promising; say the best."""
        key = np.sort(sites).tobytes()
        if key in self._seen:
            return self.value
        self._seen.add(key)
        value = self._total(sites)
        if value <= self.value * _PROMISING:
            sites = exchanged(self._finite, sites, self._stopwatch)
            value = self._total(sites)
        if value < self.value:
            self.sites, self.value = sites, value
        return self.value

    def _total(self, sites: NDArray[np.intp]) -> float:
        return float(self._cost[:, sites].min(axis=1).sum())


@dataclass(order=True)
class _Part:
    """A part of all choices: ``allowed`` sites may be open, the ``forced`` among them are."""

    bound: float
    number: int
    allowed: NDArray[np.intp] = field(compare=False)
    forced: NDArray[np.bool_] = field(compare=False)
    prices: NDArray[np.float64] = field(compare=False)


class _Search:
    """Splits all choices into parts until each is solved or cannot be better."""

    def __init__(
        self, cost: NDArray[np.float64], p: int, best: _Best, stopwatch: Stopwatch
    ) -> None:
        self._cost, self._p, self._best, self._stopwatch = cost, p, best, stopwatch
        self._numbers = count()
        self._open: list[_Part] = []
        self._left = np.inf
        """The least bound of the parts that were given up when the time was up."""

    def bound(self) -> float:
        """Return what no choice costs less than; the best's own value where it is proven."""
        near = np.partition(self._cost[:, self._best.sites], min(1, self._p - 1), axis=1)
        prices = near[:, : min(2, self._p)].mean(axis=1)
        prices[np.isinf(prices)] = near[np.isinf(prices), 0]
        sites = self._cost.shape[1]
        self._add(0.0, np.arange(sites), np.zeros(sites, dtype=np.bool_), prices)
        rounds = _ROOT_ROUNDS
        while self._open:
            part = heapq.heappop(self._open)
            if self._best.is_reached(part.bound):
                break
            if self._stopwatch.is_up and rounds == _ROUNDS:
                self._left = min(self._left, part.bound)
                break
            self._look(part, rounds)
            rounds = _ROUNDS
        return min(self._left, self._best.value)

    def _add(
        self,
        bound: float,
        allowed: NDArray[np.intp],
        forced: NDArray[np.bool_],
        prices: NDArray[np.float64],
    ) -> None:
        heapq.heappush(self._open, _Part(bound, next(self._numbers), allowed, forced, prices))

    def _look(self, part: _Part, rounds: int) -> None:
        """Solve a part, drop it, or split it."""
        if len(part.allowed) < self._p:
            return
        cost = self._cost[:, part.allowed]
        if np.isinf(cost.min(axis=1)).any():
            return
        found = relaxed(
            Choice(cost, self._p, part.forced, part.prices),
            upper=lambda chosen: self._best.offer(part.allowed[chosen]),
            enough=self._best.is_reached,
            rounds=rounds,
            stopwatch=self._stopwatch,
        )
        bound = max(found.bound, part.bound)
        if self._best.is_reached(bound):
            return
        closed, forced = _settled(found, part.forced, self._best.to_beat - found.bound)
        allowed, forced = part.allowed[~closed], forced[~closed]
        if forced.sum() == self._p or len(allowed) == self._p:
            self._best.offer(allowed[forced] if forced.sum() == self._p else allowed)
            return
        self._finish(_Part(bound, part.number, allowed, forced, found.prices), found, closed)

    def _finish(self, part: _Part, found: Relaxation, closed: NDArray[np.bool_]) -> None:
        """Hand a part to HiGHS where it is small, and else split it."""
        cost = self._cost[:, part.allowed]
        within = found.prices + (self._best.to_beat - found.bound)
        served = cost[:, part.forced].min(axis=1, initial=np.inf)
        undecided = part.allowed[~part.forced]
        left = levels(cost[:, ~part.forced], served=served, within=within)
        if left is None:
            return
        small = max(_LEVELS_A_DEMAND_POINT * len(cost), _LEVELS_A_SITE * self._p)
        if left.count <= small:
            self._prove(part, left, undecided)
            return
        worth = np.where(part.forced, np.inf, found.reduced[~closed])
        at = int(worth.argmin())
        is_it = np.arange(len(worth)) == at
        self._add(part.bound, part.allowed, part.forced | is_it, part.prices)
        self._add(part.bound, part.allowed[~is_it], part.forced[~is_it], part.prices)

    def _prove(self, part: _Part, left: Levels, undecided: NDArray[np.intp]) -> None:
        """Solve what is left of a part by HiGHS."""
        scale = self._best.value / _SCALE or 1.0
        open_still = self._p - int(part.forced.sum())
        solved = best_of_levels(left, open_still, scale=scale, stopwatch=self._stopwatch)
        picked = solved.picked(len(undecided))
        if picked is not None and len(picked) == open_still:
            self._best.offer(np.concatenate([part.allowed[part.forced], undecided[picked]]))
        if not solved.is_proven:
            self._left = min(self._left, max(part.bound, solved.bound * scale + left.base))


def _settled(
    found: Relaxation, forced: NDArray[np.bool_], room: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the sites that no better answer opens, and those that every better one does.

    A site that changes sides with the next in worth raises the bound by their difference;
    beyond ``room`` nothing better than the best known is left.
    """
    free = found.chosen & ~forced
    least_in = found.reduced[free].max(initial=-np.inf)
    most_out = found.reduced[~found.chosen].min(initial=np.inf)
    closed = ~found.chosen & (found.reduced - least_in > room)
    return closed, forced | (free & (most_out - found.reduced > room))
