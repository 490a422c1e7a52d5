"""``bazafarin propose access``: who walks how far to what, and who is left out.

Returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

from bazafarin.adapters.delivery import read_city
from bazafarin.cli.progress import stages
from bazafarin.standards import Standards
from bazafarin.studies.findings import plain
from bazafarin.studies.plan_city import STAGES, plan_city
from bazafarin.studies.walking_access import walking_access

if TYPE_CHECKING:
    import argparse

    import pandas as pd


def access(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose access``: read, plan and walk."""
    standards = Standards.national()
    if options.standards is not None:
        standards = standards.with_city(options.standards)
    # Without --as-of, the rules of the office's own day.
    as_of = options.as_of or date.today()  # noqa: DTZ011
    with stages(("read", *STAGES, "access"), language=options.language) as shown:
        shown.begin("read")
        city = read_city(
            options.city, mapping=options.map, layers=dict(options.layer), on_stage=shown.part
        )
        plan = plan_city(city, standards=standards, as_of=as_of, on_stage=shown.begin)
        shown.begin("access")
        made = walking_access(
            plan,
            standards=standards,
            as_of=as_of,
            on_stage=lambda name: shown.part(f"access.stage.{name}"),
        )
        shown.end()
    names = plan.neighbourhoods.set_index("neighbourhood_id")["name_fa"]
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "as_of": as_of.isoformat(),
        "passages_derived": city.passages is None or city.passages.empty,
        "radius_m": dict(made.radius_m),
        "names": {str(area): plain(name) for area, name in names.items()},
        "services": _records(made.services),
        "neighbourhoods": _records(made.neighbourhoods),
        "blocks": _records(made.blocks),
        "allocations": None if made.allocations is None else _records(made.allocations),
        "capacity": None if made.capacity is None else _records(made.capacity),
        "left_out": None if made.left_out is None else _records(made.left_out),
        "findings": {
            finding.id: {
                "value": finding.value,
                "unit": finding.unit,
                "coverage": finding.coverage,
                "facts": dict(finding.facts),
            }
            for finding in made.findings
            if finding.scope == "city"
        },
        "rules": sorted(made.citations),
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain Python; unknown is None."""
    return [
        {str(name): _finite(plain(value)) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _finite(value: object) -> object:
    """Return the value; None for what JSON has no number for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
