"""What the page tells of proposals: figures of each block, the projects, and their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from bazafarin.adapters.web_map import privacy

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.driver_projects import DriverProjects
    from bazafarin.studies.walking_access import WalkingAccess

BLOCK_RULES: Final = ("priority.blocks", "access.facility_of_service", "access.join_reach_m")
_PRIORITY: Final = (
    *("score", "score_best", "rank", "rank_best", "rank_worst", "coverage", "leading_criteria"),
)
_RESCUE: Final = ("engine_depth_m", "engine_depth_most_m", "engine_coverage")
_GROUPS: Final = ("people_in_reach", "people_served")
_PEOPLE: Final = ("people_in_reach", "people_served", "loss_without", "gain")
_TOLD: Final = (
    *("chosen", "people_served", "people_unserved", "cost_rial", "budget_rial", "gap"),
    *("is_feasible", "sites_without_price"),
)


def with_block_figures(plan: CityPlan, blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the blocks with their priority and walking access, where they were asked for.

    ``residents`` says whether ``within_share`` is ``known``, ``unknown``, ``withheld`` for
    privacy, or of a block of ``nobody``; it is NaN but where known.
    """
    if plan.proposals is None:
        return blocks
    ranks = plan.proposals.priority.blocks.set_index("block_id")[list(_PRIORITY)]
    ranks.columns = [f"priority_{name}" for name in ranks.columns]
    walked = plan.proposals.access.blocks.set_index("block_id")
    residents = _residents(plan.proposals.access).reindex(walked.index)
    access = walked[list(_RESCUE)].assign(
        residents=residents, within_share=walked["within_share"].where(residents == "known")
    )
    return blocks.join(ranks, on="block_id").join(access, on="block_id")


def _residents(access: WalkingAccess) -> pd.Series[str]:
    """Return of each block whether the share of its residents may be told, and why not."""
    blocks = access.blocks.set_index("block_id")
    found = np.select(
        [blocks["people"].eq(0), blocks["people_withheld"], blocks["within_share"].notna()],
        ["nobody", "withheld", "known"],
        default="unknown",
    )
    return pd.Series(found, index=blocks.index, dtype="str")


def project_layers(plan: CityPlan) -> dict[str, gpd.GeoDataFrame | None]:
    """Return the projects and their alternatives as layers; none where no budget was given."""
    if plan.proposals is None or plan.proposals.projects is None:
        return {}
    found = plan.proposals.projects
    alternatives = found.alternatives.assign(rank=np.arange(1, len(found.alternatives) + 1))
    return {
        "projects": _without_small_groups(found.projects, plan),
        "alternatives": _without_small_groups(alternatives, plan),
    }


def _without_small_groups(projects: gpd.GeoDataFrame, plan: CityPlan) -> gpd.GeoDataFrame:
    """Return the projects without the figures of people that are of a group too small."""
    told = [name for name in _PEOPLE if name in projects.columns]
    # what a project adds to a choice is a difference between choices, and no group of people
    groups = [name for name in _GROUPS if name in projects.columns]
    people = projects[groups].astype(float).where(lambda count: count > 0).min(axis=1)
    is_small = privacy.is_small(people, pd.Series(np.nan, index=projects.index), plan)
    shown = projects.copy()
    shown[told] = projects[told].astype(float).mask(is_small, axis=0)
    shown["people_withheld"] = is_small.astype("int64")
    return shown


def summary(plan: CityPlan) -> dict[str, Any] | None:
    """Return what is said of the proposals of the whole city; None where there are none."""
    if plan.proposals is None:
        return None
    access, ranked = plan.proposals.access, plan.proposals.priority.blocks
    is_known = {s: bool(access.parcels[f"{s}_m"].notna().any()) for s in access.radius_m}
    projects = plan.proposals.projects
    return {
        "ranked": int(ranked["rank"].notna().sum()),
        "radius_m": dict(access.radius_m),
        "services_known": [service for service, known in is_known.items() if known],
        "services_unknown": [service for service, known in is_known.items() if not known],
        "projects": None if projects is None else _figures(projects),
    }


def _figures(projects: DriverProjects) -> dict[str, Any]:
    by_id = {finding.id: finding.value for finding in projects.findings}
    return {name: by_id.get(f"projects.{name}") for name in _TOLD}


def rules(plan: CityPlan) -> tuple[str, ...]:
    """Return the rules that the figures of blocks and the projects stand on."""
    if plan.proposals is None:
        return ()
    projects = plan.proposals.projects
    services = set() if projects is None else {*projects.projects["service"]}
    if projects is not None:
        services |= {*projects.alternatives["service"]}
    of_projects = [
        rule
        for rule in sorted(plan.citations)
        if rule.startswith(tuple(f"projects.{service}." for service in services))
        or rule in {f"per_capita.{service}" for service in services}
    ]
    return (*BLOCK_RULES, *of_projects)
