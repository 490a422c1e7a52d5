"""Mouths: where the face beside a passage gives way to another street or a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.cross_sections import CrossSections

RECEDING_SLOPE = 2.0
"""A face that recedes by more than two metres for each metre along (63°) is no face of the
passage any more: the ray looks into a side street, a yard or across a junction."""


def in_mouth(sections: CrossSections, *, reach_m: float) -> NDArray[np.bool_]:
    """Return ``(n, 2)`` whether the left and right ray of each sample looks into a mouth.

    A ray does so when some other sample of the same line, at the same side, met a face so
    much nearer that no wall of slope ``RECEDING_SLOPE`` could join the two. A ray that met
    nothing counts as ``reach_m`` long.
    """
    far = np.where(np.isnan(sections.distance_m), reach_m, sections.distance_m)
    mouth: NDArray[np.bool_] = np.empty_like(sections.inside)
    for side in range(2):
        mouth[:, side] = far[:, side] > _wall(far[:, side], sections)
    return mouth


def _wall(far_m: NDArray[np.float64], sections: CrossSections) -> NDArray[np.float64]:
    """Return the farthest that a steady wall could stand at each sample.

    That is the lower envelope of cones ``far_m + slope * |along|`` over the line's samples,
    found by one running minimum forwards and one backwards.
    """
    rise = RECEDING_SLOPE * sections.at_m
    ahead = pd.Series(far_m - rise).groupby(sections.part, sort=False).cummin().to_numpy() + rise
    behind = pd.Series((far_m + rise)[::-1]).groupby(sections.part[::-1], sort=False).cummin()
    slack = 1e-9 * (1 + rise)  # subtracting and adding ``rise`` again leaves rounding
    wall: NDArray[np.float64] = np.minimum(ahead, behind.to_numpy()[::-1] - rise) + slack
    return wall
