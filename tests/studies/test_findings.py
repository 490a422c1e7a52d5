"""Single figures: what they cite, what they come from, how much of it was known."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from bazafarin.standards import Standards
from bazafarin.studies import findings, worn_out_fabric
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF, city

UNKNOWN = np.nan


def by_id(made):
    return {finding.id: finding for finding in made}


def passages(widths: list[float], sources: list[str]):
    """Return passages of 10 m each."""
    return pd.DataFrame(
        {"length_m": 10.0, "width_m": np.array(widths, float), "width_source": sources},
        index=range(len(widths)),
    )


def test_a_town_without_a_delivered_passage_has_unknown_many() -> None:
    none = by_id(findings.passage_findings(passages([], []), below_m=6, are_known=False))

    assert {finding.value for finding in none.values()} == {None}


def test_narrow_length_is_of_the_known_widths_and_says_how_much_that_is() -> None:
    drawn = passages([5, 8, UNKNOWN, 6], ["recorded", "measured", "unknown", "measured"])

    made = by_id(findings.passage_findings(drawn, below_m=6, are_known=True))

    assert made["identity.passages"].value == 4
    assert made["passages.length_m"].value == 40
    assert made["passages.narrow_length_m"].value == 10
    assert made["passages.narrow_length_m"].coverage == 0.75
    assert made["passages.measured_length_share"].value == 0.5
    assert made["passages.recorded_length_share"].rules == ()
    assert "passages.reach_m" in made["passages.measured_length_share"].rules


def blocks(decided: list[str]):
    return pd.DataFrame({"decided": decided})


def proposed(*areas: float):
    return pd.DataFrame({"area_m2": np.array(areas, float)})


def test_an_empty_proposal_of_undecided_blocks_is_unknown_and_not_zero() -> None:
    undecided = by_id(
        findings.boundary_findings(None, proposed(), blocks(["depends_on_unknown"]), None)
    )
    decided = by_id(findings.boundary_findings(None, proposed(), blocks(["no"]), None))

    assert undecided["boundary.proposed_area_m2"].value is None
    assert undecided["boundary.parts"].value is None
    assert decided["boundary.proposed_area_m2"].value == 0
    assert decided["boundary.parts"].value == 0


def test_the_boundary_says_how_many_blocks_are_decided_and_by_which_rules() -> None:
    changes = pd.DataFrame({"change": ["kept", "kept", "removed"], "area_m2": [1.0, 2.0, 4.0]})

    made = by_id(
        findings.boundary_findings(
            changes, proposed(3.0), blocks(["no", "yes", "depends_on_unknown", "no"]), 7.0
        )
    )

    assert made["boundary.kept_area_m2"].value == 3
    assert made["boundary.removed_blocks"].value == 1
    assert made["boundary.added_blocks"].value == 0
    assert made["boundary.proposed_area_m2"].coverage == 0.75
    assert set(worn_out_fabric.RULES) < set(made["boundary.proposed_area_m2"].rules)
    assert "boundary.join_gap_m" not in made["boundary.kept_area_m2"].rules


def service(existing: list[float], covered: list[float], source: str = "parcels"):
    """Return the services table of one service in neighbourhoods a and b."""
    return pd.DataFrame(
        {
            "neighbourhood_id": list("ab")[: len(existing)],
            "service": "sport",
            "existing_m2": existing,
            "deficit_min_m2": existing,
            "deficit_max_m2": existing,
            "existing_coverage": covered,
            "existing_source": source,
        }
    )


def totals(table, *, land: list[float], people: list[float]):
    names = list("ab")[: len(land)]
    return by_id(
        findings.service_findings(
            table, land_m2=pd.Series(land, names), people_known=pd.Series(people, names)
        )
    )


def test_a_services_total_is_covered_as_far_as_the_use_of_land_is_known() -> None:
    # Of 400 m² of land, 100 m² are of known use, and half of the people there are counted.
    made = totals(service([5.0, 7.0], [1.0, 0.0]), land=[100, 300], people=[0.5, 0.5])

    assert made["services.sport.existing_m2"].value == 12
    assert made["services.sport.existing_m2"].coverage == 0.25
    assert made["services.sport.deficit_min_m2"].coverage == 0.125
    assert "population.household_size" in made["services.sport.deficit_min_m2"].rules


def test_a_neighbourhood_of_unknown_services_is_no_part_of_the_total() -> None:
    made = totals(service([5.0, UNKNOWN], [1.0, 1.0]), land=[100, 300], people=[1, 1])

    assert made["services.sport.existing_m2"].value == 5
    assert made["services.sport.existing_m2"].coverage == 0.25


def test_what_only_facilities_tell_of_is_known_without_any_use_of_land() -> None:
    made = totals(service([5.0], [0.0], "facilities"), land=[100], people=[1])

    assert made["services.sport.existing_m2"].coverage == 1


def test_facilities_that_no_service_is_for_are_counted_and_not_lost_in_silence() -> None:
    there = pd.DataFrame({"service": ["sport", "bazaar", "stadium", None]})

    made = by_id(findings.facility_findings(there, uses={"sport": ["stadium"], "green": []}))

    assert made["quality.facilities_of_no_service"].value == 2
    assert not list(findings.facility_findings(None, uses={}))


@pytest.mark.parametrize(
    ("finding", "rule"),
    [
        ("level.2.blocks", "worn_out.level_2_indices"),
        ("worn_out_fabric.candidate_blocks", "worn_out.candidate_min_indices"),
        ("worn_out_fabric.population", "population.household_size"),
        ("worn_out_fabric.blocks", "passages.bounding_share"),
        ("worn_out_fabric.blocks", "worn_out.min_indices"),
        ("fabric.impermeability_share", "passages.answer_share"),
        ("boundary.proposed_area_m2", "instability.share_above"),
    ],
)
def test_a_figure_names_the_rules_that_would_change_it(finding, rule) -> None:
    town = city([{"geometry": box(0, 0, 10, 10)}])

    made = by_id(
        f
        for f in plan_city(town, standards=Standards.national(), as_of=AS_OF).findings
        if f.scope == "city"
    )

    assert rule in made[finding].rules


def test_levels_do_not_cite_what_makes_a_block_worn_out() -> None:
    town = city([{"geometry": box(0, 0, 10, 10)}])

    plan = plan_city(town, standards=Standards.national(), as_of=AS_OF)

    assert "worn_out.min_indices" not in by_id(plan.findings)["level.1.blocks"].rules
    assert not plan.citations["worn_out.level_2_indices"].is_verified


def test_the_shares_of_a_place_are_over_its_own_rows() -> None:
    # 8 of 10 known parcels of one block and 0 of 2 of another: 8 of 12, of 16 in all.
    table = gpd.GeoDataFrame(
        {f"{i}_total": [14.0, 2.0] for i in worn_out_fabric.INDICES}
        | {f"{i}_share": [0.8, 0.0] for i in worn_out_fabric.INDICES}
        | {f"{i}_share_coverage": [10 / 14, 1.0] for i in worn_out_fabric.INDICES}
    )

    made = by_id(
        findings.fabric_findings(table, {"city": pd.Series([True, True], index=table.index)})
    )

    assert made["fabric.fine_grain_share"].value == pytest.approx(8 / 12)
    assert made["fabric.fine_grain_share"].coverage == pytest.approx(12 / 16)
