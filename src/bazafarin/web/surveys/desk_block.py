"""A block of a surveyor at a desk: its parcels, those that matter most first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.scope import below
from bazafarin.web.surveys.block_changes import deciding_parcels
from bazafarin.web.surveys.models import FormState, FormVersion, SubmissionState, Survey
from bazafarin.web.surveys.parcels_given import TELLING, by_numbers, unknown_in

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.surveys.models import Draft, Submission


@dataclass(frozen=True, slots=True)
class HeldParcel:
    """A parcel that somebody surveys.

    Attributes:
        key, plaque: its code, and its plaque (empty for unknown).
        unknown: how much of what tells most of it is unknown.
        decides: whether what is unknown of it could decide whether its block is worn out.
        answer: the last answer, None for none.
        draft: the draft about it, None for none.
    """

    key: str
    plaque: str
    unknown: int
    decides: bool
    answer: Submission | None
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class HeldBlock:
    """A block that a surveyor has; the parcels to do first, the most doubtful before all."""

    survey: Survey
    key: str
    version: FormVersion
    parcels: tuple[HeldParcel, ...]
    telling: int = len(TELLING)


def block_held(user: User, number: int, key: str, *, day: date) -> HeldBlock | None:
    """Return a block that somebody has in an open survey, None where they have it not."""
    reach = below(paths_with(user, Permission.FILL_FORMS), "survey__place__path")
    survey = (
        Survey.objects.filter(pk=number, closed_on=None)
        .select_related("city", "place", "form")
        .first()
    )
    if survey is None:
        return None
    held = survey.assignments.filter(reach, surveyor=user, ended_at=None, block_key=key)
    given = held.first()
    if given is None:
        return None
    keys = given.parcel_keys
    published = FormVersion.objects.filter(form=survey.form, state=FormState.PUBLISHED)
    version = published.defer("source", "xform").first()
    if version is None:
        return None
    sent = survey.submissions.filter(parcel_key__in=keys).defer("xml").order_by("pk")
    last = {each.parcel_key: each for each in sent.exclude(state=SubmissionState.REVISIT)}
    drafts = user.drafts.filter(version__form=survey.form, parcel_key__in=keys)
    draft_of = {each.parcel_key: each for each in drafts}
    decide = deciding_parcels(survey.city, [key], day=day)
    rows = Parcel.objects.of_edition(survey.city).filter(key__in=keys)
    parcels = [
        HeldParcel(
            name, plaque or "", unknown_in(telling), name in decide, last.get(name),
            draft_of.get(name),
        )
        for name, plaque, *telling in rows.values_list("key", "plaque", *TELLING)
    ]  # fmt: skip
    parcels.sort(key=lambda each: by_numbers(each.key))
    parcels.sort(key=lambda each: (each.answer is not None, not each.decides, -each.unknown))
    return HeldBlock(survey, key, version, tuple(parcels))
