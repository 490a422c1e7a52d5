"""Plans and what they say of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from bazafarin.web.interfaces.api import plan_results, shapes
from bazafarin.web.interfaces.api.answers import answers
from bazafarin.web.interfaces.api.paging import Window, page
from bazafarin.web.interfaces.api.seen import city_at
from bazafarin.web.plans.queries import blocks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.plans.models import BlockResult, Plan

router = Router(tags=["plans"])


@router.get(
    "/cities/{int:city}/plans",
    response=answers(shapes.Paged[shapes.PlanShape]),
    operation_id="plans",
)
def plans(request: UserRequest, city: int, asked: Query[Window]) -> dict[str, Any]:
    """List the finished plans of a city, the newest first."""
    found = plan_results.finished_plans(request.user, city_at(request.user, city))
    return page(request, found.order_by("-pk"), asked, _plans)


@router.get(
    "/cities/{int:city}/plans/{int:plan}",
    response=answers(shapes.PlanShape),
    operation_id="plan",
)
def plan(request: UserRequest, city: int, plan: int) -> dict[str, Any]:
    """Tell of a finished plan."""
    return plan_results.told_plan(_plan(request, city, plan))


@router.get(
    "/cities/{int:city}/plans/{int:plan}/blocks",
    response=answers(shapes.Paged[shapes.BlockResultShape]),
    operation_id="plan_blocks",
)
def plan_blocks(request: UserRequest, city: int, plan: int, asked: Query[Window]) -> dict[str, Any]:
    """List what a plan says of each block."""
    found = blocks_of(request.user, _plan(request, city, plan))
    return page(request, found, asked, _results)


def _plan(request: UserRequest, city: int, number: int) -> Plan:
    found = plan_results.finished_plans(request.user, city_at(request.user, city))
    return get_object_or_404(found, pk=number)


def _plans(found: Sequence[Plan]) -> list[dict[str, Any]]:
    return [plan_results.told_plan(each) for each in found]


def _results(found: Sequence[BlockResult]) -> list[dict[str, Any]]:
    columns = [name for name in shapes.BlockResultShape.model_fields if name != "block"]
    return [
        {"block": each.block_id, **{name: getattr(each, name) for name in columns}}
        for each in found
    ]
