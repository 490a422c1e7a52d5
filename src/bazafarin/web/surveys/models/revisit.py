"""A second look at a parcel, by somebody else: drawn at random, to see how far people agree."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bazafarin.web.surveys.models.submission import Submission
from bazafarin.web.surveys.models.survey import Survey


class Revisit(models.Model):
    """A parcel that was drawn to be seen again.

    ``first`` is the answer that it is compared with, ``second`` the answer of ``surveyor``, who did
    not send the first; it is compared and never becomes the parcel's.
    """

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="revisits")
    parcel_key = models.CharField(max_length=120)
    first = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    second = models.OneToOneField(
        Submission, null=True, on_delete=models.PROTECT, related_name="revisit"
    )
    surveyor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revisits"
    )
    drawn_at = models.DateTimeField(auto_now_add=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """A parcel of a survey is drawn once."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("survey", "parcel_key"), name="revisit_once"),
        )

    def __str__(self) -> str:
        """Return the parcel's code."""
        return self.parcel_key
