"""Which published incentives concern a parcel, and why: by the approved boundary, and by a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import shapely

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
    """It lies outside the approved boundary, and its block was not found worn-out."""
    UNKNOWN = "unknown"
    """No boundary is known, and nothing was found of its block."""


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
    why = _why(city, parcel, number, block)
    if why not in {Entitled.INSIDE, Entitled.FOUND}:
        return Incentives(why, ())
    national = Standards.national()
    ids = [each for each in national.ids(RULES) if national.is_in_force(each, as_of=as_of)]
    kept = {each: citation_kept(national.citation(each, as_of=as_of)) for each in ids}
    return Incentives(why, tuple(cited(each, kept) for each in ids))


def _why(city: City, parcel: Parcel, number: int, block: BlockResult | None) -> Entitled:
    parts = BoundaryPart.objects.of_edition(city, number).filter(geometry__isnull=False)
    is_known = parcel.geometry is not None and parts.exists()
    if is_known:
        inside = shapely.point_on_surface(parcel.geometry)
        here = Box(inside.x, inside.y, inside.x, inside.y, city.srid)
        if any(part.geometry.covers(inside) for part in parts.meeting(here)):
            return Entitled.INSIDE
    if block is not None and block.worn_out:
        return Entitled.FOUND
    return Entitled.OUTSIDE if is_known else Entitled.UNKNOWN
