"""Opening a case, and telling what has happened in it; each with its event in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.cases.models import Case, CaseEvent, CaseEventKind, CaseParcel
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.models import City, Parcel
from bazafarin.web.places.scope import rows_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.cases.models import CaseKind
    from bazafarin.web.places.models import Place


@transaction.atomic
def open_case(  # noqa: PLR0913 - what a case is when it begins
    *,
    by: User | None,
    city: City,
    keys: Sequence[str],
    kind: CaseKind,
    subject: str,
    opened_on: date,
) -> Case:
    """Open a case about parcels of the current edition; its first event tells so.

    Raises:
        PermissionDenied: the parcels lie in several neighbourhoods, or in none, and ``by`` may
            not keep the city's cases.
        UsageError: no parcel is named, some are none that ``by`` may keep cases of, or the day
            has not come.
    """
    city = City.objects.select_for_update(of=("self",)).select_related("place").get(pk=city.pk)
    _check_day(opened_on)
    named = list(dict.fromkeys(keys))
    parcels = {
        parcel.key: parcel
        for parcel in Parcel.objects.of_edition(city)
        .filter(Q() if by is None else rows_for(by, Permission.KEEP_CASES, city), key__in=named)
        .select_related("in_neighbourhood")
        .defer("geometry")
    }
    missing = [key for key in named if key not in parcels]
    if missing or not named:
        raise UsageError("web_cases.error.no_parcel", keys=", ".join(missing))
    place = _place_of(city, list(parcels.values()))
    check_may(by, Permission.KEEP_CASES, place)
    last = Case.objects.filter(city=city).aggregate(last=Max("number"))["last"]
    case = Case.objects.create(
        city=city, place=place, number=(last or 0) + 1, kind=kind, subject=subject,
        opened_on=opened_on, made_by=by,
    )  # fmt: skip
    CaseParcel.objects.bulk_create([CaseParcel(case=case, key=key) for key in named])
    CaseEvent.objects.create(
        case=case, kind=CaseEventKind.OPENED, happened_on=opened_on, made_by=by
    )
    record(
        "case.opened", by=by, subject_kind="case", subject_id=case.pk, place_path=place.path,
        after={"number": case.number, "kind": kind, "opened_on": opened_on, "parcels": named},
    )  # fmt: skip
    return case


@transaction.atomic
def tell(
    *, by: User | None, case: Case, kind: CaseEventKind, happened_on: date, words: str = ""
) -> CaseEvent:
    """Add what has happened in a case; ``CLOSED`` and ``REOPENED`` close and reopen it.

    Raises:
        UsageError: the day lies before the opening (the last one) or has not come; the case is
            closed and is not reopened, or open and is; it closes before its last event.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=case.pk)
    check_may(by, Permission.KEEP_CASES, case.place)
    _check_day(happened_on)
    if kind == CaseEventKind.OPENED or (kind == CaseEventKind.REOPENED and not case.closed_on):
        raise UsageError("web_cases.error.is_open", number=case.number)
    if case.closed_on and kind != CaseEventKind.REOPENED:
        raise UsageError("web_cases.error.is_closed", number=case.number)
    # what was closed and reopened is not told of anew
    again = case.events.filter(kind=CaseEventKind.REOPENED).aggregate(on=Max("happened_on"))["on"]
    least = again or case.opened_on
    if kind in {CaseEventKind.CLOSED, CaseEventKind.REOPENED}:
        least = case.events.aggregate(last=Max("happened_on"))["last"]
    if happened_on < least:
        raise UsageError("web_cases.error.too_early", day=least)
    event = CaseEvent.objects.create(
        case=case, kind=kind, happened_on=happened_on, words=words, made_by=by
    )
    before = case.closed_on
    if kind in {CaseEventKind.CLOSED, CaseEventKind.REOPENED}:
        case.closed_on = happened_on if kind == CaseEventKind.CLOSED else None
        case.save(update_fields=["closed_on"])
    record(
        "case.told", by=by, subject_kind="case", subject_id=case.pk, place_path=case.place.path,
        before={"closed_on": before},
        after={"event": kind, "happened_on": happened_on, "closed_on": case.closed_on},
    )  # fmt: skip
    return event


def _check_day(day: date) -> None:
    if day > timezone.localdate():
        raise UsageError("web_cases.error.not_yet", day=day)


def _place_of(city: City, parcels: Sequence[Parcel]) -> Place:
    """Return the one neighbourhood of the parcels; the city where they lie in several."""
    found = {parcel.in_neighbourhood for parcel in parcels}
    only = found.pop()
    return city.place if found or only is None else only
