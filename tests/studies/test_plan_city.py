"""A whole plan of drawn towns: blocks derived or delivered, findings, citations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import LineString, box

from bazafarin.standards import Standards
from bazafarin.studies.plan_city import STAGES, plan_city
from hand_drawn import AS_OF, city, day

NATIONAL = Standards.national()


def block_rows(x: float, y: float, *, structure: str, size: float = 10.0, count: int = 4):
    """Return ``count`` × ``count`` touching parcels of ``size`` metres a side."""
    return [
        {
            "geometry": box(x + i * size, y + j * size, x + (i + 1) * size, y + (j + 1) * size),
            "use": "residential",
            "structure": structure,
            "population": 4,
            "households": 1,
        }
        for i in range(count)
        for j in range(count)
    ]


def two_blocks(width: float = 4.0, **more):
    """Draw an adobe block and a steel block, a street of ``width`` between and around them."""
    side, w = 40.0, width
    parcels = block_rows(0, 0, structure="adobe") + block_rows(side + w, 0, structure="steel_frame")
    lines = [
        [(-w / 2, -w / 2), (-w / 2, side + w / 2)],
        [(side + w / 2, -w / 2), (side + w / 2, side + w / 2)],
        [(2 * side + 3 * w / 2, -w / 2), (2 * side + 3 * w / 2, side + w / 2)],
        [(-w / 2, -w / 2), (2 * side + 3 * w / 2, -w / 2)],
        [(-w / 2, side + w / 2), (2 * side + 3 * w / 2, side + w / 2)],
    ]
    passages = [
        {"passage_id": f"p{n}", "geometry": LineString(line), "width_m": more.get("recorded")}
        for n, line in enumerate(lines)
    ]
    layers = {k: v for k, v in more.items() if k != "recorded"}
    return city(parcels, passages=passages, **layers)


def plan(town, as_of=AS_OF, **options):
    return plan_city(town, standards=NATIONAL, as_of=as_of, **options)


def test_blocks_are_derived_and_judged_where_none_are_delivered() -> None:
    made = plan(two_blocks(recorded=4.0))

    blocks = made.blocks.sort_values("instability_share")
    assert blocks["parcels_count"].tolist() == [16, 16]
    assert blocks["fine_grain_share"].tolist() == [1.0, 1.0]
    assert blocks["instability_share"].tolist() == [0.0, 1.0]
    assert blocks["worn_out"].tolist() == [False, True]
    assert blocks["decided"].tolist() == ["no", "yes"]
    assert blocks["area_m2"].tolist() == pytest.approx([1600, 1600])


def test_the_street_between_two_blocks_is_measured() -> None:
    made = plan(two_blocks(width=5.0))

    between = made.passages.set_index("passage_id").loc["p1"]
    assert between["width_m"] == pytest.approx(5.0)
    assert between["width_source"] == "measured"


def test_a_street_with_houses_on_one_side_only_has_no_measured_width() -> None:
    made = plan(two_blocks())

    edge = made.passages.set_index("passage_id").loc["p0"]
    assert np.isnan(edge["width_m"])
    assert edge["width_source"] == "unknown"


def test_a_recorded_width_goes_before_the_measured_one() -> None:
    made = plan(two_blocks(width=4.0, recorded=8.0))

    assert made.passages["width_m"].tolist() == [8.0] * 5
    assert set(made.passages["width_source"]) == {"recorded"}
    assert made.blocks["impermeability_share"].tolist() == [0.0, 0.0]


def test_a_lane_bounds_no_block_beyond_open_ground() -> None:
    # A lane of 4 m along the block; another block 30 m off, across land nobody delivered.
    parcels = block_rows(0, 0, structure="adobe") + block_rows(0, 74, structure="adobe")
    lane = {"passage_id": "lane", "geometry": LineString([(0, 42), (40, 42)]), "width_m": 4.0}

    made = plan(city(parcels, passages=[lane]))

    assert sorted(made.blocks["impermeability_total"]) == [0, 40]


def test_without_passages_impermeability_is_unknown_and_the_answer_open() -> None:
    made = plan(city(block_rows(0, 0, structure="adobe")))

    block = made.blocks.iloc[0]
    assert np.isnan(block["impermeability_share"])
    assert block["decided"] == "depends_on_unknown"
    assert not block["worn_out"]
    assert made.passages.empty


def test_one_parcel_is_a_city() -> None:
    made = plan(city([{"geometry": box(0, 0, 10, 10)}]))

    assert len(made.blocks) == 1
    assert made.neighbourhoods["neighbourhood_id"].tolist() == ["city"]
    assert made.neighbourhoods["name_fa"].tolist() == ["شهر دستی"]
    assert made.services["existing_m2"].isna().all()


def test_delivered_blocks_and_neighbourhoods_place_the_parcels() -> None:
    town = two_blocks(
        blocks=[
            {"block_id": "west", "geometry": box(0, 0, 40, 40)},
            {"block_id": "east", "geometry": box(44, 0, 84, 40)},
        ],
        neighbourhoods=[
            {"neighbourhood_id": "w", "name_fa": "باختر", "geometry": box(-9, -9, 42, 49)},
            {"neighbourhood_id": "e", "name_fa": "خاور", "geometry": box(42, -9, 99, 49)},
        ],
    )

    made = plan(town)

    assert made.blocks.set_index("block_id")["neighbourhood_id"].to_dict() == {
        "west": "w",
        "east": "e",
    }
    assert made.neighbourhoods.set_index("neighbourhood_id")["worn_out_blocks"].to_dict() == {
        "w": 1,
        "e": 0,
    }


def test_the_city_is_the_sum_of_its_neighbourhoods() -> None:
    town = two_blocks(
        neighbourhoods=[
            {"neighbourhood_id": "w", "geometry": box(-9, -9, 42, 49)},
            {"neighbourhood_id": "e", "geometry": box(42, -9, 99, 49)},
        ]
    )

    made = plan(town)

    whole = {f.id: f.value for f in made.findings if f.scope == "city"}
    for service, rows in made.services.groupby("service"):
        assert whole[f"services.{service}.deficit_min_m2"] == pytest.approx(
            rows["deficit_min_m2"].sum()
        )
    assert whole["identity.population"] == 2 * 16 * 4
    assert whole["identity.parcels"] == 32


def test_the_boundary_is_revised_against_the_approved_one() -> None:
    town = two_blocks(
        approved_boundary=[
            {"geometry": box(43, -1, 85, 41), "approved_on": "2006-05-01", "resolution": "۱"}
        ]
    )

    made = plan(town)

    assert made.boundary_changes is not None
    assert sorted(made.boundary_changes["reason"]) == [
        "renovation_unknown",
        "worn_out_outside_open",
    ]
    # Both blocks and the lane of 4 m between them.
    assert made.proposed_boundary["area_m2"].tolist() == pytest.approx([84 * 40])


def test_every_figure_names_rules_that_are_cited() -> None:
    made = plan(two_blocks())

    named = {rule for finding in made.findings for rule in finding.rules}
    assert named <= set(made.citations)
    assert made.citations["fine_grain.parcel_below"].clause
    for table in made.tables.values():
        assert set(table.frame.columns) - {"geometry"} == set(table.columns)


def test_findings_are_plain_values_and_none_is_named_twice() -> None:
    made = plan(two_blocks())

    names = [(finding.scope, finding.id) for finding in made.findings]
    assert len(set(names)) == len(names)
    assert all(type(f.value) in {int, float, str, bool, type(None)} for f in made.findings)


def test_the_stages_are_told_in_order() -> None:
    told: list[str] = []

    plan(two_blocks(), on_stage=told.append)

    assert tuple(told) == STAGES


def test_a_day_before_the_rule_of_leaving_sends_no_block_out() -> None:
    town = two_blocks(
        approved_boundary=[{"geometry": box(43, -1, 85, 41), "approved_on": "2006-05-01"}]
    )

    made = plan(town, as_of=day("1395/01/01"))

    assert made.boundary_changes is not None
    assert "no_rule_yet" in set(made.boundary_changes["reason"])
    assert "boundary.renovated_share_above" not in made.citations


def test_parcels_named_by_an_unknown_block_have_one_of_their_own() -> None:
    rows = block_rows(0, 0, structure="adobe", count=2)
    for row in rows[:2]:
        row["block_id"] = "named"

    made = plan(city(rows))

    assert sorted(made.blocks["parcels_count"]) == [2, 2]
    assert "named" in set(made.blocks["block_id"])
    assert made.parcels["block_id"].notna().all()


def test_nothing_that_was_delivered_is_changed() -> None:
    town = two_blocks()
    before = town.parcels.copy()

    plan(town)

    pd.testing.assert_frame_equal(town.parcels, before)


def test_people_and_parcels_of_worn_out_blocks_are_those_of_no_other_block() -> None:
    made = plan(two_blocks(recorded=4.0))

    whole = made.neighbourhoods.iloc[0]
    assert whole["population"] == 2 * 16 * 4
    assert whole["worn_out_parcels"] == 16
    assert whole["worn_out_population"] == 16 * 4
    assert whole["worn_out_area_m2"] == pytest.approx(1600)
    assert whole["candidate_blocks"] == 1


def test_a_carriageway_says_how_wide_its_own_street_is_and_no_other() -> None:
    # 5 m between the parcels; the surface of the middle street is 3 m wide, others have none.
    surface = [{"passage_id": "p1", "geometry": box(41, -2.5, 44, 42.5)}]

    width = plan(two_blocks(width=5.0, carriageways=surface)).passages.set_index("passage_id")

    assert width.loc["p1", "width_m"] == pytest.approx(3.0)
    assert width.loc["p1", "width_source"] == "measured"
    assert np.isnan(width.loc["p0", "width_m"])
    assert plan(two_blocks(width=5.0)).passages.set_index("passage_id").loc["p1", "width_m"] == 5.0


def test_a_renovated_block_is_left_out_of_the_proposal() -> None:
    town = two_blocks(
        recorded=4.0,
        approved_boundary=[{"geometry": box(-1, -1, 85, 41), "approved_on": "2006-05-01"}],
    )
    is_steel = town.parcels["structure"] == "steel_frame"
    town.parcels.loc[is_steel, "quality"] = "new"

    made = plan(town)

    assert made.boundary_changes is not None
    assert sorted(made.boundary_changes["reason"]) == ["renovated", "still_worn_out"]
    assert made.proposed_boundary["area_m2"].tolist() == pytest.approx([1600])
