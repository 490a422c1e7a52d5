"""The offices that somebody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.offices.models import Office
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User


def offices_for(user: User, permission: Permission = Permission.SEE_OFFICES) -> QuerySet[Office]:
    """Return the offices that ``user`` may see, keep or run."""
    seen = below(paths_with(user, permission), "place__path")
    return Office.objects.filter(seen).select_related("place")
