"""Which passages bound or enter which block (نفوذناپذیری asks their widths)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis.cross_sections import LEFT, RIGHT, CrossSections, cross_sections
from bazafarin.analysis.junction_mouths import in_mouth

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

BOUNDS = "bounds"
ENTERS = "enters"


def block_passages(  # noqa: PLR0913 - two layers and the named tolerances of one measure
    pieces: gpd.GeoDataFrame,
    blocks: gpd.GeoSeries,
    *,
    sample_spacing_m: float,
    reach_m: float,
    bounding_share: float,
    entering_share: float,
    drift_m: float = 0.5,
) -> pd.DataFrame:
    """Return which passages bound or enter which block, and by what length.

    A piece enters a block when along ``entering_share`` of its samples the block lies at
    both sides (a dead end, or a lane drawn over the block). Else it bounds the block when,
    along at least ``bounding_share`` of it at one side, the block is the first thing met.
    Samples that look into a side street do not count; so a street that only passes a
    block's corner at a crossroads does not bound it.

    Args:
        pieces: ``passage_id`` and ``geometry``, as ``passage_pieces`` returns them.
        blocks: outlines, indexed by block id.
        sample_spacing_m: greatest distance between samples.
        reach_m: a block farther across than this is not met.
        bounding_share: 0–1.
        entering_share: 0–1.
        drift_m: a line may be drawn this far within a block and still runs beside it.

    Returns:
        ``block_id``, ``passage_id``, ``length_m`` (whole pieces, each once a block) and
        ``relation`` (``bounds`` or ``enters``), ordered as the blocks and passages are.
    """
    sections = cross_sections(
        pieces.geometry, blocks, sample_spacing_m=sample_spacing_m, reach_m=reach_m, drift_m=drift_m
    )
    return blocks_across(
        sections,
        pieces,
        blocks.index,
        reach_m=reach_m,
        bounding_share=bounding_share,
        entering_share=entering_share,
    )


def blocks_across(  # noqa: PLR0913 - one cast, what was cast, and the three thresholds
    sections: CrossSections,
    pieces: gpd.GeoDataFrame,
    blocks: pd.Index,
    *,
    reach_m: float,
    bounding_share: float,
    entering_share: float,
) -> pd.DataFrame:
    """Return ``block_passages`` from sections that were cast from the pieces to the blocks."""
    # within a block there is no street to look along, only the way out of the block
    is_counted = sections.inside | ~in_mouth(sections, reach_m=reach_m)
    entered = _met_at_both_sides(sections, is_counted, entering_share)
    bounded = pd.concat(
        [_met_at(side, sections, is_counted, bounding_share) for side in (LEFT, RIGHT)]
    )
    found = pd.concat([entered.assign(relation=ENTERS), bounded.assign(relation=BOUNDS)])
    found = found.drop_duplicates(["piece", "block"])  # entering stands first and prevails
    return _by_passage(found, pieces, blocks)


def _met_at_both_sides(
    sections: CrossSections, is_counted: NDArray[np.bool_], least_share: float
) -> pd.DataFrame:
    """Return (piece, block) where one block lies at both sides of enough samples."""
    both = is_counted[:, LEFT] & is_counted[:, RIGHT]
    is_same = both & (sections.face[:, LEFT] == sections.face[:, RIGHT])
    return _often_enough(sections.line, sections.face[:, LEFT], both, is_same, least_share)


def _met_at(
    side: int, sections: CrossSections, is_counted: NDArray[np.bool_], least_share: float
) -> pd.DataFrame:
    """Return (piece, block) where the block is the first thing met at one side."""
    counted = is_counted[:, side]
    return _often_enough(sections.line, sections.face[:, side], counted, counted, least_share)


def _often_enough(
    piece: NDArray[np.intp],
    block: NDArray[np.intp],
    is_counted: NDArray[np.bool_],
    is_met: NDArray[np.bool_],
    least_share: float,
) -> pd.DataFrame:
    """Return (piece, block) met at no less than ``least_share`` of the counted samples."""
    counted = np.bincount(piece[is_counted], minlength=piece.max(initial=-1) + 1)
    is_met = is_met & (block >= 0)
    blocks = block.max(initial=-1) + 1
    pair, times = np.unique(piece[is_met] * blocks + block[is_met], return_counts=True)
    met_piece, met_block = np.divmod(pair, blocks) if len(pair) else (pair, pair)
    often = times / counted[met_piece] >= least_share
    return pd.DataFrame({"piece": met_piece[often], "block": met_block[often]})


def _by_passage(found: pd.DataFrame, pieces: gpd.GeoDataFrame, blocks: pd.Index) -> pd.DataFrame:
    """Return the found pieces as rows of (block, passage, relation) with summed lengths."""
    piece = found["piece"].to_numpy()
    rows = pd.DataFrame(
        {
            "block_id": blocks.to_numpy()[found["block"].to_numpy()],
            "passage_id": pieces["passage_id"].to_numpy()[piece],
            "length_m": shapely.length(pieces.geometry.to_numpy()[piece]),
            "relation": found["relation"].to_numpy(),
        }
    )
    keys = ["block_id", "passage_id", "relation"]
    summed = rows.groupby(keys, sort=True)["length_m"].sum().reset_index()
    return summed[["block_id", "passage_id", "length_m", "relation"]]
