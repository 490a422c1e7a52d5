from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box
from shapely.affinity import rotate

from bazafarin.analysis.block_passages import block_passages, blocks_across
from bazafarin.analysis.cross_sections import cross_sections
from bazafarin.analysis.passage_pieces import passage_pieces

HOW = {"sample_spacing_m": 5.0, "reach_m": 40.0, "bounding_share": 0.3, "entering_share": 0.5}


def nine_blocks() -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Return streets "n", "e", "s", "w" about block "C" of 50 m by 50 m, and nine blocks.

    North and west are 5 m wide, south and east 8 m. The centre-lines cross at (-2.5, 52.5),
    (54, 52.5), (54, -4), (-2.5, -4): every side of the square of centre-lines is 56.5 m.
    """
    blocks = {
        "C": box(0, 0, 50, 50),
        "N": box(0, 55, 50, 105),
        "S": box(0, -58, 50, -8),
        "W": box(-55, 0, -5, 50),
        "E": box(58, 0, 108, 50),
        "NE": box(58, 55, 108, 105),
        "NW": box(-55, 55, -5, 105),
        "SE": box(58, -58, 108, -8),
        "SW": box(-55, -58, -5, -8),
    }
    streets = {
        "n": LineString([(-55, 52.5), (108, 52.5)]),
        "s": LineString([(-55, -4), (108, -4)]),
        "w": LineString([(-2.5, -58), (-2.5, 105)]),
        "e": LineString([(54, -58), (54, 105)]),
    }
    return gpd.GeoSeries(streets), gpd.GeoSeries(blocks)


def of_block(found: pd.DataFrame, block: str) -> dict[tuple[str, str], float]:
    own = found[found["block_id"] == block]
    return {
        (passage, relation): round(length, 6)
        for passage, relation, length in zip(
            own["passage_id"], own["relation"], own["length_m"], strict=True
        )
    }


def test_a_square_block_has_its_four_streets_from_crossing_to_crossing_and_no_other() -> None:
    streets, blocks = nine_blocks()

    found = block_passages(passage_pieces(streets), blocks, **HOW)

    # two of 5 m and two of 8 m, all 56.5 m long: exactly half of the length is narrow
    assert of_block(found, "C") == {
        ("n", "bounds"): 56.5,
        ("s", "bounds"): 56.5,
        ("w", "bounds"): 56.5,
        ("e", "bounds"): 56.5,
    }


def test_a_block_at_a_crossroads_is_not_bounded_across_the_corner() -> None:
    streets, blocks = nine_blocks()

    found = block_passages(passage_pieces(streets), blocks, **HOW)

    # from (54, 52.5) to the ends of the drawing at x = 108 and y = 105
    assert of_block(found, "NE") == {("n", "bounds"): 54.0, ("e", "bounds"): 52.5}


def test_a_street_that_only_passes_a_corner_does_not_bound_the_block() -> None:
    block = gpd.GeoSeries({"a": box(0, 0, 30, 30)})
    passing = gpd.GeoSeries({"p": LineString([(20, 32), (200, 32)])})

    assert block_passages(passage_pieces(passing), block, **HOW).empty


def test_a_dead_end_enters_its_block_once() -> None:
    notched = box(0, 0, 60, 60).difference(box(28, 20, 31, 60))
    streets = gpd.GeoSeries(
        {"n": LineString([(-20, 63), (80, 63)]), "lane": LineString([(29.5, 63), (29.5, 20)])}
    )

    found = block_passages(passage_pieces(streets), gpd.GeoSeries({"a": notched}), **HOW)

    assert of_block(found, "a") == {("n", "bounds"): 100.0, ("lane", "enters"): 43.0}


def test_a_lane_drawn_over_a_block_enters_it() -> None:
    block = gpd.GeoSeries({"a": box(0, 0, 60, 60)})
    lane = gpd.GeoSeries({"lane": LineString([(29.5, 65), (29.5, 20)])})

    found = block_passages(passage_pieces(lane), block, **HOW)

    assert of_block(found, "a") == {("lane", "enters"): 45.0}


def test_blocks_drawn_up_to_the_centre_line_are_bounded_by_it() -> None:
    blocks = gpd.GeoSeries({"a": box(0, 0, 50, 50), "b": box(0, 50, 50, 100)})
    street = gpd.GeoSeries({"p": LineString([(0, 50.2), (50, 49.7)])})

    found = block_passages(passage_pieces(street), blocks, **HOW)

    assert found[["block_id", "relation"]].to_numpy().tolist() == [["a", "bounds"], ["b", "bounds"]]


@pytest.mark.parametrize(("faced_m", "bounds"), [(31.0, True), (29.0, False)])
def test_a_block_must_face_a_fair_share_of_the_street(faced_m: float, *, bounds: bool) -> None:
    # A slanted wall from the block's corner: slope 1 is still a wall, nothing is a mouth,
    # and beyond 41 m it is out of reach. 100 samples, one a metre.
    street = gpd.GeoSeries({"p": LineString([(0, 0), (100, 0)])})
    blocks = gpd.GeoSeries(
        {
            "a": Polygon([(0, 2), (faced_m, 2), (faced_m, 30), (0, 30)]),
            "b": Polygon([(faced_m, 2), (100, 2), (100, 30), (faced_m, 30)]),
        }
    )

    found = block_passages(
        passage_pieces(street),
        blocks,
        sample_spacing_m=1,
        reach_m=40,
        bounding_share=0.3,
        entering_share=0.5,
    )

    assert (("p", "bounds") in of_block(found, "a")) is bounds
    assert ("p", "bounds") in of_block(found, "b")


def test_one_cast_to_parcels_is_seen_as_blocks() -> None:
    streets, blocks = nine_blocks()
    halves = [box(x0, y0, (x0 + x1) / 2, y1) for x0, y0, x1, y1 in blocks.bounds.to_numpy()]
    halves += [box((x0 + x1) / 2, y0, x1, y1) for x0, y0, x1, y1 in blocks.bounds.to_numpy()]
    block_of_parcel = pd.Series([*blocks.index, *blocks.index])
    pieces = passage_pieces(streets)

    sections = cross_sections(
        pieces.geometry, gpd.GeoSeries(halves), sample_spacing_m=5, reach_m=40
    )
    found = blocks_across(
        sections.seen_as(block_of_parcel, blocks.index),
        pieces,
        blocks.index,
        reach_m=40,
        bounding_share=0.3,
        entering_share=0.5,
    )

    pd.testing.assert_frame_equal(found, block_passages(pieces, blocks, **HOW))


def test_a_parcel_of_no_known_block_bounds_none() -> None:
    pieces = passage_pieces(gpd.GeoSeries({"p": LineString([(0, 0), (50, 0)])}))
    sections = cross_sections(
        pieces.geometry, gpd.GeoSeries([box(0, 2, 50, 20)]), sample_spacing_m=5, reach_m=40
    )

    seen = sections.seen_as(pd.Series([np.nan], dtype="str"), pd.Index(["a"]))

    assert (seen.face == -1).all()
    assert blocks_across(
        seen, pieces, pd.Index(["a"]), reach_m=40, bounding_share=0.3, entering_share=0.5
    ).empty


def test_no_passages_and_no_blocks_have_no_rows() -> None:
    streets, blocks = nine_blocks()
    pieces = passage_pieces(streets)
    columns = ["block_id", "passage_id", "length_m", "relation"]

    for found in (
        block_passages(pieces.iloc[:0], blocks, **HOW),
        block_passages(pieces, blocks.iloc[:0], **HOW),
    ):
        assert found.empty
        assert list(found.columns) == columns


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000), angle=st.floats(0, 360))
def test_the_answer_does_not_depend_on_row_order_or_on_how_the_town_is_turned(
    seed: int, angle: float
) -> None:
    streets, blocks = nine_blocks()
    rng = np.random.default_rng(seed)

    def turned(layer: gpd.GeoSeries) -> gpd.GeoSeries:
        shuffled = layer.iloc[rng.permutation(len(layer))]
        return gpd.GeoSeries(shuffled.map(lambda shape: rotate(shape, angle, origin=(0, 0))))

    here = block_passages(passage_pieces(streets), blocks, **HOW)
    there = block_passages(passage_pieces(turned(streets)), turned(blocks), **HOW)

    pd.testing.assert_frame_equal(here, there)


def test_a_lane_drawn_over_a_deep_block_enters_it_beside_a_shallow_one_too() -> None:
    # Within a block a ray goes to the way out, 3 m in A and 35 m in B: no mouth of a street.
    blocks = gpd.GeoSeries({"A": box(0, -3, 20, 3), "B": box(20, -35, 50, 35)})
    lane = gpd.GeoSeries({"l": LineString([(1, 0), (49, 0)])})

    found = block_passages(passage_pieces(lane), blocks, **HOW)

    assert of_block(found, "B") == {("l", "enters"): 48.0}
