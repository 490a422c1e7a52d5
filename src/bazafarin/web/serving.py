"""A site made ready and served: tables, static files, the server, and the worker beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

if TYPE_CHECKING:
    from pathlib import Path

    from gunicorn.arbiter import Arbiter

_GRACE_S = 25


def set_up(data: Path) -> None:
    """Point Django at the site in ``data`` and bring its tables and static files up to date."""
    os.environ["BAZAFARIN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bazafarin.web.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def serve(*, host: str, port: int, workers: int, threads: int = 4) -> None:
    """Serve the site that was set up, until it is told to stop.

    The worker for long jobs lives beside the server and ends with it.
    """
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - Unix alone has it

    class Site(BaseApplication):  # type: ignore[misc] # it ships no types
        """Gunicorn with the settings of this command in place of its own command line."""

        def load_config(self) -> None:
            beside: list[subprocess.Popen[bytes]] = []

            def begin(_: Arbiter) -> None:
                words = [sys.executable, "-m", "bazafarin.web.jobs.worker"]
                beside.append(subprocess.Popen(words))  # noqa: S603 - our own module

            def end(_: Arbiter) -> None:
                for process in beside:
                    process.terminate()
                    process.wait(_GRACE_S)

            chosen: dict[str, Any] = {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 20,
                "loglevel": "warning",
                "forwarded_allow_ips": "127.0.0.1",
                "when_ready": begin,
                "on_exit": end,
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from bazafarin.web.wsgi import application  # noqa: PLC0415 - in each worker

            return application

    Site().run()
