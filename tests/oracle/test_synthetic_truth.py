"""What is true of a synthetic town by construction is found again in its plan.

The town is written as a city file, read and planned as any delivery; the truth beside it
was computed from the town's construction. Where the two may differ, each test says by how
much and why; nothing else is tolerated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.synthetic_town import write_town
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF

if TYPE_CHECKING:
    from bazafarin.studies.city_plan import CityPlan

WRITTEN_TO = 1e-6
"""The truth's file holds six decimals."""


@dataclass(frozen=True)
class Told:
    """A plan, the truth, and both tables of blocks and passages side by side."""

    plan: CityPlan
    truth: dict[str, Any]
    blocks: pd.DataFrame
    passages: pd.DataFrame


@pytest.fixture(scope="module", params=[1, 2])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    write_town(path, parcels=4_000, seed=request.param)
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    plan = plan_city(read_city(path), standards=Standards.national(), as_of=AS_OF)
    return Told(
        plan,
        truth,
        _beside(plan.blocks, truth["blocks"], "block_id"),
        _beside(plan.passages, truth["passages"], "passage_id"),
    )


def _beside(found: pd.DataFrame, true: dict[str, list[Any]], key: str) -> pd.DataFrame:
    both = found.merge(pd.DataFrame(true), on=key, suffixes=("", "_true"), validate="one_to_one")
    assert len(both) == len(found) == len(true[key])
    return both


def test_every_parcel_and_building_is_counted_in_its_block(told: Told) -> None:
    blocks = told.blocks

    assert (blocks["parcels_count"] == blocks["parcels_count_true"]).all()
    assert (blocks["buildings_count"] == blocks["buildings_count_true"]).all()


def test_fine_grain_is_the_true_share(told: Told) -> None:
    difference = told.blocks["fine_grain_share"] - told.blocks["fine_grain_share_true"]

    assert difference.abs().max() <= WRITTEN_TO


def test_instability_has_the_true_bounds_and_the_truth_lies_between(told: Told) -> None:
    blocks = told.blocks

    for end in ("min", "max"):
        name = f"instability_share_{end}"
        assert (blocks[name] - blocks[f"{name}_true"]).abs().max() <= WRITTEN_TO
    true = blocks["instability_share_true"].fillna(0.0)
    assert (true >= blocks["instability_share_min"].fillna(0.0) - WRITTEN_TO).all()
    assert (true <= blocks["instability_share_max"].fillna(1.0) + WRITTEN_TO).all()


def test_a_recorded_width_is_the_true_one(told: Told) -> None:
    recorded = told.passages[told.passages["width_source"] == "recorded"]

    assert len(recorded) > 100
    assert (recorded["width_m"] - recorded["width_m_true"]).abs().max() <= WRITTEN_TO


def test_a_measured_width_is_within_20_cm_of_the_true_one(told: Told) -> None:
    """Of the passages with walls of their own at both sides, 99 of 100 are within 0.2 m.

    Not asked are passages that lie within a junction (shorter than 20 m, or than twice their
    width: corners cut for turning stand where walls would) and lanes at the rim of what was
    delivered, across which the next face is that of a block beyond the missing land.
    """
    measured = told.passages[told.passages["width_measured_m"].notna()]
    is_close = (measured["width_measured_m"] - measured["width_m_true"]).abs() <= 0.2
    sides = pd.Series(told.truth["bounds"]["passage_id"]).value_counts()
    is_rim = measured["passage_id"].map(sides).eq(1) & ~_is_dead_end(measured)
    has_walls = measured["length_m"] >= (2 * measured["width_m_true"]).clip(lower=20.0)

    asked = has_walls & ~is_rim
    assert asked.sum() > 500
    assert is_close[asked].mean() >= 0.99
    # of all that was measured, by length
    length = measured["length_m"]
    assert length[is_close].sum() / length.sum() >= 0.98


def _is_dead_end(passages: pd.DataFrame) -> pd.Series[bool]:
    return passages["name_fa"].str.startswith("بن").fillna(value=False)


def test_the_passages_of_a_block_are_the_true_ones(told: Told) -> None:
    """In 9 of 10 blocks, within a twentieth of their length.

    The construction also counts corners of a few metres that no ray from the passage meets;
    and the plan, a lane at the rim whose next face across missing land is the block's.
    """
    assert _has_true_passages(told).mean() >= 0.9


def _has_true_passages(told: Told) -> pd.Series[bool]:
    length = told.passages.set_index("passage_id")["length_m"]
    bounds = pd.DataFrame(told.truth["bounds"])
    true = bounds["passage_id"].map(length).groupby(bounds["block_id"]).sum()
    found = told.blocks["impermeability_total"]
    return (found / told.blocks["block_id"].map(true) - 1).abs() <= 0.05


def test_impermeability_holds_the_truth_between_its_bounds(told: Told) -> None:
    """Where the passages are the true ones, give or take their twentieth."""
    blocks = told.blocks[_has_true_passages(told)]
    low = blocks["impermeability_share_min"] - 0.05
    high = blocks["impermeability_share_max"] + 0.05

    assert blocks["impermeability_share_true"].between(low, high).mean() >= 0.99


def test_a_decided_answer_is_true(told: Told) -> None:
    """Of every block with its true passages, but where a corner's metres turn a close share."""
    blocks = told.blocks[told.blocks["decided"] != "depends_on_unknown"]
    is_close = (blocks["impermeability_share"] - 0.5).abs() <= 0.02
    asked = blocks[_has_true_passages(told)[blocks.index] & ~is_close]

    assert len(asked) > 0.7 * len(told.blocks)
    assert (asked["worn_out"] == asked["worn_out_true"]).all()


def test_the_population_of_every_neighbourhood_is_found(told: Told) -> None:
    population = told.plan.neighbourhoods.set_index("neighbourhood_id")["population"]

    assert population.to_dict() == told.truth["population"]


def test_the_land_of_every_service_is_found(told: Told) -> None:
    true = pd.DataFrame(told.truth["services"])
    both = told.plan.services.merge(
        true, on=["neighbourhood_id", "service"], how="left", suffixes=("", "_true")
    )
    difference = both["existing_m2"] - both["existing_m2_true"].fillna(0.0)

    assert difference.abs().max() <= WRITTEN_TO


def test_the_boundary_changes_where_it_is_out_of_date(told: Told) -> None:
    """Added and removed are the true ones, of the blocks whose answer is that of the truth.

    The plan also counts as renovated what was built after the approval and is no longer
    new; the truth goes by the quality alone. So more blocks may go out.
    """
    changes = told.plan.boundary_changes
    assert changes is not None
    blocks = told.blocks.set_index("block_id")
    is_true = blocks["worn_out"] == blocks["worn_out_true"]
    found = {kind: set(rows["block_id"]) for kind, rows in changes.groupby("change")}
    true = {kind: set(ids) for kind, ids in told.truth["approved_boundary"].items()}

    assert found["added"] & true["added"]
    assert not is_true[list(found["added"] ^ true["added"])].any()
    assert found["removed"] & true["removed"]
    assert not is_true[list(true["removed"] - found["removed"])].any()
    assert len(found["removed"] - true["removed"]) <= 2
