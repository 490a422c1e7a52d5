"""Ranking by several criteria: answers derived by hand, published cases, and properties."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bazafarin.decision import ranking
from bazafarin.decision.ranking import ValueFunction
from bazafarin.decision.weights import direct_weights
from bazafarin.domain.errors import UsageError
from real_data.shared_data import shared

RISING = ValueFunction(((0.0, 0.0), (10.0, 1.0)))
FALLING = ValueFunction(((0.0, 1.0), (10.0, 0.0)))
BENT = ValueFunction(((0.0, 0.0), (1000.0, 0.5), (10000.0, 1.0)))


def matrices(columns):
    return st.integers(2, 6).flatmap(
        lambda rows: arrays(float, (rows, columns), elements=st.floats(0.0, 10.0, width=16))
    )


def weights_of(count):
    return st.lists(st.floats(0.1, 1.0), min_size=count, max_size=count).map(
        lambda given: direct_weights(given).shares
    )


def test_a_value_function_is_linear_between_its_points_and_holds_beyond_them():
    values = BENT.values(np.array([-5.0, 0, 500, 1000, 5500, 10000, 99999, np.nan]))

    assert values[:7].tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1]
    assert np.isnan(values[7])


def test_a_falling_function_has_its_best_at_its_first_point():
    assert FALLING.values(np.array([0.0, 4.0, 10.0])).tolist() == [1.0, 0.6, 0.0]
    assert not FALLING.is_rising
    assert (FALLING.best, FALLING.worst) == ((0.0, 1.0), (10.0, 0.0))
    assert (RISING.best, RISING.worst) == ((10.0, 1.0), (0.0, 0.0))


def test_the_weighted_sum_is_the_sum_of_weight_times_value():
    # 0.25 · 0.4 + 0.75 · (1 - 0.2) = 0.7 and 0.25 · 1 + 0.75 · (1 - 1) = 0.25.
    raw = np.array([[4.0, 2.0], [10.0, 10.0]])

    made = ranking.ranking("weighted_sum", raw, [RISING, FALLING], unknown=np.zeros(1))

    assert made.scores(np.array([0.25, 0.75])).tolist() == pytest.approx([0.7, 0.25])


def test_topsis_by_hand():
    # Columns (3, 4) and (6, 8), both of norm 5 and 10: v = (0.6, 0.6), (0.8, 0.8).
    # The first rises, the second falls: the ideal is (0.8, 0.6), the worst (0.6, 0.8).
    # Weights 0.75, 0.25. Row 1: d⁺ = 0.75·0.2 = 0.15, d⁻ = 0.25·0.2 = 0.05, C = 0.05/0.2.
    made = ranking.topsis(np.array([[3.0, 6.0], [4.0, 8.0]]), is_rising=[True, False])

    assert made.scores(np.array([0.75, 0.25])).tolist() == pytest.approx([0.25, 0.75])


def test_topsis_of_equal_alternatives_is_half():
    for raw in (np.ones((3, 2)), np.zeros((3, 2)), np.array([[5.0, 0.0]])):
        made = ranking.topsis(raw, is_rising=[True, False])

        assert made.scores(np.array([0.5, 0.5])).tolist() == [0.5] * len(raw)


def test_topsis_of_nothing_has_no_score():
    made = ranking.topsis(np.empty((0, 2)), is_rising=[True, False])

    assert made.scores(np.array([0.5, 0.5])).tolist() == []


def test_spotis_by_hand_and_beyond_its_bounds():
    # Distances from the ideals 10 and 0: (6/10, 2/10), and (0, 1) where 12 and 20 are beyond.
    raw = np.array([[4.0, 2.0], [12.0, 20.0]])

    made = ranking.ranking("spotis", raw, [RISING, FALLING], unknown=np.zeros(1))

    assert made.scores(np.array([0.5, 0.5])).tolist() == pytest.approx([1 - 0.4, 1 - 0.5])


@pytest.mark.parametrize("method", ranking.METHODS)
def test_many_weights_at_once_give_what_each_gives(method):
    raw = np.array([[4.0, 2.0], [9.0, 7.0], [1.0, 1.0]])
    made = ranking.ranking(method, raw, [RISING, FALLING], unknown=np.zeros(1))
    many = np.array([[0.25, 0.5, 1.0], [0.75, 0.5, 0.0]])

    together = made.scores(many)

    for at in range(3):
        assert together[:, at].tolist() == pytest.approx(made.scores(many[:, at]).tolist())


def test_equal_scores_share_the_better_rank():
    assert ranking.ranks(np.array([0.2, 0.9, 0.9, 0.1])).tolist() == [3, 1, 1, 4]
    assert ranking.ranks(np.array([0.1 + 0.2, 0.3])).tolist() == [1, 1]
    assert ranking.ranks(np.array([])).tolist() == []


def test_a_method_that_is_none_is_refused():
    with pytest.raises(UsageError, match=r"priority\.error\.method"):
        ranking.ranking("best", np.ones((1, 1)), [RISING], unknown=np.zeros(1))


@pytest.mark.parametrize("method", ranking.METHODS)
def test_the_unknown_is_at_its_worst_or_at_its_best(method):
    raw = np.array([[np.nan, 5.0], [6.0, 5.0]])
    at_worst, at_best = raw.copy(), raw.copy()
    at_worst[0, 0], at_best[0, 0] = 0.0, 10.0
    functions, weights = [RISING, RISING], np.array([0.5, 0.5])

    def scores(figures, unknown):
        made = ranking.ranking(method, figures, functions, unknown=np.full(1, unknown))
        return made.scores(weights).tolist()

    assert scores(raw, 0.0) == scores(at_worst, 0.0)
    assert scores(raw, 1.0) == scores(at_best, 0.0)


@pytest.mark.parametrize("method", ranking.METHODS)
def test_beyond_the_ends_of_a_value_function_more_is_not_more(method):
    at_the_end, beyond = (
        ranking.ranking(
            method, np.array([[end, 3.0], [4.0, 5.0]]), [RISING, FALLING], unknown=np.zeros(1)
        ).scores(np.array([0.5, 0.5]))
        for end in (10.0, np.inf)
    )

    assert beyond.tolist() == at_the_end.tolist()


@given(matrices(3), st.data())
def test_topsis_at_own_best_is_topsis_with_that_one_row_filled(raw, data):
    holes = data.draw(arrays(bool, raw.shape))
    raw = np.where(holes, np.nan, raw)
    functions, weights = [RISING, FALLING, BENT], data.draw(weights_of(3))

    found = ranking.scores_at_own_best("topsis", raw, functions, weights)

    for row in range(len(raw)):
        cells = np.zeros(raw.shape)
        cells[row] = 1.0
        alone = ranking.ranking("topsis", raw, functions, unknown=cells)
        assert found[row] == pytest.approx(alone.scores(weights)[row], abs=1e-9)


@given(matrices(3), st.permutations(range(3)), st.data())
def test_weights_permuted_with_their_criteria_change_nothing(raw, order, data):
    functions, weights = [RISING, FALLING, BENT], data.draw(weights_of(3))
    for method in ranking.METHODS:
        made = ranking.ranking(method, raw, functions, unknown=np.zeros(1))
        turned = ranking.ranking(
            method, raw[:, order], [functions[at] for at in order], unknown=np.zeros(1)
        )

        assert turned.scores(weights[list(order)]) == pytest.approx(made.scores(weights), abs=1e-12)


@given(matrices(2), st.floats(0, 5), st.data())
def test_a_better_figure_never_lowers_a_rank_in_the_weighted_sum(raw, more, data):
    functions, weights = [RISING, FALLING], data.draw(weights_of(2))
    better = raw.copy()
    better[0] += (more, -more)

    before, after = (
        ranking.ranks(
            ranking.ranking("weighted_sum", figures, functions, unknown=np.zeros(1)).scores(weights)
        )
        for figures in (raw, better)
    )

    assert after[0] <= before[0]


@given(matrices(2), st.data())
def test_another_alternative_moves_no_score_of_spotis_nor_of_the_weighted_sum(raw, data):
    functions, weights = [RISING, FALLING], data.draw(weights_of(2))
    added = np.vstack([raw, data.draw(arrays(float, (1, 2), elements=st.floats(0, 10)))])
    for method in ("spotis", "weighted_sum"):
        before, after = (
            ranking.ranking(method, figures, functions, unknown=np.zeros(1)).scores(weights)
            for figures in (raw, added)
        )

        assert after[:-1] == pytest.approx(before, abs=1e-12)
        assert ranking.ranks(after[:-1]).tolist() == ranking.ranks(before).tolist()


@given(matrices(2), st.integers(0, 1), st.data())
def test_the_unknown_never_raises_a_score(raw, column, data):
    functions, weights = [RISING, FALLING], data.draw(weights_of(2))
    hidden = raw.copy()
    hidden[0, column] = np.nan
    for method in ("spotis", "weighted_sum"):
        known, unknown = (
            ranking.ranking(method, figures, functions, unknown=np.zeros(1)).scores(weights)
            for figures in (raw, hidden)
        )
        best = ranking.scores_at_own_best(method, hidden, functions, weights)

        assert unknown[0] <= known[0] + 1e-12
        assert known[0] <= best[0] + 1e-12


def published(name):
    cases = json.loads(shared("optima/mcdm_reference_cases.json").read_text("utf-8"))
    (case,) = [case for case in cases if case["class"] == name]
    is_rising = np.array(case["types"]) > 0
    return case, np.array(case["matrix"], dtype=float), np.array(case["weights"]), is_rising


@pytest.mark.shared
def test_the_published_case_of_topsis_agrees_with_vector_normalisation():
    case, matrix, weights, is_rising = published("TestTOPSIS")

    found = ranking.topsis(matrix, is_rising=is_rising).scores(weights)

    assert found == pytest.approx(case["output_vector_norm"], abs=1e-8)
    assert np.round(found, 4).tolist() == [0.7621, 0.7222, 0.2379]


@pytest.mark.shared
def test_the_published_case_of_spotis_agrees():
    case, matrix, weights, is_rising = published("TestSPOTIS")

    made = ranking.spotis(matrix, is_rising=is_rising, bounds=np.array(case["bounds"]))

    # The publication gives the distance from the ideal, the smaller the better.
    assert np.round(1 - made.scores(weights), 4).tolist() == case["output"]


@pytest.mark.shared
def test_the_published_case_of_the_weighted_sum_agrees():
    case, matrix, weights, is_rising = published("TestWSM")
    # Its values are shares of a column's sum, of the inverse where less is better.
    oriented = np.where(is_rising, matrix, 1 / matrix)

    found = ranking.weighted_sum(oriented / oriented.sum(axis=0)).scores(weights)

    assert np.round(found, 3).tolist() == case["output"]
