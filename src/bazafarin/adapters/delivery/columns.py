"""Delivered fields onto the columns of the city file, by the mapping and by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from bazafarin.adapters.delivery.mapping import FieldRule, SourceRule
from bazafarin.adapters.delivery.mapping_checks import nearest
from bazafarin.adapters.delivery.synonyms import (
    SHAPEFILE_NAME_LENGTH,
    field_names,
    name_key,
    places,
)
from bazafarin.adapters.delivery.values import ColumnReader, as_text
from bazafarin.domain.city import LAYERS
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.adapters.delivery.ledger import Ledger
    from bazafarin.adapters.delivery.source_file import FileLayer

PLACE: Final = "place"
"""Beside the columns of parcels: whether the use says street or water (``synonyms.Place``)."""


def field_rules(layer: str, fields: Sequence[str], rule: SourceRule) -> dict[str, FieldRule]:
    """Return where each column comes from: as mapped, else by the field's name; else nowhere."""
    keys: dict[str, str] = {}
    for name in fields:
        keys.setdefault(name_key(name), name)
    mapped = {rule.fields[column].field for column in rule.fields}
    rules: dict[str, FieldRule] = {}
    for column in LAYERS[layer].columns:
        if column.name in rule.fields:
            rules[column.name] = rule.fields[column.name]
            continue
        found = _field(field_names(layer, column.name), keys)
        taken = mapped | {known.field for known in rules.values()}
        if found is not None and found not in taken:
            rules[column.name] = FieldRule(field=found)
    return rules


def check_mapped_fields(
    layer: str, source: FileLayer, rule: SourceRule, ledger: Ledger, *, where: str
) -> None:
    """Record as fatal each field of the mapping that the source does not have."""
    named = {f"{where}.{column}": mapped.field for column, mapped in rule.fields.items()}
    if rule.rows is not None:
        named[rule.rows.where] = rule.rows.field
    for place, field in named.items():
        if field is not None and field not in source.fields:
            ledger.note(
                "reading.mapping.no_field",
                layer,
                Severity.FATAL,
                where=place,
                file=source.title,
                name=field,
                available=", ".join(source.fields),
                nearest=nearest(field, source.fields),
            )


def to_columns(
    frame: pd.DataFrame, layer: str, rule: SourceRule, reader: ColumnReader, ledger: Ledger
) -> pd.DataFrame:
    """Return the columns of the layer's spec, all of them, read from a delivered frame.

    Two delivered fields of one meaning give the better named one; what was matched by its
    name and what was not used is told.
    """
    spec = LAYERS[layer]
    fields = [str(name) for name in frame.columns]
    rules = field_rules(layer, fields, rule)
    _tell_matches(layer, fields, rules, rule, ledger)
    columns = {}
    for column in spec.columns:
        how = rules.get(column.name, FieldRule(leave=True))
        values = _delivered(frame, how)
        columns[column.name] = reader.read(values, column, how)
    result = pd.DataFrame(columns, index=frame.index)
    if layer == "parcels":
        result[PLACE] = _places(frame, rules.get("use"))
    return result


def _field(wanted: Sequence[str], keys: Mapping[str, str]) -> str | None:
    for key in wanted:
        if key in keys:
            return keys[key]
    cut = [key for key in keys if len(keys[key]) == SHAPEFILE_NAME_LENGTH]
    for key in wanted:
        for short in cut:
            if len(short) > SHAPEFILE_NAME_LENGTH // 2 and key.startswith(short):
                return keys[short]
    return None


def _delivered(frame: pd.DataFrame, rule: FieldRule) -> pd.Series:
    if rule.leave or (rule.field is None and rule.constant is None):
        return pd.Series(None, index=frame.index, dtype="str")
    if rule.field is not None:
        values: pd.Series = frame[rule.field]
        return values
    return pd.Series([rule.constant] * len(frame), index=frame.index)


def _places(frame: pd.DataFrame, rule: FieldRule | None) -> pd.Series:
    if rule is None or rule.field is None:
        return pd.Series(None, index=frame.index, dtype="str")
    return places(as_text(frame[rule.field])).astype("str")


def _tell_matches(
    layer: str,
    fields: Sequence[str],
    rules: Mapping[str, FieldRule],
    rule: SourceRule,
    ledger: Ledger,
) -> None:
    by_name = [
        f"{found.field} → {column}"
        for column, found in rules.items()
        if column not in rule.fields and found.field not in (None, column)
    ]
    if by_name:
        ledger.note("reading.field.by_name", layer, matches=", ".join(by_name))
    used = {found.field for found in rules.values()}
    unused = [name for name in fields if name not in used]
    if unused:
        ledger.note("reading.field.not_used", layer, fields=", ".join(unused), number=len(unused))
