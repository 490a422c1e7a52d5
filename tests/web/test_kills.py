"""Killed in the middle of an import, a backup or a restore: nothing half-done is seen afterwards.

One moment of each is tried always; many more with ``make faults``.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import zipfile
from hashlib import sha256

import pytest

from bazafarin.web.archive import swap
from bazafarin.web.archive.manifest import MANIFEST
from bazafarin.web.places.preparing import STAGES
from web_site import IS_POSTGRESQL, Site, begin, kill, until

EMPTY = """
import sys
from pathlib import Path
from bazafarin.web import opening
opening.look_at(Path({data!r}))
from datetime import date
from bazafarin.web.places import actions
from bazafarin.web.places.models import City
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.archive.manifest import MANIFEST
from bazafarin.web.places.preparing import edition_folder
city = City.objects.first()
if city is None:
    actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="x", parent=None)
    city = City.objects.get()
edition = actions.begin_edition(by=None, city=city, dated=date(2025, 11, 21), note="")
folder = edition_folder(edition)
folder.mkdir(parents=True)
(folder / "delivery.gpkg").write_bytes(Path({town!r}).read_bytes())
actions.put_files(edition=edition, files={{"delivery": "delivery.gpkg"}})
print(actions.ask_to_prepare(by=None, edition=edition).pk)
"""
"""Asks for an import of a town; makes the city where there is none."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Return a town that takes a moment to stage."""
    from bazafarin.adapters.synthetic_town import write_town  # noqa: PLC0415

    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    write_town(path, parcels=10_000, seed=3, on_stage=lambda _: None)
    return path


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """Return a site with an administrator, and its backup: what each test begins from."""
    folder = tmp_path_factory.mktemp("clean")
    site = Site(folder / "site")
    assert site.run("administrator").returncode == 0
    site.backup = folder / "clean.backup"
    assert site.run("backup", "--out", site.backup).returncode == 0
    return site


@pytest.fixture
def site(clean, tmp_path):
    site = Site(tmp_path / "site")
    done = site.run("restore", clean.backup)
    assert done.returncode == 0, done.stderr
    return site


def asked(site: Site, town) -> int:
    return int(site.python(EMPTY.format(data=str(site.data), town=str(town))))


def worker(site: Site):
    return begin([sys.executable, "-m", "bazafarin.web.jobs.worker"], site.environment)


def state_of(site: Site, job: int) -> tuple[str, str]:
    return site.ask(f"SELECT state, stage FROM jobs_job WHERE id = {job}")[0]  # noqa: S608 - a number


def check_an_import_killed(site: Site, town, stage: str) -> bool:
    """Kill an import as soon as it is at ``stage``, and see that nothing of it is left.

    Its last stage may be over before it dies: then all of it is there, and False is returned.
    """
    job = asked(site, town)
    process = worker(site)
    until(lambda: state_of(site, job)[1] == stage, stage)
    kill(process)
    assert site.ask("SELECT current FROM places_city") == [(0,)]

    process = worker(site)
    until(lambda: state_of(site, job)[0] == "interrupted", "the end of the job")
    kill(process)

    is_over = site.ask("SELECT state FROM places_edition") == [("prepared",)]
    if is_over and stage == STAGES[-1]:
        assert site.ask("SELECT count(*) FROM places_parcel")[0][0] > 9_000
        return False
    assert site.ask("SELECT state FROM places_edition") == [("failed",)]
    for table in (name for name in site.tables() if name.startswith("places_")):
        if table not in {"places_city", "places_edition", "places_place"}:
            assert site.ask(f'SELECT count(*) FROM "{table}"') == [(0,)], table  # noqa: S608 - our own
    assert site.ask("SELECT id FROM places_place WHERE kind = 'neighbourhood'") == []
    return True


def check_a_next_import_is_whole(site: Site, town) -> None:
    job = asked(site, town)
    process = worker(site)
    until(lambda: state_of(site, job)[0] == "done", "the next import")
    kill(process)
    assert site.ask("SELECT count(*) FROM places_parcel")[0][0] > 9_000
    assert ("prepared",) in site.ask("SELECT state FROM places_edition")


def test_a_killed_import_leaves_nothing_and_the_next_is_whole(site, town) -> None:
    assert check_an_import_killed(site, town, STAGES[3])

    check_a_next_import_is_whole(site, town)


@pytest.mark.faults
@pytest.mark.parametrize("stage", STAGES)
def test_an_import_killed_at_any_stage_leaves_nothing(site, town, stage) -> None:
    if check_an_import_killed(site, town, stage):
        check_a_next_import_is_whole(site, town)


def is_whole(backup) -> bool:
    """Return whether each part of a backup has the digest that is told of it."""
    with zipfile.ZipFile(backup) as archive:
        parts = json.loads(archive.read(MANIFEST))["parts"]
        return all(sha256(archive.read(name)).hexdigest() == told for name, told in parts.items())


def check_a_backup_killed(site: Site, out, after_s: float) -> None:
    """Kill a backup; the one before it stays, and the next is whole."""
    earlier = out.read_bytes()
    process = site.begin("backup", "--out", out)
    until(lambda: out.with_name(f".{out.name}.part").exists() or process.poll() is not None, "it")
    time.sleep(after_s)
    kill(process)
    assert out.read_bytes() == earlier or is_whole(out)

    again = site.run("backup", "--out", out)

    assert again.returncode == 0, again.stderr
    assert is_whole(out)
    assert [path.name for path in out.parent.iterdir() if path.is_file()] == [out.name]


@pytest.fixture
def large(site, tmp_path):
    """Return a site with files that take a moment to pack, and a backup made before them."""
    out = tmp_path / "backups" / "site.backup"
    assert site.run("backup", "--out", out).returncode == 0
    kept = site.data / "files"
    kept.mkdir()
    content = bytes(range(256)) * 2**12
    for number in range(60):
        (kept / f"{number}.bin").write_bytes(content)
    return out


def test_a_killed_backup_leaves_the_earlier_one(site, large) -> None:
    check_a_backup_killed(site, large, 0.05)


@pytest.mark.faults
@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.1, 0.2, 0.3, 0.6])
def test_a_backup_killed_at_any_moment_leaves_the_earlier_one(site, large, after_s) -> None:
    check_a_backup_killed(site, large, after_s)


def check_a_restore_killed(site: Site, backup, after_s: float) -> None:
    """Kill a restore of ``backup``: the site is the old one or the new one, whole."""
    site.run("administrator", "--user", "later")
    (site.data / "files").mkdir()
    (site.data / "files" / "later.txt").write_text("later")
    old = site.rows(), site.files()
    process = site.begin("restore", "--force", backup)
    until(lambda: swap.is_unfinished(site.data) or process.poll() is not None, "the restoring")
    time.sleep(after_s)
    kill(process)

    added = site.run("administrator", "--user", "after")

    assert added.returncode == 0, added.stderr
    assert not swap.is_unfinished(site.data)
    is_old = bool(site.ask("SELECT id FROM accounts_user WHERE username = 'later'"))
    assert ("files/later.txt" in site.files()) is is_old
    if is_old:
        assert site.files() == old[1]
        assert len(site.rows()["accounts_user"]) == len(old[0]["accounts_user"]) + 1
    else:
        assert len(site.ask("SELECT id FROM accounts_user")) == 2


def test_a_killed_restore_leaves_the_old_site_or_the_new_one(site, clean) -> None:
    check_a_restore_killed(site, clean.backup, 0.2)


@pytest.mark.faults
@pytest.mark.parametrize("after_s", [0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 2.5])
def test_a_restore_killed_at_any_moment_leaves_one_whole_site(site, clean, after_s) -> None:
    check_a_restore_killed(site, clean.backup, after_s)


@pytest.mark.skipif(IS_POSTGRESQL, reason="the file of SQLite")
def test_the_journal_of_the_old_database_is_not_read_into_the_new(site, clean) -> None:
    shutil.copyfile(site.data / "site.sqlite3", site.data / "site.sqlite3-wal")
    (site.data / "site.sqlite3-shm").write_bytes(b"old")

    done = site.run("restore", "--force", clean.backup)

    assert done.returncode == 0, done.stderr
    assert not (site.data / "site.sqlite3-wal").exists()
    assert site.rows() == clean.rows()


@pytest.mark.skipif(not IS_POSTGRESQL, reason="on SQLite the folder is the database")
def test_of_two_workers_on_one_database_one_waits(site, town) -> None:
    first = worker(site)
    job = asked(site, town)
    until(lambda: state_of(site, job)[0] == "running", "the job")

    second = worker(site)
    until(lambda: state_of(site, job)[0] != "running", "the end of the job")

    assert state_of(site, job)[0] == "done"
    assert second.poll() is None
    kill(first)
    kill(second)
