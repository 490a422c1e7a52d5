"""Figures as a page says them: a title, a value with its unit, coverage and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import persian_text, wording
from bazafarin.web.office.said import language, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bazafarin.web.plans.models import Plan

SHARES: Final = ("share", "ratio")
M2_A_HECTARE: Final = 10_000
RIAL_A_MILLIARD: Final = 1_000_000_000
_WHOLE_FROM: Final = 10
"""From here on a figure without decimals of its own is told whole."""
_DECIMALS: Final = {"ha": 2, "m2/person": 2}
_BARE: Final = ("count", "text", "code", "bool", "boolean")
_OF_A_SERVICE: Final = ("within_share", "served", "left_out")


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule that a figure stands on."""

    rule_id: str
    title: str
    words: str
    """What it asks, with its unit; empty where it is a list."""
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
    told: Iterable[Mapping[str, Any]], *, sees_people: bool, plan: Plan | None = None
) -> list[Figure]:
    """Return figures as they are read; those of small groups are withheld from who may not see.

    Without ``plan`` they come without the rules that they stand on.
    """
    return [_figure(each, plan, sees_people=sees_people) for each in told]


def _figure(told: Mapping[str, Any], plan: Plan | None, *, sees_people: bool) -> Figure:
    is_withheld = told.get("is_small", False) and not sees_people
    value = None if is_withheld else told["value"]
    rules: tuple[Cited, ...] = ()
    if plan is not None:
        named = plan.rules_of_figures.get(told["id"], ())
        rules = tuple(cited(rule, plan.citations) for rule in named if rule in plan.citations)
    return Figure(
        id=told["id"],
        title=title_of(told["id"]),
        words=said("map.panel.withheld") if is_withheld else value_words(value, told["unit"]),
        value=value,
        unit=told["unit"],
        coverage=None if is_withheld else told["coverage"],
        rules=rules,
        is_withheld=is_withheld,
    )


def cited(rule_id: str, citations: Mapping[str, Any]) -> Cited:
    """Return a rule as a reader sees it."""
    told = citations[rule_id]
    return Cited(
        rule_id=rule_id,
        title=told[f"title_{language()}"],
        words="" if told["value"] is None else value_words(told["value"], told["unit"]),
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
    if value is None:
        return said("units.unknown")
    if isinstance(value, bool):
        return said("units.yes" if value else "units.no")
    return value if isinstance(value, str) else _number_words(float(value), unit)


def _number_words(value: float, unit: str) -> str:
    if unit in SHARES:
        return said("units.percentage", share=value)
    if unit == "rial":
        return _money(value)
    if unit == "year_sh":
        return said("web_plans.year", year=value)
    if unit == "m2" and abs(value) >= M2_A_HECTARE:
        value, unit = value / M2_A_HECTARE, "ha"
    decimals = _DECIMALS.get(unit, 0)
    if not value.is_integer() and abs(value) < _WHOLE_FROM:
        decimals = 2
    figure = persian_text.number(value, decimals=decimals, language=language())
    word = f"units.unit.{unit}"
    return f"{figure} {said(word)}" if unit not in _BARE and wording.has(word) else figure
