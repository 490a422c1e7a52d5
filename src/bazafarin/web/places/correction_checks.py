"""What a corrected shape must hold: valid, in the city, no overlap with neighbours, no sliver.

What was there before is not held against a correction: it may leave a fault, and make none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from django.db.models import Max, Min

from bazafarin.domain.errors import UsageError
from bazafarin.standards import Standards
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.models import Neighbourhood, Parcel
from bazafarin.web.places.scope import rows_for

if TYPE_CHECKING:
    from datetime import date

    from shapely.geometry.base import BaseGeometry

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Feature

NAMED_MOST: Final = 5
"""Neighbours that a refusal names."""
_MITRE: Final = "mitre"


@dataclass(frozen=True, slots=True)
class Limits:
    """The rules of corrections on a day."""

    fault_m2: float
    sliver_m: float
    point_m: float

    @classmethod
    def on(cls, day: date) -> Limits:
        """Return the national rules as of ``day``."""
        ask = Standards.national().value
        return cls(
            float(ask("corrections.overlap_above", as_of=day)),
            float(ask("corrections.sliver_narrower", as_of=day)),
            float(ask("corrections.same_point_within", as_of=day)),
        )


def neighbours_of(
    city: City, model: type[Feature], shape: BaseGeometry, old: Feature | None, reach_m: float
) -> list[Feature]:
    """Return the rows that hold now about ``shape`` and about what it was, but not itself."""
    meant = [shape] if old is None else [shape, old.geometry]
    west, south, east, north = shapely.total_bounds(np.array(meant, dtype=object))
    box = Box(west - reach_m, south - reach_m, east + reach_m, north + reach_m, city.srid)
    found = model.objects.of_edition(city).filter(geometry__isnull=False).meeting(box)
    if old is not None:
        found = found.exclude(pk=old.pk)
    return list(found.only("key", "geometry", "in_neighbourhood_id"))


def seated(shape: BaseGeometry, about: list[BaseGeometry], *, within_m: float) -> BaseGeometry:
    """Return ``shape`` with each corner on the corner of ``about`` that is the same one.

    A shape that was drawn in degrees comes back some micrometres off.
    """
    if not about:
        return shape
    known = np.unique(shapely.get_coordinates(np.array(about, dtype=object)), axis=0)
    corners = shapely.get_coordinates(shape)
    mine, theirs = shapely.STRtree(np.asarray(shapely.points(known))).query_nearest(
        shapely.points(corners), max_distance=within_m, all_matches=False
    )
    corners[mine] = known[theirs]
    return shapely.set_coordinates(shape, corners)


def check(  # noqa: PLR0913 - a shape, where it lies, what it was, who looks
    *,
    by: User | None,
    city: City,
    shape: BaseGeometry,
    old: Feature | None,
    about: list[Feature],
    limits: Limits,
) -> None:
    """Raise what is wrong with ``shape`` among its neighbours ``about``.

    Raises:
        UsageError: it is no area, crosses itself, leaves the city, overlaps, leaves a sliver.
    """
    if shapely.get_type_id(shape) not in (3, 6) or shape.is_empty:
        raise UsageError("web_map.error.not_an_area")
    if not shape.is_valid:
        raise UsageError("web_map.error.invalid", reason=shapely.is_valid_reason(shape))
    if shape.area <= limits.fault_m2:
        raise UsageError("web_map.error.not_an_area")
    before = None if old is None else old.geometry
    _check_inside(city, shape, before, limits)
    _check_overlaps(by, city, shape, before, about, limits)
    _check_slivers(shape, before, about, limits)


def _check_inside(
    city: City, shape: BaseGeometry, before: BaseGeometry | None, limits: Limits
) -> None:
    areas = list(
        Neighbourhood.objects.of_edition(city)
        .filter(geometry__isnull=False).values_list("geometry", flat=True)
    )  # fmt: skip
    if not areas:
        ends = Parcel.objects.of_edition(city).aggregate(
            Min("west"), Min("south"), Max("east"), Max("north")
        )
        areas = [shapely.box(*ends.values())]
    if before is not None:
        areas.append(before)
    outside = shape.difference(shapely.union_all(areas)).area
    if outside > limits.fault_m2:
        raise UsageError("web_map.error.outside", area=outside)


def _check_overlaps(  # noqa: PLR0913, PLR0917
    by: User | None,
    city: City,
    shape: BaseGeometry,
    before: BaseGeometry | None,
    about: list[Feature],
    limits: Limits,
) -> None:
    shapes = np.array([each.geometry for each in about], dtype=object)
    common = shapely.area(shapely.intersection(shape, shapes))
    if before is not None:
        common = common - shapely.area(shapely.intersection(before, shapes))
    places = np.flatnonzero(common > limits.fault_m2)
    if not len(places):
        return
    area = float(common[places].sum())
    seen = {each.pk for each in about} if by is None else _seen(by, city, about)
    keys = [about[n].key for n in places if about[n].pk in seen]
    if not keys:
        raise UsageError("web_map.error.overlaps_hidden", area=area)
    raise UsageError(
        "web_map.error.overlaps", keys=keys[:NAMED_MOST], area=area, limit=limits.fault_m2
    )


def _seen(by: User, city: City, about: list[Feature]) -> set[int]:
    model = type(about[0])
    ids = [each.pk for each in about]
    mine = model.objects.filter(rows_for(by, Permission.SEE_PLACES, city), pk__in=ids)
    return set(mine.values_list("pk", flat=True))


def _check_slivers(
    shape: BaseGeometry,
    before: BaseGeometry | None,
    about: list[Feature],
    limits: Limits,
) -> None:
    others = shapely.union_all([each.geometry for each in about])
    gaps = _gaps(shape, others, limits.sliver_m)
    if before is not None:
        gaps = gaps.difference(_gaps(before, others, limits.sliver_m))
    # a gap counts where it is on this shape, not where two neighbours leave one
    parts = shapely.get_parts(gaps)
    reach = shapely.buffer(shape, limits.point_m)
    area = float(shapely.area(parts[shapely.intersects(parts, reach)]).sum())
    if area > limits.fault_m2:
        raise UsageError("web_map.error.sliver", narrower=limits.sliver_m, area=area)


def _gaps(shape: BaseGeometry, others: BaseGeometry, narrower_m: float) -> BaseGeometry:
    """Return the ground between ``shape`` and ``others`` into which no such circle fits."""
    both = shapely.union(shape, others)
    grown = shapely.buffer(both, narrower_m / 2, join_style=_MITRE)
    closed = shapely.buffer(grown, -narrower_m / 2, join_style=_MITRE)
    return closed.difference(both)
