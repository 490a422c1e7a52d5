from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from bazafarin.analysis.parcels import coverage_share, depth_m, floor_area_ratio, land_area_m2


def test_the_deed_tells_the_land_area_and_the_geometry_where_it_is_silent() -> None:
    area = land_area_m2(
        pd.Series([198.5, np.nan]), gpd.GeoSeries([box(0, 0, 10, 20), box(0, 0, 10, 20)])
    )

    assert area.tolist() == [198.5, 200.0]


def test_coverage_is_one_floor_over_the_land() -> None:
    built = pd.Series([300.0, 0.0, 500.0, np.nan, 100.0, 100.0])
    floors = pd.Series([3.0, 0.0, 1.0, 2.0, np.nan, 0.0])
    land = pd.Series([200.0] * 6)

    share = coverage_share(built, floors, land)

    # 100/200; vacant; 500/200 is more than the land; three unknowns
    assert share.tolist()[:3] == [0.5, 0.0, 1.0]
    assert share.iloc[3:].isna().all()


def test_the_floor_area_ratio_may_exceed_one_and_needs_land() -> None:
    ratio = floor_area_ratio(pd.Series([300.0, 300.0, np.nan]), pd.Series([200.0, 0.0, 200.0]))

    assert ratio[0] == pytest.approx(1.5)
    assert ratio.iloc[1:].isna().all()


def test_a_parcel_without_frontage_has_no_depth() -> None:
    depth = depth_m(pd.Series([200.0, 200.0]), pd.Series([10.0, 0.0]))

    assert depth[0] == 20.0
    assert np.isnan(depth[1])
