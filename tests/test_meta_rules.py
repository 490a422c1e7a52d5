"""Duties that a newcomer could forget: every rule is used, every figure is explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bazafarin.adapters import wording
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.proposals import with_proposals
from bazafarin.studies.scenario import Scenario
from hand_drawn import AS_OF
from oracle.random_towns import TownOptions, random_town

if TYPE_CHECKING:
    from bazafarin.domain.city import City
    from bazafarin.studies.city_plan import CityPlan

SOURCE = Path(__file__).resolve().parents[1] / "src" / "bazafarin"
FOR_LATER = {
    "access.": "radii of facilities that no service is measured by yet",
    "corrections.": "asked where a parcel is corrected on the map, not in a plan",
    "survey.": "asked where the answers of a survey are reviewed, not in a plan",
    "cost_share.": "who pays what of works that no project is of yet",
    "editions.": "asked where an edition of a city is compared, not in a plan",
    "higher_education.": "land a student: asked once the students of a place are delivered",
    "incentive.": "told on a parcel's page, not in a plan",
    "per_capita.residential": "a cap on dwelling land, no service",
}
"""Rules that are cited and editable before the study that asks them is there."""
WITHOUT_RULES = ("identity.", "quality.", "placing.", "passages.", "boundary.approved_area_m2")
"""Figures that count or measure what was delivered: no rule decides them."""


@pytest.fixture(scope="module")
def plan() -> CityPlan:
    town = random_town(5, TownOptions(with_blocks=True, with_carriageways=True))
    return proposed(town, Standards.national())


def proposed(town: City, standards: Standards) -> CityPlan:
    """Return the plan with everything that may be asked of it."""
    plan = plan_city(town, standards=standards, as_of=AS_OF)
    asked = Scenario(budget_rial=10**12, land_value_rial_m2=0, curve_shares=())
    return with_proposals(plan, asked, standards=standards, as_of=AS_OF)


class Asked(Standards):
    """The national rules, which remember what they were asked."""

    def __init__(self) -> None:
        national = Standards.national()
        super().__init__({name: national.rule(name) for name in national.ids()})
        self.names: set[str] = set()

    def value(self, rule_id: str, **options):
        self.names.add(rule_id)
        return super().value(rule_id, **options)


def test_every_national_rule_is_asked_by_a_plan_or_listed_for_later() -> None:
    asked = Asked()
    for with_block_ids in (True, False):
        options = TownOptions(with_block_ids=with_block_ids, with_carriageways=True)
        proposed(random_town(5, options), asked)
    proposed(random_town(5, TownOptions(with_passages=False)), asked)

    unused = set(asked.ids()) - asked.names

    assert not {name for name in unused if not name.startswith(tuple(FOR_LATER))}
    assert all(any(name.startswith(prefix) for name in unused) for prefix in FOR_LATER)


def test_every_column_of_the_plans_tables_is_described_and_worded(plan: CityPlan) -> None:
    for name, table in plan.tables.items():
        columns = set(table.frame.columns) - {"geometry"}
        assert columns == set(table.columns), name
        for column in columns:
            for language in wording.LANGUAGES:
                assert wording.text(f"plan.column.{column}", language)


def test_every_figure_cites_its_rules(plan: CityPlan) -> None:
    for finding in plan.findings:
        assert set(finding.rules) <= set(plan.citations), finding.id
        assert finding.rules or finding.id.startswith(WITHOUT_RULES), finding.id
        assert finding.unit
    for citation in plan.citations.values():
        assert citation.instrument
        assert citation.clause
        assert citation.certainty


def test_a_figure_is_named_once_in_its_scope(plan: CityPlan) -> None:
    names = [(finding.id, finding.scope) for finding in plan.findings]

    assert len(names) == len(set(names))
