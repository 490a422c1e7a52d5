"""The background work of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.jobs.registry import Kind, register
from bazafarin.web.plans.actions import MAKE, give_up
from bazafarin.web.plans.making import STAGES, make
from bazafarin.web.plans.models import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bazafarin.web.jobs.models import Job


def _make(job: Job, on_stage: Callable[[str], None]) -> Mapping[str, object]:
    plan = _plan(job)
    make(plan, on_stage=on_stage)
    return {"plan": plan.pk}


def _undo(job: Job) -> None:
    give_up(plan=_plan(job))


def _plan(job: Job) -> Plan:
    return Plan.objects.select_related("city__place").get(pk=job.asked["plan"])


register(Kind(MAKE, _make, STAGES, _undo))
