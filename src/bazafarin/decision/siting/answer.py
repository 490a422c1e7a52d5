"""What a siting model answers: the sites, how good they are, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Model(StrEnum):
    """What is best."""

    P_MEDIAN = "pmedian"
    """The least sum of weight × cost."""
    MAXIMAL_COVER = "mclp"
    """The most weight within the radius."""
    SET_COVER = "lscp"
    """The fewest sites that have everyone within the radius."""
    P_CENTER = "pcenter"
    """The least cost of whoever is farthest."""


@dataclass(frozen=True, eq=False)
class Siting:
    """The sites chosen by a model.

    Attributes:
        model: what is best.
        objective: what the sites achieve, in the model's own measure.
        sites: positions of the chosen sites, rising.
        assigned: the position of the chosen site that serves each demand point (the
            cheapest, the first of equals); −1 where none does.
        proven_optimal: whether no other sites can be better; differences of less than a
            billionth of the objective are rounding.
        gap: how far the bound is from the objective, as a share of the objective; 0 when
            proven, infinite where nothing is known.
        bound: what no sites can better.
    """

    model: Model
    objective: float
    sites: tuple[int, ...]
    assigned: NDArray[np.intp]
    proven_optimal: bool
    gap: float
    bound: float


def gap_share(objective: float, bound: float) -> float:
    """Return how far a bound is from an objective, as a share of the objective, 0 or more."""
    if objective == bound:
        return 0.0
    return abs(objective - bound) / abs(objective) if objective else float("inf")
