"""The background work of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.jobs.models import OPEN_STATES, Job
from bazafarin.web.jobs.registry import Kind, at_start, register
from bazafarin.web.places.actions import PREPARE, give_up
from bazafarin.web.places.models import Edition
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.preparing import STAGES, discard, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _prepare(job: Job, on_stage: Callable[[str], None]) -> Mapping[str, object]:
    return prepare(_edition(job), on_stage=on_stage)


def _undo(job: Job) -> None:
    """Leave nothing of an edition whose preparation did not end well."""
    edition = _edition(job)
    if edition.state == EditionState.READING:
        discard(edition)
        edition.state = EditionState.FAILED
        edition.save(update_fields=["state"])


def _put_away_uploads() -> None:
    """End the editions whose upload a server was stopped in: no job reads them."""
    read = Job.objects.filter(kind=PREPARE, state__in=OPEN_STATES).values_list("asked", flat=True)
    numbers = [asked["edition"] for asked in read]
    waiting = Edition.objects.filter(state=EditionState.READING).exclude(pk__in=numbers)
    for edition in waiting.select_related("city__place"):
        discard(edition)
        give_up(edition=edition)


def _edition(job: Job) -> Edition:
    return Edition.objects.select_related("city__place").get(pk=job.asked["edition"])


at_start(_put_away_uploads)
register(Kind(PREPARE, _prepare, STAGES, _undo))
