"""The p-median as an integer program over levels of nearness, for what is left to prove.

For each demand point the costs of the sites, from near to far, are its levels. A variable
says that none of the sites up to a level is open, and costs the step to the next level
(Cornuejols, Nemhauser and Wolsey 1980), linked level to level, so that each site stands
once for each demand point (Elloumi 2010). Far smaller than one variable for each pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint

from bazafarin.decision.siting.integer_program import solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.integer_program import Solved
    from bazafarin.decision.siting.stopwatch import Stopwatch


@dataclass(frozen=True)
class Levels:
    """The levels of every demand point, demand point by demand point, from near to far.

    ``row`` and ``site`` are the pairs of a level and a site whose cost is that level's.
    ``is_first`` marks the nearest level of a demand point; ``step`` is the cost from a
    level to the next, infinite at the last where nothing serves beyond it. ``base`` is
    what all pay at their nearest levels.
    """

    row: NDArray[np.intp]
    site: NDArray[np.intp]
    is_first: NDArray[np.bool_]
    step: NDArray[np.float64]
    base: float
    sites: int

    @property
    def count(self) -> int:
        """Return how many levels there are."""
        return len(self.step)


def levels(
    cost: NDArray[np.float64], *, served: NDArray[np.float64], within: NDArray[np.float64]
) -> Levels | None:
    """Return the levels of the sites still to be decided; None where a demand point has none.

    Args:
        cost: demand × undecided site; infinite where there is no way.
        served: what each demand point pays at the sites that are open already, else infinite.
        within: what it may pay at most in an answer that is worth finding.
    """
    is_safe = served <= within
    demand, site = np.nonzero((cost < served[:, None]) & (cost <= within[:, None]))
    has_level = np.zeros(len(cost), dtype=np.bool_)
    has_level[demand] = True
    if not (has_level | is_safe).all():
        return None
    value = cost[demand, site]
    order = np.lexsort((value, demand))
    demand, site, value = demand[order], site[order], value[order]
    is_new = np.ones(len(demand), dtype=np.bool_)
    is_new[1:] = (demand[1:] != demand[:-1]) | (value[1:] != value[:-1])
    row = is_new.cumsum() - 1
    owner, at = demand[is_new], value[is_new]
    is_first = np.ones(len(owner), dtype=np.bool_)
    is_first[1:] = owner[1:] != owner[:-1]
    last = np.append(is_first[1:], True)[: len(owner)]
    beyond = np.where(is_safe, served, np.inf)[owner]
    step = np.where(last, beyond, np.append(at[1:], 0.0)[: len(owner)]) - at
    base = float(at[is_first].sum() + served[~has_level].sum())
    return Levels(row, site, is_first, step, base, cost.shape[1])


def best_of_levels(left: Levels, p: int, *, scale: float, stopwatch: Stopwatch) -> Solved:
    """Return the best ``p`` of the undecided sites; costs are divided by ``scale`` and HiGHS."""
    count, sites = left.count, left.sites
    is_open_ended = np.isfinite(left.step)
    skipped = np.cumsum(is_open_ended) - 1  # the variable of each level that has one
    variables = int(is_open_ended.sum())
    own = np.nonzero(is_open_ended)[0]
    linked = np.nonzero(~left.is_first)[0]
    rows = np.concatenate([left.row, own, linked])
    columns = np.concatenate([left.site, sites + skipped[own], sites + skipped[linked - 1]])
    values = np.concatenate([np.ones(len(left.row) + len(own)), -np.ones(len(linked))])
    matrix = sparse.csr_array((values, (rows, columns)), shape=(count, sites + variables))
    number = sparse.csr_array(np.append(np.ones(sites), np.zeros(variables))[None, :])
    return solved(
        np.append(np.zeros(sites), left.step[own]) / scale,
        [
            LinearConstraint(matrix, left.is_first.astype(float), np.inf),
            LinearConstraint(number, p, p),
        ],
        whole=np.append(np.ones(sites, dtype=np.bool_), np.zeros(variables, dtype=np.bool_)),
        stopwatch=stopwatch,
    )
