"""Passages derived from a real city's blocks, beside the city's own centre-lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from bazafarin.adapters.delivery import read_city
from bazafarin.standards import Standards
from bazafarin.studies.deriving import with_derived_passages
from bazafarin.studies.placing import place_city
from hand_drawn import AS_OF
from real_data.shared_data import ROOT, shared

pytestmark = pytest.mark.shared


def test_what_is_derived_of_cambridge_are_its_streets() -> None:
    city = read_city(shared("cambridge"), mapping=ROOT / "examples" / "cambridge.toml")
    bare, national = replace(city, passages=None), Standards.national()
    placed = place_city(bare, standards=national, as_of=AS_OF)

    lines = with_derived_passages(bare, placed, standards=national, as_of=AS_OF).passages

    assert lines is not None
    assert city.passages is not None
    assert 6 < lines["width_m"].median() < 20
    assert lines["passage_id"].is_unique
    apart = np.arange(0.05, 1.0, 0.1)
    shapes = lines.geometry.to_numpy()
    points = shapely.line_interpolate_point(shapes[:, None], apart, normalized=True)
    tree = shapely.STRtree(city.passages.geometry.to_numpy())
    _, off = tree.query_nearest(points.ravel(), return_distance=True, all_matches=False)
    weights = np.repeat(shapely.length(shapes), len(apart))
    assert weights[off <= 2].sum() > 0.85 * weights.sum()
    inside = shapely.STRtree(placed.blocks.geometry.to_numpy()).query(
        points.ravel(), predicate="within"
    )
    assert len(inside[0]) < 0.001 * points.size
