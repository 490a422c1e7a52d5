"""The cases of a parcel: a tag for the pages of other apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.cases import queries
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.scope import is_whole

if TYPE_CHECKING:
    from bazafarin.web.places.models import City

register = template.Library()


@register.inclusion_tag("cases/_of_parcel.html", takes_context=True)
def parcel_cases(context: dict[str, Any], city: City, parcel: Parcel) -> dict[str, Any]:
    """Show the cases of a parcel and of those it came from, and the way to open one."""
    user = context["request"].user
    place = parcel.in_neighbourhood or city.place
    may_see = has_permission(user, Permission.SEE_CASES, place)
    return {
        "city": city,
        "parcel": parcel,
        "may_see": may_see,
        "sees_all": is_whole(user, Permission.SEE_CASES, city),
        "may_open": has_permission(user, Permission.KEEP_CASES, place)
        and Parcel.objects.of_edition(city).filter(key=parcel.key).exists(),
        "cases": queries.cases_of_parcel(user, city, parcel.key) if may_see else [],
    }
