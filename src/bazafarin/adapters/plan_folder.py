"""A folder of results that is whole or not there: written aside, then moved into place."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

PLAN_FILES = (
    "plan.gpkg",
    "plan.xlsx",
    "findings.json",
    "document.pdf",
    "map.html",
    "reading_report.html",
    "reading_report.json",
)
"""Everything that a plan may write; what a new plan does not write is taken away with the old."""

ALWAYS_WRITTEN = "reading_report.json"
"""Every run that writes at all writes this: a folder without it holds nothing of ours."""


@contextmanager
def written_aside(folder: Path, *, names: Collection[str] = PLAN_FILES) -> Iterator[Path]:
    """Give a new folder beside ``folder`` to write in, and move its files there at the end.

    Nothing in ``folder`` changes unless the block ends without an error; then each file of
    ``names`` is replaced by the new one, or removed where there is none, so that files of
    two plans never stand side by side. Other files in ``folder`` are left alone.

    Raises:
        OutputError: the folder cannot be written, the disk is full, or a file of these names
            stands there that no plan wrote.
    """
    aside = _free_name_beside(folder, names)
    try:
        with writing(folder):
            # made within the block: whoever stops it at this very moment leaves nothing either
            aside.mkdir(mode=0o700)
            yield aside
            _move_into_place(aside, folder, names)
    except OutputError as error:
        # The reader knows the folder asked for, not the one beside it.
        error.facts = {
            name: fact.replace(str(aside), str(folder)) if isinstance(fact, str) else fact
            for name, fact in error.facts.items()
        }
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def is_of_a_plan(folder: Path) -> bool:
    """Return whether a plan or a check has written in ``folder`` before."""
    return (folder / ALWAYS_WRITTEN).exists()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's word on a failed write to ``path`` into the reader's."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise OutputError("output.disk_full", path=str(path)) from error
        reason = error.strerror or str(error)
        raise OutputError("output.not_writable", path=str(path), reason=reason) from error


def _free_name_beside(folder: Path, names: Collection[str]) -> Path:
    with writing(folder):
        if folder.exists() and not folder.is_dir():
            raise OutputError("output.not_a_folder", path=str(folder))
        if not is_of_a_plan(folder) and (
            own := [name for name in names if (folder / name).exists()]
        ):
            raise OutputError("output.not_ours", path=str(folder), files=own)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder.parent / f".{folder.name}-{secrets.token_hex(8)}"


def _move_into_place(aside: Path, folder: Path, names: Collection[str]) -> None:
    if not folder.exists():
        aside.chmod(0o755)
        aside.rename(folder)
        return
    made = {path.name for path in aside.iterdir()}
    for name in sorted(made):
        os.replace(aside / name, folder / name)  # noqa: PTH105 - one call, atomic on one disk
    for name in set(names) - made:
        (folder / name).unlink(missing_ok=True)
