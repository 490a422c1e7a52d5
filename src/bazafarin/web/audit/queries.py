"""The events that a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User

ACTIONS: Final = (
    "person", "role", "password", "edition", "place", "target_area", "parcel", "boundary", "plan",
    "job",
)  # fmt: skip
"""How actions begin that a reader chooses from; their words are those of ``web_audit.begins``."""


def events_for(user: User) -> QuerySet[AuditEvent]:
    """Return the events of the places whose audit ``user`` may see.

    An event of no place, such as a change of a password, is seen by whoever did it.
    """
    inside = below(paths_with(user, Permission.SEE_AUDIT), "place_path")
    own = AuditEvent.objects.filter(place_path="", by=user)
    return (AuditEvent.objects.filter(inside) | own).select_related("by")
