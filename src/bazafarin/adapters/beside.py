"""Work in a process of its own beside other work: the interpreter runs one thread at a time."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Run ``work`` in another process while the block runs; both are done when it ends.

    What ``work`` raises is raised at the block's end; where the block raises, the work is
    stopped. ``work`` is sent over, so it and all that it holds can be pickled.

    Raises:
        MemoryError: the system ended the process, as it does where memory runs out.
    """
    # Spawned and not forked: a fork would copy the locks of the threads that run here.
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    with ProcessPoolExecutor(1, mp_context=context, initializer=_leave_interrupts) as pool:
        task = pool.submit(work)
        try:
            yield
            task.result()
        except BrokenProcessPool as error:
            raise MemoryError(str(error)) from error
        except BaseException:
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
            raise


def _leave_interrupts() -> None:
    """Let the first process answer Ctrl-C: it stops this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
