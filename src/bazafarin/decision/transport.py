"""Who is served by which facility: first the most people served, then the least walking.

Two linear programmes solved by HiGHS. The first finds the most people that can be served, by
an interior point; the second the least walking when serving one more is worth any detour, by
the simplex. Where it serves as many as the first, no way to serve so many walks less.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SLACK = 1e-9
"""So few people, or so small a share of them, are rounding."""
_SOLVER_TOLERANCE = 1e-6
"""HiGHS keeps its limits to about this share."""

_WORTH: Final = (10.0, 1e3, 1e5)
"""What serving one more is worth, in longest ways; the first that serves the most is enough."""


@dataclass(frozen=True)
class Allocation:
    """Who is served where, and what proves that no more could be.

    Attributes:
        served: people of each triplet, in the order of the triplets.
        unserved: people of each origin who are left out.
        load: people at each facility, never above its capacity.
        people_m: metres walked by all who are served together.
        most_people: no allocation serves more.
        gap: share of ``most_people`` that is not served though it might be; 0 is proof.
        is_least_walking: whether no allocation that serves as many walks less, proved.
    """

    served: NDArray[np.float64]
    unserved: NDArray[np.float64]
    load: NDArray[np.float64]
    people_m: float
    most_people: float
    gap: float
    is_least_walking: bool


@dataclass(frozen=True)
class _Pairs:
    """The triplets, and the people and room that they share."""

    people: NDArray[np.float64]
    capacity: NDArray[np.float64]
    origin: NDArray[np.intp]
    facility: NDArray[np.intp]
    distance_m: NDArray[np.float64]

    def limits(self) -> tuple[csr_array, NDArray[np.float64]]:
        """Return the rows "no more than live there" and "no more than its capacity"."""
        count = len(self.origin)
        at, ones = np.arange(count), np.ones(count)
        rows = [
            csr_array((ones, (self.origin, at)), shape=(len(self.people), count)),
            csr_array((ones, (self.facility, at)), shape=(len(self.capacity), count)),
        ]
        return csr_array(vstack(rows)), np.concatenate([self.people, self.capacity])

    def within_limits(self, served: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a solver gave without its rounding above a limit."""
        served = np.maximum(served, 0.0)
        for limit, of in ((self.capacity, self.facility), (self.people, self.origin)):
            total = np.bincount(of, weights=served, minlength=len(limit))
            fits = np.divide(limit, total, out=np.ones(len(limit)), where=total > limit)
            served = served * fits[of]
        return served


def transport(  # noqa: PLR0913 - people, room and the three columns of the triplets
    people: NDArray[np.float64],
    capacity: NDArray[np.float64],
    *,
    origin: NDArray[np.intp],
    facility: NDArray[np.intp],
    distance_m: NDArray[np.float64],
    time_limit_s: float,
) -> Allocation:
    """Return the allocation that serves the most people, and of those the least walking.

    Nobody is served twice and no facility is above its capacity. People are shared out as
    quantities, not as persons: a block's ten people may go to two schools. Where each goes
    to the nearest and all fit, that is the answer and no programme is solved.

    Args:
        people: at each origin, 0 or more.
        capacity: of each facility, 0 or more.
        origin: of each triplet, a position in ``people``; likewise ``facility``.
        facility: a position in ``capacity``. A pair that is no triplet is out of reach.
        distance_m: of each triplet, 0 or more.
        time_limit_s: for all programmes together. Where the first runs out of it, the
            nearest room is given first and the gap said; where the second does, the walking
            is not proved the least.
    """
    until = time.monotonic() + time_limit_s
    pairs = _Pairs(people, capacity, origin, facility, distance_m)
    greedy = _nearest_first(pairs)
    reachable = np.zeros(len(people), dtype=np.bool_)
    reachable[origin] = True
    reached = np.zeros(len(capacity), dtype=np.bool_)
    reached[facility] = True
    bound = float(min(people[reachable].sum(), capacity[reached].sum()))
    if np.isclose(greedy[_is_nearest(pairs)].sum(), people[reachable].sum(), rtol=_SLACK):
        return _allocation(pairs, greedy, bound=float(greedy.sum()), is_least=True)
    most = _solved(pairs, -np.ones(len(origin)), "highs-ipm", until)
    served = greedy if most is None else pairs.within_limits(most)
    if most is not None:
        bound = min(bound, float(most.sum()))
    for worth in _WORTH:
        reward = worth * max(1.0, float(distance_m.max()))
        found = _solved(pairs, distance_m - reward, "highs-ds", until)
        if found is None:
            break
        if found.sum() >= bound * (1 - _SOLVER_TOLERANCE):
            return _allocation(pairs, pairs.within_limits(found), bound=bound, is_least=True)
        served = max(served, pairs.within_limits(found), key=lambda each: float(each.sum()))
    return _allocation(pairs, served, bound=bound, is_least=False)


def _solved(
    pairs: _Pairs,
    cost: NDArray[np.float64],
    method: Literal["highs-ds", "highs-ipm"],
    until: float,
) -> NDArray[np.float64] | None:
    """Return the least costly amounts within the limits; None where time ran out first."""
    left_s = until - time.monotonic()
    if left_s <= 0:
        return None
    rows, limits = pairs.limits()
    found = linprog(  # type: ignore[call-overload]  # its stubs know no sparse rows
        cost, A_ub=rows, b_ub=limits, method=method, options={"time_limit": left_s}
    )
    return np.asarray(found.x, dtype=float) if found.status == 0 else None


def _allocation(
    pairs: _Pairs, served: NDArray[np.float64], *, bound: float, is_least: bool
) -> Allocation:
    total = float(served.sum())
    gap = max(0.0, (bound - total) / bound) if bound > 0 else 0.0
    left = pairs.people - np.bincount(pairs.origin, weights=served, minlength=len(pairs.people))
    load = np.bincount(pairs.facility, weights=served, minlength=len(pairs.capacity))
    return Allocation(
        served=served,
        unserved=np.maximum(left, 0.0),
        load=load.astype(float),
        people_m=float(served @ pairs.distance_m),
        most_people=max(bound, total),
        gap=gap if gap > _SOLVER_TOLERANCE else 0.0,
        is_least_walking=is_least,
    )


def _is_nearest(pairs: _Pairs) -> NDArray[np.bool_]:
    """Return which triplets lead to the nearest facility of their origin."""
    least = np.full(len(pairs.people), np.inf)
    np.minimum.at(least, pairs.origin, pairs.distance_m)
    is_least: NDArray[np.bool_] = pairs.distance_m <= least[pairs.origin]
    return is_least


def _nearest_first(pairs: _Pairs) -> NDArray[np.float64]:
    """Return an allocation in which each goes to the nearest room, the nearest people first.

    Every round fills a facility or serves all who still can be, so there are no more rounds
    than facilities.
    """
    left, room = pairs.people.astype(float), pairs.capacity.astype(float)
    served = np.zeros(len(pairs.origin))
    order = np.lexsort((pairs.distance_m, pairs.origin))
    while len(order):
        order = order[(left[pairs.origin[order]] > 0) & (room[pairs.facility[order]] > 0)]
        owner = pairs.origin[order]
        asked = order[np.append(True, owner[1:] != owner[:-1])[: len(order)]]
        asked = asked[np.lexsort((pairs.distance_m[asked], pairs.facility[asked]))]
        of, wanted = pairs.facility[asked], left[pairs.origin[asked]]
        before = np.cumsum(wanted) - wanted
        is_first = np.append(True, of[1:] != of[:-1])[: len(of)]
        before -= np.repeat(before[is_first], np.diff(np.append(np.flatnonzero(is_first), len(of))))
        given = np.clip(room[of] - before, 0.0, wanted)
        served[asked] += given
        left[pairs.origin[asked]] -= given
        np.subtract.at(room, of, given)
        room[room < _SLACK] = 0.0
        left[left < _SLACK] = 0.0
    return served
