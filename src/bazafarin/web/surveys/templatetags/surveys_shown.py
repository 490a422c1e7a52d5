"""The answers about a parcel and the surveys of a neighbourhood: tags for pages of other apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone

from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.surveys import queries
from bazafarin.web.surveys.coverage import Limits, coverage_of

if TYPE_CHECKING:
    from bazafarin.web.places.models import City, Parcel, Place

register = template.Library()


@register.inclusion_tag("surveys/_of_parcel.html", takes_context=True)
def parcel_answers(context: dict[str, Any], city: City, parcel: Parcel) -> dict[str, Any]:
    """Show the answers about a parcel to whoever reviews or sent them."""
    user = context["request"].user
    place = parcel.in_neighbourhood or city.place
    may_see = has_permission(user, Permission.FILL_FORMS, place)
    found = queries.submissions_for(user).filter(survey__city=city, parcel_key=parcel.key)
    return {"may_see": may_see, "answers": list(found.defer("xml")) if may_see else []}


@register.inclusion_tag("surveys/_of_place.html", takes_context=True)
def place_surveys(context: dict[str, Any], place: Place) -> dict[str, Any]:
    """Show how far the surveys of a neighbourhood are, to whoever runs or reviews them."""
    user = context["request"].user
    limits = Limits.on(timezone.localdate())
    found = queries.surveys_for(user).filter(place=place)
    return {"rows": [(each, coverage_of(each, limits=limits).whole) for each in found]}
