"""A backup checked, and put back as a whole."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import zipfile
import zlib
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import django

from bazafarin.domain.errors import BackupError, SiteError, UsageError
from bazafarin.web.archive import swap, tables
from bazafarin.web.archive.backup import SITE
from bazafarin.web.archive.manifest import DATABASE, FILES, Manifest, read_manifest
from bazafarin.web.opening import told_clearly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AT_ONCE: Final = 2**20
_UNSOUND: Final = (zipfile.BadZipFile, zlib.error, EOFError)


def restore(
    path: Path, data: Path, *, is_forced: bool, on_stage: Callable[[str], None] = lambda _: None
) -> Manifest:
    """Put the site of the backup ``path`` into ``data``, which this process holds.

    All of it is checked and brought up to date aside; the site that stands there is replaced
    at the very end, and only where ``is_forced``. Django is set up here: it must not be yet.

    Raises:
        BackupError: the file is no sound backup, or of a later edition of the program.
        UsageError: a site stands there already.
        SiteError: the backup is of the other kind of database, or the database is not reachable.
        OutputError: the folder cannot be written, or the disk is full.
    """
    if path.resolve().is_relative_to(data.resolve()):
        raise UsageError("usage.backup_inside", path=str(path), data=str(data))
    with told_clearly(data), _opened(path) as archive:
        manifest = read_manifest(archive, path)
        url = os.environ.get("BAZAFARIN_DATABASE_URL", "")
        if (manifest.vendor == "postgresql") != bool(url):
            raise SiteError("site.other_database", path=str(path), vendor=manifest.vendor)
        if not is_forced and any(swap.entries(data)):
            raise UsageError("usage.site_there", path=str(data))
        on_stage("check")
        aside = swap.begin(data)
        try:
            _unpack(archive, manifest, aside, path)
            on_stage("rows")
            _bring_up_to_date(manifest, data, archive, path, is_forced=is_forced)
        except BaseException:
            swap.finish(data)  # what was not brought to its end is removed
            raise
        on_stage("files")
        swap.finish(data)
    return manifest


def _bring_up_to_date(
    manifest: Manifest, data: Path, archive: zipfile.ZipFile, path: Path, *, is_forced: bool
) -> None:
    """Set Django up on the folder aside, and bring its tables to this edition's."""
    aside = data / swap.ASIDE
    os.environ["BAZAFARIN_DATA"] = str(aside)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - once it is set up
    from django.db import DataError, IntegrityError, connection  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    known = MigrationLoader(None).disk_migrations or {}
    if any((app, name) not in known for app, name in manifest.migrations):
        raise BackupError("backup.later", path=str(path), version=manifest.made_by)
    mark = secrets.token_hex(8)
    if manifest.vendor == "postgresql":
        if not is_forced and connection.introspection.django_table_names(only_existing=True):
            raise UsageError("usage.site_there", path=connection.settings_dict["NAME"])
        swap.mark_whole(data, mark=mark, is_postgresql=True)
        try:
            tables.put_back(manifest, lambda table: _rows(archive, table), mark=mark)
        except (IntegrityError, DataError) as error:  # rows that do not belong together
            raise BackupError("backup.unsound", path=str(path), part=DATABASE) from error
        connection.close()
    else:
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        _settle(aside / SITE)
        swap.mark_whole(data, mark=mark, is_postgresql=False)


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, aside: Path, path: Path) -> None:
    """Write the parts aside, each checked against its digest; rows for PostgreSQL stay packed."""
    for name, told in manifest.parts.items():
        digest = hashlib.sha256()
        target = _target(name, aside, manifest.vendor)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(name) as part, target.open("wb") as file:
                while some := part.read(_AT_ONCE):
                    digest.update(some)
                    file.write(some)
        except _UNSOUND as error:
            raise BackupError("backup.unsound", path=str(path), part=name) from error
        if digest.hexdigest() != told:
            raise BackupError("backup.unsound", path=str(path), part=name)
        if target.name == "secret_key":
            target.chmod(0o600)


def _target(name: str, aside: Path, vendor: str) -> Path:
    """Return where a part is written; rows for PostgreSQL are checked only, and read again."""
    if name.startswith(FILES):
        return aside / name.removeprefix(FILES)
    return Path(os.devnull) if vendor == "postgresql" else aside / name.removeprefix(DATABASE)


def _rows(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(f"{DATABASE}{table}") as part:
        while some := part.read(_AT_ONCE):
            yield some


def _settle(database: Path) -> None:
    """Leave a database in its one file, without a journal beside it."""
    with closing(sqlite3.connect(database)) as kept:
        kept.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the backup itself; what the system says of it is not of the site's folder."""
    file: IO[bytes]
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(
            "backup.unreadable", path=str(path), reason=error.strerror or str(error)
        ) from error
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except _UNSOUND as error:
            raise BackupError("backup.unfinished", path=str(path)) from error
        with archive:
            yield archive
