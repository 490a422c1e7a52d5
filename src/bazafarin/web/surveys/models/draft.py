"""A form that somebody fills at a desk and has not sent yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from bazafarin.web.surveys.models.form import FormVersion


class Draft(models.Model):
    """What somebody has answered so far; it is theirs alone, and gone once it is sent or dropped.

    ``replaces`` is the id of the answer that came back and is answered anew; empty for none.
    ``revision`` counts how often it was kept: a page that shows an earlier one is told so.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="drafts")
    parcel_key = models.CharField(max_length=120, blank=True)
    instance_id = models.CharField(max_length=200, unique=True)
    replaces = models.CharField(max_length=200, blank=True)
    answers = models.BinaryField()
    begun_at = models.DateTimeField(auto_now_add=True)
    kept_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        """Somebody has one draft about a parcel; the newest first."""

        ordering = ("-kept_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "version", "parcel_key"), condition=~Q(parcel_key=""),
                name="draft_of_parcel_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """Return the id that the answer will have."""
        return self.instance_id


class DraftFile(models.Model):
    """A file of a draft: ``name`` is the answer, ``kept_as`` what it is called on the disk."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sent_as = models.CharField(max_length=200)
    kept_as = models.CharField(max_length=64, unique=True)

    class Meta:
        """A name is a draft's once."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("draft", "name"), name="draft_file_once"),)

    def __str__(self) -> str:
        """Return what it was called by who sent it."""
        return self.sent_as
