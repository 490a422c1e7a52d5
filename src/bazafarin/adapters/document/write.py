"""Write the regeneration document (سند بازآفرینی) of a plan."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bazafarin.adapters.brand import brand
from bazafarin.adapters.document.content import Fact
from bazafarin.adapters.document.drawings import Drawings
from bazafarin.adapters.document.figures import words
from bazafarin.adapters.document.sections.access import access
from bazafarin.adapters.document.sections.block_table import block_table
from bazafarin.adapters.document.sections.boundary import boundary
from bazafarin.adapters.document.sections.evidence import evidence
from bazafarin.adapters.document.sections.fabric import fabric
from bazafarin.adapters.document.sections.identity import identity
from bazafarin.adapters.document.sections.method import method, signatures
from bazafarin.adapters.document.sections.neighbourhoods import neighbourhoods
from bazafarin.adapters.document.sections.priority import priority
from bazafarin.adapters.document.sections.projects import projects
from bazafarin.adapters.document.sections.quality import quality
from bazafarin.adapters.document.sections.services import services
from bazafarin.adapters.document.sections.summary import summary
from bazafarin.adapters.document.subject import Subject
from bazafarin.adapters.document.typesetting import typeset, write_data
from bazafarin.adapters.persian_text import jalali
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.adapters.document.content import Section
    from bazafarin.studies.city_plan import CityPlan

STAGES = ("content", "drawings", "pages")
"""The stages that ``on_stage`` is told of, in order."""
PAGE_WORDS = (
    "contents", "synthetic", "watermark", "table", "map", "chart", "legend", "north",
)  # fmt: skip


def write_document(
    plan: CityPlan,
    path: Path,
    *,
    neighbourhood_id: str | None = None,
    on_stage: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the plan's document into ``path`` (PDF).

    Without ``neighbourhood_id`` it is the office's document of the whole delivery, with each
    neighbourhood at a glance; with it, that neighbourhood's own. What stood at ``path``
    stays until the new document is whole.

    Raises:
        RenderingError: a finding or rule is missing, the neighbourhood is not there, or the
            pages cannot be set.
        OutputError: the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="bazafarin-") as name:
        folder = Path(name)
        on_stage("content")
        drawings = Drawings(Subject(plan, neighbourhood_id), folder)
        write_data(document_data(drawings), folder)
        on_stage("drawings")
        drawings.draw()
        on_stage("pages")
        pages = typeset(folder)
    _write_aside(pages, path)


def document_data(drawings: Drawings) -> dict[str, object]:
    """Return everything the templates set: words, figures, tables, and the pictures' names."""
    subject = drawings.subject
    plan = subject.plan
    return {
        "title": subject.title,
        "brand": {
            "colour": brand().colour,
            "ramp": brand().ramp,
            "type": brand().type,
        },
        "day": [plan.as_of.year, plan.as_of.month, plan.as_of.day],
        "as_of": words("page.as_of", day=jalali(plan.as_of)),
        "synthetic": plan.city.synthetic,
        "page_number": words("page.number", page="PAGE", pages="PAGES"),
        "words": {name: words(f"page.{name}") for name in PAGE_WORDS},
        "cover": _cover(subject),
        "sections": _sections(subject, drawings),
    }


def _sections(subject: Subject, drawings: Drawings) -> list[Section]:
    in_city = [neighbourhoods(subject, drawings)] if subject.is_city else []
    return [
        summary(subject),
        identity(subject, drawings),
        fabric(subject, drawings),
        block_table(subject),
        boundary(subject, drawings),
        services(subject, drawings),
        *in_city,
        *_proposals(subject, drawings),
        evidence(subject),
        quality(subject),
        method(subject),
        signatures(),
    ]


def _proposals(subject: Subject, drawings: Drawings) -> tuple[Section, ...]:
    """Return the chapters of what to do first; none where the plan was not asked for it."""
    proposed = subject.plan.proposals
    if proposed is None:
        return ()
    return (
        access(subject, proposed.access, drawings),
        priority(subject, proposed.priority, proposed.scenario, drawings),
        *projects(subject, proposed, drawings),
    )


def _cover(subject: Subject) -> dict[str, object]:
    plan = subject.plan
    place = [Fact(words("cover.city"), plan.city.name_fa)]
    if not subject.is_city:
        place.append(Fact(words("cover.neighbourhood"), subject.place))
    parcels = plan.city.sources.get("parcels")
    return {
        "office": words("cover.office"),
        "kind": words("document_kind"),
        "basis": words("cover.basis"),
        "facts": [
            *place,
            Fact(words("cover.as_of"), jalali(plan.as_of)),
            Fact(words("cover.data_date"), jalali(parcels.dated if parcels else None)),
        ],
        "synthetic_title": words("cover.synthetic_title"),
        "synthetic": words("cover.synthetic"),
    }


def _write_aside(pages: bytes, path: Path) -> None:
    """Write beside ``path`` first, then rename, so that no half document is ever there."""
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(pages)
        os.replace(aside, path)  # noqa: PTH105 - replaces what is there on every system
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise OutputError(
            "document.not_written", path=str(path), reason=error.strerror or str(error)
        ) from error
