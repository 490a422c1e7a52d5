"""Where can people go for a service: the facilities delivered, and the parcels of its uses.

A facility that stands on a parcel is reached at that parcel's frontage. A parcel of a
service's use on which no facility of it stands is a place of the service itself, so nothing
is counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis import places, walking_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.analysis.walking_network import Joined, WalkingNetwork

NOWHERE = -1
"""The parcel of a place that stands on none."""


def service_places(
    parcels: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame | None,
    *,
    uses: dict[str, list[str]],
    services: Iterable[str],
) -> gpd.GeoDataFrame:
    """Return the places of ``services``: one row a place, facilities first.

    Args:
        parcels: ``parcel_id``, ``use`` and geometry.
        facilities: ``facility_id``, ``service``, ``capacity`` and geometry, or None.
        uses: the uses that make up each service.
        services: those that are asked for.

    Returns:
        ``service``, ``facility_id`` (of a parcel its own id), ``capacity`` (persons, NaN
        unknown), ``parcel`` (position of the parcel it stands on, ``NOWHERE`` for none) and
        geometry.
    """
    service_of_use = {use: service for service, of in uses.items() for use in of}
    wanted = set(services)
    delivered = _delivered(parcels, facilities, service_of_use, wanted)
    service = parcels["use"].astype("str").map(service_of_use).to_numpy()
    at = np.flatnonzero(np.isin(service.astype("str"), sorted(wanted)))
    own = gpd.GeoDataFrame(
        {
            "service": service[at].astype("str"),
            "facility_id": parcels["parcel_id"].to_numpy()[at],
            "capacity": np.full(len(at), np.nan),
            "parcel": at,
        },
        geometry=parcels.geometry.to_numpy()[at],
        crs=parcels.crs,
    )
    stands = pd.MultiIndex.from_frame(pd.DataFrame(delivered[["service", "parcel"]]))
    is_told = pd.MultiIndex.from_frame(pd.DataFrame(own[["service", "parcel"]])).isin(stands)
    both = [frame for frame in (delivered, own[~is_told]) if len(frame)]
    return own if not both else gpd.GeoDataFrame(pd.concat(both, ignore_index=True))


def _delivered(
    parcels: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame | None,
    service_of_use: dict[str, str],
    wanted: set[str],
) -> gpd.GeoDataFrame:
    """Return the delivered facilities of the wanted services, with the parcel of each."""
    columns = ["service", "facility_id", "capacity", "parcel", "geometry"]
    if facilities is None or facilities.empty:
        return gpd.GeoDataFrame({name: [] for name in columns[:-1]}, geometry=[], crs=parcels.crs)
    service = facilities["service"].map(lambda name: service_of_use.get(name, name))
    chosen = facilities[service.isin(wanted)]
    found = chosen[["facility_id", "capacity", "geometry"]].assign(
        service=service[service.isin(wanted)], parcel=_parcel_of(chosen.geometry, parcels)
    )
    return gpd.GeoDataFrame(found[columns].reset_index(drop=True), crs=parcels.crs)


def _parcel_of(geometry: gpd.GeoSeries, parcels: gpd.GeoDataFrame) -> pd.Series[int]:
    """Return the position of the parcel on which each geometry stands; ``NOWHERE`` for none."""
    shapes = parcels.geometry.to_numpy()
    near = np.unique(shapely.STRtree(geometry.to_numpy()).query(shapes)[0])
    areas = gpd.GeoDataFrame(
        {"position": near.astype("str")}, geometry=shapes[near], crs=parcels.crs
    )
    if not len(near):
        return pd.Series(NOWHERE, index=geometry.index)
    found = places.containing_area(geometry, areas, id_column="position")
    return found.fillna(str(NOWHERE)).astype("int64")


def join_places(
    network: WalkingNetwork, found: gpd.GeoDataFrame, parcels: Joined, *, reach_m: float
) -> Joined:
    """Return where the places are joined: at their parcel's frontage, else from themselves."""
    parcel = found["parcel"].to_numpy(dtype=np.intp)
    is_alone = parcel == NOWHERE
    alone = walking_network.join(network, found.geometry[is_alone], reach_m=reach_m)
    together = parcels.chosen(parcel[~is_alone]).and_also(alone)
    order = np.argsort(np.concatenate([np.flatnonzero(~is_alone), np.flatnonzero(is_alone)]))
    return together.chosen(order)
