"""Rows that lie far from the city: a point at zero, a street of another town, a wrong zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.delivery.ledger import Ledger

    Geometries = np.ndarray[Any, Any]

LEAST_REACH_M: Final = 200_000.0
"""Nothing nearer is astray: a city with its lands is smaller, a wrong UTM zone is farther."""

REACH_TIMES_SPREAD: Final = 10.0
"""Of a larger area, so many times the distance within which half of its parcels lie."""

_KM: Final = 1000.0


@dataclass(frozen=True, slots=True)
class CityPlace:
    """Where a city lies, in metres of its own system: its middle and how far it can reach."""

    x: float
    y: float
    reach_m: float

    @classmethod
    def of(cls, parcels: pd.Series) -> CityPlace:
        """Return the place of clean parcels; strays among them do not move it."""
        bounds = shapely.bounds(parcels.to_numpy())
        x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        middle = float(np.median(x)), float(np.median(y))
        spread = float(np.median(np.hypot(x - middle[0], y - middle[1])))
        return cls(*middle, max(LEAST_REACH_M, REACH_TIMES_SPREAD * spread))

    def distance_m(self, geometries: pd.Series) -> Geometries:
        """Return how far the extent of each geometry is from the middle; 0 where it is within."""
        bounds = shapely.bounds(geometries.to_numpy())
        x = np.clip(self.x, bounds[:, 0], bounds[:, 2]) - self.x
        y = np.clip(self.y, bounds[:, 1], bounds[:, 3]) - self.y
        result: Geometries = np.hypot(x, y)
        return result


def near_city(geometries: pd.Series, city: CityPlace, layer: str, ledger: Ledger) -> pd.Series:
    """Return the geometries that the city can reach; the others are rejected in ``ledger``.

    A layer that lies elsewhere as a whole is fatal: its system is wrong, or its city.
    """
    distance_m = city.distance_m(geometries)
    far = distance_m > city.reach_m
    if not far.any():
        return geometries
    if far.all():
        nearest_km = float(distance_m.min()) / _KM
        ledger.note("reading.crs.elsewhere", layer, Severity.FATAL, km=round(nearest_km))
        return geometries[~far]
    ledger.rows(
        "reading.geometry.astray", layer, Severity.REJECTED, geometries.index[far],
        values=[f"{metres / _KM:.0f} km" for metres in distance_m[far]],
        km=round(city.reach_m / _KM),
    )  # fmt: skip
    return geometries[~far]
