from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box, unary_union
from shapely.affinity import translate

from bazafarin.analysis.blocks import block_of_parcels, block_outlines


def blocks_of(
    *parcels: Polygon,
    passages: gpd.GeoSeries | None = None,
    carriageways: gpd.GeoSeries | None = None,
    touch_tolerance_m: float = 0.5,
) -> list[str]:
    return block_of_parcels(
        gpd.GeoSeries(list(parcels)),
        passages=passages,
        carriageways=carriageways,
        touch_tolerance_m=touch_tolerance_m,
    ).tolist()


def test_parcels_that_share_a_wall_are_one_block_and_a_lane_parts_two() -> None:
    assert blocks_of(box(0, 0, 10, 10), box(10, 0, 20, 10), box(23, 0, 33, 10)) == ["1", "1", "2"]


@pytest.mark.parametrize(("gap_m", "blocks"), [(-0.3, 1), (0.0, 1), (0.5, 1), (0.51, 2)])
def test_small_gaps_and_overlaps_of_the_drawing_do_not_part_a_block(
    gap_m: float, blocks: int
) -> None:
    found = blocks_of(box(0, 0, 10, 10), box(10 + gap_m, 0, 20, 10))

    assert len(set(found)) == blocks


def test_parcels_that_meet_without_a_common_corner_touch() -> None:
    assert blocks_of(box(0, 0, 10, 10), box(10, 3, 20, 7)) == ["1", "1"]


def test_a_passage_drawn_between_parcels_that_meet_parts_them() -> None:
    along = gpd.GeoSeries([LineString([(10.1, -5), (9.9, 25)])])
    pair = (box(0, 0, 10, 20), box(10, 0, 20, 20))

    assert blocks_of(*pair, passages=along) == ["1", "2"]
    assert blocks_of(*pair) == ["1", "1"]


def test_a_passage_that_crosses_a_shared_wall_parts_nobody() -> None:
    across = gpd.GeoSeries([LineString([(-5, 10), (25, 10)])])

    assert blocks_of(box(0, 0, 10, 20), box(10, 0, 20, 20), passages=across) == ["1", "1"]


def test_a_carriageway_over_the_contact_parts_the_parcels() -> None:
    surface = gpd.GeoSeries([box(9, -5, 11, 25)])

    assert blocks_of(box(0, 0, 10, 20), box(10, 0, 20, 20), carriageways=surface) == ["1", "2"]


def test_a_dead_end_whose_head_is_enclosed_leaves_one_block() -> None:
    parcels = (box(0, 0, 10, 30), box(13, 0, 23, 30), box(0, 30, 23, 40))
    lane = gpd.GeoSeries([LineString([(11.5, -5), (11.5, 30.3)])])

    assert blocks_of(*parcels, passages=lane) == ["1", "1", "1"]


def test_a_lane_that_runs_through_leaves_two_blocks() -> None:
    parcels = (box(0, 0, 10, 30), box(13, 0, 23, 30))
    lane = gpd.GeoSeries([LineString([(11.5, -5), (11.5, 35)])])

    assert blocks_of(*parcels, passages=lane) == ["1", "2"]


def test_blocks_are_numbered_from_the_north_west_with_numbers_of_one_length() -> None:
    # along the diagonal: (0, 90) is the corner, then (20, 90) and (0, 70), west first
    corners = [(20 * column, 20 * row) for row in range(5) for column in range(4)]
    found = blocks_of(*(box(x, y, x + 10, y + 10) for x, y in corners))

    number = dict(zip(corners, found, strict=True))
    assert number[0, 80] == "01"
    assert number[0, 60] == "02"
    assert number[20, 80] == "03"
    assert number[60, 0] == "20"


def test_a_block_far_to_the_east_comes_after_one_a_little_to_the_south() -> None:
    assert blocks_of(box(100, 90, 110, 100), box(0, 40, 10, 50)) == ["2", "1"]


def test_one_parcel_is_one_block_and_no_parcels_are_none() -> None:
    assert blocks_of(box(0, 0, 1, 1)) == ["1"]
    assert blocks_of() == []


def random_town(seed: int) -> gpd.GeoSeries:
    """Return parcels of whole metres in a grid, some left out, drawn with small gaps."""
    rng = np.random.default_rng(seed)
    places = [(x, y) for x in range(8) for y in range(8) if rng.random() < 0.55]
    gap = rng.choice([0.0, 0.125, 0.25], (len(places) + 1, 2))
    return gpd.GeoSeries(
        [
            box(10 * x, 10 * y, 10 * x + 10 - gap[n, 0], 10 * y + 10 - gap[n, 1])
            for n, (x, y) in enumerate(places)
        ]
        + [box(200, 200, 210, 210)]
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), east=st.integers(0, 500_000), north=st.integers(0, 4_000_000))
@example(seed=1463, east=0, north=0)  # two blocks whose bounds begin at one corner
def test_block_numbers_do_not_depend_on_row_order_labels_or_place(
    seed: int, east: int, north: int
) -> None:
    parcels = random_town(seed)
    order = np.random.default_rng(seed).permutation(len(parcels))
    moved = gpd.GeoSeries([translate(parcels.iloc[n], east, north) for n in order])
    how = {"passages": None, "carriageways": None, "touch_tolerance_m": 0.5}

    here = block_of_parcels(parcels, **how)
    there = block_of_parcels(moved.set_axis([f"p{n}" for n in order]), **how)

    assert here.iloc[order].tolist() == there.tolist()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_blocks_are_what_joining_grown_parcels_gives(seed: int) -> None:
    # The slow way: parcels grown by half the tolerance, joined, their pieces counted.
    parcels = random_town(seed)

    found = block_of_parcels(parcels, passages=None, carriageways=None, touch_tolerance_m=0.5)

    joined = unary_union(parcels.buffer(0.2501, join_style="mitre").tolist())
    pieces = list(joined.geoms) if isinstance(joined, MultiPolygon) else [joined]
    of_piece = [next(n for n, p in enumerate(pieces) if p.intersects(q)) for q in parcels]
    assert found.nunique() == len(pieces)
    assert pd.Series(of_piece).groupby(found).nunique().max() == 1


def test_the_outline_joins_parcels_and_closes_gaps_up_to_the_width() -> None:
    parcels = gpd.GeoSeries([box(0, 0, 10, 10), box(10.4, 0, 20, 10), box(21.2, 0, 30, 10)])
    ids = pd.Series(["a", "a", "a"])

    outline = block_outlines(parcels, ids, close_gap_m=1.0)

    # 0.4 m is closed; 1.2 m is not
    assert outline.index.tolist() == ["a"]
    assert outline.index.name == "block_id"
    assert outline["a"].equals(MultiPolygon([box(0, 0, 20, 10), box(21.2, 0, 30, 10)]))


def test_the_outline_of_overlapping_and_badly_noded_parcels_is_valid() -> None:
    parcels = gpd.GeoSeries(
        [box(0, 0, 10, 10), box(9.8, 0, 20, 5), box(10, 5, 20, 10), box(0, 0, 10, 10)]
    )

    outline = block_outlines(parcels, pd.Series(["a"] * 4), close_gap_m=1.0)

    assert outline.is_valid.all()
    assert outline["a"].equals(box(0, 0, 20, 10))


def test_the_outline_keeps_dead_ends_yards_and_sharp_corners() -> None:
    notched = box(0, 0, 30, 30).difference(box(14, 10, 16.5, 30)).difference(box(3, 3, 8, 8))
    spike = Polygon([(30, 0), (60, 1), (30, 2)])
    parcels = gpd.GeoSeries([notched, spike])

    outline = block_outlines(parcels, pd.Series(["a", "a"]), close_gap_m=1.0)

    assert outline["a"].symmetric_difference(notched.union(spike)).area < 0.01


def test_parcels_without_a_block_are_left_out_and_no_parcels_give_no_outline() -> None:
    parcels = gpd.GeoSeries([box(0, 0, 1, 1), box(5, 0, 6, 1)], crs="EPSG:32639")
    ids = pd.Series(["a", np.nan], dtype="str")

    assert block_outlines(parcels, ids, close_gap_m=1.0).index.tolist() == ["a"]
    assert block_outlines(parcels, ids.where([False, False]), close_gap_m=1.0).empty
    assert block_outlines(parcels, ids, close_gap_m=1.0).crs == "EPSG:32639"
