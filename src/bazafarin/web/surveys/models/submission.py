"""What was sent from a phone or a desk, its photos, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from bazafarin.web.surveys.models.form import FormVersion
from bazafarin.web.surveys.models.survey import Survey


class SubmissionState(StrEnum):
    """What has become of a submission."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    """Its surveyor is to look again, for the reason in its last review."""
    REPLACED = "replaced"
    """Another stands in its place: its surveyor sent a newer one, or a reviewer took another's."""
    REVISIT = "revisit"
    """A second look, compared with the first and never taken."""


class Submission(models.Model):
    """One filled form.

    ``instance_id`` is the phone's own: what comes again under it is the same submission. ``xml``
    is what was sent, byte by byte. ``parcel_key`` is empty where the form asks of no parcel;
    ``block_key`` is the block by which its surveyor had the parcel.
    ``seen`` and ``unfit`` are what the answers tell of the parcel's columns, and the answers that
    tell nothing their column can hold. ``base_edition`` is the edition since which the phone's
    picture of the parcel held; ``distance_m`` is how far from the parcel the place lies that the
    phone wrote down; both are unknown where the phone does not say.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    survey = models.ForeignKey(
        Survey, null=True, on_delete=models.PROTECT, related_name="submissions"
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    parcel_key = models.CharField(max_length=120, blank=True)
    block_key = models.CharField(max_length=120, blank=True)
    instance_id = models.CharField(max_length=200, unique=True)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    xml = models.BinaryField()
    seen = models.JSONField(default=dict)
    unfit = models.JSONField(default=dict)
    state = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in SubmissionState]
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    received_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    distance_m = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    base_edition = models.PositiveIntegerField(null=True)
    edition = models.ForeignKey(
        "places.Edition", null=True, on_delete=models.PROTECT, related_name="submissions"
    )

    class Meta:
        """The newest first; found by survey and state, and by parcel."""

        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in SubmissionState]),
                name="submission_of_a_state",
            ),
            models.CheckConstraint(
                condition=Q(edition=None) | Q(state="accepted"), name="submission_in_an_edition"
            ),
        )
        indexes = (
            models.Index(fields=("survey", "state"), name="submission_by_state"),
            models.Index(fields=("survey", "parcel_key"), name="submission_by_parcel"),
        )

    def __str__(self) -> str:
        """Return the phone's id."""
        return self.instance_id


class Attachment(models.Model):
    """A file of a submission: ``sha256`` names it among the site's files."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A name is a submission's once."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("submission", "name"), name="attachment_once"),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class ReviewKind(StrEnum):
    """What a reviewer has done."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    EDITED = "edited"
    PASSED_OVER = "passed_over"
    """Another answer about the same parcel was taken instead."""


class Review(models.Model):
    """What a reviewer has done to a submission; reviews are added and never changed.

    ``before`` and ``after`` are the columns that an edit changed.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in ReviewKind]
    )
    note = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they were made."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in ReviewKind]), name="review_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        """Return what was done."""
        return self.kind
