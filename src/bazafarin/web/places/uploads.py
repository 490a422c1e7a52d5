"""Files that people send: their size, their kind, and what a zip unpacks to."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from django.core.files.uploadedfile import UploadedFile

DELIVERY_KINDS: Final = (".gpkg", ".zip", ".geojson", ".json", ".topojson", ".parquet", ".fgb")
"""What a delivery may be; a shapefile is several files, so it comes zipped."""
MAPPING_KINDS: Final = (".toml",)
MAPPING_MAX_BYTES: Final = 2**20
"""A mapping is a few pages of text, and is read into memory as a whole."""
PACKED_INSIDE: Final = (".zip", ".xlsx", ".ods", ".kmz")
"""Files of a zip that are packed themselves; GDAL unpacks them as it reads."""
UNPACKED_MAX_BYTES: Final = 8 * 2**30
UNPACKED_MAX_FILES: Final = 2_000
UNPACKED_MAX_RATIO: Final = 200
"""No honest layer packs tighter than this; a bomb does."""
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
"""What a broken, cut or locked archive raises."""


def check(upload: UploadedFile[Any], *, kinds: tuple[str, ...]) -> None:
    """Raise UsageError where a file is of another kind than ``kinds``, or too large."""
    sent = upload.name or ""
    suffix = PurePosixPath(sent).suffix.lower()
    if suffix not in kinds:
        raise UsageError("web_places.error.file_kind", file=sent, kinds=list(kinds))
    most = MAPPING_MAX_BYTES if suffix in MAPPING_KINDS else settings.UPLOAD_MAX_BYTES
    if (upload.size or 0) > most:
        raise UsageError(
            "web_places.error.file_large",
            file=sent,
            mib=(upload.size or 0) // 2**20,
            most_mib=most // 2**20,
        )


def keep(upload: UploadedFile[Any], folder: Path) -> str:
    """Write an uploaded file into ``folder`` under a name of ours, and return the name.

    Raises:
        UsageError: a zip that is broken, unpacks to too much or to places outside its folder.
    """
    sent = upload.name or ""
    suffix = PurePosixPath(sent).suffix.lower()
    name = f"{'mapping' if suffix == '.toml' else 'delivery'}{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    if suffix == ".zip":
        try:
            check_zip(path, sent)
        except UsageError:
            path.unlink()
            raise
    return name


def check_zip(path: Path, sent: str) -> None:
    """Raise where a zip is broken, would fill the disk, or would write outside its folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_unpacked(entries, sent)
            _check_inside(archive, entries, sent)
    except (*_ZIP_ERRORS, OSError) as error:
        raise UsageError("web_places.error.zip_broken", file=sent) from error
    for entry in entries:
        inside = PurePosixPath(entry.filename.replace("\\", "/"))
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        is_named = bool(inside.parts)
        outside = inside.is_absolute() or ".." in inside.parts
        if not is_named or outside or ":" in inside.parts[0] or is_link:
            raise UsageError("web_places.error.zip_path", file=sent, entry=entry.filename)


def _check_inside(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], sent: str) -> None:
    """Raise where a packed file of a zip is a bomb, or has one packed once more in it."""
    every = list(entries)
    for entry in filter(_is_packed, entries):
        with archive.open(entry) as file:
            if not zipfile.is_zipfile(file):
                continue  # it is told as unreadable where it is read
            with zipfile.ZipFile(file) as inner:
                inside = inner.infolist()
        every += inside
        _check_unpacked(inside, sent)
        _check_unpacked(every, sent)
        for again in filter(_is_packed, inside):
            raise UsageError("web_places.error.zip_path", file=sent, entry=again.filename)


def _is_packed(entry: zipfile.ZipInfo) -> bool:
    return PurePosixPath(entry.filename).suffix.lower() in PACKED_INSIDE


def _check_unpacked(entries: Sequence[zipfile.ZipInfo], sent: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if (
        unpacked > UNPACKED_MAX_BYTES
        or len(entries) > UNPACKED_MAX_FILES
        or unpacked / packed > UNPACKED_MAX_RATIO
    ):
        raise UsageError("web_places.error.zip_bomb", file=sent, mib=unpacked // 2**20)
