from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box
from shapely.affinity import rotate

from bazafarin.analysis.face_edges import face_edges
from bazafarin.analysis.frontages import frontage_m

STREET = gpd.GeoSeries([LineString([(-50, -3), (100, -3)])])


def fronts(
    parcels: dict[str, Polygon], passages: gpd.GeoSeries = STREET, reach_m: float = 20
) -> dict[str, float]:
    found = frontage_m(gpd.GeoSeries(parcels), passages, touch_tolerance_m=0.5, reach_m=reach_m)
    return {str(name): round(length, 6) for name, length in found.items()}


def test_a_row_of_parcels_fronts_the_street_with_its_street_side_alone() -> None:
    # c is drawn 0.3 m off b; d lies behind the row
    row = {
        "a": box(0, 0, 10, 20),
        "b": box(10, 0, 20, 20),
        "c": box(20.3, 0, 30, 15),
        "d": box(0, 20, 30, 40),
    }

    assert fronts(row) == {"a": 10.0, "b": 10.0, "c": 9.7, "d": 0.0}


def test_a_corner_parcel_fronts_both_streets() -> None:
    corner = gpd.GeoSeries([*STREET, LineString([(-3, -50), (-3, 100)])])

    assert fronts({"a": box(0, 0, 10, 20), "b": box(10, 0, 20, 20)}, corner) == {
        "a": 30.0,
        "b": 10.0,
    }


def test_a_long_wall_is_a_front_only_where_no_neighbour_covers_it() -> None:
    # the street side is 30 m; a kiosk parcel stands before 10 m of it
    assert fronts({"a": box(0, 0, 30, 20), "kiosk": box(10, -2, 20, 0)}) == {
        "a": 20.0,
        "kiosk": 10.0,
    }


def test_a_parcel_behind_a_gap_does_not_front_the_street_through_its_neighbour() -> None:
    assert fronts({"a": box(0, 0, 10, 5), "behind": box(0, 7, 10, 12)})["behind"] == 0.0


def test_a_street_out_of_reach_is_not_fronted() -> None:
    assert fronts({"a": box(0, 0, 10, 20)}, reach_m=2.9) == {"a": 0.0}
    assert fronts({"a": box(0, 0, 10, 20)}, reach_m=3.1) == {"a": 10.0}


def test_a_party_wall_at_an_angle_takes_nothing_from_the_front() -> None:
    # the wall leaves the street at 45 degrees: b's side of it stays near a's front for 0.5 m
    row = {
        "a": Polygon([(0, 0), (10, 0), (20, 10), (0, 10)]),
        "b": Polygon([(10, 0), (30, 0), (30, 10), (20, 10)]),
    }

    assert fronts(row) == {"a": 10.0, "b": 20.0}


def test_a_passage_drawn_inside_another_parcel_is_not_faced() -> None:
    # b overlaps a; the lane lies in b, no wall of b stands between a's east wall and it
    lane = gpd.GeoSeries([LineString([(14, 3), (14, 17)])])

    assert fronts({"a": box(0, 0, 10, 20), "b": box(5, -5, 30, 25)}, lane) == {"a": 0.0, "b": 0.0}
    assert fronts({"a": box(0, 0, 10, 20)}, lane) == {"a": 20.0}


def test_a_passage_along_a_ray_is_met_at_its_nearest_end() -> None:
    lane = gpd.GeoSeries([LineString([(5, -4), (5, -30)])])

    assert fronts({"a": box(2, 0, 8, 20)}, lane, reach_m=5) == {"a": 6.0}
    assert fronts({"a": box(2, 0, 8, 20)}, lane, reach_m=3) == {"a": 0.0}


def test_every_part_of_a_parcel_may_front() -> None:
    assert fronts({"a": MultiPolygon([box(0, 0, 10, 5), box(20, 0, 25, 5)])}) == {"a": 15.0}


def test_edges_at_hand_give_the_same_frontage() -> None:
    row = gpd.GeoSeries([box(0, 0, 10, 20), box(10, 0, 20, 20)])

    at_hand = frontage_m(row, STREET, touch_tolerance_m=0.5, reach_m=20, edges=face_edges(row))

    assert at_hand.tolist() == [10.0, 10.0]


def test_without_passages_or_parcels_there_is_no_frontage() -> None:
    assert fronts({"a": box(0, 0, 10, 20)}, STREET.iloc[:0]) == {"a": 0.0}
    assert fronts({}) == {}


@settings(max_examples=25, deadline=None)
@given(angle=st.floats(0, 360), seed=st.integers(0, 1_000))
def test_frontage_does_not_depend_on_row_order_or_on_how_the_town_is_turned(
    angle: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    walls = np.concatenate([[0.0], np.cumsum(rng.uniform(4, 15, 6))])
    parcels = gpd.GeoSeries(
        [
            box(a, 0, b, depth)
            for a, b, depth in zip(walls, walls[1:], rng.uniform(8, 20, 6), strict=False)
        ]
    )
    order = rng.permutation(6)

    def turned(layer: gpd.GeoSeries) -> gpd.GeoSeries:
        return gpd.GeoSeries(layer.map(lambda shape: rotate(shape, angle, origin=(0, 0))))

    found = frontage_m(
        turned(parcels.iloc[order]), turned(STREET), touch_tolerance_m=0.5, reach_m=20
    )

    expected = pd.Series(np.diff(walls))
    assert found.to_numpy() == pytest.approx(expected.iloc[order].to_numpy(), abs=1e-6)
