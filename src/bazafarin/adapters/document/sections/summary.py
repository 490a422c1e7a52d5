"""The few figures that a hurried reader takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Fact, Highlights, Paragraph, Section, Tone
from bazafarin.adapters.document.figures import (
    chapter_words,
    coverage_note,
    finding_text,
    milliards,
    with_unit,
    words,
)
from bazafarin.adapters.document.sections.services import shortage
from bazafarin.adapters.document.subject import neighbourhood_name
from bazafarin.adapters.persian_text import isolate

if TYPE_CHECKING:
    from bazafarin.adapters.document.subject import Subject

MOST_NAMED = 3
"""How many neighbourhoods of the most worn-out land are named."""
REVISION = {
    "before": "boundary.approved_area_m2",
    "after": "boundary.proposed_area_m2",
    "added": "boundary.added_blocks",
    "added_area": "boundary.added_area_m2",
    "removed": "boundary.removed_blocks",
    "removed_area": "boundary.removed_area_m2",
    "kept": "boundary.kept_blocks",
}
HIGHLIGHTS = (
    "worn_out_fabric.blocks",
    "worn_out_fabric.area_m2",
    "worn_out_fabric.area_share",
    "worn_out_fabric.population",
)


def summary(subject: Subject) -> Section:
    """Return the summary: four figures and what they rest on."""
    cards = tuple(_card(subject, finding_id) for finding_id in HIGHLIGHTS)
    blocks = subject.finding("worn_out_fabric.blocks")
    area = subject.finding("worn_out_fabric.area_m2")
    open_blocks = subject.finding("worn_out_fabric.blocks_depending_on_unknown")
    lines = [
        words(
            "summary.worn_out" if blocks.value else "summary.nothing_worn_out",
            place=subject.place,
            blocks=blocks.value,
            all_blocks=subject.finding("identity.blocks").value,
            area=with_unit(area.value, "m2"),
        )
    ]
    if open_blocks.value:
        lines.append(words("summary.open", blocks=open_blocks.value))
    lines += [*_where(subject), *_revision(subject), shortage(subject), *_projects(subject)]
    notice = (words("summary.synthetic"),) if subject.plan.city.synthetic else ()
    return Section(
        words("section.summary"),
        (
            *(Paragraph(text, Tone.NOTICE) for text in notice),
            Highlights(cards),
            *(Paragraph(line) for line in lines),
        ),
    )


def _where(subject: Subject) -> tuple[str, ...]:
    """Return which neighbourhoods hold most worn-out land."""
    rows = subject.here[subject.here["worn_out_area_m2"] > 0]
    if not subject.is_city or len(subject.here) <= MOST_NAMED or rows.empty:
        return ()
    worst = rows.nlargest(MOST_NAMED, "worn_out_area_m2")
    listed = "؛ ".join(
        f"{isolate(neighbourhood_name(row))} {with_unit(row['worn_out_area_m2'], 'm2')}"
        for _, row in worst.iterrows()
    )
    return (words("summary.where", neighbourhoods=listed),)


def _revision(subject: Subject) -> tuple[str, ...]:
    """Return how the approved boundary changes."""
    if not all(subject.has(name) for name in REVISION.values()):
        return ()
    figures = {fact: finding_text(subject.finding(name)) for fact, name in REVISION.items()}
    return (words("summary.revision", **figures),)


def _projects(subject: Subject) -> tuple[str, ...]:
    """Return what the proposed projects do, where there are some."""
    found = {
        finding.id.removeprefix("projects."): finding.value
        for finding in subject.plan.findings
        if finding.id.startswith("projects.")
    }
    if not found.get("chosen"):
        return ()
    facts = {"budget": milliards(found["budget_rial"]), "people": found["people_served"]}
    return (chapter_words("projects", "summary", chosen=found["chosen"], **facts),)


def _card(subject: Subject, finding_id: str) -> Fact:
    finding = subject.finding(finding_id)
    return Fact(
        words(f"finding.{finding_id}"), finding_text(finding), coverage_note(finding.coverage)
    )
