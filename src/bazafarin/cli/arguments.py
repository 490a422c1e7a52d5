"""The words of the command: its sub-commands, their options and help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bazafarin import __version__
from bazafarin.adapters import wording
from bazafarin.domain.city import LAYERS
from bazafarin.domain.errors import UsageError
from bazafarin.domain.solar_hijri import parse_as_of

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.adapters.wording import Language

LEAST_TOWN, LARGEST_TOWN = 1_000, 1_000_000
LARGEST_SEED = 2**32 - 1


class Layers(argparse.Action):
    """Gathers NAME=PATH, one path a layer: of two, one would be left out without a word."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        options: argparse.Namespace,
        values: object,
        _option: str | None = None,
    ) -> None:
        """Add one layer to those before it."""
        assert isinstance(values, tuple)  # noqa: S101 - what ``layer`` gives
        before: list[tuple[str, Path]] = getattr(options, self.dest)
        if values[0] in dict(before):
            raise UsageError("usage.layer_twice", name=values[0])
        setattr(options, self.dest, [*before, values])


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are UsageErrors like every other."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would have printed."""
        raise UsageError("usage.arguments", message=message, command=self.prog)


def parser(language: Language) -> Parser:
    """Return the parser of the whole command, with help in ``language``."""

    def said(key: str) -> str:
        # argparse takes % as its own mark.
        return wording.text(f"cli.{key}", language).replace("%", "%%")

    top = Parser(prog="bazafarin", description=said("about"))
    top.add_argument("--version", action="version", version=f"bazafarin {__version__}")
    shared = Parser(add_help=False)
    shared.add_argument(
        "--language", choices=wording.LANGUAGES, default=language, help=said("option.language")
    )
    shared.add_argument("--debug", action="store_true", help=said("option.debug"))
    shared.add_argument("--json", action="store_true", help=said("option.json"))
    reading = Parser(add_help=False)
    reading.add_argument("city", metavar="CITY", type=path, help=said("option.city"))
    reading.add_argument("--map", metavar="FILE.toml", type=path, help=said("option.map"))
    reading.add_argument(
        "--layer",
        metavar="NAME=PATH",
        action=Layers,
        default=[],
        type=layer,
        help=said("option.layer"),
    )
    commands = top.add_subparsers(
        dest="command", metavar="plan | check | town", required=True, parser_class=Parser
    )
    plan = commands.add_parser(
        "plan",
        parents=[reading, shared],
        help=said("command.plan"),
        description=said("command.plan"),
    )
    plan.add_argument("--out", metavar="DIR", type=path, required=True, help=said("option.out"))
    plan.add_argument("--standards", metavar="FILE.toml", type=path, help=said("option.standards"))
    plan.add_argument("--as-of", metavar="DATE", type=day, help=said("option.as_of"))
    plan.add_argument("--neighbourhood", metavar="ID", help=said("option.neighbourhood"))
    plan.add_argument("--no-document", action="store_true", help=said("option.no_document"))
    plan.add_argument("--no-map", action="store_true", help=said("option.no_map"))
    check = commands.add_parser(
        "check",
        parents=[reading, shared],
        help=said("command.check"),
        description=said("command.check"),
    )
    check.add_argument("--out", metavar="DIR", type=path, help=said("option.check_out"))
    town = commands.add_parser(
        "town", parents=[shared], help=said("command.town"), description=said("command.town")
    )
    town.add_argument(
        "--parcels", metavar="N", type=parcels, required=True, help=said("option.parcels")
    )
    town.add_argument("--seed", metavar="S", type=seed, default=1, help=said("option.seed"))
    town.add_argument(
        "--out", metavar="FILE.gpkg", type=geopackage, required=True, help=said("option.town_out")
    )
    return top


def path(text: str) -> Path:
    """Return a path; an empty one, as of a shell variable that is not set, is none."""
    if not text.strip():
        raise UsageError("usage.empty_path")
    return Path(text)


def geopackage(text: str) -> Path:
    """Return the path of a GeoPackage to write."""
    if not text.lower().endswith(".gpkg"):
        raise UsageError("usage.geopackage", path=text)
    return Path(text)


def layer(text: str) -> tuple[str, Path]:
    """Return the layer's name and path of ``NAME=PATH``."""
    name, sign, path = text.partition("=")
    if not sign or not path:
        raise UsageError("usage.layer_form", text=text)
    if name not in LAYERS:
        raise UsageError("usage.layer_name", name=name, names=", ".join(LAYERS))
    return name, Path(path)


def day(text: str) -> date:
    """Return the day of a Jalali or ISO date."""
    return parse_as_of(text)


def parcels(text: str) -> int:
    """Return a number of parcels that a synthetic town can have."""
    try:
        count = int(text)
    except ValueError:
        count = 0
    if not LEAST_TOWN <= count <= LARGEST_TOWN:
        raise UsageError("usage.parcels", text=text, least=LEAST_TOWN, most=LARGEST_TOWN)
    return count


def seed(text: str) -> int:
    """Return a seed that a synthetic town can have."""
    number = int(text) if text.strip().isdecimal() else -1
    if not 0 <= number <= LARGEST_SEED:
        raise UsageError("usage.seed", text=text, most=LARGEST_SEED)
    return number
