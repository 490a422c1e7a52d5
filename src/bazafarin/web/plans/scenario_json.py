"""What is asked of the proposals, as JSON keeps it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bazafarin.studies.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping


def kept(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON; two that ask the same are the same."""
    told = asdict(scenario)
    services = told["services"]
    told["services"] = None if services is None else sorted(services)
    told["curve_shares"] = list(told["curve_shares"])
    return told


def scenario_of(told: Mapping[str, Any]) -> Scenario:
    """Return the scenario that JSON kept."""
    services = told["services"]
    return Scenario(
        **{
            **told,
            "services": None if services is None else tuple(services),
            "curve_shares": tuple(told["curve_shares"]),
        }
    )
