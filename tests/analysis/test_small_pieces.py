"""Cutting polygons small changes neither their ground nor their area."""

import numpy as np
import pytest
import shapely
from shapely import Point, box

from bazafarin.analysis.small_pieces import VERTICES, in_small_pieces


def test_the_pieces_are_small_and_cover_the_same_ground() -> None:
    ring = Point(0, 0).buffer(100, quad_segs=500).difference(Point(0, 0).buffer(60, quad_segs=500))

    pieces = in_small_pieces(np.array([ring], dtype=object))

    assert shapely.get_num_coordinates(pieces).max() <= VERTICES
    assert shapely.area(pieces).sum() == pytest.approx(ring.area)
    assert shapely.union_all(pieces).symmetric_difference(ring).area == pytest.approx(0, abs=1e-6)


def test_a_small_polygon_stays_as_it_is() -> None:
    pieces = in_small_pieces(np.array([box(0, 0, 1, 1)], dtype=object))

    assert pieces.tolist() == [box(0, 0, 1, 1)]


def test_no_polygon_has_no_piece() -> None:
    assert len(in_small_pieces(np.array([], dtype=object))) == 0
