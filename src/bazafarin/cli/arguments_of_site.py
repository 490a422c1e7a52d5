"""The words of the commands of the site: serve, demo, administrator, backup, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.adapters import wording
from bazafarin.cli.option_values import geopackage, parcels, path, port, workers

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from bazafarin.adapters.wording import Language

ADMINISTRATOR = "administrator"
"""The user's name of the first administrator where none is given."""


def add_site(
    commands: argparse._SubParsersAction[Any], shared: argparse.ArgumentParser, language: Language
) -> None:
    """Add the commands of the site."""

    def said(key: str) -> str:
        return wording.text(f"site.{key}", language).replace("%", "%%")

    added: dict[str, argparse.ArgumentParser] = {}
    for name in ("serve", "demo", "administrator", "backup", "restore"):
        about = said(f"command.{name}")
        command = commands.add_parser(name, parents=[shared], help=about, description=about)
        command.add_argument(
            "--data", metavar="DIR", type=path, required=True, help=said("option.data")
        )
        added[name] = command
    for name in ("serve", "demo"):
        _add_serving(added[name], said)
    demo = added["demo"]
    demo.add_argument(
        "--logins", metavar="FILE.json", type=path, required=True, help=said("option.logins")
    )
    demo.add_argument("--town", metavar="FILE.gpkg", type=geopackage, help=said("option.town"))
    demo.add_argument(
        "--parcels", metavar="N", type=parcels, default=5_000, help=said("option.parcels")
    )
    added["administrator"].add_argument(
        "--user", metavar="NAME", default=ADMINISTRATOR, help=said("option.user")
    )
    added["backup"].add_argument(
        "--out", metavar="FILE", type=path, required=True, help=said("option.backup_out")
    )
    added["restore"].add_argument("backup", metavar="FILE", type=path, help=said("option.backup"))
    added["restore"].add_argument("--force", action="store_true", help=said("option.force"))


def _add_serving(command: argparse.ArgumentParser, said: Callable[[str], str]) -> None:
    command.add_argument("--host", metavar="H", default="127.0.0.1", help=said("option.host"))
    command.add_argument("--port", metavar="N", type=port, default=8000, help=said("option.port"))
    command.add_argument(
        "--workers", metavar="N", type=workers, default=2, help=said("option.workers")
    )
    command.add_argument("--hosts", metavar="NAMES", help=said("option.hosts"))
    command.add_argument("--https", action="store_true", help=said("option.https"))
