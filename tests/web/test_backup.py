"""A whole site in one file, taken while it is open, and put back as it was or not at all."""

from __future__ import annotations

import json
import resource
import zipfile
from typing import TYPE_CHECKING

import pytest

from bazafarin.web.archive import swap
from bazafarin.web.archive.manifest import MANIFEST
from web_site import IS_POSTGRESQL, Site, a_port, begun, until

if TYPE_CHECKING:
    from pathlib import Path

ENDED = "SELECT state FROM jobs_job"
TOWN = ("--parcels", "1000", "--workers", "1")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site with a town, and its backup taken while it was open."""
    folder = tmp_path_factory.mktemp("backup")
    site = Site(folder / "site")
    site.backup = folder / "site.backup"
    with begun(site, "demo", *TOWN, "--logins", folder / "logins.json", "--port", a_port()):
        # its first study runs beside the server; what is compared must stand still
        until(lambda: site.ask(ENDED) == [("done",)], "the first study ended")
        site.taken = site.run("backup", "--out", site.backup)
    return site


def restored(site: Site, folder: Path) -> Site:
    other = Site(folder / "restored")
    done = other.run("restore", site.backup)
    assert done.returncode == 0, done.stderr
    return other


def test_a_backup_taken_while_the_site_is_open_restores_every_row_and_file(site, tmp_path) -> None:
    assert site.taken.returncode == 0, site.taken.stderr

    other = restored(site, tmp_path)

    assert other.rows() == site.rows()
    assert other.files() == site.files()
    assert "secret_key" in other.files()
    assert any(name.endswith("plan.gpkg") for name in other.files())
    assert len(other.ask("SELECT id FROM places_parcel")) > 900


def test_a_restored_site_goes_on_as_any_other(site, tmp_path) -> None:
    other = restored(site, tmp_path)
    with pytest.raises(Exception, match="appended and never edited"):
        other.python(
            "import django, os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'bazafarin.web.settings'\n"
            "django.setup()\nfrom bazafarin.web.audit.models import AuditEvent\n"
            "AuditEvent.objects.all().delete()"
        )

    added = other.run("administrator", "--user", "another")

    assert added.returncode == 0, added.stderr


def test_a_backup_is_for_its_owner_alone(site) -> None:
    assert site.backup.stat().st_mode & 0o077 == 0


def test_a_site_that_is_there_is_replaced_only_where_that_is_asked(site, tmp_path) -> None:
    other = restored(site, tmp_path)
    assert other.run("administrator", "--user", "later").returncode == 0
    (other.data / "files").mkdir(exist_ok=True)
    (other.data / "files" / "later.txt").write_text("later")

    refused = other.run("restore", site.backup)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert other.ask("SELECT id FROM accounts_user WHERE username = 'later'")

    done = other.run("restore", site.backup, "--force")

    assert done.returncode == 0, done.stderr
    assert other.rows() == site.rows()
    assert other.files() == site.files()


def rewritten(source: Path, target: Path, change) -> Path:
    """Return a copy of a backup with its parts (name → content) changed."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def told(parts, /, **said):
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | said).encode()


def outside(parts):
    name = "files/../../outside.txt"
    parts[name] = b"outside"
    told(parts, parts=json.loads(parts[MANIFEST])["parts"] | {name: "0"})


UNSOUND = {
    "a changed part": (lambda p: p.update({"files/secret_key": b"x"}), "files/secret_key"),
    "a part that is missing": (lambda p: p.pop("files/secret_key"), "damaged"),
    "a part too many": (lambda p: p.update({"files/more": b"x"}), "damaged"),
    "no manifest": (lambda p: p.pop(MANIFEST), "no whole backup"),
    "a manifest of something else": (lambda p: p.update({MANIFEST: b"[]"}), "damaged"),
    "a part that lies outside": (outside, "outside.txt"),
    "a later arrangement": (lambda p: told(p, format=99), "later version"),
    "steps of a later edition": (
        lambda p: told(p, migrations=[["places", "0999_later"]]),
        "later version",
    ),
}


@pytest.mark.parametrize("case", UNSOUND)
def test_a_backup_that_is_not_sound_changes_nothing(site, case, tmp_path) -> None:
    change, named = UNSOUND[case]
    unsound = rewritten(site.backup, tmp_path / "unsound.backup", change)
    before = site.rows(), site.files()

    done = site.run("restore", unsound, "--force")

    assert done.returncode == 9, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert (site.rows(), site.files()) == before
    assert not (tmp_path / "outside.txt").exists()
    assert not swap.is_unfinished(site.data)


def test_a_backup_that_was_cut_off_is_refused(site, tmp_path) -> None:
    cut = tmp_path / "cut.backup"
    cut.write_bytes(site.backup.read_bytes()[: site.backup.stat().st_size // 2])

    done = Site(tmp_path / "new").run("restore", cut)

    assert done.returncode == 9
    assert "no whole backup" in done.stderr


def test_a_backup_is_not_written_into_the_site_or_over_something_else(site, tmp_path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("a letter")

    inside = site.run("backup", "--out", site.data / "b.backup")
    over = site.run("backup", "--out", letter)
    from_inside = site.run("restore", "--force", site.data / "b.backup")

    assert (inside.returncode, over.returncode, from_inside.returncode) == (2, 2, 2)
    assert letter.read_text() == "a letter"


def test_a_disk_that_fills_up_leaves_the_earlier_backup(site, tmp_path) -> None:
    out = tmp_path / "site.backup"
    out.write_bytes(site.backup.read_bytes())

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = site.run("backup", "--out", out, preexec_fn=no_room)

    assert done.returncode == 6, done.stderr
    assert out.read_bytes() == site.backup.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["site.backup"]


def test_a_disk_that_fills_up_leaves_the_site(site, tmp_path) -> None:
    before = site.rows(), site.files()

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = site.run("restore", site.backup, "--force", preexec_fn=no_room)

    assert done.returncode == 6, done.stderr
    assert (site.rows(), site.files()) == before


@pytest.mark.skipif(not IS_POSTGRESQL, reason="the rows of the one are no rows of the other")
def test_a_backup_of_postgresql_is_not_restored_on_sqlite(site, tmp_path) -> None:
    other = Site(tmp_path / "new")
    del other.environment["BAZAFARIN_DATABASE_URL"]

    done = other.run("restore", site.backup)

    assert done.returncode == 8
    assert "postgresql" in done.stderr


def placed(folder: Path, **content: str) -> None:
    for name, text in content.items():
        (folder / name).write_text(text)


def test_a_move_that_was_stopped_is_ended_by_the_next(tmp_path) -> None:
    placed(tmp_path, old="old", both="old")
    aside = swap.begin(tmp_path)
    placed(aside, both="new", new="new")
    swap.mark_whole(tmp_path, mark="x", is_postgresql=False)
    (aside / "new").rename(tmp_path / "new")  # as far as the one that was stopped came

    swap.finish(tmp_path)

    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"both": "new", "new": "new"}


def test_files_that_were_not_all_there_are_removed(tmp_path) -> None:
    placed(tmp_path, old="old")
    placed(swap.begin(tmp_path), new="half")

    swap.finish(tmp_path)

    assert [p.name for p in tmp_path.iterdir()] == ["old"]
