"""Parcels: search, facts, history, and whether one lies in worn-out fabric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.http import Http404
from ninja import Query, Router

from bazafarin.adapters.persian_text import search_key
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces.api import plan_results, shapes
from bazafarin.web.interfaces.api.answers import answers
from bazafarin.web.interfaces.api.paging import ParcelWindow, told
from bazafarin.web.interfaces.api.seen import city_at, edition_asked
from bazafarin.web.interfaces.cursors import Cursor
from bazafarin.web.interfaces.rows import plain
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.queries import history_of, parcel_at, successions_of
from bazafarin.web.places.scope import rows_for
from bazafarin.web.places.seen_columns import seen_columns
from bazafarin.web.plans.queries import shown_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City
    from bazafarin.web.places.seen_columns import SeenColumn

router = Router(tags=["parcels"])
_LAST: Final = "\U0010ffff"


@router.get(
    "/cities/{int:city}/parcels",
    response=answers(shapes.Paged[shapes.ParcelShape]),
    operation_id="parcels",
)
def parcels(request: UserRequest, city: int, asked: Query[ParcelWindow]) -> dict[str, Any]:
    """List the parcels whose code begins so, in the order of their codes."""
    shown = city_at(request.user, city)
    begin = asked.begin(edition=edition_asked(shown, asked.edition))
    number = min(begin.edition, shown.current)
    found = Parcel.objects.of_edition(shown, number).filter(
        rows_for(request.user, Permission.SEE_PLACES, shown)
    )
    key = search_key(asked.code)
    if key:
        found = found.filter(search_key__gte=key, search_key__lt=key + _LAST)
    if begin.after:
        found = found.filter(search_key__gte=begin.word).filter(
            Q(search_key__gt=begin.word) | Q(pk__gt=begin.after)
        )
    rows = list(found.defer("geometry").order_by("search_key", "pk")[: asked.limit + 1])
    columns = seen_columns(request.user, shown, "parcels")
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    return told(
        request,
        [_told(each, columns, number) for each in rows[: asked.limit]],
        None if last is None else Cursor(number, last.pk, last.search_key),
    )


@router.get(
    "/cities/{int:city}/parcels/{path:key}/worn-out",
    response=answers(shapes.WornOutShape),
    operation_id="parcel_worn_out",
)
def worn_out(request: UserRequest, city: int, key: str) -> dict[str, Any]:
    """Say whether a parcel lies in a worn-out block, by which plan and which rules."""
    shown = city_at(request.user, city)
    found = _parcel(request, shown, key, shown.current)
    plan = shown_plan(request.user, shown, shown.current)
    return {
        "parcel": found.key,
        "worn_out": plan_results.answer_for(plan, found),
        "block": found.in_block,
        "edition": shown.current,
        "plan": None if plan is None else plan_results.told_plan(plan),
        "rules": [] if plan is None else plan_results.told_rules(plan),
    }


@router.get(
    "/cities/{int:city}/parcels/{path:key}/history",
    response=answers(shapes.HistoryShape),
    operation_id="parcel_history",
)
def history(request: UserRequest, city: int, key: str) -> dict[str, Any]:
    """Tell the versions of a parcel, and what it came from or became."""
    shown = city_at(request.user, city)
    versions = history_of(request.user, shown, key)
    if not versions:
        raise Http404
    return {
        "key": key,
        "versions": [
            {
                "edition": each.edition.number, "dated": each.edition.dated,
                "until_edition": each.until, "changed": list(each.changed),
            }
            for each in versions
        ],
        "successions": list(
            successions_of(shown, key).order_by("pk").values("kind", "old", "new", "common_m2")
        ),
    }  # fmt: skip


@router.get(
    "/cities/{int:city}/parcels/{path:key}",
    response=answers(shapes.ParcelShape),
    operation_id="parcel",
)
def parcel(request: UserRequest, city: int, key: str, edition: int | None = None) -> dict[str, Any]:
    """Tell what one may see of a parcel as of an edition; the current one unless asked."""
    shown = city_at(request.user, city)
    number = edition_asked(shown, edition)
    columns = seen_columns(request.user, shown, "parcels")
    return _told(_parcel(request, shown, key, number), columns, number)


def _parcel(request: UserRequest, city: City, key: str, edition: int) -> Parcel:
    found = parcel_at(request.user, city, key, edition)
    if found is None:
        raise Http404
    return found


def _told(found: Parcel, columns: Sequence[SeenColumn], edition: int) -> dict[str, Any]:
    return {
        "key": found.key,
        "edition": edition,
        "since_edition": found.since,
        "neighbourhood": found.in_neighbourhood_id,
        "block": found.in_block,
        "area_m2": found.area_m2,
        "facts": {
            column.name: plain(column.spec.kind, getattr(found, column.field))
            for column in columns
            if column.sight.covers(found.in_neighbourhood_id)
        },
    }
