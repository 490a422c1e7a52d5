"""When a survey will be done: the pace of each surveyor, who is behind, and a band of days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from django.utils import timezone

from bazafarin.analysis.survey_pace import pace
from bazafarin.web.surveys.coverage import coverage_of
from bazafarin.web.surveys.models import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.surveys.coverage import Coverage, Limits
    from bazafarin.web.surveys.models import Survey

_DRAWS: Final = 1_000
_MOST_DAYS: Final = 3_650
_SEED: Final = 1405
"""The same page tells the same band."""
_DAYS: Final = 28
"""The pace is that of the last four weeks: what was long ago tells little."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The pace of a survey, or of one of its surveyors (``surveyor`` None for the whole).

    Attributes:
        left: parcels of which no answer has come.
        a_day: parcels a day in the last weeks; None where nothing has come yet.
        needed_a_day: parcels a day that would have it done when it is due; None where no day is
            due or it has passed.
        early, likely, late: the days when it will be done, in one of ten, five and nine of ten
            futures; None where nothing tells.
    """

    surveyor: User | None
    left: int
    a_day: float | None
    needed_a_day: float | None
    early: date | None
    likely: date | None
    late: date | None
    is_behind: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The forecast of the whole, and of each surveyor who has parcels left."""

    whole: Forecast
    surveyors: tuple[Forecast, ...]


def plan_of(survey: Survey, *, limits: Limits, today: date) -> tuple[Coverage, Plan]:
    """Return how far a survey is, and when it will be done."""
    coverage = coverage_of(survey, limits=limits)
    first_days = _first_days(survey)
    by_surveyor = defaultdict(list)
    for surveyor, day in first_days.values():
        by_surveyor[surveyor].append(day)
    whole = _forecast(
        survey, None, coverage.whole.target - coverage.whole.done,
        [day for _, day in first_days.values()], today,
    )  # fmt: skip
    rows = tuple(
        _forecast(survey, row.surveyor, row.target - row.done, by_surveyor[row.surveyor.pk], today)
        for row in coverage.rows
        if row.surveyor is not None and row.target > row.done
    )
    return coverage, Plan(whole, rows)


def _first_days(survey: Survey) -> dict[str, tuple[int, date]]:
    """Return who first sent an answer about each parcel that is done, and on which day."""
    counted = {SubmissionState.WAITING, SubmissionState.ACCEPTED}
    rows = survey.submissions.filter(state__in=counted).order_by("-received_at")
    told = rows.values_list("parcel_key", "made_by_id", "received_at")
    return {key: (surveyor, timezone.localdate(at)) for key, surveyor, at in told}


def _forecast(
    survey: Survey, surveyor: User | None, left: int, days: Iterable[date], today: date
) -> Forecast:
    begin = max(survey.begun_on, today - timedelta(days=_DAYS - 1))
    counts = np.zeros(max(0, (today - begin).days + 1), dtype=np.int64)
    for day in days:
        if begin <= day <= today:
            counts[(day - begin).days] += 1
    found = pace(counts, left, draws=_DRAWS, most_days=_MOST_DAYS, seed=_SEED)
    early, likely, late = (
        (None, None, None)
        if found is None
        else (today + timedelta(days=days) for days in found.days_left)
    )
    needed = None
    if survey.due_on is not None and survey.due_on > today:
        needed = left / (survey.due_on - today).days
    is_behind = bool(left and survey.due_on and (likely is None or likely > survey.due_on))
    a_day = None if found is None else found.a_day
    return Forecast(surveyor, left, a_day, needed, early, likely, late, is_behind)
