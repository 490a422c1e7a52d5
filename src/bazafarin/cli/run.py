"""The three commands: plan a city, check a delivery, make a synthetic town.

Each returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bazafarin.adapters import plan_outputs
from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.plan_folder import writing, written_aside
from bazafarin.adapters.plan_outputs import HEADLINES, PROPOSED, write_outputs, write_report
from bazafarin.adapters.reading_report import in_short, write_reading_report
from bazafarin.adapters.synthetic_town import write_town
from bazafarin.cli.progress import stages
from bazafarin.cli.proposing import scenario
from bazafarin.cli.said_projects import why_none
from bazafarin.domain.errors import DeliveryError, UsageError
from bazafarin.domain.problem import Severity
from bazafarin.standards import Standards
from bazafarin.studies import proposals
from bazafarin.studies.plan_city import STAGES, plan_city

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from bazafarin.cli.progress import Stages
    from bazafarin.domain.city import City
    from bazafarin.domain.problem import Problem
    from bazafarin.studies.city_plan import CityPlan

READ_ONLY = ("reading_report.html", "reading_report.json")


def plan(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin plan`` and return what it did."""
    standards = Standards.national()
    if options.standards is not None:
        standards = standards.with_city(options.standards)
    # The one place where a plan reads the clock: without --as-of, the rules of today.
    as_of = options.as_of or date.today()  # noqa: DTZ011 - the office's own day
    is_proposing = options.scenario is not None or options.budget_rial is not None
    asked = scenario(options) if is_proposing else None
    proposing = proposals.STAGES if is_proposing else ()
    names = ("read", *STAGES, *proposing, *plan_outputs.STAGES)
    with (
        written_aside(options.out) as folder,
        stages(names, language=options.language) as shown,
    ):
        shown.begin("read")
        city = _read(options, shown, folder=options.out)
        made = plan_city(city, standards=standards, as_of=as_of, on_stage=shown.begin)
        _check_neighbourhood(made, options.neighbourhood)
        if asked is not None:
            made = proposals.with_proposals(
                made,
                asked,
                standards=standards,
                as_of=as_of,
                on_stage=shown.begin,
                on_part=lambda stage, part: shown.part(f"{stage}.stage.{part}"),
            )
        write_outputs(
            made,
            folder,
            read=city,
            neighbourhood_id=options.neighbourhood,
            with_map=not options.no_map,
            with_document=not options.no_document,
            on_stage=shown.begin,
            on_part=shown.part,
        )
        shown.end()
        outputs = sorted(path.name for path in folder.iterdir())
    whole = {f.id: f for f in made.findings if f.scope == "city"}
    of_projects = {
        name.removeprefix("projects."): f.value
        for name, f in whole.items()
        if name.startswith("projects.")
    }
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "as_of": as_of.isoformat(),
        "out": str(options.out),
        "outputs": {name: str(options.out / name) for name in outputs},
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
        "findings": {
            name: {"value": whole[name].value, "unit": whole[name].unit}
            for name in (*HEADLINES, *PROPOSED)
            if name in HEADLINES or name in whole
        },
        "why_no_project": why_none(of_projects) if of_projects else "",
        "problems": _counts(city.problems),
    }


def check(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin check``: read, and report; nothing else."""
    with stages(("read",), language=options.language) as shown:
        shown.begin("read")
        city = _read(options, shown, folder=options.out)
    outputs = {}
    if options.out is not None:
        with written_aside(options.out, names=READ_ONLY) as folder:
            write_report(city, folder)
        outputs = {name: str(options.out / name) for name in READ_ONLY}
    return {
        "city": city.name_fa,
        "synthetic": city.synthetic,
        "crs": city.crs,
        "layers": {
            name: {"path": source.path, "rows": source.rows, "used": source.used}
            for name, source in city.sources.items()
        },
        "problems": _counts(city.problems),
        "details": [in_short(problem) for problem in city.problems],
        "outputs": outputs,
    }


def town(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin town``: write a synthetic town and its truth."""
    with stages(("town",), language=options.language) as shown, writing(options.out):
        shown.begin("town")
        write_town(
            options.out,
            parcels=options.parcels,
            seed=options.seed,
            on_stage=lambda name: shown.part(f"cli.part.town.{name}"),
        )
    truth = options.out.with_suffix(".truth.json")
    return {
        "synthetic": True,
        "parcels": options.parcels,
        "seed": options.seed,
        "outputs": {path.name: str(path) for path in (options.out, truth)},
        "seconds": {name: round(value, 3) for name, value in shown.seconds.items()},
    }


def _read(options: argparse.Namespace, shown: Stages, *, folder: Path | None) -> City:
    """Read the delivery; where it cannot be used, leave its report in ``folder`` and say so."""
    try:
        return read_city(
            options.city,
            mapping=options.map,
            layers=dict(options.layer),
            formats=options.formats,
            on_stage=shown.part,
        )
    except DeliveryError as error:
        if folder is not None and error.problems:
            with written_aside(folder, names=READ_ONLY) as aside:
                write_reading_report(error.problems, {}, title=options.city.name, folder=aside)
        raise


def _check_neighbourhood(made: CityPlan, neighbourhood_id: str | None) -> None:
    known = list(made.neighbourhoods["neighbourhood_id"])
    if neighbourhood_id is not None and neighbourhood_id not in known:
        raise UsageError("usage.neighbourhood", name=neighbourhood_id, names=known)


def _counts(problems: tuple[Problem, ...]) -> dict[str, int]:
    return {s.value: sum(p.count for p in problems if p.severity is s) for s in Severity}
