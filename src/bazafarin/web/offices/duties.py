"""The duties of an office, read from ``duties.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.wording import Language


@dataclass(frozen=True, slots=True)
class Duties:
    """What an office has to do: names by code in each language, and where they come from."""

    names: Mapping[Language, Mapping[str, str]]
    instrument: str
    address: str
    certainty: str


@cache
def duties() -> Duties:
    """Return the duties in their order."""
    written = files("bazafarin.web.offices").joinpath("duties.toml").read_text("utf-8")
    told = tomllib.loads(written)
    source = told["source"]
    names: dict[Language, Mapping[str, str]] = {"fa": told["duties"], "en": told["duties_en"]}
    return Duties(names, source["instrument"], source["address"], source["certainty"])
