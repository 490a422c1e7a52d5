"""An office, who works there, and what was done."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Office(models.Model):
    """A facilitation office of a neighbourhood."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="offices")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One office of a place is open at a time; it closes no earlier than it opened."""

        ordering = ("place__path", "-opened_on")
        constraints = (
            models.UniqueConstraint(
                fields=("place",), condition=Q(closed_on=None), name="office_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="office_in_order",
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class OfficeWorker(models.Model):
    """Somebody who works in an office, from a day on and until they leave."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="workers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offices"
    )
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """Somebody works in an office once at a time, and leaves no earlier than they came."""

        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("office", "user"), condition=Q(until=None), name="worker_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="worker_in_order"
            ),
        )

    def __str__(self) -> str:
        """Return who works where."""
        return f"{self.user_id}: {self.office_id}"


class DoneKind(StrEnum):
    """What an office did."""

    VISIT = "visit"
    """A visit to residents, or to a parcel."""
    MEETING = "meeting"
    TRAINING = "training"
    REFERRAL = "referral"
    """An owner was sent to somebody: a bank, the municipality, an agency."""
    ADVICE = "advice"
    OTHER = "other"


class Done(models.Model):
    """What an office did on a day; records are added and never changed.

    ``people`` is how many residents took part, unknown where nobody counted; ``duty`` the code of
    the duty that it served; ``parcel_key`` the parcel that it was about, empty for none.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="done")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in DoneKind])
    duty = models.CharField(max_length=40)
    happened_on = models.DateField()
    people = models.PositiveIntegerField(null=True)
    parcel_key = models.CharField(max_length=120, blank=True)
    referred_to = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first; a referral names to whom."""

        ordering = ("-happened_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in DoneKind]), name="done_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="referral") | ~Q(referred_to=""), name="done_referred_to_whom"
            ),
        )
        indexes = (models.Index(fields=("office", "happened_on"), name="done_by_day"),)

    def __str__(self) -> str:
        """Return the kind and the day."""
        return f"{self.kind} {self.happened_on}"
