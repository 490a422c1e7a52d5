"""The parts of a Shapefile against each other: GDAL drops what its table does not reach.

A ``.dbf`` that was cut in copying gives fewer rows than the ``.shp`` has shapes, and GDAL
reads those alone without a word; one that is missing leaves shapes that nothing is known of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.domain.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.adapters.delivery.ledger import Ledger

_INDEX_HEADER: Final = 100
_INDEX_ENTRY: Final = 8
_HEADER: Final = 12
_RECORDS_AT: Final = slice(4, 8)
_HEADER_LENGTH_AT: Final = slice(8, 10)
_RECORD_LENGTH_AT: Final = slice(10, 12)


def check_parts(shp: Path, layer: str, ledger: Ledger) -> None:
    """Tell a missing table; a table with fewer rows than there are shapes is a DeliveryError."""
    table, index = _beside(shp, ".dbf"), _beside(shp, ".shx")
    if table is None:
        ledger.note("reading.no_table", layer, file=shp.name)
        return
    shapes = 0 if index is None else (index.stat().st_size - _INDEX_HEADER) // _INDEX_ENTRY
    rows = _records(table)
    if rows < shapes:
        raise DeliveryError(
            "reading.table_cut",
            file=table.name,
            rows=rows,
            shapes=shapes,
            problems=ledger.problems,
        )


def _beside(shp: Path, suffix: str) -> Path | None:
    spellings = (suffix, suffix.upper(), suffix.capitalize())
    parts = (shp.with_suffix(spelling) for spelling in spellings)
    return next((part for part in parts if part.exists()), None)


def _records(table: Path) -> int:
    """Return how many whole records a DBF file holds, deleted ones too."""
    with table.open("rb") as file:
        header = file.read(_HEADER)
    stated, start, length = (
        int.from_bytes(header[at], "little")
        for at in (_RECORDS_AT, _HEADER_LENGTH_AT, _RECORD_LENGTH_AT)
    )
    held = (table.stat().st_size - start) // length if length else 0
    return max(0, min(stated, held))
