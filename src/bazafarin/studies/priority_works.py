"""The works that each neighbourhood needs, derived from the plan: one a kind, services one each.

A work stands where its need is known to be there; who gains by it and how large the need is
are its criteria. Where the need is not known, no work is made up: it is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis import fabric
from bazafarin.domain.codes import Decided
from bazafarin.domain.criteria import WorkCriterion, WorkKind
from bazafarin.studies.priority_values import people_of, worn_out_area_share

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan

WORK_COLUMNS = ("work_id", "neighbourhood_id", "kind", "service", "size", "size_unit")
_NEEDS = ("neighbourhood_id", "service", "size", "people_who_gain", "need_share")


def needed_works(
    plan: CityPlan, *, standards: Standards, as_of: date
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the works with their criteria, on ``work_id``, and how many needs are unknown.

    Columns: ``neighbourhood_id``, ``kind``, ``service`` (of a missing service, else empty),
    ``size`` in ``size_unit``, and the criteria: ``people_who_gain`` (persons),
    ``need_share`` (the size over all that could be in need, 0–1) and
    ``worn_out_area_share`` of the neighbourhood. The count is of neighbourhoods by kind, for
    services of neighbourhoods and services, in which it is not known whether there is a need.
    """
    needs = {
        WorkKind.MISSING_SERVICE: (_missing_services(plan), "m2"),
        WorkKind.PASSAGE_WIDENING: (_narrow_passages(plan, standards, as_of), "m"),
        WorkKind.STRUCTURAL_RENEWAL: (_unstable_buildings(plan, standards, as_of), "count"),
        WorkKind.FRONTAGE_FOR_PARCELS: (_closed_parcels(plan, standards, as_of), "count"),
    }
    unknown = {kind.value: int(table["size"].isna().sum()) for kind, (table, _) in needs.items()}
    works = pd.concat(
        [
            table[table["size"] > 0].assign(kind=kind.value, size_unit=unit)
            for kind, (table, unit) in needs.items()
        ],
        ignore_index=True,
    )
    parts = works["neighbourhood_id"] + ":" + works["kind"]
    works["work_id"] = parts.mask(works["service"] != "", parts + ":" + works["service"])
    share = worn_out_area_share(plan)
    works[WorkCriterion.WORN_OUT_AREA_SHARE] = works["neighbourhood_id"].map(share)
    columns = [*WORK_COLUMNS, *WorkCriterion]
    return works[columns].set_index("work_id"), unknown


def _missing_services(plan: CityPlan) -> pd.DataFrame:
    """Return the land that each service lacks at the standard's minimum.

    The people who gain are those for whom the land lacks: the deficit over the minimum a head.
    """
    services = plan.services
    lacks, minimum = services["deficit_min_m2"], services["standard_min_m2"]
    people = lacks / minimum.where(minimum > 0)
    live = services["population"]
    return pd.DataFrame(
        {
            "neighbourhood_id": services["neighbourhood_id"],
            "service": services["service"],
            "size": lacks,
            "people_who_gain": people,
            "need_share": people / live.where(live > 0),
        }
    )


def _narrow_passages(plan: CityPlan, standards: Standards, as_of: date) -> pd.DataFrame:
    """Return the narrow length of passages along or in each neighbourhood's worn-out blocks.

    Along means no farther from a block than the width that makes a passage narrow: its face
    is at half of that, and drawings are not exact. The people who gain live in the worn-out
    blocks that a narrow passage bounds or enters.
    """
    below = float(standards.value("impermeability.passage_below", as_of=as_of))
    ids = pd.Index(plan.neighbourhoods["neighbourhood_id"])
    worn_out = plan.blocks[plan.blocks["worn_out"]]
    is_there = worn_out["impermeability_share"] > 0
    people = _people_in_blocks(plan, worn_out["block_id"][is_there], standards, as_of)
    lengths = _lengths_along(plan, worn_out, below_m=below)
    size = lengths["narrow_m"].where(lengths["known_m"] > 0)
    # Where surely no block is worn-out there is no such need; where one may be, it is unknown.
    may_be = plan.blocks["worn_out"] | (plan.blocks["decided"] == Decided.DEPENDS_ON_UNKNOWN)
    size[~ids.isin(plan.blocks["neighbourhood_id"][may_be])] = 0.0
    return _table(ids, size, people, size / lengths["known_m"])


def _lengths_along(plan: CityPlan, worn_out: pd.DataFrame, *, below_m: float) -> pd.DataFrame:
    """Return ``narrow_m`` and ``known_m`` of passages along each one's worn-out blocks."""
    ids = pd.Index(plan.neighbourhoods["neighbourhood_id"])
    table = pd.DataFrame(0.0, index=ids, columns=["narrow_m", "known_m"])
    known = plan.passages[plan.passages["width_m"].notna()]
    if known.empty or worn_out.empty:
        return table
    lines = known.geometry.to_numpy()
    around = shapely.buffer(worn_out.geometry.to_numpy(), below_m)
    block, line = shapely.STRtree(lines).query(around, predicate="intersects")
    neighbourhood = ids.get_indexer(worn_out["neighbourhood_id"])[block]
    key, row = np.unique(neighbourhood * len(lines) + line, return_inverse=True)
    of, at = np.divmod(key, len(lines))
    # Each line within the union of its own few blocks: pieces of a line that overlap do not
    # join cleanly, and the union of a whole neighbourhood is slow to cut by.
    inside = shapely.intersection(lines[at], _unions(around[block], row, len(key)))
    length = np.asarray(shapely.length(inside))
    is_narrow = fabric.is_narrow(known["width_m"], below_m=below_m).to_numpy(dtype=bool)[at]
    table["narrow_m"] = np.bincount(of, weights=length * is_narrow, minlength=len(ids))
    table["known_m"] = np.bincount(of, weights=length, minlength=len(ids))
    return table


def _unions(areas: np.ndarray, row: np.ndarray, rows: int) -> np.ndarray:
    """Return the union of the areas of each row."""
    order = np.argsort(row, kind="stable")
    count = np.bincount(row, minlength=rows)
    column = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    table = np.full((rows, int(count.max(initial=0))), None, dtype=object)
    table[row[order], column] = areas[order]
    return np.asarray(shapely.union_all(table, axis=1))


def _unstable_buildings(plan: CityPlan, standards: Standards, as_of: date) -> pd.DataFrame:
    """Return how many buildings of each neighbourhood are unstable, and who lives in them."""
    buildings = plan.parcels[plan.parcels["is_building"].astype(bool)]
    return _parcels_in_need(plan, buildings["is_unstable"], standards, as_of)


def _closed_parcels(plan: CityPlan, standards: Standards, as_of: date) -> pd.DataFrame:
    """Return how many parcels of each neighbourhood face no passage, and who lives in them."""
    frontage = plan.parcels["frontage_m"]
    has_none = (frontage == 0).astype("boolean").mask(frontage.isna())
    return _parcels_in_need(plan, has_none, standards, as_of)


def _parcels_in_need(
    plan: CityPlan, in_need: pd.Series[bool], standards: Standards, as_of: date
) -> pd.DataFrame:
    """Return the count of parcels in need; unknown where no parcel's answer is known."""
    ids = pd.Index(plan.neighbourhoods["neighbourhood_id"])
    of = plan.parcels["neighbourhood_id"].reindex(in_need.index)
    answer = in_need.astype("Float64").astype("float64")
    counted = answer.groupby(of).agg(["sum", "count", "size"]).reindex(ids).fillna(0.0)
    # Nothing to ask about is no need; something to ask about and no answer is unknown.
    size = counted["sum"].where((counted["count"] > 0) | (counted["size"] == 0))
    meant = plan.parcels.loc[in_need.index[in_need.fillna(value=False).astype(bool)]]
    people = people_of(meant, meant["neighbourhood_id"], ids, standards, as_of)
    known = counted["count"]
    return _table(ids, size, people, size / known.where(known > 0))


def _people_in_blocks(
    plan: CityPlan, block_ids: pd.Series[str], standards: Standards, as_of: date
) -> pd.Series[float]:
    ids = pd.Index(plan.neighbourhoods["neighbourhood_id"])
    inside = plan.parcels[plan.parcels["block_id"].isin(block_ids)]
    return people_of(inside, inside["neighbourhood_id"], ids, standards, as_of)


def _table(
    ids: pd.Index[str], size: pd.Series[float], people: pd.Series[float], share: pd.Series[float]
) -> pd.DataFrame:
    table = pd.DataFrame(
        {"service": "", "size": size, "people_who_gain": people, "need_share": share}, index=ids
    )
    return (
        table.rename_axis("neighbourhood_id")
        .reset_index()
        .astype({"size": "float64", "people_who_gain": "float64", "need_share": "float64"})[
            list(_NEEDS)
        ]
        .replace({"need_share": {np.inf: np.nan}})
    )
