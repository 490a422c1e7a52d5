"""The sheets of an XLSForm as a workbook that an office edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.brand import brand
from bazafarin.adapters.survey_form.office_form import SURVEY_COLUMNS
from bazafarin.adapters.workbook import Heading, SheetColumn, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from bazafarin.adapters.survey_form.office_form import Row, Sheets


def write_form_workbook(path: Path, sheets: Sheets, *, title: str, made_on: date) -> None:
    """Write ``sheets`` to ``path``.

    Raises:
        OutputError: the file cannot be written.
    """
    look = brand().colour
    write_workbook(
        path,
        {name: _columns(name, rows) for name, rows in sheets.items()},
        title=title,
        made_on=made_on,
        heading=Heading(fill=look["lapis"], ink=look["white"]),
    )


def _columns(name: str, rows: Sequence[Row]) -> list[SheetColumn]:
    used = dict.fromkeys(column for row in rows for column in row)
    titles = [title for title in SURVEY_COLUMNS if title in used] if name == "survey" else used
    return [SheetColumn(title, [row.get(title) for row in rows]) for title in titles]
