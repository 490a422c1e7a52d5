"""Whose eyes the files of a site are for."""

from __future__ import annotations

import os

from bazafarin.web.opening import held


def test_what_is_written_into_a_folder_open_to_all_is_for_its_owner_alone(tmp_path) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        with held(tmp_path):
            (tmp_path / "site.sqlite3").touch()
            (tmp_path / "editions").mkdir()
        (tmp_path / "after").touch()
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes["site.sqlite3"] == 0o600
    assert modes["editions"] == 0o700
    assert modes["after"] == 0o644


def test_what_an_earlier_program_left_open_to_others_is_closed(tmp_path) -> None:
    (tmp_path / "editions").mkdir(mode=0o755)
    (tmp_path / "site.sqlite3").touch(mode=0o644)
    away = tmp_path.parent / "of-others"
    away.touch(mode=0o644)
    (tmp_path / "link").symlink_to(away)

    with held(tmp_path):
        pass

    assert (tmp_path / "editions").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "site.sqlite3").stat().st_mode & 0o777 == 0o600
    assert away.stat().st_mode & 0o777 == 0o644
