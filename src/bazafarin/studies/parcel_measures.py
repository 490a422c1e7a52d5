"""What is a parcel like: its frontage, its depth, how much of it is built on, and how high?

Measured for each parcel, and gathered for the city and each of its neighbourhoods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bazafarin.analysis import frontages, shares
from bazafarin.analysis import parcels as parcel_measures
from bazafarin.domain.finding import Finding
from bazafarin.studies.findings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    import geopandas as gpd

    from bazafarin.analysis.face_edges import FaceEdges
    from bazafarin.standards import Standards

FRONTAGE_RULES = ("blocks.touch_tolerance_m", "passages.reach_m")


def measure_parcels(
    parcels: gpd.GeoDataFrame,
    passages: gpd.GeoDataFrame | None,
    *,
    edges: FaceEdges,
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return ``frontage_m``, ``depth_m``, ``coverage_share``, ``floor_area_ratio``.

    Args:
        parcels: ``area_m2``, ``built_area_m2``, ``floors`` and geometry.
        passages: centre-lines; without any, every frontage is unknown (NaN), not 0.
        edges: the edges of the parcels.
        standards: the rules asked for the tolerance and the reach of a frontage.
        as_of: the day on which they are asked.
    """
    frontage = pd.Series(np.nan, index=parcels.index)
    tolerance, reach = (float(standards.value(rule, as_of=as_of)) for rule in FRONTAGE_RULES)
    if passages is not None and not passages.empty:
        frontage = frontages.frontage_m(
            parcels.geometry,
            passages.geometry,
            touch_tolerance_m=tolerance,
            reach_m=reach,
            edges=edges,
        )
    land, built = parcels["area_m2"], parcels["built_area_m2"]
    return pd.DataFrame(
        {
            "frontage_m": frontage,
            "depth_m": parcel_measures.depth_m(land, frontage),
            "coverage_share": parcel_measures.coverage_share(built, parcels["floors"], land),
            "floor_area_ratio": parcel_measures.floor_area_ratio(built, land),
        }
    )


def measures_of_areas(
    parcels: pd.DataFrame, area: pd.Series[str], *, areas: pd.Index[str]
) -> pd.DataFrame:
    """Return what the parcels of each area are like together.

    Args:
        parcels: ``area_m2`` and the columns of ``measure_parcels``.
        area: the area of each parcel, same index.
        areas: the areas to answer for, in order.

    Returns:
        On ``areas``: ``median_parcel_area_m2``; ``coverage_share`` and ``floor_area_ratio``,
        over the land of the parcels where they are known, each with its ``_coverage`` (that
        land over all land); ``parcels_without_frontage`` (NA where none was measured). NaN where
        nothing is known.
    """
    table = pd.DataFrame(
        {"median_parcel_area_m2": parcels["area_m2"].groupby(area).median().reindex(areas)}
    )
    for name in ("coverage_share", "floor_area_ratio"):
        weighed = shares.group_shares(parcels[name], area, groups=areas, weight=parcels["area_m2"])
        table[name] = weighed["share"]
        table[f"{name}_coverage"] = weighed["coverage"]
    # frontages are known of all parcels or of none
    has_none = (parcels["frontage_m"] == 0).astype("Int64").mask(parcels["frontage_m"].isna())
    counted = has_none.groupby(area).sum(min_count=1).reindex(areas)
    table["parcels_without_frontage"] = counted
    return table


def parcel_findings(parcels: pd.DataFrame, neighbourhoods: pd.DataFrame) -> Iterator[Finding]:
    """Yield what the parcels of each neighbourhood, which has it at hand, and the city are like."""
    for row in neighbourhoods.to_dict("records"):
        yield from _area_findings(row, where=f"neighbourhood:{row['neighbourhood_id']}")
    everywhere = pd.Series("city", index=parcels.index, dtype="str")
    city = measures_of_areas(parcels, everywhere, areas=pd.Index(["city"]))
    yield from _area_findings(city.loc["city"].to_dict(), where="city")


def _area_findings(row: Mapping[Any, Any], *, where: str) -> Iterator[Finding]:
    yield Finding(
        "identity.median_parcel_area_m2",
        plain(row["median_parcel_area_m2"]),
        "m2",
        scope=where,
        inputs=("parcels",),
        formula="median of the parcels' areas",
    )
    for name, unit, formula in (
        ("coverage_share", "share", "Σ ground covered / Σ land, where both are known"),
        ("floor_area_ratio", "ratio", "Σ built area / Σ land, where both are known"),
    ):
        yield Finding(
            f"identity.{name}",
            plain(row[name]),
            unit,
            scope=where,
            inputs=("parcels",),
            coverage=plain(row[f"{name}_coverage"]),  # type: ignore[arg-type]
            formula=formula,
        )
    yield Finding(
        "identity.parcels_without_frontage",
        plain(row["parcels_without_frontage"]),
        "count",
        scope=where,
        rules=FRONTAGE_RULES,
        inputs=("parcels", "passages"),
        formula="parcels of which no side faces a passage",
    )
