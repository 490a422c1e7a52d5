"""How far people walk and how far a fire engine stays away, derived by hand on a drawn town.

A street 12 m wide runs along y = 0 from x = 0 to 200; a lane 3 m wide leaves it at x = 100.
House A (10 people) fronts the street from x = 0 to 20, house B (20 people) the lane from
y = 80 to 100, and the school the street from x = 180 to 200.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from shapely import LineString, Point, box

from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.walking_access import STAGES, WalkingAccess, radii, walking_access
from hand_drawn import AS_OF, Row, city

if TYPE_CHECKING:
    from bazafarin.domain.city import City

NATIONAL = Standards.national()
STREET = {"passage_id": "street", "width_m": 12, "geometry": LineString([(0, 0), (200, 0)])}
HOUSE_A = {"use": "residential", "population": 10, "geometry": box(0, 6, 20, 26)}
HOUSE_B = {"use": "residential", "population": 20, "geometry": box(101.5, 80, 121.5, 100)}
SCHOOL = {"use": "education", "geometry": box(180, 6, 200, 26)}


def lane(width_m: float | None = 3) -> Row:
    line = LineString([(100, 0), (100, 100)])
    return {"passage_id": "lane", "width_m": width_m, "geometry": line}


def drawn(*more: Row, passages: list[Row] | None = None, **layers: Any) -> City:
    walked = [STREET, lane()] if passages is None else passages
    return city([HOUSE_A, HOUSE_B, SCHOOL, *more], passages=walked, **layers)


def answer(town: City, **options: Any) -> WalkingAccess:
    plan = plan_city(town, standards=NATIONAL, as_of=AS_OF)
    return walking_access(plan, standards=NATIONAL, as_of=AS_OF, **options)


def figure(found: WalkingAccess, name: str, scope: str = "city") -> Any:
    return next(f.value for f in found.findings if (f.id, f.scope) == (name, scope))


def service(found: WalkingAccess, name: str) -> Any:
    return found.services.set_index("service").loc[name]


def test_ways_lead_from_frontage_to_frontage_along_the_passages() -> None:
    found = answer(drawn())

    # A: 6 to the street, from x = 10 to 190, 6 to the school
    # B: 1.5 to the lane, from y = 90 down, from x = 100 to 190, 6 to the school
    assert found.parcels["education_m"].tolist()[:2] == [6 + 180 + 6, 1.5 + 90 + 90 + 6]
    assert found.parcels["people"].tolist() == [10, 20, 0]
    assert found.parcels["joined"].all()


def test_a_fire_engine_stays_on_the_street_and_the_hose_goes_to_the_back() -> None:
    found = answer(drawn())

    # each house is 400 m² with 20 m of front: 20 m deep
    assert found.parcels["engine_depth_m"].tolist()[:2] == [6, 1.5 + 90]
    assert found.parcels["hose_m"].tolist()[:2] == pytest.approx([26, 111.5])
    assert found.neighbourhoods["people_beyond_hose"].tolist() == [20]
    assert found.neighbourhoods["hose_coverage"].tolist() == [1]


def test_a_wider_lane_never_lengthens_a_hose() -> None:
    narrow, wide = (answer(drawn(passages=[STREET, lane(w)])).parcels for w in (5.9, 6))

    assert wide["hose_m"].tolist()[1] == pytest.approx(1.5 + 20)
    assert (wide["engine_depth_m"] <= narrow["engine_depth_m"]).all()


def test_an_unknown_width_is_not_wide_but_might_be() -> None:
    # neither width is recorded; only that of the lane can't be measured between two fronts
    passages = [STREET, lane(None)]
    plan = plan_city(drawn(passages=passages), standards=NATIONAL, as_of=AS_OF)
    walked = plan.passages.assign(width_m=[12.0, np.nan])
    all_open = plan.passages.assign(width_m=[3.0, np.nan])

    found = walking_access(plan, standards=NATIONAL, as_of=AS_OF, passages=walked).parcels
    doubtful = walking_access(plan, standards=NATIONAL, as_of=AS_OF, passages=all_open).parcels

    assert found["engine_depth_m"].tolist()[1] == 91.5
    assert found["engine_depth_least_m"].tolist()[1] == 1.5
    assert doubtful["engine_depth_m"].isna().all()
    assert doubtful["hose_m"].isna().all()


def test_the_share_is_of_people_within_the_upper_end_of_the_range() -> None:
    assert radii(NATIONAL, as_of=AS_OF)["education"] == 700
    found = service(answer(drawn()), "education")

    assert (found["people"], found["people_within"], found["within_share"]) == (30, 30, 1)
    # 20 of the 30 people walk 187.5 m, the others more
    assert found["median_m"] == 187.5


def test_a_service_of_which_no_place_is_known_is_unknown_and_not_zero() -> None:
    found = answer(drawn())

    assert found.parcels["health_m"].isna().all()
    assert np.isnan(service(found, "health")["within_share"])
    assert figure(found, "access.health_within_share") is None
    assert service(found, "health")["facilities"] == 0
    assert found.neighbourhoods["services_known"].tolist() == [1]


def test_without_passages_nothing_is_known_of_any_way() -> None:
    plan = plan_city(drawn(), standards=NATIONAL, as_of=AS_OF)
    none = plan.passages.iloc[:0]

    found = walking_access(plan, standards=NATIONAL, as_of=AS_OF, passages=none)

    assert not found.parcels["joined"].any()
    for column in ("education_m", "engine_depth_m", "hose_m"):
        assert found.parcels[column].isna().all()
    assert figure(found, "access.network_length_m") is None
    assert figure(found, "access.education_within_share") is None


def test_no_way_to_a_part_that_hangs_alone_is_said_and_no_access() -> None:
    alone = {"passage_id": "alone", "geometry": LineString([(90, 140), (140, 140)])}
    far = {"use": "residential", "population": 5, "geometry": box(100, 144, 110, 160)}

    found = answer(drawn(far, passages=[STREET, lane(), alone]))

    assert np.isinf(found.parcels["education_m"].iloc[3])
    assert service(found, "education")["people_without_way"] == 5
    assert service(found, "education")["within_share"] == pytest.approx(30 / 35)
    assert figure(found, "access.network_parts") == 2
    assert figure(found, "access.largest_part_share") == pytest.approx(3 / 4)


def test_where_nobody_lives_no_share_is_told() -> None:
    found = answer(city([SCHOOL], passages=[STREET]))

    assert service(found, "education")["people"] == 0
    assert np.isnan(service(found, "education")["within_share"])
    assert figure(found, "access.education_within_share") is None


def test_where_nobody_was_counted_the_people_are_unknown() -> None:
    uncounted = {"use": "residential", "geometry": box(0, 6, 20, 26)}

    found = answer(city([uncounted, SCHOOL], passages=[STREET]))

    assert np.isnan(service(found, "education")["people"])
    assert found.services["people_coverage"].eq(0).all()
    assert figure(found, "access.people") is None


def test_where_nobody_was_counted_nobody_is_said_to_be_served_or_left_out() -> None:
    uncounted = {"use": "residential", "geometry": box(0, 6, 20, 26)}
    school = {"service": "education", "capacity": 5, "geometry": Point(190, 16)}

    found = answer(city([uncounted, SCHOOL], passages=[STREET], facilities=[school]))

    assert found.allocations is None
    assert "access_left_out" not in found.tables


def test_a_facility_on_a_parcel_of_its_service_is_one_place_at_the_parcels_front() -> None:
    on_it = {"facility_id": "f", "service": "education", "geometry": Point(190, 20)}
    elsewhere = {"facility_id": "g", "service": "education", "geometry": Point(60, -5)}

    one, two = (
        answer(drawn(facilities=facilities)) for facilities in ([on_it], [on_it, elsewhere])
    )

    assert one.places["facility_id"].tolist() == ["f"]
    assert one.parcels["education_m"].tolist()[0] == 192
    # A: 6 to the street, from x = 10 to 60, 5 to the facility
    assert two.parcels["education_m"].tolist()[0] == 6 + 50 + 5
    assert (two.parcels["education_m"] <= one.parcels["education_m"]).all()


def test_no_facility_is_above_its_capacity_and_who_is_left_out_is_said_by_block() -> None:
    school = {"facility_id": "f", "service": "education", "capacity": 12, "geometry": Point(190, 9)}

    found = answer(drawn(facilities=[school]))

    assert found.capacity is not None
    assert found.left_out is not None
    assert found.capacity[["capacity", "load"]].to_numpy().tolist() == [[12, 12]]
    # B is nearer (187.5 m) and takes the 12 seats; its other 8 and A's 10 are left out
    assert sorted(found.left_out["left_out"]) == pytest.approx([8, 10])
    assert figure(found, "access.education_left_out") == pytest.approx(18)
    assert found.allocations is not None
    assert found.allocations["gap"].tolist() == [0]


def test_without_capacities_there_is_no_allocation() -> None:
    found = answer(drawn())

    assert found.capacity is None
    assert found.left_out is None
    assert set(found.tables) == {"access_services", "access_neighbourhoods", "access_blocks"}


def test_tables_withhold_the_people_of_a_block_of_fewer_than_five_households() -> None:
    """10 people are 10 / 3.3 ≈ 3 households, 20 are 6; nobody is no group."""
    blocks = [
        {"block_id": name, "geometry": box(*edges)}
        for name, edges in (
            *(("a", (-1, 5, 21, 27)), ("b", (101, 79, 122, 101))),
            ("school", (179, 5, 201, 27)),
        )
    ]
    school = {"service": "education", "capacity": 1, "geometry": Point(190, 16)}

    found = answer(drawn(blocks=blocks, facilities=[school]))

    table = found.tables["access_blocks"].frame.set_index("block_id")
    assert table["people_withheld"].to_dict() == {"a": True, "b": False, "school": False}
    assert table["people"].isna().to_dict() == {"a": True, "b": False, "school": False}
    assert np.isnan(table.loc["a", "within_share"])
    assert found.blocks.set_index("block_id")["people"].to_dict() == {"a": 10, "b": 20, "school": 0}
    left_out = found.tables["access_left_out"].frame.set_index("block_id")
    assert np.isnan(left_out.loc["a", "left_out"])
    assert left_out.loc["a", "people_withheld"]
    assert left_out.loc["b", "left_out"] == pytest.approx(19)  # one of them has the only seat


def test_many_parcels_are_gathered_by_block_and_edge_without_losing_anyone() -> None:
    rows = [
        {"use": "residential", "population": 2, "geometry": box(x, 6, x + 10, 26)}
        for x in range(0, 180, 10)
    ]
    school = {"facility_id": "f", "service": "education", "capacity": 9, "geometry": Point(190, -9)}
    few = OtherRules(capacity_parcels_each=3)
    plan = plan_city(
        city(rows, passages=[STREET], facilities=[school]), standards=NATIONAL, as_of=AS_OF
    )

    found = walking_access(plan, standards=few, as_of=AS_OF)

    assert found.allocations is not None
    assert found.allocations["demand_points"].tolist() == [1]
    assert found.allocations["served"].tolist() == pytest.approx([9])
    assert found.allocations["left_out"].tolist() == pytest.approx([27])


class OtherRules(Standards):
    """The national rules with other values of access."""

    def __init__(self, **values: float) -> None:
        super().__init__({name: NATIONAL.rule(name) for name in NATIONAL.ids()})
        self._others = {f"access.{name}": value for name, value in values.items()}

    def value(self, rule_id: str, **options: Any) -> Any:
        return self._others.get(rule_id) or super().value(rule_id, **options)


def test_the_order_of_rows_changes_no_answer() -> None:
    rows = [HOUSE_A, HOUSE_B, SCHOOL]
    one = answer(city(rows, passages=[STREET, lane()])).parcels
    other = answer(city(rows[::-1], passages=[lane(), STREET])).parcels[::-1]

    for column in ("education_m", "engine_depth_m", "hose_m", "people"):
        np.testing.assert_allclose(one[column], other[column])


def test_every_rule_of_a_figure_is_cited_and_every_column_described() -> None:
    school = {"facility_id": "f", "service": "education", "capacity": 12, "geometry": Point(190, 9)}

    found = answer(drawn(facilities=[school]))

    for one in found.findings:
        assert set(one.rules) <= set(found.citations), one.id
    names = [(one.id, one.scope) for one in found.findings]
    assert len(names) == len(set(names))
    for table in found.tables.values():
        assert set(table.frame.columns) == set(table.columns)
    assert "access.primary_school" in found.citations


def test_the_stages_are_told_in_order() -> None:
    told: list[str] = []

    answer(drawn(), on_stage=told.append)

    assert tuple(told) == STAGES
