"""How fast a survey goes, and when it will be done at that pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a survey goes.

    Attributes:
        a_day: parcels a day, over all days counted, those without any too.
        days_left: days until it is done: the tenth, fiftieth and ninetieth of a hundred draws.
    """

    a_day: float
    days_left: tuple[int, int, int]


def pace(done_a_day: NDArray[np.int_], left: int, *, draws: int, seed: int) -> Pace | None:
    """Return the pace of a survey and how many more days it takes, None where nothing tells.

    Days to come are drawn from the days that were, with replacement, until what is left is done:
    a week with idle days stays one with idle days.

    Args:
        done_a_day: parcels done on each day from the first to the last, zeros included.
        left: parcels that are left.
        draws: how many futures are drawn.
        seed: of the draws.
    """
    if not len(done_a_day) or done_a_day.sum() <= 0:
        return None
    mean = float(done_a_day.mean())
    if left <= 0:
        return Pace(mean, (0, 0, 0))
    chance = np.random.default_rng(seed)
    reached = np.zeros(draws, dtype=np.int64)
    days = np.full(draws, -1, dtype=np.int64)
    step, passed = max(1, int(np.ceil(left / mean))), 0
    while (days < 0).any():
        drawn = chance.choice(done_a_day, size=(draws, step))
        running = reached[:, None] + np.cumsum(drawn, axis=1)
        is_done = running >= left
        first = np.where(is_done.any(axis=1), is_done.argmax(axis=1) + 1 + passed, -1)
        days = np.where(days < 0, first, days)
        reached, passed = running[:, -1], passed + step
    early, likely, late = (int(np.ceil(q)) for q in np.quantile(days, (0.1, 0.5, 0.9)))
    return Pace(mean, (early, likely, late))
