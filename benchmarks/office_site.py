"""The site that benchmarks of the office run on: made once, kept in ``build/bench``, served here.

On SQLite the site stands in its folder; on PostgreSQL in the throw-away database that
``scripts/with_postgis.py`` starts.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from towns import KEPT_IN, town_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "planner"
_READY_S = 60.0


def make(data: Path, parcels: int, database: str) -> None:
    """Make the site of a town of so many parcels in ``data``."""
    words = (
        "import sys; from pathlib import Path\n"
        "from bazafarin.web import serving; serving.set_up(Path(sys.argv[1]))\n"
        "from bazafarin.web.demonstration import make_demo\n"
        "make_demo(Path(sys.argv[2]), Path(sys.argv[1]) / 'logins.json')\n"
    )
    town = town_file(parcels)
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", words, str(data), str(town)],
        check=True,
        env=environment(database),
    )
    print(f"the site of {parcels:,} parcels was made in {time.perf_counter() - began:.0f} s")


def environment(database: str) -> dict[str, str]:
    """Return the environment of a site on ``sqlite`` or ``postgresql``."""
    known = dict(os.environ)
    known.pop("BAZAFARIN_DATABASE_URL", None)
    if database == "postgresql":
        # scripts/with_postgis.py says it
        known["BAZAFARIN_DATABASE_URL"] = os.environ["BAZAFARIN_TEST_DATABASE_URL"]
    return known


@contextlib.contextmanager
def kept(parcels: int, database: str, *, is_new: bool = False) -> Iterator[Path]:
    """Give the folder of the site: kept for SQLite; for a throw-away PostgreSQL made anew.

    ``is_new`` asks for one that is thrown away on SQLite, too: it will be written to.
    """
    if database == "postgresql" or is_new:
        with tempfile.TemporaryDirectory(prefix="bazafarin-site-") as room:
            make(Path(room), parcels, database)
            yield Path(room)
        return
    data = KEPT_IN / f"site-{parcels}"
    if not (data / "logins.json").exists():
        make(data, parcels, database)
    yield data


@contextlib.contextmanager
def served(
    parcels: int, database: str, *, workers: int, port: int, is_new: bool = False
) -> Iterator[Path]:
    """Serve the site on this machine's loopback for as long as the block runs."""
    with (
        kept(parcels, database, is_new=is_new) as data,
        _serving(data, database, workers=workers, port=port),
    ):
        yield data


@contextlib.contextmanager
def _serving(data: Path, database: str, *, workers: int, port: int) -> Iterator[None]:
    words = [
        sys.executable, "-c", "import sys; from bazafarin.cli import main; sys.exit(main())",
        "serve", "--data", str(data), "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers),
    ]  # fmt: skip
    with subprocess.Popen(words, env=environment(database)) as server:  # noqa: S603 - our own command
        try:
            _wait_for(port)
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    sys.exit("the site did not answer")


class Visitor:
    """Somebody who signed in, on one connection that stays open."""

    def __init__(self, data: Path, port: int, *, role: str = ROLE) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        login = json.loads((data / "logins.json").read_text(encoding="utf-8"))[role]
        page = self.get("/accounts/login/")[1].decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        fields = {"username": login["user"], "password": login["password"]}
        form = urlencode({**fields, "csrfmiddlewaretoken": found[1]})
        status, _ = self._send("POST", "/accounts/login/", form)
        assert status == 302, f"signing in answered {status}"

    def get(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body of a page."""
        return self._send("GET", path, None)

    def timed(self, path: str) -> float:
        """Return the milliseconds of a page that must be there."""
        began = time.perf_counter()
        status, _ = self.get(path)
        took = (time.perf_counter() - began) * 1e3
        assert status in {200, 204}, f"{path} answered {status}"
        return took

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read()


def p95(values: list[float]) -> float:
    """Return the value below which 95 of 100 lie."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
