"""A workbook of plain tables, right to left, with a heading that stays in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    Cell = bool | int | float | str | None

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet can hold, its heading included."""
WIDEST_COLUMN: Final = 40
"""Columns are no wider than this many characters."""
_LOOKED_AT: Final = 200
"""A column is as wide as the widest of so many first cells."""
_NOT_IN_XML: Final = {n: None for n in range(32) if n not in (9, 10, 13)}


@dataclass(frozen=True, slots=True)
class Heading:
    """The colours of the first row, as ``#rrggbb``."""

    fill: str
    ink: str


def write_workbook(
    path: Path,
    sheets: Mapping[str, Mapping[str, Sequence[Cell]]],
    *,
    title: str,
    made_on: date,
    heading: Heading,
) -> None:
    """Write ``sheets`` (columns by their names, by the sheet's name) to ``path``.

    None is an empty cell. A sheet holds ``MOST_ROWS`` at most.

    Raises:
        OutputError: a table has more rows than a sheet can hold, or the disk not the room.
    """
    # Rows are written in order and let go: memory stays flat for a city of any size.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"title": title, "created": datetime.combine(made_on, time())})
    first_row = book.add_format({"bold": True, "bg_color": heading.fill, "font_color": heading.ink})
    for name, table in sheets.items():
        _write_sheet(book, name, table, first_row)
    try:
        book.close()
    except FileCreateError as error:
        raise OutputError("output.not_writable", path=str(path), reason=str(error)) from error


def _write_sheet(
    book: Any,  # noqa: ANN401 - the library has no types
    name: str,
    table: Mapping[str, Sequence[Cell]],
    first_row: object,
) -> None:
    rows = max((len(cells) for cells in table.values()), default=0)
    if rows >= MOST_ROWS:
        raise OutputError("output.sheet_rows", sheet=name, rows=rows, most=MOST_ROWS - 1)
    sheet = book.add_worksheet(name)
    sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for at, (column, cells) in enumerate(table.items()):
        sheet.set_column(at, at, _width(column, cells[:_LOOKED_AT]))
    sheet.write_row(0, 0, table, first_row)
    # The library writes cell by cell and has no bulk call.
    for at, row in enumerate(zip(*table.values(), strict=True), start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, place, cell.translate(_NOT_IN_XML))
            elif isinstance(cell, bool):
                sheet.write_boolean(at, place, cell)
            elif cell is not None:
                sheet.write_number(at, place, cell)
    if rows:
        sheet.autofilter(0, 0, rows, len(table) - 1)


def _width(column: str, cells: Sequence[Cell]) -> int:
    """Return the width in characters that the heading and the first cells ask for."""
    longest = max([len(column), *(len(str(cell)) for cell in cells if cell is not None)])
    return min(longest + 2, WIDEST_COLUMN)
