"""What a mapping file says: a delivery's own layers, fields, units and codes (docs/mapping.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REST: Final = "*"
"""The code of a table that stands for every value it does not name."""

UNITS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "m2": {
            "m2": 1.0,
            "sqft": 0.3048**2,
            "sq_us_ft": (1200 / 3937) ** 2,
            "acre": 4046.8564224,
            "ha": 10_000.0,
            "km2": 1_000_000.0,
        },
        "m": {"m": 1.0, "cm": 0.01, "km": 1000.0, "ft": 0.3048, "us_ft": 1200 / 3937},
        "rial/m2": {"rial/m2": 1.0, "toman/m2": 10.0, "million_rial/m2": 1e6},
        "persons": {"persons": 1.0},
        "count": {"count": 1.0},
    }
)
"""For each unit of the city file, the units it may be delivered in and what one of them is."""


class Calendar(StrEnum):
    """How a year of building is written."""

    SOLAR_HIJRI = "solar_hijri"
    GREGORIAN = "gregorian"
    AGE = "age"


class Combine(StrEnum):
    """How several rows of a parcel become its one value; see ``keyed_tables``."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"
    MEAN = "mean"
    FIRST = "first"
    MODE = "mode"
    ANY = "any"
    ALL = "all"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where one column of the city file comes from.

    Attributes:
        field: the delivered field; None with ``constant`` or ``leave``.
        constant: the same value for each row.
        unit: the unit delivered, of ``UNITS``; empty is the column's own.
        calendar: how a year is written; None is told from each value.
        counted_in: with the calendar ``age``, the Solar Hijri year in which age was counted.
        codes: the table of ``[codes.*]`` that its values stand in; None is the column's name.
        leave: the column stays unknown, whatever the delivery holds.
        combine: for a keyed table, how several rows become one value.
    """

    field: str | None = None
    constant: object = None
    unit: str = ""
    calendar: Calendar | None = None
    counted_in: int | None = None
    codes: str | None = None
    leave: bool = False
    combine: Combine | None = None


@dataclass(frozen=True, slots=True)
class RowRule:
    """Which rows of a source are taken: by the values of one of its fields.

    Attributes:
        where: the place in the mapping file, for the reader who must mend it.
        field: the delivered field.
        named: its values, as the mapping names them.
        takes: whether the rows of these values are taken, or all others are.
    """

    where: str
    field: str
    named: tuple[str, ...]
    takes: bool


@dataclass(frozen=True, slots=True)
class SourceRule:
    """One source of a layer, or of a keyed table; empty means: as it is found."""

    source: str | None = None
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    rows: RowRule | None = None
    fields: Mapping[str, FieldRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table of several rows a parcel: ``key`` is the table's field, ``key_of`` the layer's."""

    name: str
    rows: SourceRule
    key: str
    key_of: str = "parcel_id"


@dataclass(frozen=True, slots=True)
class DeliveryMapping:
    """A mapping file.

    ``codes`` holds, for each table, the code of each value as written; ``finds_others`` says
    whether layers that it does not name are looked for by their names.
    """

    file: str = ""
    name_fa: str | None = None
    crs: str | None = None
    synthetic: bool | None = None
    finds_others: bool = True
    layers: Mapping[str, tuple[SourceRule, ...]] = field(default_factory=dict)
    tables: tuple[TableRule, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
