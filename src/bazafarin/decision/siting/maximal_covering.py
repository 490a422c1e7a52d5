"""The p sites that have the most weight within a radius, with proof (maximal covering).

Demand points with the same sites in reach are one; sites whose reach another has are left
out; HiGHS proves the rest (Church and ReVelle 1974).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint

from bazafarin.decision.siting.answer import Model, Siting, gap_share
from bazafarin.decision.siting.dominance import within_another
from bazafarin.decision.siting.integer_program import solved
from bazafarin.decision.siting.stopwatch import Stopwatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.travel_costs import TravelCosts

_ROUNDING = 1e-9


def maximal_cover(
    costs: TravelCosts, *, p: int, radius: float, time_limit_s: float = 60.0
) -> Siting:
    """Return the ``p`` sites that have the most weight within ``radius``.

    Always p sites, even where fewer have as much. Demand points beyond the radius are
    assigned to none. When the time is up, the best sites so far are returned with the
    bound and the gap.

    Raises:
        UsageError: p is no number of these sites.
    """
    costs.check_p(p)
    stopwatch = Stopwatch(time_limit_s)
    cover = costs.within(radius)
    groups, weight = merged(cover, costs.weight)
    columns = np.nonzero(~within_another(sparse.csr_array(groups.T)))[0]
    picked, most = _picked(sparse.csr_array(groups[:, columns]), weight, p, stopwatch)
    sites = _filled(cover, costs.weight, columns[picked], p)
    objective = float(costs.weight[cover[:, sites].sum(axis=1) > 0].sum())
    is_proven = most <= objective * (1.0 + _ROUNDING)
    bound = objective if is_proven else min(most, float(weight.sum()))
    return Siting(
        Model.MAXIMAL_COVER,
        objective,
        tuple(sites.tolist()),
        costs.assigned(sites.tolist(), radius=radius),
        proven_optimal=is_proven,
        gap=gap_share(objective, bound),
        bound=bound,
    )


def merged(
    cover: sparse.csr_array, weight: NDArray[np.float64]
) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """Return the different rows of ``cover`` and the weight of each; empty ones are left out."""
    cover = sparse.csr_array(cover)
    cover.sort_indices()
    starts = cover.indptr
    # A loop: rows are sets of different lengths, and their bytes are their identity.
    keys = [cover.indices[start:end].tobytes() for start, end in pairwise(starts)]
    first = {key: at for at, key in reversed(list(enumerate(keys))) if key}
    number = {key: at for at, key in enumerate(first)}
    group = np.array([number.get(key, -1) for key in keys], dtype=np.intp)
    counted = group >= 0
    total = np.zeros(len(first))
    np.add.at(total, group[counted], weight[counted])
    return sparse.csr_array(cover[list(first.values())]), total


def _picked(
    groups: sparse.csr_array, weight: NDArray[np.float64], p: int, stopwatch: Stopwatch
) -> tuple[NDArray[np.intp], float]:
    """Return at most ``p`` columns that cover the most weight, and what none can exceed."""
    count, sites = groups.shape
    if sites <= p or count == 0:
        return np.arange(min(sites, p)), float(weight.sum())
    scale = float(weight.max()) or 1.0
    matrix = sparse.csr_array(sparse.hstack([groups, -sparse.eye_array(count)]))
    number = sparse.csr_array(np.append(np.ones(sites), np.zeros(count))[None, :])
    found = solved(
        np.append(np.zeros(sites), -weight / scale),
        [LinearConstraint(matrix, 0.0, np.inf), LinearConstraint(number, 0.0, p)],
        whole=np.arange(sites + count) < sites,
        stopwatch=stopwatch,
    )
    picked = _greedy(groups, weight, p)
    better = found.picked(sites)
    if better is not None and (
        _covered(groups, weight, better) >= _covered(groups, weight, picked)
    ):
        picked = better
    if found.is_proven:
        return picked, _covered(groups, weight, picked)
    return picked, min(float(weight.sum()), -found.bound * scale)


def _covered(
    groups: sparse.csr_array, weight: NDArray[np.float64], columns: NDArray[np.intp]
) -> float:
    return float(weight[groups[:, columns].sum(axis=1) > 0].sum())


def _greedy(groups: sparse.csr_array, weight: NDArray[np.float64], p: int) -> NDArray[np.intp]:
    """Return ``p`` columns, each the one that adds most weight to those before it."""
    by_column = sparse.csc_array(groups)
    left = weight.copy()
    chosen: list[int] = []
    for _ in range(p):
        worth = left @ by_column
        worth[chosen] = -1.0
        chosen.append(int(worth.argmax()))
        left[by_column.indices[by_column.indptr[chosen[-1]] : by_column.indptr[chosen[-1] + 1]]] = 0
    return np.array(chosen, dtype=np.intp)


def _filled(
    cover: sparse.csr_array, weight: NDArray[np.float64], sites: NDArray[np.intp], p: int
) -> NDArray[np.intp]:
    """Return ``sites``, rising, with the others of widest reach where they are fewer than p."""
    reach = weight @ cover
    reach[sites] = -1.0
    others = np.argsort(-reach, kind="stable")[: p - len(sites)]
    return np.sort(np.concatenate([sites, others]))
