"""Every finding of the document's scope, and the rules that it stands on."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document.content import Cell, Paragraph, Section, Table, TableColumn, Tone
from bazafarin.adapters.document.figures import (
    is_unknown,
    label,
    rule_value,
    share,
    words,
)
from bazafarin.adapters.document.sections.finding_words import (
    CHAPTER_TABLES,
    chapter_title,
    table_title,
    value_text,
)
from bazafarin.adapters.persian_text import isolate, jalali, number

if TYPE_CHECKING:
    from bazafarin.adapters.document.subject import Subject
    from bazafarin.domain.finding import Citation, Finding

REPORTED = "S2"
"""The mark of a value that a secondary source reports."""
SHOWN_TABLES = (
    *("blocks", "services", "neighbourhoods", "boundary_changes", "sensitivity"),
    *(name for names in CHAPTER_TABLES.values() for name in names),
)


def evidence(subject: Subject) -> Section:
    """Return the table of findings and the table of the rules they name by number."""
    rules = _numbered_rules(subject)
    return Section(
        words("section.evidence"),
        (
            Paragraph(words("evidence.how_to_read")),
            _findings_table(subject, rules),
            _tables_table(subject, rules),
            _rules_table(subject, rules),
            Paragraph(words("evidence.certainty"), Tone.NOTE),
        ),
        on_new_page=True,
    )


def _numbered_rules(subject: Subject) -> dict[str, int]:
    """Return the number of each rule that the document stands on, in order of appearance."""
    plan = subject.plan
    named = [rule for finding in subject.findings() for rule in finding.rules]
    for name in SHOWN_TABLES:
        if name in plan.tables:
            named += [
                rule for column in plan.tables[name].columns.values() for rule in column.rules
            ]
    cited = [rule for rule in dict.fromkeys(named) if rule in plan.citations]
    return {rule: at for at, rule in enumerate(cited, start=1)}


def _numbers(rules: tuple[str, ...], numbered: dict[str, int]) -> str:
    """Return the numbers of the rules, runs of three and more as «۱ تا ۵»."""
    found = sorted({numbered[rule] for rule in rules if rule in numbered})
    # Numbers of one run share the difference between themselves and their place.
    runs = [[at for _, at in run] for _, run in groupby(enumerate(found), lambda p: p[1] - p[0])]
    return "، ".join(_run(run) for run in runs) or words("evidence.no_rule")


def _run(numbers: list[int]) -> str:
    if len(numbers) <= 2:  # noqa: PLR2004 - two numbers are shorter than their range
        return "، ".join(number(at) for at in numbers)
    return words("range", low=number(numbers[0]), high=number(numbers[-1]))


def _findings_table(subject: Subject, rules: dict[str, int]) -> Table:
    columns = (
        TableColumn(words("column.finding"), 2.4, is_text=True),
        TableColumn(words("column.value"), 1.4),
        TableColumn(words("column.coverage"), 0.8),
        TableColumn(words("column.rules"), 1.1),
        TableColumn(words("column.finding_id"), 3.0),
    )
    rows = tuple(
        (
            Cell(finding_title(finding)),
            Cell(value_text(finding)),
            Cell("–" if is_unknown(finding.coverage) else share(finding.coverage)),
            Cell(_numbers(finding.rules, rules)),
            Cell("", isolate(finding.id)),
        )
        for finding in subject.findings()
    )
    return Table(words("evidence.findings_title"), columns, rows)


def finding_title(finding: Finding) -> str:
    """Return what a finding is called; a service's total is named by its service and column."""
    family, *path = finding.id.split(".")
    if family == "services":
        service, column = path
        return words(
            "evidence.service", service=label("service", service), what=words(f"column.{column}")
        )
    if (title := chapter_title(finding)) is not None:
        return title
    key = f"finding.{finding.id}"
    return words(key) if wording.has(f"document.{key}") else isolate(finding.id)


def _tables_table(subject: Subject, rules: dict[str, int]) -> Table:
    tables = subject.plan.tables
    rows = tuple(
        (
            Cell(table_title(name) or words(f"table.{name}")),
            Cell(
                _numbers(
                    tuple(r for column in tables[name].columns.values() for r in column.rules),
                    rules,
                )
            ),
        )
        for name in SHOWN_TABLES
        if name in tables
    )
    columns = (
        TableColumn(words("column.table"), 1.4, is_text=True),
        TableColumn(words("column.rules"), 3.0),
    )
    return Table(words("evidence.tables_title"), columns, rows)


def _rules_table(subject: Subject, rules: dict[str, int]) -> Table:
    citations = subject.plan.citations
    columns = (
        TableColumn(words("column.number"), 0.5),
        TableColumn(words("column.rule"), 2.2, is_text=True),
        TableColumn(words("column.rule_value"), 1.7, is_text=True),
        TableColumn(words("column.instrument"), 3.0, is_text=True),
        TableColumn(words("column.valid_from"), 1.1),
        TableColumn(words("column.certainty"), 1.5, is_text=True),
    )
    rows = tuple(_rule_row(at, citations[rule]) for rule, at in rules.items())
    return Table(words("evidence.rules_title"), columns, rows)


def _rule_row(at: int, citation: Citation) -> tuple[Cell, ...]:
    clause = citation.clause or wording.text("units.not_read", "fa")
    return (
        Cell(number(at)),
        Cell(citation.title_fa, isolate(citation.rule_id)),
        Cell(rule_value(citation.value, citation.unit)),
        Cell(citation.instrument, clause),
        Cell(jalali(citation.valid_from)),
        Cell(_certainty(citation), words("evidence.by_city") if citation.set_by_city else ""),
    )


def _certainty(citation: Citation) -> str:
    if citation.is_verified:
        short = "reported" if citation.certainty == REPORTED else "verified"
        return wording.text(f"units.certainty_short.{short}", "fa")
    return wording.text("units.certainty_short.mark", "fa", certainty=citation.certainty)
