from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, Polygon, affinity, box

from bazafarin.analysis.walking_network import (
    Joined,
    WalkingNetwork,
    distance_to_edges,
    distance_to_nearest,
    distances_within,
    join,
    walking_network,
)

TOLERANCE_M = 0.5


def network_of(*lines: LineString) -> WalkingNetwork:
    return walking_network(gpd.GeoSeries(list(lines)), node_tolerance_m=TOLERANCE_M)


def joined(network: WalkingNetwork, *shapes: object, reach_m: float = 20.0) -> Joined:
    return join(network, gpd.GeoSeries(list(shapes)), reach_m=reach_m)


def nearest_m(network: WalkingNetwork, origins: list[object], there: list[object]) -> list[float]:
    found = distance_to_nearest(network, joined(network, *origins), joined(network, *there))
    return [round(float(metres), 6) for metres in found]


def test_a_cross_of_two_streets_has_five_nodes_and_four_edges() -> None:
    network = network_of(LineString([(0, 0), (10, 0)]), LineString([(4, -3), (4, 5)]))

    assert len(network.node_xy) == 5
    assert network.edge_length_m.tolist() == [4, 6, 3, 5]
    assert network.edge_passage.tolist() == [0, 0, 1, 1]
    assert set(network.component) == {0}
    assert network.ways.sum() == 2 * (4 + 6 + 3 + 5)


def test_a_lane_drawn_short_of_its_street_is_joined_to_it_within_the_tolerance() -> None:
    street = LineString([(0, 0), (10, 0)])

    near = network_of(street, LineString([(4, 0.4), (4, 5)]))
    far = network_of(street, LineString([(4, 0.6), (4, 5)]))

    assert (len(near.node_xy), near.component.max()) == (4, 0)
    assert (len(far.node_xy), far.component.max()) == (4, 1)


def test_of_parallel_lanes_the_shorter_is_the_way() -> None:
    network = network_of(LineString([(0, 0), (8, 0)]), LineString([(0, 0), (4, 3), (8, 0)]))

    assert network.ways.toarray().tolist() == [[0, 8], [8, 0]]


def test_no_passage_makes_a_network_of_no_nodes_that_joins_nothing() -> None:
    network = network_of()

    assert len(network.node_xy) == 0
    assert nearest_m(network, [Point(0, 0)], [Point(1, 1)]) == [np.inf]
    assert not joined(network, box(0, 0, 1, 1)).is_joined.any()


def test_a_parcel_is_joined_at_the_middle_of_its_frontage() -> None:
    # the front runs from x = 10 to x = 20, 3 m off the middle of a street of 100 m
    network = network_of(LineString([(0, 0), (100, 0)]))

    at = joined(network, box(10, 3, 20, 30))

    assert at.edge.tolist() == [0]
    assert at.along_m.tolist() == [[15, 85]]
    assert at.offset_m.tolist() == [3]


def test_a_slanting_front_is_joined_at_its_nearest_corner() -> None:
    network = network_of(LineString([(0, 0), (100, 0)]))

    at = joined(network, Polygon([(10, 3), (20, 5), (20, 30), (10, 30)]))

    assert at.along_m.tolist() == [[10, 90]]


@pytest.mark.parametrize("shape", [box(10, 21, 20, 30), Point(5, 20.5), None, Polygon()])
def test_what_lies_beyond_the_reach_is_not_joined(shape: object) -> None:
    network = network_of(LineString([(0, 0), (100, 0)]))

    at = joined(network, shape)

    assert at.edge.tolist() == [-1]
    assert np.isnan(at.offset_m).all()
    assert nearest_m(network, [shape], [Point(1, 0)]) == [np.inf]


def test_a_park_is_joined_to_the_path_inside_it_that_nothing_else_reaches() -> None:
    network = network_of(LineString([(40, 50), (60, 50)]))

    at = joined(network, box(0, 0, 100, 100))

    assert at.edge.tolist() == [0]
    assert at.offset_m.tolist() == [0]


def test_a_way_goes_round_by_the_passages_and_counts_both_offsets() -> None:
    # from (0, 3): 3 to the street, 10 to the corner, 20 up the lane; the shop lies 2 off it
    network = network_of(LineString([(0, 0), (10, 0)]), LineString([(10, 0), (10, 20)]))

    assert nearest_m(network, [Point(0, 3)], [Point(12, 20)]) == [3 + 10 + 20 + 2]


def test_on_one_edge_the_way_goes_along_it_and_not_by_its_ends() -> None:
    network = network_of(LineString([(0, 0), (100, 0)]))

    assert nearest_m(network, [Point(40, 1), Point(90, 0)], [Point(50, 0), Point(49, 0)]) == [
        1 + 9,
        40,
    ]


def test_on_a_bent_edge_the_way_by_its_ends_may_be_shorter() -> None:
    # a long way round of 10 + 100 + 10 between (0, 0) and (10, 0), which a lane of 10 joins
    bend = LineString([(0, 0), (0, 50), (10, 50), (10, 0)])
    network = network_of(bend, LineString([(0, 0), (10, 0)]))

    assert nearest_m(network, [Point(0, 4)], [Point(10, 5)]) == [4 + 10 + 5]


def test_a_ring_is_walked_the_shorter_way_round() -> None:
    ring = LineString([(0, 0), (30, 0), (30, 30), (0, 30), (0, 0)])
    network = network_of(ring)

    assert nearest_m(network, [Point(5, 0)], [Point(0, 10), Point(30, 30)]) == [5 + 10]


def test_no_way_leads_from_one_part_of_the_network_to_another() -> None:
    network = network_of(LineString([(0, 0), (10, 0)]), LineString([(0, 50), (10, 50)]))

    assert nearest_m(network, [Point(0, 0), Point(0, 50)], [Point(4, 0)]) == [4, np.inf]


def test_a_way_to_an_edge_ends_where_the_edge_begins() -> None:
    # the street is the edge; a lane of 20 leads off it, and a lane elsewhere has no way to it
    network = network_of(
        LineString([(0, 0), (30, 0)]),
        LineString([(30, 0), (30, 20)]),
        LineString([(0, 90), (9, 90)]),
    )
    here = joined(network, Point(7, 3), Point(30, 12), Point(2, 90), Point(0, 50))

    found = distance_to_edges(network, here, np.array([True, False, False]))

    assert found.tolist() == [3, 12, np.inf, np.inf]
    assert np.isinf(distance_to_edges(network, here, np.zeros(3, dtype=bool))).all()


def test_pairs_within_a_limit_are_those_of_hand() -> None:
    # along a street: 10 | 30 | 70, destinations at 20 and 100
    network = network_of(LineString([(0, 0), (50, 0)]), LineString([(50, 0), (120, 0)]))
    origins = joined(network, Point(10, 0), Point(30, 0), Point(70, 0), Point(0, 99))
    there = joined(network, Point(20, 0), Point(100, 0), Point(0, 99))

    found = distances_within(network, origins, there, limit_m=50)

    assert [part.tolist() for part in found] == [[0, 1, 2, 2], [0, 0, 0, 1], [10, 10, 50, 30]]


def random_town(seed: int) -> tuple[WalkingNetwork, gpd.GeoSeries, gpd.GeoSeries]:
    """Return a network of streets at random angles, with people and shops about it."""
    rng = np.random.default_rng(seed)
    ends = rng.uniform(0, 100, size=(rng.integers(1, 9), 2, 2))
    network = walking_network(
        gpd.GeoSeries([LineString(line) for line in ends]), node_tolerance_m=TOLERANCE_M
    )
    people, shops = rng.uniform(0, 100, size=(12, 2)), rng.uniform(0, 100, size=(4, 2))
    return network, gpd.GeoSeries.from_xy(*people.T), gpd.GeoSeries.from_xy(*shops.T)


def slow_distances_m(network: WalkingNetwork, origins: Joined, there: Joined) -> np.ndarray:
    """Return all distances by relaxing every edge until nothing changes."""
    nodes, people = len(network.node_xy), len(origins.edge)
    spots = [(joined_, i) for joined_ in (origins, there) for i in range(len(joined_.edge))]
    size = nodes + len(spots)
    metres = np.full((size, size), np.inf)
    np.fill_diagonal(metres, 0.0)

    def link(a: int, b: int, far: float) -> None:
        metres[a, b] = metres[b, a] = min(metres[a, b], far)

    for (a, b), far in zip(network.edge_ends, network.edge_length_m, strict=True):
        link(a, b, far)
    for k, (one, i) in enumerate(spots):
        if one.edge[i] < 0:
            continue
        for side in (0, 1):
            link(nodes + k, network.edge_ends[one.edge[i], side], one.along_m[i, side])
        for m, (other, j) in enumerate(spots[:k]):
            if other.edge[j] == one.edge[i]:
                link(nodes + k, nodes + m, abs(one.along_m[i, 0] - other.along_m[j, 0]))
    for via in range(size):
        metres = np.minimum(metres, metres[:, [via]] + metres[[via], :])
    offsets = np.nan_to_num(np.concatenate([origins.offset_m, there.offset_m]))
    between = metres[nodes : nodes + people, nodes + people :]
    return between + offsets[:people, None] + offsets[None, people:]


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_distances_agree_with_a_slow_search_of_every_way(seed: int) -> None:
    network, people, shops = random_town(seed)
    origins, there = (join(network, points, reach_m=15) for points in (people, shops))

    slow = slow_distances_m(network, origins, there)
    nearest = distance_to_nearest(network, origins, there)
    pairs = distances_within(network, origins, there, limit_m=90)

    np.testing.assert_allclose(nearest, slow.min(axis=1))
    assert set(zip(*np.nonzero(slow <= 90), strict=True)) == set(zip(*pairs[:2], strict=True))
    np.testing.assert_allclose(pairs[2], slow[pairs[0], pairs[1]])


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_one_shop_more_never_makes_a_way_longer(seed: int) -> None:
    network, people, shops = random_town(seed)
    origins, there = (join(network, points, reach_m=15) for points in (people, shops))

    fewer = distance_to_nearest(network, origins, there.chosen(np.arange(len(there.edge) - 1)))

    assert (distance_to_nearest(network, origins, there) <= fewer).all()


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(1, 359))
def test_turning_the_town_changes_no_way(seed: int, angle: float) -> None:
    rng = np.random.default_rng(seed)
    lines = gpd.GeoSeries([LineString(line) for line in rng.uniform(0, 100, size=(6, 2, 2))])
    people = gpd.GeoSeries([box(x, y, x + 4, y + 3) for x, y in rng.uniform(0, 100, size=(9, 2))])
    shops = gpd.GeoSeries.from_xy(*rng.uniform(0, 100, size=(3, 2)).T)

    def ways(*layers: gpd.GeoSeries) -> np.ndarray:
        network = walking_network(layers[0], node_tolerance_m=TOLERANCE_M)
        here, there = (join(network, layer, reach_m=15) for layer in layers[1:])
        return distance_to_nearest(network, here, there)

    turned = [
        gpd.GeoSeries([affinity.rotate(g, angle, origin=(0, 0)) for g in layer])
        for layer in (lines[::-1], people, shops[::-1])
    ]

    np.testing.assert_allclose(ways(*turned), ways(lines, people, shops), atol=1e-6)


def test_degenerate_passages_are_borne() -> None:
    network = network_of(
        LineString(),
        LineString([(5, 5), (5, 5)]),
        MultiLineString([[(0, 0), (10, 0)], [(10, 0), (20, 0)]]),
    )

    assert network.edge_passage.tolist() == [2, 2]
    assert nearest_m(network, [Point(0, 0)], [Point(20, 0)]) == [20]
