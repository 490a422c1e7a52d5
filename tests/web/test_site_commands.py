"""The site as its keeper meets it: opened, shown, entered, ended, with clear words if it cannot."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from bazafarin.web.accounts.permissions import Role
from web_site import IS_POSTGRESQL, Site, a_port, begun, in_group, until

LOCAL = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
pytestmark = LOCAL
SECONDS = 15
"""Within which everything ends that is told to; most of it ends at once."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return a demo site that was made, and is not served."""
    folder = tmp_path_factory.mktemp("demo")
    site = Site(folder / "site")
    site.logins = folder / "logins.json"
    site.port = a_port()
    site.options = ("--logins", site.logins, "--parcels", "1000", "--workers", "1", "--port")
    with begun(site, "demo", *site.options, site.port) as process:
        site.said = process.said
    return site


def enter(port: int, user: str, password: str) -> str:
    """Sign in as a browser does and return the page that one comes to."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{port}/"
    page = browser.open(address, timeout=20)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
    form = {"csrfmiddlewaretoken": token, "username": user, "password": password}
    return browser.open(page.url, urlencode(form).encode(), timeout=20).url


def test_the_demo_says_its_address_and_a_login_for_each_role(demo) -> None:
    logins = json.loads(demo.logins.read_text(encoding="utf-8"))

    assert set(logins) == {role.value for role in Role}
    assert all(set(login) == {"user", "password"} for login in logins.values())
    assert f"http://127.0.0.1:{demo.port}/" in demo.said
    assert all(login["password"] in demo.said for login in logins.values())
    assert demo.logins.stat().st_mode & 0o077 == 0


def test_a_second_demo_serves_what_is_there_and_each_role_comes_in(demo) -> None:
    before = demo.logins.read_bytes()
    port = a_port()

    with begun(demo, "demo", *demo.options, port):
        for login in json.loads(before).values():
            assert enter(port, **login) == f"http://127.0.0.1:{port}/"

    assert demo.logins.read_bytes() == before


def test_a_lost_file_of_logins_is_written_with_new_passwords(demo, tmp_path) -> None:
    port = a_port()
    logins = tmp_path / "again.json"

    with begun(demo, "demo", "--logins", logins, "--port", port, "--workers", "1"):
        told = json.loads(logins.read_text(encoding="utf-8"))
        assert enter(port, **told["planner"]) == f"http://127.0.0.1:{port}/"

    demo.logins.write_bytes(logins.read_bytes())


def test_a_served_folder_and_a_taken_port_are_refused(demo, tmp_path) -> None:
    port = a_port()
    with begun(demo, "serve", "--port", port, "--workers", "1"):
        again = demo.run("serve", "--port", a_port())
        restored = demo.run("restore", "--force", tmp_path / "x.backup")
        other = Site(tmp_path / "other", like=demo).run("serve", "--port", port)

    assert (again.returncode, restored.returncode, other.returncode) == (8, 8, 8)
    assert "Another command is at work" in again.stderr
    assert f"Port {port} of 127.0.0.1 is taken" in other.stderr
    assert "Traceback" not in again.stderr + other.stderr


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_its_workers_and_the_job(demo, sign) -> None:
    with begun(demo, "serve", "--port", a_port(), "--workers", "2") as process:
        until(lambda: len(in_group(process.pid)) >= 4, "the server and its workers")
        began = time.monotonic()

        process.send_signal(sign)
        process.wait(SECONDS)

        until(lambda: not in_group(process.pid), "nothing left", seconds=SECONDS)
        assert time.monotonic() - began < SECONDS
        assert process.returncode == 0


def worker_of(process: subprocess.Popen[str]) -> int | None:
    found = [pid for pid, line in in_group(process.pid).items() if "jobs.worker" in line]
    return found[0] if found else None


def test_a_worker_that_dies_is_begun_again(demo) -> None:
    with begun(demo, "serve", "--port", a_port(), "--workers", "1") as process:
        first = until(lambda: worker_of(process), "a worker")

        os.kill(first, signal.SIGKILL)

        until(lambda: worker_of(process) not in {None, first}, "another worker")


def test_a_killed_server_takes_all_with_it_and_can_be_begun_again(demo) -> None:
    with begun(demo, "serve", "--port", a_port(), "--workers", "2") as process:
        until(lambda: worker_of(process), "a worker")
        process.kill()
        process.wait()

        until(lambda: not in_group(process.pid), "nothing left", seconds=SECONDS)

    port = a_port()
    with begun(demo, "serve", "--port", port, "--workers", "1"):
        assert build_opener().open(f"http://127.0.0.1:{port}/", timeout=20).status == 200


def test_an_empty_site_gets_a_first_login_that_is_changed_at_once(demo, tmp_path) -> None:
    site, port = Site(tmp_path / "site", like=demo), a_port()

    with begun(site, "serve", "--port", port, "--workers", "1") as process:
        password = re.search(r"administrator +(\S+)", process.said)[1]
        assert enter(port, "administrator", password).endswith("/password/")
        taken = site.run("administrator", "--user", "administrator")
        added = site.run("administrator", "--user", "second", "--json")

    assert taken.returncode == 2
    assert json.loads(added.stdout)["user"] == "second"
    with pytest.raises(URLError):
        build_opener().open(f"http://127.0.0.1:{port}/", timeout=5)


CANNOT = {
    "a folder that cannot be made": (["serve", "--data", "{file}/site"], 6, "site"),
    "a port that is none": (["serve", "--data", "{new}", "--port", "0"], 2, "0"),
    "an address of another machine": (
        ["serve", "--data", "{site}", "--host", "192.0.2.1"],
        8,
        "192",
    ),
    "a backup of no site": (["backup", "--data", "{new}", "--out", "{new}.b"], 2, "no site"),
    "a restore from nowhere": (["restore", "--data", "{new}", "{new}.b"], 9, "could not be read"),
    "a restore from something else": (["restore", "--data", "{new}", "{file}"], 9, "no whole"),
}


@pytest.mark.parametrize("case", CANNOT)
def test_what_cannot_be_done_is_said_in_both_languages(demo, case, tmp_path) -> None:
    words, code, named = CANNOT[case]
    (tmp_path / "file").write_text("something else")
    there = {"file": tmp_path / "file", "new": tmp_path / "new", "site": demo.data}

    done = subprocess.run(
        [sys.executable, "-m", "bazafarin", *(word.format(**there) for word in words)],
        capture_output=True, text=True, check=False, env=demo.environment,
    )  # fmt: skip

    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if "bazafarin:" in line]) == 2


@pytest.mark.parametrize(
    ("url", "code"),
    [("postgresql://nobody@%2Fnowhere/nothing", 8), ("mysql://somewhere/site", 2)],
)
def test_a_database_that_cannot_be_reached_is_named(url, code, tmp_path) -> None:
    site = Site(tmp_path / "site")
    site.environment["BAZAFARIN_DATABASE_URL"] = url

    done = site.run("serve", "--port", a_port())

    assert done.returncode == code, done.stderr
    assert "BAZAFARIN_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not IS_POSTGRESQL, reason="rows for PostgreSQL")
def test_a_restore_whose_database_cannot_be_reached_leaves_nothing(demo, tmp_path) -> None:
    out = tmp_path / "demo.backup"
    assert demo.run("backup", "--out", out).returncode == 0
    site = Site(tmp_path / "site")
    site.environment["BAZAFARIN_DATABASE_URL"] = "postgresql://nobody@%2Fnowhere/nothing"

    done = site.run("restore", out)

    assert done.returncode == 8, done.stderr
    assert "did not answer" in done.stderr
    assert site.files() == {}


@pytest.mark.skipif(IS_POSTGRESQL, reason="the file of SQLite")
def test_a_database_that_is_no_database_is_named(tmp_path) -> None:
    site = Site(tmp_path / "site")
    site.data.mkdir()
    (site.data / "site.sqlite3").write_bytes(b"something else" * 1000)

    done = site.run("serve", "--port", a_port())

    assert done.returncode == 8, done.stderr
    assert "not a database" in done.stderr


@pytest.mark.skipif(IS_POSTGRESQL, reason="no database is asked")
def test_the_commands_without_a_site_do_not_import_django(tmp_path) -> None:
    town = tmp_path / "town.gpkg"
    distances = tmp_path / "distances.csv"
    distances.write_text("from,to,cost\na,a,0\na,b,1\nb,a,1\nb,b,0\n")
    runs = [
        ["town", "--parcels", "1000", "--out", str(town)],
        ["check", str(town)],
        ["plan", str(town), "--out", str(tmp_path / "plan"), "--no-document", "--no-map"],
        ["propose", "locate", "--model", "pmedian", "--p", "1", "--distances", str(distances)],
    ]
    code = (
        "import sys\nfrom bazafarin.cli import main\n"
        f"codes = [main(words) for words in {runs!r}]\n"
        "sys.exit(any(codes[:3]) or 'django' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
