"""Asking for a plan, and what becomes of one that did not end well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from bazafarin import __version__
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.jobs.actions import ask
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.plans.identity import digest_of, identity_of
from bazafarin.web.plans.making import discard
from bazafarin.web.plans.models import Plan, PlanState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Edition

MAKE: Final = "make_plan"
"""The kind of work that makes a plan."""


def ask_plan(  # noqa: PLR0913 - the question in its parts
    *,
    by: User | None,
    edition: Edition,
    as_of: date,
    standards_name: str = "",
    standards: str = "",
    scenario: Mapping[str, Any] | None = None,
) -> tuple[Plan, bool]:
    """Return the plan of a question, and whether it is new: the same one is found again.

    Raises:
        UsageError: the edition is not accepted.
    """
    check_may(by, Permission.RUN_STUDIES, edition.city.place)
    if edition.state != EditionState.ACCEPTED:
        raise UsageError("web_plans.error.not_accepted", number=edition.number)
    identity = identity_of(edition, as_of=as_of, standards=standards, scenario=scenario)
    known = Plan.objects.filter(city=edition.city, identity=identity).exclude(
        state=PlanState.FAILED
    )
    if (found := known.first()) is not None:
        return found, False
    plan = Plan(
        city=edition.city,
        edition_number=edition.number,
        as_of=as_of,
        standards_name=standards_name,
        standards_digest=digest_of(standards),
        standards=standards,
        scenario=None if scenario is None else dict(scenario),
        version=__version__,
        identity=identity,
        asked_by=by,
    )
    try:
        _put_into_line(plan, by=by)
    except IntegrityError:  # somebody asked the same at the same moment
        return known.get(), False
    return plan, True


@transaction.atomic
def _put_into_line(plan: Plan, *, by: User | None) -> None:
    plan.save()
    plan.job = ask(MAKE, by=by, place=plan.city.place, asked={"plan": plan.pk})
    plan.save(update_fields=["job"])
    record(
        "plan.asked", by=by, subject_kind="plan", subject_id=plan.pk,
        place_path=plan.city.place.path,
        after={
            "edition": plan.edition_number, "as_of": plan.as_of.isoformat(),
            "standards": plan.standards_name, "scenario": plan.scenario,
        },
    )  # fmt: skip


@transaction.atomic
def give_up(*, plan: Plan) -> None:
    """Leave nothing of a plan whose work did not end well, and say that it failed."""
    given_up = Plan.objects.filter(pk=plan.pk, state=PlanState.MAKING).update(
        state=PlanState.FAILED, ended_at=timezone.now()
    )
    if not given_up:
        return
    discard(plan)
    record(
        "plan.failed", by=None, subject_kind="plan", subject_id=plan.pk,
        place_path=plan.city.place.path,
    )  # fmt: skip
