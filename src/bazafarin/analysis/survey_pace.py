"""How fast a survey goes, and when it will be done at that pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRETCH_DAYS: Final = 128
_TIMES_LONGER: Final = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a survey goes.

    Attributes:
        a_day: parcels a day, over all days counted, those without any too.
        days_left: days until it is done: the tenth, fiftieth and ninetieth of a hundred draws.
    """

    a_day: float
    days_left: tuple[int, int, int]


def pace(
    done_a_day: NDArray[np.int_], left: int, *, draws: int, most_days: int, seed: int
) -> Pace | None:
    """Return the pace of a survey and how many more days it takes, None where nothing tells.

    Days to come are drawn from the days that were, with replacement, until what is left is done:
    a week with idle days stays one with idle days.

    Args:
        done_a_day: parcels done on each day from the first to the last, zeros included.
        left: parcels that are left.
        draws: how many futures are drawn.
        most_days: a survey that would take longer tells nothing of its end.
        seed: of the draws.
    """
    if not len(done_a_day) or done_a_day.sum() <= 0:
        return None
    mean = float(done_a_day.mean())
    if left <= 0:
        return Pace(mean, (0, 0, 0))
    if left / mean > most_days:
        return None
    chance = np.random.default_rng(seed)
    reached = np.zeros(draws, dtype=np.int64)
    days = np.zeros(draws, dtype=np.int64)
    passed = 0
    # a stretch of days at a time: the whole of a long future would not fit in memory
    while (is_on := days == 0).any() and passed <= _TIMES_LONGER * most_days:
        drawn = chance.choice(done_a_day, size=(draws, _STRETCH_DAYS))
        running = reached[:, None] + np.cumsum(drawn, axis=1)
        is_done = running >= left
        ends = is_on & is_done.any(axis=1)
        days[ends] = is_done[ends].argmax(axis=1) + 1 + passed
        reached, passed = running[:, -1], passed + _STRETCH_DAYS
    if (days == 0).any():
        return None
    early, likely, late = (int(np.ceil(q)) for q in np.quantile(days, (0.1, 0.5, 0.9)))
    return Pace(mean, (early, likely, late))
