"""``bazafarin propose priority``: what comes first in a city, and how firm that is.

Returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.adapters.priority_weights import GivenWeights, read_weights
from bazafarin.cli.progress import stages
from bazafarin.cli.proposing import figures, planned, records
from bazafarin.studies.plan_city import STAGES
from bazafarin.studies.priority import RANKED
from bazafarin.studies.priority import priority as priorities_of
from bazafarin.studies.proposals import access_tables
from bazafarin.studies.walking_access import walking_access

if TYPE_CHECKING:
    import argparse


def priority(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose priority``: read, plan and rank."""
    given = GivenWeights() if options.weights is None else read_weights(options.weights)
    with stages(("read", *STAGES, "access", "priority"), language=options.language) as shown:
        ready = planned(options, shown)
        city = ready.plan.city
        shown.begin("access")
        access = walking_access(ready.plan, standards=ready.standards, as_of=ready.as_of)
        blocks, neighbourhoods = access_tables(access)
        shown.begin("priority")
        made = priorities_of(
            ready.plan,
            standards=ready.standards,
            as_of=ready.as_of,
            method=options.method,
            weights=given.weights,
            comparisons=given.comparisons,
            blocks_access=blocks,
            neighbourhoods_access=neighbourhoods,
        )
        shown.end()
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "as_of": ready.as_of.isoformat(),
        "method": made.method,
        "top": options.top,
        **{
            name: records(made.tables[f"priority_{name}"].frame.head(options.top))
            for name in RANKED
        },
        "criteria": records(made.criteria),
        "findings": figures(made.findings),
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }
