"""The parcels of a surveyor as the list that a phone holds: their own blocks' and no other's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand
from bazafarin.adapters.openrosa.parcel_list import parcel_list
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.scope import below
from bazafarin.web.surveys.models import Assignment, Revisit, Submission, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City
    from bazafarin.web.surveys.models import Form, Survey

TO_DO: Final = "to_do"
_COLUMNS: Final = ("key", "since", "plaque", "in_block", "geometry")
TELLING: Final = ("use", "structure", "quality", "built_sh", "floors", "built_area_m2")
"""What a survey asks of a parcel before all: the more of it is unknown, the more doubtful it is."""
VERSIONS_AN_EDITION: Final = 1_000
"""A phone's version of a parcel: the edition since which it holds, and how many answers came."""
_AT_ONCE: Final = 10_000
_MOST_ANSWERS: Final = VERSIONS_AN_EDITION - 1
_COLOURS: Final = {
    TO_DO: "unknown", SubmissionState.WAITING: "ochre", SubmissionState.ACCEPTED: "sage",
    SubmissionState.RETURNED: "brick", SubmissionState.REPLACED: "unknown",
    SubmissionState.REVISIT: "sage",
}  # fmt: skip


def assignments_of(user: User, form: Form) -> list[Assignment]:
    """Return the blocks that somebody has now in open surveys of a form, where they may work."""
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    held = Assignment.objects.filter(
        reach, surveyor=user, ended_at=None, survey__form=form, survey__closed_on=None
    )
    return list(held.select_related("survey__city"))


def list_for(user: User, form: Form) -> bytes:
    """Return the list of the parcels that somebody was given, as CSV."""
    return _listed(*_given(user, form))


def row_for(user: User, form: Form, key: str) -> bytes:
    """Return that list with one parcel alone; with none where it is not theirs."""
    surveys, keys = _given(user, form)
    return _listed(surveys, keys & {key})


def _listed(surveys: Sequence[Survey], keys: Collection[str]) -> bytes:
    rows: list[tuple[object, ...]] = []
    srid = 4326
    if surveys:
        city = surveys[0].city
        srid = city.srid
        rows = sorted(
            (row for held in _held(city, keys) for row in held.values_list(*_COLUMNS, *TELLING)),
            key=lambda row: by_numbers(str(row[0])),
        )
    answered = _answers({survey.pk for survey in surveys}, keys)
    # a phone shows them in this order: what nobody has seen first, the most doubtful before all
    rows.sort(key=lambda row: (row[0] in answered, -unknown_in(row[len(_COLUMNS) :])))
    table = pd.DataFrame(rows, columns=[*_COLUMNS, *TELLING])
    state = [answered[key][-1] if key in answered else TO_DO for key in table["key"]]
    look = brand().colour
    colours = [look[_COLOURS[each]] for each in state]
    told = pd.DataFrame(
        {
            "name": table["key"],
            "label": _labels(table),
            # a phone takes a row anew only where its version has risen
            "__version": [
                since * VERSIONS_AN_EDITION + min(len(answered.get(key, ())), _MOST_ANSWERS)
                for key, since in zip(table["key"], table["since"], strict=True)
            ],
            "fill": colours,
            "stroke": colours,
            "block": table["in_block"],
            "state": state,
        }
    )
    return parcel_list(told, table["geometry"].to_numpy(dtype=object), srid=srid)


def unknown_in(telling: Sequence[object]) -> int:
    """Return how many of some values are unknown."""
    return sum(value is None or value in {"", "unknown"} for value in telling)


def by_numbers(key: str) -> list[tuple[int, str]]:
    """Return what puts ``1-1-2`` before ``1-1-10``."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", key)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def gone(user: User, form: Form, keys: Sequence[str]) -> list[tuple[str, bool]]:
    """Return for each parcel whether it is none of somebody's any more."""
    surveys, mine = _given(user, form)
    there: set[str] = set()
    if surveys:
        city, mine = surveys[0].city, mine & set(keys)
        there = {key for held in _held(city, mine) for key in held.values_list("key", flat=True)}
    return [(key, key not in there) for key in keys]


def _given(user: User, form: Form) -> tuple[list[Survey], set[str]]:
    """Return the surveys and the parcels that somebody has, those to be seen again too."""
    given = assignments_of(user, form)
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    again = Revisit.objects.filter(
        reach, surveyor=user, second=None, survey__form=form, survey__closed_on=None
    ).select_related("survey__city")
    surveys = {each.survey_id: each.survey for each in given}
    surveys |= {each.survey_id: each.survey for each in again}
    keys = {key for each in given for key in each.parcel_keys}
    return list(surveys.values()), keys | {each.parcel_key for each in again}


def _held(city: City, keys: Collection[str]) -> Iterator[QuerySet[Parcel]]:
    """Yield the parcels of some keys, as many at once as a database takes in one question."""
    named = sorted(keys)
    for at in range(0, len(named), _AT_ONCE):
        yield Parcel.objects.of_edition(city).filter(key__in=named[at : at + _AT_ONCE])


def _labels(table: pd.DataFrame) -> list[str]:
    """Return what a phone shows of each parcel: its plaque where it is known, and its code."""
    return [
        wording.text("web_surveys.parcel_on_phone", "fa", plaque=plaque, key=key)
        if isinstance(plaque, str) and plaque
        else key
        for key, plaque in zip(table["key"], table["plaque"], strict=True)
    ]  # a sentence is filled one at a time


def _answers(surveys: Collection[int], keys: Collection[str]) -> dict[str, list[str]]:
    """Return the states of the answers about each parcel, the newest last."""
    found: dict[str, list[str]] = {}
    named = sorted(keys)
    for at in range(0, len(named), _AT_ONCE):
        some = named[at : at + _AT_ONCE]
        sent = Submission.objects.filter(survey__in=surveys, parcel_key__in=some)
        for key, state in sent.order_by("pk").values_list("parcel_key", "state"):
            found.setdefault(key, []).append(state)
    return found
