"""Which groups of people are too small to be told of in a page for the public.

A group of fewer households than ``privacy.least_households`` is withheld, not shown as
unknown: the page says which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.standards import Standards

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.studies.city_plan import CityPlan

LEAST: Final = "privacy.least_households"
HOUSEHOLD_SIZE: Final = "population.household_size"


def households(people: pd.Series[float], delivered: pd.Series[float], plan: CityPlan) -> pd.Series:
    """Return households as delivered, else people over the mean household; NaN unknown."""
    return delivered.astype(float).fillna(people.astype(float) / _value(plan, HOUSEHOLD_SIZE))


def is_too_small(count: pd.Series[float], plan: CityPlan) -> pd.Series[bool]:
    """Return whether groups of ``count`` households are withheld; nobody is no group."""
    return (count > 0) & (count < _value(plan, LEAST))


def _value(plan: CityPlan, rule: str) -> float:
    """Return a rule as the plan cites it, else the national one of the plan's day."""
    if rule in plan.citations:
        return float(str(plan.citations[rule].value))
    return float(Standards.national().value(rule, as_of=plan.as_of))
