"""The groups of people that a page for the public withholds, by the rules that the plan cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.standards import Standards
from bazafarin.studies import privacy

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.studies.city_plan import CityPlan


def is_small(
    people: pd.Series[float], delivered: pd.Series[float], plan: CityPlan
) -> pd.Series[bool]:
    """Return which groups are too small: households as delivered, else by the mean household."""
    count = privacy.households(people, delivered, size=_value(plan, privacy.HOUSEHOLD_SIZE))
    return privacy.is_too_small(count, least=_value(plan, privacy.LEAST))


def _value(plan: CityPlan, rule: str) -> float:
    """Return a rule as the plan cites it, else the national one of the plan's day."""
    if rule in plan.citations:
        return float(str(plan.citations[rule].value))
    return float(Standards.national().value(rule, as_of=plan.as_of))
