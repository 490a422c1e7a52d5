"""What was delivered, what was mended, what was left out, and what is not known."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document.content import (
    Cell,
    Fact,
    Facts,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import figure, finding_text, label, words
from bazafarin.adapters.persian_text import isolate, jalali
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.subject import Subject
    from bazafarin.domain.problem import Problem

FIGURES = (
    "rows_delivered",
    "rows_used",
    "rows_rejected",
    "mended",
    "unknown_values",
    "notes",
    "facilities_of_no_service",
)
WIDTHS = ("recorded", "measured", "derived", "unknown")
_GRAVEST_FIRST = (Severity.REJECTED, Severity.UNKNOWN, Severity.MENDED, Severity.NOTE)


def quality(subject: Subject) -> Section:
    """Return the section on the data; it is about the delivery as a whole."""
    scope = "city"
    ids = [f"quality.{name}" for name in FIGURES]
    ids += [f"passages.{source}_length_share" for source in WIDTHS]
    found = [subject.finding(name, scope=scope) for name in ids if subject.has(name, scope=scope)]
    rows = tuple(Fact(words(f"finding.{f.id}"), finding_text(f)) for f in found)
    return Section(
        words("section.quality"),
        (
            Paragraph(words("quality.introduction")),
            Facts(words("quality.title"), rows),
            *_sources(subject),
            *_problems(subject.plan.city.problems),
        ),
    )


def _sources(subject: Subject) -> tuple[Content, ...]:
    sources = subject.plan.city.sources
    if not sources:
        return (Paragraph(words("map.source_unknown"), Tone.NOTICE),)
    columns = (
        TableColumn(words("column.layer"), 1.1, is_text=True),
        TableColumn(words("column.file"), 2.4, is_text=True),
        TableColumn(words("column.rows")),
        TableColumn(words("column.used")),
        TableColumn(words("column.crs"), 1.3),
        TableColumn(words("column.dated"), 1.1),
    )
    rows = tuple(
        (
            Cell(label("layer", layer)),
            Cell(isolate(PurePath(source.path).name), isolate(source.layer)),
            Cell(figure(source.rows)),
            Cell(figure(source.used)),
            Cell(isolate(source.crs)),
            Cell(jalali(source.dated)),
        )
        for layer, source in sources.items()
    )
    return (Table(words("quality.sources_title"), columns, rows),)


def _problems(problems: Iterable[Problem]) -> tuple[Content, ...]:
    """Return the table of problems; what is said of several files alike is said once."""
    ordered = sorted(
        (problem for problem in problems if problem.severity in _GRAVEST_FIRST),
        key=lambda problem: (_GRAVEST_FIRST.index(problem.severity), problem.layer, -problem.count),
    )
    if not ordered:
        return (Paragraph(words("quality.no_problem")),)
    columns = (
        TableColumn(words("column.severity"), 1.1, is_text=True),
        TableColumn(words("column.layer"), 1.0, is_text=True),
        TableColumn(words("column.problem"), 4.0, is_text=True),
        TableColumn(words("column.count"), 0.7),
    )
    counts: dict[tuple[str, str, str], int] = {}
    for problem in ordered:
        told = (str(problem.severity), problem.layer, _sentence(problem))
        counts[told] = counts.get(told, 0) + problem.count
    rows = tuple(
        (
            Cell(label("severity", severity)),
            Cell(label("layer", layer)),
            Cell(sentence),
            Cell(figure(count)),
        )
        for (severity, layer, sentence), count in counts.items()
    )
    return (Table(words("quality.problems_title"), columns, rows),)


def _sentence(problem: Problem) -> str:
    """Return what a reader is told; a code that has no sentence yet stands as it is."""
    told = wording.has(f"problems.{problem.code}") or wording.has(problem.code)
    return wording.problem_text(problem, "fa") if told else isolate(problem.code)
