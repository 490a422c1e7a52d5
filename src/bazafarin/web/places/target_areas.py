"""Target areas of regeneration: whose they are, and their versions in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from django.db import transaction

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.audit.record import record
from bazafarin.web.places.actions import check_may
from bazafarin.web.places.models import City, Neighbourhood, TargetArea
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from bazafarin.domain.codes import TargetType
    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Place


def areas_at(user: User, place: Place) -> QuerySet[TargetArea]:
    """Return the target areas at and below ``place`` that ``user`` sees: what holds now first."""
    seen = below(paths_with(user, Permission.SEE_PLACES), "place__path")
    return (
        TargetArea.objects.filter(seen, place__path__startswith=place.path)
        .select_related("place", "made_by")
        .defer("geometry")
        .order_by("name_fa", "-valid_from", "pk")
    )


@transaction.atomic
def add_target_area(  # noqa: PLR0913 - what a resolution says of an area
    *,
    by: User | None,
    place: Place,
    name_fa: str,
    primary_type: TargetType,
    other_types: Sequence[TargetType],
    valid_from: date,
    resolution: str,
    neighbourhoods: Iterable[Neighbourhood] = (),
) -> TargetArea:
    """Add a target area; one of the same name that holds at ``place`` ends on its first day.

    Its shape is that of the neighbourhoods, together; without any it has none yet.

    Raises:
        UsageError: the one of the same name begins on that day or later.
    """
    check_may(by, Permission.CORRECT_PLACES, place)
    before = TargetArea.objects.filter(place=place, name_fa=name_fa, valid_until=None).first()
    if before is not None:
        if before.valid_from >= valid_from:
            raise UsageError(
                "web_places.error.area_not_later", name=name_fa, begins=before.valid_from
            )
        before.valid_until = valid_from
        before.save(update_fields=["valid_until"])
    shapes = [each.geometry for each in neighbourhoods if each.geometry is not None]
    area = TargetArea.objects.create(
        place=place,
        name_fa=name_fa,
        primary_type=primary_type,
        other_types=[kind for kind in other_types if kind != primary_type],
        geometry=_together(shapes),
        valid_from=valid_from,
        resolution=resolution,
        made_by=by,
    )
    record(
        "target_area.added", by=by, subject_kind="target_area", subject_id=area.pk,
        place_path=place.path,
        before={} if before is None else {"target_area": before.pk},
        after={
            "name_fa": name_fa, "primary_type": primary_type, "valid_from": valid_from,
            "resolution": resolution,
        },
    )  # fmt: skip
    return area


@transaction.atomic
def end_target_area(*, by: User | None, area: TargetArea, valid_until: date) -> None:
    """Let a target area hold until before a day.

    Raises:
        UsageError: the day is no later than its first, or it has ended already.
    """
    check_may(by, Permission.CORRECT_PLACES, area.place)
    if area.valid_until is not None or valid_until <= area.valid_from:
        raise UsageError(
            "web_places.error.area_not_later", name=area.name_fa, begins=area.valid_from
        )
    area.valid_until = valid_until
    area.save(update_fields=["valid_until"])
    record(
        "target_area.ended", by=by, subject_kind="target_area", subject_id=area.pk,
        place_path=area.place.path, before={"valid_until": None},
        after={"valid_until": valid_until},
    )  # fmt: skip


def neighbourhoods_to_choose(city: City | None) -> QuerySet[Neighbourhood]:
    """Return the neighbourhoods of the current edition, of which an area may be made up."""
    if city is None:
        return Neighbourhood.objects.none()
    return Neighbourhood.objects.of_edition(city).order_by("name_fa", "key")


def _together(shapes: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    if not shapes:
        return None
    srid = int(shapely.get_srid(shapes[0]))
    return shapely.set_srid(shapely.union_all(list(shapes)), srid)
