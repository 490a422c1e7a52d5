"""An edition: one delivery, one correction, or accepted answers of a survey."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models

from bazafarin.web.places.models.city import City


class EditionKind(StrEnum):
    """Where an edition comes from."""

    DELIVERY = "delivery"
    CORRECTION = "correction"
    SURVEY = "survey"
    """What was seen on the ground: accepted answers of a survey."""


class EditionState(StrEnum):
    """What has become of an edition."""

    READING = "reading"
    """Being read, compared and staged; nobody sees its rows."""
    PREPARED = "prepared"
    """Staged; its changes can be looked at, and it waits to be accepted or refused."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    """It could not be read, or was stopped; nothing of it is left but its report."""


class Edition(models.Model):
    """The ``number``-th edition of a city, and who decided on it.

    ``report`` names the reading report in the site's files; ``changes`` counts, by layer, what is
    new, changed, vanished and unchanged, and for parcels what was split and merged.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in EditionKind]
    )
    state = models.CharField(
        max_length=20, choices=[(state.value, state.value) for state in EditionState]
    )
    dated = models.DateField()
    note = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    files = models.JSONField(default=dict)
    report = models.CharField(max_length=200, blank=True)
    sources = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    is_synthetic = models.BooleanField(default=False)
    content = models.CharField(max_length=64, blank=True)

    class Meta:
        """A number is given once; one edition at a time waits; a decision has its moment."""

        ordering = ("city", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("city", "number"),
                condition=models.Q(state__in=["reading", "prepared", "accepted"]),
                name="edition_number_of_a_city",
            ),
            models.UniqueConstraint(
                fields=("city",),
                condition=models.Q(state__in=["reading", "prepared"]),
                name="edition_waits_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["accepted", "refused"], decided_at__isnull=False)
                | models.Q(state__in=["reading", "prepared", "failed"], decided_at__isnull=True),
                name="edition_decided_at_a_moment",
            ),
        )

    def __str__(self) -> str:
        """Return the city's number of it, for developers."""
        return f"{self.city_id}/{self.number}"
