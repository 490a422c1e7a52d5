"""Which parcel became which, where a new survey names the land anew: by overlap alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

if TYPE_CHECKING:
    import geopandas as gpd


def parcel_succession(
    vanished: gpd.GeoSeries,
    new: gpd.GeoSeries,
    *,
    overlap_share: float,
) -> pd.DataFrame:
    """Return what became of the land of vanished parcels, from old to new.

    A pair belongs together where their common ground is at least ``overlap_share`` of the
    smaller of the two. A parcel with several successors was split, one with several
    predecessors merged; one to one it was renamed; several to several it was rearranged.

    Args:
        vanished: shapes in metres of parcels that are no longer named, by their key.
        new: shapes in the same system of parcels that were not named before, by their key.
        overlap_share: above 0, at most 1.

    Returns:
        ``old``, ``new``, ``kind`` (``split``, ``merged``, ``renamed``, ``rearranged``) and
        ``common_m2``, one row a pair, in order of the keys; empty where no land is shared.
        Shapes without an area belong to nothing.
    """
    empty = pd.DataFrame(
        {
            "old": pd.Series(dtype="str"),
            "new": pd.Series(dtype="str"),
            "kind": pd.Series(dtype="str"),
            "common_m2": pd.Series(dtype=float),
        }
    )
    if vanished.empty or new.empty:
        return empty
    before, after = np.asarray(vanished), np.asarray(new)
    left, right = STRtree(after).query(before, predicate="intersects")
    common = shapely.area(shapely.intersection(before[left], after[right]))
    least = np.minimum(shapely.area(before[left]), shapely.area(after[right]))
    is_pair = (least > 0) & (common >= overlap_share * least)
    if not is_pair.any():
        return empty
    pairs = pd.DataFrame(
        {
            "old": vanished.index.to_numpy()[left[is_pair]],
            "new": new.index.to_numpy()[right[is_pair]],
            "common_m2": common[is_pair],
        }
    ).astype({"old": "str", "new": "str"})
    successors = pairs.groupby("old")["new"].transform("size")
    predecessors = pairs.groupby("new")["old"].transform("size")
    pairs["kind"] = np.select(
        [
            (successors > 1) & (predecessors > 1),
            successors > 1,
            predecessors > 1,
        ],
        ["rearranged", "split", "merged"],
        default="renamed",
    )
    ordered = pairs.sort_values(["old", "new"], ignore_index=True)
    return ordered[["old", "new", "kind", "common_m2"]].astype({"kind": "str"})
