"""The themes of the blocks: for each its classes (colour, pattern, words) and every block's class.

A class is chosen here and not in the page, so that the page and the plan can not disagree.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing import share_classes
from bazafarin.analysis import fabric, shares
from bazafarin.domain.codes import BoundaryChange, Decided
from bazafarin.studies.worn_out_fabric import INDICES, SHARE_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from bazafarin.studies.city_plan import CityPlan


@dataclass(frozen=True, slots=True)
class ThemeClass:
    """One row of the legend; ``words`` is a key below ``map.legend`` and ``facts`` fill it."""

    words: str
    colour: str
    pattern: str | None = None
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """One way to colour the blocks; ``rows`` holds every block's place in ``classes``."""

    id: str
    classes: tuple[ThemeClass, ...]
    rows: list[int]

    def as_data(self) -> dict[str, Any]:
        """Return the theme as the page reads it."""
        classes = [asdict(one) for one in self.classes]
        return {"id": self.id, "classes": classes, "rows": self.rows}


def themes(plan: CityPlan, blocks: pd.DataFrame) -> list[Theme]:
    """Return the themes that the plan can fill; ``blocks`` has ``change`` where one is known."""
    found = [
        _levels(blocks),
        *(_share(i, blocks[f"{i}_share"], threshold(plan, SHARE_RULES[i])) for i in INDICES),
        _indices_met(blocks),
        _decided(blocks),
    ]
    return [*found, _changes(blocks)] if "change" in blocks else found


def threshold(plan: CityPlan, rule_id: str) -> float:
    """Return the number that a rule of the plan asks for."""
    return float(str(plan.citations[rule_id].value))


def indices_met(plan: CityPlan, blocks: pd.DataFrame) -> dict[str, list[int]]:
    """Return for each index whether each block meets it, as 1 and 0; the unknown is 0."""
    return {
        index: shares.is_above(blocks[f"{index}_share"], threshold(plan, SHARE_RULES[index]))
        .astype("int64")
        .tolist()
        for index in INDICES
    }


def passage_classes(plan: CityPlan, passages: pd.DataFrame) -> list[int]:
    """Return 0 for a narrow passage, 1 for a wide one, 2 where the width is unknown."""
    below_m = threshold(plan, "impermeability.passage_below")
    is_narrow = fabric.is_narrow(passages["width_m"], below_m=below_m)
    return (~is_narrow).astype("Int64").fillna(2).astype("int64").tolist()


_SOUND: Final = brand().colour["white"]
_UNKNOWN: Final = ThemeClass("unknown", brand().colour["paper"], "hatch")


def _levels(blocks: pd.DataFrame) -> Theme:
    """Return the theme of levels: each level's colour, hatched where the unknown could turn it.

    So the two classes of a level together are as many blocks as the plan's finding of it.
    """
    place = blocks["level"].map(_PLACE_OF_LEVEL).fillna(len(_LEVELS) - 1).to_numpy(dtype="int64")
    is_open = (blocks["decided"] == Decided.DEPENDS_ON_UNKNOWN).to_numpy(dtype="bool")
    classes = [kind for name, colour, hatch in _LEVELS for kind in _level(name, colour, hatch)]
    rows = 2 * place + is_open
    # A level that nothing unknown could turn needs no hatched row in the legend.
    kept = [n for n in range(len(classes)) if n % 2 == 0 or n in set(rows.tolist())]
    return Theme("level", tuple(classes[n] for n in kept), np.searchsorted(kept, rows).tolist())


def _level(name: str, colour: str, hatch: str) -> tuple[ThemeClass, ThemeClass]:
    return ThemeClass(f"level.{name}", colour), ThemeClass(f"level.open_{name}", colour, hatch)


_LEVELS: Final = (
    ("1", brand().ramp["instability"][4], "hatch_white"),
    ("2", brand().ramp["instability"][2], "hatch_white"),
    ("3", brand().ramp["instability"][1], "hatch"),
    ("none", _SOUND, "hatch"),
)
"""Name, colour and hatch of each level, the most urgent first: white on what is dark."""
_PLACE_OF_LEVEL: Final = {1: 0, 2: 1, 3: 2}


def _share(index: str, share: pd.Series[float], threshold: float) -> Theme:
    """Return the theme of one share: the document's five classes of it, and unknown."""
    bounds = share_classes.class_bounds(threshold)
    classes = tuple(
        ThemeClass("share", colour, facts={"from": start, "to": end})
        for colour, (start, end) in zip(brand().ramp[index], pairwise(bounds), strict=True)
    )
    place = share_classes.share_class(share, bounds)
    return Theme(
        f"{index}_share", (*classes, _UNKNOWN), np.where(place < 0, len(classes), place).tolist()
    )


def _indices_met(blocks: pd.DataFrame) -> Theme:
    ramp = brand().ramp["instability"]
    colours = (_SOUND, ramp[1], ramp[2], ramp[4])
    classes = tuple(
        ThemeClass("indices_met", colour, facts={"count": count})
        for count, colour in enumerate(colours)
    )
    return Theme("indices_met", classes, blocks["indices_met"].astype("int64").tolist())


def _decided(blocks: pd.DataFrame) -> Theme:
    colour = brand().colour
    by_code = {
        Decided.YES: ThemeClass("decided.yes", colour["brick"]),
        Decided.NO: ThemeClass("decided.no", _SOUND),
        Decided.DEPENDS_ON_UNKNOWN: ThemeClass("decided.open", colour["paper"], "hatch"),
    }
    place = blocks["decided"].map({code.value: n for n, code in enumerate(by_code)})
    return Theme("decided", tuple(by_code.values()), place.astype("int64").tolist())


def _changes(blocks: pd.DataFrame) -> Theme:
    """Return the theme of boundary changes; the last class is of blocks outside both."""
    colour, diverging = brand().colour, brand().ramp["diverging"]
    by_code = {
        BoundaryChange.ADDED: ThemeClass("change.added", diverging[1], "plus"),
        BoundaryChange.REMOVED: ThemeClass("change.removed", diverging[3], "minus"),
        BoundaryChange.KEPT: ThemeClass("change.kept", colour["line"]),
    }
    places = {code.value: n for n, code in enumerate(by_code)}
    outside = ThemeClass("change.outside", _SOUND)
    place = blocks["change"].map(places).fillna(len(by_code)).astype("int64")
    return Theme("change", (*by_code.values(), outside), place.tolist())
