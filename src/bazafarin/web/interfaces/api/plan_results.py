"""What studies say: the finished plans that somebody sees, and whether a block is worn-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.studies.worn_out_fabric import RULES
from bazafarin.web.interfaces.api.shapes import WornOut
from bazafarin.web.plans import queries
from bazafarin.web.plans.models import PlanState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Parcel
    from bazafarin.web.plans.models import Plan

_SAID_OF_A_RULE: Final = (
    "title_fa", "title_en", "value", "unit", "instrument", "clause", "certainty",
)  # fmt: skip


def finished_plans(user: User, city: City) -> QuerySet[Plan]:
    """Return the finished plans of a city that somebody sees."""
    return queries.plans_for(user).filter(city=city, state=PlanState.DONE)


def answer_for(plan: Plan | None, parcel: Parcel) -> WornOut:
    """Return whether a plan says that a parcel lies in a worn-out block."""
    block = None if plan is None else queries.block_of_parcel(plan, parcel)
    return WornOut.UNKNOWN if block is None else WornOut(block.decided)


def told_plan(plan: Plan) -> dict[str, Any]:
    """Return a plan as the API tells it."""
    return {
        "id": plan.pk, "city": plan.city_id, "edition": plan.edition_number, "as_of": plan.as_of,
    }  # fmt: skip


def told_rules(plan: Plan) -> list[dict[str, Any]]:
    """Return the rules of worn-out fabric as they were in force on the plan's day."""
    return [
        {"rule": rule, **{name: plan.citations[rule][name] for name in _SAID_OF_A_RULE}}
        for rule in RULES
        if rule in plan.citations
    ]
