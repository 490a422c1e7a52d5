"""Places, cities, editions and blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces.api import shapes
from bazafarin.web.interfaces.api.answers import answers
from bazafarin.web.interfaces.api.paging import EditionWindow, Window, page
from bazafarin.web.interfaces.api.seen import city_at, edition_asked
from bazafarin.web.interfaces.editions import seen_editions
from bazafarin.web.places.models import Block
from bazafarin.web.places.scope import cities_for, places_for, rows_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City, Edition, Place

router = Router(tags=["places"])


@router.get("/places", response=answers(shapes.Paged[shapes.PlaceShape]), operation_id="places")
def places(request: UserRequest, asked: Query[Window]) -> dict[str, Any]:
    """List the places at and below which one sees places."""
    found = places_for(request.user, Permission.SEE_PLACES)
    return page(request, found, asked, _places)


@router.get("/places/{int:place}", response=answers(shapes.PlaceShape), operation_id="place")
def place(request: UserRequest, place: int) -> dict[str, Any]:
    """Tell of a place."""
    seen = places_for(request.user, Permission.SEE_PLACES)
    return _places([get_object_or_404(seen, pk=place)])[0]


@router.get("/cities", response=answers(shapes.Paged[shapes.CityShape]), operation_id="cities")
def cities(request: UserRequest, asked: Query[Window]) -> dict[str, Any]:
    """List the cities of which one sees a part at least."""
    found = cities_for(request.user, Permission.SEE_PLACES)
    return page(request, found, asked, _cities)


@router.get("/cities/{int:city}", response=answers(shapes.CityShape), operation_id="city")
def city(request: UserRequest, city: int) -> dict[str, Any]:
    """Tell of a city."""
    return _cities([city_at(request.user, city)])[0]


@router.get(
    "/cities/{int:city}/editions",
    response=answers(shapes.Paged[shapes.EditionShape]),
    operation_id="editions",
)
def editions(request: UserRequest, city: int, asked: Query[Window]) -> dict[str, Any]:
    """List the accepted editions of a city, the newest first."""
    found = seen_editions(city_at(request.user, city)).select_related("city")
    return page(request, found.order_by("-pk"), asked, _editions)


@router.get(
    "/cities/{int:city}/editions/{int:edition}",
    response=answers(shapes.EditionShape),
    operation_id="edition",
)
def edition(request: UserRequest, city: int, edition: int) -> dict[str, Any]:
    """Tell of an accepted edition."""
    found = seen_editions(city_at(request.user, city)).select_related("city")
    return _editions([get_object_or_404(found, number=edition)])[0]


@router.get(
    "/cities/{int:city}/blocks",
    response=answers(shapes.Paged[shapes.BlockShape]),
    operation_id="blocks",
)
def blocks(request: UserRequest, city: int, asked: Query[EditionWindow]) -> dict[str, Any]:
    """List the blocks of a city as of an edition; the current one unless asked."""
    shown = city_at(request.user, city)
    edition = edition_asked(shown, asked.edition)
    found = _blocks_of(request, shown, asked.begin(edition=edition).edition)
    return page(request, found, asked, _blocks, edition=edition)


@router.get(
    "/cities/{int:city}/blocks/{path:key}",
    response=answers(shapes.BlockShape),
    operation_id="block",
)
def block(request: UserRequest, city: int, key: str, edition: int | None = None) -> dict[str, Any]:
    """Tell of a block."""
    shown = city_at(request.user, city)
    found = _blocks_of(request, shown, edition_asked(shown, edition))
    return _blocks([get_object_or_404(found, key=key)])[0]


def _blocks_of(request: UserRequest, city: City, edition: int) -> Any:  # noqa: ANN401 - a query of blocks
    seen = rows_for(request.user, Permission.SEE_PLACES, city)
    number = min(edition, city.current)
    return Block.objects.of_edition(city, number).filter(seen).defer("geometry")


def _places(found: Sequence[Place]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk, "kind": each.kind, "code": each.code, "name_fa": each.name_fa,
            "parent": each.parent_id,
        }
        for each in found
    ]  # fmt: skip


def _cities(found: Sequence[City]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk, "place": each.place_id, "name_fa": each.place.name_fa,
            "crs": each.crs, "srid": each.srid, "edition": each.current,
            "is_synthetic": each.is_synthetic,
        }
        for each in found
    ]  # fmt: skip


def _editions(found: Sequence[Edition]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number, "kind": each.kind, "dated": each.dated,
            "accepted_at": each.decided_at, "note": each.note,
            "is_current": each.number == each.city.current, "changes": each.changes,
        }
        for each in found
    ]  # fmt: skip


def _blocks(found: Sequence[Block]) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key, "neighbourhood": each.in_neighbourhood_id,
            "is_derived": each.is_derived, "area_m2": each.area_m2,
        }
        for each in found
    ]  # fmt: skip
