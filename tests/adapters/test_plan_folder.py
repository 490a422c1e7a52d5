"""Outputs are whole or not there."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from bazafarin.adapters.plan_folder import written_aside
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def fill(folder: Path, content: str, *files: str) -> None:
    with written_aside(folder) as aside:
        for name in (*files, "reading_report.json"):
            (aside / name).write_text(content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "reading_report.json")


def test_outputs_appear_together(tmp_path: Path) -> None:
    fill(tmp_path / "a" / "plan", "one", "plan.gpkg", "map.html")

    assert names(tmp_path / "a" / "plan") == ["map.html", "plan.gpkg"]
    assert names(tmp_path / "a") == ["plan"]


def test_a_failure_leaves_the_earlier_outputs_and_nothing_aside(tmp_path: Path) -> None:
    fill(tmp_path / "plan", "one", "plan.gpkg")

    with pytest.raises(ZeroDivisionError), written_aside(tmp_path / "plan") as aside:
        (aside / "plan.gpkg").write_text(str(1 // 0))

    assert (tmp_path / "plan" / "plan.gpkg").read_text() == "one"
    assert names(tmp_path) == ["plan"]


def test_an_interrupted_run_leaves_nothing_aside(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), written_aside(tmp_path / "plan"):
        raise KeyboardInterrupt

    assert names(tmp_path) == []


def test_what_the_new_plan_does_not_write_goes_with_the_old(tmp_path: Path) -> None:
    fill(tmp_path / "plan", "one", "plan.gpkg", "document.pdf")
    (tmp_path / "plan" / "notes.txt").write_text("mine")

    fill(tmp_path / "plan", "two", "plan.gpkg")

    assert names(tmp_path / "plan") == ["notes.txt", "plan.gpkg"]
    assert (tmp_path / "plan" / "plan.gpkg").read_text() == "two"


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, written_aside(tmp_path / "plan"):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert caught.value.code == "output.disk_full"


def test_an_error_names_the_folder_asked_for_and_not_the_one_aside(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, written_aside(tmp_path / "plan") as aside:
        raise OutputError("output.disk_full", path=str(aside / "map.html"))

    assert caught.value.facts == {"path": str(tmp_path / "plan" / "map.html")}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("mine")

    with pytest.raises(OutputError) as caught, written_aside(tmp_path / "plan"):
        pass

    assert caught.value.code == "output.not_a_folder"
    assert (tmp_path / "plan").read_text() == "mine"


def test_a_file_that_no_plan_wrote_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "plan.gpkg").write_text("the city itself")
    (tmp_path / "document.pdf").write_text("a letter")

    with pytest.raises(OutputError) as caught:
        fill(tmp_path, "one", "plan.gpkg")

    assert caught.value.code == "output.not_ours"
    assert caught.value.facts["files"] == ["plan.gpkg", "document.pdf"]
    assert (tmp_path / "plan.gpkg").read_text() == "the city itself"


def test_a_folder_with_files_of_other_names_is_written_in(tmp_path: Path) -> None:
    (tmp_path / "parcels.gpkg").write_text("the city itself")

    fill(tmp_path, "one", "plan.gpkg")

    assert names(tmp_path) == ["parcels.gpkg", "plan.gpkg"]
