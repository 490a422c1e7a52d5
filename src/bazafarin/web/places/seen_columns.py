"""Which columns of a layer somebody may see, and at which of a city's rows.

What is known of buildings and of people is seen by permission at the place of the row: a
surveyor of one neighbourhood sees the people of that neighbourhood and of no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from bazafarin.domain.city import LAYERS, ColumnSpec, Kind
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.layers import field_of
from bazafarin.web.places.models import Place
from bazafarin.web.places.queries import COLUMN_NEEDS
from bazafarin.web.places.scope import NOTHING, below, is_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.places.models import City
    from bazafarin.web.places.scope import Somebody

_FOUND: Final[Mapping[str, tuple[ColumnSpec, ...]]] = {
    "parcels": (
        ColumnSpec("in_block", Kind.ID),
        ColumnSpec("area_m2", Kind.NUMBER, unit="m2"),
    ),
    "blocks": (
        ColumnSpec("is_derived", Kind.BOOLEAN),
        ColumnSpec("area_m2", Kind.NUMBER, unit="m2"),
    ),
}
"""What a table holds beside the columns of the city file."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Where in a city something is seen: in all of it, or in these neighbourhoods alone."""

    is_whole: bool
    neighbourhoods: frozenset[int] = frozenset()

    @property
    def is_nowhere(self) -> bool:
        """Return whether it is seen at no row at all."""
        return not self.is_whole and not self.neighbourhoods

    def covers(self, neighbourhood: int | None) -> bool:
        """Return whether it is seen at a row of this neighbourhood; None is of none."""
        return self.is_whole or neighbourhood in self.neighbourhoods

    def rows(self) -> Q:
        """Return the condition on the rows at which it is seen."""
        if self.is_whole:
            return Q()
        ids = sorted(self.neighbourhoods)
        return Q(in_neighbourhood__in=ids) if ids else NOTHING


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column and where it is seen."""

    spec: ColumnSpec
    sight: Sight

    @property
    def name(self) -> str:
        """Return the column's name in the city file."""
        return self.spec.name

    @property
    def field(self) -> str:
        """Return the model's field."""
        return field_of(self.spec.name)


def sight_of(user: Somebody, permission: Permission, city: City) -> Sight:
    """Return where in ``city`` somebody may do it, at the rows' own places."""
    if is_whole(user, permission, city):
        return Sight(is_whole=True)
    inside = [p for p in paths_with(user, permission) if p.startswith(city.place.path)]
    if not inside:
        return Sight(is_whole=False)
    ids = Place.objects.filter(below(inside, "path")).values_list("pk", flat=True)
    return Sight(is_whole=False, neighbourhoods=frozenset(ids))


def seen_columns(user: Somebody, city: City, layer: str) -> tuple[SeenColumn, ...]:
    """Return the columns of a layer that somebody sees at one row at least.

    A column's name decides: the population of a neighbourhood is as people's as a parcel's.
    """
    sights: dict[Permission, Sight] = {}
    seen = []
    for spec in (*LAYERS[layer].columns, *_FOUND.get(layer, ())):
        needed = COLUMN_NEEDS.get(spec.name)
        if needed is None:
            seen.append(SeenColumn(spec, Sight(is_whole=True)))
            continue
        if needed not in sights:
            sights[needed] = sight_of(user, needed, city)
        if not sights[needed].is_nowhere:
            seen.append(SeenColumn(spec, sights[needed]))
    return tuple(seen)
