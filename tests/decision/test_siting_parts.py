"""The parts of the siting solvers: bounds that bound, levels that add up, dominance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from bazafarin.decision.siting import TravelCosts, p_median
from bazafarin.decision.siting.covering import can_cover, fewest_sites, least_share
from bazafarin.decision.siting.dominance import undominated
from bazafarin.decision.siting.interchange import exchanged, greedy_sites
from bazafarin.decision.siting.lagrangian import Choice, relaxed
from bazafarin.decision.siting.nearest_levels import best_of_levels, levels
from bazafarin.decision.siting.stopwatch import Stopwatch


def random_cost(seed: int, demand: int = 12, sites: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 50, (demand, sites)).astype(float)


def cheapest(cost: np.ndarray, p: int) -> float:
    choices = itertools.combinations(range(cost.shape[1]), p)
    return min(float(cost[:, list(c)].min(axis=1).sum()) for c in choices)


@given(st.integers(0, 10_000), st.integers(1, 7))
def test_prices_never_bound_above_the_optimum(seed: int, p: int) -> None:
    cost = random_cost(seed)
    best = cheapest(cost, p)

    found = relaxed(
        Choice(cost, p, np.zeros(8, dtype=bool), cost.min(axis=1)),
        upper=lambda _: best,
        enough=lambda _: False,
        rounds=60,
        stopwatch=Stopwatch(10),
    )

    assert found.bound <= best + 1e-6
    assert found.chosen.sum() == p


@given(st.integers(0, 10_000), st.integers(1, 7))
def test_levels_cost_what_the_sites_cost(seed: int, p: int) -> None:
    cost = random_cost(seed)
    everything = np.full(12, np.inf)

    left = levels(cost, served=everything, within=everything)
    assert left is not None
    solved = best_of_levels(left, p, scale=1.0, stopwatch=Stopwatch(10))

    assert solved.is_proven
    assert solved.bound + left.base == pytest.approx(cheapest(cost, p))


def test_a_demand_point_without_a_level_ends_a_part() -> None:
    cost = np.array([[5.0, 6.0]])

    assert levels(cost, served=np.array([np.inf]), within=np.array([4.0])) is None


@given(st.integers(0, 10_000), st.integers(1, 7))
def test_exchanges_end_where_no_single_exchange_helps(seed: int, p: int) -> None:
    cost = random_cost(seed)

    sites = exchanged(cost, greedy_sites(cost, p), Stopwatch(10))

    value = cost[:, sites].min(axis=1).sum()
    others = set(range(8)) - set(sites.tolist())
    for out, into in itertools.product(range(p), others):
        changed = sites.copy()
        changed[out] = into
        assert cost[:, changed].min(axis=1).sum() >= value


def test_dominance_leaves_what_decides() -> None:
    # The second row holds all of the first; the third column is within the second.
    cover = sparse.csr_array(np.array([[1.0, 1, 0], [1, 1, 1]]))

    rows, columns = undominated(cover)

    assert rows.tolist() == [0]
    assert columns.tolist() == [0]


@given(st.integers(0, 10_000))
def test_a_cover_of_what_decides_is_the_smallest_cover_of_all(seed: int) -> None:
    near = np.random.default_rng(seed).random((9, 7)) < 0.3
    near[:, 0] |= ~near.any(axis=1)
    smallest = next(
        count
        for count in range(1, 8)
        if any(
            near[:, list(chosen)].any(axis=1).all()
            for chosen in itertools.combinations(range(7), count)
        )
    )
    cover, stopwatch = sparse.csr_array(near.astype(float)), Stopwatch(10)

    found = fewest_sites(cover, stopwatch)

    assert len(found.sites) == found.least == smallest
    assert near[:, found.sites].any(axis=1).all()
    assert least_share(cover, stopwatch) <= smallest
    assert can_cover(cover, smallest, stopwatch) is not None
    assert smallest == 1 or can_cover(cover, smallest - 1, stopwatch) is None


@pytest.mark.parametrize("p", [1, 3, 12])
def test_equal_costs_are_proven_at_once(p: int) -> None:
    found = p_median(TravelCosts.of(np.full((30, 12), 7.0)), p=p)

    assert found.proven_optimal
    assert found.objective == 210.0


def test_costs_of_nothing_are_proven() -> None:
    found = p_median(TravelCosts.of(np.zeros((5, 4))), p=2)

    assert (found.objective, found.gap, found.proven_optimal) == (0.0, 0.0, True)
