"""The values of options: a text in, a checked value out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from bazafarin.domain.city import LAYERS
from bazafarin.domain.errors import UsageError
from bazafarin.domain.solar_hijri import parse_as_of

if TYPE_CHECKING:
    from datetime import date

LEAST_TOWN, LARGEST_TOWN = 1_000, 1_000_000
MOST_RIAL = 10**18
LARGEST_SEED = 2**32 - 1
MOST_WORKERS = 64
LARGEST_PORT = 2**16 - 1


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


def port(text: str) -> int:
    """Return a port of the network."""
    number = int(text) if text.strip().isdecimal() else 0
    if not 1 <= number <= LARGEST_PORT:
        raise UsageError("usage.port", text=text, least=1, most=LARGEST_PORT)
    return number


def workers(text: str) -> int:
    """Return how many processes answer, one or more."""
    number = int(text) if text.strip().isdecimal() else 0
    if not 1 <= number <= MOST_WORKERS:
        raise UsageError("usage.workers", text=text, least=1, most=MOST_WORKERS)
    return number


def top_rows(text: str) -> int:
    """Return how many rows of a ranking to give, one or more."""
    count = int(text) if text.strip().isdecimal() else 0
    if count < 1:
        raise UsageError("priority.error.top", text=text)
    return count


def sites(text: str) -> int:
    """Return a number of sites to choose, one or more."""
    count = int(text) if text.strip().isdecimal() else 0
    if count < 1:
        raise UsageError("propose.error.p", text=text)
    return count


def radius(text: str) -> float:
    """Return a radius in the unit of the costs, zero or more."""
    number = _number(text)
    if not 0 <= number < math.inf:
        raise UsageError("propose.error.radius", text=text)
    return number


def money(text: str) -> int:
    """Return whole rials, zero or more; digits of any script, grouped or not."""
    plain = text.strip()
    for mark in ("_", ",", "٬", "،"):
        plain = plain.replace(mark, "")
    amount = int(plain) if plain.isdecimal() else -1
    if not 0 <= amount <= MOST_RIAL:
        raise UsageError("projects.error.budget", text=text)
    return amount


def seconds(text: str) -> float:
    """Return a limit of time in seconds, above zero."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise UsageError("propose.error.time_limit", text=text)
    return number


def _number(text: str) -> float:
    """Return the number written, NaN where none is."""
    try:
        return float(text)
    except ValueError:
        return math.nan
