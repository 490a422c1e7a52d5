"""The pages of a city: its editions, a delivery, its parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.sorting import sorted_as_asked
from bazafarin.web.places import actions, lists, queries, tree, uploads
from bazafarin.web.places.forms import DeliveryForm
from bazafarin.web.places.models import Place
from bazafarin.web.places.preparing import edition_folder
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from django.http import FileResponse

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City

PARCELS_SORTED_BY = {
    "code": ("search_key",), "block": ("in_block", "search_key"), "area": ("area_m2",),
}  # fmt: skip


@needs(Permission.SEE_PLACES)
@require_GET
def city(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Show a city: its current edition, all others, and what can be done."""
    shown = _city(request, number)
    editions = queries.editions_for(request.user).filter(city=shown)
    if file := downloaded(request, editions, lambda: lists.editions_listing(shown)):
        return file
    context = {
        "city": shown,
        "above": tree.places_above(shown.place),
        "editions": page_of(editions, request),
        "may_prepare": has_permission(request.user, Permission.PREPARE_EDITION, shown.place),
    }
    return render(request, "places/city.html", context)


@needs(Permission.PREPARE_EDITION)
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: UserRequest, number: int) -> HttpResponse:
    """Take a delivery in and have it read in the background."""
    shown = _city(request, number, Permission.PREPARE_EDITION)
    if not has_permission(request.user, Permission.PREPARE_EDITION, shown.place):
        raise Http404
    form = DeliveryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        edition = actions.begin_edition(
            by=request.user, city=shown, dated=given["dated"], note=given["note"]
        )
        folder = edition_folder(edition)
        try:
            names = {"delivery": uploads.keep(given["delivery"], folder)}
            if given["mapping"]:
                names["mapping"] = uploads.keep(given["mapping"], folder)
        except BaseException:
            actions.give_up(edition=edition)
            raise
        actions.put_files(edition=edition, files=names)
        job = actions.ask_to_prepare(by=request.user, edition=edition)
        return redirect("jobs:job", job.pk)
    waits = shown.editions.filter(state__in=["reading", "prepared"]).first()
    return render(request, "places/deliver.html", {"city": shown, "form": form, "waits": waits})


@needs(Permission.SEE_PLACES)
@require_GET
def parcels(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Search the parcels of a city."""
    shown = _city(request, number)
    asked = request.GET.get("q", "").strip()
    within = number_in(request.GET.get("neighbourhood", ""))
    neighbourhood = (
        tree.places_seen(request.user).filter(pk=within, path__startswith=shown.place.path)
        if within is not None
        else Place.objects.none()
    ).first()
    of_edition = _edition_asked(request, shown)
    found = queries.parcels_found(request.user, shown, asked, of_edition)
    if neighbourhood is not None:
        found = found.filter(in_neighbourhood=neighbourhood)
    found, sorting = sorted_as_asked(found, request, PARCELS_SORTED_BY)
    if file := downloaded(
        request, found, lambda: lists.layer_listing(request.user, shown, "parcels")
    ):
        return file
    context = {
        "city": shown, "page": page_of(found, request), "q": asked, "sorting": sorting,
        "neighbourhood": neighbourhood, "edition_number": of_edition,
    }  # fmt: skip
    return render(request, "places/parcels.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def parcel(request: UserRequest, number: int, key: str) -> HttpResponse:
    """Show everything of a parcel that one may see, as of an edition."""
    shown = _city(request, number)
    of_edition = _edition_asked(request, shown)
    found = queries.parcel_at(request.user, shown, key, of_edition)
    is_gone = found is None and "edition" not in request.GET
    if is_gone:
        # it was split, merged or taken away: what was last known of it is shown
        of_edition = queries.last_edition_of(request.user, shown, key)
        found = queries.parcel_at(request.user, shown, key, of_edition)
    if found is None:
        raise Http404
    context = {
        "city": shown,
        "parcel": found,
        "is_gone": is_gone,
        "edition_number": of_edition,
        "facts": list(queries.facts_of(request.user, shown, found)),
        "history": queries.history_of(request.user, shown, key),
        "successions": queries.successions_of(shown, key),
    }
    return render(request, "places/parcel.html", context)


def _edition_asked(request: UserRequest, shown: City) -> int:
    """Return the number of the edition that is asked for; the current one without."""
    asked = number_in(request.GET.get("edition", ""))
    return shown.current if asked is None else min(asked, shown.current)


def _city(
    request: UserRequest, number: int, permission: Permission = Permission.SEE_PLACES
) -> City:
    return get_object_or_404(cities_for(request.user, permission), pk=number)
