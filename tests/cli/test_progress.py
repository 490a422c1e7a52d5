"""Progress: each stage is timed once, and what it is at refines its line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document import write as document
from bazafarin.cli import main
from bazafarin.cli.progress import stages

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TOWN_PARTS = ("streets", "buildings", "layers", "writing")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_part_is_a_line_of_its_stage_and_is_not_timed() -> None:
    stream = io.StringIO()

    with stages(("read", "tables"), language="en", stream=stream) as shown:
        shown.begin("read")
        shown.part("reading.stage.open")
        shown.part("reading.stage.parcels", 750_000)
        shown.begin("tables")

    assert list(shown.seconds) == ["read", "tables"]
    assert stream.getvalue().splitlines() == [
        "Reading the layers: Opening the delivery",
        "Reading the layers: Reading the parcels (750,000 rows)",
        f"Reading the layers: {shown.seconds['read']:.1f} s",
        f"Writing tables: {shown.seconds['tables']:.1f} s",
    ]


def test_a_part_outside_any_stage_says_nothing() -> None:
    stream = io.StringIO()

    with stages(("read",), language="en", stream=stream) as shown:
        shown.part("reading.stage.open")

    assert stream.getvalue() == ""


def test_on_a_terminal_a_part_is_beside_the_bar_and_leaves_no_line() -> None:
    terminal = _Terminal()

    with stages(("read",), language="en", stream=terminal) as shown:
        shown.begin("read")
        shown.part("reading.stage.parcels", 1_200)

    assert "Reading the layers: Reading the parcels (1,200 rows)" in terminal.getvalue()
    assert list(shown.seconds) == ["read"]


def test_every_stage_and_part_has_its_words() -> None:
    parts = [f"cli.part.town.{name}" for name in TOWN_PARTS]
    parts += [f"cli.part.document.{name}" for name in document.STAGES]

    assert [key for key in parts if not wording.has(key)] == []


def test_the_parts_of_a_town_and_of_its_reading_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAZAFARIN_LANGUAGE", "en")
    town = tmp_path / "town.gpkg"

    assert main(["town", "--parcels", "1000", "--seed", "3", "--out", str(town)]) == 0
    told = capsys.readouterr().err
    assert [wording.text(f"cli.part.town.{name}", "en") in told for name in TOWN_PARTS] == [
        True
    ] * 4

    assert main(["check", str(town)]) == 0
    told = capsys.readouterr().err
    assert "Reading the layers: Reading the parcels (" in told
