"""How it was computed, in brief, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Paragraph, Section, Signatures
from bazafarin.adapters.document.figures import chapter_words, words

if TYPE_CHECKING:
    from bazafarin.adapters.document.subject import Subject

STEPS = ("blocks", "passages", "indices", "worn_out", "unknown", "boundary", "services")
ROLES = ("prepared", "checked", "approved")
LINES = ("name", "position", "date", "signature")


def method(subject: Subject) -> Section:
    """Return the method, a paragraph a step; of proposals only where the plan has them."""
    steps = [words(f"method.{step}") for step in STEPS]
    proposed = subject.plan.proposals
    if proposed is not None:
        chapters = ("access", "priority", *(() if proposed.projects is None else ("projects",)))
        steps += [chapter_words(chapter, "method.step") for chapter in chapters]
    return Section(words("section.method"), tuple(map(Paragraph, steps)))


def signatures() -> Section:
    """Return the boxes that the office signs."""
    return Section(
        words("section.signatures"),
        (
            Paragraph(words("signatures.statement")),
            Signatures(
                tuple(words(f"signatures.{role}") for role in ROLES),
                tuple(words(f"signatures.line.{line}") for line in LINES),
            ),
        ),
        is_whole=True,
    )
