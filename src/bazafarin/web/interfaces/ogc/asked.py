"""What a request for items asks for; whatever is wrong with it is said, and nothing guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from bazafarin.domain.city import Kind
from bazafarin.domain.errors import UsageError
from bazafarin.web.interfaces import cursors
from bazafarin.web.interfaces.editions import edition_held_at, edition_numbered
from bazafarin.web.interfaces.ogc.box import read_box
from bazafarin.web.interfaces.ogc.collections import extent_of
from bazafarin.web.interfaces.ogc.reference_systems import system_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from bazafarin.web.interfaces.ogc.box import Area
    from bazafarin.web.interfaces.ogc.reference_systems import ReferenceSystem
    from bazafarin.web.places.models import City
    from bazafarin.web.places.seen_columns import SeenColumn

LIMIT: Final = 1_000
MOST: Final = 10_000
_OWN: Final = ("f", "limit", "bbox", "bbox-crs", "crs", "datetime", "edition", "cursor")
_FORMATS: Final = ("json", "geojson", "application/json", "application/geo+json")
_DIGITS: Final = re.compile(r"0*[1-9][0-9]{0,17}")
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
_FAR: Final = 2**53
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the edition, the rows, and how they are given."""

    edition: int
    after: int
    limit: int
    system: ReferenceSystem
    area: Area | None
    condition: Q


def read_asked(words: QueryDict, city: City, columns: Sequence[SeenColumn]) -> Asked:
    """Return what the parameters of a request ask for.

    Raises:
        UsageError: a parameter is not known, was given twice, or cannot be what it is.
    """
    by_name = {column.name: column for column in columns}
    given = _each_once(words, (*_OWN, *by_name))
    cursor = cursors.read(given["cursor"]) if "cursor" in given else None
    return Asked(
        edition=_edition(given, city) if cursor is None else min(cursor.edition, city.current),
        after=0 if cursor is None else cursor.after,
        limit=_limit(given.get("limit")),
        system=system_asked(city, given.get("crs")),
        area=_area(given, city),
        condition=_condition({n: by_name[n] for n in given if n in by_name}, given),
    )


def read_plain(words: QueryDict) -> None:
    """Check the parameters of an address that takes a format alone; raises as ``read_asked``."""
    _each_once(words, ("f",))


def read_item(words: QueryDict, city: City) -> tuple[int, ReferenceSystem]:
    """Return the edition and system in which one item is asked for; raises as ``read_asked``."""
    given = _each_once(words, ("f", "crs", "edition", "datetime"))
    return _edition(given, city), system_asked(city, given.get("crs"))


def _each_once(words: QueryDict, known: Sequence[str]) -> dict[str, str]:
    given = {}
    for name, values in words.lists():
        if name not in known:
            raise UsageError(
                "web_interfaces.error.parameter", name=name[:_LONGEST], known=", ".join(known)
            )
        if len(values) != 1:
            raise UsageError("web_interfaces.error.parameter_twice", name=name)
        given[name] = str(values[0])
    if given.get("f", _FORMATS[0]) not in _FORMATS:
        raise UsageError("web_interfaces.error.format", text=given["f"][:_LONGEST])
    return given


def _edition(given: dict[str, str], city: City) -> int:
    if "edition" in given and "datetime" in given:
        raise UsageError("web_interfaces.error.edition_and_datetime")
    if "edition" in given:
        return edition_numbered(city, given["edition"])
    if "datetime" in given:
        return edition_held_at(city, given["datetime"])
    return city.current


def _limit(word: str | None) -> int:
    if word is None:
        return LIMIT
    if not _DIGITS.fullmatch(word):
        raise UsageError("web_interfaces.error.limit", text=word[:_LONGEST], most=MOST)
    return min(int(word), MOST)


def _area(given: dict[str, str], city: City) -> Area | None:
    system = system_asked(city, given.get("bbox-crs"))
    if "bbox" not in given:
        return None
    return read_box(given["bbox"], system, city, extent_of(city))


def _condition(columns: dict[str, SeenColumn], given: dict[str, str]) -> Q:
    """Return the condition that columns have values, at rows where one sees them at all."""
    condition = Q()
    for name, column in columns.items():
        value = _value(column, given[name])
        condition &= column.sight.rows() & Q(**{column.field: value})
    return condition


def _value(column: SeenColumn, word: str) -> Any:  # noqa: ANN401 - as the column holds
    try:
        match column.spec.kind:
            case Kind.BOOLEAN:
                return _BOOLEANS[word.lower()]
            case Kind.NUMBER | Kind.WHOLE | Kind.YEAR_SH:
                return _number(word)
            case Kind.DATE:
                return date.fromisoformat(word)
            case _:
                return _text(word)
    except (KeyError, ValueError) as error:
        raise UsageError(
            "web_interfaces.error.value", name=column.name, text=word[:_LONGEST]
        ) from error


def _number(word: str) -> float:
    number = float(word)
    if not isfinite(number) or abs(number) > _FAR:
        raise ValueError(word)
    return number


def _text(word: str) -> str:
    if "\0" in word:
        raise ValueError(word)
    return word
