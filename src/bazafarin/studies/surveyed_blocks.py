"""What a survey changes of blocks: their indices anew, and what still has to be surveyed.

The widths of passages are no matter of a survey of parcels: how impermeable a block is comes in
as a plan found it, or is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis import shares
from bazafarin.domain.codes import Decided
from bazafarin.studies import worn_out_fabric
from bazafarin.studies.worn_out_fabric import Thresholds

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from bazafarin.standards import Standards

SURVEYED_INDICES = ("fine_grain", "instability")
SHARE_COLUMNS = ("share", "coverage", "least", "most", "total")


def blocks_of_parcels(
    parcels: pd.DataFrame,
    impermeability: pd.DataFrame,
    *,
    block_ids: pd.Index[str],
    standards: Standards,
    as_of: date,
) -> pd.DataFrame:
    """Return the indices of blocks and their answer, as the parcels of an edition give them.

    Args:
        parcels: every parcel of the blocks: ``block_id``, ``area_m2`` and the city file's columns.
        impermeability: on blocks, ``SHARE_COLUMNS`` as ``shares.group_shares`` gives them; a
            block that is not there is unknown in that index.
        block_ids: the blocks to answer for.
        standards: the rules.
        as_of: the day whose rules hold.

    Returns:
        On ``block_ids``: ``fine_grain_share`` and ``instability_share`` (0–1, NaN unknown) with
        their ``…_coverage``; ``parcels_count``; ``indices_met``, ``worn_out``, ``level`` and
        ``decided`` as ``worn_out_fabric.judge_blocks`` gives them; ``parcels_to_decide``, the
        least number of parcels whose structure, once known, could settle whether instability is
        met (NaN where the answer depends on nothing, or on something else).
    """
    thresholds = Thresholds.in_force(standards, as_of=as_of)
    judged = worn_out_fabric.judge_parcels(parcels, standards=standards, as_of=as_of)
    judged["block_id"] = parcels["block_id"]
    none = pd.DataFrame({"block_id": [], "width_m": [], "length_m": []}).astype(
        {"block_id": "str", "width_m": float, "length_m": float}
    )
    measured = worn_out_fabric.index_shares(
        judged, none, block_ids=block_ids, passage_below_m=thresholds.passage_below_m
    )
    measured["impermeability"] = impermeability.reindex(block_ids)[list(SHARE_COLUMNS)]
    counts = judged["block_id"].value_counts().reindex(block_ids).fillna(0).astype("int64")
    table = worn_out_fabric.judge_blocks(measured, parcels_count=counts, thresholds=thresholds)
    for index in SURVEYED_INDICES:
        table[f"{index}_share"] = measured[index]["share"]
        table[f"{index}_coverage"] = measured[index]["coverage"]
    table["parcels_count"] = counts
    table["parcels_to_decide"] = _to_decide(
        measured["instability"], table["decided"], thresholds.shares["instability"]
    )
    return table


def parcels_to_survey(
    parcels: pd.DataFrame, blocks: pd.DataFrame, *, standards: Standards, as_of: date
) -> pd.DataFrame:
    """Return the parcels worth surveying next: those that could decide a block.

    They are the buildings whose structure does not tell whether they are unstable, in blocks
    whose answer depends on it. The block that the fewest parcels could settle comes first.

    Args:
        parcels: as for ``blocks_of_parcels``, the index naming each.
        blocks: what ``blocks_of_parcels`` gave.
        standards: the rules.
        as_of: the day whose rules hold.

    Returns:
        On the parcels' index: ``block_id`` and ``parcels_to_decide`` of the block.
    """
    judged = worn_out_fabric.judge_parcels(parcels, standards=standards, as_of=as_of)
    is_open = judged["is_building"] & judged["is_unstable"].isna()
    found = parcels.loc[is_open, ["block_id"]].copy()
    found["parcels_to_decide"] = found["block_id"].map(blocks["parcels_to_decide"])
    found = found.dropna(subset=["parcels_to_decide"])
    return found.sort_values(["parcels_to_decide", "block_id"], kind="stable")


def _to_decide(
    measured: pd.DataFrame, decided: pd.Series[str], threshold: float
) -> NDArray[np.float64]:
    """Return how few of the unknown buildings could settle whether a share is above a threshold.

    With ``k`` more that are unstable the share is surely above once ``(yes + k) / total`` is;
    with ``k`` more that are not, it surely is not once ``(yes + unknown - k) / total`` no longer
    is. The lesser of both.
    """
    total = measured["total"].to_numpy(dtype=float)
    yes = np.rint(measured["least"].to_numpy(dtype=float) * total)
    unknown = np.rint(measured["most"].to_numpy(dtype=float) * total) - yes
    most_not_above = np.floor(total * (threshold + shares.SAME_SHARE))
    to_be_above = most_not_above + 1 - yes
    not_to_be = yes + unknown - most_not_above
    needed = np.minimum(to_be_above, not_to_be)
    is_asked = (
        (decided.to_numpy() == Decided.DEPENDS_ON_UNKNOWN)
        & (unknown > 0)
        & (to_be_above > 0)
        & (not_to_be > 0)
    )
    return np.where(is_asked, needed, np.nan)
