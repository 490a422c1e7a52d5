"""The site served: the server, the worker for long jobs beside it, and both ended together."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bazafarin.domain.errors import SiteError
from bazafarin.web.jobs.worker import FIRST, words_of_worker
from bazafarin.web.opening import set_up

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["serve", "set_up"]

_GRACE_S: Final = 5
"""Seconds that a page, and the job that runs, have to end when the server is told to stop."""
_AGAIN_S: Final = 2.0
"""Seconds between two beginnings of the worker: one that cannot live is not begun all the time."""


class Beside:
    """The worker beside the server, begun again where it ends by itself."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._begun_at = -_AGAIN_S

    def keep(self) -> None:
        """Begin the worker where there is none."""
        if os.getpid() != self._owner or (self._process and self._process.poll() is None):
            return
        if time.monotonic() - self._begun_at < _AGAIN_S:
            return
        self._begun_at = time.monotonic()
        is_first = self._process is None
        words = words_of_worker(FIRST if is_first else "")
        self._process = subprocess.Popen(words)  # noqa: S603 - our own module

    def end(self) -> None:
        """End the worker, and with it the job that it runs."""
        if os.getpid() != self._owner or self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(
    *,
    host: str,
    port: int,
    workers: int,
    threads: int = 4,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve the site that was set up, until it is told to stop.

    Raises:
        SiteError: the address is taken or not this machine's.
    """
    from django.db import connections  # noqa: PLC0415 - once it is set up
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - Unix alone has it
    from gunicorn.arbiter import Arbiter  # noqa: PLC0415

    connections.close_all()  # none is shared with the processes that are forked
    _check_address(host, port)
    beside = Beside()

    class Watchful(Arbiter):  # type: ignore[misc] # it ships no types
        """Gunicorn's own process, which looks after the worker whenever it does after its own."""

        def manage_workers(self) -> None:
            super().manage_workers()
            beside.keep()

        def handle_hup(self) -> None:
            self.handle_term()  # a terminal that is closed ends the site as any other command

        def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's own
            with suppress(ProcessLookupError):
                beside.end()
            super().stop(graceful)

    class Site(BaseApplication):  # type: ignore[misc] # it ships no types
        """Gunicorn with the settings of this command in place of its own command line."""

        def load_config(self) -> None:
            chosen: dict[str, Any] = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 120,
                # longer than a reader rests between two pages: no connection is made anew each time
                "keepalive": 75,
                "graceful_timeout": _GRACE_S,
                "loglevel": "warning",
                "forwarded_allow_ips": "127.0.0.1",
                "control_socket_disable": True,
                "when_ready": lambda _: on_ready(),
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from bazafarin.web.wsgi import application  # noqa: PLC0415 - in each worker

            return application

        def run(self) -> None:
            Watchful(self).run()

    Site().run()


def _check_address(host: str, port: int) -> None:
    """Raise where nobody could listen there: gunicorn would try for long and say little."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
            tried.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SiteError("site.port_in_use", host=host, port=port) from error
            reason = error.strerror or str(error)
            raise SiteError("site.address", host=host, port=port, reason=reason) from error
