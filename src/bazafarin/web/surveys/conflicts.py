"""Answers that stand against others, or against what changed meanwhile; none is taken silently."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bazafarin.web.places.models import Parcel
from bazafarin.web.surveys.models import Submission, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.web.surveys.models import Survey


class ConflictKind(StrEnum):
    """What an answer stands against."""

    OTHER_ANSWER = "other_answer"
    """Another answer about the same parcel waits, or was accepted."""
    CHANGED_SINCE = "changed_since"
    """The parcel has changed since the phone was given it."""
    PARCEL_GONE = "parcel_gone"
    """The parcel is no longer there: it was split, merged or taken out."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that an answer stands against; ``others`` are the answers that it meets."""

    kind: ConflictKind
    others: tuple[Submission, ...] = ()


def conflicts_of(
    survey: Survey, submissions: Sequence[Submission]
) -> Mapping[int, tuple[Conflict, ...]]:
    """Return what each answer that waits stands against, by the answer's id; none is left out.

    An answer that replaces one that was accepted is an edit of it, and meets it all the same:
    what was accepted has become the parcel's.
    """
    keys = {each.parcel_key for each in submissions}
    standing = defaultdict(list)
    counted = {SubmissionState.WAITING, SubmissionState.ACCEPTED}
    # two surveys of one city may both have a parcel of a block between two neighbourhoods
    others = Submission.objects.filter(
        survey__city=survey.city, parcel_key__in=keys, state__in=counted
    )
    for other in others.select_related("made_by", "edition").defer("xml"):
        standing[other.parcel_key].append(other)
    rows = Parcel.objects.of_edition(survey.city).filter(key__in=keys)
    since = dict(rows.values_list("key", "since"))
    return {each.pk: tuple(_met(each, standing[each.parcel_key], since)) for each in submissions}


def _met(
    submission: Submission, standing: Sequence[Submission], since: Mapping[str, int]
) -> list[Conflict]:
    met = []
    if others := tuple(other for other in standing if other.pk != submission.pk):
        met.append(Conflict(ConflictKind.OTHER_ANSWER, others))
    if submission.parcel_key not in since:
        met.append(Conflict(ConflictKind.PARCEL_GONE))
    elif submission.base_edition is not None and (
        since[submission.parcel_key] > submission.base_edition
    ):
        met.append(Conflict(ConflictKind.CHANGED_SINCE))
    return met
