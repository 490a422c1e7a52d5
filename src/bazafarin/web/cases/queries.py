"""The cases that somebody sees, and those of a parcel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.cases.models import Case, CaseEventKind, CaseParcel
from bazafarin.web.places.models import City, Succession
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User

OPEN, CLOSED = "open", "closed"
SORTED_BY: Final = {
    "opened_on": ("opened_on",), "number": ("number",), "subject": ("subject",),
    "kind": ("kind",), "closed_on": ("closed_on",),
}  # fmt: skip


def cases_for(user: User, permission: Permission = Permission.SEE_CASES) -> QuerySet[Case]:
    """Return the cases that ``user`` may see, or keep."""
    seen = below(paths_with(user, permission), "place__path")
    return Case.objects.filter(seen).select_related("city__place", "place", "made_by")


def cases_found(
    user: User, *, asked: str, kind: str, state: str, city: int | None
) -> QuerySet[Case]:
    """Return the cases that match: number, words of the subject, or a parcel's code."""
    found = cases_for(user).prefetch_related("parcels")
    if city is not None:
        found = found.filter(city=city)
    if kind:
        found = found.filter(kind=kind)
    if state in {OPEN, CLOSED}:
        found = found.filter(closed_on__isnull=state == OPEN)
    if words := normalise_text(asked):
        about = Case.objects.filter(parcels__key__startswith=words).values("pk")
        condition = Q(subject__icontains=words) | Q(pk__in=about) | _about_its_land(words)
        if words.isdecimal() and len(words) < 10:  # noqa: PLR2004 - no case has such a number
            condition |= Q(number=int(words))
        found = found.filter(condition)
    return found


def _about_its_land(key: str) -> Q:
    """Return the condition that a case is about a parcel from whose land the one of a code came."""
    condition = Q(pk__in=())
    came = Succession.objects.filter(new=key, edition__state="accepted")
    for city in City.objects.filter(pk__in=came.values("edition__city")):
        about = Case.objects.filter(city=city, parcels__key__in=_came_from(city, key))
        condition |= Q(pk__in=about.values("pk"))
    return condition


@dataclass(frozen=True, slots=True)
class ParcelCase:
    """A case of a parcel, or of one whose land it took over: ``former`` is that one's code."""

    case: Case
    former: str


def cases_of_parcel(user: User, city: City, key: str) -> list[ParcelCase]:
    """Return the cases of a parcel and of those that it came from, the newest first."""
    keys = [key, *_came_from(city, key)]
    cases = {case.pk: case for case in cases_for(user).filter(city=city, parcels__key__in=keys)}
    of: dict[int, str] = {}
    for row in CaseParcel.objects.filter(case__in=cases, key__in=keys):
        of[row.case_id] = key if key in {row.key, of.get(row.case_id)} else row.key
    shown = sorted(cases.values(), key=lambda case: (case.opened_on, case.pk), reverse=True)
    return [ParcelCase(case, "" if of[case.pk] == key else of[case.pk]) for case in shown]


def _came_from(city: City, key: str) -> list[str]:
    """Return the codes of the parcels, now gone, from whose land one came, however long ago."""
    told = Succession.objects.filter(edition__city=city, edition__state="accepted")
    known, asked = {key}, {key}
    while asked:
        asked = set(told.filter(new__in=asked).values_list("old", flat=True)) - known
        known |= asked
    return sorted(known - {key})


def kinds_to_tell(case: Case) -> Sequence[CaseEventKind]:
    """Return what may have happened next in a case."""
    if case.closed_on:
        return (CaseEventKind.REOPENED,)
    never = {CaseEventKind.OPENED, CaseEventKind.REOPENED}
    return [kind for kind in CaseEventKind if kind not in never]
