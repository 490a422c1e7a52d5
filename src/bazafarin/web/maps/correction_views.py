"""Drawing and correcting on the map: the form beside it, and the shapes that corners snap to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.maps import queries
from bazafarin.web.maps.forms import CorrectionForm
from bazafarin.web.maps.printing import corners_of
from bazafarin.web.maps.tile_square import box_of_degrees, to_degrees
from bazafarin.web.maps.views import city_of
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.said import language, said
from bazafarin.web.places import correcting

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City, Feature


@needs(Permission.CORRECT_PLACES)
@require_GET
def shapes_about(request: UserRequest, number: int) -> JsonResponse:
    """Return the shapes about the view, to snap to."""
    shown = city_of(request, number, Permission.CORRECT_PLACES)
    corners = corners_of([request.GET.get(side, "") for side in ("west", "south", "east", "north")])
    box = box_of_degrees(corners, shown)
    features = list(queries.shapes_about(request.user, shown, box))
    return JsonResponse({"type": "FeatureCollection", "features": features})


@needs(Permission.CORRECT_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: UserRequest, number: int, layer: str) -> HttpResponse:
    """Show the form of a correction, and record it."""
    shown = city_of(request, number, Permission.CORRECT_PLACES)
    if layer not in correcting.CORRECTED or not shown.current:
        raise Http404
    row = _row(request, shown, layer)
    form = CorrectionForm(request.POST or None, user=request.user, city=shown, layer=layer, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            edition = correcting.correct(
                by=request.user, city=shown, layer=layer, old=row,
                began=form.cleaned_data["began"], shape=form.cleaned_data["geometry"],
                values=form.values, reason=form.cleaned_data["reason"], day=timezone.localdate(),
            )  # fmt: skip
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_map.correct.saved", number=edition.number))
            there = reverse("maps:city", args=[shown.pk])
            response = HttpResponse(status=204)
            response["HX-Redirect"] = f"{there}?edition={edition.number}{form.seen_from}"
            return response
    context = {"city": shown, "layer": layer, "row": row, "form": form}
    if row is not None:
        [drawn] = to_degrees([row.geometry], shown)
        context["shape"] = shapely.geometry.mapping(drawn)
    return render(request, "maps/_correct.html", context)


def _row(request: UserRequest, shown: City, layer: str) -> Feature | None:
    """Return the row to correct: the one of the form, though it may have ended meanwhile."""
    asked = request.GET.get("id", "")
    if not asked:
        if not has_permission(request.user, Permission.CORRECT_PLACES, shown.place):
            raise Http404
        return None
    if (number := number_in(asked)) is None:
        raise Http404
    row = queries.row_to_correct(request.user, shown, layer, number)
    if row is None:
        raise Http404
    return row
