"""Very many rows into a table at once: COPY on PostgreSQL, one prepared statement on SQLite.

Django's own ``bulk_create`` makes an object of each row and a statement of each few hundred; a
city has a million.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from django.db import connection, transaction
from django.db.models import CharField
from pyarrow import csv

from bazafarin.domain.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model


ROWS_AT_ONCE: Final = 50_000
"""Rows of one transaction: others may write in between."""
_SHOWN: Final = 40
"""Letters that are shown of a text that is too long."""
_DELIVERED_AS: Final = {"code": "neighbourhood_id"}
"""The column of the city file that a place's own comes from."""
_SAMPLE: Final = 1_000
"""Entries of an index that are read to count it."""


def load(
    model: type[Model], rows: pd.DataFrame, *, on_chunk: Callable[[int], None] = lambda _: None
) -> None:
    """Insert ``rows``, whose columns are the model's; missing is NULL.

    Each chunk is a transaction of its own, and ``on_chunk`` is told how many rows it had.
    """
    fields = {field.attname: field.column or field.attname for field in model._meta.concrete_fields}
    columns = [fields[name] for name in rows.columns]
    insert = _copy if connection.vendor == "postgresql" else _execute_many
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows.iloc[begin : begin + ROWS_AT_ONCE]
        with transaction.atomic():
            insert(model._meta.db_table, columns, chunk)
        on_chunk(len(chunk))


def check_lengths(layer: str, model: type[Model], rows: pd.DataFrame) -> None:
    """Raise where a text of ``rows`` is longer than its column of ``model`` holds.

    PostgreSQL would end the whole import in a fault, and SQLite take it without a word.
    """
    for field in model._meta.concrete_fields:
        if not isinstance(field, CharField) or field.attname not in rows or not field.max_length:
            continue
        if field.attname == "key":  # another column of the row
            continue
        texts = rows[field.attname]
        if isinstance(texts.dtype, pd.CategoricalDtype):  # a code of ours
            continue
        texts = texts.dropna()
        lengths = texts.str.len()
        if (lengths > field.max_length).any():
            raise DeliveryError(
                "web_places.error.text_long",
                layer=layer,
                column=_DELIVERED_AS.get(field.attname, field.column),
                starts=str(texts[lengths > field.max_length].iloc[0])[:_SHOWN],
                length=int(lengths.max()),
                most=field.max_length,
            )


def count_anew(model: type[Model]) -> None:
    """Have the database count its rows anew: by old counts it would search whole cities for a box.

    A database that was never told counts takes the index of editions for the best; SQLite reads
    a sample of each index and no more.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_SAMPLE}")
        cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def _execute_many(table: str, columns: list[str], rows: pd.DataFrame) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("%s" for _ in columns)
    values = zip(*(_plain(rows[name]) for name in rows.columns), strict=True)
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values))  # noqa: S608 - names of our own models


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Return a column's cells as Python's own values, None for the missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        days = np.datetime_as_string(column.to_numpy(dtype="datetime64[D]"))
        return [None if day == "NaT" else day for day in days.tolist()]
    values = column.astype(object)
    return values.where(column.notna(), None).to_list()


def _copy(table: str, columns: list[str], rows: pd.DataFrame) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    arrays = [_arrow(rows[name]) for name in rows.columns]
    written = io.BytesIO()
    csv.write_csv(
        pa.table(dict(zip(columns, arrays, strict=True))),
        written,
        csv.WriteOptions(include_header=False, quoting_style="needed"),
    )
    words = f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)'
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(words) as copy:
        copy.write(written.getbuffer())


def _arrow(column: pd.Series[Any]) -> pa.Array:
    """Return a column as CSV writes it; shapes become hexadecimal digits, which PostGIS reads."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return pa.array(column.to_numpy(dtype="datetime64[D]"))
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column.astype("str"), from_pandas=True)
    first = column.dropna().head(1)
    if len(first) and isinstance(first.iloc[0], bytes):
        return pa.array([None if shape is None else shape.hex() for shape in column])
    return pa.array(column, from_pandas=True)
