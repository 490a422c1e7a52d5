"""Progress of long work: bars with stage names on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bazafarin.adapters import wording
from bazafarin.cli import interruption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language


class Stages:
    """The stages of one run, timed, and shown as they go.

    Seconds are wall time. ``seconds`` keeps them by stage name, in order.
    """

    def __init__(
        self, names: tuple[str, ...], *, language: Language, stream: TextIO, show: Progress | None
    ) -> None:
        self.seconds: dict[str, float] = {}
        self._names = names
        self._language = language
        self._stream = stream
        self._show = show
        self._bar = None if show is None else show.add_task("", total=len(names))
        self._current: str | None = None
        self._began = 0.0

    def begin(self, name: str) -> None:
        """End the stage that runs and begin the one called ``name``; stop where told to."""
        interruption.stop_if_told()
        self.end()
        self._current, self._began = name, time.perf_counter()
        if self._show is not None and self._bar is not None:
            self._show.update(self._bar, description=self._title(name))

    def part(self, key: str, rows: int | None = None) -> None:
        """Tell what the stage that runs is at: a sentence's key and the rows worked on.

        A part is of its stage: it is not timed, and does not move the bar.
        """
        interruption.stop_if_told()
        if self._current is None:
            return
        told = wording.text(
            "cli.part_of_stage" if rows is None else "cli.part_of_stage_rows",
            self._language,
            stage=self._title(self._current),
            part=wording.text(key, self._language),
            rows=rows,
        )
        if self._show is not None and self._bar is not None:
            self._show.update(self._bar, description=told)
        else:
            self._say(told)

    def end(self) -> None:
        """End the stage that runs, if one does."""
        if self._current is None:
            return
        seconds = time.perf_counter() - self._began
        self.seconds[self._current] = self.seconds.get(self._current, 0.0) + seconds
        if self._show is not None and self._bar is not None:
            self._show.advance(self._bar)
        else:
            line = wording.text(
                "cli.stage_done",
                self._language,
                stage=self._title(self._current),
                seconds=round(seconds, 1),
            )
            self._say(line)
        self._current = None

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def _title(self, name: str) -> str:
        return wording.text(f"cli.stage.{name}", self._language)


@contextmanager
def stages(
    names: tuple[str, ...], *, language: Language, stream: TextIO | None = None
) -> Iterator[Stages]:
    """Show the stages of a run on ``stream`` (standard error) while it goes."""
    stream = stream or sys.stderr
    if not stream.isatty():
        shown = Stages(names, language=language, stream=stream, show=None)
        yield shown
        interruption.stop_if_told()
        shown.end()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as show:
        shown = Stages(names, language=language, stream=stream, show=show)
        yield shown
        interruption.stop_if_told()
        shown.end()
