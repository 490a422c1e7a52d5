"""The administrative tree as its pages show it: what one sees of it, and what stands below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Block, City, Facility, Parcel, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User

KINDS_BELOW: Final[Mapping[PlaceKind, tuple[PlaceKind, ...]]] = {
    PlaceKind.COUNTRY: (PlaceKind.PROVINCE,),
    PlaceKind.PROVINCE: (PlaceKind.COUNTY, PlaceKind.CITY),
    PlaceKind.COUNTY: (PlaceKind.CITY,),
    PlaceKind.CITY: (PlaceKind.DISTRICT, PlaceKind.NEIGHBOURHOOD),
    PlaceKind.DISTRICT: (PlaceKind.NEIGHBOURHOOD,),
    PlaceKind.NEIGHBOURHOOD: (),
}
"""Which kinds of place stand directly below a kind."""


def places_seen(user: User, *, named: str = "") -> QuerySet[Place]:
    """Return the places at and below which ``user`` has any role, and all that these stand in.

    ``named`` is a part of a name or a code.
    """
    paths = sorted({path for _, path in user.roles_at}) if user.is_active else []
    above = {int(part) for path in paths for part in path.strip("/").split("/")}
    found = Place.objects.filter(below(paths, "path") | Q(pk__in=above))
    if named:
        asked = normalise_text(named)
        found = found.filter(Q(name_fa__icontains=asked) | Q(code__istartswith=asked))
    return found.select_related("parent", "city")


def places_above(place: Place) -> list[Place]:
    """Return what a place stands in, from the top of the tree down."""
    ids = [int(part) for part in place.path.strip("/").split("/")][:-1]
    return sorted(Place.objects.filter(pk__in=ids), key=lambda each: each.path.count("/"))


def city_above(user: User, place: Place) -> City | None:
    """Return the city that a place is or stands in, where ``user`` sees places of it."""
    ids = [int(part) for part in place.path.strip("/").split("/")]
    city = City.objects.filter(place_id__in=ids).select_related("place").first()
    sees = any(place.path.startswith(path) for path in paths_with(user, Permission.SEE_PLACES))
    return city if sees else None


def counts_of(city: City, place: Place) -> dict[str, int]:
    """Return how many parcels, blocks and facilities a neighbourhood has in the current edition."""
    return {
        name: table.objects.of_edition(city).filter(in_neighbourhood=place).count()
        for name, table in (("parcels", Parcel), ("blocks", Block), ("facilities", Facility))
    }
