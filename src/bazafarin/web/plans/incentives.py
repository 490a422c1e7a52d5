"""Which published incentives concern a parcel, and why: by the approved boundary, and by a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import shapely

from bazafarin.domain.codes import Decided
from bazafarin.standards import Standards
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.models import BoundaryPart
from bazafarin.web.plans.figure_words import cited
from bazafarin.web.plans.results import citation_kept

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.web.places.models import City, Parcel
    from bazafarin.web.plans.figure_words import Cited
    from bazafarin.web.plans.models import BlockResult

RULES: Final = "incentive."


class Entitled(StrEnum):
    """Why the incentives of worn-out fabric concern a parcel, or do not."""

    INSIDE = "inside"
    """It lies in the approved boundary."""
    FOUND = "found"
    """It lies outside or no boundary is known, and its block was found worn-out."""
    OUTSIDE = "outside"
    """It lies outside the approved boundary, and its block was found not to be worn-out."""
    OUTSIDE_OPEN = "outside_open"
    """It lies outside the approved boundary; whether its block is worn-out is not known."""
    NOT_FOUND = "not_found"
    """No boundary is known, and its block was found not to be worn-out."""
    UNKNOWN = "unknown"
    """Neither a boundary is known nor whether its block is worn-out."""


@dataclass(frozen=True, slots=True)
class Incentives:
    """Why incentives concern a parcel, and the rules of them in force; none where they do not."""

    why: Entitled
    rules: tuple[Cited, ...]


def incentives_of(
    city: City, parcel: Parcel, number: int, block: BlockResult | None, *, as_of: date
) -> Incentives:
    """Return the incentives that concern a parcel as of an edition, by the rules of a day.

    ``block`` is what a plan says of its block, None where it says nothing or may not be seen.
    The city's own rules are not known here: they are given to a study, not to a parcel.
    """
    why = entitled(is_inside(city, parcel, number), block)
    if why not in {Entitled.INSIDE, Entitled.FOUND}:
        return Incentives(why, ())
    national = Standards.national()
    ids = [each for each in national.ids(RULES) if national.is_in_force(each, as_of=as_of)]
    kept = {each: citation_kept(national.citation(each, as_of=as_of)) for each in ids}
    return Incentives(why, tuple(cited(each, kept) for each in ids))


def entitled(inside: bool | None, block: BlockResult | None) -> Entitled:  # noqa: FBT001 - the one fact
    """Return why incentives concern a parcel; ``inside`` None is where no boundary is known.

    A block that unknown data could still make worn-out was not found not to be.
    """
    if inside:
        return Entitled.INSIDE
    if block is not None and block.worn_out:
        return Entitled.FOUND
    is_settled = block is not None and block.decided == Decided.NO
    if inside is None:
        return Entitled.NOT_FOUND if is_settled else Entitled.UNKNOWN
    return Entitled.OUTSIDE if is_settled else Entitled.OUTSIDE_OPEN


def is_inside(city: City, parcel: Parcel, number: int) -> bool | None:
    """Return whether a parcel lies in the approved boundary; None where that is not known."""
    parts = BoundaryPart.objects.of_edition(city, number).filter(geometry__isnull=False)
    if parcel.geometry is None or not parts.exists():
        return None
    point = shapely.point_on_surface(parcel.geometry)
    here = Box(point.x, point.y, point.x, point.y, city.srid)
    return any(part.geometry.covers(point) for part in parts.meeting(here))
