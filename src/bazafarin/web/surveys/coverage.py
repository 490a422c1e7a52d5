"""How far a survey is, by surveyor: what they have, what they sent, what a reviewer should see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone

from bazafarin.standards import Standards
from bazafarin.web.surveys.models import SubmissionState
from bazafarin.web.surveys.running import parcels_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.surveys.models import Submission, Survey


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reviewer should look at again, as the rules of a day say."""

    far_m: float
    quick_s: float

    @classmethod
    def on(cls, day: date) -> Limits:
        """Return the limits that are in force on a day."""
        rules = Standards.national()
        return cls(
            float(rules.value("survey.far_from_parcel", as_of=day)),
            float(rules.value("survey.too_quick", as_of=day)),
        )

    def is_far(self, submission: Submission) -> bool | None:
        """Return whether somebody stood far from the parcel, None where it is not known."""
        return None if submission.distance_m is None else submission.distance_m > self.far_m

    def is_quick(self, submission: Submission) -> bool | None:
        """Return whether the form was filled too quickly, None where it is not known."""
        seconds = seconds_of(submission)
        return None if seconds is None else seconds < self.quick_s


def seconds_of(submission: Submission) -> float | None:
    """Return how long the form was filled, None where its phone does not say, or says nonsense."""
    if submission.began_at is None or submission.ended_at is None:
        return None
    seconds = (submission.ended_at - submission.began_at).total_seconds()
    return seconds if seconds >= 0 else None


@dataclass(frozen=True, slots=True)
class Row:
    """How far one surveyor is; ``surveyor`` is None for the blocks that nobody has.

    ``target`` and ``done`` count parcels, ``done`` those of which an answer waits or was
    accepted; the rest counts answers.
    """

    surveyor: User | None
    blocks: int
    target: int
    done: int
    waiting: int
    accepted: int
    returned: int
    far: int
    quick: int

    @property
    def share(self) -> float | None:
        """Return the share of the parcels that is done, None without a parcel."""
        return self.done / self.target if self.target else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a survey is: by surveyor, as a whole, and how many answers came on each day."""

    rows: tuple[Row, ...]
    whole: Row
    by_day: Mapping[date, int]


def coverage_of(survey: Survey, *, limits: Limits) -> Coverage:
    """Return how far a survey is; the blocks that nobody has stand last."""
    count = parcels_by_block(survey)
    given = survey.assignments.filter(ended_at=None).select_related("surveyor")
    owner = {each.block_key: each.surveyor for each in given}
    sent = list(
        survey.submissions.exclude(state=SubmissionState.REPLACED)
        .select_related("made_by")
        .defer("xml", "seen", "unfit")
    )
    surveyors = {each.pk: each for each in (*owner.values(), *(s.made_by for s in sent))}
    blocks: dict[int | None, set[str]] = {}
    for block in count:
        blocks.setdefault(owner[block].pk if block in owner else None, set()).add(block)
    rows = [
        _row(
            surveyors[pk],
            {block: count[block] for block in blocks.get(pk, ())},
            [each for each in sent if each.made_by_id == pk],
            limits,
        )
        for pk in sorted(surveyors, key=lambda pk: str(surveyors[pk]))
    ]
    if None in blocks:
        nobodys = {block: count[block] for block in blocks[None]}
        left = _row(None, nobodys, [s for s in sent if s.block_key in nobodys], limits)
        # what was sent of a block that nobody has now counts for whoever sent it
        rows.append(replace(left, waiting=0, accepted=0, returned=0, far=0, quick=0))
    days: dict[date, int] = {}
    for each in sent:
        day = timezone.localdate(each.received_at)
        days[day] = days.get(day, 0) + 1
    whole = _row(None, count, sent, limits)
    return Coverage(tuple(rows), whole, dict(sorted(days.items())))


def _row(
    surveyor: User | None,
    count: Mapping[str, int],
    sent: Sequence[Submission],
    limits: Limits,
) -> Row:
    """Return a row: ``count`` is how many parcels each of its blocks has."""

    def in_state(state: SubmissionState) -> int:
        return sum(each.state == state for each in sent)

    counted = {SubmissionState.WAITING, SubmissionState.ACCEPTED}
    done = {each.parcel_key for each in sent if each.state in counted and each.block_key in count}
    return Row(
        surveyor,
        blocks=len(count),
        target=sum(count.values()),
        done=len(done),
        waiting=in_state(SubmissionState.WAITING),
        accepted=in_state(SubmissionState.ACCEPTED),
        returned=in_state(SubmissionState.RETURNED),
        far=sum(limits.is_far(each) is True for each in sent),
        quick=sum(limits.is_quick(each) is True for each in sent),
    )


def parcels_by_block(survey: Survey) -> dict[str, int]:
    """Return how many parcels each block of a survey has, in the order of the blocks' names."""
    held = parcels_of(survey.city, survey.place).exclude(in_block=None)
    counted = held.order_by("in_block").values("in_block").annotate(count=Count("pk"))
    return {str(block): count for block, count in counted.values_list("in_block", "count")}
