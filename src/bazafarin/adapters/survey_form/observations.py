"""Answers as values of the parcels' columns; what cannot be one is told, and never half taken.

An answer that was left empty, and one that says "unknown", tell nothing of the column: what was
known before stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.persian_text import key_form
from bazafarin.domain.city import LAYERS, Kind
from bazafarin.domain.solar_hijri import GREGORIAN_YEARS, SOLAR_HIJRI_YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.domain.city import ColumnSpec

    Value = str | int | float | bool | date

OBSERVABLE: Final = tuple(
    column
    for column in LAYERS["parcels"].columns
    if column.name not in {"parcel_id", "block_id", "neighbourhood_id", "use_plan"}
)
"""What a visit may tell of a parcel: not who it is, nor what a plan says of it."""
_SPECS: Final = {column.name: column for column in OBSERVABLE}
_UNKNOWN: Final = "unknown"
_DATE_LENGTH: Final = 10
_MOST_LETTERS: Final = 120
"""As many as the longest code that a parcel may have."""
_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""What says yes and no; every other answer, "on a condition", tells neither."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What answers tell of a parcel.

    Attributes:
        values: by column; numbers as numbers, codes as the text of their code, days as dates.
        unfit: the answers that are nothing that their column can hold, by column.
    """

    values: Mapping[str, Value]
    unfit: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which question tells a column.

    Attributes:
        column: the parcels' column.
        path: the question's path.
        values: the column's value by the form's answer; an answer that is not there stands for
            itself, and an empty value tells nothing.
    """

    column: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)


def mapping_by_name(definition: FormDefinition) -> tuple[ColumnMapping, ...]:
    """Return the mapping of a form whose questions are called as the columns that they tell."""
    at = {
        node.name: node.path
        for node in definition.questions
        if node.path not in definition.repeat_of
    }
    return tuple(
        ColumnMapping(column.name, at[column.name]) for column in OBSERVABLE if column.name in at
    )


def observed(answers: Mapping[str, str], mapping: Sequence[ColumnMapping]) -> Observed:
    """Return what answers tell of a parcel's columns.

    Args:
        answers: the text of each answer by its question's path.
        mapping: which question tells which column.
    """
    values: dict[str, Value] = {}
    unfit: dict[str, str] = {}
    for each in mapping:
        text = answers.get(each.path, "")
        text = each.values.get(text, text)
        try:
            value = told_value(each.column, text)
        except ValueError:
            unfit[each.column] = text
            continue
        if value is not None:
            values[each.column] = value
    return Observed(values, unfit)


def told_value(column: str, text: str) -> Value | None:
    """Return a text as a column of the parcels holds it, None where it tells nothing.

    Raises:
        ValueError: it is nothing that the column can hold.
    """
    spec = _SPECS[column]
    if not text or text == _UNKNOWN:
        return None
    match spec.kind:
        case Kind.CODE if spec.codes is not None:
            return str(spec.codes(text))
        case Kind.BOOLEAN:
            return _BOOLEANS.get(text.lower())
        case Kind.NUMBER | Kind.WHOLE | Kind.YEAR_SH:
            return _number(spec, text)
        case Kind.DATE:
            return _day(text)
        case _:
            key = key_form(text)
            if len(key) > _MOST_LETTERS:
                raise ValueError(text)
            return key or None


def _day(text: str) -> date:
    day = date.fromisoformat(text[:_DATE_LENGTH])
    if day.year not in GREGORIAN_YEARS:
        raise ValueError(text)
    return day


def _number(spec: ColumnSpec, text: str) -> float | int:
    number = float(text)
    least = -math.inf if spec.least is None else spec.least
    most = math.inf if spec.most is None else spec.most
    if not (math.isfinite(number) and least <= number <= most):
        raise ValueError(text)
    if spec.kind is Kind.NUMBER:
        return number
    if not number.is_integer() or (
        spec.kind is Kind.YEAR_SH and int(number) not in SOLAR_HIJRI_YEARS
    ):
        raise ValueError(text)
    return int(number)
