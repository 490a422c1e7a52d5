"""Driver projects derived by hand on a drawn street, and what must hold of any town.

A street 12 m wide runs along y = 0 from x = 0 to 3,000. The only park stands at its far end.
At the near end live 40 people in a house; beside them lies vacant land of 700 m², room for
700 / 7 = 100 people. The works of a park cost 25 million rial a square metre, of which the
state pays 70 %.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from bazafarin.decision.portfolio import Portfolio, best_portfolio
from bazafarin.domain.errors import ScenarioError
from bazafarin.standards import Standards
from bazafarin.studies import driver_projects as module
from bazafarin.studies.driver_projects import DriverProjects, driver_projects
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.project_sites import candidate_sites
from bazafarin.studies.proposals import with_proposals
from bazafarin.studies.scenario import Scenario
from hand_drawn import AS_OF, Row, city, layer

if TYPE_CHECKING:
    from bazafarin.studies.project_sites import Sites

NATIONAL = Standards.national()
STREET = {"passage_id": "street", "width_m": 12, "geometry": LineString([(0, 0), (3000, 0)])}
PARK = {"use": "green", "geometry": box(2950, 6, 3000, 26)}
HOUSE = {"use": "residential", "population": 40, "geometry": box(0, 6, 20, 26)}
LOT = {
    "parcel_id": "lot",
    "use": "vacant",
    "ownership": "private",
    "land_value_rial_m2": 10_000_000,
    "geometry": box(20, 6, 55, 26),
}
WORKS_RIAL_M2, LAND_RIAL_M2, LAND_A_PERSON_M2 = 25_000_000, 10_000_000, 7


def proposed(*parcels: Row, budget_rial: int = 10**12, **scenario: Any) -> DriverProjects:
    scenario = {"services": ("green",), **scenario}
    plan = plan_city(city(list(parcels), passages=[STREET]), standards=NATIONAL, as_of=AS_OF)
    asked = Scenario(budget_rial=budget_rial, **scenario)
    made = with_proposals(plan, asked, standards=NATIONAL, as_of=AS_OF)
    assert made.proposals is not None
    assert made.proposals.projects is not None
    return made.proposals.projects


def figure(found: DriverProjects, name: str) -> Any:
    return next(f.value for f in found.findings if f.id == f"projects.{name}")


def sites(*rows: Row, land_value: float | None = None) -> Sites:
    drawn = [{"parcel_id": f"p{n}", **row} for n, row in enumerate(rows)]
    parcels = layer("parcels", drawn)
    parcels["area_m2"] = parcels.geometry.area
    return candidate_sites(parcels, land_value_rial_m2=land_value, standards=NATIONAL, as_of=AS_OF)


def test_a_park_is_built_on_the_land_that_its_people_ask_for() -> None:
    found = proposed(HOUSE, LOT, PARK)

    project = found.projects.iloc[0]
    # 40 people ask for 280 m²; a park is no smaller than 500 m²
    assert project[["service", "site_id", "kind"]].tolist() == ["green", "lot", "vacant"]
    assert project["land_m2"] == pytest.approx(500)
    assert project["capacity"] == pytest.approx(500 / LAND_A_PERSON_M2)
    assert project["people_served"] == pytest.approx(40)
    assert project["works_rial"] == 500 * WORKS_RIAL_M2
    assert project["land_rial"] == 500 * LAND_RIAL_M2
    assert project["state_rial"] == 500 * WORKS_RIAL_M2 * 7 // 10
    assert project["municipal_rial"] == project["cost_rial"] - project["state_rial"]
    assert figure(found, "people_unserved") == pytest.approx(40)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_without_a_project_its_people_are_lost() -> None:
    project = proposed(HOUSE, LOT, PARK).projects.iloc[0]

    assert project["loss_without"] == pytest.approx(project["priority_served"])


def test_people_near_the_park_need_none() -> None:
    near = {**HOUSE, "geometry": box(2900, 6, 2920, 26)}

    found = proposed(near, LOT, PARK)

    assert figure(found, "people_unserved") == 0
    assert found.projects.empty


def test_where_no_park_is_known_who_lacks_one_is_unknown() -> None:
    found = proposed(HOUSE, LOT)

    assert figure(found, "people_unserved") is None
    assert figure(found, "chosen") is None
    assert figure(found, "services_unknown") == 1
    assert found.projects.empty


def test_where_nobody_was_counted_who_lacks_a_park_is_unknown() -> None:
    found = proposed({**HOUSE, "population": None}, LOT, PARK)

    assert figure(found, "people_unserved") is None
    assert figure(found, "people_served") is None


def test_who_is_joined_to_no_passage_is_unserved_and_out_of_every_projects_reach() -> None:
    far = {"use": "residential", "population": 60, "geometry": box(0, 5000, 20, 5020)}

    found = proposed(HOUSE, LOT, PARK, far)

    assert figure(found, "people_unserved") == 40 + 60
    assert figure(found, "people_served") == pytest.approx(40)
    assert found.neighbourhoods["people_left"].sum() == pytest.approx(60)


def test_a_budget_of_one_rial_less_than_the_cost_buys_nothing() -> None:
    cost = int(proposed(HOUSE, LOT, PARK).projects.iloc[0]["municipal_rial"])

    assert len(proposed(HOUSE, LOT, PARK, budget_rial=cost).projects) == 1
    short = proposed(HOUSE, LOT, PARK, budget_rial=cost - 1)
    assert short.projects.empty
    assert short.alternatives["obstacle"].tolist() == ["budget"]
    assert proposed(HOUSE, LOT, PARK, budget_rial=0).projects.empty


def test_private_land_without_a_price_is_left_out_and_counted() -> None:
    unpriced = {**LOT, "land_value_rial_m2": None}

    found = proposed(HOUSE, unpriced, PARK)

    assert found.projects.empty
    assert figure(found, "sites_without_price") == 1
    assert len(proposed(HOUSE, unpriced, PARK, land_value_rial_m2=1).projects) == 1


def test_one_site_has_one_use() -> None:
    shelf = {"use": "culture", "geometry": box(2900, 6, 2950, 26)}

    found = proposed(HOUSE, LOT, PARK, shelf, services=("green", "culture"))

    assert len(found.projects) == 1
    assert found.alternatives["obstacle"].tolist() == ["land"]


def test_a_floor_that_cannot_be_met_is_said() -> None:
    far = {"use": "residential", "population": 9, "geometry": box(1400, 6, 1420, 26)}
    parcels = [
        {**row, "neighbourhood_id": "1" if row is not far else "2"}
        for row in (HOUSE, LOT, PARK, far)
    ]

    found = proposed(*parcels, floor_share=0.5)

    assert not found.is_feasible
    assert found.projects.empty
    assert figure(found, "chosen") is None
    assert found.alternatives.empty
    assert proposed(*parcels).is_feasible


def test_what_one_budgets_choice_does_for_less_is_done_for_less(monkeypatch) -> None:
    """A choice is proven to within a gap: half the money may find less than it could buy."""

    def poor(problem, budget_rial: int, **options: Any) -> Portfolio:
        found = best_portfolio(problem, budget_rial, **options)
        if budget_rial != 10**12:
            found = replace(
                found, chosen=found.chosen[:0], served=np.zeros_like(found.served), value=0.0
            )
        return found

    monkeypatch.setattr(module, "best_portfolio", poor)

    found = proposed(HOUSE, LOT, PARK, curve_shares=(0.5,))

    curve = found.curve.set_index("budget_rial")
    assert curve["people_served"].to_dict() == pytest.approx({0: 0, 5 * 10**11: 40, 10**12: 40})
    assert curve["gap"].to_list() == pytest.approx([0, 0, 0], abs=1e-6)
    assert np.isnan(curve.loc[10**12, "rial_a_person"])


def test_no_money_and_no_price_are_errors() -> None:
    plan = plan_city(city([HOUSE, LOT, PARK], passages=[STREET]), standards=NATIONAL, as_of=AS_OF)
    made = with_proposals(plan, Scenario(), standards=NATIONAL, as_of=AS_OF)
    assert made.proposals is not None
    assert made.proposals.projects is None
    how = {"block_scores": plan.blocks.set_index("block_id")["area_m2"] * 0.0}

    with pytest.raises(ScenarioError, match="no_budget"):
        driver_projects(
            plan, made.proposals.access, Scenario(), standards=NATIONAL, as_of=AS_OF, **how
        )
    with pytest.raises(ScenarioError, match="unknown_service"):
        proposed(HOUSE, LOT, PARK, services=("tourism",))


def test_every_table_names_its_columns() -> None:
    for table in proposed(HOUSE, LOT, PARK).tables.values():
        assert set(table.columns) == set(table.frame.columns) - {"geometry"}


def test_land_gives_way_by_use_quality_and_ownership() -> None:
    made = sites(
        {"use": "vacant", "geometry": box(0, 0, 10, 10)},
        {"use": "military", "geometry": box(20, 0, 30, 10)},
        {"use": "commercial", "quality": "ruin", "geometry": box(40, 0, 50, 10)},
        {"use": "residential", "quality": "ruin", "geometry": box(60, 0, 70, 10)},
        {"use": "unknown", "ownership": "municipal", "geometry": box(80, 0, 90, 10)},
        {"use": "unknown", "ownership": "private", "geometry": box(100, 0, 110, 10)},
        {"use": "green", "ownership": "municipal", "geometry": box(120, 0, 130, 10)},
        {"use": "vacant", "heritage": True, "geometry": box(140, 0, 150, 10)},
    )

    kinds = dict(zip(made.frame["site_id"], made.frame["kind"], strict=True))
    # a ruined shop gives a service still: its use is one
    assert kinds == {"p0": "vacant", "p1": "incompatible", "p3": "obsolete", "p4": "public"}


def test_touching_sites_of_a_block_are_one_more_site() -> None:
    made = sites(
        {"use": "vacant", "block_id": "a", "geometry": box(0, 0, 10, 10)},
        {"use": "vacant", "block_id": "a", "geometry": box(10, 0, 30, 10)},
        {"use": "vacant", "block_id": "b", "geometry": box(30, 0, 40, 10)},
    )

    frame = made.frame.set_index("site_id")
    assert frame["area_m2"].to_dict() == {"p0": 100, "p1": 200, "p2": 100, "p0+p1": 300}
    assert frame.geometry["p0+p1"].equals(box(0, 0, 30, 10))
    # the parcels of the merged site are those of the single ones
    assert sorted(made.parcel[made.site == 3].tolist()) == [0, 1]


def test_public_land_has_no_price_and_part_of_a_sites_may_be_public() -> None:
    made = sites(
        {"use": "vacant", "ownership": "municipal", "block_id": "a", "geometry": box(0, 0, 10, 10)},
        {"use": "vacant", "ownership": "private", "block_id": "a", "geometry": box(10, 0, 20, 10)},
        land_value=5.0,
    )

    assert made.frame["land_rial"].tolist() == [0, 500, 500]
    assert made.frame["public_area_m2"].tolist() == [100, 0, 100]


def test_no_land_that_gives_way_is_an_empty_table() -> None:
    assert sites({"use": "residential", "geometry": box(0, 0, 10, 10)}).frame.empty
    found = proposed(HOUSE, PARK)
    assert found.projects.empty
    assert figure(found, "sites") == 0
    assert figure(found, "people_unserved") == pytest.approx(40)


def random_parcels(seed: int) -> list[Row]:
    """Return houses, lots and one far park along the street."""
    rng = np.random.default_rng(seed)
    rows = [PARK]
    for n in range(12):
        x = float(n * 60)
        if rng.random() < 0.5:
            rows.append({"use": "residential", "population": int(rng.integers(1, 90)),
                         "geometry": box(x, 6, x + 20, 26)})  # fmt: skip
        else:
            wide = float(rng.integers(20, 55))
            value = int(rng.integers(0, 20)) * 1_000_000
            rows.append({**LOT, "parcel_id": f"lot{n}", "land_value_rial_m2": value,
                         "geometry": box(x, 6, x + wide, 26)})  # fmt: skip
    return rows


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_more_money_serves_more_and_nobody_is_served_beyond_room_or_number(seed: int) -> None:
    found = proposed(*random_parcels(seed), budget_rial=20_000_000_000)

    assert (found.curve["priority_served"].diff().dropna() >= -1e-6).all()
    projects = found.projects
    assert (projects["people_served"] <= projects["capacity"] + 1e-6).all()
    assert (projects["people_served"] <= projects["people_in_reach"] + 1e-6).all()
    assert found.neighbourhoods["people_served"].sum() == pytest.approx(
        projects["people_served"].sum()
    )
    assert figure(found, "people_served") <= figure(found, "people_unserved") + 1e-6
    assert projects["municipal_rial"].sum() <= 20_000_000_000


def test_a_loss_that_is_not_proven_puts_no_project_before_one_that_serves_more(monkeypatch) -> None:
    """Both losses lie within the gap of the choices without: who serves more comes first."""
    far = {"use": "residential", "population": 90, "geometry": box(1400, 6, 1420, 26)}
    lot = {**LOT, "parcel_id": "far", "geometry": box(1420, 6, 1455, 26)}
    calls = []

    def loose(problem, budget_rial: int, **options: Any) -> Portfolio:
        found = best_portfolio(problem, budget_rial, **options)
        calls.append(found)
        # by turn: the choice, that of no money, without the project of the many, of the few
        value = (found.value, 0.0, 129.0, 100.0)[len(calls) - 1]
        return replace(found, value=value, bound=max(found.bound, 200.0))

    monkeypatch.setattr(module, "best_portfolio", loose)

    found = proposed(HOUSE, LOT, PARK, far, lot, curve_shares=())

    assert found.projects["loss_proven"].eq(0).all()
    assert found.projects["loss_without"].is_monotonic_increasing
    assert found.projects["people_served"].tolist() == pytest.approx([90, 40])
