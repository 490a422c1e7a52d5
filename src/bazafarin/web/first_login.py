"""The first way into a site: an administrator of the whole country, who adds all others."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.db import transaction

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from bazafarin.web.places.models import Place

FIRST: Final = "administrator"
"""The user's name where none is given."""


def has_people() -> bool:
    """Return whether anybody can sign in already."""
    from bazafarin.web.accounts.models import User  # noqa: PLC0415 - Django is set up by now

    return User.objects.filter(is_active=True).exists()


@transaction.atomic
def add_administrator(user: str) -> str:
    """Add an administrator who must change the password that is returned.

    Raises:
        UsageError: the name is taken, or is no name of a user.
    """
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - Django is set up by now

    from bazafarin.adapters import wording  # noqa: PLC0415
    from bazafarin.web.accounts import actions  # noqa: PLC0415
    from bazafarin.web.accounts.models import User  # noqa: PLC0415
    from bazafarin.web.accounts.permissions import Role  # noqa: PLC0415

    if User.objects.filter(username=user).exists():
        raise UsageError("usage.user_taken", user=user)
    try:
        User._meta.get_field("username").clean(user, None)
    except ValidationError as error:
        raise UsageError("usage.user_name", user=user) from error
    password = secrets.token_urlsafe(12)
    name = wording.text(f"web_accounts.roles.{Role.ADMINISTRATOR}", "fa")
    person = actions.add_person(by=None, username=user, name_fa=name, password=password)
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    for place in _roots():
        actions.give_role(by=None, user=person, role=Role.ADMINISTRATOR, place=place)
    return password


def _roots() -> list[Place]:
    """Return the places that stand at the top; a site without any gets the country."""
    from bazafarin.adapters import wording  # noqa: PLC0415 - Django is set up by now
    from bazafarin.web.places import actions  # noqa: PLC0415
    from bazafarin.web.places.models import Place  # noqa: PLC0415
    from bazafarin.web.places.models.place import PlaceKind  # noqa: PLC0415

    found = list(Place.objects.filter(parent=None))
    if found:
        return found
    name = wording.text("web_places.country", "fa")
    return [actions.add_place(by=None, kind=PlaceKind.COUNTRY, name_fa=name, parent=None)]
