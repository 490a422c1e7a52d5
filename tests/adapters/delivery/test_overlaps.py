"""Overlaps: every one is found, none is made up, and no row is lost."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bazafarin.adapters.delivery import overlaps, read_city

from .conftest import EAST, NORTH, lot, problems


def test_clean_neighbours_do_not_overlap():
    assert overlaps.overlapping_pairs(np.array([lot(n) for n in range(9)])).empty


def test_neighbours_whose_corners_do_not_meet_do_not_overlap():
    # One long edge against two short ones: a T without a vertex at its foot.
    long = shapely.box(0, 0, 20, 10)
    shapes = np.array([long, shapely.box(0, 10, 9, 20), shapely.box(9, 10, 20, 20)])

    assert overlaps.overlapping_pairs(shapes).empty


def test_an_overlap_is_told_with_both_names_and_its_area(write):
    shapes = [lot(0), shapely.box(EAST + 9, NORTH, EAST + 20, NORTH + 20), lot(5)]
    frame = gpd.GeoDataFrame({"parcel_id": ["a", "b", "c"]}, geometry=shapes, crs=32639)

    city = read_city(write(frame))

    (told,) = problems(city, "reading.overlap.true")
    assert told.values == ("a × b: 20.0 m2",)
    assert told.facts["area_m2"] == pytest.approx(20.0)
    assert len(city.parcels) == 3


def test_a_parcel_inside_another_overlaps_it():
    pairs = overlaps.overlapping_pairs(np.array([shapely.box(0, 0, 9, 9), shapely.box(3, 3, 4, 4)]))

    assert pairs["area_m2"].tolist() == [1.0]


def test_drawing_within_a_square_metre_is_summed_up(write):
    shapes = [lot(0), shapely.box(EAST + 9.99, NORTH, EAST + 20, NORTH + 20)]
    frame = gpd.GeoDataFrame({"parcel_id": ["a", "b"]}, geometry=shapes, crs=32639)

    city = read_city(write(frame))

    assert problems(city, "reading.overlap.true") == []
    assert problems(city, "reading.overlap.small")[0].facts["area_m2"] == pytest.approx(0.2)


def test_a_sliver_is_told_and_kept(write):
    shapes = [lot(0), shapely.box(EAST + 10, NORTH, EAST + 10.1, NORTH + 20)]
    frame = gpd.GeoDataFrame({"parcel_id": ["a", "b"]}, geometry=shapes, crs=32639)

    city = read_city(write(frame))

    assert problems(city, "reading.sliver")[0].rows == (2,)
    assert len(city.parcels) == 2


_BOX = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 12), st.integers(1, 12))


@settings(max_examples=60, deadline=None)
@given(boxes=st.lists(_BOX, min_size=2, max_size=12, unique=True))
def test_the_pairs_are_those_of_comparing_each_with_each(boxes):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes])
    shapes = shapes[~gpd.GeoSeries(shapes).normalize().to_wkb().duplicated().to_numpy()]

    found = overlaps.overlapping_pairs(shapes)

    expected = {
        (one, other): area
        for one, other in combinations(range(len(shapes)), 2)
        if (area := shapes[one].intersection(shapes[other]).area) > 0
    }
    assert {(r.row, r.other): r.area_m2 for r in found.itertuples()} == pytest.approx(expected)


def test_tiles_find_what_one_tile_finds(monkeypatch):
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0, 200, (2, 300))
    shapes = shapely.box(x, y, x + 6, y + 6)
    whole = overlaps.overlapping_pairs(shapes)

    monkeypatch.setattr(overlaps, "_TILE", 25)

    assert overlaps.overlapping_pairs(shapes).equals(whole)
    assert len(whole) > 50
