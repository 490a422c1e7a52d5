"""A case, the parcels that it is about, and what has happened in it."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CaseKind(StrEnum):
    """What a case asks for."""

    ARTICLE_5 = "article_5"
    PERMIT = "permit"
    LAND_USE_CHANGE = "land_use_change"
    CONSOLIDATION = "consolidation"
    COMPLAINT = "complaint"
    OTHER = "other"


class CaseEventKind(StrEnum):
    """What has happened in a case."""

    OPENED = "opened"
    REFERRED = "referred"
    """It was sent to somebody for their opinion or work."""
    RETURNED = "returned"
    """It was sent back to be completed."""
    SESSION = "session"
    DECIDED = "decided"
    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"


class Case(models.Model):
    """A case of a city; ``place`` is the neighbourhood of its parcels, or the city over several.

    ``number`` counts the cases of a city from 1 on. Who sees a case is decided at its place.
    """

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="cases")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in CaseKind])
    subject = models.CharField(max_length=200)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """A number names one case of a city; it is closed no earlier than it was opened."""

        ordering = ("-opened_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("city", "number"), name="case_of_a_number"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in CaseKind]), name="case_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="case_in_order",
            ),
        )
        indexes = (models.Index(fields=("opened_on", "id"), name="case_by_day"),)

    def __str__(self) -> str:
        """Return the number and the subject."""
        return f"{self.number}: {self.subject}"


class CaseParcel(models.Model):
    """A parcel that a case is about, by its code: an edition may name its land anew."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parcels")
    key = models.CharField(max_length=120, db_index=True)

    class Meta:
        """A parcel is in a case once."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("case", "key"), name="case_parcel_once"),)

    def __str__(self) -> str:
        """Return the parcel's code."""
        return self.key


class CaseEvent(models.Model):
    """What has happened in a case on a day; events are added and never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in CaseEventKind]
    )
    happened_on = models.DateField()
    words = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they happened."""

        ordering = ("happened_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in CaseEventKind]),
                name="case_event_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        """Return the kind and the day."""
        return f"{self.kind} {self.happened_on}"
