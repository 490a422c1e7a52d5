"""What each site could be built into, at what cost, and whom it would reach on foot.

The demands are the people who today have no place of a service within its radius, gathered
by block and passage; a demand is of one service. A project takes of a large site only the
land that the people within reach ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis import walking_network
from bazafarin.analysis.face_edges import ragged_ranges
from bazafarin.analysis.walking_network import Joined
from bazafarin.decision.portfolio import Offers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.project_sites import Sites
    from bazafarin.studies.walking_access import WalkingAccess

PER_MILLE = 1_000


@dataclass(frozen=True)
class Demands:
    """Unserved people, by service and place.

    Attributes:
        frame: one row a demand: ``service``, ``block_id``, ``neighbourhood_id``, ``people``
            and ``value`` (what one person of it counts).
        point: ``(n,)`` the place that each is at, in ``joined``.
        joined: where the places are joined to the network.
    """

    frame: pd.DataFrame
    point: NDArray[np.intp]
    joined: Joined


@dataclass(frozen=True)
class ProjectOffers:
    """The offers as a table beside the problem that is solved.

    ``frame``: ``site`` (position), ``service``, ``land_m2`` (of the site that is used),
    ``capacity`` (persons), ``people_in_reach`` (unserved today), ``works_rial``,
    ``land_rial``, ``cost_rial``, ``state_rial`` and ``municipal_rial``.
    ``without_price``: sites that were left out because the price of their land is unknown;
    ``beyond_most``: those left out because there were more sites than the rule weighs.
    """

    frame: pd.DataFrame
    problem: Offers
    without_price: int
    beyond_most: int


def unserved_demands(
    plan: CityPlan, access: WalkingAccess, services: Sequence[str], value_of_block: pd.Series[float]
) -> Demands:
    """Return the people without a service within its radius, in places of block and passage.

    ``value_of_block`` is what a person of each block counts; 1 where it has none. Who is
    joined to no passage has no way to any place: unserved, and within no project's reach.
    """
    here = access.parcels
    joined = access.joined
    people = here["people"].fillna(0.0).to_numpy(dtype=float)
    at = np.flatnonzero(people > 0)
    block = plan.parcels["block_id"].to_numpy(dtype=object)[at]
    code, _ = pd.factorize(block)
    keys = code.astype(np.int64) * (len(access.network.lines) + 1) + joined.edge[at]
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    weight = np.bincount(place, people[at])
    along = [np.bincount(place, joined.along_m[at, end] * people[at]) / weight for end in (0, 1)]
    offset = np.bincount(place, joined.offset_m[at] * people[at]) / weight
    places = Joined(
        pd.RangeIndex(len(first)), joined.edge[at][first], np.column_stack(along), offset
    )
    neighbourhood = plan.parcels["neighbourhood_id"].to_numpy(dtype=object)[at][first]
    frames, points = [], []
    for service in services:
        way = here[f"{service}_m"].to_numpy(dtype=float)[at]
        # an unknown way counts neither as served nor as unserved
        unserved = np.where(way > access.radius_m[service], people[at], 0.0)
        total = np.bincount(place, unserved, minlength=len(first))
        point = np.flatnonzero(total > 0)
        frames.append(
            pd.DataFrame(
                {
                    "service": service,
                    "block_id": block[first][point],
                    "neighbourhood_id": neighbourhood[point],
                    "people": total[point],
                }
            )
        )
        points.append(point)
    frame = pd.concat(frames, ignore_index=True)
    frame["value"] = frame["block_id"].map(value_of_block).fillna(1.0).astype(float)
    return Demands(frame, np.concatenate(points).astype(np.intp), places)


def project_offers(  # noqa: PLR0913 - the plan, its access, and what stands against what
    plan: CityPlan,
    access: WalkingAccess,
    sites: Sites,
    demands: Demands,
    services: Sequence[str],
    *,
    floor_share: float,
    standards: Standards,
    as_of: date,
) -> ProjectOffers:
    """Return every use of every site that the rules allow and that reaches unserved people."""
    joined = walking_network.join(
        access.network,
        sites.frame.geometry,
        reach_m=float(standards.value("access.join_reach_m", as_of=as_of)),
    )
    population = float(plan.neighbourhoods["population"].sum(min_count=1))
    most_sites = int(standards.value("projects.sites_at_most", as_of=as_of))
    reach = [
        _reach(access, joined, demands, service, radius_m=access.radius_m[service])
        for service in services
    ]
    near = np.zeros(len(sites.frame))
    for pairs in reach:
        near += np.bincount(
            pairs[0], demands.frame["people"].to_numpy()[pairs[1]], minlength=len(near)
        )
    is_priced = sites.frame["land_rial"].notna().to_numpy()
    order = np.argsort(-np.where(is_priced, near, -1.0), kind="stable")
    is_weighed = np.zeros(len(near), dtype=np.bool_)
    is_weighed[order[:most_sites]] = True
    is_weighed &= is_priced & (near > 0)
    frames, offers, pair_demand = [], [], []
    before = 0
    for service, (site, demand) in zip(services, reach, strict=True):
        keep = is_weighed[site]
        frame, offer, demand_kept = _of_service(
            service,
            (site[keep], demand[keep]),
            sites=sites,
            demands=demands,
            population=population,
            standards=standards,
            as_of=as_of,
        )
        frames.append(frame)
        offers.append(before + offer)
        pair_demand.append(demand_kept)
        before += len(frame)
    frame = pd.concat(frames, ignore_index=True)
    group, floor = _floors(demands, floor_share)
    problem = Offers(
        cost_rial=frame["municipal_rial"].to_numpy(dtype=np.int64),
        capacity=frame["capacity"].to_numpy(dtype=float),
        excluded=_sharing_land(sites, frame["site"].to_numpy(dtype=np.intp)),
        people=demands.frame["people"].to_numpy(dtype=float),
        value=demands.frame["value"].to_numpy(dtype=float),
        pair_offer=np.concatenate(offers).astype(np.intp),
        pair_demand=np.concatenate(pair_demand).astype(np.intp),
        floor_group=group,
        floor=floor,
    )
    return ProjectOffers(
        frame,
        problem,
        without_price=int((~is_priced).sum()),
        beyond_most=int((is_priced & (near > 0)).sum() - is_weighed.sum()),
    )


def _reach(
    access: WalkingAccess, sites: Joined, demands: Demands, service: str, *, radius_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (site, demand) of every pair within the radius of a service."""
    rows = np.flatnonzero((demands.frame["service"] == service).to_numpy())
    origin, site, _ = walking_network.distances_within(
        access.network, demands.joined.chosen(demands.point[rows]), sites, limit_m=radius_m
    )
    return site, rows[origin]


def _of_service(  # noqa: PLR0913 - one service's pairs, and the rules that price it
    service: str,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    *,
    sites: Sites,
    demands: Demands,
    population: float,
    standards: Standards,
    as_of: date,
) -> tuple[pd.DataFrame, NDArray[np.intp], NDArray[np.intp]]:
    """Return a service's offers, and (offer, demand) of every pair of site and demand."""
    site, demand = pairs
    least_m2 = float(standards.value(f"projects.{service}.least_area", as_of=as_of))
    rial_m2 = float(standards.value(f"projects.{service}.cost", as_of=as_of))
    each_m2, _ = standards.per_capita(service, population=population, as_of=as_of)
    area = sites.frame["area_m2"].to_numpy(dtype=float)
    people = np.bincount(
        site, demands.frame["people"].to_numpy(dtype=float)[demand], minlength=len(area)
    )
    at = np.flatnonzero((area >= least_m2) & (people > 0))
    land = np.clip(people[at] * each_m2, least_m2, area[at])
    share = land / area[at]
    works = np.ceil(land * rial_m2)
    bought = np.ceil(sites.frame["land_rial"].to_numpy(dtype=float)[at] * share)
    state = _state_per_mille(service, standards, as_of)
    # whole rials: the state's share is rounded down, the remainder is the municipality's
    state_rial = (works.astype(np.int64) * state) // PER_MILLE
    cost = works.astype(np.int64) + bought.astype(np.int64)
    frame = pd.DataFrame(
        {
            "site": at,
            "service": service,
            "land_m2": land,
            "capacity": land / each_m2,
            "people_in_reach": people[at],
            "works_rial": works.astype(np.int64),
            "land_rial": bought.astype(np.int64),
            "cost_rial": cost,
            "state_rial": state_rial,
            "municipal_rial": cost - state_rial,
        }
    )
    number = np.full(len(area), -1, dtype=np.intp)
    number[at] = np.arange(len(at))
    keep = number[site] >= 0
    return frame, number[site[keep]], demand[keep]


def _state_per_mille(service: str, standards: Standards, as_of: date) -> int:
    """Return the state's share of a service's works, per mille; 0 where no rule shares them."""
    kinds = standards.value(f"projects.{service}.cost_share", as_of=as_of)
    rules = [f"cost_share.{kind}.state_per_mille" for kind in kinds]
    known = [rule for rule in rules if standards.is_in_force(rule, as_of=as_of)]
    return max((int(standards.value(rule, as_of=as_of)) for rule in known), default=0)


def _sharing_land(sites: Sites, site_of_offer: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return (parcel, offer) of every parcel that more than one offer would take."""
    order = np.argsort(sites.site, kind="stable")
    begins = np.searchsorted(sites.site[order], site_of_offer, side="left")
    count = np.searchsorted(sites.site[order], site_of_offer, side="right") - begins
    offer, at = ragged_ranges(begins, count)
    _, group, takers = np.unique(sites.parcel[order][at], return_inverse=True, return_counts=True)
    is_contested = takers[group] > 1
    parcel = np.unique(group[is_contested], return_inverse=True)[1]
    return np.column_stack([parcel, offer[is_contested]]).astype(np.intp)


def _floors(demands: Demands, share: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the neighbourhood of each demand, and the least of its people to be served."""
    if share <= 0:
        return np.full(len(demands.frame), -1, dtype=np.intp), np.empty(0)
    group, _ = pd.factorize(demands.frame["neighbourhood_id"])
    people = demands.frame["people"].to_numpy(dtype=float)
    total = np.bincount(group[group >= 0], people[group >= 0])
    return group.astype(np.intp), np.asarray(total * share, dtype=float)
