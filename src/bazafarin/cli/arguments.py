"""The words of the command: its sub-commands, their options and help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from bazafarin import __version__
from bazafarin.adapters import wording
from bazafarin.adapters.delivery.drivers import Formats
from bazafarin.cli.arguments_of_site import add_site
from bazafarin.cli.option_values import (
    day,
    geopackage,
    layer,
    money,
    parcels,
    path,
    radius,
    seconds,
    seed,
    sites,
    top_rows,
)
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bazafarin.adapters.wording import Language

RANKING_METHODS = ("weighted_sum", "topsis", "spotis")
COMMANDS = (
    "plan", "propose", "check", "town", "serve", "demo", "administrator", "backup", "restore",
)  # fmt: skip
LOCATION_MODELS = ("pmedian", "mclp", "lscp", "pcenter")


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
    reading.add_argument(
        "--follow-links",
        dest="formats",
        action="store_const",
        const=Formats.LINKS,
        default=Formats.FILES,
        help=said("option.follow_links"),
    )
    ruled = Parser(add_help=False, parents=[reading])
    ruled.add_argument("--standards", metavar="FILE.toml", type=path, help=said("option.standards"))
    ruled.add_argument("--as-of", metavar="DATE", type=day, help=said("option.as_of"))
    commands = top.add_subparsers(
        dest="command",
        metavar=" | ".join(COMMANDS),
        required=True,
        parser_class=Parser,
    )
    plan = commands.add_parser(
        "plan",
        parents=[ruled, shared],
        help=said("command.plan"),
        description=said("command.plan"),
    )
    plan.add_argument("--out", metavar="DIR", type=path, required=True, help=said("option.out"))
    _add_scenario(plan, language)
    plan.add_argument("--neighbourhood", metavar="ID", help=said("option.neighbourhood"))
    plan.add_argument("--no-document", action="store_true", help=said("option.no_document"))
    plan.add_argument("--no-map", action="store_true", help=said("option.no_map"))
    _add_propose(commands, ruled, shared, language)
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
    add_site(commands, shared, language)
    return top


def _add_propose(
    commands: argparse._SubParsersAction[Parser],
    ruled: Parser,
    shared: Parser,
    language: Language,
) -> None:
    """Add ``propose``; each proposal has a function of its own here and in ``propose``."""

    def said(key: str) -> str:
        return wording.text(f"propose.{key}", language).replace("%", "%%")

    propose = commands.add_parser(
        "propose", help=said("command.propose"), description=said("command.propose")
    )
    proposals = propose.add_subparsers(
        dest="proposal",
        metavar="access | priority | projects | locate",
        required=True,
        parser_class=Parser,
        help=said("command.proposal"),
    )
    _add_locate(proposals, shared, said)
    _add_of_city(proposals, ruled, shared, language)


def _add_locate(
    proposals: argparse._SubParsersAction[Parser], shared: Parser, said: Callable[[str], str]
) -> None:
    locate = proposals.add_parser(
        "locate",
        parents=[shared],
        help=said("command.locate"),
        description=said("command.locate"),
    )
    locate.add_argument(
        "--model", choices=LOCATION_MODELS, required=True, help=said("option.model")
    )
    source = locate.add_mutually_exclusive_group(required=True)
    source.add_argument("--distances", metavar="FILE.csv", type=path, help=said("option.distances"))
    source.add_argument("--graph", metavar="FILE", type=path, help=said("option.graph"))
    locate.add_argument("--p", metavar="N", type=sites, help=said("option.p"))
    locate.add_argument("--radius", metavar="M", type=radius, help=said("option.radius"))
    locate.add_argument(
        "--time-limit", metavar="S", type=seconds, default=60.0, help=said("option.time_limit")
    )


def _add_of_city(
    proposals: argparse._SubParsersAction[Parser],
    ruled: Parser,
    shared: Parser,
    language: Language,
) -> None:
    """Add the proposals that read and plan a city first."""

    def said(key: str) -> str:
        return wording.text(key, language).replace("%", "%%")

    added = {
        name: proposals.add_parser(
            name,
            parents=[ruled, shared],
            help=said(f"{name}.command.{name}"),
            description=said(f"{name}.command.{name}"),
        )
        for name in ("access", "priority", "projects")
    }
    ranking = added["priority"]
    ranking.add_argument(
        "--method",
        choices=RANKING_METHODS,
        default=RANKING_METHODS[0],
        help=said("priority.option.method"),
    )
    ranking.add_argument(
        "--weights", metavar="FILE.toml", type=path, help=said("priority.option.weights")
    )
    ranking.add_argument("--top", metavar="N", type=top_rows, help=said("priority.option.top"))
    _add_scenario(added["projects"], language)


def _add_scenario(command: Parser, language: Language) -> None:
    """Add what a proposal may spend and how it chooses."""

    def said(key: str) -> str:
        return wording.text(f"projects.option.{key}", language).replace("%", "%%")

    command.add_argument("--budget-rial", metavar="N", type=money, help=said("budget_rial"))
    command.add_argument("--scenario", metavar="FILE.toml", type=path, help=said("scenario"))
