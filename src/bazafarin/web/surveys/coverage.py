"""How far a survey is, by surveyor: what they have, what they sent, what a reviewer should see."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from bazafarin.standards import Standards
from bazafarin.web.accounts.models import User
from bazafarin.web.surveys.models import SubmissionState
from bazafarin.web.surveys.running import parcels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

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

    def is_far(self, submission: Submission | _Sent) -> bool | None:
        """Return whether somebody stood far from the parcel, None where it is not known."""
        return None if submission.distance_m is None else submission.distance_m > self.far_m

    def is_quick(self, submission: Submission | _Sent) -> bool | None:
        """Return whether the form was filled too quickly, None where it is not known."""
        seconds = seconds_of(submission)
        return None if seconds is None else seconds < self.quick_s


def seconds_of(submission: Submission | _Sent) -> float | None:
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


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a survey is: by surveyor, as a whole, and how many answers came on each day."""

    rows: tuple[Row, ...]
    whole: Row
    by_day: Mapping[date, int]


def coverage_of(survey: Survey, *, limits: Limits) -> Coverage:
    """Return how far a survey is; the parcels that nobody has stand last."""
    given = list(survey.assignments.filter(ended_at=None).select_related("surveyor"))
    sent = _sent(survey)
    blocks: Counter[int] = Counter(each.surveyor_id for each in given)
    keys: defaultdict[int, set[str]] = defaultdict(set)
    by: defaultdict[int, list[_Sent]] = defaultdict(list)
    for each in given:
        keys[each.surveyor_id].update(each.parcel_keys)
    for answer in sent:
        by[answer.made_by_id].append(answer)
    people = User.objects.in_bulk({*blocks, *by})
    rows = [
        _row(people[pk], blocks[pk], len(keys[pk]), by[pk], limits, of=keys[pk])
        for pk in sorted(people, key=lambda pk: str(people[pk]))
    ]
    count = parcels_by_block(survey)
    had = {key for mine in keys.values() for key in mine}
    left = sum(count.values()) - len(had)
    whole = _row(None, len(count), sum(count.values()), sent, limits)
    if left > 0:
        done = whole.done - len(_done(sent) & had)
        nobodys = len(set(count) - {each.block_key for each in given})
        # what was sent of them counts for whoever sent it
        rows.append(Row(None, nobodys, left, min(done, left), 0, 0, 0, 0, 0))
    days = Counter(timezone.localdate(each.received_at) for each in sent)
    return Coverage(tuple(rows), whole, dict(sorted(days.items())))


def whole_of(survey: Survey) -> Row:
    """Return how far a survey is as a whole, without what needs each answer."""
    counted = [SubmissionState.WAITING, SubmissionState.ACCEPTED]
    state = (
        Count("pk", filter=Q(state=SubmissionState.WAITING)),
        Count("pk", filter=Q(state=SubmissionState.ACCEPTED)),
    )
    told = survey.submissions.aggregate(
        waiting=state[0], accepted=state[1],
        returned=Count("pk", filter=Q(state=SubmissionState.RETURNED)),
        done=Count("parcel_key", distinct=True, filter=Q(state__in=counted)),
    )  # fmt: skip
    target = parcels_of(survey.city, survey.place).count()
    return Row(
        None, 0, target, min(told["done"], target), told["waiting"], told["accepted"],
        told["returned"], 0, 0,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sent:
    """What coverage needs of an answer: a plain row, for there may be very many."""

    made_by_id: int
    parcel_key: str
    state: str
    received_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    distance_m: float | None


def _sent(survey: Survey) -> list[_Sent]:
    fields = [field.name for field in fields_of(_Sent)]
    passed = [SubmissionState.REPLACED, SubmissionState.REVISIT]
    rows = survey.submissions.exclude(state__in=passed).order_by("pk")
    return [_Sent(*row) for row in rows.values_list(*fields)]


def _row(  # noqa: PLR0913 - what one surveyor has and sent
    surveyor: User | None,
    blocks: int,
    target: int,
    sent: Sequence[_Sent],
    limits: Limits,
    *,
    of: set[str] | None = None,
) -> Row:
    """Return a row; ``of`` are the parcels that count as done, None for all."""
    states = Counter(each.state for each in sent)
    done = _done(sent)
    return Row(
        surveyor,
        blocks=blocks,
        target=target,
        done=min(len(done if of is None else done & of), target),
        waiting=states[SubmissionState.WAITING],
        accepted=states[SubmissionState.ACCEPTED],
        returned=states[SubmissionState.RETURNED],
        far=sum(limits.is_far(each) is True for each in sent),
        quick=sum(limits.is_quick(each) is True for each in sent),
    )


def _done(sent: Iterable[_Sent]) -> set[str]:
    counted = {SubmissionState.WAITING, SubmissionState.ACCEPTED}
    return {each.parcel_key for each in sent if each.state in counted}


def parcels_by_block(survey: Survey) -> dict[str, int]:
    """Return how many parcels each block of a survey has, in the order of the blocks' names."""
    held = parcels_of(survey.city, survey.place).exclude(in_block=None)
    counted = held.order_by("in_block").values("in_block").annotate(count=Count("pk"))
    return {str(block): count for block, count in counted.values_list("in_block", "count")}
