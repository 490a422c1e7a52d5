"""The single figures of walking access, by scope, and the rules they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bazafarin.domain.finding import Finding
from bazafarin.studies.findings import plain
from bazafarin.studies.parcel_measures import FRONTAGE_RULES
from bazafarin.studies.walking_access_tables import (
    NETWORK_RULES,
    PEOPLE_RULES,
    RESCUE_RULES,
    SERVICE_RULES,
    AccessTables,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from bazafarin.analysis.walking_network import Joined, WalkingNetwork
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.walking_access_capacity import Capacities

_WALKED = ("parcels", "passages", "facilities", "neighbourhoods")


def access_findings(  # noqa: PLR0913 - what the study has made
    plan: CityPlan,
    parcels: pd.DataFrame,
    made: AccessTables,
    allocated: Capacities | None,
    *,
    network: WalkingNetwork,
    joined: Joined,
    width_m: pd.Series[float],
) -> Iterator[Finding]:
    """Yield every figure of access: the network, the people, each service, rescue, capacity."""
    yield from _network_findings(network, joined, width_m)
    yield from _people_findings(plan, parcels)
    yield from _service_findings(made.services)
    for row in made.neighbourhoods.to_dict("records"):
        yield from _area_findings({str(name): value for name, value in row.items()})
    if allocated is not None:
        yield from _capacity_findings(allocated)


def _network_findings(
    network: WalkingNetwork, joined: Joined, width_m: pd.Series[float]
) -> Iterator[Finding]:
    """Yield how long the network is, how far it hangs together and who is joined to it."""
    inputs, rules = ("passages", "parcels"), NETWORK_RULES
    length = network.edge_length_m
    is_there = len(length) > 0
    whole = float(length.sum())
    parts = np.bincount(
        network.component[network.edge_ends[joined.edge[joined.is_joined], 0]], minlength=1
    )
    width = width_m.to_numpy(dtype=float)[network.edge_passage]
    figures: dict[str, tuple[float | int | None, str]] = {
        "network_length_m": (whole if is_there else None, "m"),
        "network_parts": (int(network.component.max()) + 1 if is_there else None, "count"),
        "parcels_joined_share": (
            float(joined.is_joined.mean()) if is_there and len(joined.edge) else None,
            "share",
        ),
        "largest_part_share": (float(parts.max() / parts.sum()) if parts.sum() else None, "share"),
        "width_known_share": (
            float(length[~np.isnan(width)].sum()) / whole if is_there else None,
            "share",
        ),
    }
    for name, (value, unit) in figures.items():
        yield Finding(f"access.{name}", value, unit, rules=rules, inputs=inputs)


def _people_findings(plan: CityPlan, parcels: pd.DataFrame) -> Iterator[Finding]:
    """Yield how many people are known on parcels, and whom no parcel can house."""
    expected = parcels["people_source"] != "uninhabited"
    known = parcels["people"].notna()
    coverage = float(known[expected].mean()) if expected.any() else None
    total = float(parcels["people"].sum())
    whole = plan.neighbourhoods["population"].where(plan.neighbourhoods["population_coverage"] == 1)
    on_parcels = parcels["people"].groupby(plan.parcels["neighbourhood_id"]).sum()
    ids = plan.neighbourhoods["neighbourhood_id"]
    unplaced = (whole - ids.map(on_parcels).fillna(0.0)).clip(lower=0.0)
    figures = {
        "people": total if coverage is None or coverage > 0 else None,
        "people_without_parcel": plain(unplaced.sum(min_count=1)),
    }
    for name, value in figures.items():
        yield Finding(
            f"access.{name}",
            value,
            "persons",
            rules=PEOPLE_RULES,
            inputs=("parcels", "neighbourhoods"),
            coverage=coverage,
        )


def _service_findings(services: pd.DataFrame) -> Iterator[Finding]:
    """Yield the share of people within each radius, of the city and each neighbourhood."""
    for service, of in services.groupby("service", sort=True):
        people, within = of["people"].sum(min_count=1), of["people_within"].sum(min_count=1)
        rows = [("city", within / people if people > 0 else None, _mean_coverage(of), within)]
        rows += zip(
            "neighbourhood:" + of["neighbourhood_id"],
            of["within_share"],
            of["people_coverage"],
            of["people_within"],
            strict=True,
        )
        first = of.iloc[0]
        for scope, share, coverage, persons in rows:
            yield Finding(
                f"access.{service}_within_share",
                plain(share),
                "share",
                scope=scope,
                rules=(*SERVICE_RULES, *NETWORK_RULES, *PEOPLE_RULES),
                inputs=_WALKED,
                coverage=plain(coverage),  # type: ignore[arg-type]  # a share is a float
                formula="people whose way is within the radius / people known",
                facts={
                    "radius_m": float(first["radius_m"]),
                    "facilities": int(first["facilities"]),
                    "people_within": plain(persons),
                },
            )


def _mean_coverage(of: pd.DataFrame) -> float:
    """Return the city's coverage of people: each neighbourhood weighs its known people."""
    weight = of["people"].fillna(0.0)
    if weight.sum() <= 0:
        return 0.0
    return float((of["people_coverage"] * weight).sum() / weight.sum())


def _area_findings(row: dict[str, object]) -> Iterator[Finding]:
    scope = f"neighbourhood:{row['neighbourhood_id']}"
    rescue = ("access.hose_within", *RESCUE_RULES, *PEOPLE_RULES)
    walk = (*SERVICE_RULES, *NETWORK_RULES, *PEOPLE_RULES)
    figures = {
        "within_all_share": ("share", walk, _WALKED, "people_coverage"),
        "people_beyond_hose": ("persons", rescue, ("parcels", "passages"), "hose_coverage"),
        "parcels_not_joined": ("count", NETWORK_RULES, ("parcels", "passages"), None),
        "parcels_without_frontage": ("count", FRONTAGE_RULES, ("parcels", "passages"), None),
    }
    for name, (unit, rules, inputs, coverage) in figures.items():
        yield Finding(
            f"access.{name}",
            plain(row[name]),
            unit,
            scope=scope,
            rules=rules,
            inputs=inputs,
            coverage=None if coverage is None else plain(row[coverage]),  # type: ignore[arg-type]  # a share
            facts={"services_known": row["services_known"]} if unit == "share" else {},
        )


def _capacity_findings(allocated: Capacities) -> Iterator[Finding]:
    rules = (*SERVICE_RULES, *NETWORK_RULES, *PEOPLE_RULES, "access.capacity_parcels_each")
    for row in allocated.services.to_dict("records"):
        facts = {
            "gap": row["gap"],
            "is_least_walking": row["is_least_walking"],
            "demand_points": row["demand_points"],
        }
        for name in ("served", "left_out"):
            yield Finding(
                f"access.{row['service']}_{name}",
                plain(row[name]),
                "persons",
                rules=rules,
                inputs=_WALKED,
                coverage=float(row["capacity_coverage"]),
                formula="most people served within the radius, then least walking",
                facts=facts,
            )
