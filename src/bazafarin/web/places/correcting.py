"""A parcel or a boundary drawn or corrected on the map: an edition of its own, current at once.

The row that was ends with the correction's number and another begins with it, so the shape of
every earlier edition can be looked at again. While an edition waits for a decision nothing is
corrected: it was compared with what is here now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from bazafarin.adapters.persian_text import search_key
from bazafarin.analysis import blocks as block_measures
from bazafarin.domain.errors import UsageError
from bazafarin.standards import Standards
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.correction_checks import Limits, check, neighbours_of, seated
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.layers import TABLES, digest_of, digest_of_derived
from bazafarin.web.places.models import Block, City, Edition, Neighbourhood, Parcel
from bazafarin.web.places.models.edition import EditionKind, EditionState
from bazafarin.web.places.queries import COLUMN_NEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from shapely.geometry.base import BaseGeometry

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Feature, Place

CORRECTED: Final[Mapping[str, str]] = {"parcels": "parcel", "approved_boundary": "boundary"}
"""The layers that are corrected on the map, and what one of their rows is."""
_OWN: Final = frozenset(
    (
        *("id", "city", "since", "until", "digest", "is_renumbered"),
        *("west", "south", "east", "north", "geometry"),
    )
)
"""What a corrected row does not take from the one before."""


@transaction.atomic
def correct(  # noqa: PLR0913 - who corrects what, from which edition on, to what, why
    *,
    by: User | None,
    city: City,
    layer: str,
    old: Feature | None,
    began: int,
    shape: BaseGeometry,
    values: Mapping[str, Any],
    reason: str,
    day: date,
) -> Edition:
    """Record a correction of ``old``, or a new row, as the next edition.

    Args:
        by: who corrects.
        city: whose layer it is.
        layer: ``parcels`` or ``approved_boundary``.
        old: the row that is corrected; None draws a new one.
        began: the edition that the correction began from.
        shape: an area in the city's system.
        values: the row's fields that are said anew.
        reason: why; it is the edition's note.
        day: the day of the correction, whose rules hold.

    Raises:
        UsageError: another edition waits; the row was corrected meanwhile; the shape does not
            stand (``correction_checks``); the key is another's; nothing changes.
    """
    city = City.objects.select_for_update(of=("self",)).select_related("place").get(pk=city.pk)
    waits = [EditionState.READING, EditionState.PREPARED]
    if Edition.objects.filter(city=city, state__in=waits).exists():
        raise UsageError("web_map.error.edition_waits", city=city.place.name_fa)
    if old is not None:
        _check_still_there(city, old, began)
    model, limits = TABLES[layer], Limits.on(day)
    about = neighbours_of(city, model, shape, old, limits.sliver_m)
    corners = [each.geometry for each in about] + ([] if old is None else [old.geometry])
    shape = seated(shape, corners, within_m=limits.point_m)
    check(by=by, city=city, shape=shape, old=old, about=about, limits=limits)
    row = _row(city, model, old, shape, values)
    check_may(by, Permission.CORRECT_PLACES, row.in_neighbourhood or city.place)
    if old is not None:
        check_may(by, Permission.CORRECT_PLACES, old.in_neighbourhood or city.place)
        if shape.equals(old.geometry) and _same(old, values):
            raise UsageError("web_map.error.unchanged")
    return _recorded(by, city, layer, old, row, reason, day)


def _check_still_there(city: City, old: Feature, began: int) -> None:
    """Raise where ``old`` is no longer what holds, or began after the correction did."""
    now = type(old).objects.get(pk=old.pk)
    if now.until is not None and now.until <= city.current:
        raise UsageError("web_map.error.changed_since", began=began, since=now.until)
    if now.since > began:
        raise UsageError("web_map.error.changed_since", began=began, since=now.since)


def _same(old: Feature, values: Mapping[str, Any]) -> bool:
    return all(getattr(old, name) == value for name, value in values.items())


def _row(
    city: City,
    model: type[Feature],
    old: Feature | None,
    shape: BaseGeometry,
    values: Mapping[str, Any],
) -> Feature:
    """Return the row as it will be, with what follows from its shape."""
    kept: dict[str, Any] = {} if old is None else {
        field.attname: getattr(old, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in _OWN
    }  # fmt: skip
    row = model(city=city, **(kept | dict(values)))
    row.geometry = shapely.set_srid(shape, city.srid)
    row.since = city.current + 1
    if isinstance(row, Parcel):
        row.key = row.parcel_id
        row.search_key = search_key(row.parcel_id)
        row.area_m2 = shape.area if row.land_area_m2 is None else row.land_area_m2
        if old is None:
            _place(city, row)
        layer = "parcels"
    else:
        layer = "approved_boundary"
    row.digest = digest_of(layer, row)
    if not isinstance(row, Parcel):
        row.key = f"{row.digest}/0"
    return row


def _place(city: City, row: Parcel) -> None:
    """Find the block and the neighbourhood of a new parcel: where it lies, else whom it touches."""
    west, south, east, north = shapely.bounds(row.geometry)
    box = Box(west, south, east, north, city.srid)
    inside = shapely.point_on_surface(row.geometry)
    blocks = Block.objects.of_edition(city).meeting(box)
    block = next((each for each in blocks if each.geometry.contains(inside)), None)
    areas = Neighbourhood.objects.of_edition(city).filter(geometry__isnull=False).meeting(box)
    area = next((each for each in areas if each.geometry.contains(inside)), None)
    beside = _longest_beside(city, row, box) if block is None or area is None else None
    if block is not None:
        row.in_block = block.block_id
    else:
        row.in_block = beside.in_block if beside else row.parcel_id
    if area is not None:
        row.in_neighbourhood_id = area.in_neighbourhood_id
    elif beside is not None:
        row.in_neighbourhood_id = beside.in_neighbourhood_id


def _longest_beside(city: City, row: Parcel, box: Box) -> Parcel | None:
    touching = list(Parcel.objects.of_edition(city).filter(geometry__isnull=False).meeting(box))
    if not touching:
        return None
    common = shapely.length(
        shapely.intersection(row.geometry, np.array([each.geometry for each in touching]))
    )
    return touching[int(np.argmax(common))] if common.max() > 0 else None


def _recorded(  # noqa: PLR0913, PLR0917
    by: User | None, city: City, layer: str, old: Feature | None, row: Feature, reason: str,
    day: date,
) -> Edition:  # fmt: skip
    """Write the edition, end the old row, begin the new one, and add the event."""
    number, now = city.current + 1, timezone.now()
    before = Edition.objects.filter(city=city, number=city.current, state="accepted").first()
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                city=city, number=number, kind=EditionKind.CORRECTION, state=EditionState.ACCEPTED,
                dated=day, note=reason, made_by=by, decided_by=by, decided_at=now,
                is_synthetic=city.is_synthetic, sources={} if before is None else before.sources,
                changes={layer: _counts(city, layer, is_new=old is None)},
            )  # fmt: skip
    except IntegrityError as error:  # a delivery began at the same moment
        raise UsageError("web_map.error.edition_waits", city=city.place.name_fa) from error
    if old is not None:
        type(old).objects.filter(pk=old.pk).update(until=number)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise UsageError("web_map.error.key_taken", key=row.key) from error
    city.current = number
    city.save(update_fields=["current"])
    if isinstance(row, Parcel):
        _redraw_block(city, row.in_block or row.key, row.in_neighbourhood_id, day)
    what = CORRECTED[layer]
    record(
        f"{what}.{'drawn' if old is None else 'corrected'}", by=by, subject_kind=what,
        subject_id=row.key, place_path=_path(row.in_neighbourhood, city),
        before=None if old is None else _told(old, row) | {"edition": number - 1},
        after=_told(row, old) | {"edition": number, "reason": reason},
    )  # fmt: skip
    return edition


def _counts(city: City, layer: str, *, is_new: bool) -> dict[str, int]:
    held = TABLES[layer].objects.of_edition(city).count()
    new, changed = int(is_new), int(not is_new)
    return {"new": new, "changed": changed, "vanished": 0, "same": held - changed}


def _path(place: Place | None, city: City) -> str:
    return (place or city.place).path


def _told(row: Feature, other: Feature | None) -> dict[str, object]:
    """Return what an event says of a row: how large it is, and the values that differ.

    Of what needs a permission of its own to be seen only the name is told: the event is read by
    people who may not see it. The versions of the parcel hold the values.
    """
    told: dict[str, object] = {"area_m2": round(float(row.geometry.area), 2)}
    mine = model_to_dict(row, exclude=[*_OWN, "area_m2", "search_key", "key", "row"])
    theirs = {} if other is None else model_to_dict(other, fields=list(mine))
    differing = sorted(name for name, value in mine.items() if theirs.get(name) != value)
    told |= {name: _plain(mine[name]) for name in differing if name not in COLUMN_NEEDS}
    hidden = [name for name in differing if name in COLUMN_NEEDS]
    return told | ({"columns": hidden} if hidden else {})


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _redraw_block(city: City, block_id: str, place: int | None, day: date) -> None:
    """Draw the outline of a derived block anew round its parcels; a new one where it has none."""
    block = Block.objects.of_edition(city).filter(block_id=block_id).first()
    if block is not None and not block.is_derived:
        return
    held = Parcel.objects.of_edition(city).filter(in_block=block_id, geometry__isnull=False)
    shapes = gpd.GeoSeries(np.array(held.values_list("geometry", flat=True), dtype=object))
    names = pd.Series(block_id, index=shapes.index, dtype="str")
    gap = float(Standards.national().value("blocks.close_gap_m", as_of=day))
    outline = block_measures.block_outlines(shapes, names, close_gap_m=gap).iloc[0]
    outline = shapely.set_srid(outline, city.srid)
    if block is not None and block.geometry == outline:
        return
    made = Block(
        city=city,
        key=block_id,
        block_id=block_id,
        since=city.current,
        is_derived=True,
        geometry=outline,
        area_m2=float(shapely.area(outline)),
        neighbourhood_id=None if block is None else block.neighbourhood_id,
        in_neighbourhood_id=place if block is None else block.in_neighbourhood_id,
    )
    made.digest = digest_of_derived(made)
    if block is not None:
        Block.objects.filter(pk=block.pk).update(until=city.current)
    made.save(force_insert=True)
