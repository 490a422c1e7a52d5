"""How far do people walk to each service, and how far does a fire engine stay away?

Ways lead along the passages, from the frontage of each parcel. The radius of a service is
the upper end of its rule's range. What is not known (nobody counted, no facility delivered,
no width) is unknown and counts neither way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis import walking_network
from bazafarin.studies import (
    findings,
    privacy,
    walking_access_capacity,
    walking_access_findings,
    walking_access_places,
    walking_access_tables,
)
from bazafarin.studies.people_of_parcels import people_of_parcels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

    from bazafarin.analysis.walking_network import Joined, WalkingNetwork
    from bazafarin.domain.finding import Citation, Finding, FindingTable
    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan

STAGES = ("network", "joining", "people", "services", "rescue", "capacity", "findings")
"""The stages that ``on_stage`` is told of, in order."""
CAPACITY_TIME_LIMIT_S = 60.0
"""For each of the two programmes of a service, unless the caller says otherwise."""


@dataclass(frozen=True)
class WalkingAccess:
    """What is known of walking in a city.

    Attributes:
        parcels: on the index of the plan's parcels: ``people`` (NaN unknown),
            ``people_source``, ``joined``, for each service ``<service>_m`` (inf: no way;
            NaN: no facility of it is known, or there is no network), ``engine_depth_m`` (way
            from the nearest passage that is known to be wide enough for a fire engine; inf:
            no way; NaN: that depends on unknown widths), ``engine_depth_least_m`` (as if
            every unknown width were enough) and ``hose_m`` (``engine_depth_m`` and the
            parcel's depth).
        services: one row a neighbourhood and service.
        neighbourhoods: one row a neighbourhood; blocks: one row a block.
        capacity: one row a facility of known capacity; None where no capacity is known.
        left_out: people whom the known capacities leave out, by block and service; None
            where ``capacity`` is.
        allocations: by service, who is served at most and what proves it.
        places: the facilities and parcels that people walk to.
        radius_m: the radius of each service.
        network: the network that was walked; ``joined``: where the parcels are joined to it.
        findings: the single figures; ``tables``: those of one shape; ``citations``: the
            rules they stand on.
    """

    parcels: pd.DataFrame
    services: pd.DataFrame
    neighbourhoods: pd.DataFrame
    blocks: pd.DataFrame
    capacity: pd.DataFrame | None
    left_out: pd.DataFrame | None
    allocations: pd.DataFrame | None
    places: gpd.GeoDataFrame
    radius_m: Mapping[str, float]
    network: WalkingNetwork
    joined: Joined
    findings: tuple[Finding, ...]
    tables: Mapping[str, FindingTable]
    citations: Mapping[str, Citation]


def walking_access(  # noqa: PLR0913 - the plan and its rules, and four options
    plan: CityPlan,
    *,
    standards: Standards,
    as_of: date,
    passages: gpd.GeoDataFrame | None = None,
    capacity_time_limit_s: float = CAPACITY_TIME_LIMIT_S,
    on_stage: Callable[[str], None] = lambda _: None,
) -> WalkingAccess:
    """Return the walking access of ``plan`` by the rules in force on ``as_of``.

    ``passages`` (geometry and ``width_m``) are walked instead of the plan's where given.
    ``on_stage`` is told the name of each stage of ``STAGES`` as it begins.
    """

    def rule(name: str) -> float:
        return float(standards.value(f"access.{name}", as_of=as_of))

    walked = plan.passages if passages is None else passages
    on_stage("network")
    network = walking_network.walking_network(
        walked.geometry, node_tolerance_m=rule("junction_tolerance_m")
    )
    on_stage("joining")
    joined = walking_network.join(network, plan.parcels.geometry, reach_m=rule("join_reach_m"))
    on_stage("people")
    people = people_of_parcels(
        plan.parcels,
        plan.neighbourhoods.set_index("neighbourhood_id")["delivered_population"],
        standards=standards,
        as_of=as_of,
    )
    on_stage("services")
    radius_m = radii(standards, as_of=as_of)
    places = walking_access_places.service_places(
        plan.parcels,
        plan.city.facilities,
        uses=standards.value("services.uses", as_of=as_of),
        services=radius_m,
    )
    at_places = walking_access_places.join_places(
        network, places, joined, reach_m=rule("join_reach_m")
    )
    ways = _ways_to_services(network, joined, places["service"], at_places, tuple(radius_m))
    on_stage("rescue")
    rescue = _rescue(network, joined, walked["width_m"], at_least_m=rule("engine_passage_at_least"))
    parcels = pd.DataFrame(
        {
            "people": people["people"].to_numpy(),
            "people_source": people["source"].to_numpy(),
            "joined": joined.is_joined,
            **{f"{service}_m": way for service, way in ways.items()},
            **rescue,
        },
        index=plan.parcels.index,
    )
    parcels["hose_m"] = parcels["engine_depth_m"] + plan.parcels["depth_m"]
    on_stage("capacity")
    allocated = walking_access_capacity.served_by_capacity(
        plan.parcels,
        parcels["people"],
        network=network,
        joined=joined,
        places=places,
        at_places=at_places,
        radius_m=radius_m,
        one_by_one=int(rule("capacity_parcels_each")),
        time_limit_s=capacity_time_limit_s,
    )
    on_stage("findings")
    made = walking_access_tables.access_tables(
        plan,
        parcels,
        places,
        radius_m=radius_m,
        hose_within_m=rule("hose_within"),
        household_size=float(standards.value(privacy.HOUSEHOLD_SIZE, as_of=as_of)),
        least_households=float(standards.value(privacy.LEAST, as_of=as_of)),
    )
    found = tuple(
        walking_access_findings.access_findings(
            plan,
            parcels,
            made,
            allocated,
            network=network,
            joined=joined,
            width_m=walked["width_m"],
        )
    )
    tables = walking_access_tables.finding_tables(made, allocated)
    return WalkingAccess(
        parcels=parcels,
        services=made.services,
        neighbourhoods=made.neighbourhoods,
        blocks=made.blocks,
        capacity=None if allocated is None else allocated.facilities,
        left_out=None if allocated is None else allocated.left_out,
        allocations=None if allocated is None else allocated.services,
        places=places,
        radius_m=radius_m,
        network=network,
        joined=joined,
        findings=found,
        tables=tables,
        citations=findings.citations(
            found,
            tables.values(),
            # the rule that maps services to facilities names their radii
            also=radius_rules(standards, as_of=as_of),
            standards=standards,
            as_of=as_of,
        ),
    )


def radius_rules(standards: Standards, *, as_of: date) -> list[str]:
    """Return the rules of all facilities by which a service is measured."""
    kinds = standards.value("access.facility_of_service", as_of=as_of)
    return [f"access.{kind}" for of in kinds.values() for kind in of]


def radii(standards: Standards, *, as_of: date) -> dict[str, float]:
    """Return the radius in metres of each service: the upper end of its facility's range."""
    kinds = standards.value("access.facility_of_service", as_of=as_of)
    return {
        service: float(max(standards.value(f"access.{kind}", as_of=as_of)[1] for kind in of))
        for service, of in kinds.items()
    }


def _ways_to_services(
    network: WalkingNetwork,
    joined: Joined,
    service: pd.Series[str],
    at_places: Joined,
    services: tuple[str, ...],
) -> dict[str, NDArray[np.float64]]:
    """Return metres from each parcel to the nearest place of each service."""
    unknown = np.full(len(joined.edge), np.nan)
    ways = {}
    for name in services:
        is_place = (service == name).to_numpy(dtype=bool)
        is_known = len(network.node_xy) > 0 and is_place.any()
        ways[name] = (
            walking_network.distance_to_nearest(network, joined, at_places.chosen(is_place))
            if is_known
            else unknown
        )
    return ways


def _rescue(
    network: WalkingNetwork, joined: Joined, width_m: pd.Series[float], *, at_least_m: float
) -> dict[str, NDArray[np.float64]]:
    """Return the way from a fire engine: where it surely comes, and where it may come at best."""
    width = width_m.to_numpy(dtype=float)[network.edge_passage]
    if not len(network.node_xy):
        unknown = np.full(len(joined.edge), np.nan)
        return {"engine_depth_m": unknown, "engine_depth_least_m": unknown}
    surely = walking_network.distance_to_edges(network, joined, width >= at_least_m)
    at_best = walking_network.distance_to_edges(network, joined, ~(width < at_least_m))
    depends = np.isinf(surely) & np.isfinite(at_best)
    return {"engine_depth_m": np.where(depends, np.nan, surely), "engine_depth_least_m": at_best}
