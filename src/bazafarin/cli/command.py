"""Run a command; every error becomes one clear message and an exit code of the table."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from bazafarin.adapters import wording
from bazafarin.cli import exit_codes, interruption
from bazafarin.cli.arguments import parser
from bazafarin.domain.errors import BazafarinError, InterruptedRunError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from bazafarin.adapters.wording import Language

    Command = Callable[[argparse.Namespace], dict[str, Any]]

SITE = ("serve", "demo", "administrator", "backup", "restore")
"""The commands of the site; they alone import Django."""


def run_command(arguments: list[str] | None = None) -> int:
    """Run ``bazafarin`` with ``arguments`` (the process's own) and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    as_json, debug = "--json" in words, "--debug" in words
    language = _language(words)
    interruption.heed()
    try:
        options = parser(language).parse_args(words)
        result = _run(options)
    except (BazafarinError, KeyboardInterrupt, MemoryError) as error:
        known = _known(error)
        if debug:
            traceback.print_exc()
        _say_error(known, language, as_json=as_json)
        return exit_codes.exit_code(known)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a message, no traceback
        if debug:
            traceback.print_exc()
        fault = BazafarinError("fault.unexpected", kind=type(error).__name__, message=str(error))
        _say_error(fault, language, as_json=as_json)
        return exit_codes.FAULT
    try:
        _say_result(options, result, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has read enough (``| head``); what is left goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_codes.DONE


def _run(options: argparse.Namespace) -> dict[str, Any]:
    if options.command == "propose":
        commands = _proposals()
    else:
        commands = _commands_of_site() if options.command in SITE else _commands()
    gc.freeze()  # what was imported stays: no collection need look through it again
    name = options.proposal if options.command == "propose" else options.command
    return commands[name](options)


# Both import when they are asked, so that help and usage errors answer at once.


def _commands() -> dict[str, Command]:
    from bazafarin.cli import run  # noqa: PLC0415

    return {"plan": run.plan, "check": run.check, "town": run.town}


def _commands_of_site() -> dict[str, Command]:
    from bazafarin.cli import site  # noqa: PLC0415

    return {name: getattr(site, name) for name in SITE}


def _proposals() -> dict[str, Command]:
    from bazafarin.cli import (  # noqa: PLC0415
        propose,
        propose_access,
        propose_priority,
        propose_projects,
    )

    return {
        "locate": propose.locate,
        "access": propose_access.access,
        "priority": propose_priority.priority,
        "projects": propose_projects.projects,
    }


def _known(error: BaseException) -> BazafarinError:
    """Return the error as one of ours."""
    if isinstance(error, BazafarinError):
        return error
    if isinstance(error, MemoryError):
        return BazafarinError("fault.memory")
    return InterruptedRunError("run.interrupted")


def _language(words: list[str]) -> Language:
    """Return the language asked for, before the arguments are parsed: errors need it too."""
    asked = os.environ.get("BAZAFARIN_LANGUAGE", "fa")
    for at, word in enumerate(words):
        if word == "--language" and at + 1 < len(words):
            asked = words[at + 1]
        elif word.startswith("--language="):
            asked = word.partition("=")[2]
    return "en" if asked == "en" else "fa"


def _say_error(error: BazafarinError, language: Language, *, as_json: bool) -> None:
    other: Language = "en" if language == "fa" else "fa"
    sentences = {name: wording.error_text(error, name) for name in (language, other)}
    if as_json:
        content = {
            "error": {
                "code": error.code,
                "exit_code": exit_codes.exit_code(error),
                "message_fa": sentences["fa"],
                "message_en": sentences["en"],
            }
        }
        print(json.dumps(content, ensure_ascii=False, indent=1))  # noqa: T201 - the output
    for sentence in sentences.values():
        print(f"bazafarin: {sentence}", file=sys.stderr)  # noqa: T201 - the message


def _say_result(options: argparse.Namespace, result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=1))  # noqa: T201 - the output
        return
    # Imported here because only a person needs them.
    from bazafarin.cli import (  # noqa: PLC0415
        said,
        said_access,
        said_priority,
        said_projects,
        said_proposals,
        said_site,
    )

    if options.command == "propose":
        say = {
            "locate": said_proposals.locate,
            "access": said_access.access,
            "priority": said_priority.priority,
            "projects": said_projects.projects,
        }[options.proposal]
    else:
        say = getattr(said_site if options.command in SITE else said, options.command)
    for line in say(result, options.language):
        print(line)  # noqa: T201 - the output
