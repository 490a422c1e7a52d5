"""Shares of a group that travel with what is unknown: point, coverage and bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd

SAME_SHARE = 1e-9
"""Two shares nearer than this are equal: sums of lengths carry rounding, the law does not."""


def group_shares(
    is_met: pd.Series[bool] | pd.Series[float],
    group: pd.Series[str],
    *,
    groups: pd.Index[str],
    weight: pd.Series[float] | None = None,
) -> pd.DataFrame:
    """Return the share of each group that meets a test, and what the unknown could make of it.

    ``share = Σw(met) / Σw(known)``, ``coverage = Σw(known) / Σw``,
    ``least = Σw(met) / Σw`` and ``most = (Σw(met) + Σw(unknown)) / Σw``.

    Args:
        is_met: 1/True, 0/False or NaN/NA (unknown) for each row.
        group: the group of each row, same index; rows without a group are left out.
        groups: the groups to answer for, in order.
        weight: what each row counts (a length in m, say); 1 where not given.

    Returns:
        On ``groups``: ``share``, ``coverage``, ``least``, ``most`` (0–1; NaN for a group
        without rows, and ``share`` NaN where nothing is known) and ``total`` (Σw; 0 without rows).
    """
    met = is_met.astype("float64").to_numpy(dtype=float, na_value=np.nan)
    place = groups.get_indexer(pd.Index(group))
    counted = np.ones(len(met)) if weight is None else weight.to_numpy(dtype=float)
    inside = place >= 0
    place, met, counted = place[inside], met[inside], counted[inside]
    is_known = ~np.isnan(met)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights=values, minlength=len(groups))

    total = summed(counted)
    known = summed(np.where(is_known, counted, 0.0))
    yes = summed(np.where(is_known, counted * np.nan_to_num(met), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame(
            {
                "share": np.where(known > 0, yes / known, np.nan),
                "coverage": known / total,
                "least": yes / total,
                "most": (yes + total - known) / total,
                "total": total,
            },
            index=groups,
        )


def is_above(share: pd.Series[float], threshold: float) -> pd.Series[bool]:
    """Return whether each share is more than ``threshold`` (strictly); False where unknown."""
    return share > threshold + SAME_SHARE
