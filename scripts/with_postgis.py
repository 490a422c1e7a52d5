#!/usr/bin/env python3
"""Run a command beside a throw-away PostgreSQL with PostGIS, and remove it at the end.

    scripts/with_postgis.py -- pytest tests/web

The server listens on a socket in a folder of its own alone, never on a network, and its address
is in ``BAZAFARIN_TEST_DATABASE_URL``. A database server refuses to run as root; where root calls,
it runs as ``postgres``. Where none can be started this says why and ends well, without the
command; under CI (``CI`` is set) it ends with an error, so that no half of the tests is lost.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPRIVILEGED = "postgres"
SETTINGS = {
    "listen_addresses": "''",
    # what it holds is thrown away: no need to wait for a disk
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


class CannotStartError(Exception):
    """No PostgreSQL with PostGIS can be started here; says why."""


def main() -> int:
    """Run the command that stands after ``--``."""
    words = sys.argv[1:]
    words = words[1:] if words[:1] == ["--"] else words
    if not words:
        print(__doc__, file=sys.stderr)  # noqa: T201 - the output
        return 2
    signal.signal(signal.SIGTERM, _stop)
    try:
        with postgis() as url:
            environment = {**os.environ, "BAZAFARIN_TEST_DATABASE_URL": url}
            return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603 - what the caller asked for
    except CannotStartError as error:
        print(f"No PostgreSQL with PostGIS was started: {error}", file=sys.stderr)  # noqa: T201 - the output
        if os.environ.get("CI"):
            return 1
        print("Skipped without it; scripts/install_system_packages.sh installs it.")  # noqa: T201 - the output
        return 0
    except KeyboardInterrupt:
        return 130


@contextmanager
def postgis() -> Iterator[str]:
    """Start a server in a new folder and give the address of its database."""
    programs = _programs()
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="bazafarin-postgis-"))
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        _run(account, programs / "initdb", "-D", data, "-U", "bazafarin", "--auth=trust",
             "--encoding=UTF8", "--no-locale", "--no-sync")  # fmt: skip
        chosen = SETTINGS | {"unix_socket_directories": f"'{folder}'"}
        options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
        log = folder / "server.log"
        _run(account, programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            _make_database(folder)
            yield f"postgresql://bazafarin@{quote(str(folder), safe='')}/bazafarin"
        finally:
            _run(account, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_database(folder: Path) -> None:
    """Make the database; what is made from the same template later has PostGIS, too."""
    import psycopg  # noqa: PLC0415 - not needed to say why nothing can be started

    with psycopg.connect(host=str(folder), user="bazafarin", dbname="template1") as connection:
        connection.autocommit = True
        try:
            connection.execute("CREATE EXTENSION postgis")
        except psycopg.Error as error:
            raise CannotStartError(f"it has no PostGIS ({error})") from error
    with psycopg.connect(host=str(folder), user="bazafarin", dbname="postgres") as connection:
        connection.autocommit = True
        connection.execute("CREATE DATABASE bazafarin")


def _programs() -> Path:
    """Return the folder of the newest server's programs."""
    asked = shutil.which("initdb")
    if asked:
        return Path(asked).resolve().parent
    found = [
        path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parents[1].name.isdecimal()
    ]
    if not found:
        raise CannotStartError("it is not installed")
    return max(found, key=lambda path: int(path.parent.name))


def _account() -> pwd.struct_passwd | None:
    """Return whom the server runs as; None where it can run as whoever calls."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise CannotStartError(f"root calls, and there is no user {UNPRIVILEGED}") from error


def _run(account: pwd.struct_passwd | None, *words: object) -> None:
    whose = (
        {}
        if account is None
        else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    )
    done = subprocess.run(  # type: ignore[call-overload] # noqa: S603 - the server's own programs
        [str(word) for word in words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd="/",
        **whose,
    )
    if done.returncode:
        raise CannotStartError(done.stderr.strip() or f"{words[0]} ended with {done.returncode}")


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
