"""What a caller asks for and sees, or ``Http404``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces.editions import edition_numbered
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City


def city_at(user: User, number: int) -> City:
    """Return a city of which somebody sees a part at least."""
    return get_object_or_404(cities_for(user, Permission.SEE_PLACES), pk=number)


def edition_asked(city: City, number: int | None) -> int:
    """Return the number of an accepted edition; without one, of the current."""
    return city.current if number is None else edition_numbered(city, str(number))
