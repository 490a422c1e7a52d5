"""Who finds room within the radius: most people served first, then the least walking.

Only facilities of known capacity give room. Up to ``access.capacity_parcels_each`` inhabited
parcels each stand for themselves; above, those of a block that are joined to one edge are one
demand point, at the people's mean place on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis.walking_network import Joined, distances_within
from bazafarin.decision.transport import Allocation, transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bazafarin.analysis.walking_network import WalkingNetwork


@dataclass(frozen=True)
class Capacities:
    """What the known capacities make of a city.

    ``facilities``: ``facility_id``, ``service``, ``capacity``, ``load``, ``free``.
    ``left_out``: ``block_id``, ``service``, ``people``, ``left_out``, blocks with people
    left out only. ``services``: one row a service with room: ``service``, ``people``,
    ``served``, ``left_out``, ``most_people``, ``gap`` (0: proved the most), ``people_m``,
    ``is_least_walking``, ``capacity_coverage`` (share of its places of known capacity) and
    ``demand_points``.
    """

    facilities: pd.DataFrame
    left_out: pd.DataFrame
    services: pd.DataFrame


@dataclass(frozen=True)
class _Demand:
    """Demand points: how many people, of which block, joined where."""

    people: NDArray[np.float64]
    block_id: NDArray[np.object_]
    joined: Joined


def served_by_capacity(  # noqa: PLR0913 - the parcels, the places, and where both are joined
    parcels: pd.DataFrame,
    people: pd.Series[float],
    *,
    network: WalkingNetwork,
    joined: Joined,
    places: gpd.GeoDataFrame,
    at_places: Joined,
    radius_m: Mapping[str, float],
    one_by_one: int,
    time_limit_s: float,
) -> Capacities | None:
    """Return who is served by the places of known capacity.

    None where no capacity is known, and where nobody is: unknown people are not no people.
    """
    has_room = places["capacity"].notna().to_numpy()
    nobody_known = bool(people.isna().any()) and not bool((people > 0).any())
    if nobody_known or not has_room.any():
        return None
    demand = _demand(parcels, people, joined, one_by_one=one_by_one)
    facilities, left_out, summary = [], [], []
    for service in sorted(places["service"][has_room].unique()):
        of_service = (places["service"] == service).to_numpy()
        chosen = np.flatnonzero(of_service & has_room)
        origin, facility, metres = distances_within(
            network, demand.joined, at_places.chosen(chosen), limit_m=radius_m[service]
        )
        room = places["capacity"].to_numpy(dtype=float)[chosen]
        found = transport(
            demand.people,
            room,
            origin=origin,
            facility=facility,
            distance_m=metres,
            time_limit_s=time_limit_s,
        )
        facilities.append(_loads(places, chosen, room, found))
        left_out.append(_left_out(demand, found, service))
        summary.append(_summary(service, demand, found, len(chosen) / of_service.sum()))
    return Capacities(
        pd.concat(facilities, ignore_index=True),
        pd.concat(left_out, ignore_index=True),
        pd.DataFrame(summary),
    )


def _demand(
    parcels: pd.DataFrame, people: pd.Series[float], joined: Joined, *, one_by_one: int
) -> _Demand:
    """Return the demand points of all parcels where people are known to live."""
    at = np.flatnonzero((people > 0).to_numpy())
    persons = np.asarray(people, dtype=float)[at]
    block = parcels["block_id"].to_numpy(dtype=object)[at]
    start = joined.chosen(at)
    if len(at) <= one_by_one:
        return _Demand(persons, block, start)
    code, _ = pd.factorize(block)
    keys, first, of = np.unique(
        np.column_stack([code, start.edge]), axis=0, return_index=True, return_inverse=True
    )
    of = of.ravel()
    total = np.bincount(of, weights=persons, minlength=len(keys)).astype(float)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(of, weights=values * persons) / total, dtype=float)

    along = np.column_stack([mean(start.along_m[:, 0]), mean(start.along_m[:, 1])])
    grouped = Joined(start.index[first], start.edge[first], along, mean(start.offset_m))
    return _Demand(total, block[first], grouped)


def _loads(
    places: gpd.GeoDataFrame, chosen: NDArray[np.intp], room: NDArray[np.float64], found: Allocation
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility_id": places["facility_id"].to_numpy()[chosen],
            "service": places["service"].to_numpy()[chosen],
            "capacity": room,
            "load": found.load,
            "free": np.maximum(room - found.load, 0.0),
        }
    )


def _left_out(demand: _Demand, found: Allocation, service: str) -> pd.DataFrame:
    """Return the people of each block and how many of them find no room, most first."""
    table = pd.DataFrame(
        {"block_id": demand.block_id, "people": demand.people, "left_out": found.unserved}
    )
    table = table.groupby("block_id", sort=True).sum().reset_index()
    table.insert(1, "service", service)
    whole_person = table["left_out"] > table["people"] * 1e-6  # less is a solver's rounding
    return table[whole_person].sort_values("left_out", ascending=False, kind="stable")


def _summary(
    service: str, demand: _Demand, found: Allocation, capacity_coverage: float
) -> dict[str, object]:
    return {
        "service": service,
        "people": float(demand.people.sum()),
        "served": float(found.load.sum()),
        "left_out": float(found.unserved.sum()),
        "most_people": found.most_people,
        "gap": found.gap,
        "people_m": found.people_m,
        "is_least_walking": found.is_least_walking,
        "capacity_coverage": float(capacity_coverage),
        "demand_points": len(demand.people),
    }
