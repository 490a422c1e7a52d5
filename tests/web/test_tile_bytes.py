"""The bytes of a tile, read back by another's reader."""

from __future__ import annotations

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon, box, shape

from bazafarin.web.maps.tile_lines import AREA, LINE, POINT, drawing
from bazafarin.web.maps.tile_square import EXTENT, MARGIN
from bazafarin.web.maps.vector_tile import TileLayer, tile, varints

WHOLE = box(-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)


def read_back(shapes, kind, columns=None, *, tolerance=0.0):
    drawn = drawing(np.array(shapes, dtype=object), kind, tolerance=tolerance)
    ids = np.arange(100, 100 + len(shapes))[drawn.rows]
    held = {
        name: np.array(cells, dtype=object)[drawn.rows] for name, cells in (columns or {}).items()
    }
    made = tile([TileLayer("layer", kind, drawn, ids, held)])
    found = mapbox_vector_tile.decode(made, default_options={"y_coord_down": True})
    return found["layer"]["features"] if found else []


def shapes_of(features):
    return [shape(feature["geometry"]) for feature in features]


def test_a_polygon_with_a_hole_comes_back_as_it_went() -> None:
    drawn = Polygon(
        [(10, 10), (200, 10), (200, 150), (10, 150)], [[(50, 50), (90, 50), (90, 90), (50, 90)]]
    )

    [found] = shapes_of(read_back([drawn], AREA))

    assert found.equals(drawn)
    assert len(found.interiors) == 1


def test_the_parts_of_a_multipolygon_stay_one_feature() -> None:
    drawn = MultiPolygon([box(0, 0, 10, 10), box(20, 20, 40, 50)])

    [found] = shapes_of(read_back([drawn], AREA))

    assert found.equals(drawn)


@pytest.mark.parametrize("turned", [False, True])
def test_an_outline_turns_as_the_format_asks_however_it_came(turned) -> None:
    corners = [(0, 0), (10, 0), (10, 10), (0, 10)]
    drawn = drawing(np.array([Polygon(corners[:: -1 if turned else 1])], dtype=object), AREA)

    steps = drawn.numbers[[1, 2, 4, 5, 6, 7, 8, 9]].reshape(-1, 2)
    at = np.cumsum((steps >> 1) ^ -(steps & 1), axis=0)
    x, y = at[:, 0], at[:, 1]

    assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0


def test_what_leaves_the_tile_is_clipped_at_its_margin() -> None:
    drawn = box(-5_000, 1_000, 9_000, 2_000)

    [found] = shapes_of(read_back([drawn], AREA))

    assert found.equals(drawn.intersection(WHOLE))


def test_a_line_that_comes_in_twice_has_two_parts() -> None:
    drawn = LineString([(100, 100), (100, 9_000), (300, 9_000), (300, 100)])

    [found] = shapes_of(read_back([drawn], LINE))

    assert found.equals(drawn.intersection(WHOLE))
    assert len(found.geoms) == 2


def test_what_lies_outside_and_what_is_too_small_to_be_drawn_is_left_out() -> None:
    speck = box(10.1, 10.1, 10.3, 10.3)
    outside = box(9_000, 9_000, 9_100, 9_100)

    found = read_back([speck, outside, box(0, 0, 5, 5), None], AREA)

    assert [feature["id"] for feature in found] == [102]
    assert tile([TileLayer("none", AREA, drawing(np.array([speck]), AREA), np.array([]))]) == b""


def test_a_hole_that_vanishes_leaves_its_polygon() -> None:
    drawn = Polygon(box(0, 0, 100, 100).exterior, [box(50, 50, 50.2, 50.2).exterior])

    [found] = shapes_of(read_back([drawn], AREA))

    assert found.equals(box(0, 0, 100, 100))


def test_a_point_stands_in_one_tile_alone() -> None:
    shapes = [Point(10, 20), Point(EXTENT, 5), Point(-3, 5), MultiPoint([(1, 2), (3, 4)])]

    found = read_back(shapes, POINT)

    assert [feature["id"] for feature in found] == [100, 103]
    assert shapes_of(found) == [Point(10, 20), MultiPoint([(1, 2), (3, 4)])]


def test_many_random_shapes_come_back_rounded_and_nothing_else() -> None:
    chance = np.random.default_rng(5)
    middles = shapely.points(chance.uniform(0, EXTENT, (300, 2)))
    shapes = shapely.buffer(middles, chance.uniform(20, 300, 300), quad_segs=3)
    rounded = [shapely.transform(each, np.rint).intersection(WHOLE) for each in shapes]

    found = shapes_of(read_back(list(shapes), AREA))

    for mine, theirs in zip(found, rounded, strict=True):
        # a clipped edge is rounded once more: by half a step along its length
        assert mine.symmetric_difference(theirs).area <= 0.5 * theirs.length


def test_simplifying_keeps_the_shape_within_its_tolerance() -> None:
    drawn = Point(2_000, 2_000).buffer(500, quad_segs=64)

    [found] = shapes_of(read_back([drawn], AREA, tolerance=4.0))

    assert len(found.exterior.coords) < len(drawn.exterior.coords) / 3
    assert found.hausdorff_distance(drawn) < 5


def test_attributes_come_back_with_their_kinds_and_the_unknown_is_absent() -> None:
    columns = {
        "use": ["residential", None, "green"],
        "floors": [2.5, 3.0, None],
        "level": [1, None, 300],
        "heritage": [True, False, None],
        "name": ["کوچهٔ بهار", "کوچهٔ بهار", None],
    }

    found = read_back([box(0, 0, 9, 9)] * 3, AREA, columns)

    told = [
        {"use": "residential", "floors": 2.5, "level": 1, "heritage": True, "name": "کوچهٔ بهار"},
        {"floors": 3.0, "heritage": False, "name": "کوچهٔ بهار"},
        {"use": "green", "level": 300},
    ]
    assert [feature["properties"] for feature in found] == told


def test_numbers_of_every_length_are_written_as_the_format_says() -> None:
    numbers = np.array([0, 1, 127, 128, 16_383, 16_384, 2**32, 2**62])

    written, lengths = varints(numbers)

    assert lengths.tolist() == [1, 1, 1, 2, 2, 3, 5, 9]
    assert written[:5] == b"\x00\x01\x7f\x80\x01"
