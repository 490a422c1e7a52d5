"""What a person reads of the priorities: a table a ranking, its reason, and what to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.cli.said_table import table
from bazafarin.domain.criteria import WorkKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language

RANKED: Final = ("blocks", "neighbourhoods", "works")
_LEAST_SHOWN: Final = 0.001
"""A smaller change of a weight would be written as 0."""
COLUMNS: Final = ("what", "rank", "score", "rank_range", "coverage", "first_acceptability", "swap")
KINDS: Final = tuple(kind.value for kind in WorkKind)
SHOWN: Final = 10
"""So many rows of a ranking are shown where no number was asked for."""


def priority(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what comes first in each ranking, why, and what would change it."""
    method = wording.sentence(f"priority.method.{result['method']}", language)
    yield _said("title", language, city=result["city"], method=method)
    if result["synthetic"]:
        yield wording.text("cli.synthetic", language)
    yield from _situation(result["findings"], language)
    for name in RANKED:
        yield ""
        yield from _ranking(name, result, language)
    if result["method"] == "topsis":
        yield _said("sampled", language)
    seconds = round(sum(result["seconds"].values()), 1)
    yield wording.text("cli.seconds_total", language, seconds=seconds)


def _ranking(name: str, result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say one ranking: how it stands, its rows, and what made the first of them first."""
    found, rows = result["findings"], result[name]
    title = wording.sentence(f"priority.ranked.{name}", language)
    count = found[f"priority.{name}_ranked"]["value"]
    yield _said("heading", language, name=title, count=count)
    answer = found[f"priority.{name}_answer"]["value"]
    if answer != "ranked":
        yield "  " + wording.sentence(f"priority.answer.{answer}", language)
    yield from _of_criteria(name, title, found, language)
    if answer in {"nothing_to_rank", "all_unknown"}:
        return
    shown = rows[: result["top"] or SHOWN]
    titles = [wording.sentence(f"priority.column.{column}", language) for column in COLUMNS]
    yield from table(titles, [_cells(name, row, language) for row in shown], language)
    if count > len(shown):
        yield "  " + _said("more", language, count=count - len(shown))
    first = shown[0]
    if first["leading_criteria"]:
        criteria = _criteria(first["leading_criteria"].split(","), language)
        what = _what(name, first, language)
        yield "  " + _said("reason", language, what=what, rank=first["rank"], criteria=criteria)


def _cells(name: str, row: dict[str, Any], language: Language) -> list[str]:
    def figure(value: object, how: str) -> str:
        return wording.text(f"priority.said.{how}", language, value=value)

    return [
        _what(name, row, language),
        figure(row["rank"], "whole"),
        figure(row["score"], "score"),
        _said("rank_range", language, best=row["rank_best"], worst=row["rank_worst"]),
        figure(row["coverage"], "share"),
        figure(row["first_acceptability"], "share"),
        _swap(row, language),
    ]


def _what(name: str, row: dict[str, Any], language: Language) -> str:
    """Return what a row is called."""
    if name == "blocks":
        return wording.text("priority.said.code", language, value=row["block_id"])
    place = row["name_fa"] or row["neighbourhood_id"]
    if name == "neighbourhoods":
        return wording.text("priority.said.code", language, value=place)
    service = row["service"] and wording.label("service", row["service"], language)
    return wording.text(f"priority.work_name.{row['kind']}", language, place=place, service=service)


def _swap(row: dict[str, Any], language: Language) -> str:
    """Return what lets the next row pass: the criterion and the change of its weight."""
    if row["swap_weight_change"] == 0:
        return _said("equal", language)
    if row["swap_criterion"] is None:
        return _said("no_swap", language)
    (criterion,) = _criteria([row["swap_criterion"]], language)
    if abs(row["swap_weight_change"]) < _LEAST_SHOWN:
        return _said("swap_least", language, criterion=criterion, least=_LEAST_SHOWN)
    return _said("swap", language, criterion=criterion, change=row["swap_weight_change"])


def _of_criteria(name: str, title: str, found: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what of the criteria is known nowhere, and what was done with the weights."""
    unknown = found[f"priority.{name}_unknown_criteria"]
    if unknown["value"]:
        criteria = _criteria(unknown["facts"]["names"], language)
        yield "  " + _said("unknown_criteria", language, name=title, criteria=criteria)
    weights = found[f"priority.{name}_weights_sum"]
    if weights["facts"]["normalised"]:
        yield "  " + _said("normalised", language, name=title, sum=weights["value"])
    ratio = found.get(f"priority.{name}_consistency_ratio")
    if ratio is not None:
        facts = ratio["facts"]
        key = "consistent" if facts["is_consistent"] else "inconsistent"
        yield "  " + _said(key, language, name=title, ratio=ratio["value"], limit=facts["limit"])


def _situation(found: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what makes the rankings say less: nobody, nothing worn-out, needs not known."""
    nobody = found["priority.neighbourhoods_without_people"]["value"]
    if nobody:
        yield _said("nobody", language, count=nobody)
    worn_out = found["priority.worn_out_blocks"]["value"]
    if not worn_out:
        yield _said("worn_out_open" if worn_out is None else "no_worn_out", language)
    for kind in KINDS:
        count = found[f"priority.unknown_{kind}"]["value"]
        if count:
            work = wording.sentence(f"priority.work.{kind}", language)
            yield _said("unknown_need", language, work=work, count=count)


def _criteria(names: list[str], language: Language) -> list[str]:
    return [wording.sentence(f"priority.criterion.{name}", language) for name in names]


def _said(key: str, language: Language, /, **facts: object) -> str:
    return wording.text(f"priority.said.{key}", language, **facts)
