"""The findings of a parcel's block, and the way to a city's plans: tags for other apps' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import template
from django.utils import timezone

from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.said import said
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.scope import cities_for, is_whole
from bazafarin.web.plans import queries
from bazafarin.web.plans.block_words import reasons_of
from bazafarin.web.plans.figure_words import figures_of, value_words
from bazafarin.web.plans.incentives import incentives_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Parcel
    from bazafarin.web.plans.figure_words import Cited

register = template.Library()
_CITIES_MOST: Final = 6
"""So many cities stand on the first page; all of them are in the list of places."""
_FIRST: Final = (
    "identity.parcels", "identity.population", "worn_out_fabric.blocks",
    "worn_out_fabric.area_m2", "worn_out_fabric.blocks_depending_on_unknown",
)  # fmt: skip
"""What the first page tells of a city."""


@register.inclusion_tag("plans/_block_of_parcel.html", takes_context=True)
def block_findings(
    context: dict[str, Any], city: City, parcel: Parcel, edition_number: int
) -> dict[str, Any]:
    """Show what the newest plan says of the block that a parcel stands in, and why."""
    user = context["request"].user
    plan = queries.shown_plan(user, city, edition_number)
    shown: dict[str, Any] = {
        "city": city,
        "parcel": parcel,
        "plan": plan,
        "edition_number": edition_number,
        "may_open": cities_for(user, Permission.SEE_PLANS).filter(pk=city.pk).exists(),
        "may_run": has_permission(user, Permission.RUN_STUDIES, city.place),
    }
    if plan is not None and (block := queries.block_of_parcel(plan, parcel)) is not None:
        shown |= {
            "block": block,
            "reasons": reasons_of(block, plan.citations),
            "made_on": timezone.localdate(plan.ended_at),
        }
    return shown


@register.inclusion_tag("plans/_incentives.html", takes_context=True)
def parcel_incentives(
    context: dict[str, Any], city: City, parcel: Parcel, edition_number: int
) -> dict[str, Any]:
    """Show which published incentives concern a parcel, and on what that stands."""
    plan = queries.shown_plan(context["request"].user, city, edition_number)
    block = None if plan is None else queries.block_of_parcel(plan, parcel)
    today = timezone.localdate()
    found = incentives_of(city, parcel, edition_number, block, as_of=today)
    return {"why": found.why, "rules": found.rules, "day": today}


@register.inclusion_tag("plans/_cities.html", takes_context=True)
def city_headlines(context: dict[str, Any]) -> dict[str, Any]:
    """Show how the cities of somebody stand: the current edition, and what was found first."""
    user = context["request"].user
    cities = cities_for(user, Permission.SEE_PLACES).filter(current__gt=0).order_by("pk")
    return {"cities": [_city_headline(user, city) for city in cities[:_CITIES_MOST]]}


def _city_headline(user: User, city: City) -> dict[str, Any]:
    edition = city.editions.get(number=city.current, state=EditionState.ACCEPTED)
    may_see = is_whole(user, Permission.SEE_PLANS, city)
    shown: dict[str, Any] = {"city": city, "edition": edition, "may_see": may_see}
    plan = queries.newest_plan(user, city) if may_see else None
    if plan is None:
        return shown
    sees = has_permission(user, Permission.SEE_PEOPLE, city.place)
    told = {each["id"]: each for each in plan.headline}
    first = [told[name] for name in _FIRST if name in told]
    return shown | {"plan": plan, "figures": figures_of(first, sees_people=sees, plan=plan)}


@register.inclusion_tag("plans/_links.html", takes_context=True)
def plan_links(context: dict[str, Any], city: City, edition: Any = None) -> dict[str, Any]:  # noqa: ANN401 - an edition of a template's, or nothing
    """Lead to the plans of a city, and to having one made of an edition."""
    user = context["request"].user
    return {
        "city": city,
        "edition": edition,
        "may_see": city.current
        and cities_for(user, Permission.SEE_PLANS).filter(pk=city.pk).exists(),
        "may_run": city.current and has_permission(user, Permission.RUN_STUDIES, city.place),
    }


@register.filter
def in_unit(value: Any, unit: str) -> str:  # noqa: ANN401 - a template gives anything
    """Return a value with its unit in words: ``{{ row.existing_m2|in_unit:"m2" }}``."""
    return value_words(value, unit)


@register.filter
def criteria(codes: str | None) -> str:
    """Return the names of criteria that stand in one text with commas."""
    names = [said(f"priority.criterion.{code}") for code in (codes or "").split(",") if code]
    return said("units.list_joint").join(names)


@register.filter
def by_source(rules: Iterable[Cited]) -> list[dict[str, Any]]:
    """Return rules below the source that they stand on, so that each source is read once."""
    sources: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rule in rules:
        key = (rule.instrument, rule.clause, rule.certainty, rule.set_by_city)
        source = {
            "instrument": rule.instrument,
            "clause": rule.clause,
            "certainty": rule.certainty,
            "is_verified": rule.is_verified,
            "set_by_city": rule.set_by_city,
            "rules": [],
        }
        sources.setdefault(key, source)["rules"].append(rule)
    return list(sources.values())
