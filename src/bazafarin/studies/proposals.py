"""From diagnosis to proposals: access, priority and driver projects of one planned city."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bazafarin.studies.driver_projects import driver_projects
from bazafarin.studies.priority import priority
from bazafarin.studies.walking_access import walking_access

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import pandas as pd

    from bazafarin.domain.finding import FindingTable
    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.driver_projects import DriverProjects
    from bazafarin.studies.priority import Priority
    from bazafarin.studies.scenario import Scenario
    from bazafarin.studies.walking_access import WalkingAccess

STAGES = ("access", "priority", "projects")
"""The stages that ``on_stage`` is told of, in order."""


@dataclass(frozen=True)
class Proposals:
    """What to do first. ``projects`` is None where the scenario has no budget."""

    scenario: Scenario
    access: WalkingAccess
    priority: Priority
    projects: DriverProjects | None

    def tables(self) -> dict[str, FindingTable]:
        """Return the tables of every proposal that was made."""
        made = {**self.access.tables, **self.priority.tables}
        return made if self.projects is None else made | dict(self.projects.tables)


def with_proposals(  # noqa: PLR0913 - the plan, the choices, the rules, and who is told
    plan: CityPlan,
    scenario: Scenario,
    *,
    standards: Standards,
    as_of: date,
    on_stage: Callable[[str], None] = lambda _: None,
    on_part: Callable[[str, str], None] = lambda _stage, _part: None,
) -> CityPlan:
    """Return the plan with its proposals, their findings, tables and citations among its own.

    ``on_stage`` is told the name of each stage of ``STAGES`` as it begins, ``on_part`` the
    stage and each part of it.
    """
    on_stage("access")
    access = walking_access(
        plan,
        standards=standards,
        as_of=as_of,
        capacity_time_limit_s=scenario.time_limit_s,
        on_stage=partial(on_part, "access"),
    )
    on_stage("priority")
    ranked = ranked_with_access(plan, access, scenario, standards=standards, as_of=as_of)
    on_stage("projects")
    projects = None
    if scenario.budget_rial is not None:
        projects = driver_projects(
            plan,
            access,
            scenario,
            block_scores=ranked.blocks.set_index("block_id")["score"],
            standards=standards,
            as_of=as_of,
            on_stage=partial(on_part, "projects"),
        )
    parts: list[WalkingAccess | Priority | DriverProjects] = [access, ranked]
    if projects is not None:
        parts.append(projects)
    made = Proposals(scenario, access, ranked, projects)
    return replace(
        plan,
        proposals=made,
        findings=(*plan.findings, *(finding for part in parts for finding in part.findings)),
        tables=dict(plan.tables) | made.tables(),
        citations=dict(plan.citations)
        | {k: c for part in parts for k, c in part.citations.items()},
    )


def ranked_with_access(
    plan: CityPlan,
    access: WalkingAccess,
    scenario: Scenario,
    *,
    standards: Standards,
    as_of: date,
) -> Priority:
    """Return the priorities of a plan whose walking access is known."""
    blocks, neighbourhoods = access_tables(access)
    return priority(
        plan,
        standards=standards,
        as_of=as_of,
        method=scenario.method,
        weights=scenario.weights,
        blocks_access=blocks,
        neighbourhoods_access=neighbourhoods,
    )


def access_tables(access: WalkingAccess) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what ``priority`` asks of the blocks' and the neighbourhoods' access."""
    share = {"within_all_share": "within_share"}
    return access.blocks, access.neighbourhoods.rename(columns=share)
