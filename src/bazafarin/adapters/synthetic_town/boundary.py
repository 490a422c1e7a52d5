"""The approved boundary: drawn long ago, and partly out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.synthetic_town.fabric import Fabric
from bazafarin.adapters.synthetic_town.layers import CRS, names

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.mesh import Flags, Ints

APPROVED_ON = pd.Timestamp("2006-05-01")
"""11 Ordibehesht 1385, the day of the resolution that brought the three indices."""

_LEFT_OUT = 0.14
"""Share of today's worn-out blocks that the old boundary left out."""
_RENOVATED = 0.5
"""A block with more new buildings than this was renovated since."""
_GAP_M = 9.0
"""Streets up to twice this between two blocks of the boundary lie inside it."""


def inside_boundary(rng: np.random.Generator, blocks: pd.DataFrame, fabric: Ints) -> Flags:
    """Return which blocks the old boundary took in: most of the worn-out, and the since renewed."""
    dice = rng.random(len(blocks))
    worn_out = blocks["worn_out"].to_numpy() & (dice > _LEFT_OUT)
    renewed = (blocks["renovated_share"] > _RENOVATED).to_numpy() & (fabric == Fabric.OLD)
    return np.asarray(worn_out | renewed)


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
