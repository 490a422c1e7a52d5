"""The readers' pages name what the site has: its commands, its settings, its tables."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

from bazafarin.cli.arguments import parser
from bazafarin.cli.command import SITE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_option_of_the_site() -> None:
    commands = next(a for a in parser("en")._actions if a.dest == "command").choices
    common = {"--help", "--language", "--debug", "--json"}

    for name in SITE:
        assert f"bazafarin {name}" in README
        options = {o for a in commands[name]._actions for o in a.option_strings if o[:2] == "--"}
        missing = {option for option in options if option not in README}
        assert missing <= common | {"--parcels", "--town"}, name


def test_the_readme_names_every_variable_of_the_environment() -> None:
    named = {
        variable
        for path in (ROOT / "src").rglob("*.py")
        for variable in re.findall(r"\bBAZAFARIN_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }

    assert {variable for variable in named if f"`{variable}`" not in README} == set()


def test_every_table_of_the_site_is_in_the_glossary() -> None:
    identifiers = set(re.findall(r"`([^`]+)`", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")))
    models = {
        model.__name__
        for app in apps.get_app_configs()
        if app.name.startswith("bazafarin.")
        for model in app.get_models()
    }

    assert models - identifiers == set()
