"""One mixed-integer program, handed to HiGHS with the time that is left."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.siting.stopwatch import Stopwatch

_OPTIMAL, _INFEASIBLE = 0, 2
_HALF = 0.5
"""HiGHS gives whole numbers but for its tolerance."""
_SHORTEST_RUN_S = 0.05
"""HiGHS takes a limit of zero for no limit at all."""


@dataclass(frozen=True)
class Solved:
    """What HiGHS found.

    ``values`` is None where it found no solution; ``bound`` is what no solution can go
    below, infinite where there is none.
    """

    values: NDArray[np.float64] | None
    bound: float
    is_proven: bool

    def picked(self, count: int) -> NDArray[np.intp] | None:
        """Return which of the first ``count`` variables are 1; None without a solution."""
        return None if self.values is None else np.nonzero(self.values[:count] > _HALF)[0]


def solved(
    cost: NDArray[np.float64],
    constraints: list[LinearConstraint],
    *,
    whole: NDArray[np.bool_],
    stopwatch: Stopwatch,
    is_first_enough: bool = False,
) -> Solved:
    """Return the least of ``cost @ x``, x in 0–1 and ``whole`` ones 0 or 1, within constraints.

    Args:
        cost: of each variable.
        constraints: rows and their limits.
        whole: the variables that are 0 or 1.
        stopwatch: the time that is left.
        is_first_enough: any solution will do: the first one found is returned as proven.
    """
    with warnings.catch_warnings():
        # HiGHS says so too in its status, which is read below.
        warnings.simplefilter("ignore")
        found = milp(
            cost,
            constraints=constraints,
            integrality=whole.astype(np.int8),
            bounds=Bounds(0.0, 1.0),
            options={
                "time_limit": max(stopwatch.left_s, _SHORTEST_RUN_S),
                "mip_rel_gap": np.inf if is_first_enough else 0.0,
            },
        )
    if found.status == _INFEASIBLE:
        return Solved(None, np.inf, is_proven=True)
    is_proven = found.status == _OPTIMAL
    bound = found.fun if is_proven and not is_first_enough else found.mip_dual_bound
    if bound is None or np.isnan(bound):
        bound = -np.inf
    return Solved(found.x, float(bound), is_proven=is_proven)
