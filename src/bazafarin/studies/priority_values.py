"""The raw figures by which blocks and neighbourhoods are ranked; unknown is NaN.

Each is on the id of what it is of, one column a criterion, in the criterion's own unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.domain.criteria import BlockCriterion, NeighbourhoodCriterion
from bazafarin.studies import boundary_revision, population
from bazafarin.studies.worn_out_fabric import INDICES, M2_A_HECTARE

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan


def block_values(
    plan: CityPlan, access: pd.DataFrame | None, *, standards: Standards, as_of: date
) -> pd.DataFrame:
    """Return the criteria of each block, on ``block_id``.

    ``access`` has ``block_id``, ``within_share``, ``engine_depth_m`` and may have
    ``engine_no_way_parcels``: where there are some and no depth, the depth is endless.
    Without it both of its criteria are unknown. People are those of the parcels' own
    records: a block of which none is recorded has no known density.
    """
    blocks = plan.blocks.set_index("block_id")
    ids = pd.Index(blocks.index)
    table = pd.DataFrame({f"{index}_share": blocks[f"{index}_share"] for index in INDICES})
    table[BlockCriterion.RENOVATED_SHARE] = boundary_revision.renovated_shares(
        plan.parcels,
        plan.city.approved_boundary,
        block_ids=ids,
        standards=standards,
        as_of=as_of,
    )["share"]
    people = people_of(plan.parcels, plan.parcels["block_id"], ids, standards, as_of)
    hectares = blocks["area_m2"].where(blocks["area_m2"] > 0) / M2_A_HECTARE
    table[BlockCriterion.DENSITY_PERSONS_HA] = people / hectares
    table[BlockCriterion.ACCESS_SHORTFALL_SHARE] = 1.0 - _of_access(
        access, "block_id", "within_share", ids
    )
    depth = _of_access(access, "block_id", "engine_depth_m", ids)
    no_way = _of_access(access, "block_id", "engine_no_way_parcels", ids)
    table[BlockCriterion.ENGINE_DEPTH_M] = depth.mask(depth.isna() & (no_way > 0), np.inf)
    return table[list(BlockCriterion)].astype("float64")


def neighbourhood_values(plan: CityPlan, access: pd.DataFrame | None) -> pd.DataFrame:
    """Return the criteria of each neighbourhood, on ``neighbourhood_id``.

    ``access`` has ``neighbourhood_id`` and ``within_share``; without it that is unknown.
    """
    table = plan.neighbourhoods.set_index("neighbourhood_id")
    ids = pd.Index(table.index)
    values = pd.DataFrame(index=ids)
    values[NeighbourhoodCriterion.WORN_OUT_AREA_SHARE] = worn_out_area_share(plan)
    values[NeighbourhoodCriterion.WORN_OUT_POPULATION] = table["worn_out_population"]
    values[NeighbourhoodCriterion.SERVICE_DEFICIT_SHARE] = service_deficit_share(plan)
    values[NeighbourhoodCriterion.ACCESS_SHORTFALL_SHARE] = 1.0 - _of_access(
        access, "neighbourhood_id", "within_share", ids
    )
    values[NeighbourhoodCriterion.NARROW_PASSAGE_SHARE] = narrow_passage_share(plan)
    return values[list(NeighbourhoodCriterion)].astype("float64")


def worn_out_area_share(plan: CityPlan) -> pd.Series[float]:
    """Return the worn-out share of the area of each neighbourhood's blocks, 0–1.

    NaN for a neighbourhood without a block, and where no block is worn-out by what is known
    but the unknown could make each of them so.
    """
    table = plan.neighbourhoods.set_index("neighbourhood_id")
    area = table["area_m2"]
    is_open = (table["worn_out_blocks"] == 0) & (table["undecided_blocks"] == table["blocks_count"])
    return (table["worn_out_area_m2"] / area.where(area > 0)).mask(is_open)


def service_deficit_share(plan: CityPlan) -> pd.Series[float]:
    """Return what lacks of all services over what the standard's minimum asks, 0–1.

    ``Σ deficit / Σ (minimum · population)`` over the services of known deficit; NaN where
    none is known or nobody lives.
    """
    services = plan.services
    asked = (services["standard_min_m2"] * services["population"]).where(
        services["deficit_min_m2"].notna()
    )
    of = services["neighbourhood_id"]
    needed = asked.groupby(of).sum(min_count=1)
    lacks = services["deficit_min_m2"].where(asked.notna()).groupby(of).sum(min_count=1)
    return lacks / needed.where(needed > 0)


def narrow_passage_share(plan: CityPlan) -> pd.Series[float]:
    """Return the share of passages along each neighbourhood's blocks that is narrow, 0–1.

    By length, of passages of known width; a passage between two blocks counts for both.
    """
    blocks = plan.blocks
    known = blocks["impermeability_total"] * blocks["impermeability_share_coverage"].fillna(0.0)
    narrow = known * blocks["impermeability_share"].fillna(0.0)
    length = known.groupby(blocks["neighbourhood_id"]).sum()
    return narrow.groupby(blocks["neighbourhood_id"]).sum() / length.where(length > 0)


def people_of(
    parcels: pd.DataFrame,
    group: pd.Series[str],
    ids: pd.Index[str],
    standards: Standards,
    as_of: date,
) -> pd.Series[float]:
    """Return the persons of each group of parcels by their own records; NaN where none is known.

    A group without an inhabited parcel has none: 0.
    """
    of_group = parcels[["use", "households", "population"]].assign(neighbourhood_id=group)
    people = population.population(
        of_group, pd.Series(np.nan, index=ids), standards=standards, as_of=as_of
    )["population"]
    uses = standards.value("population.inhabited_uses", as_of=as_of)
    is_inhabited = parcels["use"].isin(uses)
    some = is_inhabited.groupby(group).any().reindex(ids)
    nobody = some.notna() & ~some.fillna(value=False).astype(bool)
    return people.mask(people.isna() & nobody, 0.0)


def _of_access(
    access: pd.DataFrame | None, key: str, column: str, ids: pd.Index[str]
) -> pd.Series[float]:
    if access is None or column not in access:
        return pd.Series(np.nan, index=ids)
    return access.set_index(key)[column].astype("float64").reindex(ids)
