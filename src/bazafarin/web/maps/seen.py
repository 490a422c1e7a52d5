"""What of a city's rows somebody may see, as the tiles and the panel ask it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.places.models import Place
from bazafarin.web.places.queries import COLUMN_NEEDS
from bazafarin.web.places.scope import below, is_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City

_ASKED = (Permission.SEE_PLACES, Permission.SEE_BUILDINGS, Permission.SEE_PLANS)
"""The permissions that a tile depends on."""


@dataclass(frozen=True)
class Seen:
    """Where in a city one may do a thing: everywhere, or in some neighbourhoods alone."""

    everywhere: bool
    neighbourhoods: frozenset[int]

    def rows(self, places: Sequence[int | None]) -> npt.NDArray[np.bool_]:
        """Return in which rows one may, by their neighbourhoods."""
        if self.everywhere:
            return np.ones(len(places), dtype=bool)
        return np.array([place in self.neighbourhoods for place in places], dtype=bool)

    def masked(
        self, cells: npt.NDArray[np.object_], places: npt.NDArray[np.object_]
    ) -> npt.NDArray[np.object_]:
        """Return the cells, None in rows where one may not."""
        held = np.array(cells, dtype=object)
        held[~self.rows(places.tolist())] = None
        return held

    @property
    def anywhere(self) -> bool:
        """Return whether one may in any part."""
        return self.everywhere or bool(self.neighbourhoods)


def seen_in(user: User, permission: Permission, city: City) -> Seen:
    """Return where in ``city`` one holds ``permission``."""
    if is_whole(user, permission, city):
        return Seen(everywhere=True, neighbourhoods=frozenset())
    inside = [path for path in paths_with(user, permission) if path.startswith(city.place.path)]
    if not inside:
        return Seen(everywhere=False, neighbourhoods=frozenset())
    found = Place.objects.filter(below(inside, "path")).values_list("pk", flat=True)
    return Seen(everywhere=False, neighbourhoods=frozenset(found))


def may_see_column(user: User, column: str, city: City) -> bool:
    """Return whether a column is seen in some part of ``city`` at least."""
    needed = COLUMN_NEEDS.get(column)
    return needed is None or seen_in(user, needed, city).anywhere


def mark_of(user: User, city: City) -> str:
    """Return what changes with whatever one may see in ``city``, and says nothing of it."""
    told = "|".join(",".join(paths_with(user, permission)) for permission in _ASKED)
    return hashlib.sha256(f"{city.pk}|{told}".encode()).hexdigest()[:16]
