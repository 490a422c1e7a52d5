"""The surveys and answers that somebody sees, and the forms that a phone is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from bazafarin.adapters.persian_text import key_form
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.scope import below
from bazafarin.web.surveys.models import (
    Assignment,
    FormState,
    FormVersion,
    Revisit,
    Submission,
    SubmissionState,
    Survey,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet


def surveys_for(user: User, permission: Permission = Permission.RUN_SURVEYS) -> QuerySet[Survey]:
    """Return the surveys that ``user`` may run, or whose answers they may review."""
    seen = below(paths_with(user, permission), "place__path")
    return Survey.objects.filter(seen).select_related("city__place", "place", "form")


def submissions_for(user: User) -> QuerySet[Submission]:
    """Return the answers that somebody reads: those they review, and their own."""
    seen = below(paths_with(user, Permission.REVIEW_ANSWERS), "place__path")
    own = below(paths_with(user, Permission.FILL_FORMS), "place__path") & Q(made_by=user)
    return (
        Submission.objects.filter(seen | own)
        .select_related("version__form", "survey__city", "place", "made_by", "edition")
        .defer("version__source")
    )


def versions_for(
    user: User, permission: Permission = Permission.RUN_SURVEYS
) -> QuerySet[FormVersion]:
    """Return the versions of forms of the places where ``user`` may do it, the newest first."""
    seen = below(paths_with(user, permission), "form__place__path")
    found = FormVersion.objects.filter(seen).select_related("form__place", "made_by")
    sent = Submission.objects.filter(version=OuterRef("pk")).order_by().values("version")
    count = Subquery(sent.annotate(count=Count("pk")).values("count"))
    return found.annotate(answers=Coalesce(count, 0)).order_by("-pk")


def answers_to(user: User, version: FormVersion) -> QuerySet[Submission]:
    """Return the answers to a version that somebody reviews, in the order in which they came."""
    seen = below(paths_with(user, Permission.REVIEW_ANSWERS), "place__path")
    found = Submission.objects.filter(seen, version=version)
    return found.select_related("made_by").order_by("pk")


def versions_for_phone(
    user: User, states: Sequence[FormState] = (FormState.PUBLISHED,)
) -> list[FormVersion]:
    """Return the forms that somebody fills: in one of the states, and theirs to fill.

    One that asks of parcels is given to whoever has blocks in an open survey with it.
    """
    reach = paths_with(user, Permission.FILL_FORMS)
    at_hand = below(reach, "form__place__path")
    for path in reach:
        # a form of the city is filled by who works in a neighbourhood of it
        at_hand |= Q(form__place__in=[int(part) for part in path.strip("/").split("/")])
    found = FormVersion.objects.filter(at_hand, state__in=states)
    given = Assignment.objects.filter(
        below(reach, "survey__place__path"), surveyor=user, ended_at=None, survey__closed_on=None
    )
    again = Revisit.objects.filter(
        below(reach, "survey__place__path"), surveyor=user, second=None, survey__closed_on=None
    )
    mine = Q(form__in=given.values("survey__form")) | Q(form__in=again.values("survey__form"))
    found = found.filter(mine | Q(asks_of_parcels=False)).defer("source")
    return list(found.select_related("form").order_by("form_id"))


def version_for_phone(user: User, number: int) -> FormVersion | None:
    """Return one of the forms that somebody fills on a phone."""
    return next((each for each in versions_for_phone(user) if each.pk == number), None)


def answers_of(
    survey: Survey, *, state: str, surveyor: int | None, asked: str
) -> QuerySet[Submission]:
    """Return the answers of a survey: in a state, of a surveyor, about parcels of a code."""
    found = survey.submissions.select_related("made_by", "edition").defer("xml")
    if state:
        found = found.filter(state=state)
    if surveyor is not None:
        found = found.filter(made_by=surveyor)
    if asked:
        found = found.filter(parcel_key__startswith=key_form(asked))
    return found


def surveyors_of(survey: Survey) -> QuerySet[User]:
    """Return those who sent answers to a survey."""
    return User.objects.filter(pk__in=survey.submissions.values("made_by")).order_by("name_fa")


@dataclass(frozen=True, slots=True)
class HeldBlocks:
    """The blocks that a surveyor has in a survey, with their parcels and those that are done."""

    survey: Survey
    blocks: tuple[tuple[str, int, int], ...]


def blocks_held(user: User) -> list[HeldBlocks]:
    """Return the blocks that somebody has in surveys that are open."""
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    given = Assignment.objects.filter(
        reach, surveyor=user, ended_at=None, survey__closed_on=None
    ).select_related("survey__city", "survey__place")
    by_survey: dict[int, list[Assignment]] = {}
    for each in given:
        by_survey.setdefault(each.survey_id, []).append(each)
    return [_held(held[0].survey, held) for held in by_survey.values()]


def _held(survey: Survey, given: list[Assignment]) -> HeldBlocks:
    counted = {SubmissionState.WAITING, SubmissionState.ACCEPTED}
    mine = {key for each in given for key in each.parcel_keys}
    sent = survey.submissions.filter(state__in=counted, block_key__in=[a.block_key for a in given])
    done = set(sent.values_list("parcel_key", flat=True)) & mine
    return HeldBlocks(
        survey,
        tuple(
            (each.block_key, len(each.parcel_keys), len(done.intersection(each.parcel_keys)))
            for each in sorted(given, key=lambda each: each.block_key)
        ),
    )


def looks_asked_of(user: User) -> list[tuple[Revisit, FormVersion]]:
    """Return the second looks that somebody is asked for, each with the form to fill."""
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    asked = Revisit.objects.filter(reach, surveyor=user, second=None, survey__closed_on=None)
    forms = {version.form_id: version for version in versions_for_phone(user)}
    return [
        (each, forms[each.survey.form_id])
        for each in asked.select_related("survey")
        if each.survey.form_id in forms
    ]


def may_answer_anew(user: User, submission: Submission) -> bool:
    """Return whether an answer came back to somebody, and nothing has replaced it yet."""
    came_back = submission.state == SubmissionState.RETURNED
    return came_back and submission.made_by_id == user.pk and not hasattr(submission, "replaced_by")


def returned_to(user: User) -> list[Submission]:
    """Return the answers that came back to somebody, with the note why as ``why``."""
    again = Submission.objects.filter(
        made_by=user, survey=OuterRef("survey"), parcel_key=OuterRef("parcel_key"),
        pk__gt=OuterRef("pk"),
    )  # fmt: skip
    returned = submissions_for(user).filter(~Exists(again), made_by=user)
    returned = returned.filter(state=SubmissionState.RETURNED).prefetch_related("reviews")
    found = list(returned.defer("xml", "version__source", "version__xform"))
    for each in found:
        notes = [review.note for review in each.reviews.all() if review.kind == "returned"]
        each.why = notes[-1] if notes else ""  # type: ignore[attr-defined] # for the page
    return found
