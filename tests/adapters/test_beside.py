"""Work in another process: done when the block ends, stopped where the block fails."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bazafarin.adapters.beside import beside
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path) -> None:
    path.write_text(str(os.getpid()), encoding="utf-8")


def refuse() -> None:
    raise OutputError("output.sheet_rows", sheet="parcels", rows=3, most=2)


def dawdle(path: Path) -> None:
    path.touch()
    time.sleep(600)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_work_is_done_in_another_process_when_the_block_ends(tmp_path) -> None:
    with beside(partial(write, tmp_path / "pid")):
        pass

    assert int((tmp_path / "pid").read_text(encoding="utf-8")) != os.getpid()


def test_what_the_work_raises_is_raised_with_its_facts() -> None:
    with pytest.raises(OutputError) as raised, beside(refuse):
        pass

    assert raised.value.code == "output.sheet_rows"
    assert raised.value.facts == {"sheet": "parcels", "rows": 3, "most": 2}


@pytest.mark.parametrize("error", [KeyboardInterrupt, OutputError("output.disk_full", path="x")])
def test_where_the_block_fails_the_work_is_stopped(tmp_path, error) -> None:
    began = tmp_path / "began"

    def fail() -> None:
        while not began.exists():
            time.sleep(0.01)
        raise error

    with pytest.raises(BaseException) as raised, beside(partial(dawdle, began)):  # noqa: PT011
        fail()

    assert raised.type in {KeyboardInterrupt, OutputError}
    assert not multiprocessing.active_children()


def test_a_process_that_the_system_ends_is_a_lack_of_memory() -> None:
    with pytest.raises(MemoryError), beside(die):
        pass
