"""What the three indices ask of a parcel: fine-grained, a building, unstable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection

SAME_AREA_M2 = 1e-6
"""Areas nearer than this are equal: 200 m² drawn askew is not below 200 m²."""
SAME_WIDTH_M = 0.005
"""Widths nearer than this are equal: surveys draw and write to the centimetre, so that a
street laid out at 6 m is measured as 5.999 m and is not narrower than 6."""


def is_fine_grained(area_m2: pd.Series[float], *, below_m2: float) -> pd.Series[bool]:
    """Return whether each parcel's land is below ``below_m2`` (ریزدانه); NA where unknown."""
    answer = (area_m2 < below_m2 - SAME_AREA_M2).astype("boolean")
    return answer.mask(area_m2.isna()).rename("is_fine_grained")


def is_narrow(width_m: pd.Series[float], *, below_m: float) -> pd.Series[bool]:
    """Return whether each passage is narrower than ``below_m``; NA where its width is unknown."""
    answer = (width_m < below_m - SAME_WIDTH_M).astype("boolean")
    return answer.mask(width_m.isna()).rename("is_narrow")


def is_building(
    parcels: pd.DataFrame,
    *,
    no_building_uses: Collection[str],
    open_land_uses: Collection[str],
) -> pd.Series[bool]:
    """Return whether a building stands on each parcel; never unknown.

    Land of ``no_building_uses`` (vacant) has none. Land of ``open_land_uses`` (a park, a
    field, a street) has one only where something tells of it: a built area, a floor, a
    known structure or a year. Elsewhere there is one, unless the delivery says that
    nothing is built (an area of 0) and nothing else tells of a building.
    """
    told = (
        (parcels["built_area_m2"] > 0)
        | (parcels["floors"] > 0)
        | parcels["built_sh"].notna()
        | (parcels["structure"].notna() & ~parcels["structure"].isin(["unknown"]))
    )
    says_none = parcels["built_area_m2"].eq(0) & ~told
    open_land = parcels["use"].isin(open_land_uses) & ~told
    vacant = parcels["use"].isin(no_building_uses)
    return (~(vacant | open_land | says_none)).rename("is_building")


def is_unstable(  # noqa: PLR0913 - each is a rule of its own
    parcels: pd.DataFrame,
    *,
    is_building: pd.Series[bool],
    unstable_structures: Collection[str],
    stable_structures: Collection[str],
    age_decides_structures: Collection[str],
    built_before_sh: float,
) -> pd.Series[bool]:
    """Return whether each building lacks a structural system (ناپایدار).

    True for ``unstable_structures``, False for ``stable_structures``. For those in
    ``age_decides_structures`` the year decides: True before ``built_before_sh``, unknown
    without a year or from that year on where the structure itself is unknown. NA for all
    other structures (unknown) and where there is no building.
    """
    structure = parcels["structure"]
    answer = pd.Series(pd.NA, index=parcels.index, dtype="boolean", name="is_unstable")
    answer = answer.mask(structure.isin(unstable_structures), other=True)
    answer = answer.mask(structure.isin(stable_structures), other=False)
    by_age = structure.isin(age_decides_structures)
    answer = answer.mask(by_age & (parcels["built_sh"] < built_before_sh), other=True)
    is_named = ~structure.isin(["unknown", "other"])
    answer = answer.mask(by_age & is_named & parcels["built_sh"].isna(), other=pd.NA)
    return answer.mask(~is_building, other=pd.NA)


def is_renovated(
    parcels: pd.DataFrame, *, renovated_qualities: Collection[str], since_sh: float | None
) -> pd.Series[bool]:
    """Return whether each parcel was renovated (نوسازی‌شده) since the boundary was approved.

    True for ``renovated_qualities`` or a building of after the year ``since_sh``; NA where
    neither the quality nor the year is known.
    """
    quality_known = ~parcels["quality"].isin(["unknown"]) & parcels["quality"].notna()
    by_quality = parcels["quality"].isin(renovated_qualities)
    if since_sh is None:
        return by_quality.astype("boolean").mask(~quality_known).rename("is_renovated")
    by_year = parcels["built_sh"] > since_sh
    known = quality_known | parcels["built_sh"].notna()
    return (by_quality | by_year).astype("boolean").mask(~known).rename("is_renovated")
