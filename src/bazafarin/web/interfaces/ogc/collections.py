"""Which collections somebody sees: one for each layer of each city, such as ``city-1-parcels``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.core.cache import cache
from django.db.models import Max, Min
from django.http import Http404

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces.editions import seen_editions
from bazafarin.web.interfaces.ogc.reference_systems import CRS84, transformer
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bazafarin.web.places.models import City
    from bazafarin.web.places.scope import Somebody

_NAMED: Final = re.compile(r"city-([0-9]{1,9})-([a-z_]+)")
_SIDES: Final = ("west", "south", "east", "north")
_SMALL: Final = tuple(name for name in TABLES if name != "parcels")
"""The layers from which a city's extent is told: its parcels lie in its blocks."""
_KEPT_S: Final = 24 * 60 * 60


class Collection(NamedTuple):
    """A layer of a city."""

    city: City
    layer: str

    @property
    def name(self) -> str:
        """Return its id in addresses."""
        return f"city-{self.city.pk}-{self.layer}"


class Extent(NamedTuple):
    """Where and since when a city is known: a box in its own system, and in CRS84."""

    own: tuple[float, float, float, float]
    world: tuple[float, float, float, float]
    since: date | None


def collections_for(user: Somebody) -> Iterator[Collection]:
    """Yield the collections of the cities that somebody sees and that have an edition."""
    cities = cities_for(user, Permission.SEE_PLACES).filter(current__gt=0).order_by("pk")
    for city in cities:
        for layer in TABLES:
            yield Collection(city, layer)


def collection_named(user: Somebody, name: str) -> Collection:
    """Return the collection of an id; ``Http404`` where there is none that somebody sees."""
    match = _NAMED.fullmatch(name)
    if match is None or match[2] not in TABLES:
        raise Http404
    seen = cities_for(user, Permission.SEE_PLACES).filter(current__gt=0, pk=int(match[1]))
    city = seen.first()
    if city is None:
        raise Http404
    return Collection(city, match[2])


def extent_of(city: City) -> Extent | None:
    """Return where a city's current edition lies; None for one without shapes.

    An edition does not change once it is current, so its extent is worked out once.
    """
    key = f"extent-{city.pk}-{city.current}-{city.crs}"
    kept: tuple[Extent | None] | None = cache.get(key)
    if kept is None:
        kept = (_extent(city),)
        cache.set(key, kept, _KEPT_S)
    return kept[0]


def _extent(city: City) -> Extent | None:
    boxes: list[dict[str, Any]] = [
        TABLES[layer]
        .objects.of_edition(city)
        .aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
        for layer in _SMALL
    ]
    known = [[box[side] for side in _SIDES] for box in boxes if box["west"] is not None]
    if not known:
        return None
    sides = list(zip(*known, strict=True))
    own = (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
    since = seen_editions(city).order_by("dated").values_list("dated", flat=True).first()
    way = transformer(city.crs, "OGC:CRS84")
    west, south, east, north = way.transform_bounds(*own)
    return Extent(own, (west, south, east, north), since)


def spatial_extent(extent: Extent) -> dict[str, Any]:
    """Return an extent as a collection tells it."""
    begin = f"{extent.since.isoformat()}T00:00:00Z" if extent.since else None
    return {
        "spatial": {"bbox": [[round(side, 6) for side in extent.world]], "crs": CRS84},
        "temporal": {"interval": [[begin, None]]},
    }
