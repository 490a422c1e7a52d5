"""How long a solver may still go on: a stretch of time, not a time of day."""

from __future__ import annotations

import time


class Stopwatch:
    """Counts down from ``limit_s`` seconds."""

    def __init__(self, limit_s: float) -> None:
        self._end = time.monotonic() + limit_s

    @property
    def left_s(self) -> float:
        """Return the seconds that are left, 0 when none is."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_up(self) -> bool:
        """Return whether the time is up."""
        return self.left_s == 0.0
