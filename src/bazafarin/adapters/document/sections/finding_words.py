"""What the findings of the chapters on access, priority and projects are called, and say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document.figures import (
    chapter_words,
    finding_text,
    label,
    place_code,
    share,
)

if TYPE_CHECKING:
    from bazafarin.domain.finding import Finding

CHAPTER_TABLES = {
    "access": (
        *("access_services", "access_neighbourhoods", "access_blocks"),
        *("access_capacity", "access_left_out"),
    ),
    "priority": (
        *("priority_blocks", "priority_neighbourhoods", "priority_works", "priority_criteria"),
    ),
    "projects": (
        *("projects", "project_alternatives", "project_budgets", "project_neighbourhoods"),
    ),
}
"""The tables of the chapters that have a topic of their own."""
OF_A_SERVICE = ("within_share", "served", "left_out")
"""What ends the id of a finding of access that is of one service."""
RANKED = ("blocks", "neighbourhoods", "works")


def chapter_title(finding: Finding) -> str | None:
    """Return what a finding of a chapter is called; None for one that is not of a chapter."""
    chapter, _, name = finding.id.partition(".")
    if chapter not in CHAPTER_TABLES:
        return None
    if wording.has(f"document_{chapter}.finding.{name}"):
        return chapter_words(chapter, f"finding.{name}")
    if chapter == "access":
        for what in OF_A_SERVICE:
            service = name.removesuffix(f"_{what}")
            if service != name:
                return chapter_words(chapter, f"finding.{what}", service=label("service", service))
    if chapter == "priority":
        ranked, _, what = name.partition("_")
        if ranked in RANKED and wording.has(f"document_{chapter}.finding.{what}"):
            of = wording.sentence(f"priority.ranked.{ranked}", "fa")
            return chapter_words(chapter, f"finding.{what}", ranked=of)
    return None


def table_title(name: str) -> str | None:
    """Return what a table of a chapter is called; None for one that is not of a chapter."""
    chapter = next((chapter for chapter, names in CHAPTER_TABLES.items() if name in names), None)
    return None if chapter is None else chapter_words(chapter, f"table.{name}")


def value_text(finding: Finding) -> str:
    """Return a finding's figure with its unit; a code of a ranking in words."""
    if finding.id == "priority.method":
        return wording.sentence(f"priority.method.{finding.value}", "fa")
    if finding.id.startswith("priority.") and finding.id.endswith("_answer"):
        return wording.sentence(f"priority.answer.{finding.value}", "fa")
    if finding.id.startswith("priority.") and finding.id.endswith("_first"):
        return _first(finding)
    if finding.id.startswith("priority.") and finding.id.endswith("_weights_sum"):
        return share(finding.value)
    return finding_text(finding)


def _first(finding: Finding) -> str:
    """Return what stands first: a code, or a work by its kind, service and neighbourhood."""
    if finding.value is None:
        return finding_text(finding)
    place, *work = str(finding.value).split(":")
    named = [wording.sentence(f"priority.work.{kind}", "fa") for kind in work[:1]]
    named += [label("service", service) for service in work[1:]]
    return "، ".join([*named, place_code(place)])
