"""A site opened: whose it is while it is served, its database at hand, its tables up to date.

A data folder is served by one process at a time, which holds a lock on it for as long as it or
a worker of its lives; the system takes the lock back from whoever is killed.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import django
from django.core.management import call_command

from bazafarin.adapters.plan_folder import writing
from bazafarin.domain.errors import OutputError, SiteError, UsageError
from bazafarin.web.archive.swap import finish, is_unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK: Final = ".lock"
_OWNER_ALONE: Final = 0o077
"""The rights that nobody but the site's own user gets to a file of the site."""
_PATIENCE_S: Final = 3.0
"""Seconds that the workers of a killed server have to notice it and let go."""


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the data folder for this process and those that it forks.

    What they write there meanwhile is for their own user's eyes, whoever may enter the folder.

    Raises:
        SiteError: another process holds it.
        OutputError: the folder cannot be made or written.
    """
    with writing(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    others = os.umask(_OWNER_ALONE)
    try:
        _wait_for(lock, data)
        with told_clearly(data):
            finish(data)
            _close_to_others(data)
        yield
    finally:
        os.umask(others)
        os.close(lock)  # and not unlocked: forked workers that end must leave it to their parent


def _close_to_others(data: Path) -> None:
    """Take from others what an earlier program gave them: the rights to what lies in the folder."""
    for entry in data.iterdir():
        rights = entry.stat(follow_symlinks=False).st_mode
        if rights & _OWNER_ALONE and not entry.is_symlink():
            entry.chmod(rights & ~_OWNER_ALONE & 0o7777)


def _wait_for(lock: int, data: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise SiteError("site.in_use", path=str(data)) from error
            time.sleep(0.1)
        else:
            return


def set_up(data: Path) -> None:
    """Point Django at the site in ``data`` and bring its tables and static files up to date.

    Raises:
        SiteError: the database cannot be reached or is of a later edition.
        OutputError: the folder cannot be written, or the disk is full.
    """
    bring_up_to_date(data)
    with told_clearly(data):
        call_command("collectstatic", interactive=False, verbosity=0)


def bring_up_to_date(data: Path) -> None:
    """Point Django at the site in ``data`` and bring its tables alone up to date.

    Raises:
        SiteError, OutputError: as of ``set_up``.
    """
    look_at(data)
    with told_clearly(data):
        _check_edition()
        call_command("migrate", interactive=False, verbosity=0)


def _check_edition() -> None:
    """Raise where a later edition of the program has changed the tables already."""
    from django.apps import apps  # noqa: PLC0415 - once the settings are known
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("bazafarin.")}
    later = set(loader.applied_migrations) - set(loader.disk_migrations)
    if any(label in ours for label, _ in later):
        raise SiteError("site.later")


def look_at(data: Path) -> None:
    """Point Django at the site in ``data``, and change nothing.

    Raises:
        SiteError: the database cannot be reached.
        OutputError: the folder cannot be written.
    """
    if is_unfinished(data):
        with held(data):  # a restoring that was stopped is ended first
            pass
    os.environ["BAZAFARIN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
    with told_clearly(data):
        django.setup()
        from django.db import connection  # noqa: PLC0415 - once the settings are known

        connection.ensure_connection()


def is_there(data: Path) -> bool:
    """Return whether a site was made in ``data``: it has its secret."""
    return (data / "secret_key").exists() or is_unfinished(data)


def check_there(data: Path) -> None:
    """Raise where no site was made in ``data``: opening it would make an empty one."""
    if not is_there(data):
        raise UsageError("usage.no_site", path=str(data))


@contextmanager
def told_clearly(data: Path) -> Iterator[None]:
    """Turn what the database and the system say into the reader's words."""
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        with writing(data):
            yield
    except DatabaseError as error:
        said = str(error).strip()
        if "disk is full" in said or "No space left" in said:
            raise OutputError("output.disk_full", path=str(data)) from error
        if "readonly database" in said or "unable to open" in said:
            raise OutputError("output.not_writable", path=str(data), reason=said) from error
        raise SiteError("site.database", reason=said) from error
