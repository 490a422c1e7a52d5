"""Passages derived from blocks drawn by hand, each answer worked out on paper."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString, Point, affinity, box

from bazafarin.analysis.derived_passages import derived_passages
from hand_drawn import CRS


def derive(*blocks, **options) -> gpd.GeoDataFrame:
    tolerances = {
        "spacing_m": 1.5,
        "least_width_m": 1.0,
        "reach_m": 40.0,
        "notch_ratio": 1.8,
        "facing_share": 0.87,
        "spur_widths": 1.0,
        "simplify_m": 0.3,
    }
    return derived_passages(gpd.GeoSeries(list(blocks), crs=CRS), **(tolerances | options))


def ends(lines: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    shapes = lines.geometry.to_numpy()
    points = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    return [(point.x, point.y) for point in points]


def degrees(lines: gpd.GeoDataFrame) -> list[int]:
    """Return how many lines meet at each point where one ends; ends must be exactly equal."""
    return sorted(np.unique(ends(lines), axis=0, return_counts=True)[1].tolist())


def components(lines: gpd.GeoDataFrame) -> int:
    nodes = np.unique(ends(lines), axis=0, return_inverse=True)[1].reshape(2, -1)
    size = nodes.max() + 1
    graph = coo_array((np.ones(nodes.shape[1]), (nodes[0], nodes[1])), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])


def with_lane(width: float, depth: float):
    """Return a block of 60 by 40 m with a dead end cut into the middle of its upper side."""
    return box(0, 0, 60, 40).difference(box(30 - width / 2, 40 - depth, 30 + width / 2, 41))


@pytest.mark.parametrize("width", [1.2, 3.0, 6.0, 30.0])
def test_a_straight_lane_between_two_blocks_is_one_line_in_its_exact_middle(width: float) -> None:
    made = derive(box(0, 0, 100, 50), box(0, 50 + width, 100, 100 + width))

    assert made["passage_id"].tolist() == ["d1"]
    assert made["width_m"].tolist() == pytest.approx([width])
    (line,) = made.geometry
    assert shapely.get_coordinates(line)[:, 1] == pytest.approx(50 + width / 2, abs=0.01)
    # the mouths: where the straight way between the corners is 0.87 of the width, at most
    # 0.28 widths beyond them
    assert 100 - 3 < line.length < 100 + 2 * 0.3 * width + 3


def test_a_crossing_of_four_blocks_is_one_node_with_four_arms() -> None:
    corners = [(0, 0), (56, 0), (0, 58), (56, 58)]
    made = derive(*(box(x, y, x + 50, y + 50) for x, y in corners))

    assert degrees(made) == [1, 1, 1, 1, 4]
    assert sorted(made["width_m"].round(6)) == [6, 6, 8, 8]
    nodes, count = np.unique(ends(made), axis=0, return_counts=True)
    assert nodes[count == 4][0] == pytest.approx([53, 54], abs=0.05)
    for line in made.geometry:
        assert line.distance(LineString([(53, -9), (53, 120)])) == pytest.approx(0, abs=0.05)
        assert len(line.coords) == 2


def test_a_street_runs_straight_past_its_side_street() -> None:
    made = derive(box(0, 0, 106, 40), box(0, 48, 50, 90), box(56, 48, 106, 90))

    assert degrees(made) == [1, 1, 1, 3]
    nodes, count = np.unique(ends(made), axis=0, return_counts=True)
    assert nodes[count == 3][0] == pytest.approx([53, 44], abs=0.1)


def test_a_bend_is_one_line_that_turns_in_its_corner() -> None:
    inner = box(0, 0, 50, 50)
    outer = box(-30, -30, 80, 80).difference(box(-31, -31, 56, 56))
    made = derive(inner, outer)

    assert len(made) == 1
    assert made["width_m"].iloc[0] == pytest.approx(6)
    line = made.geometry.iloc[0]
    # the middle of the corner's square is 3 m from both outer walls; the true axis cuts it
    # by an arc that stays within half the width of its middle
    assert line.distance(Point(53, 53)) < 3
    # both arms stand in the middle of the lane
    assert line.distance(Point(53, 10)) < 0.01
    assert line.distance(Point(10, 53)) < 0.01


@pytest.mark.parametrize("width", [2.0, 4.0, 8.0])
def test_a_dead_end_reaches_to_half_its_width_before_its_end(width: float) -> None:
    made = derive(with_lane(width, 30.0), box(0, 50, 60, 90))

    assert degrees(made) == [1, 1, 1, 3]
    lane = made.loc[made.geometry.bounds["miny"].idxmin()]
    assert lane["width_m"] == pytest.approx(width)
    x, y = shapely.get_coordinates(lane.geometry).T
    assert x[y < 40] == pytest.approx(30, abs=0.05)
    assert 10 + width / 2 - 0.1 <= y.min() <= 10 + width / 2 + 1


def test_the_recess_of_a_front_is_no_passage() -> None:
    made = derive(with_lane(8.0, 5.0), box(0, 50, 60, 90))

    assert degrees(made) == [1, 1]


@pytest.mark.parametrize("gap", [0.0, 0.4, -2.0])
def test_blocks_that_touch_or_nearly_so_have_no_passage_between_them(gap: float) -> None:
    made = derive(box(0, 0, 50, 50), box(50 + gap, 0, 100, 50))

    assert made.empty
    assert made.columns.tolist() == ["passage_id", "width_m", "geometry"]
    assert made.crs == CRS


def test_one_block_and_none_have_no_passage() -> None:
    assert derive(box(0, 0, 50, 50)).empty
    assert derive().empty
    # nor has its closed yard, which nobody can walk into
    assert derive(box(0, 0, 90, 90).difference(box(40, 20, 50, 70))).empty


def test_blocks_far_apart_have_open_country_between_them() -> None:
    assert derive(box(0, 0, 50, 50), box(150, 0, 200, 50)).empty


def test_a_lane_around_an_island_closes() -> None:
    made = derive(box(0, 0, 90, 90).difference(box(20, 20, 70, 70)), box(26, 26, 64, 64))

    assert len(made) == 1
    assert made.geometry.iloc[0].is_ring
    assert made["width_m"].tolist() == pytest.approx([6])
    assert made.length.iloc[0] == pytest.approx(4 * 44, rel=0.03)


def test_streets_are_joined_across_a_square() -> None:
    # four streets of 6 m lead to a square of 40 by 40 m
    blocks = [
        box(x, y, x + 80, y + 80).difference(box(63, 63, 103, 103))
        for x, y in [(0, 0), (86, 0), (0, 86), (86, 86)]
    ]
    made = derive(*blocks)

    assert components(made) == 1
    assert sorted(made["width_m"].round(3))[:4] == [6, 6, 6, 6]
    assert made.geometry.union_all().buffer(3).contains(Point(83, 83))


def grid(widths: tuple[float, float]) -> list[shapely.Polygon]:
    x, y = widths
    rows = [(i * (40 + x), j * (30 + y)) for i in range(3) for j in range(3)]
    return [box(a, b, a + 40, b + 30) for a, b in rows]


@settings(max_examples=15, deadline=None)
@given(
    widths=st.tuples(st.floats(1.5, 14), st.floats(1.5, 14)),
    angle=st.floats(0, 360),
    seed=st.integers(0, 99),
)
def test_turning_the_town_and_mixing_its_rows_changes_nothing(widths, angle, seed) -> None:
    blocks = grid(widths)
    drawn = derive(*blocks)
    turned = [affinity.rotate(block, angle, origin=(0, 0)) for block in blocks]
    mixed = derive(*np.random.default_rng(seed).permutation(np.array(turned)))
    in_order = derive(*turned)

    assert mixed.geometry.to_wkb().tolist() == in_order.geometry.to_wkb().tolist()
    assert mixed["passage_id"].tolist() == in_order["passage_id"].tolist()
    assert len(in_order) == len(drawn) == 12
    back = in_order.rotate(-angle, origin=(0, 0)).union_all()
    assert back.hausdorff_distance(drawn.union_all()) < 0.5
    assert sorted(in_order["width_m"]) == pytest.approx(sorted(drawn["width_m"]), abs=0.05)
    assert components(drawn) == components(in_order) == 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=2, max_size=12))
def test_lines_lie_in_the_open_and_no_farther_from_one_wall_than_their_width(places) -> None:
    blocks = [box(x, y, x + 45, y + 35) for x, y in places]
    made = derive(*blocks)

    built = shapely.union_all(np.array(blocks))
    assert made.geometry.intersection(built.buffer(-0.05)).length.sum() < 0.01
    assert (made["width_m"] >= 1).all()
    assert made["passage_id"].is_unique
    middles = made.geometry.interpolate(0.5, normalized=True)
    assert (middles.distance(built) <= 40).all()
