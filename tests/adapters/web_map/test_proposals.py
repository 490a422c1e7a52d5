"""What the page's data tells of proposals, and whom it does not tell of."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adapters.web_map import drawn_proposals
from bazafarin.adapters.web_map import LeftOut, Limits, write_map
from bazafarin.adapters.web_map.plan_data import plan_data
from bazafarin.adapters.web_map.proposals import with_block_figures
from bazafarin.studies.city_plan import CityPlan

BLOCK = "3-12-0-0"


def _data(plan: CityPlan, **options: object) -> dict:
    asked = {"neighbourhood_id": None, "limits": Limits()} | options
    return plan_data(plan, **asked)[0]


def _block(plan: CityPlan, block_id: str = BLOCK) -> pd.Series:
    return with_block_figures(plan, plan.blocks).set_index("block_id").loc[block_id]


def _with(plan: CityPlan, **figures: object) -> CityPlan:
    """Return the plan with other ``figures`` of the block in the access table."""
    blocks = plan.proposals.access.blocks.copy()
    here = blocks["block_id"] == BLOCK
    for name, figure in figures.items():
        blocks.loc[here, name] = figure
    access = replace(plan.proposals.access, blocks=blocks)
    return replace(plan, proposals=replace(plan.proposals, access=access))


def test_a_plan_without_proposals_has_none_in_its_page(plan: CityPlan):
    data = _data(plan)

    assert data["proposals"] is None
    assert not {"projects", "alternatives"} & set(data["layers"])
    assert "priority_rank" not in data["layers"]["blocks"]["columns"]
    assert not [rule for rule in data["rules"] if rule.startswith(("priority.", "projects."))]


def test_projects_and_alternatives_are_layers_of_their_own(proposed: CityPlan, tmp_path: Path):
    contents = write_map(proposed, tmp_path / "map.html")

    assert contents.layers["projects"] == 2
    assert contents.layers["alternatives"] == 1
    assert contents.left_out == ()


def test_where_no_project_was_chosen_the_page_says_there_is_none(
    proposed: CityPlan, tmp_path: Path
):
    found = proposed.proposals.projects
    empty = replace(found, projects=found.projects.iloc[:0])
    bare = replace(proposed, proposals=replace(proposed.proposals, projects=empty))

    contents = write_map(bare, tmp_path / "map.html")

    assert contents.left_out == (LeftOut("projects", "empty"),)


def test_without_a_budget_blocks_have_their_priority_and_there_is_no_project(proposed: CityPlan):
    data = _data(replace(proposed, proposals=replace(proposed.proposals, projects=None)))

    assert data["proposals"]["projects"] is None
    assert "projects" not in data["layers"]
    assert set(data["layers"]["blocks"]["columns"]["priority_rank"]) <= set(range(1, 13))


def test_what_a_browser_cannot_hold_takes_no_project_with_it(proposed: CityPlan):
    data = _data(proposed, limits=Limits(parcels=1, passages=1, blocks=1))

    assert {out["layer"] for out in data["left_out"]} == {"blocks", "parcels", "passages"}
    assert data["layers"]["projects"]["rows"] == 2
    assert data["themes"] == []


def test_a_neighbourhoods_page_has_its_own_projects_and_ranks_of_the_whole_city(
    proposed: CityPlan,
):
    data = _data(proposed, neighbourhood_id="N-1")

    assert data["layers"]["projects"]["columns"]["rank"] == [1]
    assert data["proposals"]["ranked"] == 12
    assert {out["layer"] for out in data["left_out"]} >= {"alternatives"}


@pytest.mark.parametrize(("is_small", "told"), [(True, "withheld"), (False, "known")])
def test_the_residents_of_a_group_too_small_are_withheld(
    proposed: CityPlan, *, is_small: bool, told: str
):
    block = _block(_with(proposed, people_withheld=is_small))

    assert block["residents"] == told
    assert pd.isna(block["within_share"]) == is_small


def test_a_block_of_nobody_is_not_one_of_unknown_people(proposed: CityPlan):
    empty = _with(proposed, people=0.0, within_share=np.nan)
    unknown = _with(proposed, people=np.nan, within_share=np.nan)

    assert _block(empty)["residents"] == "nobody"
    assert _block(unknown)["residents"] == "unknown"


def test_a_project_for_about_one_household_does_not_tell_how_many(proposed: CityPlan):
    columns = _data(proposed)["layers"]["projects"]["columns"]

    assert columns["people_withheld"] == [0, 1]
    assert columns["people_served"] == [900, None]
    assert columns["people_in_reach"] == [1800, None]


def test_a_neighbourhood_of_few_households_does_not_tell_its_population(proposed: CityPlan):
    rows = proposed.neighbourhoods.assign(population=[9.0, 400.0], households=[4.0, 5.0])

    columns = _data(replace(proposed, neighbourhoods=rows))["layers"]["neighbourhoods"]["columns"]

    assert columns["population"] == [None, 400]
    assert columns["population_withheld"] == [1, 0]


def test_the_rule_of_the_city_withholds_before_the_national_one(proposed: CityPlan):
    rows = proposed.neighbourhoods.assign(population=[90.0, 400.0], households=[29.0, 30.0])
    rule = proposed.citations["population.household_size"]
    own = replace(rule, rule_id="privacy.least_households", value=30)
    cited = {**proposed.citations, own.rule_id: own}

    data = _data(replace(proposed, neighbourhoods=rows, citations=cited))

    assert data["layers"]["neighbourhoods"]["columns"]["population_withheld"] == [1, 0]


def test_a_neighbourhood_tells_the_services_it_lacks_land_for_the_largest_lack_first(
    plan: CityPlan,
):
    services = plan.services.assign(deficit_min_m2=0.0)
    of_first = services.index[services["neighbourhood_id"] == "N-1"]
    services.loc[of_first[:3], "deficit_min_m2"] = [10.4, 99.6, np.nan]
    names = services.loc[of_first[:3], "service"].tolist()

    layer = _data(replace(plan, services=services))["layers"]["neighbourhoods"]

    assert layer["deficits"] == [[(names[1], 100.0), (names[0], 10.0)], []]
    assert layer["deficits_unknown"] == [[names[2]], []]


def test_no_parcels_people_are_in_the_file(proposed_file: Path):
    text = proposed_file.read_text("utf-8")
    (data,) = re.findall(r'id="plan">(.*?)</script>', text, re.DOTALL)
    layers = json.loads(data)["layers"]

    assert "7654321" not in text
    assert "people" not in str(layers["parcels"]["columns"].keys())
    assert "people" not in str(layers["blocks"]["columns"].keys())


def test_the_figures_of_the_whole_are_those_of_the_findings(proposed: CityPlan):
    assert _data(proposed)["proposals"]["projects"] == drawn_proposals.FIGURES
