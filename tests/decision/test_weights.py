"""Weights: given or from comparisons, always summing to one, always saying what was done."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bazafarin.adapters import wording
from bazafarin.decision.weights import (
    RANDOM_INDEX,
    ahp_weights,
    ahp_weights_of_pairs,
    direct_weights,
)
from bazafarin.domain.errors import UsageError
from real_data.shared_data import shared


def test_weights_that_sum_to_one_stay_as_they_are():
    found = direct_weights([0.2, 0.3, 0.5])

    assert found.shares.tolist() == [0.2, 0.3, 0.5]
    assert not found.were_normalised
    assert found.consistency_ratio is None


def test_weights_that_do_not_sum_to_one_are_brought_to_one_and_it_is_said():
    found = direct_weights([1, 1, 2])

    assert found.shares.tolist() == [0.25, 0.25, 0.5]
    assert found.given_sum == 4
    assert found.were_normalised


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ([0.5, -0.1], "weight_negative"),
        ([0.5, np.nan], "weight_negative"),
        ([0.5, np.inf], "weight_negative"),
        ([0.0, 0.0], "weights_zero"),
        ([], "weights_zero"),
    ],
)
def test_weights_that_are_none_are_refused_in_words(weights, code):
    with pytest.raises(UsageError) as caught:
        direct_weights(weights)

    assert caught.value.code == f"priority.error.{code}"
    assert all(wording.error_text(caught.value, language) for language in wording.LANGUAGES)


def test_consistent_comparisons_give_back_their_weights():
    # Weights 4 : 2 : 1 compared exactly: the root is n, so the ratio is nothing.
    found = ahp_weights([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])

    assert found.shares == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert found.consistency_index == pytest.approx(0, abs=1e-12)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)


def test_a_circle_of_preferences_is_said_by_its_ratio():
    # a = 2b, b = 2c, c = 2a. Rows and columns turn into each other, so all weigh alike; the
    # root is the sum of a row, 1 + 2 + 1/2 = 3.5; CI = 0.5 / 2 = 0.25; CR = 0.25 / 0.58.
    found = ahp_weights([[1, 2, 0.5], [0.5, 1, 2], [2, 0.5, 1]])

    assert found.shares == pytest.approx([1 / 3] * 3)
    assert found.consistency_index == pytest.approx(0.25)
    assert found.consistency_ratio == pytest.approx(0.25 / 0.58)


@pytest.mark.parametrize("matrix", [[[1.0]], [[1, 5], [1 / 5, 1]]])
def test_one_or_two_criteria_cannot_contradict_each_other(matrix):
    assert ahp_weights(matrix).consistency_ratio == 0


def test_the_random_index_is_saatys():
    assert RANDOM_INDEX[:10] == (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
    assert len(RANDOM_INDEX) == 15


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([[1, 2, 3]], "comparisons_not_square"),
        ([1, 2], "comparisons_not_square"),
        ([[1, 0], [2, 1]], "comparison_not_positive"),
        ([[1, np.nan], [2, 1]], "comparison_not_positive"),
        ([[1, 3], [3, 1]], "comparisons_contradict"),
        ([[2, 3], [1 / 3, 1]], "comparisons_contradict"),
        (np.ones((16, 16)), "comparisons_many"),
        (np.ones((0, 0)), "comparisons_many"),
    ],
)
def test_comparisons_that_are_none_are_refused_in_words(matrix, code):
    with pytest.raises(UsageError) as caught:
        ahp_weights(matrix)

    assert caught.value.code == f"priority.error.{code}"
    assert all(wording.error_text(caught.value, language) for language in wording.LANGUAGES)


def test_a_third_may_be_written_with_two_decimals():
    assert ahp_weights([[1, 3], [0.333, 1]]).shares == pytest.approx([0.75, 0.25], abs=1e-3)


def test_pairs_may_be_given_either_way_round():
    one = ahp_weights_of_pairs("abc", {("a", "b"): 2, ("a", "c"): 4, ("b", "c"): 2})
    other = ahp_weights_of_pairs("abc", {("b", "a"): 0.5, ("c", "a"): 0.25, ("b", "c"): 2})

    assert one.shares == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert other.shares == pytest.approx(one.shares)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ({("a", "b"): 2}, "comparisons_missing"),
        ({("a", "x"): 2}, "criterion"),
        ({("a", "b"): 0, ("a", "c"): 1, ("b", "c"): 1}, "comparison_not_positive"),
        ({("a", "b"): 2, ("b", "a"): 2, ("a", "c"): 1, ("b", "c"): 1}, "comparisons_contradict"),
    ],
)
def test_pairs_that_are_wrong_are_refused_in_words(pairs, code):
    with pytest.raises(UsageError) as caught:
        ahp_weights_of_pairs("abc", pairs)

    assert caught.value.code == f"priority.error.{code}"
    assert all(wording.error_text(caught.value, language) for language in wording.LANGUAGES)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=9))
def test_comparisons_of_known_weights_give_them_back(weights):
    given_weights = np.array(weights)

    found = ahp_weights(given_weights[:, None] / given_weights[None, :])

    assert found.shares == pytest.approx(given_weights / given_weights.sum())


@pytest.mark.shared
def test_the_published_case_agrees():
    cases = json.loads(shared("optima/mcdm_reference_cases.json").read_text("utf-8"))
    (case,) = [case for case in cases if case["class"] == "TestAHPWeights"]

    found = ahp_weights(case["matrix"])

    assert np.round(found.shares, 4).tolist() == case["output"]
    assert found.consistency_ratio > 0.1
