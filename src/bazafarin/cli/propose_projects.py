"""``bazafarin propose projects``: what to build first for the money, and the proof.

Returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bazafarin.cli.progress import stages
from bazafarin.cli.proposing import figures, planned, records, scenario
from bazafarin.domain.errors import ScenarioError
from bazafarin.studies import proposals
from bazafarin.studies.findings import plain
from bazafarin.studies.plan_city import STAGES

if TYPE_CHECKING:
    import argparse


def projects(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose projects``: read, plan, walk, rank and choose."""
    asked = scenario(options)
    if asked.budget_rial is None:
        raise ScenarioError("scenario.no_budget")
    names = ("read", *STAGES, *proposals.STAGES)
    with stages(names, language=options.language) as shown:
        ready = planned(options, shown)
        plan = proposals.with_proposals(
            ready.plan,
            asked,
            standards=ready.standards,
            as_of=ready.as_of,
            on_stage=shown.begin,
            on_part=lambda stage, part: shown.part(f"{stage}.stage.{part}"),
        )
        shown.end()
    assert plan.proposals is not None  # noqa: S101 - just made
    made = plan.proposals.projects
    assert made is not None  # noqa: S101 - a budget was asked for
    names_fa = plan.neighbourhoods.set_index("neighbourhood_id")["name_fa"]
    return {
        "city": plan.city.name_fa,
        "synthetic": plan.city.synthetic,
        "as_of": ready.as_of.isoformat(),
        "budget_rial": asked.budget_rial,
        "floor_share": asked.floor_share,
        "is_feasible": made.is_feasible,
        "gap": made.gap,
        "names": {str(area): plain(name) for area, name in names_fa.items()},
        "projects": records(pd.DataFrame(made.projects.drop(columns="geometry"))),
        "alternatives": records(pd.DataFrame(made.alternatives.drop(columns="geometry"))),
        "budgets": records(made.curve),
        "neighbourhoods": records(made.neighbourhoods),
        "findings": figures(made.findings),
        "rules": sorted(made.citations),
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }
