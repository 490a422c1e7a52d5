"""Everything that a plan is given out as, written into one folder: the same for every asker.

The command line and the web site both call ``write_outputs``, so that their files never differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.adapters import plan_files
from bazafarin.adapters.document import write_document
from bazafarin.adapters.plan_workbook import plan_workbook_written
from bazafarin.adapters.reading_report import write_reading_report
from bazafarin.adapters.web_map import write_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bazafarin.domain.city import City
    from bazafarin.studies.city_plan import CityPlan

STAGES: Final = ("tables", "map", "document", "workbook")
"""The stages that ``on_stage`` is told of, in order."""
HEADLINES: Final = (
    "identity.parcels",
    "identity.blocks",
    "identity.population",
    "worn_out_fabric.blocks",
    "worn_out_fabric.area_m2",
    "worn_out_fabric.blocks_depending_on_unknown",
    "boundary.proposed_area_m2",
    "quality.rows_rejected",
)
"""The findings that are told first when a plan is done."""
PROPOSED: Final = (
    "projects.chosen",
    "projects.people_served",
    "projects.municipal_rial",
    "projects.state_rial",
    "projects.gap",
)
"""Those of the proposals, where driver projects were asked for."""


def write_outputs(  # noqa: PLR0913 - the plan, where to, which parts, and who is told
    plan: CityPlan,
    folder: Path,
    *,
    read: City,
    neighbourhood_id: str | None = None,
    with_map: bool = True,
    with_document: bool = True,
    on_stage: Callable[[str], None] = lambda _: None,
    on_part: Callable[[str], None] = lambda _: None,
) -> None:
    """Write tables, findings, reading report, map and document of ``plan`` into ``folder``.

    Args:
        plan: what was found.
        folder: where the files of ``plan_folder.PLAN_FILES`` go.
        read: the city as it was read, before anything was derived: its report is written.
        neighbourhood_id: map and document are of this neighbourhood alone.
        with_map: whether the map is written.
        with_document: whether the document is written.
        on_stage: told the name of each stage of ``STAGES`` as it begins.
        on_part: told the wording key of each part of the document.
    """
    on_stage("tables")
    with plan_workbook_written(plan, folder / "plan.xlsx"):
        plan_files.write_geopackage(plan, folder / "plan.gpkg")
        plan_files.write_findings(plan, folder / "findings.json")
        write_report(read, folder)
        if with_map:
            on_stage("map")
            write_map(plan, folder / "map.html", neighbourhood_id=neighbourhood_id)
        if with_document:
            on_stage("document")
            write_document(
                plan,
                folder / "document.pdf",
                neighbourhood_id=neighbourhood_id,
                on_stage=lambda name: on_part(f"cli.part.document.{name}"),
            )
        on_stage("workbook")


def write_report(city: City, folder: Path) -> None:
    """Write the reading report of a city that was read into ``folder``."""
    write_reading_report(
        city.problems, city.sources, title=city.name_fa, folder=folder, synthetic=city.synthetic
    )
