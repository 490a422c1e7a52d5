"""One job, done in this process from beginning to end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bazafarin.domain.errors import BazafarinError
from bazafarin.web.jobs import actions
from bazafarin.web.jobs.models import JobState
from bazafarin.web.jobs.registry import kind_of

if TYPE_CHECKING:
    from bazafarin.web.jobs.models import Job

_log = logging.getLogger(__name__)


def run(job: Job) -> None:
    """Do the job and write down how it ended; a fault of the program is logged and said.

    A job that is stopped with the server, and not cancelled, is left to be buried: putting its
    things away could take longer than whoever stops the server waits.
    """
    try:
        result = kind_of(job).work(job, lambda stage: actions.tell_stage(job, stage))
    except KeyboardInterrupt:
        job.refresh_from_db(fields=["is_cancel_asked"])
        if job.is_cancel_asked:
            actions.end(job, JobState.CANCELLED)
    except BazafarinError as error:
        facts = {name: _plain(fact) for name, fact in error.facts.items()}
        actions.end(job, JobState.FAILED, error={"code": error.code, "facts": facts})
    except MemoryError:
        actions.end(job, JobState.FAILED, error={"code": "fault.memory", "facts": {}})
    except Exception as error:  # noqa: BLE001 - the last line of defence: logged whole, and said in a sentence
        _log.exception("job %s", job)
        facts = {"kind": type(error).__name__, "message": str(error)}
        actions.end(job, JobState.FAILED, error={"code": "web_jobs.error.fault", "facts": facts})
    else:
        actions.end(job, JobState.DONE, result=result)


def _plain(fact: object) -> object:
    """Return a fact as JSON keeps it."""
    if isinstance(fact, (list, tuple)):
        return [_plain(each) for each in fact]
    return fact if isinstance(fact, (str, int, float, bool)) or fact is None else str(fact)
