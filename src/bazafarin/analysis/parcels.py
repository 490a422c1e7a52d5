"""Measures of one parcel: land, ground covered, floor area, depth (قطعه)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def land_area_m2(deed_area_m2: pd.Series[float], geometry: gpd.GeoSeries) -> pd.Series[float]:
    """Return the land area of each parcel: the deed's, else the geometry's (مساحت عرصه), m²."""
    return deed_area_m2.astype(float).fillna(geometry.area).rename("area_m2")


def coverage_share(
    built_area_m2: pd.Series[float], floors: pd.Series[float], land_m2: pd.Series[float]
) -> pd.Series[float]:
    """Return the share of the land that the building stands on (سطح اشغال).

    ``built_area_m2 / floors / land_m2``, taking all floors to be equal; at most 1, since
    floors that overhang or a built area with annexes would exceed the land. Vacant land (no
    built area) has 0. NaN where any of the three is unknown, or a building has no floor.
    """
    ground = _ratio(built_area_m2, floors).mask(built_area_m2 == 0, 0.0)
    return _ratio(ground, land_m2).clip(upper=1.0).rename("coverage_share")


def floor_area_ratio(
    built_area_m2: pd.Series[float], land_m2: pd.Series[float]
) -> pd.Series[float]:
    """Return built floor area over land (تراکم ساختمانی); NaN where either is unknown."""
    return _ratio(built_area_m2, land_m2).rename("floor_area_ratio")


def depth_m(land_m2: pd.Series[float], frontage_m: pd.Series[float]) -> pd.Series[float]:
    """Return the mean depth of each parcel behind its frontage, metres (عمق قطعه).

    ``land_m2 / frontage_m``; NaN where the parcel has no frontage or its land is unknown.
    """
    return _ratio(land_m2, frontage_m).rename("depth_m")


def _ratio(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    """Return ``part / whole``, NaN where the whole is zero."""
    return part.astype(float) / whole.astype(float).replace(0.0, np.nan)
