"""Offers chosen by hand-checked arithmetic, and against trying every choice."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bazafarin.decision import offer_flow, offer_prices, offer_programme, portfolio
from bazafarin.decision.linear import most_valuable
from bazafarin.decision.offer_limits import Limits
from bazafarin.decision.offer_market import Market
from bazafarin.decision.offer_programme import choice_limits, served
from bazafarin.decision.portfolio import Offers, best_portfolio

HOW = {"gap": 0.0, "time_limit_s": 60.0}


def offers(cost, capacity, people, pairs, *, value=None, excluded=(), group=None, floor=()):
    """Return offers from lists; ``pairs`` are (offer, demand)."""
    at = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return Offers(
        cost_rial=np.array(cost, dtype=np.int64),
        capacity=np.array(capacity, dtype=float),
        excluded=np.array(excluded, dtype=np.intp).reshape(-1, 2),
        people=np.array(people, dtype=float),
        value=np.ones(len(people)) if value is None else np.array(value, dtype=float),
        pair_offer=at[:, 0],
        pair_demand=at[:, 1],
        floor_group=np.full(len(people), -1) if group is None else np.array(group, dtype=np.intp),
        floor=np.array(floor, dtype=float),
    )


def random_offers(seed: int, *, floors: bool = False) -> Offers:
    rng = np.random.default_rng(seed)
    count, demands = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    reach = rng.random((count, demands)) < 0.5
    site = rng.integers(0, 4, count)
    return offers(
        rng.integers(0, 6, count) * 1_000_000_000,
        rng.integers(1, 40, count),
        rng.integers(0, 30, demands),
        np.argwhere(reach),
        value=rng.choice([0.5, 1.0, 2.0], demands),
        excluded=np.column_stack([site, np.arange(count)]),
        group=rng.integers(-1, 2, demands),
        floor=rng.integers(0, 12, 2) if floors else (0.0, 0.0),
    )


def best_by_trying(problem: Offers, budget: int) -> float | None:
    """Return the best value over every choice of offers; None where none is allowed."""
    best = None
    count = len(problem.capacity)
    for size in range(count + 1):
        for chosen in combinations(range(count), size):
            sites = problem.excluded[list(chosen), 0]
            if len(set(sites.tolist())) < size or problem.cost_rial[list(chosen)].sum() > budget:
                continue
            amounts = served(problem, np.array(chosen, dtype=np.intp), until=np.inf)
            group = problem.floor_group[problem.pair_demand]
            met = [amounts[group == g].sum() for g in range(len(problem.floor))]
            if (np.array(met) < problem.floor - 1e-6).any():
                continue
            value = float(amounts @ problem.value[problem.pair_demand])
            best = value if best is None else max(best, value)
    return best


def test_the_offer_that_serves_more_people_for_the_money_is_chosen() -> None:
    # 60 people for 3, or 50 and 20 for 2 and 1 with 10 of them the same: 60 against 60 + …
    problem = offers(
        [3, 2, 1], [60, 50, 20], [50, 10, 10], [(0, 0), (0, 1), (1, 0), (2, 1), (2, 2)]
    )

    found = best_portfolio(problem, 3, **HOW)

    assert found.chosen.tolist() == [1, 2]
    assert found.value == pytest.approx(70)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_nobody_is_served_twice_and_no_capacity_is_exceeded() -> None:
    problem = offers([1, 1], [30, 30], [40], [(0, 0), (1, 0)])

    found = best_portfolio(problem, 2, **HOW)

    assert found.value == pytest.approx(40)
    assert np.bincount(problem.pair_offer, found.served).max() <= 30 + 1e-6


def test_one_site_has_one_use() -> None:
    problem = offers([1, 1], [10, 20], [10, 20], [(0, 0), (1, 1)], excluded=[(0, 0), (0, 1)])

    assert best_portfolio(problem, 2, **HOW).chosen.tolist() == [1]


def test_a_person_of_higher_priority_counts_more() -> None:
    problem = offers([1, 1], [10, 10], [10, 9], [(0, 0), (1, 1)], value=[1.0, 2.0])

    assert best_portfolio(problem, 1, **HOW).chosen.tolist() == [1]


def test_a_floor_is_met_before_more_people_are_served() -> None:
    problem = offers([1, 1], [10, 3], [10, 3], [(0, 0), (1, 1)], group=[-1, 0], floor=[2.0])

    assert best_portfolio(problem, 1, **HOW).chosen.tolist() == [1]


def test_a_floor_that_no_choice_meets_is_said() -> None:
    problem = offers([5], [10], [10], [(0, 0)], group=[0], floor=[2.0])

    found = best_portfolio(problem, 1, **HOW)

    assert not found.is_feasible
    assert found.chosen.size == 0


@pytest.mark.parametrize("budget", [0, 10])
def test_without_money_or_offers_nothing_is_chosen(budget) -> None:
    problem = offers([20], [10], [10], [(0, 0)])
    nothing = offers([], [], [10], [])

    for found in (best_portfolio(problem, budget, **HOW), best_portfolio(nothing, budget, **HOW)):
        assert found.chosen.size == 0
        assert found.value == 0
        assert found.gap == 0


def test_what_costs_nothing_is_chosen_without_money() -> None:
    assert best_portfolio(offers([0], [5], [10], [(0, 0)]), 0, **HOW).value == pytest.approx(5)


def test_sums_of_money_are_kept_to_the_rial() -> None:
    trillion = 10**12
    problem = offers([trillion, trillion], [10, 10], [10, 10], [(0, 0), (1, 1)])

    assert best_portfolio(problem, 2 * trillion, **HOW).chosen.tolist() == [0, 1]
    assert best_portfolio(problem, 2 * trillion - 1, **HOW).chosen.size == 1


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), budget=st.integers(0, 12), floors=st.booleans())
def test_it_agrees_with_trying_every_choice(seed: int, budget: int, floors) -> None:
    problem = random_offers(seed, floors=floors)
    money = budget * 1_000_000_000

    best = best_by_trying(problem, money)
    found = best_portfolio(problem, money, **HOW)

    assert found.is_feasible == (best is not None)
    assert found.value == pytest.approx(best or 0.0, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000), budget=st.integers(0, 12))
def test_prices_bound_the_best_choice_and_find_one_near_it(seed: int, budget: int) -> None:
    problem, money = random_offers(seed), budget * 1_000_000_000
    best = best_by_trying(problem, money)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portfolio, "DIRECT_PAIRS", -1)
        found = best_portfolio(problem, money, gap=0.001, time_limit_s=20)

    assert found.bound >= best - 1e-5
    assert found.value <= best + 1e-5
    assert found.value >= (1 - 0.001 - 1e-6) * best - 1e-5 or found.gap > 0.001


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 100_000), budget=st.integers(0, 10))
def test_more_money_never_serves_fewer(seed: int, budget: int) -> None:
    problem = random_offers(seed)

    less, more = (best_portfolio(problem, b * 1_000_000_000, **HOW) for b in (budget, budget + 1))

    assert more.value >= less.value - 1e-6


def test_the_worth_of_an_offer_is_its_best_customers_above_their_prices() -> None:
    problem = offers([1, 1], [15, 100], [10, 10], [(0, 0), (0, 1), (1, 1)], value=[1.0, 3.0])

    sales = Market.of(problem).sales(np.array([0.5, 1.0]))

    # offer 0 takes all 10 of the second at 2 each, then 5 of the first at a half each
    assert sales.worth.tolist() == pytest.approx([22.5, 20.0])
    at = zip(sales.offer.tolist(), sales.demand.tolist(), sales.taken.tolist(), strict=True)
    assert list(at) == [(0, 1, 10.0), (0, 0, 5.0), (1, 1, 10.0)]


@settings(max_examples=40, deadline=None)
@example(seed=9, floors=False)  # people of two values, too few for a step of their own
@given(seed=st.integers(0, 100_000), floors=st.booleans())
def test_flows_serve_what_the_exact_programme_serves(seed: int, floors) -> None:
    problem = random_offers(seed, floors=floors)
    chosen = np.arange(len(problem.capacity))

    exact = served(problem, chosen, until=np.inf) @ problem.value[problem.pair_demand]
    amount = offer_flow.served(problem, chosen, until=np.inf)

    by_offer = np.bincount(problem.pair_offer, amount, minlength=len(problem.capacity))
    by_demand = np.bincount(problem.pair_demand, amount, minlength=len(problem.people))
    assert (by_offer <= problem.capacity).all()
    assert (by_demand <= problem.people).all()
    value = amount @ problem.value[problem.pair_demand]
    if not floors:
        assert value == pytest.approx(exact, abs=1e-3)
    elif exact > 0:
        group = problem.floor_group[problem.pair_demand]
        met = [amount[group == each].sum() for each in range(len(problem.floor))]
        assert (np.array(met) >= problem.floor - 1e-3).all()
        assert value <= exact + 1e-3


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), budget=st.integers(1, 12))
def test_the_price_of_money_finds_what_the_linear_programme_finds(seed: int, budget: int) -> None:
    problem, money = random_offers(seed), budget * 1_000_000_000
    worth = np.random.default_rng(seed).uniform(0, 9, len(problem.capacity))

    # of each site one offer, so the groups do not overlap
    quick = Limits.of(problem, money).best(worth, until=np.inf)
    exact = most_valuable(worth, *choice_limits(problem, money), most=1.0)

    assert quick.value == pytest.approx(exact.value, abs=1e-6)
    assert problem.cost_rial @ quick.variables <= money * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000), budget=st.integers(0, 12))
def test_prices_keep_floors(seed: int, budget: int) -> None:
    problem, money = random_offers(seed, floors=True), budget * 1_000_000_000
    best = best_by_trying(problem, money)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portfolio, "DIRECT_PAIRS", -1)
        found = best_portfolio(problem, money, gap=0.001, time_limit_s=20)

    if best is None:
        assert not found.is_feasible or not found.is_decided
    else:
        assert found.is_feasible
        assert found.bound >= best - 1e-5
        assert found.value <= best + 1e-5


@pytest.mark.parametrize(("time_limit_s", "is_begun"), [(1.0, False), (600.0, True)])
def test_a_last_programme_is_begun_only_where_there_is_time_for_it(
    monkeypatch: pytest.MonkeyPatch, time_limit_s: float, *, is_begun: bool
) -> None:
    rng = np.random.default_rng(7)
    reach = np.argwhere(rng.random((400, 2_000)) < 0.3)
    problem = offers(
        rng.integers(1, 100, 400), rng.uniform(10, 500, 400), rng.uniform(1, 80, 2_000), reach
    )
    begun = []
    monkeypatch.setattr(
        offer_prices.offer_programme, "solve", lambda offers, *_, **__: begun.append(offers)
    )

    found = best_portfolio(problem, 1_000, gap=0.0, time_limit_s=time_limit_s)

    assert bool(begun) is is_begun
    assert 0 < found.value <= found.bound
    assert found.gap < 0.05


def test_where_the_last_sharing_runs_out_of_time_flows_share_it_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TimeoutError

    problem = offers([1, 1], [10, 10], [8, 12], [(0, 0), (0, 1), (1, 1)])
    monkeypatch.setattr(offer_programme, "most_valuable", slow)

    found = best_portfolio(problem, 2, **HOW)

    assert found.chosen.tolist() == [0, 1]
    assert found.value == pytest.approx(20)


def test_choices_a_hair_above_the_budget_are_not_sought_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = offers([6, 6], [10, 10], [8, 12], [(0, 0), (1, 1)])
    dear = offer_programme.Choice(np.array([0, 1]), np.array([8.0, 10.0]), 18.0)
    monkeypatch.setattr(offer_programme, "solve", lambda *_, **__: dear)

    found = best_portfolio(problem, 10, gap=0.0, time_limit_s=0.0)

    assert not found.is_decided
    assert found.chosen.size == 0
    assert found.bound == 18
