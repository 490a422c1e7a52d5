"""Second looks: drawn at random, and how far they agree with the first, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from django.db import transaction

from bazafarin.adapters.survey_form.observations import OBSERVABLE
from bazafarin.analysis.agreement import agreement
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.surveys.models import Revisit, Submission, SubmissionState, Survey

if TYPE_CHECKING:
    import random

    from bazafarin.web.accounts.models import User

_NOT_COMPARED = frozenset({"surveyed_on"})
"""What two visits must differ in."""


@transaction.atomic
def draw(
    *, by: User | None, survey: Survey, surveyor: User, count: int, chance: random.Random
) -> int:
    """Draw parcels to be seen again by ``surveyor``; return how many there were to draw.

    They are drawn from those of which another surveyor's answer waits or was accepted, and that
    were not drawn before; each is as likely as every other.

    Raises:
        UsageError: the survey is closed, the surveyor fills no forms there, or nothing is left to
            draw.
    """
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey.pk)
    check_may(by, Permission.RUN_SURVEYS, survey.place)
    if survey.closed_on:
        raise UsageError("web_surveys.error.survey_closed", title=survey.title)
    if not has_permission(surveyor, Permission.FILL_FORMS, survey.place):
        raise UsageError("web_surveys.error.no_surveyor", name=str(surveyor))
    counted = [SubmissionState.WAITING, SubmissionState.ACCEPTED]
    sent = survey.submissions.filter(state__in=counted).exclude(
        parcel_key__in=survey.revisits.values("parcel_key")
    )
    newest = dict(sent.order_by("pk").values_list("parcel_key", "pk"))
    own = set(sent.filter(made_by=surveyor).values_list("parcel_key", flat=True))
    eligible = sorted(newest.keys() - own)
    if not eligible:
        raise UsageError("web_surveys.error.none_to_draw", name=str(surveyor))
    drawn = sorted(chance.sample(eligible, min(count, len(eligible))))
    Revisit.objects.bulk_create(
        [
            Revisit(
                survey=survey,
                parcel_key=key,
                first_id=newest[key],
                surveyor=surveyor,
                drawn_by=by,
            )
            for key in drawn
        ]
    )
    record(
        "survey.revisits_drawn", by=by, subject_kind="survey", subject_id=survey.pk,
        place_path=survey.place.path,
        after={"surveyor": surveyor.username, "parcels": drawn},
    )  # fmt: skip
    return len(drawn)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two looks agree on one column: ``kappa`` None where it is unknown."""

    column: str
    pairs: int
    equal: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True)
class SurveyorAgreement:
    """How often the first answers of a surveyor were found again by somebody else."""

    surveyor: User
    pairs: int
    equal: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """How far second looks agree with first ones."""

    drawn: int
    done: int
    columns: tuple[Agreement, ...]
    surveyors: tuple[SurveyorAgreement, ...]


def quality_of(survey: Survey) -> Quality:
    """Return how far the second looks of a survey agree with the first."""
    rows = list(
        survey.revisits.select_related("first__made_by", "second").defer(
            "first__xml", "second__xml"
        )
    )
    done = [row for row in rows if row.second is not None]
    names = [column.name for column in OBSERVABLE if column.name not in _NOT_COMPARED]
    first = _table([row.first for row in done], names)
    second = _table([row.second for row in done if row.second is not None], names)
    found = agreement(first, second)
    asked = found[found["pairs"] > 0]
    both = first.notna() & second.notna()
    equal = (first == second) & both
    by: dict[int, list[int]] = {}
    for at, row in enumerate(done):
        by.setdefault(row.first.made_by_id, []).append(at)
    return Quality(
        drawn=len(rows),
        done=len(done),
        columns=tuple(
            Agreement(str(name), int(pairs), _known(share), _known(kappa))
            for name, pairs, share, kappa in asked.itertuples()
        ),
        surveyors=tuple(
            SurveyorAgreement(
                done[places[0]].first.made_by,
                len(places),
                _known(
                    equal.iloc[places].to_numpy().sum() / max(1, both.iloc[places].to_numpy().sum())
                )
                if both.iloc[places].to_numpy().any()
                else None,
            )
            for places in by.values()
        ),
    )


def _table(answers: list[Submission], names: list[str]) -> pd.DataFrame:
    """Return what answers told, as text; a column that one says nothing of is missing."""
    rows = [[answer.seen.get(name) for name in names] for answer in answers]
    texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
    return pd.DataFrame(texts, columns=names, dtype="object")


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
