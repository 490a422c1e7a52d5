"""What was seen of parcels on the ground, as an edition of its own, current at once.

Like a correction on the map it ends the rows that were and begins others; no shape changes. While
an edition waits for a decision nothing is taken in: it was compared with what is here now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.layers import digests_of, field_of
from bazafarin.web.places.models import City, Edition, Parcel
from bazafarin.web.places.models.edition import EditionKind, EditionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.web.accounts.models import User

_AT_ONCE = 1000


@transaction.atomic
def observe(
    *,
    by: User | None,
    city: City,
    seen: Mapping[str, Mapping[str, Any]],
    note: str,
    day: date,
) -> Edition | None:
    """Record what was seen of parcels as the next edition; None where all of it was known.

    Args:
        by: who lets it stand.
        city: whose parcels they are.
        seen: the values by the parcel's key and the column of the city file.
        note: what the edition says of itself.
        day: the day by which it is dated.

    Raises:
        PermissionDenied: ``by`` may not review answers at one of the parcels.
        UsageError: another edition waits; a parcel is no longer there.
    """
    city = City.objects.select_for_update(of=("self",)).select_related("place").get(pk=city.pk)
    waits = [EditionState.READING, EditionState.PREPARED]
    if Edition.objects.filter(city=city, state__in=waits).exists():
        raise UsageError("web_map.error.edition_waits", city=city.place.name_fa)
    held = _held(city, seen)
    for place in {row.in_neighbourhood or city.place for row in held.values()}:
        check_may(by, Permission.REVIEW_ANSWERS, place)
    changed = {key: _new_values(row, seen[key]) for key, row in held.items()}
    changed = {key: values for key, values in changed.items() if values}
    if not changed:
        return None
    edition = _begun(by, city, note, day, count=len(changed))
    _write(city, [held[key] for key in changed], changed)
    city.current = edition.number
    city.save(update_fields=["current"])
    record(
        "parcel.surveyed", by=by, subject_kind="edition", subject_id=edition.pk,
        place_path=city.place.path,
        # the values are seen by some alone: the parcels' own versions hold them
        after={"edition": edition.number, "parcels": sorted(changed)},
    )  # fmt: skip
    return edition


def _held(city: City, seen: Mapping[str, object]) -> dict[str, Parcel]:
    rows = Parcel.objects.of_edition(city).filter(key__in=list(seen))
    held = {row.key: row for row in rows.select_related("in_neighbourhood")}
    if missing := sorted(set(seen) - set(held)):
        raise UsageError("web_surveys.error.parcel_gone", keys=", ".join(missing))
    return held


def _new_values(row: Parcel, values: Mapping[str, Any]) -> dict[str, Any]:
    named = {field_of(column): value for column, value in values.items()}
    return {field: value for field, value in named.items() if getattr(row, field) != value}


def _begun(by: User | None, city: City, note: str, day: date, *, count: int) -> Edition:
    before = Edition.objects.filter(city=city, number=city.current, state="accepted").first()
    held = Parcel.objects.of_edition(city).count()
    counts = {"new": 0, "changed": count, "vanished": 0, "same": held - count}
    try:
        with transaction.atomic():
            return Edition.objects.create(
                city=city, number=city.current + 1, kind=EditionKind.SURVEY,
                state=EditionState.ACCEPTED, dated=day, note=note, made_by=by, decided_by=by,
                decided_at=timezone.now(), is_synthetic=city.is_synthetic,
                sources={} if before is None else before.sources, changes={"parcels": counts},
            )  # fmt: skip
    except IntegrityError as error:  # a delivery began at the same moment
        raise UsageError("web_map.error.edition_waits", city=city.place.name_fa) from error


def _write(city: City, rows: list[Parcel], changed: Mapping[str, Mapping[str, Any]]) -> None:
    """End the rows and begin them anew with what was seen."""
    number = city.current + 1
    ids = [row.pk for row in rows]
    for row in rows:
        for field, value in changed[row.key].items():
            setattr(row, field, value)
        if "land_area_m2" in changed[row.key]:
            row.area_m2 = row.land_area_m2
        row.pk, row.since, row.until, row.is_renumbered = None, number, None, None
    for row, digest in zip(rows, digests_of("parcels", rows), strict=True):
        row.digest = digest
    for at in range(0, len(ids), _AT_ONCE):
        Parcel.objects.filter(pk__in=ids[at : at + _AT_ONCE]).update(until=number)
    Parcel.objects.bulk_create(rows, batch_size=_AT_ONCE)
