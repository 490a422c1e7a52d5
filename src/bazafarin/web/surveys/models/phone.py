"""The password of a phone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PhoneAccess(models.Model):
    """What a surveyor's phone shows: a password of its own, kept as the digest that HTTP asks.

    It opens the addresses of phones alone and nothing that its owner may not see.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phones"
    )
    ha1 = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One is in force at a time."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(ended_at=None), name="phone_in_force_once"
            ),
        )

    def __str__(self) -> str:
        """Return whose it is."""
        return str(self.user_id)
