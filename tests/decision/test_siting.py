"""Where facilities should stand: cases solved by hand, every choice tried, and what must hold."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from bazafarin.decision.siting import (
    Model,
    TravelCosts,
    maximal_cover,
    p_center,
    p_median,
    set_cover,
)
from bazafarin.domain.errors import UsageError

INF = math.inf

# Five houses on one lane at 0, 1, 2, 10 and 11; a site may stand at each.
LANE = np.abs(np.subtract.outer([0.0, 1, 2, 10, 11], [0.0, 1, 2, 10, 11]))


def test_one_median_of_a_lane_is_its_middle_house() -> None:
    # From 2: 2 + 1 + 0 + 8 + 9 = 20; from 1: 1 + 0 + 1 + 9 + 10 = 21.
    found = p_median(TravelCosts.of(LANE), p=1)

    assert (found.objective, found.sites) == (20.0, (2,))
    assert found.proven_optimal
    assert (found.gap, found.bound) == (0.0, 20.0)


def test_two_medians_stand_one_in_each_cluster() -> None:
    # 1 serves 0, 1, 2 for 1 + 0 + 1; either of the others serves both for 1.
    found = p_median(TravelCosts.of(LANE), p=2)

    assert found.objective == 3.0
    assert found.sites in {(1, 3), (1, 4)}
    assert found.assigned[:3].tolist() == [1, 1, 1]


def test_weight_draws_the_median() -> None:
    # A hundred people at 11: from 11 the others pay 11 + 10 + 9 + 1 = 31.
    found = p_median(TravelCosts.of(LANE, weight=np.array([1.0, 1, 1, 1, 100])), p=1)

    assert (found.objective, found.sites) == (31.0, (4,))


def test_who_weighs_nothing_needs_no_way() -> None:
    costs = TravelCosts.of(np.array([[1.0, 2.0], [INF, INF]]), weight=np.array([3.0, 0.0]))

    found = p_median(costs, p=1)

    assert (found.objective, found.sites) == (3.0, (0,))
    assert found.assigned.tolist() == [0, -1]


def test_the_center_of_a_lane_is_the_house_whose_farthest_is_nearest() -> None:
    # The ends are 0 and 11: from 2 the farthest is 9, from 10 it is 10.
    found = p_center(TravelCosts.of(LANE), p=1)

    assert (found.model, found.objective, found.sites) == (Model.P_CENTER, 9.0, (2,))


def test_a_cover_of_a_lane_needs_a_site_in_each_cluster() -> None:
    found = set_cover(TravelCosts.of(LANE), radius=1)

    assert found.objective == 2.0
    assert found.sites[0] == 1
    assert found.proven_optimal


def test_one_site_covers_the_larger_cluster() -> None:
    found = maximal_cover(TravelCosts.of(LANE), p=1, radius=1)

    assert (found.objective, found.sites) == (3.0, (1,))
    assert found.assigned.tolist() == [1, 1, 1, -1, -1]


def test_a_radius_is_reached_at_its_very_end() -> None:
    costs = TravelCosts.of(np.array([[500.0]]))

    assert maximal_cover(costs, p=1, radius=500).objective == 1.0
    assert maximal_cover(costs, p=1, radius=499.999).objective == 0.0


def test_p_sites_are_always_p() -> None:
    nobody = TravelCosts.of(np.full((2, 3), 9.0))

    assert maximal_cover(nobody, p=2, radius=1).sites == (0, 1)
    assert p_center(nobody, p=3).sites == (0, 1, 2)
    assert p_median(nobody, p=3).sites == (0, 1, 2)


def test_a_stored_zero_is_a_cost_and_what_is_not_stored_is_no_way() -> None:
    sparse_costs = sparse.csr_array((np.array([0.0, 5.0]), ([0, 1], [0, 1])), shape=(2, 2))

    found = p_median(TravelCosts.of(sparse_costs), p=2)

    assert found.objective == 5.0
    with pytest.raises(UsageError, match="too_few_sites") as raised:
        p_median(TravelCosts.of(sparse_costs), p=1)
    assert raised.value.facts == {"p": 1, "least": 2}


@pytest.mark.parametrize("p", [0, 6])
@pytest.mark.parametrize("model", [p_median, p_center])
def test_more_sites_than_there_are_cannot_be_chosen(model, p: int) -> None:
    with pytest.raises(UsageError, match="too_many_sites"):
        model(TravelCosts.of(LANE), p=p)


def test_an_error_names_who_has_no_site() -> None:
    costs = TravelCosts.of(LANE[:, :3], demand_ids=list("abcde"))

    with pytest.raises(UsageError, match="no_site") as raised:
        set_cover(costs, radius=5)

    assert raised.value.facts == {"count": 2, "names": ["d", "e"]}


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_costs_and_weights_that_are_no_costs_and_weights_are_refused(bad: float) -> None:
    with pytest.raises(UsageError, match="bad_numbers"):
        TravelCosts.of(np.array([[1.0, bad]]))
    with pytest.raises(UsageError, match="bad_numbers"):
        TravelCosts.of(np.array([[1.0]]), weight=np.array([bad]))
    with pytest.raises(UsageError, match="too_large"):
        TravelCosts.of(np.full((1, 1), 1e200), weight=np.array([1e200]))
    with pytest.raises(UsageError, match="empty"):
        TravelCosts.of(np.empty((0, 3)))
    with pytest.raises(UsageError, match="weights"):
        TravelCosts.of(LANE, weight=np.ones(3))


def test_time_that_is_up_leaves_sites_and_an_honest_gap() -> None:
    chance = np.random.default_rng(3)
    costs = TravelCosts.of(chance.integers(1, 1000, (60, 30)).astype(float))

    in_no_time = [
        p_median(costs, p=4, time_limit_s=1e-6),
        maximal_cover(costs, p=5, radius=99, time_limit_s=1e-6),
        p_center(costs, p=4, time_limit_s=1e-6),
    ]

    for found in in_no_time:
        assert found.proven_optimal or found.gap > 0
        assert found.model == "mclp" or found.bound <= found.objective
    best = p_median(costs, p=4, time_limit_s=60)
    assert in_no_time[0].bound <= best.objective <= in_no_time[0].objective
    assert not in_no_time[0].proven_optimal


@st.composite
def cases(draw) -> tuple[np.ndarray, np.ndarray, int, float]:
    """Draw costs of few demand points and sites, some without a way, weights, p, a radius."""
    demand, sites = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    whole = draw(st.booleans())
    cost = chance.integers(0, 9, (demand, sites)) if whole else chance.random((demand, sites)) * 9
    cost = np.where(chance.random((demand, sites)) < draw(st.sampled_from([0, 0.3])), INF, cost)
    weight = chance.integers(0, 5, demand) if whole else chance.random(demand)
    p = draw(st.integers(1, sites))
    return cost.astype(float), weight.astype(float), p, draw(st.sampled_from([0.0, 3.0, 6.0]))


def every_choice(sites: int, p: int):
    return (list(choice) for choice in itertools.combinations(range(sites), p))


def least(values) -> float | None:
    """Return the least finite value, None where there is none."""
    return min((float(value) for value in values if np.isfinite(value)), default=None)


def objective(model, costs: TravelCosts, **asked) -> float | None:
    """Return what a model achieves, proven; None where it says that nothing can."""
    try:
        found = model(costs, **asked)
    except UsageError:
        return None
    assert found.proven_optimal
    assert found.gap == 0.0
    assert list(found.sites) == sorted(set(found.sites))
    return found.objective


def tried(cost, weight, p: int, radius: float) -> dict[str, float | None]:
    """Return the objectives of the four models by trying every choice."""
    sites = cost.shape[1]
    counted = weight > 0
    choices = list(every_choice(sites, p))
    sizes = [
        count
        for count in range(1, sites + 1)
        for chosen in every_choice(sites, count)
        if (cost[:, chosen].min(axis=1) <= radius).all()
    ]
    return {
        "p_median": least(
            (cost[counted][:, c].min(axis=1) * weight[counted]).sum() for c in choices
        ),
        "p_center": least(cost[:, c].min(axis=1).max() for c in choices),
        "set_cover": min(sizes, default=None),
        "maximal_cover": max(
            float(weight[(cost[:, c] <= radius).any(axis=1)].sum()) for c in choices
        ),
    }


@settings(max_examples=150)
@given(cases(), st.booleans())
def test_every_choice_tried_gives_the_same(case, as_sparse) -> None:
    cost, weight, p, radius = case
    kept = np.nonzero(np.isfinite(cost))
    table = sparse.csr_array((cost[kept], kept), shape=cost.shape) if as_sparse else cost
    costs = TravelCosts.of(table, weight=weight)

    found = {
        "p_median": objective(p_median, costs, p=p),
        "p_center": objective(p_center, costs, p=p),
        "set_cover": objective(set_cover, costs, radius=radius),
        "maximal_cover": objective(maximal_cover, costs, p=p, radius=radius),
    }

    assert found == {
        name: value if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)
        for name, value in tried(*case).items()
    }


@settings(max_examples=40)
@given(cases())
def test_more_sites_never_do_worse(case) -> None:
    cost, weight, p, radius = case
    cost = np.where(np.isinf(cost), 99.0, cost)
    costs, more = TravelCosts.of(cost, weight=weight), min(p + 1, cost.shape[1])

    for model in (p_median, p_center):
        assert model(costs, p=more).objective <= model(costs, p=p).objective + 1e-9
    covered = [maximal_cover(costs, p=count, radius=radius).objective for count in (p, more)]
    assert covered[0] <= covered[1] + 1e-9


@settings(max_examples=40)
@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, chance) -> None:
    cost, weight, p, _ = case
    cost = np.where(np.isinf(cost), 99.0, cost)
    rows, columns = list(range(cost.shape[0])), list(range(cost.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(columns)

    turned = TravelCosts.of(cost[rows][:, columns], weight=weight[rows])

    assert p_median(turned, p=p).objective == pytest.approx(
        p_median(TravelCosts.of(cost, weight=weight), p=p).objective
    )


def test_parts_that_are_split_prove_what_one_program_proves() -> None:
    # Costs without a pattern leave a wide gap, so that the choice is split many times.
    chance = np.random.default_rng(11)
    cost = chance.integers(1, 100, (40, 14)).astype(float)

    found = p_median(TravelCosts.of(cost), p=4)

    tried_all = min(cost[:, chosen].min(axis=1).sum() for chosen in every_choice(14, 4))
    assert found.proven_optimal
    assert found.objective == tried_all
