"""The few figures that a hurried reader takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Fact, Highlights, Paragraph, Section, Tone
from bazafarin.adapters.document.figures import coverage_note, finding_text, with_unit, words

if TYPE_CHECKING:
    from bazafarin.adapters.document.subject import Subject

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
    notice = (words("summary.synthetic"),) if subject.plan.city.synthetic else ()
    return Section(
        words("section.summary"),
        (
            *(Paragraph(text, Tone.NOTICE) for text in notice),
            Highlights(cards),
            *(Paragraph(line) for line in lines),
        ),
    )


def _card(subject: Subject, finding_id: str) -> Fact:
    finding = subject.finding(finding_id)
    return Fact(
        words(f"finding.{finding_id}"), finding_text(finding), coverage_note(finding.coverage)
    )
