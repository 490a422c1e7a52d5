"""Which places, and which rows of a city, somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import City, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User

    Somebody = User | AnonymousUser

NOTHING = Q(pk__in=())


def below(paths: Iterable[str], field: str) -> Q:
    """Return the condition that the path in ``field`` stands at or below one of ``paths``."""
    condition = NOTHING
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def places_for(user: Somebody, permission: Permission) -> QuerySet[Place]:
    """Return the places at which ``user`` may do it."""
    return Place.objects.filter(below(paths_with(user, permission), "path"))


def cities_for(user: Somebody, permission: Permission) -> QuerySet[City]:
    """Return the cities of which ``user`` may do it to some part at least."""
    paths = paths_with(user, permission)
    inside = below(paths, "place__path")
    for path in paths:
        # a role at a neighbourhood opens its city, of which it then sees that neighbourhood
        ids = [int(part) for part in path.strip("/").split("/")]
        inside |= Q(place_id__in=ids)
    return City.objects.filter(inside).select_related("place").distinct()


def rows_for(user: Somebody, permission: Permission, city: City) -> Q:
    """Return the condition on rows of ``city`` (its features) that ``user`` may do it to.

    What belongs to no neighbourhood, as a street, is seen by whoever sees a part of the city.
    """
    paths = paths_with(user, permission)
    if any(city.place.path.startswith(path) for path in paths):
        return Q()
    inside = [path for path in paths if path.startswith(city.place.path)]
    if not inside:
        return NOTHING
    ids = list(Place.objects.filter(below(inside, "path")).values_list("pk", flat=True))
    return Q(in_neighbourhood__in=ids) | Q(in_neighbourhood=None)


def is_whole(user: Somebody, permission: Permission, city: City) -> bool:
    """Return whether ``user`` may do it to the whole of ``city``."""
    return any(city.place.path.startswith(path) for path in paths_with(user, permission))
