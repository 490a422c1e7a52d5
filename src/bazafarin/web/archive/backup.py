"""A whole site in one file, made while the site runs."""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from bazafarin import __version__
from bazafarin.adapters.plan_folder import writing
from bazafarin.domain.errors import OutputError, SiteError, UsageError
from bazafarin.web.archive import tables
from bazafarin.web.archive.manifest import DATABASE, FILES, FORMAT, MANIFEST, Manifest
from bazafarin.web.archive.swap import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SITE: Final = "site.sqlite3"
"""The database of a site on SQLite, within its folder."""
_AT_ONCE: Final = 2**20


def back_up(out: Path, *, on_stage: Callable[[str], None] = lambda _: None) -> dict[str, int]:
    """Write the site that was opened to ``out``; return how many bytes and parts it has.

    The rows are those of one moment; the files follow, and everything that the rows name is
    among them, since a file is there before its row is and stays as long as it.

    Raises:
        UsageError: the file would lie within the site, or is something else already.
        OutputError: it cannot be written; an earlier backup there is untouched.
    """
    data: Path = settings.DATA_FOLDER
    _check_place(out, data)
    aside = out.with_name(f".{out.name}.part")
    copy = out.with_name(f".{out.name}.sqlite3.part")
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("ab") as held:
            _hold(held, out)
            try:
                aside.chmod(0o600)  # it holds what only some may see, and the site's secret
                held.truncate(0)
                parts = _write(aside, data, copy, on_stage)
                aside.replace(out)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
            finally:
                copy.unlink(missing_ok=True)
                # SQLite leaves it where the disk filled up beneath it
                copy.with_name(f"{copy.name}-journal").unlink(missing_ok=True)
    return {"parts": parts, "bytes": out.stat().st_size}


def _write(aside: Path, data: Path, copy: Path, on_stage: Callable[[str], None]) -> int:
    digests: dict[str, str] = {}
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        on_stage("rows")
        columns: dict[str, list[str]] = {}
        with tables.one_moment():
            steps = tables.steps_taken()
            if connection.vendor == "postgresql":
                columns = tables.tables_there()
                for name, of_table in columns.items():
                    with _part(archive, f"{DATABASE}{name}", digests) as write:
                        tables.rows_out(name, of_table, write)
        if connection.vendor == "sqlite":
            _copy_of_sqlite(data / SITE, copy)
            with _part(archive, f"{DATABASE}{SITE}", digests) as write:
                _pour(copy, write)
        on_stage("files")
        for path in _files(data):
            with _part(archive, f"{FILES}{path.relative_to(data).as_posix()}", digests) as write:
                _pour(path, write)
        manifest = Manifest(
            format=FORMAT,
            made_by=__version__,
            made_at=datetime.now(UTC).isoformat(),
            vendor=connection.vendor,
            migrations=steps,
            tables=columns,
            parts=digests,
        )
        archive.writestr(MANIFEST, manifest.written())
    return len(digests)


def _copy_of_sqlite(source: Path, copy: Path) -> None:
    """Copy a database that others write to, as of one moment: they go on, and it is whole."""
    copy.unlink(missing_ok=True)
    try:
        with (
            sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True) as live,
            sqlite3.connect(copy) as kept,
        ):
            copy.chmod(0o600)
            live.backup(kept)
            kept.execute("PRAGMA journal_mode=DELETE")
        live.close()
        kept.close()
    except sqlite3.Error as error:
        said = str(error)
        if "full" in said or "I/O" in said:
            raise OutputError("output.disk_full", path=str(copy.parent)) from error
        raise SiteError("site.database", reason=said) from error


def _files(data: Path) -> Iterator[Path]:
    """Yield the files of a site but its database, which is copied in its own way."""
    for top in entries(data):
        if top.name.startswith(SITE):
            continue
        every = sorted(top.rglob("*")) if top.is_dir() else [top]
        hidden = (path for path in every if path.is_file() and not path.is_symlink())
        yield from (
            p for p in hidden if not any(n.startswith(".") for n in p.relative_to(data).parts)
        )


@contextmanager
def _part(
    archive: zipfile.ZipFile, name: str, digests: dict[str, str]
) -> Iterator[Callable[[bytes], None]]:
    """Give what writes one part; its digest is kept when it is whole."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:

        def write(some: bytes) -> None:
            digest.update(some)
            part.write(some)

        yield write
    digests[name] = digest.hexdigest()


def _pour(path: Path, write: Callable[[bytes], None]) -> None:
    with path.open("rb") as file:
        while some := file.read(_AT_ONCE):
            write(some)


def _hold(held: IO[bytes], out: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SiteError("site.backup_runs", path=str(out)) from error


def _check_place(out: Path, data: Path) -> None:
    if out.resolve().is_relative_to(data.resolve()):
        raise UsageError("usage.backup_inside", path=str(out), data=str(data))
    if out.is_dir():
        raise UsageError("usage.backup_folder", path=str(out))
    if out.exists() and out.stat().st_size and not is_backup(out):
        raise UsageError("usage.backup_not_ours", path=str(out))


def is_backup(path: Path) -> bool:
    """Return whether a file looks like one of ours, finished."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return MANIFEST in archive.namelist()
