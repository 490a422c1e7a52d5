"""Where does each parcel belong: which block, which neighbourhood, and who said so?

The delivery's own ids first; then the delivered blocks and neighbourhoods by position;
then blocks derived from parcels that touch. What was derived is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from bazafarin.analysis import blocks as block_measures
from bazafarin.analysis import parcels as parcel_measures
from bazafarin.analysis import places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from bazafarin.domain.city import City
    from bazafarin.standards import Standards

WHOLE_CITY = "city"
"""The one neighbourhood of a delivery that names none."""
OUTSIDE = "outside"
"""The neighbourhood of parcels that lie in none of those delivered."""
RULES = ("blocks.touch_tolerance_m", "blocks.close_gap_m")


@dataclass(frozen=True)
class PlacedCity:
    """Parcels with block and neighbourhood, and the blocks and neighbourhoods themselves.

    ``parcels`` gains ``area_m2``; ``blocks`` has ``block_id``, ``neighbourhood_id``,
    ``area_m2`` and geometry, one row a block; ``neighbourhoods`` has ``neighbourhood_id``,
    ``name_fa``, ``target_type``, ``delivered_population`` and geometry (None for one that
    only a parcel, block or facility names); every block and facility lies in one of them.
    ``derived`` counts the parcels whose block was derived (``blocks``) and whose
    neighbourhood was found by position (``neighbourhoods``).
    """

    parcels: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame | None
    derived: Mapping[str, int]


def place_city(city: City, *, standards: Standards, as_of: date) -> PlacedCity:
    """Return the city's parcels placed in blocks and neighbourhoods."""
    tolerance = float(standards.value("blocks.touch_tolerance_m", as_of=as_of))
    gap = float(standards.value("blocks.close_gap_m", as_of=as_of))
    parcels = city.parcels.copy()
    parcels["area_m2"] = parcel_measures.land_area_m2(parcels["land_area_m2"], parcels.geometry)
    block_id, derived = _block_ids(city, touch_tolerance_m=tolerance)
    parcels["block_id"] = block_id
    neighbourhood_id, by_position = _neighbourhood_ids(city)
    parcels["neighbourhood_id"] = neighbourhood_id
    blocks = _blocks(city, parcels, close_gap_m=gap)
    facilities = None
    if city.facilities is not None:
        facilities = city.facilities.copy()
        facilities["neighbourhood_id"] = _of_facilities(city, parcels)
    holding = [frame for frame in (parcels, blocks, facilities) if frame is not None]
    return PlacedCity(
        parcels=parcels,
        blocks=blocks,
        neighbourhoods=_neighbourhoods(
            city, pd.concat([frame["neighbourhood_id"] for frame in holding]).unique()
        ),
        facilities=facilities,
        derived={"blocks": derived, "neighbourhoods": by_position},
    )


def _block_ids(city: City, *, touch_tolerance_m: float) -> tuple[pd.Series[str], int]:
    """Return each parcel's block, and how many were derived from touching parcels."""
    known = city.parcels["block_id"]
    if known.isna().any() and city.blocks is not None:
        open_rows = known.isna()
        found = places.containing_area(
            city.parcels[open_rows].geometry, city.blocks, id_column="block_id"
        )
        known = known.fillna(found)
    open_rows = known.isna()
    if not open_rows.any():
        return known, 0
    lines = None if city.passages is None else city.passages.geometry
    surfaces = None if city.carriageways is None else city.carriageways.geometry
    touching = block_measures.block_of_parcels(
        city.parcels[open_rows].geometry,
        passages=lines,
        carriageways=surfaces,
        touch_tolerance_m=touch_tolerance_m,
    )
    taken = set(known.dropna())
    if city.blocks is not None:
        taken |= set(city.blocks["block_id"])
    clash = touching.isin(taken)
    touching = touching.where(~clash, touching + "~derived")
    return known.fillna(touching), int(open_rows.sum())


def _neighbourhood_ids(city: City) -> tuple[pd.Series[str], int]:
    """Return each parcel's neighbourhood, and how many were placed by position."""
    known = city.parcels["neighbourhood_id"]
    open_rows = known.isna()
    if not open_rows.any():
        return known, 0
    if city.neighbourhoods is not None:
        found = places.containing_area(
            city.parcels[open_rows].geometry, city.neighbourhoods, id_column="neighbourhood_id"
        )
        return known.fillna(found).fillna(OUTSIDE), int(found.notna().sum())
    return known.fillna(WHOLE_CITY if open_rows.all() else OUTSIDE), 0


def _of_facilities(city: City, parcels: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return the neighbourhood of each facility: by position, else of the parcel it is on."""
    assert city.facilities is not None  # noqa: S101 - the caller asked only then
    areas = parcels if city.neighbourhoods is None else city.neighbourhoods
    found = places.containing_area(city.facilities.geometry, areas, id_column="neighbourhood_id")
    return found.fillna(_elsewhere(city, parcels))


def _elsewhere(city: City, parcels: gpd.GeoDataFrame) -> str:
    """Return the neighbourhood of what no neighbourhood and no parcel holds."""
    names = parcels["neighbourhood_id"].unique()
    return str(names[0]) if city.neighbourhoods is None and len(names) == 1 else OUTSIDE


def _blocks(city: City, parcels: gpd.GeoDataFrame, *, close_gap_m: float) -> gpd.GeoDataFrame:
    """Return one row a block: delivered outlines where there are any, derived ones else."""
    outlines = gpd.GeoSeries([], index=pd.Index([], dtype="str"), crs=city.crs)
    said = pd.Series([], dtype="str")
    if city.blocks is not None:
        one_each = city.blocks.drop_duplicates("block_id").set_index("block_id")
        outlines = one_each.geometry
        said = one_each["neighbourhood_id"]
    missing = ~parcels["block_id"].isin(outlines.index)
    if missing.any():
        derived = block_measures.block_outlines(
            parcels[missing].geometry, parcels["block_id"][missing], close_gap_m=close_gap_m
        )
        outlines = gpd.GeoSeries(pd.concat([outlines, derived]), crs=city.crs)
    most = _most_common(parcels["neighbourhood_id"], parcels["block_id"])
    neighbourhood = most.reindex(outlines.index).fillna(said.reindex(outlines.index))
    blocks = gpd.GeoDataFrame(
        {
            "block_id": outlines.index,
            "neighbourhood_id": _by_position(neighbourhood, outlines, city, parcels),
            "area_m2": outlines.area.to_numpy(),
        },
        geometry=outlines.to_numpy(),
        crs=city.crs,
    )
    return blocks.sort_values("block_id", ignore_index=True)


def _by_position(
    known: pd.Series[str], outlines: gpd.GeoSeries, city: City, parcels: gpd.GeoDataFrame
) -> NDArray[np.object_]:
    """Return the neighbourhoods of blocks, those without parcels by where they lie."""
    open_rows = known.isna()
    if open_rows.any() and city.neighbourhoods is not None:
        found = places.containing_area(
            gpd.GeoSeries(outlines[open_rows]), city.neighbourhoods, id_column="neighbourhood_id"
        )
        known = known.fillna(found)
    return known.fillna(_elsewhere(city, parcels)).to_numpy()


def _most_common(value: pd.Series[str], group: pd.Series[str]) -> pd.Series[str]:
    """Return the most frequent value of each group; the first by name where two tie."""
    counts = value.groupby([group, value]).size().rename("n").rename_axis(["group", "value"])
    ordered = counts.reset_index().sort_values(["n", "value"], ascending=[False, True])
    return ordered.drop_duplicates("group").set_index("group")["value"]


def _neighbourhoods(city: City, names: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Return one row a neighbourhood that was delivered or that ``names`` has."""
    if city.neighbourhoods is None:
        delivered = gpd.GeoDataFrame(
            {"neighbourhood_id": [], "name_fa": [], "target_type": [], "population": []},
            geometry=[],
            crs=city.crs,
        )
    else:
        delivered = city.neighbourhoods.drop_duplicates("neighbourhood_id")
    named = pd.Index(names, dtype="str")
    only_named = named.difference(pd.Index(delivered["neighbourhood_id"], dtype="str"))
    order = pd.Index(delivered["neighbourhood_id"], dtype="str").append(only_named)
    table = delivered.set_index("neighbourhood_id").reindex(order.sort_values())
    name = table["name_fa"].astype("str")
    is_whole = table.index == WHOLE_CITY
    return gpd.GeoDataFrame(
        {
            "neighbourhood_id": table.index.to_numpy(),
            "name_fa": name.mask(is_whole & name.isna().to_numpy(), city.name_fa).to_numpy(),
            "target_type": table["target_type"].astype("str").to_numpy(),
            "delivered_population": table["population"].to_numpy(dtype=float),
        },
        geometry=table.geometry.to_numpy(),
        crs=city.crs,
    )
