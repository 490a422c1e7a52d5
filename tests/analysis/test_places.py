from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, box

from bazafarin.analysis.places import containing_area

AREAS = gpd.GeoDataFrame(
    {"area_id": ["west", "east"]}, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], index=[5, 9]
)


def place_of(*shapes: object) -> list[object]:
    geometry = gpd.GeoSeries(list(shapes), index=range(100, 100 + len(shapes)))
    found = containing_area(geometry, AREAS, id_column="area_id")
    assert found.index.equals(geometry.index)
    return [None if pd.isna(value) else value for value in found]


def test_a_parcel_lies_where_its_point_lies() -> None:
    assert place_of(box(1, 1, 4, 4), box(12, 1, 14, 4), Point(3, 3)) == ["west", "east", "west"]


def test_a_parcel_across_the_border_lies_in_one_area() -> None:
    assert place_of(box(8, 1, 16, 4)) == ["east"]


def test_a_parcel_whose_point_is_outside_lies_where_it_shares_most() -> None:
    # its middle (12, 11) is north of both; it shares 2 m2 with west and 6 m2 with east
    assert place_of(box(8, 9, 16, 13)) == ["east"]
    assert place_of(LineString([(9, 9), (9, 12), (15, 30), (15, 5)])) == ["east"]


def test_what_touches_no_area_lies_in_none() -> None:
    assert place_of(box(100, 100, 101, 101)) == [None]


def test_of_overlapping_areas_the_smallest_is_meant_in_any_order() -> None:
    nested = gpd.GeoDataFrame(
        {"area_id": ["b", "a", "z"]}, geometry=[box(0, 0, 9, 9)] * 2 + [box(0, 0, 2, 2)]
    )
    shapes = gpd.GeoSeries([box(0.5, 0.5, 1, 1), box(5, 5, 6, 6)])

    for areas in (nested, nested.iloc[::-1]):
        assert containing_area(shapes, areas, id_column="area_id").tolist() == ["z", "a"]


def test_without_areas_nothing_is_placed_and_nothing_has_no_place() -> None:
    shapes = gpd.GeoSeries([box(0, 0, 1, 1)])

    assert containing_area(shapes, AREAS.iloc[:0], id_column="area_id").isna().all()
    assert containing_area(shapes.iloc[:0], AREAS, id_column="area_id").empty
