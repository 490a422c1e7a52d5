"""The themes of proposals: blocks by their priority and by who reaches every service on foot."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing import share_classes
from bazafarin.adapters.web_map.themes import Theme, ThemeClass

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

FIRST_SHARES: Final = (0.05, 0.20, 0.50, 1.0)
"""The blocks of priority are drawn in four classes: so much of the city comes before each end."""
ACCESS_BOUNDS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

_UNKNOWN: Final = ThemeClass("unknown", brand().colour["paper"], "hatch")


def proposal_themes(blocks: pd.DataFrame, *, ranked_count: int) -> list[Theme]:
    """Return the two themes; ``ranked_count`` is how many blocks of the whole city have a rank."""
    return [_priority(blocks, ranked_count), _walking_access(blocks)]


def _priority(blocks: pd.DataFrame, ranked_count: int) -> Theme:
    """Return the theme of ranks, hatched where the unknown could move a block to another class."""
    ends = np.unique(np.ceil(np.array(FIRST_SHARES) * ranked_count).astype("int64"))
    ends = ends[ends > 0]
    place = _class_of(blocks["priority_rank"], ends)
    is_open = _class_of(blocks["priority_rank_best"], ends) != _class_of(
        blocks["priority_rank_worst"], ends
    )
    starts = [1, *(ends + 1).tolist()][: len(ends)]
    classes = []
    for start, end, (colour, hatch) in zip(
        starts, ends.tolist(), _PRIORITY_COLOURS[: len(ends)], strict=True
    ):
        facts = {"from": start, "to": end}
        classes += [
            ThemeClass("priority", colour, facts=facts),
            ThemeClass("priority_open", colour, hatch, facts=facts),
        ]
    rows = np.where(place < 0, len(classes), 2 * place + is_open)
    return _used("priority", (*classes, _UNKNOWN), rows)


def _class_of(rank: pd.Series[int], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the class of each rank; -1 where there is none."""
    values = rank.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(values), -1, np.searchsorted(ends, values, side="left"))


def _used(name: str, classes: tuple[ThemeClass, ...], rows: npt.NDArray[np.int64]) -> Theme:
    """Return the theme without the hatched classes that no block is of."""
    there = set(rows.tolist())
    kept = [n for n, one in enumerate(classes) if one.pattern is None or n in there]
    return Theme(name, tuple(classes[n] for n in kept), np.searchsorted(kept, rows).tolist())


def _walking_access(blocks: pd.DataFrame) -> Theme:
    steps = tuple(
        ThemeClass("share", colour, facts={"from": start, "to": end})
        for colour, (start, end) in zip(
            brand().ramp["fine_grain"], pairwise(ACCESS_BOUNDS), strict=True
        )
    )
    others = {
        "nobody": ThemeClass("nobody", brand().colour["white"]),
        "withheld": ThemeClass("withheld", brand().colour["line"], "minus"),
        "unknown": _UNKNOWN,
    }
    place = share_classes.share_class(blocks["within_share"], ACCESS_BOUNDS)
    of = {name: len(steps) + n for n, name in enumerate(others)}
    other = blocks["residents"].map(of).fillna(of["unknown"]).to_numpy(dtype="int64")
    return _used("walking_access", (*steps, *others.values()), np.where(place < 0, other, place))


_PRIORITY_COLOURS: Final = (
    (brand().ramp["instability"][4], "hatch_white"),
    (brand().ramp["instability"][2], "hatch_white"),
    (brand().ramp["instability"][1], "hatch"),
    (brand().ramp["instability"][0], "hatch"),
)
"""The colour and hatch of each class, the first the darkest: white on what is dark."""
