"""What the survey did not learn: unknowns are put into the delivered parcels and passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.domain.codes import Ownership, Quality, Structure, Use

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints

_MISSING = {
    "built_sh": 0.12,
    "built_area_m2": 0.08,
    "floors": 0.03,
    "units": 0.06,
    "households": 0.04,
    "population": 0.04,
    "land_value_rial_m2": 0.20,
}
_DEED_KNOWN = 0.6
_DEED_ERROR = 0.012
"""How far deed and ground differ (standard deviation, share of the area)."""
_USE_UNKNOWN = 0.012
_NOT_TOLD = {"quality": (0.04, Quality.UNKNOWN), "ownership": (0.08, Ownership.UNKNOWN)}
_UNSEEN = (0.7, 7.0)
"""Parameters of the beta law of each block's share of structures that no one saw."""
_WILLING = {"will_renovate": 0.42, "will_consolidate": 0.25}
_NOT_AT_HOME = 0.35
_NEVER_SURVEYED = 0.03
_WIDTH_RECORDED = 0.6
_SURVEY_FIRST = np.datetime64("2024-04-06")
_SURVEY_DAYS = 240


def survey_gaps(
    rng: np.random.Generator, truth: pd.DataFrame, *, area_m2: Floats, block: Ints
) -> pd.DataFrame:
    """Return the parcels' columns as a survey would deliver them."""
    count = len(truth)
    told = truth.copy()
    for column, share in _MISSING.items():
        told[column] = told[column].mask(rng.random(count) < share)
    # Some blocks were surveyed from the street only, so that their structures are mostly unknown.
    unseen = rng.beta(*_UNSEEN, int(block.max()) + 1)[block]
    told["structure"] = told["structure"].mask(rng.random(count) < unseen, Structure.UNKNOWN)
    for column, (share, unknown) in _NOT_TOLD.items():
        told[column] = told[column].mask(rng.random(count) < share, unknown)
    homes = (told["use"] == Use.RESIDENTIAL) & (rng.random(count) < _USE_UNKNOWN)
    told["use"] = told["use"].mask(homes & told["floors"].notna(), Use.UNKNOWN)
    deed = np.round(area_m2 * (1 + rng.normal(0, _DEED_ERROR, count)), 1)
    told["land_area_m2"] = np.where(rng.random(count) < _DEED_KNOWN, deed, np.nan)
    for column, yes in _WILLING.items():
        told[column] = _answers(rng, truth["use"] == Use.RESIDENTIAL, yes)
    told["surveyed_on"] = _survey_days(rng, block)
    return told


def recorded_widths(rng: np.random.Generator, width_m: Floats) -> Floats:
    """Return the widths that the municipality has on record; NaN for the others."""
    return np.where(rng.random(len(width_m)) < _WIDTH_RECORDED, width_m, np.nan)


def _answers(rng: np.random.Generator, asked: pd.Series[bool], yes: float) -> pd.Series[bool]:
    """Return what owners answered; missing where no one was asked or at home."""
    answer = pd.Series(rng.random(len(asked)) < yes, index=asked.index, dtype="boolean")
    return answer.mask(~asked | (rng.random(len(asked)) < _NOT_AT_HOME), other=pd.NA)


def _survey_days(rng: np.random.Generator, block: Ints) -> pd.Series[pd.Timestamp]:
    """Return the day of the survey: block after block, a few parcels never."""
    start = rng.integers(0, _SURVEY_DAYS, int(block.max()) + 1)[block]
    day = _SURVEY_FIRST + (start + rng.integers(0, 4, len(block))).astype("timedelta64[D]")
    days = pd.Series(day.astype("datetime64[s]"))
    return days.mask(pd.Series(rng.random(len(block)) < _NEVER_SURVEYED))
