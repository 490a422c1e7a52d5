"""The parcels of a surveyor as the list that a phone holds: their own blocks' and no other's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from django.db.models import Max

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand
from bazafarin.adapters.openrosa.parcel_list import parcel_list
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.scope import below
from bazafarin.web.surveys.models import Assignment, Submission, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.surveys.models import Form

TO_DO: Final = "to_do"
_COLUMNS: Final = ("key", "since", "plaque", "in_block", "geometry")
_COLOURS: Final = {
    TO_DO: "unknown", SubmissionState.WAITING: "ochre", SubmissionState.ACCEPTED: "sage",
    SubmissionState.RETURNED: "brick",
}  # fmt: skip


def assignments_of(user: User, form: Form) -> list[Assignment]:
    """Return the blocks that somebody has now in open surveys of a form, where they may work."""
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    held = Assignment.objects.filter(
        reach, surveyor=user, ended_at=None, survey__form=form, survey__closed_on=None
    )
    return list(held.select_related("survey__city"))


def list_for(user: User, form: Form) -> bytes:
    """Return the list of the parcels in the blocks that somebody has, as CSV."""
    given = assignments_of(user, form)
    rows: list[tuple[object, ...]] = []
    srid = 4326
    if given:
        city = given[0].survey.city
        srid = city.srid
        held = Parcel.objects.of_edition(city).filter(in_block__in=[a.block_key for a in given])
        rows = list(held.order_by("key").values_list(*_COLUMNS))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    states = _states([a.survey_id for a in given])
    state = [states.get(key, TO_DO) for key in table["key"]]
    look = brand().colour
    told = pd.DataFrame(
        {
            "name": table["key"],
            "label": _labels(table),
            "__version": table["since"],
            "marker-color": [look[_COLOURS[each]] for each in state],
            "block": table["in_block"],
            "state": state,
        }
    )
    return parcel_list(told, table["geometry"].to_numpy(dtype=object), srid=srid)


def gone(user: User, form: Form, keys: Sequence[str]) -> list[tuple[str, bool]]:
    """Return for each parcel whether it is none of somebody's any more."""
    given = assignments_of(user, form)
    there: set[str] = set()
    if given:
        held = Parcel.objects.of_edition(given[0].survey.city).filter(
            key__in=list(keys), in_block__in=[a.block_key for a in given]
        )
        there = set(held.values_list("key", flat=True))
    return [(key, key not in there) for key in keys]


def _labels(table: pd.DataFrame) -> list[str]:
    """Return what a phone shows of each parcel: its plaque where it is known, and its code."""
    return [
        wording.text("web_surveys.parcel_on_phone", "fa", plaque=plaque, key=key) if plaque else key
        for key, plaque in zip(table["key"], table["plaque"], strict=True)
    ]  # a sentence is filled one at a time


def _states(surveys: Sequence[int]) -> dict[str, str]:
    """Return the state of the newest answer about each parcel."""
    newest = (
        Submission.objects.filter(survey__in=surveys)
        .exclude(state=SubmissionState.REPLACED)
        .values("parcel_key")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return dict(Submission.objects.filter(pk__in=newest).values_list("parcel_key", "state"))
