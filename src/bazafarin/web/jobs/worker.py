"""The process that does what waits: one job at a time, each in a process of its own.

A job's own process gives back all its memory, can be cancelled in the middle of a calculation,
and leaves the worker alive where the system kills it.

    python -m bazafarin.web.jobs.worker [PARENT [first | JOB]]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Final

import django

from bazafarin.web.jobs.registry import put_away_all

FIRST: Final = "first"
"""Said to the worker that begins with its server: nothing else works on the site yet."""
_LOOK_S: Final = 0.5
"""Seconds between two looks for work, and at a job that runs."""
_GRACE_S: Final = 20.0
"""Seconds that a cancelled job has to put its things away before it is ended for it."""
_STOP_S: Final = 2.0
"""Seconds that it has where the server stops."""
_ALONE: Final = 0x62617A61
"""The number of the lock that a worker holds on PostgreSQL."""
_SILENT: Final = timedelta(seconds=60)
"""A running job without a sign of life for so long has lost its process."""


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
    signal.signal(signal.SIGTERM, _stop)
    # told by the parent itself: it may be gone before this process can ask
    parent = int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid()
    word = sys.argv[2] if len(sys.argv) > 2 else ""  # noqa: PLR2004 - the second word
    try:
        django.setup()
        if word.isdecimal():
            _do_one(int(word), parent)
            return
        _wait_to_be_alone(parent)
        bury_the_dead(silent_for=timedelta(0))  # no other worker is alive that could run any
        if word == FIRST:
            put_away_all()
        while os.getppid() == parent:  # without the server there is nobody to work for
            bury_the_dead()
            if not work_once(parent=parent):
                time.sleep(_LOOK_S)
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told once is enough: it ends by itself
        return


def words_of_worker(word: str = "") -> list[str]:
    """Return the words that begin a worker, or one job of it, below this process."""
    module = "bazafarin.web.jobs.worker"
    return [sys.executable, "-m", module, str(os.getpid()), *([word] if word else [])]


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _do_one(number: int, worker: int) -> None:
    """Do one job in this process, which the worker started for it and which ends with it."""
    from bazafarin.web.jobs.models import Job  # noqa: PLC0415 - needs Django to be set up
    from bazafarin.web.jobs.running import run  # noqa: PLC0415

    threading.Thread(target=_end_with, args=(worker,), daemon=True).start()
    run(Job.objects.get(pk=number))


def _end_with(worker: int) -> None:
    """End this process at once where its worker is gone: nobody would see how it ends."""
    while os.getppid() == worker:
        time.sleep(_LOOK_S)
    os._exit(1)


def work_once(*, parent: int | None = None) -> bool:
    """Do the oldest job that waits, watching its process; return whether there was one.

    Where the process ``parent`` ends meanwhile, the job is ended, too.
    """
    from bazafarin.web.jobs import actions  # noqa: PLC0415
    from bazafarin.web.jobs.models import Job, JobState  # noqa: PLC0415

    job = actions.begin_next(pid=os.getpid())
    if job is None:
        return False
    with subprocess.Popen(words_of_worker(str(job.pk))) as process:  # noqa: S603 - our own module
        told_at: float | None = None
        try:
            while process.poll() is None:
                time.sleep(_LOOK_S)
                _check_lives(parent)
                _beat(job.pk)
                is_asked = Job.objects.filter(pk=job.pk, is_cancel_asked=True).exists()
                if is_asked and told_at is None:
                    process.terminate()
                    told_at = time.monotonic()
                elif told_at is not None and time.monotonic() - told_at > _GRACE_S:
                    process.kill()
        except BaseException:
            _end(process)
            raise
    job.refresh_from_db()
    if job.is_open:  # its process ended without a word
        is_wanted = job.is_cancel_asked
        actions.end(job, JobState.CANCELLED if is_wanted else JobState.INTERRUPTED)
    return True


def _wait_to_be_alone(parent: int) -> None:
    """Wait while a worker of another folder works on the same database of PostgreSQL.

    On SQLite the folder is the database, and one server holds it.
    """
    from django.db import connection  # noqa: PLC0415 - needs Django to be set up

    while connection.vendor == "postgresql":
        _check_lives(parent)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ALONE])
            if cursor.fetchone() == (True,):
                return
        time.sleep(_LOOK_S)


def _check_lives(parent: int | None) -> None:
    """Stop where the server is gone: it can no longer say so."""
    if parent is not None and os.getppid() != parent:
        raise KeyboardInterrupt


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a job's process: what it leaves is put away when the worker begins again."""
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:  # in the middle of one long calculation
        process.kill()


def _beat(number: int) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from bazafarin.web.jobs.models import Job  # noqa: PLC0415

    Job.objects.filter(pk=number).update(beat_at=timezone.now())


def bury_the_dead(*, silent_for: timedelta = _SILENT) -> int:
    """End the jobs that run for nobody any more, and return how many there were."""
    from django.utils import timezone  # noqa: PLC0415

    from bazafarin.web.jobs import actions  # noqa: PLC0415
    from bazafarin.web.jobs.models import Job, JobState  # noqa: PLC0415

    silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lte=timezone.now() - silent_for)
    dead = list(silent)
    for job in dead:
        actions.end(job, JobState.INTERRUPTED)
    return len(dead)


if __name__ == "__main__":
    main()
