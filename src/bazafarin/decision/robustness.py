"""How firm is a ranking: under other weights, and under what is not known.

Rank acceptability is the share of all possible weights that give an alternative a rank
(Lahdelma and Salminen, SMAA-2, 2001). The smallest weight change is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bazafarin.decision.ranking import DECIMALS, LinearRanking, TopsisRanking, ranks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.decision.ranking import Ranking

TOP: Final = 5
"""The ranks that ``rank_acceptability_top5`` counts."""
_CELLS: Final = 4_000_000
"""Scores held at once: 32 MB."""
_SAME: Final = 10.0**-DECIMALS


@dataclass(frozen=True, eq=False)
class Acceptability:
    """The share of weights, 0–1, that put each alternative first, and among the first five."""

    first: np.ndarray
    top5: np.ndarray


@dataclass(frozen=True, eq=False)
class Swaps:
    """The smallest change of one weight that puts the next in rank before each alternative.

    Attributes:
        criterion: the place of the criterion whose weight changes; -1 where no change of one
            weight does it, where the two are equal now, and for the last.
        change: by how much, signed, -1 to 1; the others keep their proportions and take the
            rest, so that the weights move by twice its size in L1. 0 where the two are equal
            now, NaN where no change does it.
    """

    criterion: np.ndarray
    change: np.ndarray


def uniform_weights(criteria: int, samples: int, *, seed: int) -> np.ndarray:
    """Return ``criteria`` × ``samples`` weights, uniform on the simplex; the seed repeats them."""
    drawn = np.random.default_rng(seed).standard_exponential((samples, criteria)).T
    return drawn / drawn.sum(axis=0)  # type: ignore[no-any-return]


def rank_acceptability(ranked: Ranking, weights: np.ndarray) -> Acceptability:
    """Return how often each alternative is first and in the first five under ``weights``.

    ``weights`` are criteria × samples. Equal alternatives are all counted: those that share
    the first rank are all first.
    """
    count = len(ranked.scores(weights[:, 0]))
    first, top5 = np.zeros(count), np.zeros(count)
    samples = weights.shape[1]
    step = max(1, _CELLS // max(count, 1))
    for begin in range(0, samples if count else 0, step):  # a slice at a time, for memory
        scores = ranked.scores(weights[:, begin : begin + step])
        first += (scores >= scores.max(axis=0) - _SAME).sum(axis=1)
        place = max(count - TOP, 0)
        limit = np.partition(scores, place, axis=0)[place]
        top5 += (scores >= limit - _SAME).sum(axis=1)
    return Acceptability(first / samples, top5 / samples)


def smallest_swaps(ranked: Ranking, weights: np.ndarray, order: np.ndarray) -> Swaps:
    """Return for each alternative what it takes to let the next of ``order`` pass it.

    ``order`` are the places of the alternatives from first to last under ``weights``. One
    criterion's weight goes to ``t``, the others are scaled by ``(1 - t) / (1 - w)``; the
    ``t`` nearest to ``w`` at which the two change places is the root of a linear equation
    (weighted sum, SPOTIS) or of a quadratic one (TOPSIS).
    """
    count = len(order)
    criterion, change = np.full(count, -1), np.full(count, np.nan)
    if count < 2:  # noqa: PLR2004 - a pair
        return Swaps(criterion, change)
    upper, lower = order[:-1], order[1:]
    moves = np.full((count - 1, len(weights)), np.nan)
    for at, weight in enumerate(weights):  # one a criterion
        if weight < 1.0:
            moves[:, at] = _roots(ranked, weights, at, upper, lower) - weight
    size = np.where(np.isnan(moves), np.inf, np.abs(moves))
    nearest = size.argmin(axis=1)
    rows = np.arange(count - 1)
    is_possible = np.isfinite(size[rows, nearest])
    now = ranked.scores(weights)
    is_equal = np.abs(now[upper] - now[lower]) <= _SAME
    criterion[upper] = np.where(is_possible & ~is_equal, nearest, -1)
    found = np.where(is_possible, moves[rows, nearest], np.nan)
    change[upper] = np.where(is_equal, 0.0, found)
    return Swaps(criterion, change)


def rank_bounds(least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and worst rank of each alternative whose score lies in [least, most].

    Exact where the scores move apart from each other: the best rank is that at its most
    with all others at their least, the worst the other way round.
    """
    low, high = np.round(least, DECIMALS), np.round(most, DECIMALS)
    # A score's own other end is never above it, or is left out of the count.
    above = len(low) - np.searchsorted(np.sort(low), high, side="right")
    may_be_above = len(high) - np.searchsorted(np.sort(high), low, side="right")
    own = (high > low).astype("int64")
    return above.astype("int64") + 1, may_be_above.astype("int64") - own + 1


def sampled_rank_bounds(
    ranked_with: Callable[[np.ndarray], Ranking],
    weights: np.ndarray,
    *,
    is_unknown: np.ndarray,
    samples: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and worst rank seen over draws of the unknown cells.

    Where the scores depend on each other (TOPSIS) the range is what was seen and no bound: all
    unknown cells at their worst, all at their best, then in turn each cell drawn from its
    two ends and from between them.

    Args:
        ranked_with: the ranking with the unknown cells at these values, 0–1, n × m.
        weights: of the criteria.
        is_unknown: which cells are unknown, n × m.
        samples: how many draws.
        seed: repeats them.
    """
    draw = np.random.default_rng(seed)
    shape = is_unknown.shape
    best = worst = ranks(ranked_with(np.zeros(shape)).scores(weights))
    for number in range(samples if is_unknown.any() else 0):  # each a ranking of its own
        if number == 0:
            cells = np.ones(shape)
        else:
            cells = draw.random(shape) if number % 2 else draw.integers(0, 2, shape).astype(float)
        found = ranks(ranked_with(cells).scores(weights))
        best, worst = np.minimum(best, found), np.maximum(worst, found)
    return best, worst


def _roots(
    ranked: Ranking, weights: np.ndarray, at: int, upper: np.ndarray, lower: np.ndarray
) -> np.ndarray:
    """Return the weight of criterion ``at`` where each pair changes places; NaN for none."""
    rest = 1.0 - weights[at]
    others = weights.copy()
    others[at] = 0.0
    if isinstance(ranked, LinearRanking):
        gap = ranked.parts[upper] - ranked.parts[lower]
        own, of_rest = gap[:, at], gap @ others / rest
        with np.errstate(invalid="ignore", divide="ignore"):
            return _inside(of_rest / (of_rest - own))
    assert isinstance(ranked, TopsisRanking)  # noqa: S101 - there are two
    best, worst = ranked.from_best, ranked.from_worst
    # With z = (t / s)², s the scale of the others: two are level where
    # d⁺²(upper) · d⁻²(lower) = d⁺²(lower) · d⁻²(upper), each d² = s² (z · own + of_rest).
    left = _product(best[upper], worst[lower], others**2, at)
    right = _product(best[lower], worst[upper], others**2, at)
    return _nearest_root(left - right, now=weights[at], rest=rest)


def _product(one: np.ndarray, other: np.ndarray, squares: np.ndarray, at: int) -> np.ndarray:
    """Return the coefficients of z², z and 1 of (z·own + of_rest) of one times that of other."""
    own, of_rest = one[:, at], one @ squares
    other_own, other_of_rest = other[:, at], other @ squares
    return np.column_stack(
        [own * other_own, own * other_of_rest + of_rest * other_own, of_rest * other_of_rest]
    )


def _nearest_root(coefficients: np.ndarray, *, now: float, rest: float) -> np.ndarray:
    """Return the ``t`` nearest to ``now`` among the positive roots z = (t·rest / (1-t))²."""
    second, first, free = coefficients.T
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(first**2 - 4.0 * second * free)
        # The stable form: the root of larger size from a sum without cancellation.
        half = -0.5 * (first + np.where(first < 0, -root, root))
        z = np.column_stack([half / second, free / half])
        ratio = np.sqrt(z) / rest
        t = _inside(ratio / (1.0 + ratio))
    is_second = np.abs(t[:, 0] - now) > np.abs(t[:, 1] - now)
    is_second |= np.isnan(t[:, 0])
    return np.where(is_second, t[:, 1], t[:, 0])


def _inside(t: np.ndarray) -> np.ndarray:
    """Return the weights strictly between 0 and 1; at the ends two only come level."""
    return np.where((t > _SAME) & (t < 1.0 - _SAME), t, np.nan)
