"""A command that was told to stop, and a library that swallowed the word."""

from __future__ import annotations

import io
import os
import signal

import pytest

from bazafarin.cli import interruption
from bazafarin.cli.progress import Stages, stages


@pytest.fixture
def told(monkeypatch):
    """Tell this process to stop, and swallow what is raised."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(interruption, "_told", [])
    interruption.heed()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("told")
def test_a_word_that_was_swallowed_counts_at_the_next_stage() -> None:
    shown = Stages(("read",), language="en", stream=io.StringIO(), show=None)

    with pytest.raises(KeyboardInterrupt):
        shown.begin("read")


@pytest.mark.usefixtures("told")
def test_a_word_that_was_swallowed_in_the_last_stage_counts_before_its_results_are_kept() -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        stages(("read",), language="en", stream=io.StringIO()),
    ):
        pass


@pytest.mark.usefixtures("told")
def test_the_next_command_begins_untold() -> None:
    interruption.heed()

    interruption.stop_if_told()
