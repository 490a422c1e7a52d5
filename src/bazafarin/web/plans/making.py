"""A plan made: the city read from its edition, studied, written to files and to the tables.

Files are written aside and moved at the end, rows are seen by nobody before the plan is done,
and whoever stops it in the middle leaves what ``discard`` removes.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from bazafarin.adapters.document import write_document
from bazafarin.adapters.plan_folder import written_aside
from bazafarin.adapters.plan_outputs import STAGES as OUTPUT_STAGES
from bazafarin.adapters.plan_outputs import write_outputs
from bazafarin.domain.errors import StandardsError
from bazafarin.standards import Standards
from bazafarin.studies import proposals
from bazafarin.studies.plan_city import STAGES as PLAN_STAGES
from bazafarin.studies.plan_city import plan_city
from bazafarin.web.audit.record import record
from bazafarin.web.places.loading import load
from bazafarin.web.places.models import Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.plans.edition_city import city_as_of
from bazafarin.web.plans.models import AreaResult, BlockResult, Plan, PlanState
from bazafarin.web.plans.results import results_of
from bazafarin.web.plans.scenario_json import scenario_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.web.plans.results import Results

STAGES: Final = tuple(
    f"cli.stage.{name}"
    for name in ("read", *PLAN_STAGES, *proposals.STAGES, *OUTPUT_STAGES)
)  # fmt: skip
"""The stages that ``on_stage`` is told of, in order: the same words as on the command line."""

DIAGNOSIS: Final = "diagnosis.pdf"
"""The document of a plan with proposals without them."""


def make(plan: Plan, *, on_stage: Callable[[str], None]) -> None:
    """Make a plan that was asked for, and let it be seen when it is whole."""

    def tell(name: str) -> None:
        on_stage(f"cli.stage.{name}")

    tell("read")
    standards = standards_of(plan.standards, plan.standards_name)
    city = city_as_of(plan.city, plan.edition_number)
    found = plan_city(city, standards=standards, as_of=plan.as_of, on_stage=tell)
    made = found
    if plan.scenario is not None:
        made = proposals.with_proposals(
            found,
            scenario_of(plan.scenario),
            standards=standards,
            as_of=plan.as_of,
            on_stage=tell,
        )
    plan.folder.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(plan.folder) as folder:
        write_outputs(made, folder, read=city, on_stage=tell)
        if made is not found:
            # the chapters of proposals are not for everybody who may read what was found
            write_document(found, folder / DIAGNOSIS)
    _keep(plan, results_of(made, _neighbourhoods(plan)))


def discard(plan: Plan) -> None:
    """Remove everything of a plan that is not done, but for that it was asked for."""
    plan.blocks.all().delete()
    plan.areas.all().delete()
    shutil.rmtree(plan.folder, ignore_errors=True)
    # what a process that was killed had written aside
    for aside in plan.folder.parent.glob(f".{plan.folder.name}-*"):
        shutil.rmtree(aside, ignore_errors=True)


def standards_of(text: str, name: str) -> Standards:
    """Return the national rules, with those of a city's file before them where it has one.

    Raises:
        StandardsError: something in the file is wrong; it is named as it was sent.
    """
    national = Standards.national()
    if not text:
        return national
    with tempfile.TemporaryDirectory(prefix="bazafarin-") as folder:
        path = Path(folder) / "standards.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return national.with_city(path)
        except StandardsError as error:
            if "file" in error.facts:
                error.facts["file"] = name
            raise


def _neighbourhoods(plan: Plan) -> dict[str, int]:
    places = Place.objects.filter(
        path__startswith=plan.city.place.path, kind=PlaceKind.NEIGHBOURHOOD
    )
    return dict(places.values_list("code", "pk"))


def _keep(plan: Plan, results: Results) -> None:
    """Write the rows, then let the plan be seen."""
    load(BlockResult, results.blocks.assign(plan_id=plan.pk))
    with transaction.atomic():
        AreaResult.objects.bulk_create(
            [AreaResult(plan=plan, **area) for area in results.areas], batch_size=500
        )
        plan.headline = results.headline
        plan.citations = results.citations
        plan.rules_of_figures = results.rules_of_figures
        plan.proposals = results.proposals
        plan.has_small_groups = results.has_small_groups
        plan.state = PlanState.DONE
        plan.ended_at = timezone.now()
        plan.save()
        record(
            "plan.done", by=None, subject_kind="plan", subject_id=plan.pk,
            place_path=plan.city.place.path, after={"identity": plan.identity},
        )  # fmt: skip
