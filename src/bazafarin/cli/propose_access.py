"""``bazafarin propose access``: who walks how far to what, and who is left out.

Returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.cli.progress import stages
from bazafarin.cli.proposing import figures, planned, records
from bazafarin.studies import deriving
from bazafarin.studies.findings import plain
from bazafarin.studies.plan_city import STAGES
from bazafarin.studies.walking_access import walking_access

if TYPE_CHECKING:
    import argparse


def access(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose access``: read, plan and walk."""
    with stages(("read", *STAGES, "access"), language=options.language) as shown:
        ready = planned(options, shown)
        plan, city = ready.plan, ready.plan.city
        shown.begin("access")
        made = walking_access(
            plan,
            standards=ready.standards,
            as_of=ready.as_of,
            on_stage=lambda name: shown.part(f"access.stage.{name}"),
        )
        shown.end()
    names = plan.neighbourhoods.set_index("neighbourhood_id")["name_fa"]
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "as_of": ready.as_of.isoformat(),
        "passages_derived": deriving.are_derived(city),
        "radius_m": dict(made.radius_m),
        "names": {str(area): plain(name) for area, name in names.items()},
        "services": records(made.services),
        "neighbourhoods": records(made.neighbourhoods),
        "blocks": records(made.tables["access_blocks"].frame),
        "allocations": None if made.allocations is None else records(made.allocations),
        "capacity": None if made.capacity is None else records(made.capacity),
        "left_out": None
        if made.left_out is None
        else records(made.tables["access_left_out"].frame),
        "findings": figures(made.findings),
        "rules": sorted(made.citations),
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }
