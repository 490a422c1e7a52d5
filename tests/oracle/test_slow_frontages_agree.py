"""Two writings of the frontage agree on small random towns: tidy, untidy and overlapping."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, make_valid

from bazafarin.analysis.frontages import frontage_m
from oracle.slow_frontages import slow_frontage_m


def random_town(seed: int, untidy_m: float) -> tuple[list[Polygon], list[LineString]]:
    """Return a bent grid of parcels, some left out, and lanes drawn anyhow across it.

    Half of the parcels are drawn from the grid's own points, the others up to ``untidy_m``
    off them.
    """
    rng = np.random.default_rng(seed)
    columns, rows = rng.integers(2, 6, 2)
    widths = np.cumsum(rng.uniform(4, 19, columns + 1))
    depths = np.cumsum(rng.uniform(4, 19, rows + 1))
    corner = np.stack(np.meshgrid(widths, depths), axis=-1)
    corner += rng.uniform(-1.5, 1.5, corner.shape)
    parcels = []
    for row in range(rows):
        for column in range(columns):
            ring = [(0, 0), (0, 1), (1, 1), (1, 0)]
            points = np.array([corner[row + r, column + c] for r, c in ring])
            points += rng.uniform(-untidy_m, untidy_m, (4, 2)) * (rng.random() < 0.5)
            shape = Polygon(points)
            if rng.random() < 0.8 and make_valid(shape).equals(shape):
                parcels.append(shape)
    low, high = -12, max(widths[-1], depths[-1]) + 12
    lanes = [LineString(rng.uniform(low, high, (3, 2))) for _ in range(rng.integers(1, 6))]
    return parcels, lanes


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 100_000),
    untidy_m=st.sampled_from([0.0, 0.2, 0.6, 2.0]),
    reach_m=st.sampled_from([4.0, 15.0, 40.0]),
)
def test_the_fast_frontage_is_the_slow_one(seed: int, untidy_m: float, reach_m: float) -> None:
    parcels, lanes = random_town(seed, untidy_m)
    how = {"touch_tolerance_m": 0.5, "reach_m": reach_m}

    fast = frontage_m(gpd.GeoSeries(parcels), gpd.GeoSeries(lanes), **how)

    assert fast.to_numpy() == pytest.approx(slow_frontage_m(parcels, lanes, **how), abs=1e-5)
