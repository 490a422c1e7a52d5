"""Good sites found quickly: greedy choice, then exchanges of one site for another.

Interchange after Teitz and Bart (1968), every exchange weighed at once as Whitaker (1983)
does: what each demand point would gain or lose is summed by the site that serves it now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.stopwatch import Stopwatch

_LEAST_GAIN = 1e-12
"""An exchange that gains less than this share of the cost is rounding."""


def greedy_sites(cost: NDArray[np.float64], p: int) -> NDArray[np.intp]:
    """Return ``p`` sites, each the one that lowers the total cost most after those before it.

    ``cost`` (demand × site) is finite.
    """
    chosen: list[int] = []
    nearest = np.full(len(cost), cost.max(initial=0.0) + 1.0)
    for _ in range(p):
        gain = np.maximum(nearest[:, None] - cost, 0.0).sum(axis=0)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    return np.array(chosen, dtype=np.intp)


def exchanged(
    cost: NDArray[np.float64], sites: NDArray[np.intp], stopwatch: Stopwatch
) -> NDArray[np.intp]:
    """Return ``sites`` after the best exchanges of one site for another, until none helps.

    ``cost`` (demand × site) is finite.
    """
    sites = sites.copy()
    while not stopwatch.is_up:
        profit, total = _profits(cost, sites)
        out, into = np.unravel_index(profit.argmax(), profit.shape)
        if profit[out, into] <= _LEAST_GAIN * total:
            break
        sites[out] = into
    return sites


def _profits(
    cost: NDArray[np.float64], sites: NDArray[np.intp]
) -> tuple[NDArray[np.float64], float]:
    """Return what each exchange saves (site that goes × site that comes), and the cost now."""
    demand, p = len(cost), len(sites)
    served = cost[:, sites]
    by = served.argmin(axis=1)
    first = served[np.arange(demand), by]
    served[np.arange(demand), by] = np.inf
    # Where one site is all there is, whoever loses it goes to the one that comes.
    second = served.min(axis=1) if p > 1 else np.full(demand, cost.max(initial=0.0))
    gain = np.maximum(first[:, None] - cost, 0.0).sum(axis=0)
    loss = np.bincount(by, weights=second - first, minlength=p)
    spared = np.maximum(second[:, None] - np.maximum(cost, first[:, None]), 0.0)
    groups = sparse.csr_array((np.ones(demand), (by, np.arange(demand))), shape=(p, demand))
    profit = groups @ spared + gain - loss[:, None]
    profit[:, sites] = -np.inf
    return profit, float(first.sum())
