"""A form and its versions."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q


class FormState(StrEnum):
    """What has become of a version of a form."""

    DRAFT = "draft"
    """It was compiled, and no phone is given it yet."""
    PUBLISHED = "published"
    """Phones are given it; a form has one such version."""
    WITHDRAWN = "withdrawn"
    """Phones are given it no more; what was answered on it is still taken."""


class Form(models.Model):
    """A form of a place; ``form_id`` is what a phone knows it by."""

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    form_id = models.CharField(max_length=200, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they were made."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Return the id that phones know."""
        return self.form_id


class FormVersion(models.Model):
    """A version of a form, as it was sent in and as phones get it.

    ``asks_of_parcels`` where phones need the list of parcels to fill it. ``mapping`` says which
    question tells which column of the parcels: a list of ``column``, ``path`` and ``values``.
    ``warnings`` are the compiler's own words.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200)
    source_name = models.CharField(max_length=200)
    source = models.BinaryField()
    xform = models.TextField()
    asks_of_parcels = models.BooleanField()
    md5 = models.CharField(max_length=32)
    warnings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    state = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in FormState]
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A version is there once, and one version of a form is published."""

        ordering = ("form", "-id")
        constraints = (
            models.UniqueConstraint(fields=("form", "version"), name="form_version_once"),
            models.UniqueConstraint(
                fields=("form",), condition=Q(state="published"), name="form_published_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in FormState]), name="form_of_a_state"
            ),
        )

    def __str__(self) -> str:
        """Return the form's id and the version."""
        return f"{self.form_id}/{self.version}"


class FormMedia(models.Model):
    """A file that a version needs on the phone: a list to choose from, a picture to show."""

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="media")
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    md5 = models.CharField(max_length=32)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A name is a version's once."""

        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("version", "name"), name="form_media_once"),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
