"""A list as a workbook, a CSV or a GeoPackage, written row by row: memory stays flat.

What people wrote stays text: a name that begins with ``=`` is no formula in the workbook.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import xlsxwriter

from bazafarin.adapters.brand import brand
from bazafarin.adapters.workbook import MOST_ROWS, WIDEST_COLUMN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from bazafarin.adapters.cells import Cell

SHEET_ROWS: Final = MOST_ROWS - 1
"""Rows that a sheet can hold below its heading."""
_AT_ONCE: Final = 20_000
_LONGEST_CELL: Final = 32_767
_LONGEST_NAME: Final = 31
_NOT_IN_A_NAME: Final = str.maketrans("", "", "[]:*?/\\'")
_NOT_IN_XML: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))
_LEAST_WIDTH: Final = 12
_NUMBERS: Final = re.compile(r"[-+]?\d+(\.\d+)?( [-+]?\d+(\.\d+)?)*")
"""A number, or several of a place: no spreadsheet takes them for a formula."""
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_KINDS: Final[dict[type, Any]] = {str: "str", float: "float64", int: "Int64", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class ListField:
    """A column of a list in a GeoPackage: its name and what its cells are; None is unknown."""

    name: str
    kind: type[str | float | int | bool]


def write_sheet(
    path: Path,
    name: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    right_to_left: bool,
) -> None:
    """Write one sheet of ``rows`` below their titles to ``path``; no cell is a formula.

    The caller sees to it that there are no more than ``SHEET_ROWS``.
    """
    look = brand().colour
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = {"bold": True, "bg_color": look["lapis"], "font_color": look["white"]}
    heading = book.add_format(bold)
    sheet = book.add_worksheet(name.translate(_NOT_IN_A_NAME)[:_LONGEST_NAME])
    if right_to_left:
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for at, title in enumerate(titles):
        sheet.set_column(at, at, min(max(len(title) + 2, _LEAST_WIDTH), WIDEST_COLUMN))
        sheet.write_string(0, at, title, heading)
    last = 0
    # the library writes cell by cell and has no bulk call
    for last, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            _write_cell(sheet, last, at, cell)
    if last:
        sheet.autofilter(0, 0, last, len(titles) - 1)
    book.close()


def _write_cell(sheet: Any, row: int, at: int, cell: Cell) -> None:  # noqa: ANN401 - the library has no types
    if isinstance(cell, str):
        sheet.write_string(row, at, cell.translate(_NOT_IN_XML)[:_LONGEST_CELL])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, at, cell)
    elif cell is not None:
        sheet.write_number(row, at, cell)


def write_text(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write ``rows`` below their titles to ``path`` as CSV that spreadsheets open as UTF-8.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which tells it
    that the cell is text.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(_as_text, titles))
        writer.writerows(map(_as_text, row) for row in rows)


def _as_text(cell: Cell) -> Cell:
    is_formula = (
        isinstance(cell, str)
        and cell.lstrip().startswith(_BEGINS_A_FORMULA)
        and not _NUMBERS.fullmatch(cell)
    )
    return f"'{cell}" if is_formula else cell


def write_layer(
    path: Path,
    name: str,
    fields: Sequence[ListField],
    rows: Iterable[tuple[Sequence[Cell], BaseGeometry | None]],
    *,
    crs: str | None,
) -> None:
    """Write one layer of ``rows`` to the GeoPackage ``path``; a plain table without a ``crs``."""
    is_new = True
    for some in _by_the_thousands(rows):
        columns = zip(*(cells for cells, _ in some), strict=True) if some else [()] * len(fields)
        table = pd.DataFrame(
            {
                field.name: pd.array(list(cells), dtype=_KINDS[field.kind])
                for field, cells in zip(fields, columns, strict=True)
            }
        )
        if crs is not None:
            shapes = [shape for _, shape in some]
            table = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)
        pyogrio.write_dataframe(
            table, path, layer=name, driver="GPKG", append=not is_new,
            **({"geometry_type": "Unknown"} if crs is not None else {}),
        )  # fmt: skip
        is_new = False


def _by_the_thousands(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the rows in lists; one empty list where there are none, for the columns' sake."""
    each = iter(rows)
    some = list(islice(each, _AT_ONCE))
    yield some
    while some := list(islice(each, _AT_ONCE)):
        yield some
