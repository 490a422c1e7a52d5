"""Ranking by several criteria: weighted sum, TOPSIS and SPOTIS.

Every method gives a score of 0–1, the higher the more urgent, and is asked for one vector of
weights or for many at once (a column each). Value functions are data: points of a
piecewise-linear function that only rises or only falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, get_args

import numpy as np

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

Method = Literal["weighted_sum", "topsis", "spotis"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
DECIMALS: Final = 12
"""Scores that agree to so many decimals are equal: sums carry rounding, ranks do not."""


@dataclass(frozen=True, slots=True)
class ValueFunction:
    """What a raw value of a criterion is worth, 0–1.

    ``points`` are (raw, value), raw rising and value only rising or only falling; between
    them it is linear, beyond them the nearest point holds.
    """

    points: tuple[tuple[float, float], ...]

    @property
    def is_rising(self) -> bool:
        """Return whether more of the raw value is worth more."""
        return self.points[-1][1] > self.points[0][1]

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the raw values of the first and last point."""
        return self.points[0][0], self.points[-1][0]

    @property
    def worst(self) -> tuple[float, float]:
        """Return the (raw, value) of the end that is worth least."""
        return self.points[0] if self.is_rising else self.points[-1]

    @property
    def best(self) -> tuple[float, float]:
        """Return the (raw, value) of the end that is worth most."""
        return self.points[-1] if self.is_rising else self.points[0]

    def values(self, raw: np.ndarray) -> np.ndarray:
        """Return the value of each raw figure, 0–1; NaN (unknown) stays NaN."""
        x, y = np.array(self.points, dtype=float).T
        return np.where(np.isnan(raw), np.nan, np.interp(raw, x, y))


class Ranking(Protocol):
    """Alternatives that can be scored under any weights."""

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """Return the scores under ``weights`` (m,) as (n,), or (m, k) as (n, k)."""
        ...


@dataclass(frozen=True, eq=False)
class LinearRanking:
    """Scores that are the weighted sum of ``parts``, n alternatives × m criteria, 0–1."""

    parts: np.ndarray

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """Return ``parts · weights``."""
        return self.parts @ weights  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class TopsisRanking:
    """Closeness to the ideal, from squared distances per criterion at weight one.

    The ideal of a weighted criterion is the weight times the ideal of the unweighted one, so
    that a squared distance is ``Σ w² (v - ideal)²``: linear in the squared weights.
    """

    from_best: np.ndarray
    from_worst: np.ndarray

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """Return ``d⁻ / (d⁺ + d⁻)``, 0–1; 0.5 where all alternatives are equal."""
        best = np.sqrt(self.from_best @ weights**2)
        worst = np.sqrt(self.from_worst @ weights**2)
        both = best + worst
        with np.errstate(invalid="ignore"):
            return np.where(both > 0, worst / both, 0.5)


def weighted_sum(values: np.ndarray) -> LinearRanking:
    """Return the ranking by the weighted sum of ``values``, n × m, each 0–1."""
    return LinearRanking(np.asarray(values, dtype=float))


def topsis(raw: np.ndarray, *, is_rising: Sequence[bool] | np.ndarray) -> TopsisRanking:
    """Return the ranking of Hwang and Yoon (1981), normalised by vector.

    ``v = x / √Σx²`` for each criterion; a criterion that is zero throughout tells nothing.
    The ideal has the largest ``v`` of a rising criterion and the smallest of a falling one.
    """
    matrix = np.asarray(raw, dtype=float)
    norm = np.sqrt((matrix**2).sum(axis=0))
    scaled = matrix / np.where(norm > 0, norm, 1.0)
    if not len(scaled):
        return TopsisRanking(scaled, scaled)
    rising = np.asarray(is_rising, dtype=bool)
    most, least = scaled.max(axis=0), scaled.min(axis=0)
    best, worst = np.where(rising, most, least), np.where(rising, least, most)
    return TopsisRanking((scaled - best) ** 2, (scaled - worst) ** 2)


def topsis_at_own_best(
    worst: np.ndarray, best: np.ndarray, *, is_rising: Sequence[bool] | np.ndarray
) -> TopsisRanking:
    """Return TOPSIS where each row alone is at its ``best`` and all others at their ``worst``.

    Each row is scored in a matrix of its own: norm and ideal are those with that one row
    changed. Both are raw figures, n × m, of two rows or more.
    """
    norm = np.sqrt(np.maximum((worst**2).sum(axis=0) - worst**2 + best**2, 0.0))
    norm = np.where(norm > 0, norm, 1.0)
    most = np.maximum(_most_of_others(worst), best)
    least = np.minimum(-_most_of_others(-worst), best)
    rising = np.asarray(is_rising, dtype=bool)
    ideal, anti = np.where(rising, most, least), np.where(rising, least, most)
    return TopsisRanking(((best - ideal) / norm) ** 2, ((best - anti) / norm) ** 2)


def _most_of_others(matrix: np.ndarray) -> np.ndarray:
    """Return for each cell the most of the other rows in its column."""
    second, first = np.partition(matrix, len(matrix) - 2, axis=0)[-2:]
    of_others: np.ndarray = np.where(matrix == first, second, first)  # equal where two are first
    return of_others


def spotis(
    raw: np.ndarray, *, is_rising: Sequence[bool] | np.ndarray, bounds: np.ndarray
) -> LinearRanking:
    """Return the ranking of SPOTIS (Dezert and others, 2020): no alternative moves another.

    ``1 - Σ w |x - ideal| / (most - least)``, where the given ``bounds``, m × 2, hold the
    ideal: the most of a rising criterion, the least of a falling one. A raw value beyond its
    bounds counts as the nearest of them.
    """
    least, most = np.asarray(bounds, dtype=float).T
    ideal = np.where(np.asarray(is_rising, dtype=bool), most, least)
    inside = np.clip(np.asarray(raw, dtype=float), least, most)
    return LinearRanking(1.0 - np.abs(inside - ideal) / (most - least))


def ranking(
    method: Method, raw: np.ndarray, functions: Sequence[ValueFunction], *, unknown: np.ndarray
) -> Ranking:
    """Return the ranking of a method; NaN in ``raw`` (n × m) is filled from ``unknown``.

    A raw figure beyond the ends of its value function counts as the end, in every method.

    ``unknown`` is 0–1, broadcast to ``raw``: 0 is the worst end of the criterion's value
    function, 1 its best.

    Raises:
        UsageError: there is no such method.
    """
    if method not in METHODS:
        raise UsageError("priority.error.method", name=method, names=list(METHODS))
    if method == "weighted_sum":
        values = np.column_stack(
            [function.values(raw[:, at]) for at, function in enumerate(functions)]
        )
        return weighted_sum(_filled(values, _ends(functions, of_value=True), unknown))
    filled = _filled(_within(raw, functions), _ends(functions, of_value=False), unknown)
    is_rising = np.array([function.is_rising for function in functions])
    if method == "topsis":
        return topsis(filled, is_rising=is_rising)
    return spotis(filled, is_rising=is_rising, bounds=np.array([f.bounds for f in functions]))


def scores_at_own_best(
    method: Method, raw: np.ndarray, functions: Sequence[ValueFunction], weights: np.ndarray
) -> np.ndarray:
    """Return each score as if the alternative's own unknown cells were at their best.

    The unknown cells of all others stay at their worst.
    """
    if method != "topsis" or len(raw) < 2 or not np.isnan(raw).any():  # noqa: PLR2004 - others
        return ranking(method, raw, functions, unknown=np.ones(1)).scores(weights)
    ends = _ends(functions, of_value=False)
    within = _within(raw, functions)
    worst, best = (_filled(within, ends, np.full(1, at)) for at in (0.0, 1.0))
    is_rising = np.array([function.is_rising for function in functions])
    return topsis_at_own_best(worst, best, is_rising=is_rising).scores(weights)


def ranks(scores: np.ndarray) -> np.ndarray:
    """Return the rank of each score, the highest first; equal scores share the better rank."""
    rounded = np.round(np.asarray(scores, dtype=float), DECIMALS)
    ordered = np.sort(rounded)
    above: np.ndarray = len(rounded) - np.searchsorted(ordered, rounded, side="right")
    return above.astype("int64") + 1


def _within(raw: np.ndarray, functions: Sequence[ValueFunction]) -> np.ndarray:
    """Return the raw figures no farther out than the ends of their value functions."""
    least, most = np.array([function.bounds for function in functions], dtype=float).T
    inside: np.ndarray = np.clip(raw, least, most)
    return inside


def _ends(functions: Sequence[ValueFunction], *, of_value: bool) -> np.ndarray:
    """Return the (worst, best) of each criterion, m × 2: its value, or its raw figure."""
    at = 1 if of_value else 0
    return np.array([(function.worst[at], function.best[at]) for function in functions])


def _filled(known: np.ndarray, ends: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    filling = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * unknown
    return np.where(np.isnan(known), filling, known)
