"""A whole town: its layers as delivered, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.synthetic_town import boundary, layers, truth
from bazafarin.adapters.synthetic_town.buildings import buildings
from bazafarin.adapters.synthetic_town.gaps import recorded_widths, survey_gaps
from bazafarin.adapters.synthetic_town.layout import Layout, lay_out
from bazafarin.adapters.synthetic_town.residents import residents
from bazafarin.domain.city import LAYERS
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from bazafarin.adapters.synthetic_town.quads import Floats

_PLANNED = (("green", 0.012), ("parking", 0.015), ("unknown", 0.03))
"""Share of the homes for which the detailed plan has something else in mind, or says nothing."""
FEWEST_PARCELS = 1_000
MOST_PARCELS = 1_000_000


@dataclass(frozen=True)
class Town:
    """A synthetic town: layers by the names of the city file, and the truth."""

    frames: dict[str, gpd.GeoDataFrame]
    truth: truth.Truth


def build_town(*, parcels: int, seed: int, on_stage: Callable[[str], None] | None = None) -> Town:
    """Grow a town of exactly ``parcels`` parcels (1,000 to 1,000,000) from a seed.

    The same numbers give the same town, whatever the day or the machine's hashing.
    ``on_stage`` is told each stage as it begins: ``streets``, ``buildings``, ``layers``.

    Raises:
        UsageError: the number of parcels is out of range.
    """
    if not FEWEST_PARCELS <= parcels <= MOST_PARCELS:
        raise UsageError(
            "usage.parcels", text=str(parcels), least=FEWEST_PARCELS, most=MOST_PARCELS
        )
    tell = on_stage or (lambda _stage: None)
    tell("streets")
    layout = lay_out(parcels=parcels, seed=seed)
    tell("buildings")
    true, told = _inhabited(layout, seed)
    tell("layers")
    return _delivered(layout, true, told, seed)


def _front_m(layout: Layout) -> Floats:
    """Return the width of the widest passage at each parcel's door; 0 without a door."""
    lots, lines = layout.lots, layout.mesh.lines
    return np.asarray(
        np.where(layout.mesh.has_door(lots), lines.width_m[lots.line], 0.0).max(axis=1)
    )


def _inhabited(layout: Layout, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parcels' columns as they are, and as the survey tells them."""
    lots, area, front = layout.lots, shapely.area(layout.parcels), _front_m(layout)
    standing = buildings(
        np.random.default_rng([seed, 3]),
        area_m2=area,
        fabric=lots.fabric,
        role=lots.role,
        block=layout.block_row,
        block_xy=layout.block_quads.middle,
        front_m=front,
    )
    people = residents(
        np.random.default_rng([seed, 4]), standing, fabric=lots.fabric, front_m=front
    )
    true = standing.join(people)
    true["use_plan"] = _planned_use(np.random.default_rng([seed, 5]), true)
    rng = np.random.default_rng([seed, 6])
    return true, survey_gaps(rng, true, area_m2=area, block=layout.block_row)


def _planned_use(rng: np.random.Generator, true: pd.DataFrame) -> pd.Series[str]:
    """Return the detailed plan's use: today's, homes on empty land, now and then a service."""
    plan = true["use"].replace({"vacant": "residential", "ruined": "residential"})
    plan = plan.mask(plan == "under_construction", "residential")
    for use, share in _PLANNED:
        plan = plan.mask((plan == "residential") & (rng.random(len(plan)) < share), use)
    return plan


def _delivered(layout: Layout, true: pd.DataFrame, told: pd.DataFrame, seed: int) -> Town:
    rng = np.random.default_rng([seed, 7])
    order = [column.name for column in LAYERS["parcels"].columns if column.name in told]
    parcels = layers.parcel_frame(layout, told[order], layout.block_row)
    blocks = layers.block_frame(layout)
    recorded = recorded_widths(rng, layout.passages.width_m)
    passages = layers.passage_frame(layout, recorded, rng)
    population = true["population"].groupby(parcels["neighbourhood_id"]).sum()
    known = truth.block_truth(layout, true, parcels, layout.block_row)
    inside = boundary.inside_boundary(rng, known, layout.block_quads)
    known["in_approved_boundary"] = inside
    frames = {
        "parcels": parcels,
        "blocks": blocks,
        "passages": passages,
        "neighbourhoods": layers.neighbourhood_frame(blocks, population),
        "facilities": layers.facility_frame(layout, parcels, rng),
        "approved_boundary": boundary.boundary_frame(blocks, inside),
    }
    return Town(frames, _truth(layout, frames, known, population, seed))


def _truth(
    layout: Layout,
    frames: dict[str, gpd.GeoDataFrame],
    known: pd.DataFrame,
    population: pd.Series[float],
    seed: int,
) -> truth.Truth:
    ways = layout.passages
    ids, blocks = frames["passages"]["passage_id"], known["block_id"]
    counts = {name: len(frame) for name, frame in frames.items()}
    outside = known["worn_out"] & ~known["in_approved_boundary"]
    renewed = boundary.is_renewed(known) & known["in_approved_boundary"]
    return truth.Truth(
        seed=seed,
        counts=counts | {"worn_out_blocks": int(known["worn_out"].sum())},
        blocks=known,
        passages=pd.DataFrame(
            {"passage_id": ids, "width_m": ways.width_m, "widest_m": ways.widest_m}
        ),
        bounds=pd.DataFrame(
            {
                "passage_id": ids.to_numpy()[ways.of_passage],
                "block_id": blocks.to_numpy()[ways.of_block],
            }
        ),
        population=population,
        services=truth.service_truth(frames["parcels"]),
        added=tuple(blocks[outside]),
        removed=tuple(blocks[renewed]),
    )
