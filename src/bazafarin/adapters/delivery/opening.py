"""A file, a folder or a zip as the list of the files and layers in it.

Zips are unpacked into a folder that goes when reading ends: old zips name their files in
code pages that GDAL cannot tell, and a GeoPackage inside a zip is slow to jump about in.
"""

from __future__ import annotations

import lzma
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.delivery import source_file
from bazafarin.adapters.delivery.synonyms import layer_names, name_key
from bazafarin.adapters.plan_folder import PLAN_FILES, is_of_a_plan
from bazafarin.domain.errors import DeliveryError
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.delivery.drivers import Formats
    from bazafarin.adapters.delivery.ledger import Ledger
    from bazafarin.adapters.delivery.source_file import FileLayer

SUFFIXES: Final = frozenset(
    {
        ".gpkg", ".shp", ".geojson", ".json", ".topojson", ".parquet", ".geoparquet", ".gdb",
        ".fgb", ".kml", ".kmz", ".gml", ".tab", ".mif", ".dxf", ".dgn", ".sqlite", ".csv",
        ".tsv", ".xlsx", ".ods", ".gpx", ".mbtiles", ".osm", ".pbf", ".e00", ".vrt", ".zip",
    }
)  # fmt: skip
"""What is looked into in a folder; a file named by itself may have any."""

_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What a broken, cut or odd archive raises; each compression has a word of its own."""

_LOCKED: Final = 0x1
_UTF_8_NAME: Final = 0x800


@dataclass(frozen=True, slots=True)
class Opened:
    """A delivery whose files can be read.

    ``folder`` is where a mapping's sources are looked for; ``layers`` is every layer that
    a file holds; ``formats`` are the ones that its reader trusts.
    """

    path: Path
    folder: Path
    layers: tuple[FileLayer, ...]
    formats: Formats


@contextmanager
def opened(source: Path, ledger: Ledger, formats: Formats) -> Iterator[Opened]:
    """Open a delivery and close it again; DeliveryError where there is none.

    A file that cannot be read is a problem in ``ledger``, not an end.
    """
    if not source.exists():
        raise DeliveryError("reading.no_delivery", path=source.name)
    with tempfile.TemporaryDirectory(prefix="bazafarin-") as room:
        is_folder = source.is_dir() and source.suffix.lower() != ".gdb"
        files = _unpacked(_files_in(source, ledger) if is_folder else [source], Path(room), ledger)
        layers = [
            layer
            for file in files
            for layer in _layers_of(file, ledger, formats, is_only=len(files) == 1)
        ]
        inside = Path(room) if source.suffix.lower() == ".zip" else source.parent
        folder = source if is_folder else inside
        yield Opened(source, _only_folder(folder), tuple(layers), formats)


def _files_in(folder: Path, ledger: Ledger, entered: set[Path] | None = None) -> list[Path]:
    """Return the files of a folder and its folders that may hold layers, in order of name.

    A folder that several links lead to is entered once. What an earlier plan wrote there is
    no part of the delivery.
    """
    entered = set() if entered is None else entered
    entered.add(folder.resolve())
    left = PLAN_FILES if is_of_a_plan(folder) else ()
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "__MACOSX")):
            continue
        if entry.is_dir() and entry.suffix.lower() != ".gdb":
            if entry.resolve() not in entered:
                found.extend(_files_in(entry, ledger, entered))
        elif entry.name in left:
            ledger.note("reading.of_a_plan", folder.name, file=entry.name)
        elif entry.suffix.lower() in SUFFIXES:
            found.append(entry)
    return found


def _unpacked(files: list[Path], room: Path, ledger: Ledger) -> list[Path]:
    """Return the files with each zip replaced by the files in it.

    One zip of several that cannot be unpacked is a problem in ``ledger``.
    """
    unpacked: list[Path] = []
    for place, file in enumerate(files):
        if file.suffix.lower() != ".zip":
            unpacked.append(file)
            continue
        target = room if len(files) == 1 else room / str(place)
        target.mkdir(exist_ok=True)
        try:
            _unzip(file, target)
        except _ZIP_ERRORS as error:
            _tell_unreadable(file, str(error), ledger, is_only=len(files) == 1)
            continue
        unpacked.extend(_files_in(target, ledger))
    return unpacked


def _unzip(file: Path, target: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & _LOCKED:
                raise zipfile.BadZipFile("it is locked with a password")
            entry.filename = _true_name(entry)
            archive.extract(entry, target)


def _true_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; one that is not marked UTF-8 may be that or windows-1256."""
    name = entry.filename
    if entry.flag_bits & _UTF_8_NAME or name.isascii():
        return str(PurePosixPath(name)) + ("/" if name.endswith("/") else "")
    written = name.encode("cp437")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1256", errors="replace")


def _only_folder(folder: Path) -> Path:
    """Return the folder itself, or the one folder that is all it holds."""
    if folder.suffix.lower() == ".gdb" or not folder.is_dir():
        return folder
    entries = [entry for entry in folder.iterdir() if not entry.name.startswith((".", "__MACOSX"))]
    return entries[0] if len(entries) == 1 and entries[0].is_dir() else folder


def _layers_of(file: Path, ledger: Ledger, formats: Formats, *, is_only: bool) -> list[FileLayer]:
    """Return a file's layers; one that cannot be read ends the reading where it is needed."""
    try:
        return source_file.file_layers(file, formats)
    except DeliveryError as error:
        _tell_unreadable(file, str(error.facts.get("reason", "")), ledger, is_only=is_only)
        return []


def _tell_unreadable(file: Path, reason: str, ledger: Ledger, *, is_only: bool) -> None:
    is_needed = is_only or name_key(file.stem) in layer_names()
    severity = Severity.FATAL if is_needed else Severity.NOTE
    ledger.note("reading.unreadable", file.stem, severity, file=file.name, reason=reason)
