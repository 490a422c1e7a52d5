"""The tokens of the look, read from ``brand.toml``: colours, ramps, type and space."""

from __future__ import annotations

import base64
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

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


_WEIGHTS: Final = {"Regular": 400, "Medium": 500, "Bold": 700}


@cache
def font_faces() -> str:
    """Return the CSS of the font's faces, each with its file inside: a page needs no other."""
    family = brand().type["family"]
    faces = []
    for name, weight in _WEIGHTS.items():
        face = base64.b64encode((FONTS / f"{family}-{name}.ttf").read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"{family}";font-weight:{weight};'
            f"src:url(data:font/ttf;base64,{face})}}"
        )
    return "\n".join(faces) + "\n"


@cache
def brand() -> Brand:
    """Return the tokens of ``brand.toml``."""
    tokens = tomllib.loads((files("bazafarin.adapters") / "brand.toml").read_text("utf-8"))
    ramps = {name: tuple(colours) for name, colours in tokens["ramp"].items()}
    return Brand(tokens["colour"], ramps, tokens["type"], tokens["space"])
