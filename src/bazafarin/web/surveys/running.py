"""Beginning a survey, giving blocks to surveyors, closing it; each with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.models import Parcel
from bazafarin.web.surveys.forms_kept import office_form_of
from bazafarin.web.surveys.models import Assignment, Survey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Place
    from bazafarin.web.places.models.feature import FeatureQuerySet


@transaction.atomic
def begin_survey(  # noqa: PLR0913 - what a survey is when it begins
    *,
    by: User | None,
    city: City,
    place: Place,
    title: str,
    begun_on: date,
    due_on: date | None,
) -> Survey:
    """Begin a survey of a place of a city with our own form, as the city has it.

    Raises:
        UsageError: one is open there; the day by which it is due lies before it begins; the
            place has no parcels.
    """
    check_may(by, Permission.RUN_SURVEYS, place)
    if due_on is not None and due_on < begun_on:
        raise UsageError("web_surveys.error.due_early", begun=begun_on, due=due_on)
    if not parcels_of(city, place).exists():
        raise UsageError("web_surveys.error.no_parcels", place=place.name_fa)
    # the form is the city's own: whoever may survey a part of it has it made
    form = office_form_of(by=None, city=city, made_on=begun_on)
    try:
        with transaction.atomic():
            survey = Survey.objects.create(
                city=city, place=place, form=form, title=title, begun_on=begun_on, due_on=due_on,
                made_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise UsageError("web_surveys.error.survey_open", place=place.name_fa) from error
    record(
        "survey.begun", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=place.path, after={"title": title, "begun_on": begun_on, "due_on": due_on},
    )  # fmt: skip
    return survey


@transaction.atomic
def give_blocks(
    *, by: User | None, survey: Survey, surveyor: User, block_keys: Sequence[str]
) -> int:
    """Give blocks to a surveyor, taking them from whoever has them; return how many changed.

    Raises:
        UsageError: the survey is closed, a block has no parcel in its place, or the surveyor
            fills no forms there.
    """
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    check_may(by, Permission.RUN_SURVEYS, survey.place)
    if survey.closed_on:
        raise UsageError("web_surveys.error.survey_closed", title=survey.title)
    if not has_permission(surveyor, Permission.FILL_FORMS, survey.place):
        raise UsageError("web_surveys.error.no_surveyor", name=str(surveyor))
    named = list(dict.fromkeys(block_keys))
    there = keys_by_block(survey)
    if strange := [key for key in named if key not in there]:
        raise UsageError("web_surveys.error.no_block", keys=", ".join(strange))
    open_ones = survey.assignments.filter(ended_at=None, block_key__in=named)
    same = set(open_ones.filter(surveyor=surveyor).values_list("block_key", flat=True))
    before = set(open_ones.exclude(surveyor=surveyor).values_list("block_key", flat=True))
    open_ones.exclude(surveyor=surveyor).update(ended_at=timezone.now())
    given = [key for key in named if key not in same]
    Assignment.objects.bulk_create(
        [
            Assignment(
                survey=survey,
                block_key=key,
                surveyor=surveyor,
                given_by=by,
                parcel_keys=there[key],
            )
            for key in given
        ]
    )
    record(
        "survey.blocks_given", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=survey.place.path, before={"blocks": sorted(before)},
        after={"surveyor": surveyor.username, "blocks": given},
    )  # fmt: skip
    return len(given)


@transaction.atomic
def take_blocks(*, by: User | None, survey: Survey, block_keys: Sequence[str]) -> int:
    """Take blocks back from their surveyors; return how many there were."""
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    check_may(by, Permission.RUN_SURVEYS, survey.place)
    held = survey.assignments.filter(ended_at=None, block_key__in=list(block_keys))
    before = list(held.values_list("block_key", flat=True))
    held.update(ended_at=timezone.now())
    record(
        "survey.blocks_taken", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=survey.place.path, before={"blocks": sorted(before)},
    )  # fmt: skip
    return len(before)


@transaction.atomic
def close_survey(*, by: User | None, survey: Survey, day: date) -> None:
    """Close a survey: phones are given none of its parcels any more; what is sent is still taken.

    Raises:
        UsageError: it is closed already, or the day lies before it began.
    """
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    check_may(by, Permission.RUN_SURVEYS, survey.place)
    if survey.closed_on:
        raise UsageError("web_surveys.error.survey_closed", title=survey.title)
    if day < survey.begun_on:
        raise UsageError("web_surveys.error.due_early", begun=survey.begun_on, due=day)
    Survey.objects.filter(pk=survey.pk).update(closed_on=day)
    record(
        "survey.closed", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=survey.place.path, after={"closed_on": day},
    )  # fmt: skip


def parcels_of(city: City, place: Place) -> FeatureQuerySet[Parcel]:
    """Return the parcels of a place in the current edition."""
    found = Parcel.objects.of_edition(city)
    return (
        found
        if place.pk == city.place_id
        else found.filter(in_neighbourhood__path__startswith=place.path)
    )


def blocks_of(survey: Survey) -> list[str]:
    """Return the blocks that have a parcel in the survey's place, in order."""
    held = parcels_of(survey.city, survey.place).exclude(in_block=None)
    named = held.order_by("in_block").values_list("in_block", flat=True).distinct()
    return [str(block) for block in named]


def keys_by_block(survey: Survey) -> dict[str, list[str]]:
    """Return the parcels of each block of the survey's place, in order."""
    held = parcels_of(survey.city, survey.place).exclude(in_block=None)
    found: dict[str, list[str]] = {}
    for block, key in held.order_by("in_block", "key").values_list("in_block", "key"):
        found.setdefault(str(block), []).append(key)
    return found
