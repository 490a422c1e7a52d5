"""The drawn town's plan with proposals: access and priority as found, projects drawn by hand.

Two projects and one alternative, whose figures can be told from a sentence. The second
project serves four people, about one household: too small a group to be told of.
"""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely import box

from adapters.web_map import drawn_town
from bazafarin.domain.finding import Finding
from bazafarin.standards import Standards
from bazafarin.studies.city_plan import CityPlan
from bazafarin.studies.driver_projects import DriverProjects
from bazafarin.studies.proposals import with_proposals
from bazafarin.studies.scenario import Scenario

FIGURES = {
    "chosen": 2,
    "people_served": 904.0,
    "people_unserved": 2000.0,
    "cost_rial": 150_500_000_000,
    "budget_rial": 200_000_000_000,
    "gap": 0.0,
    "is_feasible": True,
    "sites_without_price": 3,
}


def plan(city_plan: CityPlan) -> CityPlan:
    """Return the drawn town's plan with its proposals."""
    found = with_proposals(
        city_plan,
        Scenario(),
        standards=Standards.national(),
        as_of=drawn_town.AS_OF,
    )
    assert found.proposals is not None
    return replace(found, proposals=replace(found.proposals, projects=projects(found)))


def projects(city_plan: CityPlan, **figures: object) -> DriverProjects:
    """Return the projects drawn by hand, with other figures of the whole where given."""
    crs = city_plan.blocks.crs
    told = {**FIGURES, **figures}
    return DriverProjects(
        projects=_sites([_first(), _second()], [(60, 2), (120, 42)], crs),
        alternatives=_sites([_alternative()], [(170, 82)], crs),
        curve=pd.DataFrame(),
        neighbourhoods=pd.DataFrame(),
        gap=0.0,
        is_feasible=True,
        findings=tuple(Finding(f"projects.{name}", told[name], "count") for name in told),
        tables={},
        citations={},
    )


def _sites(rows: list[dict[str, object]], corners: list[tuple[int, int]], crs) -> gpd.GeoDataFrame:
    shapes = [box(x, y, x + 16, y + 18) for x, y in corners]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=crs)
    return frame.set_geometry(frame.geometry.translate(*drawn_town.ORIGIN))


def _first() -> dict[str, object]:
    return {
        "project_id": "P1",
        "rank": 1,
        "service": "commercial",
        "site_id": "a+b",
        "kind": "vacant",
        "block_id": "3-12-0-1",
        "neighbourhood_id": "N-1",
        "parcels_count": 2,
        "site_area_m2": 800.0,
        "land_m2": 675.0,
        "capacity": 900.0,
        "people_in_reach": 1800.4,
        "people_served": 900.0,
        "priority_served": 1200.0,
        "loss_without": 140.7,
        "works_rial": 100_000_000_000,
        "land_rial": 49_300_000_000,
        "cost_rial": 149_300_000_000,
        "state_rial": 0,
        "municipal_rial": 149_300_000_000,
    }


def _second() -> dict[str, object]:
    return _first() | {
        "project_id": "P2",
        "rank": 2,
        "kind": "public",
        "block_id": "3-12-1-2",
        "neighbourhood_id": "N-2",
        "parcels_count": 1,
        "site_area_m2": 288.0,
        "land_m2": 288.0,
        "people_in_reach": 4.0,
        "people_served": 4.0,
        "loss_without": float("nan"),
        "cost_rial": 1_200_000_000,
        "state_rial": 480_000_000,
        "municipal_rial": 720_000_000,
    }


def _alternative() -> dict[str, object]:
    kept = {
        name: value
        for name, value in _first().items()
        if name not in {"project_id", "rank", "people_served", "priority_served", "loss_without"}
    }
    return kept | {
        "block_id": "3-12-2-3",
        "neighbourhood_id": "N-2",
        "gain": 321.0,
        "obstacle": "budget",
    }
