"""The choice of offers as one mixed-integer programme, and the best use of a choice made."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from bazafarin.decision import offer_flow
from bazafarin.decision.linear import most_valuable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.decision.portfolio import Offers

_INFEASIBLE = 2
"""HiGHS's word, through SciPy, for a programme that has no answer."""
_LEAST_S = 1.0
"""Seconds that a programme has at least: one begun as time ends may still find its answer."""
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
        options={"mip_rel_gap": gap, "time_limit": max(_LEAST_S, until - time.monotonic())},
    )
    if found.status == _INFEASIBLE:
        return None
    bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound)
    if found.x is None:
        return Choice(None, np.zeros(pairs), min(bound, float(offers.people @ offers.value)))
    chosen = np.flatnonzero(found.x[:count] > _WHOLE)
    try:
        amount = served(offers, chosen, until=until)
    except TimeoutError:
        # the flows need no programme; they share out nearly as well
        amount = offer_flow.served(offers, chosen, until=np.inf)
    return Choice(chosen, amount, bound)


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


def served(offers: Offers, chosen: NDArray[np.intp], *, until: float) -> NDArray[np.float64]:
    """Return the persons of each pair that the chosen offers serve, the most valuable way.

    Where there are floors, they are met; where they cannot be, nobody is served.
    ``TimeoutError`` where time ran out.
    """
    until = max(until, time.monotonic() + _LEAST_S)
    is_built = np.zeros(len(offers.capacity), dtype=np.bool_)
    is_built[chosen] = True
    pair = np.flatnonzero(is_built[offers.pair_offer])
    amount = np.zeros(len(offers.pair_offer))
    # A loop over parts of the town that no offer joins: each is a small programme of its own.
    for part in _apart(offers, pair):
        amount[part] = _served_there(offers, part, until)
    return amount


def _apart(offers: Offers, pair: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return the pairs in parts that share no offer and no demand; floors join them all."""
    if not len(pair) or len(offers.floor):
        return [pair] if len(pair) else []
    size = len(offers.capacity) + len(offers.people)
    link = coo_array(
        (
            np.ones(len(pair), dtype=np.int8),
            (offers.pair_offer[pair], len(offers.capacity) + offers.pair_demand[pair]),
        ),
        shape=(size, size),
    )
    _, label = connected_components(link, directed=False)
    of_pair = label[offers.pair_offer[pair]]
    order = np.argsort(of_pair, kind="stable")
    return np.split(pair[order], np.flatnonzero(np.diff(of_pair[order])) + 1)


def _served_there(offers: Offers, pair: NDArray[np.intp], until: float) -> NDArray[np.float64]:
    """Return the persons served of pairs that stand apart from all others.

    Demands that the same offers reach, and that count alike, are one in the programme; their
    people are then served in turn.
    """
    offer, demand = offers.pair_offer[pair], offers.pair_demand[pair]
    together = _alike(offers, offer, demand)
    class_people = np.bincount(together.of_demand, offers.people[together.demands])
    at = np.unique(np.column_stack([together.of_pair, offer]), axis=0, return_inverse=True)
    (kind, by), arc = at[0].T, at[1].ravel()
    places = np.unique(by, return_inverse=True)
    ones, column = np.ones(len(kind)), np.arange(len(kind))
    rows = [
        _matrix(ones, kind, column, (len(class_people), len(kind))),
        _matrix(ones, places[1], column, (len(places[0]), len(kind))),
    ]
    upper = [class_people, offers.capacity[places[0]]]
    if len(offers.floor):
        group = together.group[kind]
        inside = group >= 0
        shape = (len(offers.floor), len(kind))
        rows.append(_matrix(-ones[inside], group[inside], column[inside], shape))
        upper.append(-offers.floor)
    found = most_valuable(
        together.value[kind],
        vstack(rows, format="csr"),
        np.concatenate(upper),
        time_limit_s=until - time.monotonic(),
    )
    if found is None:
        return np.zeros(len(pair))
    # each demand of a class takes from every offer its part of the class
    part = offers.people[demand] / np.maximum(class_people[together.of_pair], 1e-12)
    return found.variables[arc] * part


class _Alike(NamedTuple):
    """Demands gathered: which (``demands``), the class of each, and each pair's."""

    demands: NDArray[np.intp]
    of_demand: NDArray[np.intp]
    of_pair: NDArray[np.intp]
    value: NDArray[np.float64]
    group: NDArray[np.intp]


def _alike(offers: Offers, offer: NDArray[np.intp], demand: NDArray[np.intp]) -> _Alike:
    """Return the demands in classes of the same offers, value and floor."""
    demands, at = np.unique(demand, return_inverse=True)
    # a random number an offer: the sum names the set that reaches a demand
    names = np.random.default_rng(0).integers(0, 2**62, len(offers.capacity), dtype=np.int64)
    reached = np.zeros(len(demands), dtype=np.int64)
    np.add.at(reached, at, names[offer])  # overflow wraps round, which is as good a name
    key = np.rec.fromarrays([reached, offers.value[demands], offers.floor_group[demands]])
    _, first, of_demand = np.unique(key, return_index=True, return_inverse=True)
    chosen = demands[first]
    return _Alike(
        demands, of_demand, of_demand[at], offers.value[chosen], offers.floor_group[chosen]
    )


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
