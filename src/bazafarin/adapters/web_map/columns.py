"""The columns that the public may see, as short lists.

Nothing about a parcel's people or their property passes: no households, population, income,
owner or intention. Of people there are only sums of groups that ``privacy`` lets pass. What
is not named here is not in the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """A column of the page; ``decimals`` for a number, None for a text or a code."""

    name: str
    decimals: int | None = None


_INDEX_COLUMNS = tuple(
    PublicColumn(f"{index}_share{part}", 4)
    for index in ("fine_grain", "instability", "impermeability")
    for part in ("", "_coverage", "_min", "_max")
)

_PROPOSED_COLUMNS = (
    PublicColumn("priority_score", 4),
    PublicColumn("priority_score_best", 4),
    PublicColumn("priority_rank", 0),
    PublicColumn("priority_rank_best", 0),
    PublicColumn("priority_rank_worst", 0),
    PublicColumn("priority_coverage", 4),
    PublicColumn("priority_leading_criteria"),
    PublicColumn("residents"),
    PublicColumn("within_share", 4),
    PublicColumn("engine_depth_m", 0),
    PublicColumn("engine_depth_most_m", 0),
    PublicColumn("engine_coverage", 4),
)
_PROJECT_COLUMNS = (
    PublicColumn("rank", 0),
    PublicColumn("service"),
    PublicColumn("kind"),
    PublicColumn("block_id"),
    PublicColumn("neighbourhood_id"),
    PublicColumn("parcels_count", 0),
    PublicColumn("site_area_m2", 0),
    PublicColumn("land_m2", 0),
    PublicColumn("capacity", 0),
    PublicColumn("people_in_reach", 0),
    PublicColumn("people_withheld", 0),
    PublicColumn("cost_rial", 0),
    PublicColumn("state_rial", 0),
    PublicColumn("municipal_rial", 0),
)

PUBLIC: Final[Mapping[str, tuple[PublicColumn, ...]]] = {
    "blocks": (
        PublicColumn("block_id"),
        PublicColumn("neighbourhood_id"),
        PublicColumn("parcels_count", 0),
        PublicColumn("buildings_count", 0),
        PublicColumn("area_m2", 0),
        *_INDEX_COLUMNS,
        PublicColumn("indices_met", 0),
        PublicColumn("level", 0),
        PublicColumn("decided"),
        PublicColumn("change"),
        PublicColumn("reason"),
        *_PROPOSED_COLUMNS,
    ),
    "parcels": (
        PublicColumn("parcel_id"),
        PublicColumn("block_id"),
        PublicColumn("area_m2", 1),
        PublicColumn("use"),
        PublicColumn("structure"),
        PublicColumn("built_sh", 0),
        PublicColumn("quality"),
    ),
    "passages": (
        PublicColumn("passage_id"),
        PublicColumn("name_fa"),
        PublicColumn("length_m", 0),
        PublicColumn("width_m", 2),
        PublicColumn("width_source"),
    ),
    "neighbourhoods": (
        PublicColumn("neighbourhood_id"),
        PublicColumn("name_fa"),
        PublicColumn("area_m2", 0),
        PublicColumn("blocks_count", 0),
        PublicColumn("worn_out_blocks", 0),
        PublicColumn("worn_out_area_m2", 0),
        PublicColumn("undecided_blocks", 0),
        PublicColumn("population", 0),
        PublicColumn("population_coverage", 4),
        PublicColumn("population_withheld", 0),
    ),
    "approved_boundary": (),
    "proposed_boundary": (PublicColumn("part_id", 0), PublicColumn("area_m2", 0)),
    "projects": (
        *_PROJECT_COLUMNS,
        PublicColumn("people_served", 0),
        PublicColumn("loss_without", 0),
    ),
    "alternatives": (*_PROJECT_COLUMNS, PublicColumn("gain", 0), PublicColumn("obstacle")),
}


def pack_columns(layer: str, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the public columns of ``frame``; one that it lacks is left out."""
    return {
        column.name: _packed(frame[column.name], column.decimals)
        for column in PUBLIC[layer]
        if column.name in frame.columns
    }


def _packed(values: pd.Series[Any], decimals: int | None) -> Any:  # noqa: ANN401 - JSON
    return _texts(values) if decimals is None else _numbers(values, decimals)


def _numbers(values: pd.Series[Any], decimals: int) -> list[float | int | None]:
    """Return numbers rounded to ``decimals``, the unknown as None."""
    numbers = pd.to_numeric(values).astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    known = np.isfinite(numbers)
    rounded = np.round(np.where(known, numbers, 0.0), decimals)
    whole = rounded.astype(np.int64)
    found = np.where(rounded == whole, whole.astype(object), rounded.astype(object))
    found[~known] = None
    packed: list[float | int | None] = found.tolist()
    return packed


def _texts(values: pd.Series[Any]) -> dict[str, list[Any]] | list[str | None]:
    """Return texts as they are or, where they repeat, as a list of them and places in it.

    A missing text is None, or the place -1.
    """
    places, distinct = pd.factorize(values.astype("object"))
    if len(distinct) * 2 > (places >= 0).sum():
        return [None if place < 0 else str(distinct[place]) for place in places.tolist()]
    return {"of": [str(text) for text in distinct], "at": places.tolist()}
