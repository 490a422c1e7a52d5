"""``bazafarin propose priority``: what comes first in a city, and how firm that is.

Returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.priority_weights import GivenWeights, read_weights
from bazafarin.cli.progress import stages
from bazafarin.standards import Standards
from bazafarin.studies.findings import plain
from bazafarin.studies.plan_city import STAGES, plan_city
from bazafarin.studies.priority import RANKED
from bazafarin.studies.priority import priority as priorities_of

if TYPE_CHECKING:
    import argparse

    import pandas as pd


def priority(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose priority``: read, plan and rank."""
    given = GivenWeights() if options.weights is None else read_weights(options.weights)
    standards = Standards.national()
    if options.standards is not None:
        standards = standards.with_city(options.standards)
    # Without --as-of, the rules of the office's own day.
    as_of = options.as_of or date.today()  # noqa: DTZ011
    with stages(("read", *STAGES, "priority"), language=options.language) as shown:
        shown.begin("read")
        city = read_city(
            options.city, mapping=options.map, layers=dict(options.layer), on_stage=shown.part
        )
        plan = plan_city(city, standards=standards, as_of=as_of, on_stage=shown.begin)
        shown.begin("priority")
        made = priorities_of(
            plan,
            standards=standards,
            as_of=as_of,
            method=options.method,
            weights=given.weights,
            comparisons=given.comparisons,
        )
        shown.end()
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "as_of": as_of.isoformat(),
        "method": made.method,
        "top": options.top,
        **{name: _records(getattr(made, name).head(options.top)) for name in RANKED},
        "criteria": _records(made.criteria),
        "findings": {
            finding.id: {
                "value": finding.value,
                "unit": finding.unit,
                "coverage": finding.coverage,
                "facts": dict(finding.facts),
            }
            for finding in made.findings
        },
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain Python; unknown is None."""
    return [
        {str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")
    ]
