"""A workbook of plain tables, right to left, written in bulk (Office Open XML, ECMA-376).

A large city has millions of cells; a library that writes them one call at a time takes
longer for that than all the measuring does. A plain table needs little of the format: a
heading, numbers, texts and yes or no, column widths, a frozen first row and a filter.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol
from xml.sax.saxutils import escape, quoteattr

from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    Cell = bool | int | float | str | None

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet can hold, its heading included."""
WIDEST_COLUMN: Final = 40
"""Columns are no wider than this many characters."""
_LOOKED_AT: Final = 200
"""A column is as wide as the widest of so many first cells."""
_AT_ONCE: Final = 20_000
"""Rows that are joined and compressed at a time: bounds the memory."""
_FAST: Final = 3
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every part: the same tables give the same bytes."""
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_IN_XML: Final = {n: None for n in range(32) if n not in (9, 10, 13)}
_IN_XML: Final = _NOT_IN_XML | {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Heading:
    """The colours of the first row, as ``#rrggbb``."""

    fill: str
    ink: str


class _Part(Protocol):
    def write(self, data: bytes, /) -> int: ...


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
        OutputError: a table has more rows than a sheet can hold.
    """
    names = list(sheets)
    parts = {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _package_relations(),
        "docProps/core.xml": _properties(title, made_on),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _book_relations(len(names)),
        "xl/styles.xml": _styles(heading),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(_entry(name), _DECLARED + content, zipfile.ZIP_DEFLATED)
        for number, name in enumerate(names, start=1):
            entry = _entry(f"xl/worksheets/sheet{number}.xml")
            with archive.open(entry, "w", force_zip64=True) as part:
                _write_sheet(part, name, sheets[name])


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _OLDEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _FAST  # type: ignore[attr-defined]  # noqa: SLF001 - no public way before 3.13
    return entry


def _write_sheet(part: _Part, name: str, table: Mapping[str, Sequence[Cell]]) -> None:
    """Write one sheet: its view, its columns' widths, its rows and its filter."""
    rows = max((len(cells) for cells in table.values()), default=0)
    if rows >= MOST_ROWS:
        raise OutputError("output.sheet_rows", sheet=name, rows=rows, most=MOST_ROWS - 1)
    letters = [_letters(at) for at in range(len(table))]
    part.write(_opening(table).encode())
    head = zip(letters, table, strict=True)
    part.write(("<row r='1'>" + "".join(_heading_cell(*cell) for cell in head) + "</row>").encode())
    columns = [_cells(letter, table[column]) for letter, column in zip(letters, table, strict=True)]
    lines = (
        f"<row r='{at}'>{''.join(row)}</row>"
        for at, row in enumerate(zip(*columns, strict=True), start=2)
    )
    while chunk := "".join(islice(lines, _AT_ONCE)):
        part.write(chunk.encode())
    part.write(b"</sheetData>")
    if rows:
        part.write(f"<autoFilter ref='A1:{letters[-1]}{rows + 1}'/>".encode())
    part.write(b"</worksheet>")


def _opening(table: Mapping[str, Sequence[Cell]]) -> str:
    """Return what stands before the rows: right to left, the first row frozen, the widths."""
    columns = "".join(
        f"<col min='{at}' max='{at}' width='{_width(name, cells)}' customWidth='1'/>"
        for at, (name, cells) in enumerate(table.items(), start=1)
    )
    return (
        f"{_DECLARED}<worksheet xmlns='{_MAIN}'><sheetViews>"
        "<sheetView rightToLeft='1' workbookViewId='0'>"
        "<pane ySplit='1' topLeftCell='A2' activePane='bottomLeft' state='frozen'/>"
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _width(name: str, cells: Sequence[Cell]) -> int:
    seen = [len(str(cell)) for cell in cells[:_LOOKED_AT] if cell is not None]
    return min(max([len(name), *seen]) + 2, WIDEST_COLUMN)


def _letters(at: int) -> str:
    """Return the letters of the column that is ``at`` places from the first."""
    before, last = divmod(at, len(_LETTERS))
    return (_letters(before - 1) if before else "") + _LETTERS[last]


def _heading_cell(letter: str, name: str) -> str:
    return f"<c r='{letter}1' s='1' t='inlineStr'><is><t>{escape(name)}</t></is></c>"


def _cells(letter: str, cells: Sequence[Cell]) -> Iterator[str]:
    """Yield each cell below the heading; an empty string where it is unknown."""
    for at, cell in enumerate(cells, start=2):
        if cell is None:
            yield ""
        elif isinstance(cell, str):
            text = cell.translate(_IN_XML)
            yield (
                f"<c r='{letter}{at}' t='inlineStr'><is><t xml:space='preserve'>{text}</t></is></c>"
            )
        elif isinstance(cell, bool):
            yield f"<c r='{letter}{at}' t='b'><v>{cell:d}</v></c>"
        else:
            yield f"<c r='{letter}{at}'><v>{cell!r}</v></c>"


def _content_types(sheets: int) -> str:
    parts = {"/xl/workbook.xml": f"{_TYPE}sheet.main+xml", "/xl/styles.xml": f"{_TYPE}styles+xml"}
    parts |= {f"/xl/worksheets/sheet{n + 1}.xml": f"{_TYPE}worksheet+xml" for n in range(sheets)}
    parts["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides = "".join(
        f"<Override PartName='{name}' ContentType='{kind}'/>" for name, kind in parts.items()
    )
    return (
        f"<Types xmlns='{_PACKAGE}/content-types'>"
        "<Default Extension='rels' "
        "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Default Extension='xml' ContentType='application/xml'/>{overrides}</Types>"
    )


def _relations(targets: Mapping[str, str]) -> str:
    each = "".join(
        f"<Relationship Id='r{at}' Type='{kind}' Target='{target}'/>"
        for at, (target, kind) in enumerate(targets.items(), start=1)
    )
    return f"<Relationships xmlns='{_PACKAGE}/relationships'>{each}</Relationships>"


def _package_relations() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return _relations({"xl/workbook.xml": f"{_OFFICE}/officeDocument", "docProps/core.xml": core})


def _book_relations(sheets: int) -> str:
    targets = {f"worksheets/sheet{n + 1}.xml": f"{_OFFICE}/worksheet" for n in range(sheets)}
    return _relations(targets | {"styles.xml": f"{_OFFICE}/styles"})


def _book(names: list[str]) -> str:
    sheets = "".join(
        f"<sheet name={quoteattr(name)} sheetId='{at}' r:id='r{at}'/>"
        for at, name in enumerate(names, start=1)
    )
    return f"<workbook xmlns='{_MAIN}' xmlns:r='{_OFFICE}'><sheets>{sheets}</sheets></workbook>"


def _properties(title: str, made_on: date) -> str:
    when = f"{made_on.isoformat()}T00:00:00Z"
    return (
        f"<cp:coreProperties xmlns:cp='{_PACKAGE}/metadata/core-properties' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:dcterms='http://purl.org/dc/terms/' "
        "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
        f"<dc:title>{escape(title)}</dc:title>"
        f"<dcterms:created xsi:type='dcterms:W3CDTF'>{when}</dcterms:created>"
        "</cp:coreProperties>"
    )


def _styles(heading: Heading) -> str:
    """Return two styles: plain cells, and the heading's."""
    fill, ink = (f"FF{colour.removeprefix('#').upper()}" for colour in (heading.fill, heading.ink))
    font = "<sz val='11'/><name val='Calibri'/>"
    return (
        f"<styleSheet xmlns='{_MAIN}'>"
        f"<fonts count='2'><font>{font}</font>"
        f"<font><b/><sz val='11'/><color rgb='{ink}'/><name val='Calibri'/></font></fonts>"
        "<fills count='3'><fill><patternFill patternType='none'/></fill>"
        "<fill><patternFill patternType='gray125'/></fill>"
        f"<fill><patternFill patternType='solid'><fgColor rgb='{fill}'/></patternFill></fill>"
        "</fills><borders count='1'><border/></borders>"
        "<cellStyleXfs count='1'><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/>"
        "</cellStyleXfs><cellXfs count='2'>"
        "<xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0'/>"
        "<xf numFmtId='0' fontId='1' fillId='2' borderId='0' xfId='0' applyFont='1' "
        "applyFill='1'/></cellXfs><cellStyles count='1'>"
        "<cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles></styleSheet>"
    )
