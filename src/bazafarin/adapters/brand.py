"""The tokens of the look, read from ``brand.toml``: colours, ramps, type and space."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FONTS = Path(str(files("bazafarin.adapters"))) / "fonts"
"""The folder of the fonts that ship: Vazirmatn and its licence."""


@dataclass(frozen=True, slots=True)
class Brand:
    """The look's tokens.

    Attributes:
        colour: ``#RRGGBB`` by name, such as ``lapis``.
        ramp: ordered colours by what they show, such as ``fine_grain``; palest first.
        type: ``family``, ``screen_px``, ``print_pt``, ``line_height``.
        space: ``step_px``, ``radius_px``.
    """

    colour: Mapping[str, str]
    ramp: Mapping[str, tuple[str, ...]]
    type: Mapping[str, str | float]
    space: Mapping[str, float]


@cache
def brand() -> Brand:
    """Return the tokens of ``brand.toml``."""
    tokens = tomllib.loads((files("bazafarin.adapters") / "brand.toml").read_text("utf-8"))
    ramps = {name: tuple(colours) for name, colours in tokens["ramp"].items()}
    return Brand(tokens["colour"], ramps, tokens["type"], tokens["space"])
