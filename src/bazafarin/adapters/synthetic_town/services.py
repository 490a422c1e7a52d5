"""The services of a town: how large, how often, in which fabric; the pieces kept for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.synthetic_town.fabric import Fabric
from bazafarin.adapters.synthetic_town.lots import FIRST_SERVICE_ROLE, ROLE_HOUSE
from bazafarin.domain.codes import Use

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints, Quads

_EVERY = (Fabric.OLD, Fabric.MIDDLE, Fabric.NEW, Fabric.INFORMAL)
_HISTORIC = (Fabric.OLD,)
_LONGEST = 3.4
"""No service stands on a piece that is more times as long as it is wide."""
_LATER = (Fabric.MIDDLE, Fabric.NEW)


@dataclass(frozen=True)
class Service:
    """One kind of service: ``land_m2`` least and most, and one for every ``hectares`` of land."""

    key: str
    use: Use
    land_m2: tuple[float, float]
    hectares: float
    fabrics: tuple[Fabric, ...] = _EVERY


SERVICES = (
    Service("friday_mosque", Use.RELIGIOUS, (1500, 4200), np.inf, _HISTORIC),
    Service("caravanserai", Use.COMMERCIAL, (900, 1800), 28, _HISTORIC),
    Service("mosque", Use.RELIGIOUS, (280, 640), 9),
    Service("husayniyya", Use.RELIGIOUS, (380, 700), 30, (Fabric.OLD, Fabric.MIDDLE)),
    Service("hammam", Use.HERITAGE, (260, 480), 24, _HISTORIC),
    Service("mansion", Use.HERITAGE, (600, 1300), 18, _HISTORIC),
    Service("school", Use.EDUCATION, (1000, 3200), 6),
    Service("clinic", Use.HEALTH, (380, 1000), 14),
    Service("park", Use.GREEN, (1500, 6500), 9, (Fabric.MIDDLE, Fabric.NEW, Fabric.INFORMAL)),
    Service("garden", Use.GREEN, (500, 1400), 22, _HISTORIC),
    Service("sport_hall", Use.SPORT, (900, 2600), 22),
    Service("library", Use.CULTURE, (350, 1000), 24),
    Service("office", Use.ADMINISTRATIVE, (450, 1800), 20, _LATER),
    Service("fire_station", Use.EQUIPMENT, (500, 1500), 45, _LATER),
    Service("substation", Use.UTILITIES, (90, 300), 25),
    Service("car_park", Use.PARKING, (400, 1500), 30, (Fabric.OLD, Fabric.MIDDLE)),
    Service("college", Use.HIGHER_EDUCATION, (2500, 6500), 260, _LATER),
    Service("guest_house", Use.TOURISM, (400, 900), 60, _HISTORIC),
    Service("workshop", Use.INDUSTRY, (400, 1600), 60, _LATER),
)


class Reserve:
    """Set pieces aside for services while blocks are being cut into lots."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._has_friday_mosque = False

    def __call__(self, quads: Quads, along_m: Floats, across_m: Floats) -> Ints:
        """Return the role of each piece of so many metres: a service's, or what it was."""
        area_m2 = along_m * across_m
        long = np.maximum(along_m, across_m) > _LONGEST * np.minimum(along_m, across_m)
        role = quads.role.copy()
        self._friday_mosque(quads, area_m2, role)
        for row, service in enumerate(SERVICES):
            low, high = service.land_m2
            fits = (area_m2 >= low) & (area_m2 <= high) & np.isin(quads.fabric, service.fabrics)
            likely = area_m2 / (service.hectares * 1e4)
            chosen = fits & (role == ROLE_HOUSE) & ~long & (self._rng.random(len(quads)) < likely)
            role[chosen] = FIRST_SERVICE_ROLE + row
        return role

    def _friday_mosque(self, quads: Quads, area_m2: Floats, role: Ints) -> None:
        """Give the first fitting piece nearest to the centre to the Friday mosque."""
        low, high = SERVICES[0].land_m2
        fits = np.flatnonzero((area_m2 >= low) & (area_m2 <= high) & (quads.fabric == Fabric.OLD))
        if self._has_friday_mosque or not len(fits):
            return
        near = np.argmin(np.hypot(*quads.middle[fits].T))
        role[fits[near]] = FIRST_SERVICE_ROLE
        self._has_friday_mosque = True
