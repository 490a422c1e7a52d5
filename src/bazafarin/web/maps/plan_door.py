"""The one way from the map to the results of plans; without a plan the map shows parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from bazafarin.adapters.drawing.share_classes import class_bounds, share_class
from bazafarin.domain.codes import Decided
from bazafarin.standards import Standards
from bazafarin.studies.worn_out_fabric import INDICES, SHARE_RULES
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.plans.models import BlockResult, PlanState
from bazafarin.web.plans.queries import plans_for, shown_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City
    from bazafarin.web.plans.models import Plan

OPEN: Final = 10
"""Added to the level of a block that the unknown could turn."""
_NAMES_AT_ONCE: Final = 500
"""Block names in one question: SQLite takes so many."""


def plan_shown(user: User, city: City, number: int, asked: str) -> Plan | None:
    """Return the plan that was asked for by its id, else the newest that ``user`` may see."""
    newest = shown_plan(user, city, number, Permission.SEE_PLANS)
    wanted = number_in(asked)
    if wanted is None or (newest is not None and newest.pk == wanted):
        return newest
    return plans_for(user).filter(pk=wanted, city=city, state=PlanState.DONE).first()


def results(plan: Plan, blocks: Sequence[str]) -> pd.DataFrame:
    """Return what ``plan`` found of ``blocks``, in their order; NA where it knows none.

    Shares are classes of the legend (``themes``), so that a share at the threshold has the
    colour of what does not meet it.
    """
    columns = [f"{index}_share" for index in INDICES]
    asked = BlockResult.objects.filter(plan=plan)
    if len(blocks) <= _NAMES_AT_ONCE:
        asked = asked.filter(block_id__in=list(blocks))
    found = pd.DataFrame(
        list(asked.values_list("block_id", "level", "decided", "indices_met", *columns)),
        columns=["block_id", "level", "decided", "indices_met", *columns],
    ).set_index("block_id")
    made = pd.DataFrame(index=found.index)
    is_open = found["decided"] == Decided.DEPENDS_ON_UNKNOWN
    # what has no level is none of them; only a block that the plan does not have is unknown
    level = found["level"].fillna(0).astype("Int64")
    made["level"] = level + OPEN * is_open.astype("Int64")
    made["decided"] = found["decided"]
    made["indices_met"] = found["indices_met"].astype("Int64")
    for index, column in zip(INDICES, columns, strict=True):
        place = share_class(found[column].astype(float), bounds_of(plan, index))
        made[index] = pd.Series(place, index=found.index, dtype="Int64").where(place >= 0)
    return made.reindex(list(blocks))


def bounds_of(plan: Plan, index: str) -> tuple[float, ...]:
    """Return the bounds of the classes of a share, broken at the rule of the plan's day."""
    threshold = Standards.national().value(SHARE_RULES[index], as_of=plan.as_of)
    return class_bounds(float(threshold))


def result_of(plan: Plan, block_id: str) -> BlockResult | None:
    """Return what ``plan`` found of one block."""
    return BlockResult.objects.filter(plan=plan, block_id=block_id).first()
