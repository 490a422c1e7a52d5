"""What the pages show of a finished plan, taken from it once, when it was made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from bazafarin.adapters.plan_outputs import HEADLINES, PROPOSED
from bazafarin.adapters.web_map.proposals import project_layers
from bazafarin.studies.findings import plain
from bazafarin.studies.worn_out_fabric import INDICES
from bazafarin.web.plans import small_groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.domain.finding import Citation, Finding
    from bazafarin.studies.city_plan import CityPlan

FAMILIES: Final = (
    *("identity", "worn_out_fabric", "level", "fabric", "passages", "boundary", "access"),
    *("projects", "placing", "quality"),
)
"""The families of findings that a page lists, in order; services have a table of their own."""
SERVICE_COLUMNS: Final = (
    *("population", "existing_m2", "per_capita_m2", "standard_min_m2", "standard_max_m2"),
    *("deficit_min_m2", "deficit_max_m2", "existing_coverage"),
)
MOST_FIRST: Final = 30
"""How many blocks and works that come first are shown; all are in the workbook."""
_BLOCK_COLUMNS: Final = (
    *("block_id", "neighbourhood_id", "area_m2", "parcels_count", "buildings_count"),
    *("indices_met", "worn_out", "decided", "level"),
)
_PROJECT_COLUMNS: Final = (
    *("rank", "service", "kind", "block_id", "neighbourhood_id", "land_m2", "capacity"),
    *("people_served", "cost_rial", "municipal_rial", "state_rial", "people_withheld"),
)
_CURVE_COLUMNS: Final = ("budget_rial", "projects", "people_served", "spent_rial", "gap")
_BLOCK_RANK: Final = ("rank", "block_id", "neighbourhood_id", "score", "leading_criteria")
_WORK_RANK: Final = (
    *("rank", "kind", "service", "neighbourhood_id", "name_fa", "size", "size_unit", "score"),
)


@dataclass(frozen=True)
class Results:
    """The rows of a plan's tables, and what stands in the plan itself."""

    blocks: pd.DataFrame
    areas: list[dict[str, Any]]
    headline: list[dict[str, Any]]
    citations: dict[str, Any]
    rules_of_figures: dict[str, list[str]]
    proposals: dict[str, Any] | None
    has_small_groups: bool


def results_of(plan: CityPlan, places: Mapping[str, int]) -> Results:
    """Return what is kept of ``plan``; ``places`` are the neighbourhoods' by their id."""
    figures = _figures(plan)
    small_groups.mark(figures, small_groups.Least(plan))
    names = plan.neighbourhoods.set_index("neighbourhood_id")["name_fa"]
    services = _services(plan)
    areas = [
        {
            "area": area,
            "name_fa": plain(names.get(area)) or area,
            "in_neighbourhood_id": places.get(area),
            "figures": told,
            "services": services.get(area, []),
        }
        for area, told in figures.items()
    ]
    whole = {figure["id"]: figure for figure in figures[""]}
    few_people = {
        area
        for area, told in figures.items()
        if any(each["is_small"] for each in told if each["id"] == small_groups.POPULATION)
    }
    return Results(
        blocks=_blocks(plan, places),
        areas=areas,
        headline=[whole[name] for name in (*HEADLINES, *PROPOSED) if name in whole],
        citations={rule: citation_kept(cited) for rule, cited in plan.citations.items()},
        rules_of_figures={finding.id: list(finding.rules) for finding in plan.findings},
        proposals=_proposals(plan, few_people),
        has_small_groups=small_groups.any_found(figures.values()),
    )


def _figures(plan: CityPlan) -> dict[str, list[dict[str, Any]]]:
    """Return the figures by area, the city's under the empty name."""
    areas: dict[str, list[dict[str, Any]]] = {"": []}
    for name in plan.neighbourhoods["neighbourhood_id"]:
        areas[str(name)] = []
    for finding in plan.findings:
        area = finding.scope.removeprefix("neighbourhood:")
        where = "" if area == "city" else area
        if finding.id.partition(".")[0] in FAMILIES and where in areas:
            areas[where].append(_figure(finding))
    return areas


def _figure(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "value": finding.value,
        "unit": finding.unit,
        "coverage": plain(finding.coverage),
    }


def _services(plan: CityPlan) -> dict[str, list[dict[str, Any]]]:
    """Return the services of each neighbourhood, and their sums for the city."""
    made: dict[str, list[dict[str, Any]]] = {"": []}
    for row in plan.services.to_dict("records"):
        told = {name: plain(row[name]) for name in SERVICE_COLUMNS}
        told |= {"service": str(row["service"])}
        made.setdefault(str(row["neighbourhood_id"]), []).append(told)
    sums: dict[str, dict[str, Any]] = {}
    for finding in plan.findings:
        family, *path = finding.id.split(".")
        if family == "services" and finding.scope == "city":
            service, column = path
            told = sums.setdefault(service, {"service": service})
            told |= {column: finding.value, "existing_coverage": plain(finding.coverage)}
    made[""] = list(sums.values())
    return made


def _blocks(plan: CityPlan, places: Mapping[str, int]) -> pd.DataFrame:
    """Return the blocks as the table holds them."""
    rows = pd.DataFrame(plan.blocks[list(_BLOCK_COLUMNS)])
    for index in INDICES:
        for end in ("", "_min", "_max"):
            rows[f"{index}_share{end}"] = plan.blocks[f"{index}_share{end}"]
        rows[f"{index}_coverage"] = plan.blocks[f"{index}_share_coverage"]
    rows["in_neighbourhood_id"] = rows["neighbourhood_id"].map(dict(places)).astype("Int64")
    for name in ("change", "reason"):
        rows[name] = pd.Series(np.nan, index=rows.index, dtype="object")
        if plan.boundary_changes is not None:
            told = plan.boundary_changes.set_index("block_id")[name]
            rows[name] = rows["block_id"].map(told)
    return rows


def citation_kept(cited: Citation) -> dict[str, Any]:
    """Return a rule as a plan keeps it: plain values, and whether its source was seen."""
    told = asdict(cited)
    value = told["value"]
    told["value"] = value if isinstance(value, int | float | bool) else None
    for name, entry in told.items():
        if isinstance(entry, date):
            told[name] = entry.isoformat()
    return told | {"is_verified": cited.is_verified}


def _proposals(plan: CityPlan, few_people: set[str]) -> dict[str, Any] | None:
    """Return the portfolio, the budget curve and what comes first; None without proposals.

    People of groups too small to be told of are withheld from everybody here; the workbook,
    which fewer may take away, has them.
    """
    made = plan.proposals
    if made is None:
        return None
    works = made.priority.works
    of_few = works["neighbourhood_id"].isin(few_people)
    told: dict[str, Any] = {
        "method": made.priority.method,
        "blocks": _records(made.priority.blocks, _BLOCK_RANK, most=MOST_FIRST),
        # what a service lacks is its standard times the people
        "works": _records(
            works.assign(size=works["size"].mask(of_few)), _WORK_RANK, most=MOST_FIRST
        ),
        "projects": None,
        "curve": [],
    }
    if made.projects is not None:
        projects = project_layers(plan)["projects"]
        assert projects is not None  # noqa: S101 - it has rows or none, but it is there
        told["projects"] = _records(projects, _PROJECT_COLUMNS)
        told["curve"] = _records(made.projects.curve, _CURVE_COLUMNS)
        told["is_feasible"] = bool(made.projects.is_feasible)
    return told


def _records(
    table: pd.DataFrame, columns: tuple[str, ...], *, most: int | None = None
) -> list[dict[str, Any]]:
    rows = pd.DataFrame(table[list(columns)]).head(most) if most else pd.DataFrame(table)
    return [
        {name: plain(row[name]) for name in columns}
        for row in rows[list(columns)].to_dict("records")
    ]
