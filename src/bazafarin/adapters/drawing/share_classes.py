"""Five classes of a share, broken at the rule's threshold: two at or below it, three above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

STEPS_BELOW = 2
STEPS_ABOVE = 3


def class_bounds(threshold: float) -> tuple[float, ...]:
    """Return the six bounds of the five classes of a share, 0 to 1.

    >>> class_bounds(0.5)
    (0.0, 0.25, 0.5, 0.6667, 0.8333, 1.0)
    """
    below = np.linspace(0.0, threshold, STEPS_BELOW + 1)
    above = np.linspace(threshold, 1.0, STEPS_ABOVE + 1)[1:]
    return tuple(float(bound) for bound in np.concatenate([below, above]).round(4))


def share_class(share: pd.Series[float], bounds: tuple[float, ...]) -> npt.NDArray[np.int_]:
    """Return each share's class, 0 to 4; a share on a bound is of the lower class; -1 is unknown.

    So a block at the threshold itself, which the rule does not count, has not its colour.
    """
    values = share.to_numpy(dtype=float, na_value=np.nan)
    classes = np.searchsorted(bounds[1:-1], values, side="left")
    return np.where(np.isnan(values), -1, classes)
