"""Rows of a layer as plain values: very many at once, each with the columns seen at its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from bazafarin.domain.city import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from django.db.models import QuerySet

    from bazafarin.web.places.seen_columns import SeenColumn


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of their numbers; a column that is not seen at a row is not there."""

    numbers: Sequence[int]
    keys: Sequence[str]
    shapes: npt.NDArray[np.object_]
    properties: Sequence[dict[str, Any]]


_PLAIN: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.BOOLEAN: bool,
    Kind.WHOLE: int,
    Kind.YEAR_SH: int,
    Kind.DATE: str,
}
"""How a value of a kind is told, where the database's own is another on SQLite."""


def read_rows(
    found: QuerySet[Any], columns: Sequence[SeenColumn], *, with_shapes: bool = True
) -> Rows:
    """Return the rows of ``found``, with these columns where they are seen."""
    fields = ["id", "key", "in_neighbourhood_id", *(column.field for column in columns)]
    if with_shapes:
        fields.append("geometry")
    words, parameters = found.values_list(*fields).query.sql_with_params()
    # past the model layer: ten thousand rows a page as plain values, shapes turned in one go
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        rows = cursor.fetchall()
    if not rows:
        return Rows((), (), np.array([], dtype=object), ())
    numbers, keys, places, *values = zip(*rows, strict=True)
    shapes = np.empty(len(rows), dtype=object)
    if with_shapes:
        shapes = shapely.from_wkb(np.array(values.pop(), dtype=object))
    told = [_told(column.spec.kind, held) for column, held in zip(columns, values, strict=True)]
    return Rows(numbers, keys, shapes, _properties(columns, told, places))


def plain(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - a cell may hold anything
    """Return a value as JSON tells it; None is unknown."""
    tell = _PLAIN.get(kind)
    return value if value is None or tell is None else tell(value)


def _told(kind: Kind, values: Sequence[Any]) -> Sequence[Any]:
    if kind not in _PLAIN:
        return values
    return [plain(kind, value) for value in values]


def _properties(
    columns: Sequence[SeenColumn], told: Sequence[Sequence[Any]], places: Sequence[int | None]
) -> list[dict[str, Any]]:
    names = [column.name for column in columns]
    by_row = zip(*told, strict=True) if told else (() for _ in places)
    if all(column.sight.is_whole for column in columns):
        return [dict(zip(names, row, strict=True)) for row in by_row]
    seen_at: dict[int | None, list[bool]] = {
        place: [column.sight.covers(place) for column in columns] for place in set(places)
    }
    return [
        {
            name: value
            for name, value, is_seen in zip(names, row, seen_at[place], strict=True)
            if is_seen
        }
        for place, row in zip(places, by_row, strict=True)
    ]
