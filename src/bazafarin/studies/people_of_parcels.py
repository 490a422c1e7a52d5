"""How many people live on each parcel, so that the parcels sum to their neighbourhood?

A parcel's own count stands. Else its households times the mean household; else its share,
by land, of those whom the neighbourhood's total leaves over. Whose home is not known at all
stays unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.studies.population import population

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards


def people_of_parcels(
    parcels: pd.DataFrame,
    neighbourhoods_total: pd.Series[float],
    *,
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return ``people`` (persons) and ``source`` of each parcel.

    Where the population of a neighbourhood is known as a whole, its parcels sum to it, with
    one exception: people whom no parcel of the delivery can house (none is inhabited) are on
    none. Where the counts and estimates don't agree with it, the estimates by household give
    way, and where they can't, all counts are scaled to it.

    Args:
        parcels: ``neighbourhood_id``, ``use``, ``households``, ``population``, ``area_m2``.
        neighbourhoods_total: persons as delivered, by neighbourhood id; NaN unknown.
        standards: the rules asked for the household size and the inhabited uses.
        as_of: the day on which they are asked.

    Returns:
        On the index of ``parcels``: ``people``, NaN unknown and 0 only where nobody is
        expected or counted; ``source`` (parcels, households, neighbourhood, uninhabited or
        unknown).
    """
    size = float(standards.value("population.household_size", as_of=as_of))
    uses = standards.value("population.inhabited_uses", as_of=as_of)
    group = parcels["neighbourhood_id"]
    own = parcels["population"].astype(float)
    estimate = (parcels["households"] * size).where(own.isna())
    is_open = own.isna() & estimate.isna() & parcels["use"].isin(uses)
    whole = group.map(_known_whole(parcels, neighbourhoods_total, standards, as_of)).astype(float)
    counted = own.groupby(group).transform("sum")
    estimated = estimate.groupby(group).transform("sum")
    left_over = (whole - counted - estimated).where(is_open.groupby(group).transform("any"))
    share = _share_of_land(parcels["area_m2"].where(is_open), group)
    is_spread = is_open & (left_over >= 0)
    # with nobody left over, or no parcel to bear it, what is counted must make up the whole
    room = (whole - counted).where(~(left_over >= 0))
    estimates_yield = (room >= 0) & (estimated > 0)
    all_yield = room.notna() & ~estimates_yield & (counted + estimated > 0)
    to_all = (whole / (counted + estimated)).where(all_yield, 1.0)
    to_estimates = (room / estimated).where(estimates_yield, to_all)
    people = (own * to_all).fillna(estimate * to_estimates)
    people = people.where(~is_spread, left_over * share)
    source = np.select(
        [own.notna(), estimate.notna(), is_spread, is_open],
        ["parcels", "households", "neighbourhood", "unknown"],
        default="uninhabited",
    )
    return pd.DataFrame(
        {"people": people.mask(source == "uninhabited", 0.0), "source": source},
        index=parcels.index,
    )


def _known_whole(
    parcels: pd.DataFrame, totals: pd.Series[float], standards: Standards, as_of: date
) -> pd.Series[float]:
    """Return the population of each neighbourhood that is known as a whole; else NaN."""
    known = population(parcels, totals, standards=standards, as_of=as_of)
    return known["population"].where(known["population_coverage"] == 1)


def _share_of_land(area_m2: pd.Series[float], group: pd.Series[str]) -> pd.Series[float]:
    """Return each parcel's share of its group's land; equal shares where no land is measured."""
    area = area_m2.clip(lower=0.0)
    land = area.groupby(group).transform("sum")
    equal = 1.0 / area.groupby(group).transform("count").where(lambda count: count > 0)
    return (area / land.where(land > 0)).where(land > 0, equal)
