"""What comes first: blocks, neighbourhoods and needed works ranked, and how firm each rank is.

Criteria, weights and value functions are rules of ``standards/national/priority.toml``. A
higher score is more urgent. The unknown never counts as good: the score takes the worst
value for it, ``score_best`` says what it would be at best, and the range of ranks what it
could change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from bazafarin.decision.ranking import METHODS
from bazafarin.domain.errors import UsageError
from bazafarin.studies import findings, priority_findings, priority_values, priority_works
from bazafarin.studies.priority_ranked import Criteria, Settings, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.decision.ranking import Method
    from bazafarin.domain.finding import Citation, Finding, FindingTable
    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan

RANKED: Final = ("blocks", "neighbourhoods", "works")
"""What is ranked; each has its criteria in the rule ``priority.<name>``."""
CRITERIA_COLUMNS: Final = (
    *("ranked", "criterion", "weight", "is_rising", "raw_least", "raw_most", "coverage"),
)


@dataclass(frozen=True)
class Priority:
    """The three rankings, from the first rank on.

    Attributes:
        method: ``weighted_sum``, ``topsis`` or ``spotis``.
        blocks: ``block_id``, ``neighbourhood_id`` and the columns of
            ``priority_ranked.ranked``.
        neighbourhoods: ``neighbourhood_id``, ``name_fa``, likewise.
        works: ``work_id``, ``neighbourhood_id``, ``name_fa``, ``kind``, ``service``,
            ``size``, ``size_unit``, likewise.
        criteria: one row a ranking and criterion: ``ranked``, ``criterion``, ``weight``
            (0–1), ``is_rising`` (more is more urgent), ``raw_least`` and ``raw_most`` (the
            ends of its value function) and ``coverage`` (share of the rows where it is
            known).
        findings: every single figure; tables: figures of one shape.
        citations: the rules that any figure stands on, by id, as they were in force.
    """

    method: Method
    blocks: pd.DataFrame
    neighbourhoods: pd.DataFrame
    works: pd.DataFrame
    criteria: pd.DataFrame
    findings: tuple[Finding, ...]
    tables: Mapping[str, FindingTable]
    citations: Mapping[str, Citation]


def priority(  # noqa: PLR0913 - the plan, the rules, and each choice of the office
    plan: CityPlan,
    *,
    standards: Standards,
    as_of: date,
    method: Method = "weighted_sum",
    weights: Mapping[str, Mapping[str, float]] | None = None,
    comparisons: Mapping[str, Mapping[tuple[str, str], float]] | None = None,
    blocks_access: pd.DataFrame | None = None,
    neighbourhoods_access: pd.DataFrame | None = None,
    seed: int = 0,
) -> Priority:
    """Return the priorities of a planned city.

    Args:
        plan: the city's plan.
        standards: the rules asked for criteria, weights, value functions and samples.
        as_of: the day on which they are asked.
        method: how scores are made of criteria.
        weights: by ``blocks``, ``neighbourhoods`` or ``works``, weights by criterion in
            place of the rule's; what they do not name weighs nothing.
        comparisons: likewise, how many times one criterion matters more than another, for
            every pair (AHP); before ``weights``.
        blocks_access: ``block_id``, ``within_share`` (of its people within the radius, 0–1)
            and ``engine_depth_m`` (metres from a passage that a fire engine can use);
            ``people_withheld`` marks blocks whose people ``tables`` may not tell.
        neighbourhoods_access: ``neighbourhood_id`` and ``within_share``. Without access
            tables their criteria are unknown.
        seed: repeats the random weights and draws.

    Raises:
        UsageError: the method, a ranking or a criterion is unknown, or weights are none.
    """
    weights, comparisons = weights or {}, comparisons or {}
    _check(method, {*weights, *comparisons})
    settings = Settings.in_force(method, standards=standards, as_of=as_of, seed=seed)
    criteria = {
        name: Criteria.in_force(
            f"priority.{name}",
            standards=standards,
            as_of=as_of,
            weights=weights.get(name),
            comparisons=comparisons.get(name),
        )
        for name in RANKED
    }
    works, unknown_needs = priority_works.needed_works(plan, standards=standards, as_of=as_of)
    raw = {
        "blocks": priority_values.block_values(
            plan, blocks_access, standards=standards, as_of=as_of
        ),
        "neighbourhoods": priority_values.neighbourhood_values(plan, neighbourhoods_access),
        "works": works,
    }
    made = {name: ranked(raw[name], criteria[name], settings) for name in RANKED}
    frames = {
        "blocks": _blocks(plan, made["blocks"]),
        "neighbourhoods": _neighbourhoods(plan, made["neighbourhoods"]),
        "works": _works(plan, works, made["works"]),
    }
    table = pd.concat(
        [_criteria_table(name, criteria[name], frames[name]) for name in RANKED],
        ignore_index=True,
    )
    tables = priority_findings.finding_tables(frames, table, criteria, blocks_access)
    limit = float(standards.value("priority.consistency_ratio_above", as_of=as_of))
    found = [
        *priority_findings.method_findings(method),
        *(
            finding
            for name in RANKED
            for finding in priority_findings.ranking_findings(
                name, frames[name], criteria[name], method=method, consistency_limit=limit
            )
        ),
        *priority_findings.situation_findings(plan, unknown_needs),
    ]
    return Priority(
        method=method,
        **frames,
        criteria=table,
        findings=tuple(found),
        tables=tables,
        citations=findings.citations(found, tables.values(), standards=standards, as_of=as_of),
    )


def _check(method: str, names: set[str]) -> None:
    if method not in METHODS:
        raise UsageError("priority.error.method", name=method, names=list(METHODS))
    if names - set(RANKED):
        raise UsageError(
            "priority.error.ranking", names=sorted(names - set(RANKED)), known=list(RANKED)
        )


def _blocks(plan: CityPlan, made: pd.DataFrame) -> pd.DataFrame:
    of = plan.blocks.set_index("block_id")["neighbourhood_id"]
    made.insert(0, "neighbourhood_id", of.reindex(made.index))
    return made.rename_axis("block_id").reset_index()


def _neighbourhoods(plan: CityPlan, made: pd.DataFrame) -> pd.DataFrame:
    made.insert(0, "name_fa", _names(plan).reindex(made.index))
    return made.rename_axis("neighbourhood_id").reset_index()


def _works(plan: CityPlan, works: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    told = ["neighbourhood_id", "kind", "service", "size", "size_unit"]
    table = works[told].reindex(made.index)
    table.insert(1, "name_fa", table["neighbourhood_id"].map(_names(plan)).astype("str"))
    return table.join(made).rename_axis("work_id").reset_index()


def _names(plan: CityPlan) -> pd.Series[str]:
    return plan.neighbourhoods.set_index("neighbourhood_id")["name_fa"]


def _criteria_table(name: str, criteria: Criteria, frame: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (
            name,
            criterion,
            float(weight),
            function.is_rising,
            *map(float, function.bounds),
            float(frame[criterion].notna().mean()) if len(frame) else 0.0,
        )
        for criterion, function, weight in zip(
            criteria.names, criteria.functions, criteria.weights.shares, strict=True
        )
    ]
    return pd.DataFrame(rows, columns=list(CRITERIA_COLUMNS))
