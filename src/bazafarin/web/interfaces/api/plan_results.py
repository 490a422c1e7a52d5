"""What studies say, where there are any: a plan, its blocks, the rules it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.module_loading import import_string

from bazafarin.domain.codes import Decided
from bazafarin.studies.worn_out_fabric import RULES
from bazafarin.web.interfaces.api.shapes import WornOut

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City

_QUERIES = "bazafarin.web.plans.queries"
_SAID_OF_A_RULE = ("title_fa", "title_en", "value", "unit", "instrument", "clause")


def has_plans() -> bool:
    """Return whether this site runs studies at all."""
    return "plan" in apps.all_models["plans"]


def shown_plan(user: User, city: City, edition: int) -> Any | None:  # noqa: ANN401 - a plan
    """Return the newest finished plan that somebody may see; None where there is none."""
    if not has_plans():
        return None
    return import_string(f"{_QUERIES}.shown_plan")(user, city, edition)


def plans_for(user: User, city: City) -> QuerySet[Any] | None:
    """Return the finished plans of a city; None where this site has no studies."""
    if not has_plans():
        return None
    found: QuerySet[Any] = import_string(f"{_QUERIES}.plans_for")(user)
    return found.filter(city=city, state="done")


def blocks_of(user: User, plan: Any) -> QuerySet[Any]:  # noqa: ANN401 - a plan
    """Return what a plan says of the blocks that somebody sees."""
    found: QuerySet[Any] = import_string(f"{_QUERIES}.blocks_of")(user, plan)
    return found


def answer_for(plan: Any, block: str | None) -> WornOut:  # noqa: ANN401 - a plan or none
    """Return whether a plan says that a block is worn-out."""
    if plan is None or block is None:
        return WornOut.UNKNOWN
    decided = plan.blocks.filter(block_id=block).values_list("decided", flat=True).first()
    return WornOut.UNKNOWN if decided is None else WornOut(Decided(decided).value)


def told_plan(plan: Any) -> dict[str, Any]:  # noqa: ANN401 - a plan
    """Return a plan as the API tells it."""
    return {
        "id": plan.pk, "city": plan.city_id, "edition": plan.edition_number, "as_of": plan.as_of,
    }  # fmt: skip


def told_rules(plan: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a plan
    """Return the rules of worn-out fabric as they were in force on the plan's day."""
    return [
        {"rule": rule, **{name: plan.citations[rule][name] for name in _SAID_OF_A_RULE}}
        for rule in RULES
        if rule in plan.citations
    ]
