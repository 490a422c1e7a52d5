"""How firm a ranking is: by hand, against brute force, and by its properties."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bazafarin.decision import ranking, robustness
from bazafarin.decision.ranking import LinearRanking, ValueFunction
from bazafarin.decision.weights import direct_weights

RISING = ValueFunction(((0.0, 0.0), (1.0, 1.0)))


def swaps_of(ranked, weights):
    order = np.argsort(-ranked.scores(weights), kind="stable")
    return order, robustness.smallest_swaps(ranked, weights, order)


def moved(weights, criterion, to):
    """Return the weights with one at ``to`` and the others scaled to take the rest."""
    scaled = weights * (1 - to) / (1 - weights[criterion])
    scaled[criterion] = to
    return scaled


def test_random_weights_are_of_the_simplex_and_the_seed_repeats_them():
    drawn = robustness.uniform_weights(3, 20_000, seed=1)

    assert drawn.shape == (3, 20_000)
    assert drawn.sum(axis=0) == pytest.approx(np.ones(20_000))
    assert (drawn >= 0).all()
    # Uniform on the simplex of three: the mean of each is 1/3, and P(w > 1/2) = 1/4.
    assert drawn.mean(axis=1) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert (drawn > 0.5).mean(axis=1) == pytest.approx([0.25] * 3, abs=0.01)
    assert (drawn == robustness.uniform_weights(3, 20_000, seed=1)).all()


def test_two_opposites_are_first_under_half_of_the_weights_each():
    ranked = LinearRanking(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))

    found = robustness.rank_acceptability(ranked, robustness.uniform_weights(2, 20_000, seed=3))

    assert found.first == pytest.approx([0.5, 0.5, 0.0], abs=0.01)
    assert found.top5.tolist() == [1.0, 1.0, 1.0]


def test_a_dominated_seventh_is_never_in_the_first_five():
    ranked = LinearRanking(np.arange(7)[::-1, None] / 10 * np.ones((1, 2)))

    found = robustness.rank_acceptability(ranked, robustness.uniform_weights(2, 100, seed=0))

    assert found.first.tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert found.top5.tolist() == [1, 1, 1, 1, 1, 0, 0]


def test_equal_alternatives_are_all_first():
    found = robustness.rank_acceptability(
        LinearRanking(np.full((3, 2), 0.5)), robustness.uniform_weights(2, 10, seed=0)
    )

    assert found.first.tolist() == [1, 1, 1]


def test_slices_for_memory_change_nothing(monkeypatch):
    ranked = LinearRanking(np.random.default_rng(0).random((8, 3)))
    drawn = robustness.uniform_weights(3, 101, seed=0)
    whole = robustness.rank_acceptability(ranked, drawn)

    monkeypatch.setattr(robustness, "_CELLS", 50)
    sliced = robustness.rank_acceptability(ranked, drawn)

    assert sliced.first.tolist() == whole.first.tolist()
    assert sliced.top5.tolist() == whole.top5.tolist()


def test_the_smallest_change_of_a_weighted_sum_by_hand():
    # a = (1, 0), b = (0, 1), weights 0.7 and 0.3: they are level at 0.5, so the first weight
    # falls by 0.2, or the second rises by 0.2: the first of the two is named.
    order, swaps = swaps_of(LinearRanking(np.array([[0.0, 1.0], [1.0, 0.0]])), np.array([0.7, 0.3]))

    assert order.tolist() == [1, 0]
    assert swaps.criterion.tolist() == [-1, 0]
    assert swaps.change[1] == pytest.approx(-0.2)
    assert np.isnan(swaps.change[0])


def test_what_is_better_in_everything_is_never_passed():
    _, swaps = swaps_of(LinearRanking(np.array([[1.0, 1.0], [0.5, 0.4]])), np.array([0.5, 0.5]))

    assert swaps.criterion.tolist() == [-1, -1]
    assert np.isnan(swaps.change).all()


def test_equal_neighbours_need_no_change():
    _, swaps = swaps_of(LinearRanking(np.array([[1.0, 0.0], [0.0, 1.0]])), np.array([0.5, 0.5]))

    assert swaps.criterion.tolist() == [-1, -1]
    assert swaps.change[0] == 0


@pytest.mark.parametrize("rows", [0, 1])
def test_without_a_neighbour_there_is_nothing_to_swap(rows):
    _, swaps = swaps_of(LinearRanking(np.ones((rows, 2))), np.array([0.5, 0.5]))

    assert np.isnan(swaps.change).all()


def test_a_criterion_that_has_all_the_weight_cannot_leave_it_in_proportion():
    ranked = LinearRanking(np.array([[1.0, 0.0], [0.5, 1.0]]))

    _, swaps = swaps_of(ranked, np.array([1.0, 0.0]))

    # Only the second criterion can move: 1 - t = 0.5 (1 - t) + t at t = 1/3.
    assert swaps.criterion[0] == 1
    assert swaps.change[0] == pytest.approx(1 / 3)


@pytest.mark.parametrize("method", ranking.METHODS)
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_brute_force_finds_no_smaller_change(method, seed):
    draw = np.random.default_rng(seed)
    rows, columns = int(draw.integers(2, 6)), int(draw.integers(2, 5))
    raw = draw.random((rows, columns))
    weights = draw.dirichlet(np.ones(columns))
    ranked = ranking.ranking(method, raw, [RISING] * columns, unknown=np.zeros(1))
    order, swaps = swaps_of(ranked, weights)
    grid = np.linspace(0.0005, 0.9995, 1000)
    for upper, lower in pairwise(order):
        nearest = np.inf
        for criterion in range(columns):
            tried = np.column_stack([moved(weights, criterion, to) for to in grid])
            scores = ranked.scores(tried)
            passed = grid[scores[lower] > scores[upper] + 1e-12]
            nearest = min([nearest, *np.abs(passed - weights[criterion])])
        change, criterion = swaps.change[upper], swaps.criterion[upper]
        if np.isnan(change):
            assert nearest == np.inf
            continue
        # Nothing on the grid is smaller, and just beyond the change the two have swapped.
        assert abs(change) <= nearest + 1e-9
        level = moved(weights, criterion, weights[criterion] + change)
        beyond = moved(weights, criterion, weights[criterion] + change * (1 + 1e-5))
        assert ranked.scores(level)[upper] == pytest.approx(ranked.scores(level)[lower], abs=1e-7)
        if 0 < weights[criterion] + change * (1 + 1e-5) < 1:
            assert ranked.scores(beyond)[lower] > ranked.scores(beyond)[upper]


def test_the_range_of_ranks_by_hand():
    # a is 0.5 for sure, b anywhere from 0.2 to 0.8, c from 0.1 to 0.4.
    best, worst = robustness.rank_bounds(np.array([0.5, 0.2, 0.1]), np.array([0.5, 0.8, 0.4]))

    assert best.tolist() == [1, 1, 2]
    assert worst.tolist() == [2, 3, 3]


def test_without_unknown_the_range_is_the_rank():
    scores = np.array([0.3, 0.9, 0.9, 0.1])

    best, worst = robustness.rank_bounds(scores, scores)

    assert best.tolist() == worst.tolist() == ranking.ranks(scores).tolist()


@given(
    arrays(float, st.tuples(st.integers(1, 4), st.just(2)), elements=st.sampled_from([0, 0.5, 1])),
    st.data(),
)
def test_all_fillings_of_the_unknown_give_the_range_of_ranks(values, data):
    holes = data.draw(arrays(bool, values.shape).filter(lambda made: made.sum() <= 6))
    raw = np.where(holes, np.nan, values)
    weights = direct_weights(data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=2))).shares
    seen = []
    for filling in product((0.0, 1.0), repeat=int(holes.sum())):
        filled = raw.copy()
        filled[holes] = filling
        seen.append(ranking.ranks(filled @ weights))

    least, most = (
        ranking.ranking("weighted_sum", raw, [RISING] * 2, unknown=np.full(1, at)).scores(weights)
        for at in (0.0, 1.0)
    )
    best, worst = robustness.rank_bounds(least, most)

    assert best.tolist() == np.min(seen, axis=0).tolist()
    assert worst.tolist() == np.max(seen, axis=0).tolist()


def test_the_sampled_range_of_topsis_holds_the_rank_and_what_the_unknown_does():
    raw = np.array([[0.6, 0.5], [np.nan, 0.5], [0.1, 0.1]])
    weights = np.array([0.5, 0.5])

    best, worst = robustness.sampled_rank_bounds(
        lambda cells: ranking.ranking("topsis", raw, [RISING] * 2, unknown=cells),
        weights,
        is_unknown=np.isnan(raw),
        samples=50,
        seed=0,
    )

    # At 0 the second is behind the first in one criterion and level in the other, at 1 before
    # it; the third is behind both: what it leads by is 0.1, what it lags by 0.4 of like norms.
    assert best.tolist() == [1, 1, 3]
    assert worst.tolist() == [2, 2, 3]


def test_the_sampled_range_of_what_is_known_is_the_rank():
    raw = np.array([[0.6, 0.5], [0.2, 0.5]])

    best, worst = robustness.sampled_rank_bounds(
        lambda cells: ranking.ranking("topsis", raw, [RISING] * 2, unknown=cells),
        np.array([0.5, 0.5]),
        is_unknown=np.isnan(raw),
        samples=50,
        seed=0,
    )

    assert best.tolist() == worst.tolist() == [1, 2]
