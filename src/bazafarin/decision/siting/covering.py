"""The fewest sites that have everyone within a radius, with proof (location set covering).

Demand points that ask for more than others do, and sites that do less than others, are set
aside first: a cover of the rest is a cover of all. HiGHS proves what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint

from bazafarin.decision.siting.answer import Model, Siting, gap_share
from bazafarin.decision.siting.dominance import undominated
from bazafarin.decision.siting.integer_program import solved
from bazafarin.decision.siting.stopwatch import Stopwatch
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.travel_costs import TravelCosts

_WHOLE = 1e-6
"""A bound on a number of sites this little above a whole one is that one."""


@dataclass(frozen=True)
class Cover:
    """Sites that cover everyone, and what no cover can be fewer than."""

    sites: NDArray[np.intp]
    least: int


def set_cover(costs: TravelCosts, *, radius: float, time_limit_s: float = 60.0) -> Siting:
    """Return the fewest sites that have every demand point within ``radius``.

    Weights do not matter. When the time is up, the best cover so far is returned with the
    bound and the gap.

    Raises:
        UsageError: some demand points have no site within the radius.
    """
    cover = costs.within(radius)
    costs.check_reached(cover, counted=np.ones(cover.shape[0], dtype=np.bool_))
    found = fewest_sites(cover, Stopwatch(time_limit_s))
    sites = tuple(sorted(found.sites.tolist()))
    return Siting(
        Model.SET_COVER,
        float(len(sites)),
        sites,
        costs.assigned(sites, radius=radius),
        proven_optimal=len(sites) == found.least,
        gap=gap_share(len(sites), found.least),
        bound=float(found.least),
    )


def fewest_sites(cover: sparse.csr_array, stopwatch: Stopwatch) -> Cover:
    """Return the fewest columns of ``cover`` that meet every row; every row has one."""
    rows, columns = undominated(cover)
    small = sparse.csr_array(cover[rows][:, columns])
    greedy = greedy_cover(small)
    found = solved(
        np.ones(len(columns)),
        [LinearConstraint(small, 1.0, np.inf)],
        whole=np.ones(len(columns), dtype=np.bool_),
        stopwatch=stopwatch,
    )
    best = greedy
    picked = found.picked(len(columns))
    is_fewer = picked is not None and len(picked) < len(greedy)
    if picked is not None and is_fewer and small[:, picked].sum(axis=1).min() > 0:
        best = picked
    least = len(best) if found.is_proven else max(1, int(np.ceil(found.bound - _WHOLE)))
    return Cover(columns[best], min(least, len(best)))


def reaching_sites(ways: sparse.csr_array, p: int, stopwatch: Stopwatch) -> NDArray[np.intp]:
    """Return at most ``p`` sites that every demand point has a way to.

    Raises:
        UsageError: p sites cannot reach everyone, or the time was up before any were found.
    """
    sites = greedy_cover(ways)
    if len(sites) <= p:
        return sites
    found = fewest_sites(ways, stopwatch)
    if found.least > p:
        raise UsageError("siting.too_few_sites", p=p, least=found.least)
    if len(found.sites) > p:
        raise UsageError("siting.time_too_short", p=p)
    return found.sites


def least_share(cover: sparse.csr_array, stopwatch: Stopwatch) -> float:
    """Return how few columns, parts of columns allowed, meet every row: a bound.

    Raises:
        TimeoutError: the time was up before it was known.
    """
    rows, columns = undominated(cover)
    found = solved(
        np.ones(len(columns)),
        [LinearConstraint(sparse.csr_array(cover[rows][:, columns]), 1.0, np.inf)],
        whole=np.zeros(len(columns), dtype=np.bool_),
        stopwatch=stopwatch,
    )
    if not found.is_proven:
        raise TimeoutError
    return found.bound - _WHOLE


def can_cover(cover: sparse.csr_array, p: int, stopwatch: Stopwatch) -> NDArray[np.intp] | None:
    """Return at most ``p`` columns that meet every row, or None where there are none.

    Raises:
        TimeoutError: the time was up before either was known.
    """
    rows, columns = undominated(cover)
    small = sparse.csr_array(cover[rows][:, columns])
    greedy = greedy_cover(small)
    if len(greedy) <= p:
        return columns[greedy]
    number = sparse.csr_array(np.ones((1, len(columns))))
    found = solved(
        np.ones(len(columns)),
        [LinearConstraint(small, 1.0, np.inf), LinearConstraint(number, 0.0, p)],
        whole=np.ones(len(columns), dtype=np.bool_),
        stopwatch=stopwatch,
        is_first_enough=True,
    )
    picked = found.picked(len(columns))
    if picked is not None:
        return columns[picked]
    if found.is_proven or found.bound > p + _WHOLE:
        return None
    raise TimeoutError


def greedy_cover(cover: sparse.csr_array) -> NDArray[np.intp]:
    """Return columns that meet every row, each the one that meets most of what was left."""
    by_column = sparse.csc_array(cover)
    left = np.ones(cover.shape[0])
    chosen: list[int] = []
    while left.any():
        best = int((left @ by_column).argmax())
        chosen.append(best)
        left[by_column.indices[by_column.indptr[best] : by_column.indptr[best + 1]]] = 0.0
    return np.array(chosen, dtype=np.intp)
