"""What is true of the town by construction, beside what its delivery lets one know.

The three indices are computed here once more and on their own: this is the answer that the
studies are compared with, so it must not come from them. Its thresholds are therefore its own
constants, named in the truth by the ids of the rules they stand for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.synthetic_town.buildings import is_built
from bazafarin.adapters.synthetic_town.layers import block_ids
from bazafarin.domain.codes import Quality, Structure

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.adapters.synthetic_town.layout import Layout
    from bazafarin.adapters.synthetic_town.quads import Ints

FINE_GRAIN_BELOW_M2 = 200.0
NARROW_BELOW_M = 6.0
MORE_THAN = 0.5
UNSTABLE = (
    Structure.ADOBE,
    Structure.BRICK_WOOD,
    Structure.CEMENT_BLOCK,
    Structure.MASONRY_UNTIED,
)

RULES: dict[str, object] = {
    "fine_grain.parcel_below": FINE_GRAIN_BELOW_M2,
    "impermeability.passage_below": NARROW_BELOW_M,
    "instability.unstable_structures": [each.value for each in UNSTABLE],
    "fine_grain.share_above": MORE_THAN,
    "instability.share_above": MORE_THAN,
    "impermeability.share_above": MORE_THAN,
}


@dataclass(frozen=True)
class Truth:
    """The truth about one town.

    Attributes:
        seed: what the town was grown from.
        counts: rows of each layer, and of the worn-out blocks.
        blocks: one row a block: counts, the three true shares, the bounds of instability
            that the delivery allows, the share of renovated parcels, ``worn_out``,
            ``in_approved_boundary``.
        passages: ``passage_id``, ``width_m`` (true, along the steady part), ``widest_m``
            (more in the few lanes that widen in the middle).
        bounds: which passage bounds or enters which block.
        population: persons of each neighbourhood, nothing unknown.
        services: ``neighbourhood_id``, ``service`` (use), ``existing_m2``.
        added: worn-out blocks outside the approved boundary.
        removed: renovated blocks inside it that are worn-out no more.
    """

    seed: int
    counts: dict[str, int]
    blocks: pd.DataFrame
    passages: pd.DataFrame
    bounds: pd.DataFrame
    population: pd.Series[float]
    services: pd.DataFrame
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def to_json(self) -> str:
        """Return the truth as compact JSON, tables by column."""
        told: dict[str, Any] = {
            "synthetic": True,
            "seed": self.seed,
            "counts": self.counts,
            "rules": RULES,
            "blocks": _by_column(self.blocks),
            "passages": _by_column(self.passages),
            "bounds": _by_column(self.bounds),
            "population": {key: int(value) for key, value in self.population.items()},
            "services": _by_column(self.services),
            "approved_boundary": {"added": list(self.added), "removed": list(self.removed)},
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _by_column(table: pd.DataFrame) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {}
    for name, values in table.items():
        if pd.api.types.is_float_dtype(values):
            columns[str(name)] = [None if np.isnan(each) else round(each, 6) for each in values]
        else:
            columns[str(name)] = values.tolist()
    return columns


def block_truth(
    layout: Layout, true: pd.DataFrame, told: gpd.GeoDataFrame, block_row: Ints
) -> pd.DataFrame:
    """Return the true indices of each block, and the bounds that the delivery allows."""
    built = is_built(true)
    unstable = true["structure"].isin(UNSTABLE).to_numpy() & built
    known = (told["structure"] != Structure.UNKNOWN).to_numpy()
    area = told["land_area_m2"].fillna(told.geometry.area).to_numpy()
    count = len(layout.blocks)

    def per_block(rows: object) -> np.ndarray[Any, np.dtype[np.float64]]:
        weights = np.asarray(rows, dtype=np.float64)
        return np.bincount(block_row, weights=weights, minlength=count).astype(np.float64)

    parcels, buildings = per_block(np.ones(len(true))), per_block(built)
    with np.errstate(invalid="ignore", divide="ignore"):
        table = pd.DataFrame(
            {
                "block_id": block_ids(layout)[0],
                "parcels_count": parcels.astype(int),
                "buildings_count": buildings.astype(int),
                "fine_grain_share": per_block(area < FINE_GRAIN_BELOW_M2) / parcels,
                "instability_share": per_block(unstable) / buildings,
                "instability_share_min": per_block(unstable & known) / buildings,
                "instability_share_max": per_block(unstable | (built & ~known)) / buildings,
                "impermeability_share": _impermeability(layout),
                "renovated_share": per_block(true["quality"] == Quality.NEW) / parcels,
            }
        )
    shares = table[["fine_grain_share", "instability_share", "impermeability_share"]]
    table["worn_out"] = (shares > MORE_THAN).all(axis=1)
    return table


def _impermeability(layout: Layout) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the share by length of narrow passages among those that bound or enter a block."""
    ways, count = layout.passages, len(layout.blocks)
    length = shapely.length(ways.lines)[ways.of_passage]
    narrow = (ways.width_m < NARROW_BELOW_M)[ways.of_passage]
    total = np.bincount(ways.of_block, weights=length, minlength=count)
    return np.asarray(np.bincount(ways.of_block, weights=length * narrow, minlength=count) / total)


def service_truth(told: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the land of each use in each neighbourhood, in m²; uses of services are all told."""
    area = told["land_area_m2"].fillna(told.geometry.area)
    land = area.groupby([told["neighbourhood_id"], told["use"].astype(str)]).sum()
    return land.rename("existing_m2").rename_axis(["neighbourhood_id", "service"]).reset_index()
