"""Work in another process: done when the block ends, stopped where the block fails."""

from __future__ import annotations

import multiprocessing
import os
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bazafarin.adapters import workbook
from bazafarin.adapters.beside import beside
from bazafarin.domain.errors import OutputError

# The other process imports what it is to do: it takes functions of modules, and no test's own.


def test_the_work_is_done_when_the_block_ends(tmp_path) -> None:
    with beside(partial(Path.write_text, tmp_path / "note", "here", "utf-8")):
        pass

    assert (tmp_path / "note").read_text(encoding="utf-8") == "here"


def test_what_the_work_raises_is_raised_with_its_facts(tmp_path) -> None:
    too_long = [workbook.SheetColumn("x", range(workbook.MOST_ROWS))]
    refused = partial(
        workbook.write_workbook,
        tmp_path / "a.xlsx",
        {"parcels": too_long},
        title="",
        made_on=date(2025, 11, 21),
        heading=workbook.Heading(fill="#000000", ink="#ffffff"),
    )

    with pytest.raises(OutputError) as raised, beside(refused):
        pass

    assert raised.value.code == "output.sheet_rows"
    assert raised.value.facts["sheet"] == "parcels"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OutputError("output.disk_full", path="x")])
def test_where_the_block_fails_the_work_is_stopped(error) -> None:
    began = time.monotonic()

    with pytest.raises((KeyboardInterrupt, OutputError)), beside(partial(time.sleep, 600)):
        raise error

    assert not multiprocessing.active_children()
    assert time.monotonic() - began < 300


def test_a_process_that_the_system_ends_is_a_lack_of_memory() -> None:
    with pytest.raises(MemoryError), beside(os.abort):
        pass
