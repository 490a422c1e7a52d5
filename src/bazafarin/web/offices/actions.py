"""Opening and closing an office, its people, and recording what was done; each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.offices.duties import duties
from bazafarin.web.offices.models import Done, DoneKind, Office, OfficeWorker
from bazafarin.web.places.actions import check_may

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Place


@transaction.atomic
def open_office(
    *, by: User | None, place: Place, name: str, opened_on: date, address: str = ""
) -> Office:
    """Open an office of a place.

    Raises:
        UsageError: the place has one, or the day has not come.
    """
    check_may(by, Permission.RUN_OFFICES, place)
    _check_day(opened_on)
    try:
        with transaction.atomic():
            office = Office.objects.create(
                place=place, name=name, address=address, opened_on=opened_on, made_by=by
            )
    except IntegrityError as error:
        raise UsageError("web_offices.error.is_open", place=place.name_fa) from error
    record(
        "office.opened", by=by, subject_kind="office", subject_id=office.pk,
        place_path=place.path, after={"name": name, "opened_on": opened_on},
    )  # fmt: skip
    return office


@transaction.atomic
def close_office(*, by: User | None, office: Office, day: date) -> None:
    """Close an office; its people leave it with that day.

    Raises:
        UsageError: it is closed, or the day has not come or lies before its last record.
    """
    office = (
        Office.objects.select_for_update(of=("self",)).select_related("place").get(pk=office.pk)
    )
    check_may(by, Permission.RUN_OFFICES, office.place)
    _check_open(office)
    _check_day(day)
    last = office.done.order_by("-happened_on").values_list("happened_on", flat=True).first()
    least = max(filter(None, (office.opened_on, last)))
    if day < least:
        raise UsageError("web_offices.error.too_early", day=least)
    Office.objects.filter(pk=office.pk).update(closed_on=day)
    for worker in office.workers.filter(until=None):
        OfficeWorker.objects.filter(pk=worker.pk).update(until=max(day, worker.since))
    record(
        "office.closed", by=by, subject_kind="office", subject_id=office.pk,
        place_path=office.place.path, after={"closed_on": day},
    )  # fmt: skip


@transaction.atomic
def add_worker(*, by: User | None, office: Office, user: User, since: date) -> OfficeWorker:
    """Let somebody work in an office.

    Raises:
        UsageError: the office is closed, or they work there already.
    """
    check_may(by, Permission.RUN_OFFICES, office.place)
    _check_open(office)
    _check_day(since)
    try:
        with transaction.atomic():
            worker = OfficeWorker.objects.create(
                office=office, user=user, since=max(since, office.opened_on)
            )
    except IntegrityError as error:
        raise UsageError("web_offices.error.works_there", name=str(user)) from error
    record(
        "office.worker_added", by=by, subject_kind="office", subject_id=office.pk,
        place_path=office.place.path, after={"username": user.username},
    )  # fmt: skip
    return worker


@transaction.atomic
def end_worker(*, by: User | None, worker: OfficeWorker, day: date) -> None:
    """Note that somebody left an office; who has left stays as they were."""
    check_may(by, Permission.RUN_OFFICES, worker.office.place)
    _check_day(day)
    left = OfficeWorker.objects.filter(pk=worker.pk, until=None)
    if left.update(until=max(day, worker.since)):
        record(
            "office.worker_left", by=by, subject_kind="office", subject_id=worker.office_id,
            place_path=worker.office.place.path, before={"username": worker.user.username},
        )  # fmt: skip


@transaction.atomic
def note_done(  # noqa: PLR0913 - what was done
    *,
    by: User | None,
    office: Office,
    kind: DoneKind,
    duty: str,
    happened_on: date,
    people: int | None = None,
    parcel_key: str = "",
    referred_to: str = "",
    words: str = "",
) -> Done:
    """Record what an office did.

    Raises:
        UsageError: the office was not open on the day, or it has not come; the duty is none; a
            referral says not to whom.
    """
    check_may(by, Permission.KEEP_OFFICES, office.place)
    _check_day(happened_on)
    if happened_on < office.opened_on or (office.closed_on and happened_on > office.closed_on):
        raise UsageError("web_offices.error.not_open_then", day=happened_on)
    if duty not in duties().names["fa"]:
        raise UsageError("web_offices.error.no_duty", duty=duty)
    if kind == DoneKind.REFERRAL and not referred_to:
        raise UsageError("web_offices.error.to_whom")
    done = Done.objects.create(
        office=office, kind=kind, duty=duty, happened_on=happened_on, people=people,
        parcel_key=parcel_key, referred_to=referred_to, words=words, made_by=by,
    )  # fmt: skip
    record(
        "office.did", by=by, subject_kind="office", subject_id=office.pk,
        place_path=office.place.path, after={"event": kind, "happened_on": happened_on},
    )  # fmt: skip
    return done


def _check_day(day: date) -> None:
    if day > timezone.localdate():
        raise UsageError("web_offices.error.not_yet", day=day)


def _check_open(office: Office) -> None:
    if office.closed_on:
        raise UsageError("web_offices.error.is_closed", name=office.name)
