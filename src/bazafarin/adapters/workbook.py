"""A workbook of plain tables, right to left, with a heading that stays in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bazafarin.adapters.cells import Cell, cells
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet can hold, its heading included."""
WIDEST_COLUMN: Final = 40
"""Columns are no wider than this many characters."""
_LOOKED_AT: Final = 200
"""A column is as wide as the widest of so many first cells."""
_NUMBER_CHARACTERS: Final = 8
"""Room for a number of the size of a district's area."""
_NOT_IN_XML: Final = {n: None for n in range(32) if n not in (9, 10, 13)}


@dataclass(frozen=True, slots=True)
class Heading:
    """The colours of the heading, as ``#rrggbb``: its ground and its words."""

    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet.

    Attributes:
        title: its name in the first row.
        cells: its cells; None is an empty one, and unknown in a column of a frame.
        note: what a reader sees who rests on its name; empty for none.
        number_format: how a spreadsheet shows its numbers, ``#,##0``; empty as they are.
    """

    title: str
    cells: Sequence[Cell] | pd.Series[Any]
    note: str = ""
    number_format: str = ""


def write_workbook(
    path: Path,
    sheets: Mapping[str, Sequence[SheetColumn]],
    *,
    title: str,
    made_on: date,
    heading: Heading,
) -> None:
    """Write ``sheets`` by their names to ``path``; a sheet holds ``MOST_ROWS`` at most.

    Raises:
        OutputError: a table has more rows than a sheet can hold, or the disk not the room.
    """
    # Rows are written in order and let go: memory stays flat for a city of any size.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"title": title, "created": datetime.combine(made_on, time())})
    bold = {"bold": True, "bg_color": heading.fill, "font_color": heading.ink, "valign": "vcenter"}
    first_row = book.add_format(bold)
    for name, columns in sheets.items():
        _write_sheet(book, name, columns, first_row)
    try:
        book.close()
    except FileCreateError as error:
        raise OutputError("output.not_writable", path=str(path), reason=str(error)) from error


def _write_sheet(
    book: Any,  # noqa: ANN401 - the library has no types
    name: str,
    columns: Sequence[SheetColumn],
    first_row: object,
) -> None:
    contents = [_cells(column) for column in columns]
    rows = max(map(len, contents), default=0)
    if rows >= MOST_ROWS:
        raise OutputError("output.sheet_rows", sheet=name, rows=rows, most=MOST_ROWS - 1)
    sheet = book.add_worksheet(name)
    sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    shown = {column.number_format for column in columns if column.number_format}
    formats = {code: book.add_format({"num_format": code}) for code in sorted(shown)}
    for at, (column, content) in enumerate(zip(columns, contents, strict=True)):
        width = _width(column.title, content)
        sheet.set_column(at, at, width, formats.get(column.number_format))
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.title, first_row)
        if column.note:
            sheet.write_comment(0, at, column.note)
    # The library writes cell by cell and has no bulk call.
    looks = [formats.get(column.number_format) for column in columns]
    for at, row in enumerate(zip(*contents, strict=True), start=1):
        for place, cell in enumerate(row):
            _write_cell(sheet, at, place, cell, looks[place])
    if rows:
        sheet.autofilter(0, 0, rows, len(columns) - 1)


def _write_cell(
    sheet: Any,  # noqa: ANN401 - the library has no types
    row: int,
    place: int,
    cell: Cell,
    look: object,
) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, cell.translate(_NOT_IN_XML))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif cell is not None:
        sheet.write_number(row, place, cell, look)


def _cells(column: SheetColumn) -> Sequence[Cell]:
    return cells(column.cells) if isinstance(column.cells, pd.Series) else column.cells


def _width(title: str, content: Sequence[Cell]) -> int:
    """Return the width in characters that a heading and the first cells ask for."""
    # A number is shown in its format, far shorter than all its digits.
    texts = [cell for cell in content[:_LOOKED_AT] if isinstance(cell, str)]
    longest = max(len(text) for text in (title, *texts))
    return min(max(longest, _NUMBER_CHARACTERS) + 2, WIDEST_COLUMN)
