"""A real city of 13,116 parcels, in square feet and its assessor's words, through the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio
import pytest

from bazafarin.adapters import plan_files
from bazafarin.adapters.delivery import read_city
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF
from real_data.shared_data import ROOT, shared

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.studies.city_plan import CityPlan

pytestmark = pytest.mark.shared

CONTRACT = {
    "blocks": (
        "block_id neighbourhood_id parcels_count buildings_count fine_grain_share "
        "instability_share instability_share_min instability_share_max impermeability_share "
        "fine_grain_share_coverage instability_share_coverage impermeability_share_coverage "
        "indices_met worn_out level decided"
    ),
    "passages": "passage_id length_m width_m width_source",
    "services": (
        "neighbourhood_id service population existing_m2 per_capita_m2 standard_min_m2 "
        "standard_max_m2 deficit_min_m2 deficit_max_m2"
    ),
    "proposed_boundary": "part_id area_m2",
    "rejected": "layer row reason",
}
"""The columns that others rely on (DESIGN: the plan)."""


@dataclass(frozen=True)
class Cambridge:
    plan: CityPlan
    geopackage: Path


@pytest.fixture(scope="module")
def cambridge(tmp_path_factory: pytest.TempPathFactory) -> Cambridge:
    city = read_city(shared("cambridge"), mapping=ROOT / "examples" / "cambridge.toml")
    plan = plan_city(city, standards=Standards.national(), as_of=AS_OF)
    path = tmp_path_factory.mktemp("cambridge") / "plan.gpkg"
    plan_files.write_geopackage(plan, path)
    return Cambridge(plan, path)


def test_no_parcel_is_lost_in_silence(cambridge: Cambridge) -> None:
    rejected = cambridge.plan.rejected
    rows = rejected[rejected["layer"] == "parcels"]["row"].nunique()

    assert cambridge.plan.city.sources["parcels"].rows == 13_116
    assert len(cambridge.plan.parcels) + rows == 13_116
    assert len(cambridge.plan.parcels) > 13_000


@pytest.mark.parametrize("layer", CONTRACT)
def test_every_layer_holds_its_columns_and_valid_shapes(cambridge: Cambridge, layer: str) -> None:
    found = pyogrio.read_dataframe(cambridge.geopackage, layer=layer)

    assert set(CONTRACT[layer].split()) <= set(found.columns)
    if "geometry" in found and len(found):
        assert found.geometry.is_valid.all()
        assert not found.geometry.is_empty.any()
        assert found.crs.is_projected


def test_parcels_are_in_square_metres_and_of_the_size_of_a_city(cambridge: Cambridge) -> None:
    area = cambridge.plan.parcels["area_m2"]

    # Cambridge is 16.6 km² of land, a third of it streets, railways and the like
    assert 8e6 < area.sum() < 16e6
    assert 250 < area.median() < 500


def test_blocks_are_town_blocks(cambridge: Cambridge) -> None:
    blocks = cambridge.plan.blocks

    assert 300 < len(blocks) < 1_500
    assert blocks["parcels_count"].sum() == len(cambridge.plan.parcels)
    assert 1_000 < blocks["area_m2"].median() < 40_000
    assert blocks["block_id"].is_unique
    assert blocks["fine_grain_share"].lt(0.5).mean() > 0.2


def test_most_streets_are_measured_and_of_the_width_of_streets(cambridge: Cambridge) -> None:
    passages = cambridge.plan.passages
    measured = passages[passages["width_source"] == "measured"]
    length = passages["length_m"]

    assert length[measured.index].sum() > 0.8 * length.sum()
    assert 6 < measured["width_m"].median() < 20
    assert measured["width_m"].between(2, 60).mean() > 0.95


def test_nothing_is_called_unstable_where_no_structure_is_known(cambridge: Cambridge) -> None:
    blocks = cambridge.plan.blocks

    assert blocks["instability_share"].isna().all()
    assert not blocks["worn_out"].any()
    assert set(blocks["decided"]) <= {"no", "depends_on_unknown"}
    assert (blocks["decided"] == "depends_on_unknown").any()
    assert cambridge.plan.proposed_boundary.empty


def test_services_have_land_but_no_deficit_without_people(cambridge: Cambridge) -> None:
    services = cambridge.plan.services.set_index("service")

    assert services["neighbourhood_id"].nunique() >= 13
    assert services["population"].isna().all()
    assert services["deficit_min_m2"].isna().all()
    total = services["existing_m2"].groupby("service").sum()
    assert total["education"] > 100_000
    assert total["green"] > 100_000
    assert np.isfinite(total).all()


def test_reading_it_again_gives_the_same_plan(cambridge: Cambridge) -> None:
    city = read_city(shared("cambridge"), mapping=ROOT / "examples" / "cambridge.toml")
    again = plan_city(city, standards=Standards.national(), as_of=AS_OF)

    pd.testing.assert_frame_equal(again.blocks, cambridge.plan.blocks)
    assert again.findings == cambridge.plan.findings
