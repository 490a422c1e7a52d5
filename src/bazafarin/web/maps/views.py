"""The map, its tiles, its search, what a click tells, and its print."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.maps import plan_door, printing, queries
from bazafarin.web.maps.drawn_layers import DEEPEST_MADE, DRAWN
from bazafarin.web.maps.page_words import page_words
from bazafarin.web.maps.seen import mark_of
from bazafarin.web.maps.themes import themes
from bazafarin.web.maps.tile_square import Tile
from bazafarin.web.maps.tiles import city_tile
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.said import language
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City, Edition
    from bazafarin.web.plans.models import Plan

TILE_KIND = "application/vnd.mapbox-vector-tile"


@needs(Permission.SEE_PLACES)
@require_GET
def map(request: UserRequest) -> HttpResponse:  # noqa: A001 - what the page is
    """Go to the map of the first city that has one; say what to do where none has."""
    cities = cities_for(request.user, Permission.SEE_PLACES).order_by("place__name_fa")
    asked = number_in(request.GET.get("city", ""))
    if asked is not None:
        return redirect("maps:city", asked)
    first = cities.filter(current__gt=0).first() or cities.first()
    if first is None:
        return render(request, "maps/empty.html", {"city": None})
    return redirect("maps:city", first.pk)


@needs(Permission.SEE_PLACES)
@require_GET
def city(request: UserRequest, number: int) -> HttpResponse:
    """Show the map of a city."""
    shown = city_of(request, number)
    may_prepare = has_permission(request.user, Permission.PREPARE_EDITION, shown.place)
    cities = cities_for(request.user, Permission.SEE_PLACES).order_by("place__name_fa")
    context = {"city": shown, "cities": cities, "may_prepare": may_prepare}
    if not shown.current:
        return render(request, "maps/empty.html", context)
    editions = list(queries.editions_shown(shown))
    edition = _chosen(request, editions)
    plan = plan_door.plan_shown(request.user, shown, edition.number, request.GET.get("plan", ""))
    data = _data(request, shown, edition, plan)
    return render(
        request,
        "maps/map.html",
        context | {
            "edition": edition, "editions": editions, "plan": plan, "data": data,
            "is_current": edition.number == shown.current,
            "may_correct": data["correct"] is not None,
        },
    )  # fmt: skip


@needs(Permission.SEE_PLACES)
@require_GET
def tile(  # noqa: PLR0913, PLR0917 - an address
    request: UserRequest, number: int, edition: int, z: int, x: int, y: int
) -> HttpResponseBase:
    """Return a tile; nothing at all (204) where nothing lies."""
    shown = city_of(request, number)
    where = Tile(z, x, y)
    if not 1 <= edition <= shown.current or not where.is_there:
        raise Http404
    asked = request.GET.get("plan", "")
    plan = plan_door.plan_shown(request.user, shown, edition, asked) if asked else None
    plan_mark = "" if plan is None else plan.pk
    seen = f"{edition}-{plan_mark}-{language()}-{mark_of(request.user, shown)}"
    mark = f'"{seen}"'
    if request.headers.get("If-None-Match") == mark:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        # whoever may see the same is given the same
        key = f"tile-{shown.pk}-{z}-{x}-{y}-{seen}"
        made = cache.get(key)
        if made is None:
            made = city_tile(request.user, shown, edition, where, plan)
            cache.set(key, made)
        response = HttpResponse(made, content_type=TILE_KIND, status=200 if made else 204)
    # kept by this browser alone, and asked about each time: another may sign in at it
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    return response


@needs(Permission.SEE_PLACES)
@require_GET
def find(request: UserRequest, number: int, edition: int) -> JsonResponse:
    """Suggest what a search means."""
    shown = _of_edition(request, number, edition)
    found = queries.find(request.user, shown, edition, request.GET.get("q", ""))
    return JsonResponse({"found": [asdict(each) for each in found]})


@needs(Permission.SEE_PLACES)
@require_GET
def feature(request: UserRequest, number: int, edition: int, layer: str, row: int) -> HttpResponse:
    """Tell of a feature what one may know, as a part of the page."""
    shown = _of_edition(request, number, edition)
    told = queries.told_of(
        request.user, shown, edition, layer=layer, row_id=row, plan=request.GET.get("plan", "")
    )
    if told is None:
        raise Http404
    context = {"city": shown, "edition_number": edition, "told": told}
    return render(request, "maps/_feature.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def print_map(request: UserRequest, number: int, edition: int) -> HttpResponse:
    """Return the view as a PDF."""
    shown = _of_edition(request, number, edition)
    plan = plan_door.plan_shown(request.user, shown, edition, request.GET.get("plan", ""))
    sheet = printing.sheet_of(request.GET)
    found = get_object_or_404(queries.editions_shown(shown), number=edition)
    made = printing.map_sheet(request.user, shown, found, plan, sheet)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"map-{shown.pk}-{edition}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def city_of(
    request: UserRequest, number: int, permission: Permission = Permission.SEE_PLACES
) -> City:
    """Return a city of which one may do it to some part; else there is none (404)."""
    return get_object_or_404(cities_for(request.user, permission), pk=number)


def _of_edition(request: UserRequest, number: int, edition: int) -> City:
    shown = city_of(request, number)
    if not 1 <= edition <= shown.current:
        raise Http404
    return shown


def _chosen(request: UserRequest, editions: list[Edition]) -> Edition:
    asked = number_in(request.GET.get("edition", ""))
    number = editions[0].number if asked is None else asked
    chosen = next((each for each in editions if each.number == number), None)
    if chosen is None:
        raise Http404
    return chosen


def _data(
    request: UserRequest, shown: City, edition: Edition, plan: Plan | None
) -> dict[str, object]:
    """Return what the page's script is given."""
    number = edition.number
    base = reverse("maps:tile", args=[shown.pk, number, 0, 0, 0]).removesuffix("0/0/0.mvt")
    asked = "" if plan is None else f"?plan={plan.pk}"
    may_correct = number == shown.current and has_permission(
        request.user, Permission.CORRECT_PLACES, shown.place
    )
    return {
        "tiles": f"{base}{{z}}/{{x}}/{{y}}.mvt{asked}",
        "asked": asked,
        "deepest": DEEPEST_MADE,
        "fromZoom": {name: layer.from_zoom for name, layer in DRAWN.items()},
        "bounds": queries.whole_view(request.user, shown, number),
        "worker": static("vendor/maplibre-gl-csp-worker.js"),
        "rightToLeft": static("vendor/mapbox-gl-rtl-text.min.js"),
        "find": reverse("maps:find", args=[shown.pk, number]),
        "feature": reverse("maps:feature", args=[shown.pk, number, "layer", 0]),
        "print": reverse("maps:print", args=[shown.pk, number]),
        "about": reverse("maps:about", args=[shown.pk]),
        "correct": reverse("maps:correct", args=[shown.pk, "layer"]) if may_correct else None,
        "themes": [theme.as_data() for theme in themes(request.user, shown, plan)],
        "language": language(),
        "words": page_words(language()),
    }
