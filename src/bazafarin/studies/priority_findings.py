"""The figures and tables of the priorities: unit, rules, inputs, coverage of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bazafarin.domain.criteria import BlockCriterion
from bazafarin.domain.finding import Column, Finding, FindingTable
from bazafarin.studies import population, privacy, tables, worn_out_fabric
from bazafarin.studies.findings import plain
from bazafarin.studies.parcel_measures import FRONTAGE_RULES
from bazafarin.studies.priority_ranked import RESULT_COLUMNS, SETTING_RULES, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from bazafarin.decision.ranking import Method
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.priority_ranked import Criteria

INPUTS = ("parcels", "blocks", "passages", "carriageways", "neighbourhoods", "facilities")
_WORK_RULES = (
    *worn_out_fabric.RULES,
    *worn_out_fabric.WIDTH_RULES,
    *population.RULES,
    *FRONTAGE_RULES,
    "services.uses",
)
_CRITERION = {
    "fine_grain_share": ("share", "share of fine-grained parcels"),
    "instability_share": ("share", "share of unstable buildings"),
    "impermeability_share": ("share", "share of narrow passages, by length"),
    "renovated_share": ("share", "renovated parcels / parcels of known state"),
    "density_persons_ha": ("persons/ha", "people of the block / its area"),
    "access_shortfall_share": ("share", "1 - share of people within the walking radius"),
    "engine_depth_m": ("m", "from a passage that a fire engine can use"),
    "worn_out_area_share": ("share", "area of worn-out blocks / area of blocks"),
    "worn_out_population": ("persons", "people of the worn-out blocks"),
    "service_deficit_share": ("share", "Σ deficit / Σ (minimum · population)"),
    "narrow_passage_share": ("share", "narrow length / length of known width, along its blocks"),
    "people_who_gain": ("persons", "people for whom the work is"),
    "need_share": ("share", "size / all that could be in need"),
}
_RESULT = {
    "score": ("ratio", "by the method, the unknown at its worst"),
    "score_best": ("ratio", "by the method, its own unknown at its best"),
    "rank": ("count", "1 + rows of a higher score"),
    "rank_best": ("count", "the best that the unknown data allow"),
    "rank_worst": ("count", "the worst that the unknown data allow"),
    "first_acceptability": ("share", "random weights that put it first / random weights"),
    "rank_acceptability_top5": ("share", "random weights that put it in the first five / all"),
    "swap_criterion": ("code", "the criterion whose weight lets the next pass at least change"),
    "swap_weight_change": ("ratio", "that change; the other weights keep their proportions"),
    "leading_criteria": ("code", "the fewest criteria that make the leading share of the score"),
}
_OF_PEOPLE = tuple(
    f"{criterion}{of}"
    for criterion in (BlockCriterion.DENSITY_PERSONS_HA, BlockCriterion.ACCESS_SHORTFALL_SHARE)
    for of in ("", "_score")
)
"""The columns of a block that tell of its people."""
_IDS = {
    "blocks": ("block_id", "neighbourhood_id"),
    "neighbourhoods": ("neighbourhood_id", "name_fa"),
    "works": ("work_id", "neighbourhood_id", "name_fa", "kind", "service"),
}
_WORK = {
    "size": Column("ratio", "what lacks, in size_unit", _WORK_RULES, INPUTS),
    "size_unit": Column("code"),
}
_CRITERIA = {
    "ranked": Column("code"),
    "criterion": Column("code"),
    "weight": Column("share", "as given, brought to a sum of one"),
    "is_rising": Column("bool", "whether more is more urgent"),
    "raw_least": Column("ratio", "raw figure at the first point of the value function"),
    "raw_most": Column("ratio", "raw figure at its last point"),
    "coverage": Column("share", "rows where the criterion is known / rows"),
}


def finding_tables(
    frames: Mapping[str, pd.DataFrame],
    criteria_table: pd.DataFrame,
    criteria: Mapping[str, Criteria],
    blocks_access: pd.DataFrame | None,
) -> dict[str, FindingTable]:
    """Return the rankings and their criteria as tables, named ``priority_…``.

    They leave the office: what they say of people withholds blocks of too few households.
    """
    made = {
        f"priority_{name}": FindingTable(
            f"priority_{name}", frame, _columns(name, criteria[name]), (_IDS[name][0],)
        )
        for name, frame in frames.items()
    }
    if blocks_access is not None and "people_withheld" in blocks_access:
        made["priority_blocks"] = _without_small_groups(made["priority_blocks"], blocks_access)
    rules = tuple(f"priority.{name}" for name in frames)
    columns = {
        name: Column(column.unit, column.formula, rules) for name, column in _CRITERIA.items()
    }
    made["priority_criteria"] = FindingTable(
        "priority_criteria", criteria_table, columns, ("ranked", "criterion")
    )
    return made


def _without_small_groups(table: FindingTable, blocks_access: pd.DataFrame) -> FindingTable:
    is_small = blocks_access.set_index("block_id")["people_withheld"]
    told = [name for name in _OF_PEOPLE if name in table.frame]
    return replace(
        table,
        frame=privacy.withheld(table.frame, told, is_small),
        columns={**table.columns, "people_withheld": privacy.WITHHELD},
    )


def _columns(name: str, criteria: Criteria) -> dict[str, Column]:
    rules = (f"priority.{name}",)
    of = (*_WORK_RULES, *rules)
    columns = dict.fromkeys(_IDS[name], tables.TEXT)
    columns |= _WORK if name == "works" else {}
    for criterion in criteria.names:
        unit, formula = _CRITERION[criterion]
        columns[criterion] = Column(unit, formula, of, INPUTS)
        columns[f"{criterion}_score"] = Column("ratio", "value function", of, INPUTS)
    columns["coverage"] = Column("share", "weight of the known criteria", rules, INPUTS)
    for column in RESULT_COLUMNS:
        unit, formula = _RESULT[column]
        columns[column] = Column(unit, formula, (*of, *SETTING_RULES), INPUTS)
    return columns


def method_findings(method: Method) -> Iterator[Finding]:
    """Yield the method, a code of ``priority.method`` in the wording."""
    yield Finding("priority.method", method, "text", rules=("priority.blocks",))


def ranking_findings(
    name: str,
    frame: pd.DataFrame,
    criteria: Criteria,
    *,
    method: Method,
    consistency_limit: float,
) -> Iterator[Finding]:
    """Yield what one ranking says, what is first and why, and what is to be said of it."""
    rules = (f"priority.{name}", *SETTING_RULES)
    coverage = float(frame["coverage"].mean()) if len(frame) else 0.0
    says = answer(frame, frame["score"], criteria)

    def finding(what: str, value: object, unit: str, **facts: object) -> Finding:
        return Finding(
            f"priority.{name}_{what}",
            plain(value),
            unit,
            rules=rules,
            inputs=INPUTS,
            coverage=coverage,
            facts=facts,
        )

    yield finding("answer", says, "text")
    yield finding("ranked", int(frame["rank"].notna().sum()), "count")
    first = frame.iloc[0].to_dict() if says in {"ranked", "one_alternative"} else {}
    facts = {column: plain(first.get(column)) for column in RESULT_COLUMNS}
    yield finding("first", first.get(_IDS[name][0]), "text", **facts)
    firm = frame["rank_best"].eq(frame["rank_worst"]) & frame["rank"].notna()
    firm_share = plain(firm.mean()) if says == "ranked" else None
    yield finding("firm_share", firm_share, "share", is_sampled=method == "topsis")
    unknown = [name for name in criteria.weighing if frame[name].isna().all()]
    yield finding("unknown_criteria", len(unknown) if len(frame) else None, "count", names=unknown)
    weights = criteria.weights
    yield finding("weights_sum", weights.given_sum, "ratio", normalised=weights.were_normalised)
    if weights.consistency_ratio is not None:
        ratio = weights.consistency_ratio
        yield Finding(
            f"priority.{name}_consistency_ratio",
            ratio,
            "ratio",
            rules=("priority.consistency_ratio_above",),
            formula="((λmax - n) / (n - 1)) / Saaty's random index",
            facts={"is_consistent": ratio <= consistency_limit, "limit": consistency_limit},
        )


def situation_findings(plan: CityPlan, unknown_needs: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what makes a ranking say less: nobody, nothing worn-out, needs not known."""
    people = plan.neighbourhoods["population"]
    yield Finding(
        "priority.neighbourhoods_without_people",
        int((people == 0).sum()) if people.notna().any() else None,
        "count",
        rules=population.RULES,
        inputs=("parcels", "neighbourhoods"),
        coverage=float(people.notna().mean()) if len(people) else 0.0,
    )
    decided = plan.blocks["decided"] != "depends_on_unknown"
    blocks = int(plan.blocks["worn_out"].sum())
    yield Finding(
        "priority.worn_out_blocks",
        blocks if blocks or decided.any() else None,
        "count",
        rules=worn_out_fabric.RULES,
        inputs=INPUTS,
        coverage=float(decided.mean()) if len(decided) else 0.0,
    )
    for kind, count in unknown_needs.items():
        yield Finding(
            f"priority.unknown_{kind}",
            count,
            "count",
            rules=_WORK_RULES,
            inputs=INPUTS,
            formula="neighbourhoods (and services) where it is not known whether there is a need",
        )
