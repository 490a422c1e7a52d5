"""The office's own weights for a ranking, from a TOML file.

``[blocks]``, ``[neighbourhoods]`` and ``[works]`` hold a weight for each criterion; a table
``comparisons`` within one holds ``"one/other" = times`` for every pair (AHP) in their place.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class GivenWeights:
    """Weights by ranking and criterion, and comparisons by ranking and pair."""

    weights: dict[str, dict[str, float]] = field(default_factory=dict)
    comparisons: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)


def read_weights(path: Path) -> GivenWeights:
    """Return the weights of a file.

    Raises:
        UsageError: the file cannot be read, or something in it is no number.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8").removeprefix("\ufeff"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError("priority.error.file", file=str(path), reason=reason) from error
    given = GivenWeights()
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise UsageError("priority.error.file", file=str(path), reason=name)
        pairs = table.pop("comparisons", None)
        if pairs is not None:
            given.comparisons[name] = {_pair(key): n for key, n in _numbers(pairs, path).items()}
        if table or pairs is None:
            given.weights[name] = _numbers(table, path)
    return given


def _numbers(table: Any, path: Path) -> dict[str, float]:  # noqa: ANN401 - as TOML gave it
    if not isinstance(table, dict):
        raise UsageError("priority.error.file", file=str(path), reason="comparisons")
    for name, number in table.items():
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise UsageError("priority.error.file", file=str(path), reason=f"{name} = {number}")
    return {name: float(number) for name, number in table.items()}


def _pair(key: str) -> tuple[str, str]:
    one, _, other = key.partition("/")
    return one.strip(), other.strip()
