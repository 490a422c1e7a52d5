"""Any list of a page as a file: ``?format=xlsx``, ``?format=csv`` and ``?format=gpkg``.

The file holds all rows of the list that the page shows a part of: the same query, and so the
same scope. A workbook says things as the page does; a CSV and a GeoPackage keep codes, ISO dates
and plain names for programs.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse

from bazafarin.adapters import list_files
from bazafarin.adapters.list_files import ListField
from bazafarin.domain.errors import UsageError
from bazafarin.web.office.said import language, said
from bazafarin.web.office.templatetags.said import day, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.http import HttpRequest
    from shapely.geometry.base import BaseGeometry

    from bazafarin.adapters.cells import Cell

MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
}
"""The formats of a list, and the kind of each file."""
_AT_ONCE: Final = 2_000
_LONGEST: Final = 20


class Rows(Protocol):
    """The rows of a list, as a query has them."""

    def iterator(self, chunk_size: int, /) -> Iterator[Any]:
        """Yield every row, so many read at once."""

    def __getitem__(self, rows: slice, /) -> Iterable[Any]:
        """Return some of the rows."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list.

    Attributes:
        name: what programs call it.
        title: what it is called in words.
        value: what a row has of it: text, number, truth, day or moment; None is unknown.
        kind: what the value is once days and moments are texts.
        say: the words for a value, such as a code's, in a workbook; without it, as it is.
    """

    name: str
    title: str
    value: Callable[[Any], Any]
    kind: type[str | float | int | bool] = str
    say: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a file: the file's name, the sheet's title, the columns, and where rows lie.

    ``crs`` is empty for rows that have no ``shape``.
    """

    name: str
    title: str
    columns: Sequence[ListColumn]
    crs: str = ""
    shape: Callable[[Any], BaseGeometry | None] = lambda _: None


def downloaded(
    request: HttpRequest, found: Rows, listing: Callable[[], Listing]
) -> FileResponse | None:
    """Return the whole of a list as the file that the request asks for; None for a page.

    Raises:
        UsageError: it asks for a format that there is not, or for more rows than a sheet holds.
    """
    asked = request.GET.get("format")
    if asked is None:
        return None
    if asked not in MEDIA:
        known = ", ".join(MEDIA)
        raise UsageError("web_downloads.error.format", text=asked[:_LONGEST], known=known)
    told = listing()
    with tempfile.TemporaryDirectory(dir=settings.DATA_FOLDER, prefix="download-") as folder:
        path = Path(folder) / f"{told.name}.{asked}"
        if asked == "xlsx":
            _write_sheet(path, found, told)
        elif asked == "csv":
            _write_text(path, found, told)
        else:
            _write_layer(path, found, told)
        # an open file outlives its name: nothing is left behind, however the answer ends
        opened = path.open("rb")
    response = FileResponse(
        opened, as_attachment=True, filename=path.name, content_type=MEDIA[asked]
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _write_sheet(path: Path, found: Rows, told: Listing) -> None:
    if any(True for _ in found[list_files.SHEET_ROWS : list_files.SHEET_ROWS + 1]):
        raise UsageError("web_downloads.error.sheet_rows", most=list_files.SHEET_ROWS)
    list_files.write_sheet(
        path,
        told.title,
        [column.title for column in told.columns],
        (
            [_in_words(column, column.value(row)) for column in told.columns]
            for row in found.iterator(_AT_ONCE)
        ),
        right_to_left=language() == "fa",
    )


def _write_text(path: Path, found: Rows, told: Listing) -> None:
    list_files.write_text(
        path,
        [column.name for column in told.columns],
        (
            [_in_code(column.value(row)) for column in told.columns]
            for row in found.iterator(_AT_ONCE)
        ),
    )


def _write_layer(path: Path, found: Rows, told: Listing) -> None:
    rows = found.defer(None) if told.crs and isinstance(found, QuerySet) else found
    list_files.write_layer(
        path,
        told.name,
        [ListField(column.name, column.kind) for column in told.columns],
        (
            ([_in_code(column.value(row)) for column in told.columns], told.shape(row))
            for row in rows.iterator(_AT_ONCE)
        ),
        crs=told.crs or None,
    )


def _in_words(column: ListColumn, value: Any) -> Cell:  # noqa: ANN401 - a cell may hold anything
    """Return a value as the page says it; numbers stay numbers, the unknown an empty cell."""
    if value is None:
        return None
    if column.say is not None:
        return column.say(value)
    if isinstance(value, bool):
        return said("units.yes" if value else "units.no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return value  # type: ignore[no-any-return]


def _in_code(value: Any) -> Cell:  # noqa: ANN401 - a cell may hold anything
    """Return a value as programs take it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value  # type: ignore[no-any-return]
