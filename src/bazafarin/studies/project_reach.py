"""Whom each chosen project reaches on foot, parcel by parcel: what its map and its reasons show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis import walking_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from bazafarin.studies.walking_access import WalkingAccess


def parcels_in_reach(
    access: WalkingAccess, projects: gpd.GeoDataFrame, services: Sequence[str], *, reach_m: float
) -> pd.DataFrame:
    """Return the parcels within each project's walking radius of each of ``services``.

    One row a project, parcel and service: ``project`` and ``parcel`` (positions), ``service``
    and ``is_unserved``: people live there and have no place of that service within its radius
    today (an unknown way is not known to be unserved). ``reach_m`` is how far a site may lie
    from the passage that it is joined to.
    """
    joined = walking_network.join(access.network, projects.geometry, reach_m=reach_m)
    limit = max((access.radius_m[service] for service in services), default=0.0)
    parcel, project, metres = walking_network.distances_within(
        access.network, access.joined, joined, limit_m=limit
    )
    people = access.parcels["people"].fillna(0.0).to_numpy(dtype=float)
    frames = []
    for service in services:
        radius = access.radius_m[service]
        is_near = metres <= radius
        at = parcel[is_near]
        way = access.parcels[f"{service}_m"].to_numpy(dtype=float)[at]
        frames.append(
            pd.DataFrame(
                {
                    "project": project[is_near],
                    "parcel": at,
                    "service": service,
                    "is_unserved": (way > radius) & (people[at] > 0),
                }
            )
        )
    empty = pd.DataFrame(
        {
            "project": np.empty(0, np.intp),
            "parcel": np.empty(0, np.intp),
            "service": "",
            "is_unserved": np.empty(0, np.bool_),
        }
    )
    return pd.concat(frames, ignore_index=True) if frames else empty
