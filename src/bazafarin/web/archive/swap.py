"""Restored files moved into their place, also by whoever comes after one that was stopped.

They are written in a folder of their own within the data folder. Its mark is written when all of
them are there, and from then on they are the site: what is left of the move is done by the next
who opens it. Before that they are nothing, and are removed.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASIDE: Final = ".restoring"
_WHOLE: Final = ".restoring.whole"
_NOT_KEPT: Final = ("static",)
"""What is made again whenever a site is opened."""


def entries(data: Path) -> Iterator[Path]:
    """Yield what a site keeps at the top of its folder; nothing hidden, nothing half-written."""
    for path in sorted(data.iterdir()):
        if not (
            path.name.startswith((".", "secret_key."))
            or ".upload" in path.name
            or path.name in _NOT_KEPT
        ):
            yield path


def begin(data: Path) -> Path:
    """Return the empty folder to write the restored files in."""
    aside = data / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    (data / _WHOLE).unlink(missing_ok=True)
    aside.mkdir(mode=0o700)
    return aside


def mark_whole(data: Path, *, mark: str, is_postgresql: bool) -> None:
    """Say that all restored files are there."""
    told = {
        "mark": mark,
        "is_postgresql": is_postgresql,
        "names": [path.name for path in entries(data / ASIDE)],
    }
    written = data / f"{_WHOLE}.part"
    with written.open("w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    written.replace(data / _WHOLE)


def is_unfinished(data: Path) -> bool:
    """Return whether a restoring was begun here and did not come to its end."""
    return (data / ASIDE).exists() or (data / _WHOLE).exists()


def finish(data: Path) -> None:
    """End a restoring that was begun: put its files in their place, or remove them.

    Only who holds the folder may do this. On PostgreSQL the files follow the rows: they are put
    in their place where the rows were.
    """
    aside, whole = data / ASIDE, data / _WHOLE
    if not whole.exists():
        shutil.rmtree(aside, ignore_errors=True)
        return
    from bazafarin.web.archive.tables import is_put_back  # noqa: PLC0415 - it needs Django

    told = json.loads(whole.read_text(encoding="utf-8"))
    if not told["is_postgresql"] or is_put_back(os.environ["BAZAFARIN_DATABASE_URL"], told["mark"]):
        _move(aside, data, set(told["names"]))
    shutil.rmtree(aside, ignore_errors=True)
    whole.unlink()


def _move(aside: Path, data: Path, names: set[str]) -> None:
    """Remove what is not of the restored site, then move its parts; may be begun again."""
    for old in entries(data):
        if old.name not in names:
            _remove(old)
    for name in sorted(names):
        if (aside / name).exists():
            _remove(data / name)
            (aside / name).rename(data / name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
