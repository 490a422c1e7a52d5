"""The reading report: everything found in a delivery, row by row, in Persian and English.

``reading_report.html`` opens from disk without a network; ``reading_report.json`` lists the
same problems with all their rows.
"""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand, font_faces
from bazafarin.adapters.delivery.ledger import rejected_table
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from bazafarin.adapters.wording import Language
    from bazafarin.domain.city import LayerSource
    from bazafarin.domain.problem import Problem

ROWS_SHOWN: Final = 200
"""So many rows of one problem stand in the page, which says so; a browser must open it."""

_ORDER: Final = (
    Severity.FATAL,
    Severity.REJECTED,
    Severity.UNKNOWN,
    Severity.MENDED,
    Severity.NOTE,
)


def write_reading_report(
    problems: Sequence[Problem],
    sources: Mapping[str, LayerSource],
    *,
    title: str,
    folder: Path,
    synthetic: bool = False,
) -> tuple[Path, Path]:
    """Write the report as HTML and JSON into ``folder`` and return the two paths.

    Args:
        problems: what was found (``City.problems`` or a ``DeliveryError``'s).
        sources: where each layer came from; empty where reading did not get so far.
        title: the name of the city or of what was delivered.
        folder: an existing folder.
        synthetic: whether the city is made up, which the page then says.
    """
    ordered = sorted(problems, key=lambda problem: _ORDER.index(problem.severity))
    page = folder / "reading_report.html"
    data = folder / "reading_report.json"
    content = _page(ordered, sources, title, synthetic=synthetic)
    page.write_text(content, encoding="utf-8")
    document = {
        "title": title,
        "synthetic": synthetic,
        "sources": {name: _source(source) for name, source in sources.items()},
        "problems": [_in_full(problem) for problem in ordered],
    }
    data.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return page, data


def _source(source: LayerSource) -> dict[str, Any]:
    return {
        "path": source.path,
        "layer": source.layer,
        "rows": source.rows,
        "used": source.used,
        "crs": source.crs,
        "dated": source.dated.isoformat() if source.dated else None,
    }


def in_short(problem: Problem) -> dict[str, Any]:
    """Return what a problem is, where, and of how many rows."""
    return {
        "code": problem.code,
        "layer": problem.layer,
        "severity": problem.severity.value,
        "field": problem.field,
        "count": problem.count,
    }


def _in_full(problem: Problem) -> dict[str, Any]:
    return in_short(problem) | {
        "text": {language: wording.problem_text(problem, language) for language in ("fa", "en")},
        "rows": list(problem.rows),
        "values": list(problem.values),
        "facts": {name: _plain(fact) for name, fact in problem.facts.items()},
    }


def _plain(fact: object) -> object:
    return fact if isinstance(fact, (str, int, float, bool)) or fact is None else str(fact)


def _page(
    problems: Sequence[Problem],
    sources: Mapping[str, LayerSource],
    title: str,
    *,
    synthetic: bool,
) -> str:
    template = Template(
        (files("bazafarin.adapters") / "reading_report.html").read_text(encoding="utf-8")
    )
    sections = "\n".join(_section(problem) for problem in problems)
    colours = {f"colour_{name}": colour for name, colour in brand().colour.items()}
    return template.substitute(
        colours,
        title=escape(wording.text("reading.report.title", "fa", title=title)),
        fonts=font_faces(),
        synthetic=f'<p class="synthetic">{_both("cli.synthetic")}</p>' if synthetic else "",
        outcomes=_outcomes(problems),
        heading=_both("reading.report.title", title=title),
        summary=_summary(problems, sources) if sources else "",
        sources=_sources_table(sources) if sources else "",
        problems=f"<h2>{_both('reading.report.problems')}</h2>\n{sections}"
        if sections
        else f"<p>{_both('reading.report.nothing')}</p>",
    )


def _both(key: str, **facts: object) -> str:
    """Return a sentence in Persian with the English one beside it."""
    return _pair(*(wording.text(key, language, **facts) for language in ("fa", "en")))


def _pair(persian: str, english: str) -> str:
    return (
        f'<span class="fa">{escape(persian)}</span>'
        f' <span class="en" lang="en" dir="ltr">{escape(english)}</span>'
    )


def _summary(problems: Sequence[Problem], sources: Mapping[str, LayerSource]) -> str:
    rejected = rejected_table(problems)[["layer", "row"]].drop_duplicates()
    # Streets found among the parcels are counted there, not again as their own layer.
    delivered = [source for name, source in sources.items() if not _is_derived(name, sources)]
    rows = sum(source.rows for source in delivered)
    used = sum(source.used for source in delivered)
    sentence = _both("reading.report.summary", rows=rows, used=used, rejected=len(rejected))
    return f"<p>{sentence}</p>"


def _outcomes(problems: Sequence[Problem]) -> str:
    """Return how many kinds of trouble ended in which way, the gravest first."""
    counts = {s: sum(problem.severity is s for problem in problems) for s in _ORDER}
    items = (
        f'<li class="{severity.value}">{_both(f"reading.severity.{severity.value}")}'
        f" {_figure(count)}</li>"
        for severity, count in counts.items()
        if count
    )
    return f'<ul class="outcomes">{"".join(items)}</ul>' if problems else ""


def _is_derived(name: str, sources: Mapping[str, LayerSource]) -> bool:
    parcels = sources.get("parcels")
    return (
        name == "carriageways"
        and parcels is not None
        and (sources[name].path, sources[name].layer) == (parcels.path, parcels.layer)
    )


def _sources_table(sources: Mapping[str, LayerSource]) -> str:
    heads = ("layer", "file", "delivered", "used", "crs", "dated")
    head = "".join(f"<th>{_both(f'reading.report.{name}')}</th>" for name in heads)
    rows = "".join(_source_row(name, source) for name, source in sources.items())
    return (
        f"<h2>{_both('reading.report.sources')}</h2>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _source_row(name: str, source: LayerSource) -> str:
    cells = (
        _layer_name(name),
        _code(source.path),
        _figure(source.rows),
        _figure(source.used),
        _code(source.crs),
        _figure(source.dated),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _section(problem: Problem) -> str:
    severity = problem.severity.value
    told = _pair(*(wording.problem_text(problem, language) for language in ("fa", "en")))
    return (
        f'<section class="{severity}"><h3><b class="outcome">'
        f"{_both(f'reading.severity.{severity}')}</b> {_layer_name(problem.layer)}</h3>"
        f"<p>{told}</p>{_rows(problem)}</section>"
    )


def _rows(problem: Problem) -> str:
    if not problem.rows:
        return ""
    shown = problem.rows[:ROWS_SHOWN]
    has_values = bool(problem.values)
    heads = ["row", "value"] if has_values else ["row"]
    head = "".join(f"<th>{_both(f'reading.report.{name}')}</th>" for name in heads)
    capped = (
        f"<p>{_both('reading.report.capped', shown=len(shown), count=problem.count)}</p>"
        if len(shown) < problem.count
        else ""
    )
    body = "".join(_row_cells(shown, problem.values if has_values else ()))
    summary = _both("reading.report.rows", count=problem.count)
    return (
        f"<details><summary>{summary}</summary>{capped}"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )


def _row_cells(rows: Sequence[int], values: Sequence[str]) -> Iterable[str]:
    for place, row in enumerate(rows):
        value = f"<td>{_code(values[place])}</td>" if values else ""
        yield f"<tr><td>{_code(str(row))}</td>{value}</tr>"


def _layer_name(name: str) -> str:
    key = f"reading.layer.{name}"
    return _both(key) if wording.has(key) else _code(name)


def _code(text: str) -> str:
    """Return a file's own text, kept in its own direction inside the Persian page."""
    return f"<bdi>{escape(text)}</bdi>"


def _figure(value: object) -> str:
    return f"<bdi>{escape(_written(value, 'fa'))}</bdi>"


def _written(value: object, language: Language) -> str:
    return wording.text("reading.report.figure", language, value=value)
