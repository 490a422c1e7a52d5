"""The kinds of work there are: each app registers its own when it is ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bazafarin.web.jobs.models import Job

    Work = Callable[[Job, Callable[[str], None]], Mapping[str, object]]
    Undo = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    Attributes:
        name: stored with each job.
        work: does it; is told the job and whom to tell of each stage, and returns what the page
            shows when it is done.
        stages: the wording keys of the stages, in order, from which progress is counted.
        undo: called where it did not end well, so that nothing half-done is left.
    """

    name: str
    work: Work
    stages: tuple[str, ...]
    undo: Undo


_KINDS: dict[str, Kind] = {}
_AT_START: list[Callable[[], None]] = []


def register(kind: Kind) -> None:
    """Let jobs of this kind be asked for."""
    _KINDS[kind.name] = kind


def at_start(put_away: Callable[[], None]) -> None:
    """Have ``put_away`` called when the server starts: nobody else works on the site then."""
    _AT_START.append(put_away)


def put_away_all() -> None:
    """Put away what an earlier server was stopped in the middle of."""
    for put_away in _AT_START:
        put_away()


def kind_of(job: Job) -> Kind:
    """Return the kind of a job; KeyError for one that no app registered."""
    return _KINDS[job.kind]
