"""What the value of a rule may be: a number in its unit, a range, codes, criteria, yes or no."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bazafarin.domain.codes import (
    CostShareKind,
    FacilityKind,
    Ownership,
    Quality,
    Structure,
    TargetType,
    Use,
)
from bazafarin.domain.criteria import BlockCriterion, NeighbourhoodCriterion, WorkCriterion
from bazafarin.domain.errors import StandardsError
from bazafarin.standards.rule import Criterion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from bazafarin.standards.rule import Value


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and what a number of it may be, both ends included."""

    least: float
    most: float = math.inf
    is_whole: bool = False


UNITS: Final[Mapping[str, Unit]] = {
    "m": Unit(0),
    "m2": Unit(0),
    "share": Unit(0, 1),
    "share_points": Unit(-1, 1),
    "per_mille": Unit(0, 1000, is_whole=True),
    "seconds": Unit(0),
    "count": Unit(0, is_whole=True),
    "year_sh": Unit(1000, 1499, is_whole=True),
    "households": Unit(0, is_whole=True),
    "persons/household": Unit(1),
    "m2/person": Unit(0),
    "m2/student": Unit(0),
    "rial/m2": Unit(0, is_whole=True),
    "boolean": Unit(0, 1),
    "codes": Unit(0),
    "criteria": Unit(0),
    "weight": Unit(0),
    "ratio": Unit(0),
    "raw": Unit(-math.inf),
}

OPERATORS: Final = ("<", "<=", ">", ">=", "=", "between", "in", "each")

CODE_LISTS: Final[Mapping[str, type[StrEnum]]] = {
    "use": Use,
    "structure": Structure,
    "quality": Quality,
    "ownership": Ownership,
    "target_type": TargetType,
    "facility_kind": FacilityKind,
    "cost_share": CostShareKind,
    "block_criterion": BlockCriterion,
    "neighbourhood_criterion": NeighbourhoodCriterion,
    "work_criterion": WorkCriterion,
}

_KEY_LISTS: Final[Mapping[str, str]] = {"facility_kind": "use"}
"""The list that the keys of a table of codes are of, where it is another than the codes' own."""

_BEYOND_ANY_RULE: Final = 1e15
"""No rule of a city is so large; TOML writes numbers that no float holds."""

_SHOWN: Final = 40
"""So many letters of a value are shown where it is none."""

_BAND_KEYS: Final = ("from_persons", "min", "max")
_CRITERION_KEYS: Final = ("criterion", "weight", "points")

LISTED_UNITS: Final = ("codes", "criteria")
"""The units whose values name codes of a list."""


def read_value(raw: object, *, unit: str, operator: str, codes: str) -> Value:
    """Return a rule's value as it is used: lists as tuples, all checked against the unit.

    A range is ``(min, max)``. A range by city size is one ``(from_persons, min, max)`` a
    size, the smallest first and from 0 on. A table of code lists keeps its keys. Criteria
    are ``{criterion: {"weight": w, "points": ((raw, value), ...)}}`` in their order.

    Raises:
        StandardsError: the value is not one of its unit; the code says how.
    """
    if unit == "codes":
        return _codes_or_table(raw, list_name=codes)
    if unit == "criteria":
        return _criteria(raw, list_name=codes)
    if unit == "boolean":
        return _boolean(raw)
    if operator == "between":
        return _range_or_bands(raw, unit)
    if operator == "each":
        return _numbers(raw, unit)
    return _number(raw, unit)


def _number(raw: object, unit: str) -> float | int:
    bounds = UNITS[unit]
    if (
        isinstance(raw, bool)
        or not isinstance(raw, (int, float))
        or not abs(raw) < _BEYOND_ANY_RULE
    ):
        raise StandardsError("standards.value_not_number", value=str(raw)[:_SHOWN], unit=unit)
    if bounds.is_whole and raw != int(raw):
        raise StandardsError("standards.value_not_whole", value=raw, unit=unit)
    if raw < bounds.least and math.isinf(bounds.most):
        raise StandardsError("standards.value_below", value=raw, unit=unit, least=bounds.least)
    if not bounds.least <= raw <= bounds.most:
        raise StandardsError(
            "standards.value_out_of_range",
            value=raw,
            unit=unit,
            least=bounds.least,
            most=bounds.most,
        )
    return raw


def _boolean(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise StandardsError("standards.value_not_boolean", value=raw)
    return raw


def _numbers(raw: object, unit: str) -> tuple[float, ...]:
    if not isinstance(raw, list) or not raw:
        raise StandardsError("standards.value_not_list", value=raw, unit=unit)
    return tuple(_number(entry, unit) for entry in raw)


def _range_or_bands(raw: object, unit: str) -> Value:
    if isinstance(raw, list) and raw and all(isinstance(entry, dict) for entry in raw):
        return _bands(raw, unit)
    return _range(raw, unit)


def _range(raw: object, unit: str) -> tuple[float, float]:
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004 - a least and a most
        raise StandardsError("standards.value_not_range", value=raw, unit=unit)
    least, most = (_number(entry, unit) for entry in raw)
    if least > most:
        raise StandardsError("standards.value_not_range", value=raw, unit=unit)
    return least, most


def _bands(raw: list[dict[str, object]], unit: str) -> tuple[tuple[float, ...], ...]:
    if any(set(band) != set(_BAND_KEYS) for band in raw):
        raise StandardsError("standards.value_not_bands", value=raw)
    bands = tuple(
        (_number(band["from_persons"], "count"), *_range([band["min"], band["max"]], unit))
        for band in raw
    )
    sizes = [size for size, _, _ in bands]
    if sizes[0] != 0 or any(before >= after for before, after in pairwise(sizes)):
        raise StandardsError("standards.value_not_bands", value=raw)
    return bands


def _codes_or_table(raw: object, *, list_name: str) -> Value:
    if isinstance(raw, dict):
        _codes(list(raw), list_name=_KEY_LISTS.get(list_name, list_name))
        return {key: _codes(entry, list_name=list_name) for key, entry in raw.items()}
    return _codes(raw, list_name=list_name)


def _codes(raw: object, *, list_name: str) -> tuple[str, ...]:
    known = [code.value for code in CODE_LISTS[list_name]]
    entries = raw if isinstance(raw, list) else [raw]
    unknown = tuple(entry for entry in entries if entry not in known)
    if unknown or not isinstance(raw, list):
        raise StandardsError(
            "standards.value_not_codes", value=unknown, list=list_name, known=tuple(known)
        )
    return tuple(entries)


def _criteria(raw: object, *, list_name: str) -> Value:
    rows = raw if isinstance(raw, list) else []
    if not rows or not all(isinstance(row, dict) and _is_criterion(row) for row in rows):
        raise StandardsError("standards.value_not_criteria", value=str(raw)[:_SHOWN])
    names = _codes([row["criterion"] for row in rows], list_name=list_name)
    weights = [_number(row["weight"], "weight") for row in rows]
    if len(set(names)) < len(names) or not any(weights):
        raise StandardsError("standards.value_not_criteria", value=str(raw)[:_SHOWN])
    return {
        name: Criterion(weight=weight, points=tuple((x, y) for x, y in row["points"]))
        for name, weight, row in zip(names, weights, rows, strict=True)
    }


def _is_criterion(row: dict[str, object]) -> bool:
    """Return whether a row has its keys and points whose value only rises or only falls."""
    points = row.get("points")
    if set(row) != set(_CRITERION_KEYS) or not isinstance(points, list):
        return False
    if not all(isinstance(point, list) and len(point) == len("xy") for point in points):
        return False
    for x, y in points:
        _number(x, "raw")
        _number(y, "share")
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    is_one_way = all(y >= 0 for _, y in steps) or all(y <= 0 for _, y in steps)
    return all(x > 0 for x, _ in steps) and is_one_way and any(y for _, y in steps)
