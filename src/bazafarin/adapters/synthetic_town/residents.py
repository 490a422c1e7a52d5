"""Who lives on each parcel, and what its land is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.adapters.synthetic_town.fabric import Fabric
from bazafarin.domain.codes import Structure, Use

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints

_FLAT_M2 = 95.0
_HOUSEHOLD_LESS_ONE = 2.15
"""Mean size of a household after its first person (Poisson): 3.15 persons."""
_LIVED_IN = 0.93
_SECOND_FLAT = 0.18
"""Share of the houses without a frame that hold a second flat."""
_LET_BY_ROOMS = 0.14
"""Share of the old houses that two or three households share."""
_LAND_RIAL_M2 = {
    Fabric.OLD: 95e6,
    Fabric.MIDDLE: 150e6,
    Fabric.NEW: 230e6,
    Fabric.INFORMAL: 55e6,
}
_FRAMES = (Structure.STEEL_FRAME, Structure.CONCRETE_FRAME)


def residents(
    rng: np.random.Generator, built: pd.DataFrame, *, fabric: Ints, front_m: Floats
) -> pd.DataFrame:
    """Return units, households, population and land value of each parcel."""
    home = (built["use"] == Use.RESIDENTIAL).to_numpy()
    framed = built["structure"].isin(_FRAMES).to_numpy()
    area = built["built_area_m2"].fillna(0.0).to_numpy()
    flats = np.maximum(1, np.floor(area * 0.82 / _FLAT_M2))
    houses = 1 + (rng.random(len(built)) < _SECOND_FLAT)
    units = np.where(home, np.where(framed, flats, houses), 0)
    households = rng.binomial(units.astype(np.int64), _LIVED_IN)
    # Old courtyard houses are let room by room: a second and third household in one unit.
    shared = home & (fabric == Fabric.OLD) & ~framed & (rng.random(len(built)) < _LET_BY_ROOMS)
    households = households + shared * rng.integers(1, 3, len(built))
    population = households + rng.poisson(_HOUSEHOLD_LESS_ONE * households)
    return pd.DataFrame(
        {
            "units": np.where(home, units, np.where(area > 0, 1, np.nan)),
            "households": households.astype(float),
            "population": population.astype(float),
            "land_value_rial_m2": _land_value(rng, fabric, front_m),
        }
    )


def _land_value(rng: np.random.Generator, fabric: Ints, front_m: Floats) -> Floats:
    """Return rial per m², to the million: dearer on wide streets."""
    base = np.array([_LAND_RIAL_M2[each] for each in Fabric])[fabric]
    street = np.clip(front_m, 2, 24) / 8
    value = base * street**0.45 * np.exp(rng.normal(0, 0.16, len(base)))
    return np.asarray(np.round(value / 1e6) * 1e6)
