"""Who is served where: the most people first, then the least walking, never above a capacity."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bazafarin.decision.transport import Allocation, transport


def answer(people, capacity, metres, *, time_limit_s: float = 10.0) -> Allocation:
    """Allocate by a table of metres, one row an origin; inf is out of reach."""
    table = np.array(metres, dtype=float).reshape(len(people), len(capacity))
    origin, facility = np.nonzero(np.isfinite(table))
    return transport(
        np.array(people, dtype=float),
        np.array(capacity, dtype=float),
        origin=origin,
        facility=facility,
        distance_m=table[origin, facility],
        time_limit_s=time_limit_s,
    )


def test_everyone_goes_to_the_nearest_where_all_fit() -> None:
    found = answer([10, 20], [50, 50], [[100, 200], [300, 50]])

    assert found.load.tolist() == [10, 20]
    assert found.people_m == 10 * 100 + 20 * 50
    assert (found.gap, found.is_least_walking) == (0, True)


def test_serving_more_people_goes_before_walking_less() -> None:
    # the second block reaches the first school alone: the first block walks on, 10 · 900 m
    found = answer([10, 10], [10, 10], [[1, 900], [5, np.inf]])

    assert found.unserved.tolist() == pytest.approx([0, 0], abs=1e-6)
    assert found.people_m == pytest.approx(10 * 900 + 10 * 5)
    assert found.is_least_walking


def test_who_is_left_out_is_said() -> None:
    # of 30 people 12 find room; the near block fills it
    found = answer([20, 10], [12], [[100], [40]])

    assert found.unserved.tolist() == pytest.approx([18, 0], abs=1e-6)
    assert found.load.tolist() == pytest.approx([12])
    assert found.most_people == pytest.approx(12)
    assert found.gap == 0


@pytest.mark.parametrize(
    ("people", "capacity", "metres"),
    [([], [], []), ([5], [], []), ([], [5], []), ([5], [5], [[np.inf]]), ([0], [5], [[1]]),
     ([5], [0], [[1]])],
)  # fmt: skip
def test_with_nobody_no_room_or_no_way_nobody_is_served(people, capacity, metres) -> None:
    found = answer(people, capacity, metres)

    assert found.served.sum() == 0
    assert found.unserved.sum() == sum(people)
    assert (found.gap, found.people_m) == (0, 0)


def test_without_time_the_answer_comes_with_its_gap() -> None:
    # the nearest people first: 10 find the only room that the others reach
    found = answer([10, 10], [10, 10], [[1, 900], [5, np.inf]], time_limit_s=1e-9)

    assert found.load.sum() <= found.most_people
    assert found.gap == pytest.approx(1 - found.load.sum() / found.most_people)
    assert not found.is_least_walking


def enumerated(people, capacity, table) -> tuple[int, float]:
    """Return most served and least metres over every way to send whole persons."""
    options = [[None, *range(len(capacity))]] * sum(people)
    home = np.repeat(np.arange(len(people)), people)
    best = (0, 0.0)
    for choice in product(*options):
        load = [choice.count(f) for f in range(len(capacity))]
        metres = sum(table[home[k]][f] for k, f in enumerate(choice) if f is not None)
        if np.isfinite(metres) and all(x <= c for x, c in zip(load, capacity, strict=True)):
            best = max(best, (sum(load), -float(metres)))
    return best[0], -best[1]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_small_towns_agree_with_trying_everything(data) -> None:
    people = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=3))
    capacity = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=2))
    metres = st.one_of(st.integers(1, 99).map(float), st.just(np.inf))
    row = st.lists(metres, min_size=len(capacity), max_size=len(capacity))
    table = data.draw(st.lists(row, min_size=len(people), max_size=len(people)))

    found = answer(people, capacity, table)

    most, walked = enumerated(people, capacity, table)
    assert found.served.sum() == pytest.approx(most)
    assert found.people_m == pytest.approx(walked, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nobody_twice_no_facility_above_its_capacity_and_more_room_never_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, capacity = rng.uniform(0, 9, size=8), rng.uniform(0, 20, size=3)
    table = np.where(rng.random((8, 3)) < 0.6, rng.uniform(1, 500, size=(8, 3)), np.inf)

    found, roomier = answer(people, capacity, table), answer(people, capacity + 1, table)

    assert (found.load <= capacity * (1 + 1e-9)).all()
    assert (found.unserved >= 0).all()
    assert found.load.sum() + found.unserved.sum() == pytest.approx(people.sum())
    assert roomier.load.sum() >= found.load.sum() - 1e-6
