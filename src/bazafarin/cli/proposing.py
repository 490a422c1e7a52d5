"""What every proposal begins with: the rules asked for, the city read and planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.scenario_file import read_scenario
from bazafarin.standards import Standards
from bazafarin.studies.findings import plain
from bazafarin.studies.plan_city import plan_city
from bazafarin.studies.scenario import Scenario

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from bazafarin.cli.progress import Stages
    from bazafarin.domain.finding import Finding
    from bazafarin.studies.city_plan import CityPlan


@dataclass(frozen=True)
class Planned:
    """A planned city, and the rules and the day that it was planned by."""

    plan: CityPlan
    standards: Standards
    as_of: date


def planned(options: argparse.Namespace, shown: Stages) -> Planned:
    """Return the city of ``options``, read and planned; ``shown`` is told of each stage."""
    standards = Standards.national()
    if options.standards is not None:
        standards = standards.with_city(options.standards)
    # Without --as-of, the rules of the office's own day.
    as_of = options.as_of or date.today()  # noqa: DTZ011
    shown.begin("read")
    city = read_city(
        options.city,
        mapping=options.map,
        layers=dict(options.layer),
        formats=options.formats,
        on_stage=shown.part,
    )
    plan = plan_city(city, standards=standards, as_of=as_of, on_stage=shown.begin)
    return Planned(plan, standards, as_of)


def scenario(options: argparse.Namespace) -> Scenario:
    """Return the scenario asked for; ``--budget-rial`` goes before the file's own budget."""
    found = Scenario() if options.scenario is None else read_scenario(options.scenario)
    return found if options.budget_rial is None else found.with_budget(options.budget_rial)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain Python; unknown is None, and so is a way without an end."""
    return [
        {str(name): _finite(plain(value)) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def figures(found: tuple[Finding, ...]) -> dict[str, dict[str, Any]]:
    """Return the city's findings by name."""
    return {
        finding.id: {
            "value": finding.value,
            "unit": finding.unit,
            "coverage": finding.coverage,
            "facts": dict(finding.facts),
        }
        for finding in found
        if finding.scope == "city"
    }


def _finite(value: object) -> object:
    is_endless = isinstance(value, float) and value in {float("inf"), float("-inf")}
    return None if is_endless else value
