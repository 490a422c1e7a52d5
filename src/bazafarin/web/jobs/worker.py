"""The process that does what waits: one job at a time, each in a process of its own.

A job's own process gives back all its memory, can be cancelled in the middle of a calculation,
and leaves the worker alive where the system kills it.

    python -m bazafarin.web.jobs.worker
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Final

import django

_LOOK_S: Final = 0.5
"""Seconds between two looks for work, and at a job that runs."""
_GRACE_S: Final = 20.0
"""Seconds that a cancelled job has to put its things away before it is ended for it."""
_SILENT: Final = timedelta(seconds=60)
"""A running job without a sign of life for so long has lost its process."""


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
    django.setup()
    if len(sys.argv) > 1:
        _do_one(int(sys.argv[1]))
        return
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid()
    try:
        while os.getppid() == parent:  # without the server there is nobody to work for
            bury_the_dead()
            if not work_once():
                time.sleep(_LOOK_S)
    except KeyboardInterrupt:
        return


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _do_one(number: int) -> None:
    """Do one job in this process, which the worker started for it."""
    from bazafarin.web.jobs.models import Job  # noqa: PLC0415 - needs Django to be set up
    from bazafarin.web.jobs.running import run  # noqa: PLC0415

    signal.signal(signal.SIGTERM, _stop)
    run(Job.objects.get(pk=number))


def work_once() -> bool:
    """Do the oldest job that waits, watching its process; return whether there was one."""
    from bazafarin.web.jobs import actions  # noqa: PLC0415
    from bazafarin.web.jobs.models import Job, JobState  # noqa: PLC0415

    job = actions.begin_next(pid=os.getpid())
    if job is None:
        return False
    words = [sys.executable, "-m", "bazafarin.web.jobs.worker", str(job.pk)]
    with subprocess.Popen(words) as process:  # noqa: S603 - our own module
        told_at: float | None = None
        try:
            while process.poll() is None:
                time.sleep(_LOOK_S)
                _beat(job.pk)
                is_asked = Job.objects.filter(pk=job.pk, is_cancel_asked=True).exists()
                if is_asked and told_at is None:
                    process.terminate()
                    told_at = time.monotonic()
                elif told_at is not None and time.monotonic() - told_at > _GRACE_S:
                    process.kill()
        except KeyboardInterrupt:
            process.terminate()
            process.wait(_GRACE_S)
            raise
    job.refresh_from_db()
    if job.is_open:  # its process ended without a word
        is_wanted = job.is_cancel_asked
        actions.end(job, JobState.CANCELLED if is_wanted else JobState.INTERRUPTED)
    return True


def _beat(number: int) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from bazafarin.web.jobs.models import Job  # noqa: PLC0415

    Job.objects.filter(pk=number).update(beat_at=timezone.now())


def bury_the_dead() -> int:
    """End the jobs that run for nobody any more, and return how many there were."""
    from django.utils import timezone  # noqa: PLC0415

    from bazafarin.web.jobs import actions  # noqa: PLC0415
    from bazafarin.web.jobs.models import Job, JobState  # noqa: PLC0415

    silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lt=timezone.now() - _SILENT)
    dead = list(silent)
    for job in dead:
        actions.end(job, JobState.INTERRUPTED)
    return len(dead)


if __name__ == "__main__":
    main()
