"""How it was computed, in brief, and who signs."""

from __future__ import annotations

from bazafarin.adapters.document.content import Paragraph, Section, Signatures
from bazafarin.adapters.document.figures import words

STEPS = ("blocks", "passages", "indices", "worn_out", "unknown", "boundary", "services")
ROLES = ("prepared", "checked", "approved")
LINES = ("name", "position", "date", "signature")


def method() -> Section:
    """Return the method, a paragraph a step."""
    return Section(
        words("section.method"), tuple(Paragraph(words(f"method.{step}")) for step in STEPS)
    )


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
