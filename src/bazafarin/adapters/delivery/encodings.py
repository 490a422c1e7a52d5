"""Which letters an old table's bytes stand for: a ``.cpg``, else strict UTF-8, else windows-1256.

A DBF file of GDAL's own without a ``.cpg`` is read by GDAL as latin-1, which ruins Persian
names without a word; so the bytes are looked at here first.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

UTF_8: Final = "UTF-8"
WINDOWS_1256: Final = "CP1256"

_UTF_8_PAGE: Final = "CP65001"
_HEADER: Final = 32
_DESCRIPTOR: Final = 32
_HEADER_END: Final = 0x0D
_RECORDS_AT: Final = slice(4, 8)
_HEADER_LENGTH_AT: Final = slice(8, 10)
_RECORD_LENGTH_AT: Final = slice(10, 12)
_FIRST_NON_ASCII: Final = 0x80
_LONGEST_UTF_8: Final = 4


def table_encoding(dbf: Path) -> tuple[str, bool]:
    """Return the encoding of a DBF file's text and whether it was only found by its bytes.

    A ``.cpg`` is trusted unless it says UTF-8 and the bytes cannot be that.
    """
    stated = _stated_encoding(dbf)
    if stated and codecs.lookup(stated).name != "utf-8":
        return stated, False
    found = UTF_8 if _is_utf_8(dbf.read_bytes()) else WINDOWS_1256
    return found, found != stated


def text_encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding of a text file and whether it is other than UTF-8."""
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16", True
    try:
        content.decode(UTF_8)
    except UnicodeDecodeError:
        return WINDOWS_1256, True
    return "UTF-8-SIG", False


def _stated_encoding(dbf: Path) -> str | None:
    """Return the ``.cpg``'s encoding under GDAL's name for it; None without a known one."""
    for cpg in dbf.parent.glob(f"{_escaped(dbf.stem)}.[cC][pP][gG]"):
        word = cpg.read_text(encoding="latin-1").strip().strip('"').upper()
        page = re.fullmatch(r"(?:ANSI|WINDOWS|CP|OEM)?[ _-]*(\d{3,5})", word)
        name = f"CP{page[1]}" if page else word.replace("UTF8", UTF_8)
        if name == _UTF_8_PAGE:
            return UTF_8
        try:
            codecs.lookup(name)
        except LookupError:
            return None
        return name
    return None


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)


def _is_utf_8(content: bytes) -> bool:
    """Return whether every text value is UTF-8, its last letter perhaps cut by the width."""
    texts = _text_values(content)
    return all(_decodes(value, width) for values, width in texts for value in values)


def _text_values(content: bytes) -> list[tuple[list[bytes], int]]:
    """Return the distinct non-ASCII values and the width of each text field of a DBF file."""
    start = int.from_bytes(content[_HEADER_LENGTH_AT], "little")
    length = int.from_bytes(content[_RECORD_LENGTH_AT], "little")
    if not length or start < _HEADER:
        return []
    count = min(int.from_bytes(content[_RECORDS_AT], "little"), (len(content) - start) // length)
    if count <= 0:
        return []
    table = np.frombuffer(content, np.uint8, count * length, start).reshape(count, length)
    values = []
    offset = 1
    for at in range(_HEADER, start - 1, _DESCRIPTOR):
        if content[at] == _HEADER_END:
            break
        kind, width = chr(content[at + 11]), content[at + 16]
        if kind == "C":
            values.append((_distinct_non_ascii(table[:, offset : offset + width]), width))
        offset += width
    return values


def _distinct_non_ascii(field: np.ndarray) -> list[bytes]:
    rows = field[(field >= _FIRST_NON_ASCII).any(axis=1)]
    if not len(rows):
        return []
    return [bytes(value) for value in np.unique(rows, axis=0)]


def _decodes(value: bytes, width: int) -> bool:
    try:
        value.decode(UTF_8)
    except UnicodeDecodeError as error:
        is_cut = error.reason == "unexpected end of data" and error.end == width
        return is_cut and width - error.start < _LONGEST_UTF_8
    return True
