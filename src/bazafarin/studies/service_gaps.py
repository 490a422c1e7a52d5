"""What services does each neighbourhood lack, for its people, by the standard's range?

Existing land of a service is the parcels of its uses, plus the facilities of known area
that stand on no such parcel; ``existing_source`` says which was there. The per-capita
ranges are rules of ``standards/national/services.toml``, by city size. A deficit is never
negative: ``max(0, standard · population - existing)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from bazafarin.analysis import places

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards


def service_gaps(
    parcels: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame | None,
    population: pd.Series[float],
    *,
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return the services table: one row a neighbourhood and service.

    Args:
        parcels: ``neighbourhood_id``, ``use``, ``area_m2`` and geometry.
        facilities: the delivery's facilities with ``neighbourhood_id`` filled, or None.
        population: persons by neighbourhood id; NaN unknown.
        standards: the rules asked for the ranges and the uses of each service.
        as_of: the day on which they are asked.

    Returns:
        ``neighbourhood_id``, ``service``, ``population``, ``existing_m2``,
        ``per_capita_m2``, ``standard_min_m2``, ``standard_max_m2`` (m² a person),
        ``deficit_min_m2``, ``deficit_max_m2``, ``existing_source`` (parcels, facilities,
        both, none or unknown), ``existing_coverage`` (share of the neighbourhood's land of
        known use, 0–1) and ``facilities_without_area``. Unknown is NaN: of ``existing_m2``
        where no parcel's use is known, of a deficit where existing or population is, of a
        range on a day before its rule.
    """
    uses = standards.value("services.uses", as_of=as_of)
    names = sorted(uses)
    ids = population.index
    rows = pd.MultiIndex.from_product([ids, names], names=["neighbourhood_id", "service"])
    from_parcels = _land_of_services(parcels, uses).reindex(rows)
    extra = _land_of_facilities(facilities, parcels, uses).reindex(rows)
    coverage = _known_use_share(parcels, ids)
    table = pd.DataFrame(index=rows)
    table["population"] = population.reindex(rows.get_level_values(0)).to_numpy()
    known = coverage.reindex(rows.get_level_values(0)).to_numpy()
    existing = from_parcels.fillna(0.0) + extra["area_m2"].fillna(0.0)
    is_known = (known > 0) | (extra["area_m2"].fillna(0.0) > 0).to_numpy()
    table["existing_m2"] = existing.where(is_known)
    table["per_capita_m2"] = table["existing_m2"] / table["population"].where(lambda p: p > 0)
    size = population.sum(min_count=1)
    ranges = {
        name: standards.per_capita(name, population=size, as_of=as_of)
        if standards.is_in_force(f"per_capita.{name}", as_of=as_of)
        else (np.nan, np.nan)
        for name in names
    }
    service = rows.get_level_values(1)
    table["standard_min_m2"] = service.map({name: low for name, (low, _) in ranges.items()})
    table["standard_max_m2"] = service.map({name: high for name, (_, high) in ranges.items()})
    for end in ("min", "max"):
        needed = table[f"standard_{end}_m2"] * table["population"]
        table[f"deficit_{end}_m2"] = (needed - table["existing_m2"]).clip(lower=0.0)
    table["existing_source"] = _source(from_parcels, extra["area_m2"], known=is_known)
    table["existing_coverage"] = known
    table["facilities_without_area"] = extra["without_area"].fillna(0).astype("int64")
    return table.reset_index()


def _service_of_use(uses: dict[str, list[str]]) -> dict[str, str]:
    return {use: service for service, of in uses.items() for use in of}


def _land_of_services(parcels: gpd.GeoDataFrame, uses: dict[str, list[str]]) -> pd.Series[float]:
    """Return the land in m² by neighbourhood and service, from the parcels' use."""
    service = parcels["use"].astype("str").map(_service_of_use(uses))
    return parcels["area_m2"].groupby([parcels["neighbourhood_id"], service]).sum(min_count=1)


def _land_of_facilities(
    facilities: gpd.GeoDataFrame | None, parcels: gpd.GeoDataFrame, uses: dict[str, list[str]]
) -> pd.DataFrame:
    """Return ``area_m2`` and ``without_area`` of the facilities that no parcel stands for."""
    empty = pd.MultiIndex.from_arrays([[], []], names=["neighbourhood_id", "service"])
    if facilities is None or facilities.empty:
        return pd.DataFrame({"area_m2": [], "without_area": []}, index=empty, dtype=float)
    service_of_use = _service_of_use(uses)
    service = facilities["service"].map(lambda name: service_of_use.get(name, name))
    land = parcels["use"].astype("str").map(service_of_use)
    counted = land.notna()
    standing = places.containing_area(
        facilities.geometry,
        gpd.GeoDataFrame({"service": land[counted]}, geometry=parcels.geometry[counted]),
        id_column="service",
    )
    own_area = facilities["area_m2"].fillna(
        facilities.geometry.area.where(facilities.geom_type.isin(["Polygon", "MultiPolygon"]))
    )
    is_extra = standing.fillna("") != service
    keys = [facilities["neighbourhood_id"][is_extra], service[is_extra].rename("service")]
    return pd.DataFrame(
        {
            "area_m2": own_area[is_extra].groupby(keys).sum(min_count=1),
            "without_area": own_area[is_extra].isna().groupby(keys).sum(),
        }
    )


def _known_use_share(parcels: gpd.GeoDataFrame, ids: pd.Index[str]) -> pd.Series[float]:
    """Return the share of each neighbourhood's parcel land whose use is known, 0–1."""
    area, group = parcels["area_m2"], parcels["neighbourhood_id"]
    is_known = ~parcels["use"].isin(["unknown"])
    land = area.groupby(group).sum()
    return (area[is_known].groupby(group).sum() / land.where(land > 0)).reindex(ids).fillna(0.0)


def _source(
    from_parcels: pd.Series[float], extra: pd.Series[float], *, known: np.ndarray
) -> np.ndarray:
    has_parcels, has_facilities = from_parcels.notna(), extra.notna()
    return np.select(
        [~known, has_parcels & has_facilities, has_parcels, has_facilities],
        ["unknown", "both", "parcels", "facilities"],
        default="none",
    )
