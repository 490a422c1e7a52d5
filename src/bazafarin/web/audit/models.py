"""One event of the audit."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditEvent(models.Model):
    """One change: ``action`` of ``subject`` by ``by``, with the values before and after.

    ``by`` is null only for what the system did by itself. ``place`` is the path of the place
    that it concerns, for whoever may see the events of that place.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=120)
    place_path = models.CharField(max_length=120, blank=True, db_index=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        """Newest first, and found by what it is about."""

        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_kind", "subject_id")),)

    def __str__(self) -> str:
        """Return the event in a line, for developers."""
        return f"{self.action} {self.subject_kind} {self.subject_id}"
