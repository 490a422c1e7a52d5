"""The national rules: every value cited, and the numbers that the law and its marks give."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bazafarin.domain.codes import Structure, Use
from bazafarin.standards import Standards
from bazafarin.standards.rule import CERTAINTIES
from bazafarin.standards.rule_value import OPERATORS, UNITS

NATIONAL = Standards.national()
TODAY = date(2026, 11, 21)
RESOLUTION = date(2006, 5, 1)  # 1385-02-11
WORN_OUT_RULES = ("fine_grain.", "instability.", "impermeability.", "worn_out.")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "standards.md"


@pytest.mark.parametrize("rule_id", NATIONAL.ids())
def test_every_value_of_every_rule_is_cited(rule_id):
    rule = NATIONAL.rule(rule_id)

    assert rule.title_fa
    assert rule.title_en
    assert rule.unit in UNITS
    assert rule.operator in OPERATORS
    assert rule.values
    for value in rule.values:
        assert value.valid_from
        assert value.checked_on >= value.valid_from
        assert all(map(str.strip, (value.instrument, value.clause, value.address)))
        assert value.certainty in CERTAINTIES
        assert not value.set_by_city


@pytest.mark.parametrize(
    ("rule_id", "number", "certainty"),
    [
        ("fine_grain.parcel_below", 200, "S1"),
        ("fine_grain.share_above", 0.5, "S1"),
        ("instability.share_above", 0.5, "S1"),
        ("impermeability.share_above", 0.5, "S1"),
        ("impermeability.passage_below", 6, "S1"),
        ("instability.built_before_sh", 1370, "M-mid"),
        ("worn_out.min_indices", 3, "S2"),
        ("worn_out.instability_required", True, "S2"),
        ("worn_out.candidate_min_indices", 2, "PROPOSAL"),
        ("boundary.renovated_share_above", 0.5, "S2"),
        ("population.household_size", 3.3, "M-high"),
        ("per_capita.education", (3, 5), "S2"),
        ("per_capita.administrative", (1, 2), "S2"),
        ("per_capita.green", (7, 12), "M-mid"),
        ("per_capita.parking", (0.5, 1), "M-low"),
        ("access.primary_school", (500, 700), "S2"),
        ("access.bus_stop", (300, 500), "M-high"),
        ("cost_share.passage_widening.state_per_mille", 700, "SEED"),
    ],
)
def test_a_rule_has_the_number_and_the_mark_of_its_source(rule_id, number, certainty):
    citation = NATIONAL.citation(rule_id, as_of=TODAY)

    assert citation.value == number
    assert citation.certainty == certainty


@pytest.mark.parametrize(
    "rule_id", NATIONAL.ids(WORN_OUT_RULES[0]) + NATIONAL.ids(WORN_OUT_RULES[1])
)
def test_the_resolution_is_in_force_on_its_day_and_not_the_day_before(rule_id):
    rule = NATIONAL.rule(rule_id)

    assert rule.in_force(RESOLUTION) is not None
    assert rule.in_force(RESOLUTION - timedelta(days=1)) is None


def test_every_structure_is_told_stable_or_not_or_is_left_open():
    stable = set(NATIONAL.value("instability.stable_structures", as_of=TODAY))
    unstable = set(NATIONAL.value("instability.unstable_structures", as_of=TODAY))

    assert not stable & unstable
    assert set(Structure) - stable - unstable == {Structure.OTHER, Structure.UNKNOWN}


def test_shares_of_a_cost_sum_to_the_whole():
    states = [name for name in NATIONAL.ids("cost_share.") if name.endswith(".state_per_mille")]

    assert len(states) == 5
    for state in states:
        municipality = state.replace(".state_", ".municipality_")
        parts = (NATIONAL.value(name, as_of=TODAY) for name in (state, municipality))
        assert sum(parts) == 1000


@pytest.mark.parametrize(
    ("population", "most"),
    [(0, 60), (19_999, 60), (20_000, 50), (49_999, 50), (50_000, 40), (250_000, 35),
     (999_999, 35), (1_000_000, 25), (9_000_000, 25)],
)  # fmt: skip
def test_land_for_housing_is_capped_by_city_size(population, most):
    assert NATIONAL.per_capita("residential", population=population, as_of=TODAY) == (0.0, most)


def test_every_service_has_a_range_and_uses():
    uses = NATIONAL.value("services.uses", as_of=TODAY)

    assert tuple(uses) == NATIONAL.services()
    assert {use for of_service in uses.values() for use in of_service} <= set(Use)
    for service in NATIONAL.services():
        least, most = NATIONAL.per_capita(service, population=100_000, as_of=TODAY)
        assert 0 < least <= most


def test_housing_and_land_per_student_are_no_service_per_head():
    assert "residential" not in NATIONAL.services()
    assert "higher_education" not in NATIONAL.services()


def test_only_what_a_source_was_seen_for_is_verified():
    citations = [NATIONAL.citation(rule_id, as_of=TODAY) for rule_id in NATIONAL.ids()]

    assert {citation.certainty for citation in citations if citation.is_verified} == {"S1", "S2"}


def test_the_guide_lists_every_rule():
    guide = GUIDE.read_text(encoding="utf-8")

    assert not [rule_id for rule_id in NATIONAL.ids() if f"`{rule_id}`" not in guide]
