from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString

from bazafarin.analysis.passage_pieces import passage_pieces


def lengths(pieces: gpd.GeoDataFrame) -> dict[object, list[float]]:
    return {
        name: [round(length, 6) for length in group.length]
        for name, group in pieces.groupby("passage_id")
    }


def test_a_crossing_cuts_both_streets() -> None:
    cross = gpd.GeoSeries({"a": LineString([(0, 0), (10, 0)]), "b": LineString([(4, -3), (4, 5)])})

    assert lengths(passage_pieces(cross)) == {"a": [4.0, 6.0], "b": [3.0, 5.0]}


def test_a_lane_that_ends_on_a_street_cuts_the_street_alone() -> None:
    tee = gpd.GeoSeries({"a": LineString([(0, 0), (10, 0)]), "b": LineString([(4, 0), (4, 5)])})

    assert lengths(passage_pieces(tee)) == {"a": [4.0, 6.0], "b": [5.0]}


@pytest.mark.parametrize(("short_by_m", "pieces"), [(0.4, 2), (0.6, 1)])
def test_a_lane_drawn_short_of_its_street_cuts_it_within_the_tolerance(
    short_by_m: float, pieces: int
) -> None:
    tee = gpd.GeoSeries(
        {"a": LineString([(0, 0), (10, 0)]), "b": LineString([(4, short_by_m), (4, 5)])}
    )

    assert len(lengths(passage_pieces(tee, node_tolerance_m=0.5))["a"]) == pieces


def test_streets_that_meet_end_to_end_stay_whole() -> None:
    chain = gpd.GeoSeries([LineString([(0, 0), (5, 0)]), LineString([(5, 0), (9, 3)])])

    assert lengths(passage_pieces(chain)) == {0: [5.0], 1: [5.0]}


def test_a_cut_at_a_vertex_keeps_the_shape() -> None:
    bent = gpd.GeoSeries(
        [LineString([(0, 0), (5, 0), (5, 5)]), LineString([(5, 0), (9, 0)])], index=[7, 8]
    )

    pieces = passage_pieces(bent)

    assert lengths(pieces) == {7: [5.0, 5.0], 8: [4.0]}
    assert pieces.geometry.iloc[1].bounds == (5, 0, 5, 5)


def test_two_lanes_opposite_each_other_cut_a_street_once() -> None:
    opposite = gpd.GeoSeries(
        [
            LineString([(0, 0), (10, 0)]),
            LineString([(4, 0), (4, 5)]),
            LineString([(4.2, 0), (4.2, -5)]),
        ]
    )

    assert len(lengths(passage_pieces(opposite))[0]) == 2


def test_each_part_of_a_multipart_line_is_cut_and_a_line_of_no_length_is_left_out() -> None:
    mixed = gpd.GeoSeries(
        {
            "m": MultiLineString([[(0, 0), (4, 0)], [(6, 0), (10, 0)]]),
            "x": LineString([(8, -1), (8, 1)]),
            "0": LineString([(2, 2), (2, 2)]),
        }
    )

    assert lengths(passage_pieces(mixed)) == {"m": [4.0, 2.0, 2.0], "x": [1.0, 1.0]}


def test_no_passages_have_no_pieces_and_keep_their_coordinate_system() -> None:
    pieces = passage_pieces(gpd.GeoSeries([], crs="EPSG:32639"))

    assert pieces.empty
    assert pieces.crs == "EPSG:32639"
    assert list(pieces.columns) == ["passage_id", "geometry"]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 12))
def test_the_pieces_of_a_passage_add_up_to_it_and_do_not_cross(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    lines = gpd.GeoSeries([LineString(rng.uniform(0, 100, (3, 2))) for _ in range(count)])

    pieces = passage_pieces(lines, node_tolerance_m=0.01)

    summed = pieces.length.groupby(pieces["passage_id"]).sum()
    assert np.allclose(summed, lines.length)
    for name, piece in zip(pieces["passage_id"], pieces.geometry, strict=True):
        for other in lines.drop(index=name):
            crossing = piece.intersection(other)
            if not crossing.is_empty and crossing.distance(piece.boundary) > 0.02:
                pytest.fail(f"passage {name} runs on through {other}")
