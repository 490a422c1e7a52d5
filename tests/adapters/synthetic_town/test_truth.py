"""The truth is found again in the frames by other means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.synthetic_town import Town


def _face_distance(town: Town) -> pd.DataFrame:
    """Measure across the middle of each long passage, to the nearest parcel on each side."""
    passages, shapes = town.frames["passages"], np.asarray(town.frames["parcels"].geometry)
    lines = np.asarray(passages.geometry)
    long = np.flatnonzero(shapely.length(lines) > 30)
    at = shapely.length(lines[long]) * 0.8
    here = shapely.get_coordinates(shapely.line_interpolate_point(lines[long], at))
    there = shapely.get_coordinates(shapely.line_interpolate_point(lines[long], at + 0.05))
    way = (there - here) / np.linalg.norm(there - here, axis=1)[:, None]
    across = np.column_stack([-way[:, 1], way[:, 0]])
    tree, width = shapely.STRtree(shapes), np.zeros(len(long))
    for side in (1, -1):
        ray = shapely.linestrings(np.stack([here, here + side * 30 * across], axis=1))
        which, parcel = tree.query(ray, predicate="intersects")
        cut = shapely.intersection(ray[which], shapes[parcel])
        near = np.full(len(long), np.inf)
        np.minimum.at(near, which, shapely.distance(shapely.points(here[which]), cut))
        width += near
    true = town.truth.passages.iloc[long]
    return true.assign(found_m=width)[np.isfinite(width)]


def test_faces_stand_as_far_apart_as_the_passage_is_wide(town: Town) -> None:
    found = _face_distance(town)

    assert len(found) > 200
    assert ((found["found_m"] - found["width_m"]).abs() < 0.02).mean() > 0.97


def test_a_small_share_of_the_lanes_widens_in_the_middle(town: Town) -> None:
    passages = town.truth.passages
    widens = passages["widest_m"] > passages["width_m"]

    assert 0 < widens.mean() < 0.05


def test_recorded_widths_are_the_true_ones(town: Town) -> None:
    recorded = town.frames["passages"]["width_m"]
    known = recorded.notna()

    assert (recorded[known] == town.truth.passages["width_m"][known]).all()


def test_shares_follow_from_the_delivered_parcels(town: Town) -> None:
    parcels, blocks = town.frames["parcels"], town.truth.blocks.set_index("block_id")
    area = parcels["land_area_m2"].fillna(parcels.geometry.area)
    fine = (area < 200).groupby(parcels["block_id"]).mean()

    assert np.allclose(fine.loc[blocks.index], blocks["fine_grain_share"])
    assert (blocks["parcels_count"] == parcels.groupby("block_id").size().loc[blocks.index]).all()


def test_the_true_instability_lies_within_what_the_delivery_allows(town: Town) -> None:
    blocks = town.truth.blocks.dropna(subset="instability_share")

    assert (blocks["instability_share_min"] <= blocks["instability_share"]).all()
    assert (blocks["instability_share"] <= blocks["instability_share_max"]).all()
    assert (blocks["instability_share_min"] < blocks["instability_share_max"]).any()


def test_worn_out_is_all_three_above_one_half(town: Town) -> None:
    blocks = town.truth.blocks
    shares = blocks[["fine_grain_share", "instability_share", "impermeability_share"]]

    assert (blocks["worn_out"] == (shares > 0.5).all(axis=1)).all()
    assert 0.15 < blocks["worn_out"].mean() < 0.7


def test_a_passage_bounds_or_enters_the_blocks_it_touches(town: Town) -> None:
    bounds, truth = town.truth.bounds, town.truth
    lines = town.frames["passages"].set_index("passage_id").geometry
    blocks = town.frames["blocks"].set_index("block_id").geometry
    half = truth.passages.set_index("passage_id")["widest_m"].loc[bounds["passage_id"]] / 2
    gap = shapely.distance(
        np.asarray(lines.loc[bounds["passage_id"]]), np.asarray(blocks.loc[bounds["block_id"]])
    )

    assert not bounds.duplicated().any()
    assert set(bounds["passage_id"]) == set(lines.index)
    assert set(bounds["block_id"]) == set(blocks.index)
    assert (gap <= half.to_numpy() + 0.01).mean() > 0.97


def test_the_old_boundary_is_partly_out_of_date(town: Town) -> None:
    truth = town.truth
    boundary = town.frames["approved_boundary"].union_all()
    blocks = town.frames["blocks"].set_index("block_id").geometry
    inside = blocks.intersection(boundary).area / blocks.area > 0.5

    assert truth.added
    assert truth.removed
    assert not inside[list(truth.added)].any()
    assert inside[list(truth.removed)].all()


def test_population_and_services_add_up(town: Town) -> None:
    truth, parcels = town.truth, town.frames["parcels"]
    told = parcels["population"].groupby(parcels["neighbourhood_id"]).sum()
    area = parcels["land_area_m2"].fillna(parcels.geometry.area)

    assert (truth.population >= told).all()
    assert np.isclose(truth.services["existing_m2"].sum(), area.sum())


def test_the_json_is_compact_labelled_and_whole(town: Town) -> None:
    told = json.loads(town.truth.to_json())

    assert told["synthetic"] is True
    assert told["seed"] == 1
    assert told["rules"]["fine_grain.parcel_below"] == 200
    assert len(told["blocks"]["block_id"]) == told["counts"]["blocks"]
    assert len(told["passages"]["width_m"]) == told["counts"]["passages"]
