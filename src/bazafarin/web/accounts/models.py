"""The user, and a role at a place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from bazafarin.web.accounts.permissions import Role

if TYPE_CHECKING:
    from datetime import datetime


class User(AbstractUser):
    """Somebody who signs in.

    Django's own flags for its admin (``is_staff``, ``is_superuser``) mean nothing here: what
    somebody may do follows from memberships alone.
    """

    name_fa = models.CharField(max_length=120, blank=True)
    must_change_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Return the name that others know."""
        return self.name_fa or self.get_full_name() or self.username

    @cached_property
    def roles_at(self) -> tuple[tuple[Role, str], ...]:
        """Return each role in force with the path of its place; read once a request."""
        return tuple(
            (Role(role), path)
            for role, path in self.memberships.filter(ended_at=None).values_list(
                "role", "place__path"
            )
        )


class Membership(models.Model):
    """A role at a place, from a moment on and until it is taken back."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="memberships")
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A role at a place is held once, and is one of the roles."""

        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "place"),
                condition=models.Q(ended_at=None),
                name="membership_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="membership_of_a_role",
            ),
        )

    def __str__(self) -> str:
        """Return who is what where."""
        return f"{self.user_id} {self.role} {self.place_id}"


class Token(models.Model):
    """What a program shows in its owner's stead; only a digest of it is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the name that its owner gave."""
        return self.name

    def is_in_force(self, now: datetime) -> bool:
        """Return whether it opens anything at ``now``."""
        return now < self.ends_at and self.user.is_active
