"""The whole delineation against the same steps with GeoPandas joins and momepy: one ratio.

    python benchmarks/delineation.py --parcels 20000

Both start from the same layers in memory (parcels that name no block, the blocks' outlines,
streets of which some carry a width, the approved boundary) and end with the blocks' answers,
what changes, and the proposed boundary. The peer is written as a competent analyst would:
spatial joins, overlays, dissolves and grouped sums, no row loop of its own. The ratio is its
time over ours: at least 5. How far the two agree on worn-out is printed beside it, also
with our widths for momepy's, whose mean takes in what its ticks see along side streets.
"""

from __future__ import annotations

import argparse
import time
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import momepy
import numpy as np
import pandas as pd

from bazafarin.adapters.delivery import read_city
from bazafarin.domain.solar_hijri import parse_as_of
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from towns import AS_OF, quiet, town_file

if TYPE_CHECKING:
    from typing import Any

    from bazafarin.domain.city import City
    from bazafarin.studies.city_plan import CityPlan

WARM_UP_PARCELS = 1_000
REPEAT = 3
"""Runs of each, of which the fastest counts: other work only ever adds to a time."""


def main() -> None:
    """Delineate both ways; print the ratio and how far the answers agree."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=20_000)
    parcels = arguments.parse_args().parcels
    warm_up = _without_ids(read_city(town_file(WARM_UP_PARCELS)))
    city = _without_ids(read_city(town_file(parcels)))
    ours(warm_up)
    theirs(warm_up)
    plans = [ours(city) for _ in range(REPEAT)]
    plan, our_s = plans[0][0], min(seconds for _, seconds in plans)
    their_seconds = []
    for _ in range(REPEAT):
        began = time.perf_counter()
        blocks = theirs(city)
        their_seconds.append(time.perf_counter() - began)
    their_s = min(their_seconds)
    with_our_widths = theirs(city, plan.passages["width_m"])
    print(f"{parcels:,} parcels, {len(blocks):,} blocks, {len(plan.passages):,} passages")
    print(f"bazafarin {our_s:.2f} s, GeoPandas {gpd.__version__} and momepy {their_s:.2f} s")
    print(f"the same answer for {_same(plan, blocks):.1%} of the blocks,")
    print(f"  for {_same(plan, with_our_widths):.1%} where the peer is given our widths")
    print(f"  {quiet()}")
    print(f"ratio: {their_s / our_s:.1f}")


def _same(plan: CityPlan, blocks: pd.DataFrame) -> float:
    """Return the share of blocks that are worn-out in both or in neither, 0–1."""
    worn_out = plan.blocks.set_index("block_id")["worn_out"]
    return float((worn_out == blocks["worn_out"].reindex(worn_out.index)).mean())


def _without_ids(city: City) -> City:
    """Return the city as a delivery whose parcels name neither block nor neighbourhood."""
    parcels = city.parcels.assign(block_id=np.nan, neighbourhood_id=np.nan)
    kinds = {"block_id": "str", "neighbourhood_id": "str"}
    return replace(city, parcels=parcels.astype(kinds))


def ours(city: City) -> tuple[CityPlan, float]:
    """Return the plan, and the seconds from its first stage until services begin."""
    began: dict[str, float] = {}
    plan = plan_city(
        city,
        standards=Standards.national(),
        as_of=parse_as_of(AS_OF),
        on_stage=lambda stage: began.setdefault(stage, time.perf_counter()),
    )
    return plan, began["services"] - began["place"]


def theirs(city: City, width_m: pd.Series[float] | None = None) -> pd.DataFrame:
    """Return the peer's blocks with ``worn_out``; its boundary and changes are made too.

    ``width_m`` (by passage) stands for the widths that momepy would measure.
    """
    rules = _Rules()
    parcels = _placed(city)
    streets = city.passages.copy()
    streets["width"] = _widths(city, rules) if width_m is None else width_m.to_numpy()
    blocks = _judged(city, parcels, _along_blocks(city, streets), rules)
    changes = _changes(blocks, parcels, city, rules)
    stays = changes.index[changes != "removed"]
    _outline(blocks[blocks.index.isin(stays)], blocks[~blocks.index.isin(stays)], rules)
    return blocks


class _Rules:
    """The same figures as ours: the national rules of the day."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a rule is a number or a list
        return Standards.national().value(name.replace("__", "."), as_of=parse_as_of(AS_OF))


def _placed(city: City) -> gpd.GeoDataFrame:
    """Return the parcels with the block and neighbourhood that hold a point on them."""
    parcels = city.parcels.drop(columns=["block_id", "neighbourhood_id"])
    points = gpd.GeoDataFrame(geometry=parcels.representative_point())
    for layer, name in ((city.blocks, "block_id"), (city.neighbourhoods, "neighbourhood_id")):
        held = points.sjoin(layer[[name, "geometry"]], how="left", predicate="within")
        parcels[name] = held[name][~held.index.duplicated()]
    parcels["area_m2"] = parcels["land_area_m2"].fillna(parcels.area)
    return parcels


def _widths(city: City, rules: _Rules) -> pd.Series[float]:
    """Return the width of each street: recorded, else momepy's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # momepy's own, under newer pandas and shapely
        profile = momepy.street_profile(
            city.passages,
            city.parcels.explode(),
            distance=rules.passages__sample_spacing_m,
            tick_length=2 * rules.passages__reach_m,
        )
    return city.passages["width_m"].fillna(profile["width"])


def _along_blocks(city: City, streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return each block's streets: enough of its edge in their corridor, or they lie in it."""
    streets = streets.assign(length=streets.length)
    corridor = streets[["passage_id", "width"]].set_geometry(
        streets.buffer(streets["width"].fillna(10.0) / 2 + 1.0, cap_style="flat")
    )
    edges = city.blocks[["block_id"]].set_geometry(city.blocks.boundary)
    shared = gpd.overlay(edges, corridor, how="intersection", keep_geom_type=False)
    shared["along"] = shared.length
    along = shared.groupby(["block_id", "passage_id"])["along"].sum().reset_index()
    along = along.merge(streets[["passage_id", "width", "length"]], on="passage_id")
    along = along[along["along"] >= 0.3 * along["length"]]
    middles = streets[["passage_id", "width", "length"]].set_geometry(
        streets.representative_point()
    )
    entering = middles.sjoin(city.blocks[["block_id", "geometry"]], predicate="within")
    columns = ["block_id", "passage_id", "width", "length"]
    return pd.concat([along[columns], pd.DataFrame(entering)[columns]]).drop_duplicates(
        ["block_id", "passage_id"]
    )


def _judged(
    city: City, parcels: gpd.GeoDataFrame, along: pd.DataFrame, rules: _Rules
) -> gpd.GeoDataFrame:
    """Return the blocks with the three shares and the answer."""
    structure = parcels["structure"].astype(str)
    tells = (parcels["built_area_m2"] > 0) | (parcels["floors"] > 0)
    tells |= parcels["built_sh"].notna() | (structure != "unknown")
    none = parcels["use"].isin(rules.instability__no_building_uses)
    none |= parcels["use"].isin(rules.instability__open_land_uses) & ~tells
    none |= parcels["built_area_m2"].eq(0) & ~tells
    unstable = structure.isin(rules.instability__unstable_structures).astype(float)
    known = unstable.astype(bool) | structure.isin(rules.instability__stable_structures)
    parcels = parcels.assign(
        fine=parcels["area_m2"] < rules.fine_grain__parcel_below, unstable=unstable.where(known)
    )
    narrow = (along["width"] < rules.impermeability__passage_below) * along["length"]
    known_length = along["length"].where(along["width"].notna())
    shares = pd.DataFrame(
        {
            "fine_grain": parcels.groupby("block_id")["fine"].mean(),
            "instability": parcels[~none].groupby("block_id")["unstable"].mean(),
            "impermeability": narrow.groupby(along["block_id"]).sum()
            / known_length.groupby(along["block_id"]).sum(),
        }
    )
    blocks = city.blocks.set_index("block_id").join(shares)
    limits = {name: getattr(rules, f"{name}__share_above") for name in shares}
    blocks["worn_out"] = (blocks[list(limits)] > pd.Series(limits)).all(axis=1)
    return blocks


def _changes(
    blocks: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, city: City, rules: _Rules
) -> pd.Series[str]:
    """Return what becomes of each block that is in the approved boundary or worn-out."""
    common = gpd.overlay(
        blocks.reset_index()[["block_id", "geometry"]],
        city.approved_boundary[["geometry"]],
        how="intersection",
    )
    inside_m2 = common.area.groupby(common["block_id"]).sum().reindex(blocks.index).fillna(0.0)
    inside = inside_m2 / blocks.area > rules.boundary__inside_share_above
    quality = parcels["quality"].astype(str)
    renovated = quality.isin(rules.boundary__renovated_qualities).astype(float)
    share = renovated.where(quality != "unknown").groupby(parcels["block_id"]).mean()
    out = share.reindex(blocks.index) > rules.boundary__renovated_share_above
    change = np.select(
        [~inside & blocks["worn_out"], inside & ~blocks["worn_out"] & out, inside],
        ["added", "removed", "kept"],
        default="",
    )
    changes = pd.Series(change, index=blocks.index)
    return changes[changes != ""]


def _outline(inside: gpd.GeoDataFrame, others: gpd.GeoDataFrame, rules: _Rules) -> gpd.GeoDataFrame:
    """Return the proposed boundary: joined across lanes, not over other blocks."""
    reach = rules.boundary__join_gap_m / 2
    wide = inside[["geometry"]].set_geometry(inside.buffer(reach, join_style="mitre")).dissolve()
    closed = wide.set_geometry(wide.buffer(-reach, join_style="mitre"))
    outline = gpd.overlay(closed, others[["geometry"]], how="difference").explode()
    return outline[outline.area >= rules.boundary__least_part_m2]


if __name__ == "__main__":
    main()
