"""Which figures tell of fewer people than everybody may be told of.

A figure of people is small where the group has fewer households than ``privacy.least_households``,
where a city's total and the other neighbourhoods give such a group away, or where it is what is
left of a population beside one that is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.standards import Standards
from bazafarin.studies import privacy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bazafarin.studies.city_plan import CityPlan

HOUSEHOLDS: Final = "identity.households"
POPULATION: Final = "identity.population"
INSIDE: Final = "worn_out_fabric.population"
_FOUND: Final = ("identity.", "worn_out_fabric.")
"""The families of what is found of people; those of proposals are told by their own rules."""


class Least:
    """The least people and households of a group that everybody may be told of."""

    def __init__(self, plan: CityPlan) -> None:
        self.households = _rule(plan, privacy.LEAST)
        self.people = self.households * _rule(plan, privacy.HOUSEHOLD_SIZE)

    def is_small(self, value: object, unit: str) -> bool:
        """Return whether a figure is of too small a group; nobody is no group."""
        if not isinstance(value, int | float):
            return False
        return 0 < value < (self.households if unit == "households" else self.people)


def _rule(plan: CityPlan, rule: str) -> float:
    if rule in plan.citations:
        return float(str(plan.citations[rule].value))
    return float(Standards.national().value(rule, as_of=plan.as_of))


def is_of_people(figure: Mapping[str, Any]) -> bool:
    """Return whether a figure counts people or households."""
    return bool(figure["unit"] == "persons" or figure["id"] == HOUSEHOLDS)


def mark(areas: Mapping[str, list[dict[str, Any]]], least: Least) -> None:
    """Set ``is_small`` on every figure of ``areas``: by area, the city's under the empty name."""
    for figures in areas.values():
        people = {figure["id"]: figure for figure in figures if is_of_people(figure)}
        for figure in figures:
            unit = "households" if figure["id"] == HOUSEHOLDS else "persons"
            figure["is_small"] = is_of_people(figure) and least.is_small(figure["value"], unit)
        if {POPULATION, INSIDE} <= set(people):
            inside, whole = people[INSIDE]["value"], people[POPULATION]["value"]
            if None not in (inside, whole) and least.is_small(whole - inside, "persons"):
                people[INSIDE]["is_small"] = True
        if POPULATION in people and people[POPULATION]["is_small"]:
            # of so few, a share of them who walk far tells of them, too
            for figure in figures:
                figure["is_small"] |= is_of_people(figure) or figure["id"].startswith("access.")
    _mark_totals(areas)


def _mark_totals(areas: Mapping[str, list[dict[str, Any]]]) -> None:
    """Withhold a total from which the one part that is withheld could be worked out."""
    parts: dict[str, int] = {}
    for area, figures in areas.items():
        for figure in figures if area else ():
            parts[figure["id"]] = parts.get(figure["id"], 0) + int(figure["is_small"])
    for figure in areas.get("", ()):
        if is_of_people(figure) and parts.get(figure["id"], 0) == 1:
            figure["is_small"] = True


def any_found(areas: Iterable[Iterable[Mapping[str, Any]]]) -> bool:
    """Return whether what was found, proposals aside, tells of a small group."""
    return any(
        figure["is_small"]
        for figures in areas
        for figure in figures
        if figure["id"].startswith(_FOUND)
    )
