"""The scenario of a proposal, from a TOML file: see ``examples/scenario.toml``."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final, get_args

from bazafarin.decision.ranking import Method
from bazafarin.domain.errors import ScenarioError
from bazafarin.studies.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MOST_RIAL: Final = 10**18
"""More than any budget, and still a whole number of 64 bits."""


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a file.

    Raises:
        ScenarioError: the file cannot be read, or one of its entries is none: every one
            that is wrong is named.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8").removeprefix("\ufeff"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError("scenario.unreadable", file=str(path), reason=reason) from error
    wrong = [name for name, value in table.items() if not _is_right(name, value)]
    if wrong:
        raise ScenarioError(
            "scenario.wrong_entries", file=str(path), names=wrong, known=list(_ENTRIES)
        )
    return Scenario(**{name: _kept(value) for name, value in table.items()})


def _is_right(name: str, value: object) -> bool:
    return name in _ENTRIES and _ENTRIES[name](value)


def _kept(value: Any) -> Any:  # noqa: ANN401 - as TOML gave it
    return tuple(value) if isinstance(value, list) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_rial(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_RIAL


def _is_share(value: object) -> bool:
    return _is_number(value) and 0 <= float(value) <= 1  # type: ignore[arg-type]


def _are_services(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)


def _are_curve_shares(value: object) -> bool:
    most = 20
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(_is_number(v) and 0 <= float(v) <= most for v in value)
    )


def _is_weights(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(of, dict) and all(_is_number(v) for v in of.values()) for of in value.values()
    )


def _is_limit(value: object) -> bool:
    hour = 3600
    return _is_number(value) and 0 < float(value) <= hour  # type: ignore[arg-type]


_ENTRIES: Final[dict[str, Callable[[object], bool]]] = {
    "budget_rial": _is_rial,
    "services": _are_services,
    "floor_share": _is_share,
    "land_value_rial_m2": _is_rial,
    "curve_shares": _are_curve_shares,
    "method": lambda value: value in get_args(Method),
    "weights": _is_weights,
    "time_limit_s": _is_limit,
}
"""What a scenario may say, and whether a value is one."""
