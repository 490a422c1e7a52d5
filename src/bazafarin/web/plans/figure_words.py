"""Figures as a page says them: a title, a value with its unit, coverage and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import persian_text, wording
from bazafarin.web.office.said import language, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHARES: Final = ("share", "ratio")
M2_A_HECTARE: Final = 10_000
RIAL_A_MILLIARD: Final = 1_000_000_000
_BARE: Final = ("count", "text", "code", "bool", "boolean")
_OF_A_SERVICE: Final = ("within_share", "served", "left_out")
_MOST_RULES: Final = 3
"""How many rules stand beside a figure at first; the others are folded."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule that a figure stands on."""

    rule_id: str
    title: str
    instrument: str
    clause: str
    certainty: str
    is_verified: bool
    set_by_city: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready to be read."""

    id: str
    title: str
    words: str
    value: Any
    unit: str
    coverage: float | None
    rules: tuple[Cited, ...]
    is_withheld: bool

    @property
    def is_unverified(self) -> bool:
        """Return whether any of its rules has no source that was seen."""
        return any(not rule.is_verified for rule in self.rules)

    @property
    def family(self) -> str:
        """Return the family of the finding: identity, boundary and so on."""
        family = self.id.partition(".")[0]
        return "worn_out_fabric" if family in ("level", "fabric") else family


def figures_of(
    told: Iterable[Mapping[str, Any]], citations: Mapping[str, Any], *, sees_people: bool
) -> list[Figure]:
    """Return figures as they are read; those of small groups are withheld from who may not see."""
    return [_figure(each, citations, sees_people=sees_people) for each in told]


def _figure(told: Mapping[str, Any], citations: Mapping[str, Any], *, sees_people: bool) -> Figure:
    is_withheld = told.get("is_small", False) and not sees_people
    value = None if is_withheld else told["value"]
    return Figure(
        id=told["id"],
        title=title_of(told["id"]),
        words=said("map.panel.withheld") if is_withheld else value_words(value, told["unit"]),
        value=value,
        unit=told["unit"],
        coverage=None if is_withheld else told["coverage"],
        rules=tuple(cited(rule, citations) for rule in told["rules"] if rule in citations),
        is_withheld=is_withheld,
    )


def cited(rule_id: str, citations: Mapping[str, Any]) -> Cited:
    """Return a rule as a reader sees it."""
    told = citations[rule_id]
    return Cited(
        rule_id=rule_id,
        title=told[f"title_{language()}"],
        instrument=told["instrument"],
        clause=told["clause"] or said("units.not_read"),
        certainty=told["certainty"],
        is_verified=told["is_verified"],
        set_by_city=told["set_by_city"],
    )


def title_of(finding_id: str) -> str:
    """Return what a finding is called; one without a word goes by its id."""
    family, _, name = finding_id.partition(".")
    if wording.has(f"document.finding.{finding_id}"):
        return said(f"document.finding.{finding_id}")
    if wording.has(f"document_{family}.finding.{name}"):
        return said(f"document_{family}.finding.{name}")
    for what in _OF_A_SERVICE:
        service = name.removesuffix(f"_{what}")
        if family == "access" and service != name:
            word = wording.label("service", service, language())
            return said(f"document_access.finding.{what}", service=word)
    return finding_id


def _money(rial: float) -> str:
    """Return money as the office reckons, in milliards; what is less, in full."""
    if abs(rial) < RIAL_A_MILLIARD:
        return persian_text.rial(round(rial), language=language())
    amount = round(rial / RIAL_A_MILLIARD, 1)
    return said("web_plans.milliard", amount=amount)


def value_words(value: Any, unit: str) -> str:  # noqa: ANN401 - a finding may be anything plain
    """Return a value with its unit; areas of a hectare and more are in hectares."""
    spoken = language()
    if value is None:
        return said("units.unknown")
    if isinstance(value, bool):
        return said("units.yes" if value else "units.no")
    if isinstance(value, str):
        return value
    if unit in SHARES:
        return said("units.percentage", share=float(value))
    if unit == "rial":
        return _money(value)
    if unit == "m2" and abs(value) >= M2_A_HECTARE:
        value, unit = value / M2_A_HECTARE, "ha"
    decimals = {"ha": 2, "m2/person": 2}.get(unit, 0)
    figure = persian_text.number(value, decimals=decimals, language=spoken)
    return figure if unit in _BARE else f"{figure} {said(f'units.unit.{unit}')}"
