"""Asking for work, cancelling it, and writing down how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bazafarin.web.audit.record import record
from bazafarin.web.jobs.models import OPEN_STATES, Job, JobState
from bazafarin.web.jobs.registry import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Place


@transaction.atomic
def ask(kind: str, *, by: User | None, place: Place | None, asked: Mapping[str, object]) -> Job:
    """Put work into the line."""
    job = Job(kind=kind, by=by, place=place, asked=dict(asked))
    job.steps = len(kind_of(job).stages)
    job.save()
    record(
        "job.asked", by=by, subject_kind="job", subject_id=job.pk,
        place_path=place.path if place else "", after={"kind": kind},
    )  # fmt: skip
    return job


@transaction.atomic
def cancel(*, by: User, job: Job) -> None:
    """Ask for the end of a job: one that waits ends at once, one that runs is told."""
    waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
    if waiting.update(state=JobState.CANCELLED, ended_at=timezone.now(), is_cancel_asked=True):
        kind_of(job).undo(job)
    elif not Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(is_cancel_asked=True):
        return
    record(
        "job.cancelled", by=by, subject_kind="job", subject_id=job.pk,
        place_path=job.place.path if job.place else "",
    )  # fmt: skip


def begin_next(*, pid: int) -> Job | None:
    """Return the oldest job that waits, now running; None where none waits.

    Two workers that ask at once do not get the same: only one of them changes its state.
    """
    for job in Job.objects.filter(state=JobState.WAITING).order_by("id")[:8]:
        now = timezone.now()
        if Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
            state=JobState.RUNNING, began_at=now, beat_at=now, pid=pid
        ):
            return Job.objects.get(pk=job.pk)
    return None


def tell_stage(job: Job, stage: str) -> None:
    """Write down what the job is doing now."""
    stages = kind_of(job).stages
    step = stages.index(stage) if stage in stages else job.step
    Job.objects.filter(pk=job.pk).update(stage=stage, step=step, beat_at=timezone.now())
    job.stage, job.step = stage, step


@transaction.atomic
def end(
    job: Job,
    state: JobState,
    *,
    result: Mapping[str, object] | None = None,
    error: Mapping[str, object] | None = None,
) -> None:
    """Write down how a job ended; what did not end well is undone with it."""
    changed = Job.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
        state=state, ended_at=timezone.now(), result=dict(result or {}), error=dict(error or {})
    )
    if changed and state != JobState.DONE:
        kind_of(job).undo(job)
    if changed:
        record(
            f"job.{state}", by=None, subject_kind="job", subject_id=job.pk,
            place_path=job.place.path if job.place else "",
        )  # fmt: skip
