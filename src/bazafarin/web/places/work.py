"""The background work of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.jobs.registry import Kind, register
from bazafarin.web.places.actions import PREPARE
from bazafarin.web.places.models import Edition
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.preparing import STAGES, discard, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bazafarin.web.jobs.models import Job


def _prepare(job: Job, on_stage: Callable[[str], None]) -> Mapping[str, object]:
    return prepare(_edition(job), on_stage=on_stage)


def _undo(job: Job) -> None:
    """Leave nothing of an edition whose preparation did not end well."""
    edition = _edition(job)
    if edition.state == EditionState.READING:
        discard(edition)
        edition.state = EditionState.FAILED
        edition.save(update_fields=["state"])


def _edition(job: Job) -> Edition:
    return Edition.objects.select_related("city__place").get(pk=job.asked["edition"])


register(Kind(PREPARE, _prepare, STAGES, _undo))
