"""The approved boundary through the editions: which parts, approved when, by which resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bazafarin.web.places.models import BoundaryPart, Edition
from bazafarin.web.places.models.edition import EditionState

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.web.places.models import City

_M2_OF_A_HECTARE: Final = 10_000


@dataclass(frozen=True, slots=True)
class BoundaryVersion:
    """The boundary from an edition on, until before edition ``until`` where it changed again."""

    edition: Edition
    until: int | None
    approved_on: tuple[date, ...]
    resolutions: tuple[str, ...]
    parts: int
    area_m2: float

    @property
    def area_ha(self) -> float:
        """Return the area in hectares."""
        return self.area_m2 / _M2_OF_A_HECTARE


def versions_of(city: City) -> list[BoundaryVersion]:
    """Return the versions of a city's boundary, newest first; an edition that kept it is none."""
    parts = list(BoundaryPart.objects.filter(city=city, since__lte=city.current))
    turns = {part.since for part in parts} | {part.until for part in parts if part.until}
    numbers = sorted(number for number in turns if number <= city.current)
    editions = {
        edition.number: edition
        for edition in Edition.objects.filter(
            city=city, state=EditionState.ACCEPTED, number__in=numbers
        )
    }
    shown = [
        _version(
            editions[number],
            numbers[at + 1] if at + 1 < len(numbers) else None,
            [p for p in parts if p.since <= number and (p.until is None or p.until > number)],
        )
        for at, number in enumerate(numbers)
    ]
    return shown[::-1]


def _version(edition: Edition, until: int | None, parts: list[BoundaryPart]) -> BoundaryVersion:
    return BoundaryVersion(
        edition,
        until,
        tuple(sorted({part.approved_on for part in parts if part.approved_on})),
        tuple(sorted({part.resolution for part in parts if part.resolution})),
        len(parts),
        float(sum(part.geometry.area for part in parts if part.geometry is not None)),
    )
