"""The choice of offers as one mixed-integer programme, and the best use of a choice made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from bazafarin.decision.linear import most_valuable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_INFEASIBLE = 2
"""HiGHS's word, through SciPy, for a programme that has no answer."""
_WHOLE = 0.5
"""A whole number above this is 1; solvers return 0.9999999."""


class Choice(NamedTuple):
    """A choice of offers (None: time ran out first), whom it serves by pair, and the bound."""

    chosen: NDArray[np.intp] | None
    amount: NDArray[np.float64]
    bound: float


def solve(offers: Offers, budget_rial: int, *, gap: float, until: float) -> Choice | None:
    """Return the choice and its bound; None where no choice meets the limits.

    Variables are one 0 or 1 an offer, then the persons of each pair.
    """
    count, pairs = len(offers.capacity), len(offers.pair_offer)
    demand = offers.pair_demand
    if not pairs:
        return None if offers.floor.any() else Choice(np.empty(0, dtype=np.intp), np.empty(0), 0.0)
    at_pair = (np.ones(pairs), np.arange(pairs))
    most = np.minimum(offers.people[demand], offers.capacity[offers.pair_offer])
    limits = [
        # no more people than there are
        _limit(
            csr_array((len(offers.people), count)),
            _matrix(at_pair[0], demand, at_pair[1], (len(offers.people), pairs)),
            offers.people,
        ),
        # no more than the capacity of what is built
        _limit(
            csr_array((-offers.capacity, (np.arange(count), np.arange(count)))),
            _matrix(at_pair[0], offers.pair_offer, at_pair[1], (count, pairs)),
            np.zeros(count),
        ),
        # nobody by what is not built: implied by the last, but a tighter programme with it
        _limit(
            _matrix(-most, at_pair[1], offers.pair_offer, (pairs, count)),
            _matrix(at_pair[0], at_pair[1], at_pair[1], (pairs, pairs)),
            np.zeros(pairs),
        ),
    ]
    choice, upper = choice_limits(offers, budget_rial)
    limits.append(_limit(choice, csr_array((choice.shape[0], pairs)), upper))
    if len(offers.floor):
        group = offers.floor_group[demand]
        of_group = group >= 0
        counted = _matrix(
            -np.ones(of_group.sum()),
            group[of_group],
            np.flatnonzero(of_group),
            (len(offers.floor), pairs),
        )
        limits.append(_limit(csr_array((len(offers.floor), count)), counted, -offers.floor))
    rows = vstack([matrix for matrix, _ in limits], format="csr")
    found = milp(
        -np.concatenate([np.zeros(count), offers.value[demand]]),
        integrality=np.concatenate([np.ones(count), np.zeros(pairs)]),
        bounds=Bounds(0.0, np.concatenate([np.ones(count), most])),
        constraints=LinearConstraint(rows, -np.inf, np.concatenate([u for _, u in limits])),
        options={"mip_rel_gap": gap, "time_limit": max(1.0, until - time.monotonic())},
    )
    if found.status == _INFEASIBLE:
        return None
    bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
    if found.x is None:
        return Choice(None, np.zeros(pairs), min(bound, float(offers.people @ offers.value)))
    chosen = np.flatnonzero(found.x[:count] > _WHOLE)
    return Choice(chosen, served(offers, chosen), bound)


def choice_limits(offers: Offers, budget_rial: int) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the limits on which offers may be chosen together: the budget and shared land.

    The budget is one, and costs are shares of it: rials are too large beside persons.
    """
    count = len(offers.capacity)
    cost = csr_array(np.reshape(offers.cost_rial / max(budget_rial, 1), (1, count)))
    group, offer = offers.excluded.T
    groups = int(group.max()) + 1 if len(group) else 0
    shared = _matrix(np.ones(len(group)), group, offer, (groups, count))
    dear = [_matrix(np.ones(len(of)), np.zeros_like(of), of, (1, count)) for of in offers.too_dear]
    upper = [
        1.0 if budget_rial > 0 else 0.0,
        *[1.0] * groups,
        *(len(of) - 1.0 for of in offers.too_dear),
    ]
    return vstack([cost, shared, *dear], format="csr"), np.array(upper)


def served(offers: Offers, chosen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the persons of each pair that the chosen offers serve, the most valuable way.

    Where there are floors, they are met; where they cannot be, nobody is served.
    """
    is_built = np.zeros(len(offers.capacity), dtype=np.bool_)
    is_built[chosen] = True
    pair = np.flatnonzero(is_built[offers.pair_offer])
    amount = np.zeros(len(offers.pair_offer))
    if not len(pair):
        return amount
    offer, demand = offers.pair_offer[pair], offers.pair_demand[pair]
    at, ones = np.arange(len(pair)), np.ones(len(pair))
    rows = [
        _matrix(ones, demand, at, (len(offers.people), len(pair))),
        _matrix(ones, offer, at, (len(offers.capacity), len(pair))),
    ]
    upper = [offers.people, offers.capacity]
    if len(offers.floor):
        group = offers.floor_group[demand]
        inside = group >= 0
        shape = (len(offers.floor), len(pair))
        rows.append(_matrix(-ones[inside], group[inside], at[inside], shape))
        upper.append(-offers.floor)
    found = most_valuable(offers.value[demand], vstack(rows, format="csr"), np.concatenate(upper))
    if found is not None:
        amount[pair] = found.variables
    return amount


def _matrix(
    values: NDArray[np.float64],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    shape: tuple[int, int],
) -> csr_array:
    return csr_array((values, (rows, columns)), shape=shape)


def _limit(
    on_offers: csr_array, on_pairs: csr_array, upper: NDArray[np.float64]
) -> tuple[csr_array, NDArray[np.float64]]:
    """Return rows over all variables, and what they may not exceed."""
    return hstack([on_offers, on_pairs], format="csr"), upper
