"""A site of its own for the tests of what happens to processes, files and databases."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

import psycopg

SERVER = os.environ.get("BAZAFARIN_TEST_DATABASE_URL", "")
IS_POSTGRESQL = bool(SERVER)
PATIENCE_S = 60


class Site:
    """A data folder, and on PostgreSQL a database of its own."""

    def __init__(self, data: Path, *, like: Site | None = None) -> None:
        self.data = data
        if like is not None:  # its packed static files take long to make
            shutil.copytree(like.data / "static", data / "static")
        self.url = _new_database() if IS_POSTGRESQL else ""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("BAZAFARIN_", "DJANGO_"))}
        self.environment = kept | {"BAZAFARIN_LANGUAGE": "en", "BAZAFARIN_DATA": str(data)}
        if self.url:
            self.environment["BAZAFARIN_DATABASE_URL"] = self.url

    def words(self, command: str, *words: object) -> list[str]:
        """Return the words of a command on this site."""
        told = [sys.executable, "-m", "bazafarin", command, "--data", self.data, *words]
        return [str(word) for word in told]

    def run(self, command: str, *words: object, **options) -> subprocess.CompletedProcess[str]:
        """Run a command on this site to its end."""
        return subprocess.run(
            self.words(command, *words),
            capture_output=True, text=True, check=False, env=self.environment, **options,
        )  # fmt: skip

    def begin(self, command: str, *words: object) -> subprocess.Popen[str]:
        """Begin a command in a group of its own, so that all of it can be killed."""
        return begin(self.words(command, *words), self.environment)

    def python(self, code: str) -> str:
        """Run some code on this site and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=False, env=self.environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query; none where there is no such table yet."""
        if self.url:
            with psycopg.connect(self.url) as connection:
                return connection.execute(query).fetchall()
        database = self.data / "site.sqlite3"
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def tables(self) -> list[str]:
        """Return the names of the site's tables; the R-trees are made from them."""
        query = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename <> 'spatial_ref_sys'"
            if self.url
            else "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%rtree%'"
            " AND name NOT LIKE 'sqlite%'"
        )
        return sorted(name for (name,) in self.ask(query))

    def rows(self) -> dict[str, list[str]]:
        """Return every row of every table."""
        return {
            name: sorted(map(repr, self.ask(f'SELECT * FROM "{name}"')))  # noqa: S608 - our own
            for name in self.tables()
        }

    def files(self) -> dict[str, bytes]:
        """Return every file that the site keeps, but its database and what is made again."""
        return {
            str(path.relative_to(self.data)): path.read_bytes()
            for path in sorted(self.data.rglob("*"))
            if path.is_file()
            and not path.name.startswith(("site.sqlite3", "."))
            and "static" not in path.relative_to(self.data).parts
        }


def begin(words: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words, env=environment, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def kill(process: subprocess.Popen[str]) -> None:
    """End a process and all that it began at once, as a power cut does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def until(holds, what: str, *, seconds: float = PATIENCE_S):
    """Wait until ``holds()`` and return what it says."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if said := holds():
            return said
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {seconds} s")


def in_group(group: int) -> dict[int, str]:
    """Return the command line of each process of a group that lives."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and os.getpgid(int(entry.name)) == group:
                line = (entry / "cmdline").read_text().replace("\0", " ")
                if line:  # none of a zombie
                    found[int(entry.name)] = line
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


@contextmanager
def begun(site: Site, command: str, *words: object):
    """Give a server that listens, with what it said; it is ended at the end."""
    process = site.begin(command, *words)
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "The site is open" in line:
                break
        else:
            raise AssertionError("".join(said))
        process.said = "".join(said)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        finally:
            kill(process)


def a_port() -> int:
    """Return a port that no other test of this machine asks for.

    The ports from 32,768 on are left alone: the system gives them to connections going out, such as
    those to the database's server, and one of them may hold the port a moment later.
    """
    _port[0] += 1
    return 20_000 + (os.getpid() * 17 + _port[0]) % 12_000


_port = [0]


def _new_database() -> str:
    """Make a database on the tests' server and return its address."""
    name = f"site_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(SERVER)
    host = quote(unquote(parts.netloc.rpartition("@")[2]), safe="")
    return f"postgresql://{parts.username}@{host}/{name}"
