"""A bound on what any p sites can cost, by prices that demand points would pay to be served.

The Lagrangian relaxation of the p-median: with a price for each demand point, a site is
worth what its customers pay above their cost, and the p worthiest are chosen whether or not
everyone is served once. Whatever the prices, that is a lower bound; subgradient steps raise
it (Cornuejols, Fisher and Nemhauser 1977; Beasley 1985).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bazafarin.decision.siting.stopwatch import Stopwatch

_NEAR_SITES = 4
"""A price never passes the cost of a site that is farther than this many in a p-th of all."""
_STALL = 12
"""Steps without a better bound before the step is halved."""
_SHORTEST_STEP = 0.005
_NOTABLE = 1e-3
"""A share of the gap: a bound that rises less is taken for a stall."""
_OVERSHOOT = 1.02
"""Steps aim a little past the best known cost, as is usual."""


@dataclass(frozen=True)
class Choice:
    """What is chosen from: ``p`` sites, the ``forced`` ones among them.

    ``cost`` is demand × site, infinite where there is no way; ``prices``, one a demand
    point, are where the search of a bound begins.
    """

    cost: NDArray[np.float64]
    p: int
    forced: NDArray[np.bool_]
    prices: NDArray[np.float64]


@dataclass(frozen=True)
class Relaxation:
    """The best bound found, the prices that give it, and what each site adds at them.

    ``reduced`` is at most 0: what opening a site adds to the bound. ``chosen`` marks the
    p sites of the bound, the forced among them. ``unserved`` is 1 where they serve a demand
    point never, 0 once and negative more often: the slope of the bound.
    """

    bound: float
    prices: NDArray[np.float64]
    reduced: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    unserved: NDArray[np.float64]


@dataclass(frozen=True)
class _Near:
    """The nearest sites of each demand point and their costs, from near to far."""

    site: NDArray[np.intp]
    cost: NDArray[np.float64]
    sites: int


def relaxed(
    choice: Choice,
    *,
    upper: Callable[[NDArray[np.bool_]], float],
    enough: Callable[[float], bool],
    rounds: int,
    stopwatch: Stopwatch,
) -> Relaxation:
    """Return the best bound on the cost of a choice after at most ``rounds`` steps.

    Args:
        choice: the sites, what is forced among them, and where the prices begin.
        upper: told the sites of each step that raised the bound; returns the best cost known.
        enough: whether a bound ends the search.
        rounds: steps at most.
        stopwatch: the time that is left.
    """
    near = _near(choice.cost, choice.p)
    least, most = near.cost[:, 0], near.cost[:, -1]
    now = best = _at_prices(near, choice, np.clip(choice.prices, least, most))
    known = upper(best.chosen)
    step, stalled = 1.0, 0
    for _ in range(rounds):
        norm = float(now.unserved @ now.unserved)
        if enough(best.bound) or norm == 0.0 or step < _SHORTEST_STEP or stopwatch.is_up:
            break
        length = step * (_OVERSHOOT * known - now.bound) / norm
        now = _at_prices(near, choice, np.clip(now.prices + length * now.unserved, least, most))
        stalled = 0 if now.bound > best.bound + _NOTABLE * (known - best.bound) else stalled + 1
        if now.bound > best.bound:
            best = now
            known = upper(best.chosen)
        if stalled >= _STALL:
            now, step, stalled = best, step / 2, 0
    return best


def _near(cost: NDArray[np.float64], p: int) -> _Near:
    """Return the sites that prices may reach: on average a few of the p."""
    sites = cost.shape[1]
    count = min(sites, -(-_NEAR_SITES * sites // p) + _NEAR_SITES)
    site = np.argpartition(cost, count - 1, axis=1)[:, :count]
    order = np.take_along_axis(cost, site, axis=1).argsort(axis=1)
    site = np.take_along_axis(site, order, axis=1)
    return _Near(site, np.take_along_axis(cost, site, axis=1), sites)


def _at_prices(near: _Near, choice: Choice, prices: NDArray[np.float64]) -> Relaxation:
    """Return the bound that ``prices`` give."""
    pays = near.cost < prices[:, None]
    payer = np.nonzero(pays)[0]
    site = near.site[pays]
    reduced = np.zeros(near.sites)
    # bincount, not add.at: this is where the time goes.
    reduced += np.bincount(site, weights=near.cost[pays] - prices[payer], minlength=near.sites)
    chosen = choice.forced.copy()
    if (open_still := choice.p - int(chosen.sum())) > 0:
        rank = np.where(chosen, np.inf, reduced)
        chosen[np.argpartition(rank, open_still - 1)[:open_still]] = True
    bound = float(prices.sum() + reduced[chosen].sum())
    unserved = np.ones(len(prices))
    unserved -= np.bincount(payer, weights=chosen[site].astype(float), minlength=len(prices))
    return Relaxation(bound, prices, reduced, chosen, unserved)
