"""What a person reads of driver projects: the choice, its proof, what comes next, the budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.adapters.persian_text import percent
from bazafarin.cli.said_table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bazafarin.adapters.wording import Language

MILLIARD: Final = 10**9
MILLION: Final = 10**6
_OF_CHOICE: Final = (
    *("site", "rank", "service", "neighbourhood", "kind", "land", "people"),
    *("municipal", "state", "loss"),
)
_OF_OTHERS: Final = ("site", "service", "neighbourhood", "land", "gain", "municipal", "obstacle")
_OF_BUDGETS: Final = ("budget", "projects", "people", "rial_a_person", "proof")


def projects(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say what is chosen and why it is the best, what comes next, and what more money buys."""
    yield _said("title", language, city=result["city"], milliard=_milliard(result["budget_rial"]))
    if result["synthetic"]:
        yield wording.text("cli.synthetic", language)
    found = {name.removeprefix("projects."): f["value"] for name, f in result["findings"].items()}
    if found["people_unserved"] is not None:
        yield _said("unserved", language, people=round(found["people_unserved"]))
    if found["services_unknown"]:
        yield _said("services_unknown", language, count=found["services_unknown"])
    yield _said(
        "sites",
        language,
        sites=found["sites"],
        without_price=found["sites_without_price"],
        not_weighed=found["sites_not_weighed"],
    )
    yield ""
    yield from _choice(result, found, language)
    if result["alternatives"]:
        yield ""
        yield _said("alternatives", language)
        yield from _others(result, language)
    if result["projects"]:
        yield ""
        yield _said("curve", language)
        yield from _budgets(result["budgets"], language)
    seconds = round(sum(result["seconds"].values()), 1)
    yield wording.text("cli.seconds_total", language, seconds=seconds)


def why_none(found: Mapping[str, Any]) -> str:
    """Return, of the city's findings on its projects, why there is none; empty where there is."""
    if found["people_unserved"] is None:
        return "unknown"
    if not found["is_feasible"]:
        return "infeasible"
    if found["chosen"] is None:
        return "undecided"
    if not found["sites"]:
        return "no_site"
    if not found["people_unserved"]:
        return "nobody"
    return "" if found["chosen"] else "nothing"


def _choice(result: dict[str, Any], found: dict[str, Any], language: Language) -> Iterator[str]:
    if reason := why_none(found):
        yield _said(reason, language)
        return
    yield _said(
        "served",
        language,
        projects=found["chosen"],
        people=round(found["people_served"]),
        municipal=_milliard(found["municipal_rial"]),
        state=_milliard(found["state_rial"]),
    )
    yield _said("proof", language, gap=percent(found["gap"], decimals=2, language=language))
    rows = [
        [
            row["site_id"].split("+")[0] + ("+" if "+" in row["site_id"] else ""),
            _number(row["rank"], language),
            *_place(row, result, language),
            wording.sentence(f"projects.kind.{row['kind']}", language),
            _number(round(row["land_m2"]), language),
            _number(round(row["people_served"]), language),
            _number(_milliard(row["municipal_rial"]), language),
            _number(_milliard(row["state_rial"]), language),
            _number(_whole(row["loss_without"]), language),
        ]
        for row in result["projects"]
    ]
    yield from _table(_OF_CHOICE, rows, language)


def _others(result: dict[str, Any], language: Language) -> Iterator[str]:
    rows = [
        [
            row["site_id"].split("+")[0] + ("+" if "+" in row["site_id"] else ""),
            *_place(row, result, language),
            _number(round(row["land_m2"]), language),
            _number(round(row["gain"]), language),
            _number(_milliard(row["municipal_rial"]), language),
            wording.sentence(f"projects.obstacle.{row['obstacle']}", language),
        ]
        for row in result["alternatives"]
    ]
    yield from _table(_OF_OTHERS, rows, language)


def _budgets(budgets: list[dict[str, Any]], language: Language) -> Iterator[str]:
    rows = [
        [
            _number(_milliard(row["budget_rial"]), language),
            _number(row["projects"], language),
            _number(round(row["people_served"]), language),
            _number(
                None if row["rial_a_person"] is None else round(row["rial_a_person"] / MILLION),
                language,
            ),
            percent(row["gap"], decimals=2, language=language),
        ]
        for row in budgets
    ]
    yield from _table(_OF_BUDGETS, rows, language)


def _place(row: dict[str, Any], result: dict[str, Any], language: Language) -> list[str]:
    name = result["names"].get(row["neighbourhood_id"]) or row["neighbourhood_id"] or ""
    return [wording.label("service", row["service"], language), name]


def _table(columns: tuple[str, ...], rows: list[list[str]], language: Language) -> Iterator[str]:
    titles = [wording.sentence(f"projects.column.{name}", language) for name in columns]
    yield from table(titles, rows, language)


def _milliard(rial: int | None) -> float | None:
    return None if rial is None else round(rial / MILLIARD, 1)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _number(value: float | None, language: Language) -> str:
    return wording.text("projects.said.number", language, number=value)


def _said(key: str, language: Language, **facts: object) -> str:
    return wording.text(f"projects.said.{key}", language, **facts)
