"""The tests' own database server: where none can be started that is said, and CI fails."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "with_postgis.py"


@pytest.fixture
def with_postgis(monkeypatch):
    """Return the script as it runs on a machine without PostgreSQL."""
    told = importlib.util.spec_from_file_location("with_postgis", SCRIPT)
    script = importlib.util.module_from_spec(told)
    told.loader.exec_module(script)

    def none() -> Path:
        raise script.CannotStartError("it is not installed")

    monkeypatch.setattr(script, "_programs", none)
    monkeypatch.setattr(script.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["with_postgis.py", "--", "false"])
    return script


def test_without_a_server_the_tests_on_it_are_skipped_with_a_reason(
    with_postgis, monkeypatch, capsys
) -> None:
    monkeypatch.delenv("CI", raising=False)

    assert with_postgis.main() == 0
    assert "it is not installed" in capsys.readouterr().err


def test_without_a_server_ci_fails(with_postgis, monkeypatch) -> None:
    monkeypatch.setenv("CI", "true")

    assert with_postgis.main() == 1
