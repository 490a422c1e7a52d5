"""A job: one piece of long work."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Its process ended before it was done: the machine or the server was stopped."""


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(models.Model):
    """One piece of work of a ``kind``, with what it was asked (``asked``) and its answer.

    ``stage`` is the wording key of what it is doing; ``step`` of ``steps`` tells how far it is.
    ``error`` holds the code and facts of what ended it. ``beat_at`` is the last sign of life.
    """

    kind = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)
    place = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    state = models.CharField(
        max_length=20,
        default=JobState.WAITING,
        choices=[(state.value, state.value) for state in JobState],
    )
    stage = models.CharField(max_length=80, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    pid = models.PositiveIntegerField(null=True)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)

    class Meta:
        """Newest first; a job that ended has its moment."""

        ordering = ("-id",)
        indexes = (models.Index(fields=("state", "id"), name="job_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at=None)
                | Q(
                    state__in=["done", "failed", "cancelled", "interrupted"], ended_at__isnull=False
                ),
                name="job_ended_at_a_moment",
            ),
        )

    def __str__(self) -> str:
        """Return the kind and number."""
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Return whether it waits or runs."""
        return self.state in OPEN_STATES
