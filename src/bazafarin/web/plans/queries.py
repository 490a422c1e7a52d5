"""What the pages of plans show, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from django.db.models import F, Model, Q

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.office.asked import number_in
from bazafarin.web.places.models import City, Edition
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.scope import below, cities_for, is_whole
from bazafarin.web.plans.models import AreaResult, BlockResult, Plan, PlanState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Parcel

PLAN_SORTS: Final[Mapping[str, str]] = {
    "plan": "id",
    "city": "city__place__name_fa",
    "edition": "edition_number",
    "as_of": "as_of",
    "made_at": "made_at",
    "state": "state",
}
"""By what the list of plans is sorted, and the column under it."""
BLOCK_SORTS: Final[Mapping[str, str]] = {
    "block": "block_id",
    "neighbourhood": "neighbourhood_id",
    "parcels": "parcels_count",
    "fine_grain": "fine_grain_share",
    "instability": "instability_share",
    "impermeability": "impermeability_share",
    "indices_met": "indices_met",
    "level": "level",
    "decided": "decided",
    "change": "change",
}
"""By what the table of blocks is sorted."""
BLOCK_FILTERS: Final[Mapping[str, Q]] = {
    "all": Q(),
    "worn_out": Q(worn_out=True),
    "open": Q(decided="depends_on_unknown"),
    "added": Q(change="added"),
    "removed": Q(change="removed"),
}
"""Which blocks a table may show alone."""
_Row = TypeVar("_Row", bound=Model)
HEAVY: Final = ("standards", "citations", "rules_of_figures", "proposals", "headline")
"""What a list of plans does not need."""


def plans_for(user: User) -> QuerySet[Plan]:
    """Return the plans that ``user`` sees: the finished, and all where they run studies."""
    return Plan.objects.filter(
        Q(state=PlanState.DONE)
        | below(paths_with(user, Permission.RUN_STUDIES), "city__place__path"),
        city__in=cities_for(user, Permission.SEE_PLANS),
    ).select_related("city__place", "asked_by")


def listed_plans(user: User, *, city: int | None, asked: str, sort: str) -> QuerySet[Plan]:
    """Return the list of plans: of one city or all, by words, in an order."""
    found = plans_for(user).defer(*HEAVY)
    if city is not None:
        found = found.filter(city_id=city)
    if asked:
        words = normalise_text(asked)
        condition = Q(city__place__name_fa__icontains=words) | Q(asked_by__name_fa__icontains=words)
        condition |= Q(standards_name__icontains=words)
        if (number := number_in(words)) is not None:
            condition |= Q(pk=number) | Q(edition_number=number)
        found = found.filter(condition)
    return in_order(found, PLAN_SORTS, sort, default="-id")


def in_order(
    found: QuerySet[_Row], sorts: Mapping[str, str], sort: str, *, default: str
) -> QuerySet[_Row]:
    """Return the rows in the order asked for, the unknown last; ``-`` before it turns it round."""
    column = sorts.get(sort.removeprefix("-"))
    if column is None:
        return found.order_by(default)
    by = F(column)
    turned = by.desc(nulls_last=True) if sort.startswith("-") else by.asc(nulls_last=True)
    return found.order_by(turned, "id")


def runnable_cities(user: User) -> QuerySet[City]:
    """Return the cities of which ``user`` may have studies run: a study is of a whole city."""
    inside = below(paths_with(user, Permission.RUN_STUDIES), "place__path")
    return City.objects.filter(inside, current__gt=0).select_related("place")


def runnable_editions(user: User, city: int | None = None) -> QuerySet[Edition]:
    """Return the editions that studies may be run of, the newest of each city first."""
    found = Edition.objects.filter(city__in=runnable_cities(user), state=EditionState.ACCEPTED)
    if city is not None:
        found = found.filter(city_id=city)
    return found.select_related("city__place").order_by("city__place__name_fa", "-number")


def edition_of(plan: Plan) -> Edition | None:
    """Return the edition that a plan is of."""
    return Edition.objects.filter(
        city_id=plan.city_id, number=plan.edition_number, state=EditionState.ACCEPTED
    ).first()


def shown_plan(
    user: User, city: City, edition_number: int, permission: Permission = Permission.SEE_PLACES
) -> Plan | None:
    """Return the newest finished plan of an edition, else the newest of the city.

    What was found of a block goes with its place: who sees the place sees it. Whoever shows the
    plan of another edition says so. None where there is none, or the city is not theirs to see.
    """
    if not cities_for(user, permission).filter(pk=city.pk).exists():
        return None
    done = Plan.objects.filter(city=city, state=PlanState.DONE).defer(
        "standards", "rules_of_figures", "proposals", "headline"
    )
    return done.filter(edition_number=edition_number).first() or done.first()


def newest_plan(user: User, city: City) -> Plan | None:
    """Return the newest finished plan of a city: of its newest edition that has one."""
    done = plans_for(user).filter(city=city, state=PlanState.DONE)
    return done.defer("standards", "proposals").order_by("-edition_number", "-pk").first()


def inside(user: User, city: City, permission: Permission = Permission.SEE_PLANS) -> Q:
    """Return the condition on results of ``city`` that ``user`` sees.

    Unlike a street, a figure that is of no neighbourhood is of the whole city.
    """
    if is_whole(user, permission, city):
        return Q()
    return below(paths_with(user, permission), "in_neighbourhood__path")


def areas_of(user: User, plan: Plan) -> list[AreaResult]:
    """Return the city's area, where ``user`` sees all of it, and the neighbourhoods they see."""
    found = AreaResult.objects.filter(inside(user, plan.city), plan=plan)
    areas = list(found.select_related("in_neighbourhood"))
    for area in areas:
        area.plan = plan  # it is known, with its city
    return areas


def blocks_of(
    user: User, plan: Plan, *, asked: str = "", sort: str = "", only: str = "all"
) -> QuerySet[BlockResult]:
    """Return the blocks of a plan that ``user`` sees."""
    found = BlockResult.objects.filter(
        inside(user, plan.city), BLOCK_FILTERS.get(only, Q()), plan=plan
    ).select_related("in_neighbourhood")
    if asked:
        found = found.filter(block_id__startswith=normalise_text(asked))
    return in_order(found, BLOCK_SORTS, sort, default="block_id")


def block_of_parcel(plan: Plan, parcel: Parcel) -> BlockResult | None:
    """Return what a plan says of the block that a parcel stands in."""
    if not parcel.in_block:
        return None
    return BlockResult.objects.filter(plan=plan, block_id=parcel.in_block).first()
