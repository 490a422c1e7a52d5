from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, box
from shapely.affinity import rotate, scale, translate

from bazafarin.analysis.passages import (
    carriageway_widths,
    passage_widths,
    recorded_or_measured,
)

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
HOW = {"sample_spacing_m": 5.0, "reach_m": 40.0, "answer_share": 0.3}


def lines(*passages: object) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(passages), index=range(1, len(passages) + 1))


def street(width_m: float, *, length_m: float = 100.0, off_middle_m: float = 0.0) -> tuple:
    """Return a straight street along the x axis and the two faces beside it."""
    middle = lines(LineString([(0, off_middle_m), (length_m, off_middle_m)]))
    half = width_m / 2
    return middle, lines(box(0, half, length_m, half + 20), box(0, -half - 20, length_m, -half))


def test_a_straight_street_is_as_wide_as_its_faces_stand_apart() -> None:
    middle, faces = street(6.0)

    widths = passage_widths(middle, faces, **HOW)

    assert widths.loc[1].tolist() == pytest.approx([6.0, 6.0, 0.0, 6.0, 1.0])


def test_a_line_drawn_off_the_middle_measures_the_same() -> None:
    middle, faces = street(6.0, off_middle_m=2.4)

    assert passage_widths(middle, faces, **HOW)["width_m"][1] == pytest.approx(6.0)


@pytest.mark.parametrize("off_middle_m", [3.0, 3.4, -3.4])
def test_a_line_drawn_on_or_a_little_within_a_face_still_measures_the_street(
    off_middle_m: float,
) -> None:
    middle, faces = street(6.0, off_middle_m=off_middle_m)

    assert passage_widths(middle, faces, **HOW)["width_m"][1] == pytest.approx(6.0)


def test_a_line_drawn_over_a_parcel_has_no_width() -> None:
    over = lines(LineString([(0, 0), (50, 0)]))

    widths = passage_widths(over, lines(box(-5, -10, 60, 10)), **HOW)

    assert widths["width_m"].isna().all()
    assert widths["samples_known_share"][1] == 0


def test_a_line_along_the_wall_between_two_parcels_has_no_width() -> None:
    along = lines(LineString([(0, 0), (50, 0)]))

    widths = passage_widths(along, lines(box(0, 0, 50, 10), box(0, -10, 50, 0)), **HOW)

    assert widths["width_m"].isna().all()


def test_a_street_with_faces_at_one_side_only_has_no_width() -> None:
    middle, faces = street(6.0)

    assert passage_widths(middle, faces.iloc[:1], **HOW)["width_m"].isna().all()


def test_a_street_wider_than_the_reach_has_no_width() -> None:
    middle, faces = street(80.5)

    assert passage_widths(middle, faces, **HOW)["width_m"].isna().all()
    assert passage_widths(middle, faces, **{**HOW, "reach_m": 41.0})["width_m"][1] == 80.5


def test_the_median_least_and_spread_of_a_street_of_two_widths() -> None:
    # 20 samples, 2.5 m, 7.5 m ... 97.5 m: 12 in the 4 m part (x < 60), 8 in the 8 m part.
    # Median 4; quartiles at places 4.75 and 14.25 of 0..19: 4 and 8; mean (12*4 + 8*8)/20.
    middle = lines(LineString([(0, 0), (100, 0)]))
    faces = lines(
        box(0, 2, 60, 20), box(0, -20, 60, -2), box(60, 4, 100, 20), box(60, -20, 100, -4)
    )

    widths = passage_widths(middle, faces, **HOW).loc[1]

    assert widths.tolist() == pytest.approx([4.0, 4.0, 4.0, 5.6, 1.0])


def test_a_side_street_does_not_widen_the_street_that_it_leaves() -> None:
    # a 12 m side street at the left between x = 40 and x = 52, closed 30 m away
    middle = lines(LineString([(0, 0), (100, 0)]))
    faces = lines(box(0, 3, 40, 33), box(52, 3, 100, 33), box(40, 33, 52, 40), box(0, -20, 100, -3))

    widths = passage_widths(middle, faces, **HOW).loc[1]

    # samples at 42.5, 47.5 look into it: 18 of 20 answer, and all of them 6 m
    assert widths.tolist() == pytest.approx([6.0, 6.0, 0.0, 6.0, 0.9])


def test_a_dead_end_measures_its_own_width_up_to_its_head() -> None:
    block = box(0, 0, 60, 60).difference(box(28, 20, 31, 60))
    lane = lines(LineString([(29.5, 65), (29.5, 20)]))

    widths = passage_widths(lane, gpd.GeoSeries([block]), **HOW).loc[1]

    assert widths["width_m"] == pytest.approx(3.0)
    assert widths["width_least_m"] == pytest.approx(3.0)


def test_a_curved_street_is_measured_square_to_its_curve() -> None:
    ring = Point(0, 0).buffer(53, quad_segs=90).difference(Point(0, 0).buffer(47, quad_segs=90))
    faces = lines(Point(0, 0).buffer(80).difference(Point(0, 0).buffer(53, quad_segs=90)))
    faces = pd.concat([faces, lines(Point(0, 0).buffer(47, quad_segs=90))], ignore_index=True)
    middle = lines(Point(0, 0).buffer(50, quad_segs=90).exterior)

    assert passage_widths(middle, faces, **HOW)["width_m"][1] == pytest.approx(6.0, abs=0.02)
    across = carriageway_widths(middle, gpd.GeoSeries([ring]), **HOW)
    assert across["width_m"][1] == pytest.approx(6.0, abs=0.02)


def test_repeated_vertices_and_a_shaking_hand_do_not_turn_the_rays() -> None:
    xs = np.repeat(np.arange(0, 101, 0.5), 2)
    shaken = np.column_stack([xs, 0.1 * np.where(np.arange(len(xs)) % 4 < 2, 1, -1)])
    _, faces = street(6.0)

    assert passage_widths(lines(LineString(shaken)), faces, **HOW)["width_m"][1] == pytest.approx(
        6.0, abs=0.02
    )


def test_the_parts_of_a_multipart_line_are_measured_together() -> None:
    _, faces = street(6.0)
    parts = lines(MultiLineString([[(0, 0), (40, 0)], [(60, 0), (100, 0)]]))

    assert passage_widths(parts, faces, **HOW).loc[1].tolist() == pytest.approx([6, 6, 0, 6, 1])


def test_a_line_of_no_length_has_no_answer() -> None:
    _, faces = street(6.0)

    widths = passage_widths(lines(LineString([(5, 0), (5, 0)])), faces, **HOW)

    assert widths.isna().all(axis=None)


def test_no_passages_and_no_faces_are_empty_and_unknown() -> None:
    middle, faces = street(6.0)

    assert passage_widths(middle.iloc[:0], faces, **HOW).empty
    assert passage_widths(middle, faces.iloc[:0], **HOW)["width_m"].isna().all()


def test_a_hole_in_a_face_is_met_from_within() -> None:
    yard = gpd.GeoSeries([box(-20, -20, 120, 20).difference(box(0, -2, 100, 2))])

    widths = passage_widths(lines(LineString([(0, 0), (100, 0)])), yard, **HOW)

    assert widths["width_m"][1] == pytest.approx(4.0)


def test_the_carriageway_is_measured_from_edge_to_edge_and_only_within_it() -> None:
    middle = lines(LineString([(0, 1), (100, 1)]), LineString([(0, 30), (100, 30)]))
    surface = gpd.GeoSeries([box(0, -4, 100, 4).union(box(48, -60, 52, 4))])

    widths = carriageway_widths(middle, surface, **HOW)

    assert widths["width_m"][1] == pytest.approx(8.0)
    assert widths["width_least_m"][1] == pytest.approx(8.0)
    assert widths["samples_known_share"][1] == pytest.approx(1.0)
    assert np.isnan(widths["width_m"][2])


def test_a_recorded_width_goes_before_the_carriageway_and_that_before_the_faces() -> None:
    recorded = pd.Series([5.0, np.nan, np.nan, np.nan])
    carriageway = pd.Series([7.0, 7.0, np.nan, np.nan])
    faces = pd.Series([9.0, 9.0, 9.0, np.nan])

    width = recorded_or_measured(recorded, carriageway, faces)

    assert width["width_m"].tolist()[:3] == [5.0, 7.0, 9.0]
    assert width["width_source"].tolist() == ["recorded", "measured", "measured", "unknown"]
    assert np.isnan(width["width_m"][3])


def crooked_town(seed: int) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Return sixteen crooked lines among nine crooked blocks."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(4) * 40.0, np.arange(4) * 40.0), axis=-1)
    corners += rng.uniform(-4, 4, corners.shape)
    cells = [
        shapely.Polygon(
            [corners[i, j], corners[i, j + 1], corners[i + 1, j + 1], corners[i + 1, j]]
        )
        for i in range(3)
        for j in range(3)
    ]
    faces = gpd.GeoSeries([cell.buffer(-rng.uniform(1, 4), join_style="mitre") for cell in cells])
    across = [LineString(row) for row in corners] + [
        LineString(row) for row in corners.swapaxes(0, 1)
    ]
    return lines(*across), faces


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    angle=st.floats(0, 360),
    east=st.integers(-1_000, 600_000),
    north=st.integers(-1_000, 4_000_000),
)
def test_widths_do_not_depend_on_where_the_town_lies_or_how_it_is_turned(
    seed: int, angle: float, east: int, north: int
) -> None:
    passages, faces = crooked_town(seed)

    def moved(layer: gpd.GeoSeries) -> gpd.GeoSeries:
        turned = layer.map(lambda shape: rotate(shape, angle, origin=(0, 0)))
        return gpd.GeoSeries(turned.map(lambda shape: translate(shape, east, north)))

    here = passage_widths(passages, faces, **HOW)
    there = passage_widths(moved(passages), moved(faces), **HOW)

    # a ray that grazes a corner may fall on either side of it
    assert np.isclose(here, there, atol=1e-4, equal_nan=True).mean() > 0.9


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_widths_do_not_depend_on_row_order_or_labels(seed: int) -> None:
    passages, faces = crooked_town(seed)
    order = np.random.default_rng(seed).permutation(len(passages))
    shuffled = passages.iloc[order].set_axis([f"p{n}" for n in order])

    here = passage_widths(passages, faces, **HOW)
    there = passage_widths(shuffled, faces.iloc[::-1], **HOW)

    pd.testing.assert_frame_equal(here.iloc[order].set_axis(shuffled.index), there)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_widths_turn_over_with_the_direction_of_the_line_and_scale_with_the_town(
    seed: int,
) -> None:
    passages, faces = crooked_town(seed)
    here = passage_widths(passages, faces, **HOW)

    reversed_ = passage_widths(gpd.GeoSeries(shapely.reverse(passages)), faces, **HOW)
    assert np.allclose(here["width_m"], reversed_["width_m"], atol=1e-6, equal_nan=True)

    double = [
        gpd.GeoSeries(layer.map(lambda s: scale(s, 2, 2, origin=(0, 0))))
        for layer in (passages, faces)
    ]
    twice = passage_widths(*double, sample_spacing_m=10, reach_m=80, answer_share=0.3, drift_m=1.0)
    # The smoothing of faces stays 0.2 m while the town doubles: a bend may shift by a hair.
    assert np.allclose(here["width_m"] * 2, twice["width_m"], atol=1e-3, equal_nan=True)


@pytest.mark.shared
def test_in_cambridge_widths_between_parcels_are_those_of_the_street_parcels() -> None:
    # The streets themselves are delivered as a few giant parcels: two ways to one figure.
    folder = SHARED / "data" / "cambridge"
    if not folder.exists():
        pytest.skip("the shared data of Cambridge is not beside the checkout")
    shapes = gpd.read_file(folder / "parcels_2014.gpkg").geometry.explode(ignore_index=True)
    shapes = shapes[(shapes.geom_type == "Polygon") & ~shapes.is_empty]
    streets = gpd.read_file(folder / "street_centerlines.geojson").to_crs(shapes.crs).geometry
    is_street = (4 * np.pi * shapes.area / shapes.length**2 < 0.03) & (shapes.area > 2_000)

    between = passage_widths(streets, shapes[~is_street], **HOW)["width_m"]
    across = carriageway_widths(streets, shapes[is_street], **HOW)["width_m"]

    both = between.notna() & across.notna()
    assert both.sum() > 1_900
    assert ((between - across)[both].abs() < 0.5).mean() > 0.98
