"""How much each criterion weighs: given directly, or from comparisons of pairs (AHP).

Comparisons follow Saaty: ``a`` against ``b`` is how many times ``a`` matters more. Their
weights are the principal eigenvector; how far they contradict each other is said as the
consistency ratio, the consistency index over that of random comparisons
(Saaty, The Analytic Hierarchy Process, 1980).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RANDOM_INDEX: Final = (
    *(0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41),
    *(1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
)
"""Saaty's mean consistency index of random comparisons of 1, 2, 3 … things."""
SAME_SUM: Final = 1e-9
"""Weights whose sum is nearer to one than this sum to one."""
SAME_RATIO: Final = 0.01
"""``a/b`` times ``b/a`` may differ from 1 by so much: 0.33 is written for a third."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights that sum to one, and what was said and done to have them.

    Attributes:
        shares: one a criterion, 0–1.
        given_sum: what the weights summed to as they were given; they were brought to one.
        consistency_index: ``(λmax - n) / (n - 1)`` of comparisons; None of direct weights.
        consistency_ratio: that over the random index; 0 for one or two criteria, which
            cannot contradict each other; None of direct weights.
    """

    shares: np.ndarray
    given_sum: float = 1.0
    consistency_index: float | None = None
    consistency_ratio: float | None = None

    @property
    def were_normalised(self) -> bool:
        """Return whether the weights as given did not sum to one."""
        return abs(self.given_sum - 1.0) > SAME_SUM


def direct_weights(given: Sequence[float] | np.ndarray) -> Weights:
    """Return the weights brought to a sum of one.

    Raises:
        UsageError: a weight is negative or no number, or all are zero.
    """
    values = np.asarray(given, dtype=float)
    if not np.isfinite(values).all() or (values < 0).any():
        raise UsageError("priority.error.weight_negative", weights=[float(w) for w in values])
    total = float(values.sum())
    if total == 0:
        raise UsageError("priority.error.weights_zero", count=len(values))
    return Weights(values / total, given_sum=total)


def ahp_weights(comparisons: Sequence[Sequence[float]] | np.ndarray) -> Weights:
    """Return the weights of a square matrix of comparisons, with their consistency.

    Row ``i``, column ``j`` is how many times criterion ``i`` matters more than ``j``.
    Whether a ratio is too high is for a rule to say; it is never judged here.

    Raises:
        UsageError: the matrix is not square, not positive, its two halves contradict each
            other, or it compares more things than there is a random index for.
    """
    matrix = np.asarray(comparisons, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:  # noqa: PLR2004 - a matrix
        raise UsageError("priority.error.comparisons_not_square", shape=list(matrix.shape))
    size = len(matrix)
    if not 1 <= size <= len(RANDOM_INDEX):
        raise UsageError("priority.error.comparisons_many", count=size, most=len(RANDOM_INDEX))
    if not np.isfinite(matrix).all() or (matrix <= 0).any():
        raise UsageError("priority.error.comparison_not_positive")
    contradiction = np.argwhere(np.abs(matrix * matrix.T - 1.0) > SAME_RATIO)
    if len(contradiction):
        row, column = (int(at) for at in contradiction[0])
        raise UsageError(
            "priority.error.comparisons_contradict",
            row=row + 1,
            column=column + 1,
            value=float(matrix[row, column]),
            other=float(matrix[column, row]),
        )
    # A positive matrix has one largest root, real, and a vector of one sign (Perron).
    roots, vectors = np.linalg.eig(matrix)
    principal = int(np.argmax(roots.real))
    vector = np.abs(vectors[:, principal].real)
    index = max(0.0, float(roots[principal].real) - size) / (size - 1) if size > 1 else 0.0
    random = RANDOM_INDEX[size - 1]
    return Weights(
        vector / vector.sum(),
        consistency_index=index,
        consistency_ratio=index / random if random else 0.0,
    )


def ahp_weights_of_pairs(
    names: Sequence[str], comparisons: Mapping[tuple[str, str], float]
) -> Weights:
    """Return the weights of ``names``, in order, from one comparison for each pair.

    A pair may be given either way round; ``(a, b): 3`` and ``(b, a): 1/3`` say the same.

    Raises:
        UsageError: a name is unknown, a pair is missing, or a comparison is not above zero.
    """
    place = {name: at for at, name in enumerate(names)}
    unknown = sorted({name for pair in comparisons for name in pair} - set(place))
    if unknown:
        raise UsageError("priority.error.criterion", names=unknown, known=list(names))
    matrix = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (one, other), times in comparisons.items():  # some dozens at most
        if not 0 < times < np.inf:
            raise UsageError("priority.error.comparison_not_positive")
        matrix[place[one], place[other]] = times
        if np.isnan(matrix[place[other], place[one]]):
            matrix[place[other], place[one]] = 1.0 / times
    missing = [
        f"{one}/{other}"
        for one, other in combinations(names, 2)
        if np.isnan(matrix[place[one], place[other]])
    ]
    if missing:
        raise UsageError("priority.error.comparisons_missing", pairs=missing)
    return ahp_weights(matrix)
