"""What the office asks of a proposal: its money, what it may be spent on, what must be fair."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.decision.ranking import Method


@dataclass(frozen=True, slots=True)
class Scenario:
    """The choices of one run; rules and prices are standards, not part of it.

    Attributes:
        budget_rial: what the municipality can spend, whole rials; None: no projects are
            proposed.
        services: the services that projects may be of; None for all that have prices.
        floor_share: the least share (0–1) of the unserved people of each neighbourhood whom
            the projects serve; 0 asks nothing.
        land_value_rial_m2: the price of private land whose value is unknown; None leaves
            such land out, and says how much.
        curve_shares: the budgets of the budget curve, as shares of ``budget_rial``.
        method: how blocks and works are ranked.
        weights: weights of criteria by ranking, where they are not the standards'.
        time_limit_s: how long one choice may take.
    """

    budget_rial: int | None = None
    services: tuple[str, ...] | None = None
    floor_share: float = 0.0
    land_value_rial_m2: int | None = None
    curve_shares: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
    method: Method = "weighted_sum"
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    time_limit_s: float = 60.0

    def with_budget(self, budget_rial: int) -> Scenario:
        """Return the same choices with another budget."""
        return replace(self, budget_rial=budget_rial)
