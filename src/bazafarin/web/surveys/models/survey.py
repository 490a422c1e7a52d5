"""A survey of a neighbourhood, and which surveyor has which of its blocks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bazafarin.web.surveys.models.form import Form


class Survey(models.Model):
    """A survey, parcel by parcel, of a place of a city, with a form that knows parcels.

    ``due_on`` is the day by which it should be done; unknown where none was set.
    """

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="surveys")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=200)
    begun_on = models.DateField()
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One survey of a place with a form is open at a time; its days are in order."""

        ordering = ("-begun_on", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("place", "form"), condition=Q(closed_on=None), name="survey_open_once"
            ),
            models.CheckConstraint(
                condition=(Q(due_on=None) | Q(due_on__gte=F("begun_on")))
                & (Q(closed_on=None) | Q(closed_on__gte=F("begun_on"))),
                name="survey_in_order",
            ),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Assignment(models.Model):
    """A block that a surveyor has, from a moment on and until it is taken back.

    ``parcel_keys`` are the parcels that it had then: a later edition may number derived blocks
    anew, and a surveyor keeps the ground that they were given.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="assignments")
    block_key = models.CharField(max_length=120)
    surveyor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    parcel_keys = models.JSONField()
    given_at = models.DateTimeField(auto_now_add=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A block of a survey is with one surveyor at a time."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("survey", "block_key"), condition=Q(ended_at=None),
                name="block_given_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """Return the block and who has it."""
        return f"{self.block_key}: {self.surveyor_id}"
