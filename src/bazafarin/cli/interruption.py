"""Being told to stop: at once, or at the next stage where a library swallowed the word.

What is raised while C code calls back (GDAL's messages, a weak reference that ends) is printed
and lost, and the run would go on as if nobody had asked.
"""

from __future__ import annotations

import signal
from typing import NoReturn

_told: list[int] = []


def heed() -> None:
    """Stop the command that begins on SIGTERM and, where it is not ignored, on SIGINT."""
    _told.clear()
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _stop)


def stop_if_told() -> None:
    """Raise KeyboardInterrupt where somebody has asked to stop, and the run still goes on."""
    if _told:
        raise KeyboardInterrupt


def _stop(number: int, _frame: object) -> NoReturn:
    _told.append(number)
    raise KeyboardInterrupt
