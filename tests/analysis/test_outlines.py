"""The outline around areas: lanes in, others out, no slivers; drawn and derived by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, box
from shapely.affinity import rotate

from bazafarin.analysis.outlines import joined_outline

HOW = {"join_gap_m": 12.0, "least_part_m2": 500.0, "least_hole_m2": 500.0}
WEST, EAST = box(0, 0, 50, 50), box(60, 0, 110, 50)


def outline(*areas, others=(), **options):
    return joined_outline(gpd.GeoSeries(list(areas)), gpd.GeoSeries(list(others)), **HOW | options)


def ring(hole_m: float):
    """Return a square of 100 m with a square hole of ``hole_m`` a side in its middle."""
    return box(0, 0, 100, 100).difference(box(50, 50, 50 + hole_m, 50 + hole_m))


def test_a_lane_between_two_areas_is_inside_and_a_street_is_not() -> None:
    assert outline(WEST, EAST).area.tolist() == pytest.approx([110 * 50])
    assert outline(WEST, EAST, join_gap_m=9.0).area.tolist() == [2500, 2500]


@pytest.mark.parametrize("turn", [0.0, 1e-5, 30.0, 36.54738014612053, 90.0])
def test_a_street_as_wide_as_the_gap_is_inside_however_the_town_is_turned(turn: float) -> None:
    north, south = box(2.4, 59.514, 59.762, 94.154), box(2.4, 6, 59.762, 47.514)

    found = outline(*(rotate(area, turn, origin=(0, 0)) for area in (north, south)))

    assert found.area.tolist() == pytest.approx([57.362 * 88.154])
    assert outline(north, box(2.4, 6, 59.762, 47.5)).area.size == 2


def test_a_small_hole_is_filled_and_a_large_one_stays() -> None:
    # 22 m a side is 484 m²; 23 m is 529 m². Neither can be closed by joining 12 m.
    assert outline(ring(22)).area.tolist() == pytest.approx([10_000])
    assert outline(ring(23)).area.tolist() == pytest.approx([10_000 - 529])


def test_a_small_hole_that_another_area_lies_in_is_never_filled() -> None:
    found = outline(ring(20), others=[box(50, 50, 70, 70)])

    assert found.area.tolist() == pytest.approx([10_000 - 400])
    assert not found.contains(Point(60, 60)).any()


def test_an_area_below_the_least_part_is_part_of_the_outline_all_the_same() -> None:
    assert outline(box(0, 0, 10, 10)).area.tolist() == [100]


def test_a_strip_of_lane_cut_off_by_others_on_both_sides_falls_away() -> None:
    # Joined, the lane is 10 m wide; the others leave a strip of 4 m, 200 m², that holds nothing.
    others = [box(50, 0, 53, 50), box(57, 0, 60, 50)]

    assert outline(WEST, EAST, others=others).area.tolist() == pytest.approx([2500, 2500])
    wide = outline(WEST, EAST, others=others, least_part_m2=200.0)
    assert wide.area.tolist() == pytest.approx([2500, 2500, 200])


def test_an_area_that_touches_at_a_corner_is_of_the_same_group_and_stays_whole() -> None:
    found = outline(WEST, box(50, 50, 100, 100))

    assert found.area.sum() >= 5000
    assert found.is_valid.all()
    assert set(found.geom_type) == {"Polygon"}


def test_no_area_has_no_outline() -> None:
    assert outline(others=[WEST]).empty


def test_parts_come_largest_first_and_then_from_the_south() -> None:
    far = box(300, 200, 350, 250)

    found = outline(far, WEST, box(600, 0, 700, 50))

    assert found.area.tolist() == [5000, 2500, 2500]
    assert found.bounds["miny"].tolist() == [0, 0, 200]
