"""What the pages of places show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, Q

from bazafarin.adapters.persian_text import normalise_text, search_key
from bazafarin.domain.city import LAYERS
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.places.layers import TABLES, field_of
from bazafarin.web.places.models import City, Edition, Parcel, Succession
from bazafarin.web.places.models.edition import EditionKind, EditionState
from bazafarin.web.places.scope import NOTHING, cities_for, rows_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Feature

COLUMN_NEEDS: Final[dict[str, Permission]] = {
    **dict.fromkeys(
        (
            "built_area_m2", "floors", "units", "built_sh", "structure", "quality", "ownership",
            "land_value_rial_m2", "surveyed_on", "plaque", "postal_code",
        ),
        Permission.SEE_BUILDINGS,
    ),
    **dict.fromkeys(
        ("households", "population", "will_renovate", "will_consolidate"), Permission.SEE_PEOPLE
    ),
}  # fmt: skip
"""What one must be allowed to see a column of the parcels; all others go with the place."""
CHANGE_KINDS: Final = ("new", "changed", "vanished")
"""What may become of a row in an edition, but for staying as it is."""
TAKEN_BACK: Final = "taken_back"
"""What was corrected on the map or surveyed, and a delivery changes or no longer has."""
_IS_RENUMBERED: Final = Q(is_renumbered=True)
CORRECTED_LAYERS: Final = ("parcels", "approved_boundary")
"""The layers that are corrected on the map."""


def editions_for(user: User, permission: Permission = Permission.SEE_PLACES) -> QuerySet[Edition]:
    """Return the editions of the cities that ``user`` sees."""
    cities = cities_for(user, permission)
    return Edition.objects.filter(city__in=cities).select_related(
        "city__place", "made_by", "decided_by"
    )


def changed_rows(user: User, edition: Edition, layer: str, kind: str) -> QuerySet[Feature]:
    """Return the rows of a layer that an edition brings (new, changed) or ends (vanished).

    Of what it takes back the corrected rows are returned, as they were corrected.
    """
    table = TABLES[layer]
    seen = rows_for(user, Permission.SEE_PLACES, edition.city)
    rows = table.objects.filter(seen, city=edition.city)
    ended = rows.filter(until=edition.number, key=OuterRef("key"))
    came = rows.filter(since=edition.number, key=OuterRef("key"))
    if kind == "vanished":
        found = rows.filter(until=edition.number).exclude(Exists(came))
    elif kind == TAKEN_BACK:
        own = Edition.objects.filter(city=edition.city, state=EditionState.ACCEPTED).exclude(
            kind=EditionKind.DELIVERY
        )
        found = rows.filter(until=edition.number, since__in=own.values("number"))
        if layer == "parcels":
            found = found.exclude(Exists(came.filter(_IS_RENUMBERED)))
    elif kind == "changed":
        found = rows.filter(Exists(ended), since=edition.number)
        if layer == "parcels":
            found = found.exclude(_IS_RENUMBERED)
    else:
        found = rows.filter(since=edition.number).exclude(Exists(ended))
    return found.defer("geometry").order_by("key", "id")


def taken_back(user: User, edition: Edition) -> dict[str, int]:
    """Return by layer how many rows corrected or surveyed a delivery changes or lacks."""
    if edition.kind != EditionKind.DELIVERY:
        return {}
    counts = {
        layer: changed_rows(user, edition, layer, TAKEN_BACK).count() for layer in CORRECTED_LAYERS
    }
    return {layer: count for layer, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class Difference:
    """A column before and after an edition."""

    before: Fact
    after: Fact


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that an edition brings, changes or ends, with what changed of it."""

    key: str
    differences: tuple[Difference, ...]
    is_shape_changed: bool


def differences_of(
    user: User, edition: Edition, layer: str, rows: Iterable[Feature]
) -> list[ChangedRow]:
    """Return for each row that an edition brings what it replaces, column by column."""
    came = {
        row.key: row
        for row in TABLES[layer]
        .objects.filter(pk__in=[row.pk for row in rows])
        .select_related("in_neighbourhood")
        .order_by("key", "id")
    }
    before = {
        row.key: row
        for row in TABLES[layer]
        .objects.filter(city=edition.city, until=edition.number, key__in=list(came))
        .select_related("in_neighbourhood")
    }
    return [
        ChangedRow(
            key,
            tuple(_columns_changed(user, edition.city, layer, before[key], row))
            if key in before
            else (),
            key in before and before[key].geometry != row.geometry,
        )
        for key, row in came.items()
    ]


def _columns_changed(
    user: User, city: City, layer: str, before: Feature, after: Feature
) -> Iterator[Difference]:
    old = {fact.column: fact for fact in facts_of_row(user, city, layer, before)}
    for fact in facts_of_row(user, city, layer, after):
        if fact.column in old and old[fact.column].value != fact.value:
            yield Difference(old[fact.column], fact)


def parcels_found(user: User, city: City, asked: str, number: int) -> QuerySet[Parcel]:
    """Return the parcels as of an edition whose code, plaque or postal code begins so."""
    found = Parcel.objects.of_edition(city, number).filter(
        rows_for(user, Permission.SEE_PLACES, city)
    )
    if asked:
        found = found.filter(named_by(user, city, asked))
    return found.defer("geometry").order_by("search_key", "id")


def named_by(user: User, city: City, asked: str) -> Q:
    """Return the condition that a parcel's code, plaque or postal code begins with ``asked``.

    By what one may not see of a parcel one does not find it either. Where nothing in the city
    begins so, a column is left out: a list is read along one index, not sorted from three.
    """
    key, name = search_key(asked), normalise_text(asked)
    condition = _begins("search_key", key) if key else NOTHING
    may_see = rows_for(user, Permission.SEE_BUILDINGS, city)
    if name and may_see != NOTHING:
        for column in ("plaque", "postal_code"):
            begins = _begins(column, name)
            if Parcel.objects.filter(begins, city=city).exists():
                condition |= may_see & begins
    return condition


def _begins(column: str, word: str) -> Q:
    return Q(**{f"{column}__gte": word, f"{column}__lt": word + "\U0010ffff"})


def parcel_at(user: User, city: City, key: str, number: int) -> Parcel | None:
    """Return a parcel as of an edition; None where there is none that ``user`` sees."""
    return (
        Parcel.objects.of_edition(city, number)
        .filter(rows_for(user, Permission.SEE_PLACES, city), key=key)
        .select_related("in_neighbourhood")
        .first()
    )


def last_edition_of(user: User, city: City, key: str) -> int:
    """Return the last edition that has a parcel that is gone by now; 0 where none has."""
    ended = Parcel.objects.filter(
        rows_for(user, Permission.SEE_PLACES, city), city=city, key=key, until__lte=city.current
    )
    until = ended.order_by("-until").values_list("until", flat=True).first()
    return until - 1 if until else 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One known or unknown thing of a parcel: the column, its value, its kind."""

    column: str
    value: Any
    kind: str
    codes: str


def facts_of(user: User, city: City, parcel: Parcel) -> Iterator[Fact]:
    """Yield what ``user`` may see of a parcel, column by column."""
    yield from facts_of_row(user, city, "parcels", parcel)


def facts_of_row(user: User, city: City, layer: str, row: Feature) -> Iterator[Fact]:
    """Yield what ``user`` may see of a row of a layer, column by column."""
    for column in LAYERS[layer].columns:
        needed = COLUMN_NEEDS.get(column.name) if layer == "parcels" else None
        place = row.in_neighbourhood or city.place
        if needed is None or has_permission(user, needed, place):
            codes = "" if column.codes is None else column.name.removesuffix("_plan")
            yield Fact(column.name, getattr(row, field_of(column.name)), column.kind, codes)


@dataclass(frozen=True, slots=True)
class Version:
    """A parcel from an edition on, with what changed against the one before."""

    edition: Edition
    until: int | None
    changed: tuple[str, ...]


def history_of(user: User, city: City, key: str) -> list[Version]:
    """Return the versions of a parcel, newest first, with the columns that changed."""
    rows = list(
        Parcel.objects.filter(
            rows_for(user, Permission.SEE_PLACES, city),
            city=city,
            key=key,
            since__lte=city.current,
        ).order_by("since")
    )
    editions = {
        edition.number: edition
        for edition in Edition.objects.filter(
            city=city, state="accepted", number__in=[row.since for row in rows]
        ).select_related("made_by")
    }
    shown: list[Version] = []
    before: Parcel | None = None
    for row in rows:
        changed = () if before is None else tuple(_differences(user, city, before, row))
        until = row.until if row.until is not None and row.until <= city.current else None
        if row.is_renumbered and shown:  # the same version, in a block of another number
            shown[-1] = replace(shown[-1], until=until)
            continue
        shown.append(Version(editions[row.since], until, changed))
        before = row
    return shown[::-1]


def _differences(user: User, city: City, before: Parcel, after: Parcel) -> Iterator[str]:
    old = {fact.column: fact.value for fact in facts_of(user, city, before)}
    for fact in facts_of(user, city, after):
        if old.get(fact.column) != fact.value:
            yield fact.column
    if before.geometry != after.geometry:
        yield "geometry"


def successions_in(user: User, edition: Edition) -> QuerySet[Succession]:
    """Return the pairs of parcels that an edition names anew, of those that ``user`` sees."""
    seen = Parcel.objects.filter(
        rows_for(user, Permission.SEE_PLACES, edition.city), city=edition.city
    )
    old = Exists(seen.filter(key=OuterRef("old"), until=edition.number))
    new = Exists(seen.filter(key=OuterRef("new"), since=edition.number))
    return Succession.objects.filter(old | new, edition=edition)


def successions_of(city: City, key: str) -> QuerySet[Succession]:
    """Return from which parcels one came, and which came from it."""
    told = Succession.objects.filter(edition__city=city, edition__state="accepted")
    return told.filter(old=key) | told.filter(new=key)
