"""The pages of target areas and of the approved boundary's versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.places import boundary_versions, target_areas, tree
from bazafarin.web.places.forms import EndForm, TargetAreaForm
from bazafarin.web.places.models import TargetArea
from bazafarin.web.places.scope import cities_for, places_for

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import Place


@needs(Permission.SEE_PLACES)
@require_GET
def areas(request: UserRequest, number: int) -> HttpResponse:
    """List the target areas at and below a place, with all their versions in time."""
    shown = _place(request, number, Permission.SEE_PLACES)
    context = {
        "place": shown,
        "above": tree.places_above(shown),
        "page": page_of(target_areas.areas_at(request.user, shown), request),
        "may_add": has_permission(request.user, Permission.CORRECT_PLACES, shown),
    }
    return render(request, "places/areas.html", context)


@needs(Permission.CORRECT_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_area(request: UserRequest, number: int) -> HttpResponse:
    """Add a target area, or the next version of one."""
    shown = _place(request, number, Permission.CORRECT_PLACES)
    city = tree.city_above(request.user, shown)
    choice = target_areas.neighbourhoods_to_choose(city)
    form = TargetAreaForm(request.POST or None, neighbourhoods=choice, initial=_former(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = target_areas.add_target_area(by=request.user, place=shown, **form.cleaned_data)
        except UsageError as error:
            form.add_error("valid_from", wording.error_text(error, language()))
        else:
            messages.success(request, said("web_places.area_added", name=added.name_fa))
            return redirect("places:areas", shown.pk)
    context = {"place": shown, "above": tree.places_above(shown), "form": form}
    return render(request, "places/add_area.html", context)


@needs(Permission.CORRECT_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def end_area(request: UserRequest, number: int) -> HttpResponse:
    """Let a target area end on a day."""
    places = places_for(request.user, Permission.CORRECT_PLACES)
    area = get_object_or_404(
        TargetArea.objects.filter(place__in=places, valid_until=None).select_related("place"),
        pk=number,
    )
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            target_areas.end_target_area(by=request.user, area=area, **form.cleaned_data)
        except UsageError as error:
            form.add_error("valid_until", wording.error_text(error, language()))
        else:
            messages.success(request, said("web_places.area_ended", name=area.name_fa))
            return redirect("places:areas", area.place_id)
    context = {"area": area, "place": area.place, "form": form}
    return render(request, "places/end_area.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def boundary(request: UserRequest, number: int) -> HttpResponse:
    """List the versions of a city's approved boundary through its editions."""
    city = get_object_or_404(cities_for(request.user, Permission.SEE_PLACES), pk=number)
    context = {"city": city, "versions": boundary_versions.versions_of(city)}
    return render(request, "places/boundary.html", context)


def _place(request: UserRequest, number: int, permission: Permission) -> Place:
    found: Place = get_object_or_404(places_for(request.user, permission), pk=number)
    return found


def _former(request: UserRequest) -> dict[str, object]:
    """Return what a new version begins with: the words of the one that it follows."""
    asked = number_in(request.GET.get("of", ""))
    if asked is None:
        return {}
    places = places_for(request.user, Permission.CORRECT_PLACES)
    former = TargetArea.objects.filter(place__in=places, pk=asked).defer("geometry").first()
    if former is None:
        raise Http404
    return {
        "name_fa": former.name_fa,
        "primary_type": former.primary_type,
        "other_types": former.other_types,
    }
