"""How many people live in each neighbourhood, and from which record is it known?

The parcels' own counts where every inhabited parcel has one; else their households times
the mean household where all have those; else the neighbourhood's total, which leaves nobody
out; else whichever of the two sums knows more, with its coverage. Which it was is said in
``population_source``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis import shares

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards

RULES = ("population.household_size", "population.inhabited_uses")


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of people: the sum of what is known, and how much of it is (0–1)."""

    source: str
    persons: pd.Series[float]
    coverage: pd.Series[float]


def population(
    parcels: pd.DataFrame,
    totals: pd.Series[float],
    *,
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return the population of each neighbourhood.

    Args:
        parcels: ``neighbourhood_id``, ``use``, ``households``, ``population``.
        totals: the neighbourhoods' own totals (NaN unknown), indexed by neighbourhood id.
        standards: the rules asked for the household size and the inhabited uses.
        as_of: the day on which they are asked.

    Returns:
        On the index of ``totals``: ``population`` (persons, NaN unknown),
        ``population_source`` (parcels, households, neighbourhood or unknown),
        ``population_coverage`` (0–1), ``households`` (NaN where none is known) and
        ``households_coverage`` (0–1).
    """
    size = float(standards.value("population.household_size", as_of=as_of))
    ids = totals.index
    uses = standards.value("population.inhabited_uses", as_of=as_of)
    is_inhabited = parcels["use"].isin(uses)
    own = _recorded("parcels", parcels["population"], parcels, is_inhabited, ids)
    households = _recorded("households", parcels["households"], parcels, is_inhabited, ids)
    by_households = replace(households, persons=households.persons * size)
    total = _Record("neighbourhood", totals, totals.notna().astype(float))
    choices = [
        (own, own.coverage == 1),
        (by_households, by_households.coverage == 1),
        (total, totals.notna()),
        (own, (own.coverage > 0) & (own.coverage >= by_households.coverage)),
        (by_households, by_households.coverage > 0),
    ]
    conditions = [is_chosen.to_numpy(dtype=bool) for _, is_chosen in choices]
    records = [record for record, _ in choices]
    return pd.DataFrame(
        {
            "population": np.select(conditions, [r.persons for r in records], default=np.nan),
            "population_source": np.select(
                conditions, [r.source for r in records], default="unknown"
            ),
            "population_coverage": np.select(
                conditions, [r.coverage for r in records], default=0.0
            ),
            "households": households.persons,
            "households_coverage": households.coverage,
        },
        index=ids,
    )


def _recorded(
    source: str,
    value: pd.Series[float],
    parcels: pd.DataFrame,
    is_inhabited: pd.Series[bool],
    ids: pd.Index[str],
) -> _Record:
    """Sum ``value`` over each neighbourhood; coverage is over inhabited parcels."""
    counted = is_inhabited | value.notna()
    known = value.notna().astype(float)[counted]
    group = parcels["neighbourhood_id"]
    coverage = shares.group_shares(known, group[counted], groups=ids)["share"].fillna(0.0)
    persons = value.groupby(group).sum(min_count=1).reindex(ids)
    return _Record(source, persons, coverage)
