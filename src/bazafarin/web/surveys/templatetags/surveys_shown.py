"""The answers about a parcel: a tag for the pages of other apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.surveys import queries

if TYPE_CHECKING:
    from bazafarin.web.places.models import City, Parcel

register = template.Library()


@register.inclusion_tag("surveys/_of_parcel.html", takes_context=True)
def parcel_answers(context: dict[str, Any], city: City, parcel: Parcel) -> dict[str, Any]:
    """Show the answers about a parcel to whoever reviews or sent them."""
    user = context["request"].user
    place = parcel.in_neighbourhood or city.place
    may_see = has_permission(user, Permission.FILL_FORMS, place)
    found = queries.submissions_for(user).filter(survey__city=city, parcel_key=parcel.key)
    return {"may_see": may_see, "answers": list(found.defer("xml")) if may_see else []}
