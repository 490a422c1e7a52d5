"""The approved boundary: drawn long ago, and partly out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from bazafarin.adapters.synthetic_town.fabric import Fabric
from bazafarin.adapters.synthetic_town.layers import CRS, names

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Flags, Quads

APPROVED_ON = pd.Timestamp("2006-05-01")
"""11 Ordibehesht 1385, the day of the resolution that brought the three indices."""

_LEFT_OUT = 0.14
"""Share of today's worn-out blocks that the old boundary left out."""
_RENOVATED = 0.5
"""A block with more new buildings than this was renovated since."""
_AROUND = 9
_SURROUNDED = 0.7
"""A sound block lies inside where more than this share of the nearest nine is worn-out."""
_RENEWED_INSIDE = 0.8
_GAP_M = 9.0
"""Streets up to twice this between two blocks of the boundary lie inside it."""


def is_renewed(blocks: pd.DataFrame) -> pd.Series[bool]:
    """Return which blocks are worn-out no more, because most of their parcels are new."""
    return ~blocks["worn_out"] & (blocks["renovated_share"] > _RENOVATED)


def inside_boundary(rng: np.random.Generator, blocks: pd.DataFrame, quads: Quads) -> Flags:
    """Return which blocks the old boundary took in.

    Most of those that are worn-out today, those of the old fabrics that were renewed since,
    and sound blocks in the midst of worn-out ones, because a boundary is drawn by hand.
    """
    dice = rng.random(len(blocks))
    worn_out = blocks["worn_out"].to_numpy()
    old = np.isin(quads.fabric, (Fabric.OLD, Fabric.MIDDLE))
    around = cKDTree(quads.middle).query(quads.middle, k=min(_AROUND, len(blocks)))[1]
    surrounded = worn_out[around].mean(axis=1) > _SURROUNDED
    left_out = (dice < _LEFT_OUT) | ((dice < 4 * _LEFT_OUT) & ~old)
    renewed = is_renewed(blocks).to_numpy() & old & (dice < _RENEWED_INSIDE)
    return np.asarray((worn_out & ~left_out) | renewed | (surrounded & old))


def boundary_frame(blocks: gpd.GeoDataFrame, inside: Flags) -> gpd.GeoDataFrame:
    """Return the boundary's parts, with the day and the synthetic resolution."""
    grown = shapely.buffer(blocks.geometry.to_numpy()[inside], _GAP_M, join_style="mitre")
    outline = shapely.buffer(shapely.union_all(grown), 1 - _GAP_M, join_style="mitre")
    parts = shapely.get_parts(outline)
    return gpd.GeoDataFrame(
        {
            "approved_on": pd.Series([APPROVED_ON] * len(parts), dtype="datetime64[s]"),
            "resolution": [names().resolution] * len(parts),
        },
        geometry=parts,
        crs=CRS,
    )
