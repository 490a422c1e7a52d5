"""What the pages of people show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q

from bazafarin.web.accounts.models import Membership, User
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from django.db.models import QuerySet


def people_for(by: User, *, named: str = "") -> QuerySet[User]:
    """Return the people with a role where ``by`` manages people.

    ``named`` is a part of a name or of a user name. Who has no role any more is still found where
    they last had one; who never had one, nowhere.
    """
    inside = below(paths_with(by, Permission.MANAGE_PEOPLE), "place__path")
    in_force = Membership.objects.filter(ended_at=None)
    held = Prefetch("memberships", in_force.select_related("place"), to_attr="held")
    asked = Q(username__icontains=named) | Q(name_fa__icontains=named)
    return (
        User.objects.filter(asked)
        .annotate(
            is_mine=Exists(in_force.filter(inside, user=OuterRef("pk"))),
            was_mine=Exists(Membership.objects.filter(inside, user=OuterRef("pk"))),
            has_role=Exists(in_force.filter(user=OuterRef("pk"))),
        )
        .filter(Q(is_mine=True) | Q(was_mine=True, has_role=False))
        .prefetch_related(held)
        .order_by("username")
    )
