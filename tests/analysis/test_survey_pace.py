"""The pace of a survey: steady, uneven, without anything, done."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bazafarin.analysis.survey_pace import pace


def test_a_steady_pace_has_no_band() -> None:
    found = pace(np.full(10, 20), 200, draws=100, most_days=3_650, seed=1)

    assert (found.a_day, found.days_left) == (20.0, (10, 10, 10))


def test_an_uneven_pace_has_one() -> None:
    early, likely, late = pace(
        np.array([0, 40]), 400, draws=2_000, most_days=3_650, seed=1
    ).days_left

    assert early < likely < late
    assert 18 <= likely <= 22


def test_without_an_answer_nobody_knows_and_with_nothing_left_it_is_done() -> None:
    assert pace(np.array([], dtype=int), 10, draws=10, most_days=3_650, seed=1) is None
    assert pace(np.zeros(5, dtype=int), 10, draws=10, most_days=3_650, seed=1) is None
    assert pace(np.array([3]), 0, draws=10, most_days=3_650, seed=1).days_left == (0, 0, 0)


def test_what_would_take_ten_years_tells_nothing_of_its_end() -> None:
    days = np.zeros(28, dtype=int)
    days[3] = 1

    assert pace(days, 75_000, draws=1_000, most_days=3_650, seed=1) is None
    assert pace(days, 100, draws=1_000, most_days=3_650, seed=1).days_left[1] > 2_000


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 2_000))
def test_the_band_is_in_order_and_no_faster_than_the_best_day(days, left) -> None:
    found = pace(np.array(days), left, draws=50, most_days=3_650, seed=7)

    if not sum(days) or left * len(days) > 3_650 * sum(days):
        assert found is None
    else:
        early, likely, late = found.days_left
        assert -(-left // max(days)) <= early <= likely <= late
        assert found == pace(np.array(days), left, draws=50, most_days=3_650, seed=7)
