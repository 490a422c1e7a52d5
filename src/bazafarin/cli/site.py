"""The commands of the site: serve it, show the demo, let somebody in, keep it safe.

Django is imported here alone, and only when one of these is run.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from bazafarin.adapters.plan_folder import writing
from bazafarin.cli import said_site
from bazafarin.cli.progress import stages

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path


def serve(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin serve``: open the site until it is told to end."""
    from bazafarin.web import first_login, opening  # noqa: PLC0415

    _say_where_it_is(options)
    with opening.held(options.data):
        with stages(("open",), language=options.language) as shown:
            shown.begin("open")
            opening.set_up(options.data)
        told: dict[str, Any] = {"address": _address(options), "host": options.host}
        if not first_login.has_people():
            user = first_login.FIRST
            told["login"] = {"user": user, "password": first_login.add_administrator(user)}
        _serve(options, told, said_site.serve(told, options.language))
    return told


def demo(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin demo``: serve the synthetic town, which is made where there is none."""
    from bazafarin.web import opening  # noqa: PLC0415
    from bazafarin.web.demonstration import ask_first_plan, is_made, make_demo  # noqa: PLC0415

    _say_where_it_is(options)
    with opening.held(options.data):
        with stages(("open", "town", "demo"), language=options.language) as shown:
            shown.begin("open")
            opening.set_up(options.data)
            town = options.town or options.data / "demo_town.gpkg"
            if not is_made():
                if options.town is None:
                    shown.begin("town")
                    _make_town(town, options.parcels)
                shown.begin("demo")
            made = make_demo(town, options.logins, on_stage=shown.part)
            ask_first_plan()
        told = {
            "address": _address(options),
            "host": options.host,
            "logins": made,
            "file": str(options.logins),
        }
        _serve(options, told, said_site.demo(told, options.language))
    return told


def administrator(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin administrator``: add one, also while the site is open."""
    from bazafarin.web import first_login, opening  # noqa: PLC0415

    if opening.is_there(options.data):
        opening.look_at(options.data)
    else:
        with opening.held(options.data):
            opening.bring_up_to_date(options.data)
    return {"user": options.user, "password": first_login.add_administrator(options.user)}


def backup(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin backup``: write the whole site to one file, also while it is open."""
    from bazafarin.web import opening  # noqa: PLC0415

    opening.check_there(options.data)
    with stages(("open", "rows", "files"), language=options.language) as shown:
        shown.begin("open")
        opening.look_at(options.data)
        from bazafarin.web.archive.backup import back_up  # noqa: PLC0415 - needs Django set up

        made = back_up(options.out, on_stage=shown.begin)
    return {"path": str(options.out), **made}


def restore(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin restore``: check a backup, and put the site back from it."""
    from bazafarin.web import opening  # noqa: PLC0415
    from bazafarin.web.archive.restore import restore as put_back  # noqa: PLC0415

    with (
        opening.held(options.data),
        stages(("check", "rows", "files"), language=options.language) as shown,
    ):
        made = put_back(options.backup, options.data, is_forced=options.force, on_stage=shown.begin)
    return {"data": str(options.data), "made_at": made.made_at, "parts": len(made.parts)}


def _make_town(town: Path, parcels: int) -> None:
    from bazafarin.adapters.synthetic_town import write_town  # noqa: PLC0415

    with writing(town):
        write_town(town, parcels=parcels, seed=1, on_stage=lambda _: None)


def _say_where_it_is(options: argparse.Namespace) -> None:
    """Tell the settings under which names the site is reached."""
    if options.hosts:
        os.environ["BAZAFARIN_HOSTS"] = options.hosts
    elif options.host not in {"0.0.0.0", "::"}:  # noqa: S104 - no address of its own
        os.environ.setdefault("BAZAFARIN_HOSTS", options.host)
    if options.https:
        os.environ["BAZAFARIN_HTTPS"] = "1"


def _address(options: argparse.Namespace) -> str:
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}/"


def _serve(options: argparse.Namespace, told: dict[str, Any], said: Iterator[str]) -> None:
    """Serve, and say where as soon as somebody can come in."""
    from bazafarin.web.serving import serve as serve_site  # noqa: PLC0415

    def ready() -> None:
        lines = [json.dumps(told, ensure_ascii=False)] if options.json else said
        for line in lines:
            print(line, flush=True)  # noqa: T201 - the output

    serve_site(host=options.host, port=options.port, workers=options.workers, on_ready=ready)
