"""What the map asks: what a search finds, what a click tells, what lies about a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.db.models import Max, Min, Q

from bazafarin.adapters.persian_text import normalise_text, search_key
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.maps import plan_door
from bazafarin.web.maps.drawn_layers import DRAWN
from bazafarin.web.maps.tile_square import degrees, to_degrees
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.models import Edition, Facility, Neighbourhood, Parcel, Passage
from bazafarin.web.places.queries import facts_of, named_by
from bazafarin.web.places.scope import rows_for
from bazafarin.web.plans.block_words import reasons_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.geometry_field import Box
    from bazafarin.web.places.models import City, Feature
    from bazafarin.web.places.models.feature import FeatureQuerySet
    from bazafarin.web.places.queries import Fact

    Corners = tuple[float, float, float, float]
    from bazafarin.web.plans.block_words import BlockReasons
    from bazafarin.web.plans.models import BlockResult, Plan

SUGGESTIONS: Final = 8
"""Answers to a search: as many as one reads at a glance."""
NEIGHBOURS_MOST: Final = 2_000
"""Shapes that a browser is given to snap to."""
IRAN: Final = (44.0, 25.0, 63.5, 40.0)
"""What the map shows of a city without shapes, in degrees."""
_CORNERS: Final = ("west", "south", "east", "north")


def editions_shown(city: City) -> QuerySet[Edition]:
    """Return the accepted editions of a city, the newest first."""
    return Edition.objects.filter(city=city, state="accepted", number__lte=city.current).order_by(
        "-number"
    )


def rows_seen(user: User, city: City, number: int, layer: str) -> FeatureQuerySet[Any]:
    """Return the rows of a layer, as of an edition, that ``user`` sees."""
    return (
        TABLES[layer].objects.of_edition(city, number)
        .filter(rows_for(user, Permission.SEE_PLACES, city))
    )  # fmt: skip


def whole_view(user: User, city: City, number: int) -> Corners:
    """Return the corners, in degrees, of all parcels that ``user`` sees."""
    ends = rows_seen(user, city, number, "parcels").aggregate(
        west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
    )
    if ends["west"] is None:
        return IRAN
    return degrees((ends["west"], ends["south"], ends["east"], ends["north"]), city)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One answer to a search: what it is, what it is called, where it lies in degrees."""

    layer: str
    id: int
    name: str
    box: Corners


def find(user: User, city: City, number: int, asked: str) -> list[Suggestion]:
    """Return parcels whose code, plaque or postal code begins so, and places and lanes so named."""
    found: list[Feature] = []
    key, name = search_key(asked), normalise_text(asked)
    if key:
        parcels = rows_seen(user, city, number, "parcels").filter(named_by(user, city, asked))
        found += parcels.defer("geometry").order_by("search_key", "id")[:SUGGESTIONS]
    if name:
        for layer in ("neighbourhoods", "passages"):
            if len(found) < SUGGESTIONS:
                named = rows_seen(user, city, number, layer).filter(name_fa__icontains=name)
                found += named.defer("geometry").order_by("name_fa", "id")[
                    : SUGGESTIONS - len(found)
                ]
    return [_suggestion(city, row) for row in found if row.west is not None]


def _suggestion(city: City, row: Feature) -> Suggestion:
    layer = next(name for name, table in TABLES.items() if isinstance(row, table))
    box = degrees(tuple(getattr(row, side) for side in _CORNERS), city)
    return Suggestion(layer, row.pk, _name(row), box)


def _name(row: Feature) -> str:
    match row:
        case Neighbourhood() | Passage() if row.name_fa:
            return row.name_fa
        case Facility():
            return row.facility_id
        case _:
            return row.key


@dataclass(frozen=True)
class Told:
    """What a click on a feature tells."""

    layer: str
    row: Feature
    name: str
    facts: tuple[Fact, ...]
    block: str | None
    result: BlockResult | None
    plan: Plan | None
    may_correct: bool
    shape: dict[str, Any]
    services: tuple[dict[str, Any], ...] = ()
    area: int | None = None

    @property
    def reasons(self) -> BlockReasons | None:
        """Return why the plan judges the block as it does; None where it says nothing of it."""
        if self.plan is None or self.result is None:
            return None
        return reasons_of(self.result, self.plan.citations)


def told_of(  # noqa: PLR0913 - who asks of what in which edition and plan
    user: User, city: City, number: int, *, layer: str, row_id: int, plan: str
) -> Told | None:
    """Return what ``user`` may be told of a feature; None where there is none that they see."""
    if layer not in DRAWN:
        return None
    row = (
        rows_seen(user, city, number, layer)
        .select_related("in_neighbourhood").filter(pk=row_id, geometry__isnull=False).first()
    )  # fmt: skip
    if row is None:
        return None
    place = row.in_neighbourhood or city.place
    block = {"parcels": "in_block", "blocks": "block_id"}.get(layer)
    block_id = None if block is None else getattr(row, block)
    used = plan_door.plan_shown(user, city, number, plan)
    may_see = block_id is not None and has_permission(user, Permission.SEE_PLANS, place)
    result = plan_door.result_of(used, block_id) if used and block_id and may_see else None
    may_correct = (
        layer in ("parcels", "approved_boundary")
        and number == city.current
        and has_permission(user, Permission.CORRECT_PLACES, place)
    )
    facts = tuple(facts_of(user, city, row)) if isinstance(row, Parcel) else ()
    [shape] = to_degrees([row.geometry], city)
    drawn = shapely.geometry.mapping(shape)
    services: tuple[dict[str, Any], ...] = ()
    area = None
    if (
        isinstance(row, Neighbourhood)
        and used is not None
        and has_permission(user, Permission.SEE_PLANS, place)
    ):
        services = tuple(plan_door.services_told(user, used, row.neighbourhood_id))
        area = plan_door.area_of(used, row.neighbourhood_id)
    return Told(
        layer, row, _name(row), facts, block_id, result, used, may_correct, drawn, services, area
    )


def shapes_about(user: User, city: City, box: Box) -> Iterator[dict[str, Any]]:
    """Yield the parcels and boundaries that meet ``box`` now, in degrees, to snap to."""
    for layer in ("parcels", "approved_boundary"):
        rows = rows_seen(user, city, city.current, layer).filter(~Q(geometry=None)).meeting(box)
        held = list(rows.values_list("pk", "geometry")[:NEIGHBOURS_MOST])
        shapes = to_degrees([shape for _, shape in held], city)
        for (row_id, _), shape in zip(held, shapes, strict=True):
            yield {
                "type": "Feature", "id": row_id, "properties": {"layer": layer},
                "geometry": shapely.geometry.mapping(shape),
            }  # fmt: skip


def row_to_correct(user: User, city: City, layer: str, row_id: int) -> Feature | None:
    """Return a row that ``user`` may correct, ended or not; None where there is none.

    A row that somebody else corrected meanwhile is given, so that it can be said.
    """
    return (
        TABLES[layer].objects.filter(
            rows_for(user, Permission.CORRECT_PLACES, city),
            pk=row_id, city=city, since__lte=city.current, geometry__isnull=False,
        )
        .select_related("in_neighbourhood").first()
    )  # fmt: skip
