"""Accepting, returning and editing answers; what is accepted becomes an edition of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from bazafarin.adapters.survey_form.observations import told_value
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.observing import observe
from bazafarin.web.surveys.conflicts import ConflictKind, conflicts_of
from bazafarin.web.surveys.forms_kept import plain
from bazafarin.web.surveys.models import Review, ReviewKind, Submission, SubmissionState, Survey
from bazafarin.web.surveys.receiving import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Edition


@transaction.atomic
def accept(
    *, by: User | None, survey: Survey, numbers: Sequence[int], note: str, even_so: bool = False
) -> Edition | None:
    """Accept answers that wait; what they tell of their parcels is the next edition of the city.

    Args:
        by: who reviews.
        survey: whose answers they are.
        numbers: the ids of the answers.
        note: what the edition says of itself.
        even_so: take an answer although it stands against another or against what changed since;
            other answers about its parcel that wait are passed over. One answer at a time.

    Raises:
        UsageError: one of them waits no more, or stands against another (without ``even_so``);
            an edition waits.
    """
    # one review of a survey at a time: two could take two answers about one parcel
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    check_may(by, Permission.REVIEW_ANSWERS, survey.place)
    rows = _waiting(survey, numbers)
    met = conflicts_of(survey, rows)
    if not even_so and (in_conflict := [row for row in rows if met[row.pk]]):
        keys = ", ".join(sorted({row.parcel_key for row in in_conflict}))
        raise UsageError("web_surveys.error.in_conflict", keys=keys)
    if even_so and len(rows) != 1:
        raise UsageError("web_surveys.error.one_at_a_time")
    if gone := [r for r in rows if any(c.kind is ConflictKind.PARCEL_GONE for c in met[r.pk])]:
        raise UsageError("web_surveys.error.parcel_gone", keys=gone[0].parcel_key)
    edition = observe(
        by=by, city=survey.city, seen={row.parcel_key: values_of(row.seen) for row in rows},
        note=note, day=timezone.localdate(),
    )  # fmt: skip
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=SubmissionState.ACCEPTED, edition=edition
    )
    reviews = [Review(submission=row, kind=ReviewKind.ACCEPTED, made_by=by) for row in rows]
    for row in rows if even_so else ():
        reviews += _passed_over(by, survey, row)
    Review.objects.bulk_create(reviews)
    record(
        "answers.accepted", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=survey.place.path,
        after={
            "answers": sorted(row.pk for row in rows),
            "edition": None if edition is None else edition.number,
        },
    )  # fmt: skip
    return edition


def _passed_over(by: User | None, survey: Survey, taken: Submission) -> list[Review]:
    """Let other answers about the parcel wait no more; what had been accepted stays accepted."""
    others = Submission.objects.filter(
        survey__city=survey.city, parcel_key=taken.parcel_key, state=SubmissionState.WAITING
    ).exclude(pk=taken.pk)
    held = list(others.select_for_update(of=("self",)).defer("xml"))
    Submission.objects.filter(pk__in=[each.pk for each in held]).update(
        state=SubmissionState.REPLACED
    )
    return [Review(submission=each, kind=ReviewKind.PASSED_OVER, made_by=by) for each in held]


@transaction.atomic
def send_back(*, by: User | None, submission: Submission, note: str) -> None:
    """Return an answer that waits to its surveyor, with what is to be looked at again.

    Raises:
        UsageError: it waits no more, or nothing is said.
    """
    survey = submission.survey
    assert survey is not None  # noqa: S101 - pages show answers of surveys alone
    check_may(by, Permission.REVIEW_ANSWERS, survey.place)
    if not note:
        raise UsageError("web_surveys.error.no_note")
    (row,) = _waiting(survey, [submission.pk])
    Submission.objects.filter(pk=row.pk).update(state=SubmissionState.RETURNED)
    Review.objects.create(submission=row, kind=ReviewKind.RETURNED, note=note, made_by=by)
    record(
        "answers.returned", by=by, subject_kind="submission", subject_id=row.pk,
        place_path=survey.place.path, after={"parcel": row.parcel_key},
    )  # fmt: skip


@transaction.atomic
def edit(
    *, by: User | None, submission: Submission, values: Mapping[str, str], note: str
) -> Mapping[str, object]:
    """Say anew what an answer that waits tells of its parcel; return the columns that changed.

    What was sent stays as it was sent: the edit is what the office reads out of it.

    Args:
        by: who reviews.
        submission: the answer.
        values: the text by column; an empty one tells nothing.
        note: why.

    Raises:
        UsageError: it waits no more, nothing is said, or a value cannot be its column's.
    """
    survey = submission.survey
    assert survey is not None  # noqa: S101
    check_may(by, Permission.REVIEW_ANSWERS, survey.place)
    if not note:
        raise UsageError("web_surveys.error.no_note")
    (row,) = _waiting(survey, [submission.pk])
    after = dict(row.seen)
    unfit = []
    for column, text in values.items():
        try:
            value = told_value(column, text)
        except ValueError:
            unfit.append(column)
            continue
        after.pop(column, None)
        if value is not None:
            after[column] = plain(value)
    if unfit:
        raise UsageError("web_surveys.error.unfit", columns=unfit)
    changed = _differing(row.seen, after)
    if changed:
        row.seen = after
        row.unfit = {name: text for name, text in row.unfit.items() if not values.get(name)}
        row.save(update_fields=["seen", "unfit"])
        Review.objects.create(
            submission=row, kind=ReviewKind.EDITED, note=note, made_by=by,
            before={name: row_before for name, (row_before, _) in changed.items()},
            after={name: row_after for name, (_, row_after) in changed.items()},
        )  # fmt: skip
        record(
            "answers.edited", by=by, subject_kind="submission", subject_id=row.pk,
            place_path=survey.place.path,
            after={"parcel": row.parcel_key, "columns": sorted(changed)},
        )  # fmt: skip
    return changed


def _differing(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[object, object]]:
    names = sorted(before.keys() | after.keys())
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _waiting(survey: Survey, numbers: Sequence[int]) -> list[Submission]:
    """Return answers that wait, held until the transaction ends.

    Raises:
        UsageError: one of them waits no more, or none is named.
    """
    locked = survey.submissions.select_for_update(of=("self",))
    if not numbers:
        raise UsageError("web_surveys.error.none_chosen")
    rows = list(locked.filter(pk__in=list(numbers), state=SubmissionState.WAITING))
    if not rows or len(rows) != len(set(numbers)):
        raise UsageError("web_surveys.error.waits_no_more")
    return rows
