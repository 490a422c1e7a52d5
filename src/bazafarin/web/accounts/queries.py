"""What the pages of people show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch

from bazafarin.web.accounts.models import Membership, User
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from django.db.models import QuerySet


def people_for(by: User) -> QuerySet[User]:
    """Return the people with a role where ``by`` manages people, and those without any role yet."""
    in_force = Membership.objects.filter(ended_at=None)
    mine = in_force.filter(below(paths_with(by, Permission.MANAGE_PEOPLE), "place__path"))
    held = Prefetch("memberships", in_force.select_related("place"), to_attr="held")
    return (
        User.objects.annotate(
            is_mine=Exists(mine.filter(user=OuterRef("pk"))),
            has_role=Exists(in_force.filter(user=OuterRef("pk"))),
        )
        .exclude(is_mine=False, has_role=True)
        .prefetch_related(held)
        .order_by("username")
    )
