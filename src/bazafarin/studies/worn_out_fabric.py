"""Which blocks are worn-out (بافت فرسوده), how sure is it, and what would change it?

The block is the unit of judgement. Three indices, each *more than* its share: fine grain
(ریزدانگی, parcels below 200 m²), instability (ناپایداری, buildings without a structural
system) and impermeability (نفوذناپذیری, passages narrower than 6 m, by length). The
figures are rules of ``standards/national/worn_out_fabric.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from bazafarin.analysis import fabric, shares
from bazafarin.domain.codes import Decided

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    from bazafarin.standards import Standards

INDICES = ("fine_grain", "instability", "impermeability")
SHARE_RULES = {index: f"{index}.share_above" for index in INDICES}
UNSTABLE_RULES = (
    "instability.unstable_structures",
    "instability.stable_structures",
    "instability.age_decides_structures",
    "instability.built_before_sh",
)
BUILDING_RULES = ("instability.no_building_uses", "instability.open_land_uses")
TEST_RULES = {
    "fine_grain": ("fine_grain.parcel_below",),
    "instability": UNSTABLE_RULES + BUILDING_RULES,
    "impermeability": ("impermeability.passage_below",),
}
WIDTH_RULES = ("passages.sample_spacing_m", "passages.reach_m", "passages.answer_share")
MEASURE_RULES = {
    "fine_grain": (),
    "instability": (),
    "impermeability": (*WIDTH_RULES, "passages.bounding_share", "passages.entering_share"),
}
"""The tolerances by which what an index counts was measured."""
COMBINING_RULES = ("worn_out.min_indices", "worn_out.instability_required")
LEVEL_RULES = tuple(f"worn_out.level_{level}_indices" for level in (1, 2, 3))
INDEX_RULES = (
    *SHARE_RULES.values(),
    *(rule for rules in TEST_RULES.values() for rule in rules),
    *(rule for rules in MEASURE_RULES.values() for rule in rules),
)
"""Every rule that says which indices a block meets."""
RULES = (*INDEX_RULES, *COMBINING_RULES)
"""Every rule that the answer ``worn_out`` stands on."""
CANDIDATE_RULES = (*INDEX_RULES, "worn_out.candidate_min_indices")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rules of the three indices as they are in force on one day.

    ``shares`` are the shares (0–1) of each index that a block must exceed; ``level_indices``
    the least number of indices, instability among them, of level 1, 2 and 3.
    """

    shares: dict[str, float]
    passage_below_m: float
    min_indices: int
    instability_required: bool
    level_indices: tuple[int, ...]

    @classmethod
    def in_force(cls, standards: Standards, *, as_of: date) -> Thresholds:
        """Return the thresholds of ``standards`` on the day ``as_of``."""
        return cls(
            shares={i: float(standards.value(SHARE_RULES[i], as_of=as_of)) for i in INDICES},
            passage_below_m=float(standards.value("impermeability.passage_below", as_of=as_of)),
            min_indices=int(standards.value("worn_out.min_indices", as_of=as_of)),
            instability_required=bool(
                standards.value("worn_out.instability_required", as_of=as_of)
            ),
            level_indices=tuple(int(standards.value(r, as_of=as_of)) for r in LEVEL_RULES),
        )


def judge_parcels(parcels: pd.DataFrame, *, standards: Standards, as_of: date) -> pd.DataFrame:
    """Return ``is_fine_grained``, ``is_building`` and ``is_unstable`` of each parcel.

    ``parcels`` has ``area_m2`` and the city file's columns; unknown is NA.
    """

    def rule(name: str) -> Any:  # noqa: ANN401 - a rule may be a number or a list of codes
        return standards.value(name, as_of=as_of)

    is_building = fabric.is_building(
        parcels,
        no_building_uses=rule("instability.no_building_uses"),
        open_land_uses=rule("instability.open_land_uses"),
    )
    return pd.DataFrame(
        {
            "is_fine_grained": fabric.is_fine_grained(
                parcels["area_m2"], below_m2=float(rule("fine_grain.parcel_below"))
            ),
            "is_building": is_building,
            "is_unstable": fabric.is_unstable(
                parcels,
                is_building=is_building,
                unstable_structures=rule("instability.unstable_structures"),
                stable_structures=rule("instability.stable_structures"),
                age_decides_structures=rule("instability.age_decides_structures"),
                built_before_sh=float(rule("instability.built_before_sh")),
            ),
        }
    )


def index_shares(
    parcels: pd.DataFrame,
    block_passages: pd.DataFrame,
    *,
    block_ids: pd.Index[str],
    passage_below_m: float,
) -> dict[str, pd.DataFrame]:
    """Return for each index the shares of every block (see ``shares.group_shares``).

    Args:
        parcels: judged parcels with ``block_id``.
        block_passages: ``block_id``, ``width_m`` and ``length_m`` of each passage that
            bounds or enters a block.
        block_ids: the blocks to answer for.
        passage_below_m: a passage below this width is narrow.
    """
    buildings = parcels[parcels["is_building"]]
    return {
        "fine_grain": shares.group_shares(
            parcels["is_fine_grained"], parcels["block_id"], groups=block_ids
        ),
        "instability": shares.group_shares(
            buildings["is_unstable"], buildings["block_id"], groups=block_ids
        ),
        "impermeability": shares.group_shares(
            fabric.is_narrow(block_passages["width_m"], below_m=passage_below_m),
            block_passages["block_id"],
            groups=block_ids,
            weight=block_passages["length_m"],
        ),
    }


def judge_blocks(
    measured: dict[str, pd.DataFrame], *, parcels_count: pd.Series[int], thresholds: Thresholds
) -> pd.DataFrame:
    """Return the answer for each block: indices met, worn-out, level, and whether it is decided.

    A block without a building cannot be unstable. A block of which no parcel or no passage
    was delivered is unknown in that index. ``decided`` asks whether any filling of the
    unknown rows could change ``worn_out``.
    """
    met = _met(measured, thresholds)
    surely = {i: shares.is_above(measured[i]["least"], thresholds.shares[i]) for i in INDICES}
    maybe = {i: shares.is_above(_most(measured, i), thresholds.shares[i]) for i in INDICES}
    no_building = (measured["instability"]["total"] == 0) & (parcels_count > 0)
    maybe["instability"] &= ~no_building
    worn_out = _is_worn_out(met, thresholds)
    decided = np.select(
        [_is_worn_out(surely, thresholds), ~_is_worn_out(maybe, thresholds)],
        [Decided.YES, Decided.NO],
        default=Decided.DEPENDS_ON_UNKNOWN,
    )
    count = _count(met)
    return pd.DataFrame(
        {
            "indices_met": count,
            "worn_out": worn_out,
            "level": _level(count.where(met["instability"], 0), thresholds),
            "decided": pd.Series(decided, index=worn_out.index, dtype="str"),
        }
    )


def sensitivity(
    measured: dict[str, pd.DataFrame],
    *,
    area_m2: pd.Series[float],
    thresholds: Thresholds,
    steps: list[float],
) -> pd.DataFrame:
    """Return how many blocks and hectares flip when one share threshold moves by one step.

    One row a threshold and step: ``rule_id``, ``threshold`` (0–1), ``step`` (share points),
    ``blocks_in``, ``hectares_in`` (newly worn-out), ``blocks_out``, ``hectares_out``.
    """
    met = {index: flags.to_numpy() for index, flags in _met(measured, thresholds).items()}
    now = _is_worn_out(met, thresholds)
    area = area_m2.to_numpy()
    rows = []
    for index in INDICES:
        share = measured[index]["share"]
        for step in steps:
            moved = shares.is_above(share, thresholds.shares[index] + step).to_numpy()
            then = _is_worn_out({**met, index: moved}, thresholds)
            enters, leaves = then & ~now, now & ~then
            rows.append(
                {
                    "rule_id": SHARE_RULES[index],
                    "threshold": thresholds.shares[index],
                    "step": step,
                    "blocks_in": int(enters.sum()),
                    "blocks_out": int(leaves.sum()),
                    "hectares_in": float(area[enters].sum()) / M2_A_HECTARE,
                    "hectares_out": float(area[leaves].sum()) / M2_A_HECTARE,
                }
            )
    return pd.DataFrame(rows)


M2_A_HECTARE = 10_000.0


def _met(measured: dict[str, pd.DataFrame], thresholds: Thresholds) -> dict[str, pd.Series[bool]]:
    """Return, by the known rows, whether each block exceeds the share of each index."""
    return {i: shares.is_above(measured[i]["share"], thresholds.shares[i]) for i in INDICES}


def _most(measured: dict[str, pd.DataFrame], index: str) -> pd.Series[float]:
    """Return the most that a share could be; 1 where nothing at all was delivered."""
    return measured[index]["most"].fillna(1.0)


def _count(met: dict[str, pd.Series[bool]]) -> pd.Series[int]:
    return met["fine_grain"].astype("int64") + met["instability"] + met["impermeability"]


def _level(indices: pd.Series[int], thresholds: Thresholds) -> pd.Series[int]:
    """Return the first level of which a block has enough indices; NA where it has none."""
    level = pd.Series(pd.NA, index=indices.index, dtype="Int64")
    for number, least in enumerate(thresholds.level_indices, start=1):
        level = level.mask(level.isna() & (indices >= least) & (indices > 0), number)
    return level


_Flags = TypeVar("_Flags", "pd.Series[bool]", "NDArray[np.bool_]")


def _is_worn_out(met: Mapping[str, _Flags], thresholds: Thresholds) -> _Flags:
    count = met["fine_grain"].astype("int64") + met["instability"] + met["impermeability"]
    enough: _Flags = count >= thresholds.min_indices
    return enough & met["instability"] if thresholds.instability_required else enough
