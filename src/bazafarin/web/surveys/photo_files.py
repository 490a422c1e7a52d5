"""Photos and other attachments among the site's files, named by what is in them.

A file is whole on the disk before any row names it, and is never changed: two answers with the
same photo share one file.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDER: Final = "attachments"
THUMBNAILS: Final = "thumbnails"
DRAFTS: Final = "drafts"


def keep(content: bytes) -> str:
    """Write a file where it is not there yet, to the disk itself; return its SHA-256."""
    name = hashlib.sha256(content).hexdigest()
    path = path_of(name)
    if path.exists():
        _sync(path.parent)  # another thread may be about to
    else:
        _write(path, content, is_safe=True)
    return name


def path_of(sha256: str) -> Path:
    """Return where a file lies."""
    return Path(settings.DATA_FOLDER) / FOLDER / sha256[:2] / sha256


def keep_of_draft(content: bytes) -> str:
    """Write a file of a draft under a name of its own and return the name.

    Drafts share no files: what one throws away is no other's.
    """
    name = secrets.token_hex(16)
    _write(draft_path(name), content, is_safe=True)
    return name


def draft_path(name: str) -> Path:
    """Return where a file of a draft lies."""
    return Path(settings.DATA_FOLDER) / FOLDER / DRAFTS / name[:2] / name


def thumbnail_path(sha256: str) -> Path:
    """Return where the smaller picture of a photo lies, once somebody has looked at it."""
    return Path(settings.DATA_FOLDER) / FOLDER / THUMBNAILS / sha256[:2] / f"{sha256}.jpg"


def keep_thumbnail(sha256: str, content: bytes) -> None:
    """Write a smaller picture; it can be made again, so it may be lost."""
    _write(thumbnail_path(sha256), content, is_safe=False)


def _write(path: Path, content: bytes, *, is_safe: bool) -> None:
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _sync(path.parent.parent)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            if is_safe:
                os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    if is_safe:
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk itself."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
