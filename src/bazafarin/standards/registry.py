"""The rules as of a day: national, or with a city's own values before them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final

from bazafarin.domain.errors import StandardsError
from bazafarin.domain.finding import Citation
from bazafarin.standards.rule_file import nearest, read_city, read_national

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from bazafarin.standards.rule import Rule, RuleValue

_PER_CAPITA: Final = "per_capita."
# What housing takes per head is a cap on dwelling land and no service.
_NO_SERVICES: Final = frozenset({"residential"})


class Standards:
    """A set of rules that can be asked for any day.

    >>> from datetime import date
    >>> Standards.national().value("fine_grain.parcel_below", as_of=date(2025, 3, 21))
    200
    """

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    @classmethod
    def national(cls) -> Standards:
        """Return the national rules that ship with the package; they are read once."""
        return _national()

    def with_city(self, path: Path) -> Standards:
        """Return these rules with the values of a city's file before them.

        From the day of a city's value on, it goes before the national one; until then, the
        national one stays in force.

        Raises:
            StandardsError: the file cannot be read or something in it is wrong.
        """
        return Standards(read_city(path, self._rules))

    def value(self, rule_id: str, *, as_of: date) -> Any:  # noqa: ANN401 - number, range, codes
        """Return the value of a rule that is in force on the day.

        Raises:
            StandardsError: there is no such rule, or it has no value on that day.
        """
        value = self._in_force(rule_id, as_of).value
        return dict(value) if isinstance(value, dict) else value

    def is_in_force(self, rule_id: str, *, as_of: date) -> bool:
        """Return whether a rule has a value on the day; StandardsError where there is no rule."""
        return self.rule(rule_id).in_force(as_of) is not None

    def citation(self, rule_id: str, *, as_of: date) -> Citation:
        """Return what a figure says of the rule it stands on; raises as ``value`` does."""
        rule, value = self.rule(rule_id), self._in_force(rule_id, as_of)
        return Citation(
            rule_id=rule_id,
            title_fa=rule.title_fa,
            title_en=rule.title_en,
            value=self.value(rule_id, as_of=as_of),
            unit=rule.unit,
            valid_from=value.valid_from,
            valid_until=value.valid_until,
            instrument=value.instrument,
            clause=value.clause,
            address=value.address,
            certainty=value.certainty,
            set_by_city=value.set_by_city,
        )

    def rule(self, rule_id: str) -> Rule:
        """Return a rule with all the values it has had; StandardsError where there is none."""
        rule = self._rules.get(rule_id)
        if rule is None:
            raise StandardsError(
                "standards.unknown_rule", rule=rule_id, nearest=nearest(rule_id, self._rules)
            )
        return rule

    def ids(self, prefix: str = "") -> tuple[str, ...]:
        """Return the ids that begin with ``prefix``, in the order of the files."""
        return tuple(rule_id for rule_id in self._rules if rule_id.startswith(prefix))

    def title(self, rule_id: str, language: str) -> str:
        """Return what the rule is called, in Persian (``fa``) or English (``en``)."""
        rule = self.rule(rule_id)
        return rule.title_fa if language == "fa" else rule.title_en

    def services(self) -> tuple[str, ...]:
        """Return the services that have a range of land per head."""
        named = (rule_id.removeprefix(_PER_CAPITA) for rule_id in self.ids(_PER_CAPITA))
        return tuple(name for name in named if name not in _NO_SERVICES)

    def per_capita(self, service: str, *, population: float, as_of: date) -> tuple[float, float]:
        """Return the least and most land per head (m²/person) of a service by city size.

        ``population`` is the city's; it matters only where the rule has bands of city size,
        which are NaN for a city of unknown population (NaN).
        """
        value = self.value(_PER_CAPITA + service, as_of=as_of)
        if not isinstance(value[0], tuple):
            least, most = value
            return float(least), float(most)
        if isnan(population):
            return nan, nan
        of_size = [band for band in value if band[0] <= population]
        if not of_size:
            raise StandardsError("standards.no_city_size", service=service, population=population)
        _, least, most = of_size[-1]
        return float(least), float(most)

    def _in_force(self, rule_id: str, as_of: date) -> RuleValue:
        rule = self.rule(rule_id)
        value = rule.in_force(as_of)
        if value is None:
            raise StandardsError(
                "standards.not_in_force", rule=rule_id, as_of=as_of, first_day=rule.first_day
            )
        return value


@lru_cache
def _national() -> Standards:
    folder = files("bazafarin.standards").joinpath("national")
    toml = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return Standards(read_national(sorted(toml, key=lambda file: file.name)))


def value(rule_id: str, *, as_of: date) -> Any:  # noqa: ANN401 - number, range, codes
    """Return the national value of a rule that is in force on the day."""
    return Standards.national().value(rule_id, as_of=as_of)


def citation(rule_id: str, *, as_of: date) -> Citation:
    """Return what a figure says of the national rule it stands on."""
    return Standards.national().citation(rule_id, as_of=as_of)


def per_capita(service: str, *, population: float, as_of: date) -> tuple[float, float]:
    """Return the national least and most land per head (m²/person) by city size."""
    return Standards.national().per_capita(service, population=population, as_of=as_of)


def services() -> tuple[str, ...]:
    """Return the services that have a national range of land per head."""
    return Standards.national().services()
