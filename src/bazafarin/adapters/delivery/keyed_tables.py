"""A table of several rows a parcel (buildings, households) onto the parcels, one value each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.adapters.delivery import row_choice, source_file
from bazafarin.adapters.delivery.mapping import Combine, FieldRule, TableRule
from bazafarin.adapters.delivery.values import ColumnReader, id_keys
from bazafarin.adapters.persian_text import search_keys
from bazafarin.domain.city import LAYERS, ColumnSpec, Kind
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.delivery.layer_finding import FoundSource
    from bazafarin.adapters.delivery.ledger import Ledger


def with_table(
    parcels: pd.DataFrame,
    table: TableRule,
    source: FoundSource,
    codes: Mapping[str, Mapping[str, str]],
    ledger: Ledger,
) -> tuple[pd.DataFrame, int, int]:
    """Return parcels with the table's columns, and the table's rows delivered and used.

    A value of the table goes before the layer's own; where the table says nothing the
    layer's stays. A row whose key names no parcel is rejected, under the table's name.
    """
    whole = source_file.read(source.file, table.name, table.rows.encoding, ledger)
    raw = row_choice.taken(whole, table.rows.rows, table.name, ledger)
    keys = search_keys(id_keys(raw.frame[table.key]))
    known = search_keys(parcels[table.key_of])
    strays = raw.frame.index[~keys.isin(known)]
    ledger.rows(
        "reading.table.no_parcel", table.name, Severity.REJECTED, strays,
        values=keys[strays].fillna(""), field=table.key,
    )  # fmt: skip
    rows, groups = raw.frame.drop(index=strays), keys.drop(index=strays)
    if rows.empty:
        return parcels, len(whole.frame), 0
    reader = ColumnReader(table.name, codes, ledger)
    result = parcels.copy()
    for name, rule in table.rows.fields.items():
        spec = LAYERS["parcels"].column(name)
        combined = _combined(rows, groups, spec, rule, reader)
        joined = pd.Series(known.map(combined).to_numpy(), index=parcels.index)
        result[name] = _filled(joined, parcels[name], spec)
    return result, len(whole.frame), len(rows)


def _combined(
    rows: pd.DataFrame, groups: pd.Series, spec: ColumnSpec, rule: FieldRule, reader: ColumnReader
) -> pd.Series:
    """Return one value for each key.

    A sum, and an answer for all, is unknown while one of its rows is: a household whose
    members nobody counted is not empty. The others are over the known rows; ``any`` is yes
    as soon as one row says so.
    """
    if rule.field is None:
        return groups.groupby(groups).size().astype("float64")
    values = reader.read(rows[rule.field], spec, rule)
    if spec.kind is Kind.CODE:
        values = values.astype("object").where(values != "unknown")
    grouped = values.groupby(groups)
    all_known = grouped.count() == grouped.size()
    combined: pd.Series
    match rule.combine:
        case Combine.COUNT:
            combined = grouped.count().astype("float64")
        case Combine.SUM:
            combined = grouped.sum(min_count=1).where(all_known)
        case Combine.MODE:
            combined = _mode(values, groups)
        case Combine.ANY:
            combined = grouped.max().where(
                lambda some: some.eq(1).fillna(0).astype(bool) | all_known
            )
        case Combine.ALL:
            combined = grouped.min().where(
                lambda every: every.eq(0).fillna(0).astype(bool) | all_known
            )
        case Combine.MAX | Combine.MIN | Combine.MEAN | Combine.FIRST | None as how:
            combined = grouped.agg((how or Combine.FIRST).value)
    return combined


def _mode(values: pd.Series, groups: pd.Series) -> pd.Series:
    """Return each key's most frequent known value; of equals, the one that came first."""
    known = values.notna()
    pairs = pd.DataFrame({"key": groups[known], "value": values[known]})
    pairs["place"] = np.arange(len(pairs))
    counted = pairs.groupby(["key", "value"], sort=False)["place"].agg(["size", "min"])
    ordered = counted.reset_index().sort_values(["size", "min"], ascending=[False, True])
    return ordered.drop_duplicates("key").set_index("key")["value"]


def _filled(joined: pd.Series, own: pd.Series, spec: ColumnSpec) -> pd.Series:
    """Return the table's values, the layer's own where it says nothing, as the kind's type."""
    if spec.kind is Kind.CODE:
        joined = joined.astype("object")
        return joined.where(joined.notna(), own.astype("object")).astype(own.dtype)
    return joined.astype(own.dtype).where(joined.notna(), own)
