"""Deed areas against the geometry's: a wrong unit shows in all rows, a wrong deed in some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.delivery.ledger import Ledger

DISAGREES_BEYOND: Final = 2.0
"""A deed that says twice or half of what is drawn is told."""

UNIT_BEYOND: Final = 1.25
"""A median ratio beyond this over the whole layer is another unit, not a careless deed."""

_ENOUGH: Final = 10
"""Fewer areas than this say nothing of a unit."""


def tell_disagreements(parcels: pd.DataFrame, ledger: Ledger) -> None:
    """Record where ``land_area_m2`` and the geometry disagree; nothing is changed."""
    drawn = shapely.area(parcels["geometry"].to_numpy())
    ratio = (parcels["land_area_m2"] / drawn).dropna()
    if ratio.empty:
        return
    median = float(ratio.median())
    if len(ratio) >= _ENOUGH and not 1 / UNIT_BEYOND <= median <= UNIT_BEYOND:
        ledger.note("reading.area.unit", "parcels", ratio=median, field="land_area_m2")
    spread = np.maximum(ratio / median, median / ratio)
    apart = ratio[spread > DISAGREES_BEYOND]
    stated = parcels["land_area_m2"].loc[apart.index]
    values = [f"{area:.0f} m2 ({times:.2f})" for area, times in zip(stated, apart, strict=True)]
    ledger.rows(
        "reading.area.disagrees", "parcels", Severity.NOTE, apart.index,
        values=values, field="land_area_m2", times=DISAGREES_BEYOND,
    )  # fmt: skip
