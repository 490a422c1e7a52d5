"""By which columns the items of a collection can be asked for, as a JSON schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bazafarin.domain.city import Kind
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.web.places.seen_columns import SeenColumn

_TYPES: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.NUMBER: {"type": "number"},
    Kind.WHOLE: {"type": "integer"},
    Kind.YEAR_SH: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
}
_TEXT: Final = {"type": "string"}


def queryables_of(columns: Sequence[SeenColumn], *, address: str, title: str) -> dict[str, Any]:
    """Return the schema of the columns that somebody sees, with their names in words."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": title,
        "properties": {column.name: _property(column) for column in columns},
        "additionalProperties": False,
    }


def _property(column: SeenColumn) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": said(f"web_interfaces.column.{column.name}"),
        **_TYPES.get(column.spec.kind, _TEXT),
    }
    if column.spec.codes is not None:
        made["enum"] = [code.value for code in column.spec.codes]
    return made
