"""What a backup says of itself: its versions, its tables and the digest of each of its parts."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from bazafarin.domain.errors import BackupError

MANIFEST: Final = "manifest.json"
"""Written last: a file without it was not finished."""
FORMAT: Final = 1
DATABASE: Final = "database/"
FILES: Final = "files/"


@dataclass(frozen=True)
class Manifest:
    """The first thing that is read of a backup.

    Attributes:
        format: the number of this arrangement.
        made_by: the version of the program.
        made_at: the moment in UTC, ISO.
        vendor: the database that the rows come from.
        migrations: ``(app, name)`` of each step that its tables had taken.
        tables: the columns of each table, for PostgreSQL.
        parts: the SHA-256 digest of each part by its name.
    """

    format: int
    made_by: str
    made_at: str
    vendor: str
    migrations: list[list[str]]
    tables: dict[str, list[str]]
    parts: dict[str, str]

    def written(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return what the backup says of itself.

    Raises:
        BackupError: it is none, was not finished, or is of a later arrangement.
    """
    try:
        said: dict[str, Any] = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**said)
    except KeyError as error:
        raise BackupError("backup.unfinished", path=str(path)) from error
    except (ValueError, TypeError, zipfile.BadZipFile) as error:
        raise BackupError("backup.unsound", path=str(path), part=MANIFEST) from error
    if manifest.format != FORMAT:
        raise BackupError("backup.later", path=str(path), version=manifest.made_by)
    for name in manifest.parts:
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or not name.startswith((DATABASE, FILES)):
            raise BackupError("backup.unsound", path=str(path), part=name)
    if set(archive.namelist()) != {*manifest.parts, MANIFEST}:
        raise BackupError("backup.unsound", path=str(path), part=MANIFEST)
    return manifest
