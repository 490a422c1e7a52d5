"""A rule: what it asks, and the values it has had, each from its day on and with its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypedDict

# Marks of how sure a source is, the surest first; domain.finding.Citation says which are verified.
CERTAINTIES: Final = ("S1", "S2", "M-high", "M-mid", "M-low", "SEED", "PROPOSAL")

_DAY: Final = timedelta(days=1)

Scalar = float | int | bool


class Criterion(TypedDict):
    """What a criterion weighs, and the points (raw, value 0–1) of its value function."""

    weight: float
    points: tuple[tuple[float, float], ...]


Value = (
    Scalar
    | tuple[str, ...]
    | tuple[float, ...]
    | tuple[tuple[float, ...], ...]
    | dict[str, tuple[str, ...]]
    | dict[str, Criterion]
)


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A value of a rule and the source that it stands on.

    ``valid_from`` and ``valid_until`` are both in force; None is an open end. ``checked_on``
    is the day on which the source was last compared with the value.
    """

    value: Value
    valid_from: date
    valid_until: date | None
    instrument: str
    clause: str
    address: str
    certainty: str
    checked_on: date
    note: str = ""
    set_by_city: bool = False

    def is_in_force(self, as_of: date) -> bool:
        """Return whether the value is in force on the day."""
        return self.valid_from <= as_of and (self.valid_until is None or as_of <= self.valid_until)

    def until_before(self, successor: date) -> RuleValue:
        """Return the value ending the day before ``successor``, where it is still in force."""
        if not self.valid_from < successor or not self.is_in_force(successor - _DAY):
            return self
        return replace(self, valid_until=successor - _DAY)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the law or of practice.

    Attributes:
        id: stable dotted name, such as ``fine_grain.parcel_below``.
        title_fa: what it is called in Persian; ``title_en`` in English.
        unit: one of ``rule_value.UNITS``.
        operator: how a measure is held against it: ``<``, ``<=``, ``>``, ``>=``, ``=``, or
            ``between`` (a range), ``in`` (a list of codes), ``each`` (a list of numbers, or of
            criteria).
        codes: the code list that the value's codes, or the names of its criteria, are of.
        values: the national values, the earliest first, no two in force on one day.
        city_values: the city's own values, likewise; they go before the national ones.
    """

    id: str
    title_fa: str
    title_en: str
    unit: str
    operator: str
    codes: str
    note: str
    values: tuple[RuleValue, ...]
    city_values: tuple[RuleValue, ...] = ()

    def in_force(self, as_of: date) -> RuleValue | None:
        """Return the value in force on the day: the city's, else the national one, else None.

        A national value that a later value of the city's follows ends the day before it.
        """
        for value in self.city_values:
            if value.is_in_force(as_of):
                return value
        for value in self.values:
            if value.is_in_force(as_of):
                return _ended_by_city(value, self.city_values, as_of)
        return None

    @property
    def first_day(self) -> date:
        """Return the first day on which the rule has a value."""
        return min(value.valid_from for value in (*self.values, *self.city_values))


def _ended_by_city(value: RuleValue, city_values: tuple[RuleValue, ...], as_of: date) -> RuleValue:
    later = [city.valid_from for city in city_values if city.valid_from > as_of]
    return value.until_before(min(later)) if later else value
