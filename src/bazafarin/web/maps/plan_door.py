"""The one way from the map to the results of plans; without a plan the map shows parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from bazafarin.adapters.drawing.share_classes import class_bounds, share_class
from bazafarin.domain.codes import Decided
from bazafarin.standards import Standards
from bazafarin.studies.worn_out_fabric import INDICES, SHARE_RULES
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.plans import small_groups
from bazafarin.web.plans.models import AreaResult, BlockResult, PlanState
from bazafarin.web.plans.queries import plans_for, shown_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City
    from bazafarin.web.plans.models import Plan

LACK: Final = "lack_"
"""What a neighbourhood's attribute begins with that tells how much of a service it lacks."""
LACK_ENDS: Final = (0.25, 0.5, 0.75, 1.0)
"""Upper ends of the classes of what lacks, as shares of what the least standard asks for."""
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


def services_of(plan: Plan) -> list[str]:
    """Return the services of which the plan says what lacks in some neighbourhood."""
    seen = {name for row in _areas(plan) for name in _lacks_of(row)}
    return [name for name in Standards.national().services() if name in seen]


def lacks(plan: Plan, areas: Sequence[str | None]) -> pd.DataFrame:
    """Return of neighbourhoods, in their order, how much of each service they lack.

    A column a service (``lack_…``): the class of the share, from 0 to 1, of the land that the
    least standard asks for and that is not there (``share_class`` of ``LACK_ENDS``, 0 where
    nothing lacks). NA where it is unknown, or where so few live that not everybody is told.
    """
    found = {row.area: _lacks_of(row) for row in _areas(plan)}
    shares = pd.DataFrame.from_dict(found, orient="index", dtype=float)
    places = np.searchsorted((0.0, *LACK_ENDS), shares.to_numpy(), side="left")
    made = pd.DataFrame(places, index=shares.index, columns=shares.columns).astype("Int64")
    made = made.where(shares.notna()).add_prefix(LACK)
    return made.reindex(list(areas))


def services_told(user: User, plan: Plan, area: str | None) -> list[dict[str, Any]]:
    """Return the services of a neighbourhood as the plan tells them to ``user``, by what lacks."""
    told = [
        _with_mark(plan, each)
        for row in _areas(plan, user)
        if row.area == area
        for each in row.services
    ]
    return sorted(told, key=lambda row: -(row["deficit_min_m2"] or 0))


def area_of(plan: Plan, area: str) -> int | None:
    """Return the id of what the plan says of a neighbourhood; None where it says nothing."""
    return AreaResult.objects.filter(plan=plan, area=area).values_list("pk", flat=True).first()


def _with_mark(plan: Plan, row: dict[str, Any]) -> dict[str, Any]:
    rule = plan.citations.get(f"per_capita.{row['service']}")
    return {**row, "is_unverified": rule is not None and not rule["is_verified"]}


def _areas(plan: Plan, user: User | None = None) -> list[AreaResult]:
    """Return what the plan says of neighbourhoods that ``user`` may be told; None is everybody.

    What is reckoned from a population of very few is told to those who may see people.
    """
    told = AreaResult.objects.filter(plan=plan).exclude(area="").select_related("in_neighbourhood")
    return [
        row
        for row in told
        if not any(
            figure["is_small"] for figure in row.figures if figure["id"] == small_groups.POPULATION
        )
        or _sees_people(user, row, plan)
    ]


def _sees_people(user: User | None, row: AreaResult, plan: Plan) -> bool:
    place = row.in_neighbourhood or plan.city.place
    return user is not None and has_permission(user, Permission.SEE_PEOPLE, place)


def _lacks_of(row: AreaResult) -> dict[str, float]:
    """Return by service the share of the least land that is not there; unknown is left out."""
    found = {}
    for each in row.services:
        asked = _product(each["population"], each["standard_min_m2"])
        if asked and each["deficit_min_m2"] is not None:
            found[each["service"]] = each["deficit_min_m2"] / asked
    return found


def _product(people: float | None, a_person_m2: float | None) -> float:
    return 0.0 if people is None or a_person_m2 is None else people * a_person_m2


def bounds_of(plan: Plan, index: str) -> tuple[float, ...]:
    """Return the bounds of the classes of a share, broken at the rule of the plan's day."""
    threshold = Standards.national().value(SHARE_RULES[index], as_of=plan.as_of)
    return class_bounds(float(threshold))


def result_of(plan: Plan, block_id: str) -> BlockResult | None:
    """Return what ``plan`` found of one block."""
    return BlockResult.objects.filter(plan=plan, block_id=block_id).first()
