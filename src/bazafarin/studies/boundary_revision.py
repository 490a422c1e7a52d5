"""Which blocks come into the worn-out boundary, which go out, which stay, and why?

A worn-out block outside the approved boundary comes in. A block inside goes out when more
than a share of its parcels was surely renovated and it is surely not worn-out; every other block
inside stays, for the boundary is a legal act that only such a finding changes. The share
is a rule of ``standards/national/boundary.toml``; on a day before that rule no block goes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis import fabric, outlines, shares
from bazafarin.domain import solar_hijri
from bazafarin.domain.codes import BoundaryChange, Decided

if TYPE_CHECKING:
    from datetime import date

    from bazafarin.standards import Standards

RULES = (
    "boundary.renovated_share_above",
    "boundary.renovated_qualities",
    "boundary.inside_share_above",
)
OUTLINE_RULES = ("boundary.join_gap_m", "boundary.least_part_m2", "boundary.least_hole_m2")


def boundary_changes(
    blocks: gpd.GeoDataFrame,
    parcels: pd.DataFrame,
    approved: gpd.GeoDataFrame,
    *,
    standards: Standards,
    as_of: date,
) -> gpd.GeoDataFrame:
    """Return the blocks that the approved boundary or the proposal holds, with their change.

    Columns: ``block_id``, ``change``, ``reason`` (a wording key below ``reason``),
    ``area_m2``, ``inside_share`` (of the block's area in the approved boundary, 0–1),
    ``renovated_share`` (NaN unknown) and ``renovated_share_coverage``.
    """

    def share_rule(name: str) -> float:
        return float(standards.value(f"boundary.{name}", as_of=as_of))

    inside_share = share_inside(blocks.geometry, approved.geometry)
    was_inside = shares.is_above(inside_share, share_rule("inside_share_above"))
    renovated = renovated_shares(
        parcels,
        approved,
        block_ids=pd.Index(blocks["block_id"]),
        standards=standards,
        as_of=as_of,
    ).set_axis(blocks.index)
    may_go_out = standards.is_in_force("boundary.renovated_share_above", as_of=as_of)
    limit = share_rule("renovated_share_above") if may_go_out else 1.0
    surely = shares.is_above(renovated["least"], limit)
    maybe = shares.is_above(renovated["most"].fillna(1.0), limit)
    worn_out, not_worn_out = blocks["worn_out"], blocks["decided"] == Decided.NO
    is_open = blocks["decided"] == Decided.DEPENDS_ON_UNKNOWN
    cases = {
        "worn_out_outside": ~was_inside & worn_out & ~is_open,
        "worn_out_outside_open": ~was_inside & worn_out & is_open,
        "still_worn_out": was_inside & worn_out,
        "no_rule_yet": was_inside & ~worn_out & (not may_go_out),
        "renovated": was_inside & ~worn_out & surely & not_worn_out,
        "may_be_worn_out": was_inside & ~worn_out & surely & ~not_worn_out,
        "renovation_unknown": was_inside & ~worn_out & ~surely & maybe,
        "not_renovated_enough": was_inside & ~worn_out & ~maybe,
    }
    reason = pd.Series(
        np.select(list(cases.values()), list(cases), default=""), index=blocks.index, dtype="str"
    )
    change = reason.map(_CHANGE)
    changes = gpd.GeoDataFrame(
        {
            "block_id": blocks["block_id"],
            "change": change,
            "reason": reason,
            "area_m2": blocks["area_m2"],
            "inside_share": inside_share,
            "renovated_share": renovated["share"],
            "renovated_share_coverage": renovated["coverage"],
        },
        geometry=blocks.geometry,
    )
    return changes[reason != ""].reset_index(drop=True)


_CHANGE = {
    "worn_out_outside": BoundaryChange.ADDED.value,
    "worn_out_outside_open": BoundaryChange.ADDED.value,
    "still_worn_out": BoundaryChange.KEPT.value,
    "no_rule_yet": BoundaryChange.KEPT.value,
    "renovated": BoundaryChange.REMOVED.value,
    "may_be_worn_out": BoundaryChange.KEPT.value,
    "renovation_unknown": BoundaryChange.KEPT.value,
    "not_renovated_enough": BoundaryChange.KEPT.value,
}
REASONS = tuple(_CHANGE)


def renovated_shares(
    parcels: pd.DataFrame,
    approved: gpd.GeoDataFrame | None,
    *,
    block_ids: pd.Index[str],
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return the share of each block's parcels that was renovated (see ``shares.group_shares``).

    Renovated is a parcel of the renovated qualities, or one built after the approval of the
    boundary where there is one that says when.
    """
    return shares.group_shares(
        fabric.is_renovated(
            parcels,
            renovated_qualities=standards.value("boundary.renovated_qualities", as_of=as_of),
            since_sh=None if approved is None else _year_of_approval(approved),
        ),
        parcels["block_id"],
        groups=block_ids,
    )


def proposed_boundary(
    blocks: gpd.GeoDataFrame, is_inside: pd.Series[bool], *, standards: Standards, as_of: date
) -> gpd.GeoDataFrame:
    """Return the boundary around the blocks of ``is_inside``: ``part_id`` (1…), ``area_m2``.

    Lanes between its blocks are inside; no other block is covered.
    """
    options = {
        rule.removeprefix("boundary."): float(standards.value(rule, as_of=as_of))
        for rule in OUTLINE_RULES
    }
    parts = outlines.joined_outline(
        gpd.GeoSeries(blocks.geometry[is_inside]),
        gpd.GeoSeries(blocks.geometry[~is_inside]),
        join_gap_m=options["join_gap_m"],
        least_part_m2=options["least_part_m2"],
        least_hole_m2=options["least_hole_m2"],
    )
    return gpd.GeoDataFrame(
        {
            "part_id": pd.Series(np.arange(1, len(parts) + 1), dtype="int64"),
            "area_m2": parts.area.to_numpy(),
        },
        geometry=parts.to_numpy(),
        crs=blocks.crs,
    )


def share_inside(blocks: gpd.GeoSeries, approved: gpd.GeoSeries) -> pd.Series[float]:
    """Return the share of each block's area that lies in the approved boundary, 0–1."""
    boundary = shapely.union_all(approved.to_numpy())
    shapely.prepare(boundary)
    geometry = blocks.to_numpy()
    share = shapely.contains(boundary, geometry).astype(float)
    crossing = shapely.intersects(boundary, geometry) & (share == 0)
    common = shapely.area(shapely.intersection(geometry[crossing], boundary))
    share[crossing] = common / shapely.area(geometry[crossing])
    return pd.Series(share, index=blocks.index, name="inside_share")


def _year_of_approval(approved: gpd.GeoDataFrame) -> float | None:
    """Return the Solar Hijri year of the newest approval; None where no date was delivered."""
    newest = approved["approved_on"].max()
    return None if pd.isna(newest) else float(solar_hijri.to_jalali(newest.date())[0])
