"""The pages of the administrative tree: all places, one place, a new place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bazafarin.web.accounts.doors import needs, signed_in
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import said
from bazafarin.web.office.sorting import sorted_as_asked
from bazafarin.web.places import actions, target_areas, tree
from bazafarin.web.places.forms import PlaceForm
from bazafarin.web.places.models.place import PlaceKind

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import Place

SORTED_BY = {"tree": ("path",), "name": ("name_fa",), "kind": ("kind", "name_fa")}


@signed_in
@require_GET
def places(request: UserRequest) -> HttpResponse:
    """Show the part of the tree in which one has a role."""
    asked = request.GET.get("q", "").strip()
    seen = tree.places_seen(request.user, named=asked)
    found, sorting = sorted_as_asked(seen, request, SORTED_BY)
    context = {
        "page": page_of(found, request),
        "count": found.count(),
        "q": asked,
        "sorting": sorting,
        "is_tree": sorting.by == "tree" and not sorting.is_down and not asked,
    }
    return render(request, "places/places.html", context)


@signed_in
@require_GET
def place(request: UserRequest, number: int) -> HttpResponse:
    """Show a place: what it stands in, what stands below it, and what is known of it."""
    shown = _place(request, number)
    city = tree.city_above(request.user, shown)
    below = tree.places_seen(request.user).filter(parent=shown).order_by("name_fa", "pk")
    is_neighbourhood = shown.kind == PlaceKind.NEIGHBOURHOOD
    context = {
        "place": shown,
        "above": tree.places_above(shown),
        "page": page_of(below, request),
        "city": city,
        "counts": tree.counts_of(city, shown) if city and is_neighbourhood else None,
        "kinds_below": tree.KINDS_BELOW[PlaceKind(shown.kind)],
        "may_add": has_permission(request.user, Permission.MANAGE_PEOPLE, shown),
        "areas": target_areas.areas_at(request.user, shown)[:5] if city else (),
    }
    return render(request, "places/place.html", context)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_place(request: UserRequest, number: int) -> HttpResponse:
    """Add a place below another."""
    parent = _place(request, number)
    kinds = tree.KINDS_BELOW[PlaceKind(parent.kind)]
    if not kinds or not has_permission(request.user, Permission.MANAGE_PEOPLE, parent):
        raise Http404
    form = PlaceForm(request.POST or None, kinds=kinds, parent=parent)
    if request.method == "POST" and form.is_valid():
        added = actions.add_place(by=request.user, parent=parent, **form.cleaned_data)
        messages.success(request, said("web_places.place_added", name=added.name_fa))
        return redirect("places:place", added.pk)
    context = {"place": parent, "above": tree.places_above(parent), "form": form}
    return render(request, "places/add_place.html", context)


def _place(request: UserRequest, number: int) -> Place:
    found: Place = get_object_or_404(tree.places_seen(request.user), pk=number)
    return found
