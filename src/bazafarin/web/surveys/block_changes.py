"""What accepted answers change of their blocks: the indices before and after, and what is left.

Before is the edition that held when the survey's first answer was accepted, after is the current
one. How impermeable a block is comes from the newest finished study of the city; without one it
is unknown, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from django.db.models import Min

from bazafarin.analysis import shares
from bazafarin.domain.city import LAYERS
from bazafarin.standards import Standards
from bazafarin.studies.surveyed_blocks import (
    SHARE_COLUMNS,
    blocks_of_parcels,
    parcels_to_survey,
)
from bazafarin.studies.worn_out_fabric import Thresholds
from bazafarin.web.places.layers import column_of, field_of
from bazafarin.web.places.models import Parcel
from bazafarin.web.plans.models import BlockResult, Plan, PlanState
from bazafarin.web.surveys.boundary_follows import BoundaryProposal, proposal_of
from bazafarin.web.surveys.models import SubmissionState
from bazafarin.web.surveys.running import blocks_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bazafarin.web.places.models import City
    from bazafarin.web.surveys.models import Submission, Survey

MOST_LISTED: Final = 200
"""How many parcels worth surveying next are shown."""


@dataclass(frozen=True, slots=True)
class BlockState:
    """A block as an edition has it; shares are 0–1, None unknown."""

    fine_grain: float | None
    instability: float | None
    coverage: float | None
    worn_out: bool
    decided: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block before the survey and now; ``surveyed`` counts its parcels with accepted answers."""

    block: str
    parcels: int
    surveyed: int
    before: BlockState
    after: BlockState

    @property
    def enters(self) -> bool:
        """Return whether the block has become worn-out."""
        return self.after.worn_out and not self.before.worn_out

    @property
    def leaves(self) -> bool:
        """Return whether the block is worn-out no more."""
        return self.before.worn_out and not self.after.worn_out


@dataclass(frozen=True, slots=True)
class NextParcel:
    """A parcel worth surveying next, and how few parcels could decide its block."""

    key: str
    block: str
    to_decide: int


@dataclass(frozen=True, slots=True)
class SurveyEffect:
    """What a survey changed, and which parcels are worth surveying next.

    ``plan`` is the study whose passages were taken; None where there is none. ``boundary`` is the
    proposal that follows; None where the blocks have no shape.
    """

    plan: Plan | None
    changes: tuple[BlockChange, ...]
    boundary: BoundaryProposal | None
    next_parcels: tuple[NextParcel, ...]
    next_count: int


def effect_of(survey: Survey, *, day: date) -> SurveyEffect:
    """Return what the accepted answers of a survey changed of its blocks."""
    city, blocks = survey.city, blocks_of(survey)
    accepted = survey.submissions.filter(state=SubmissionState.ACCEPTED)
    first = accepted.aggregate(first=Min("edition__number"))["first"]
    plan = _plan(city)
    parcels, after = _judged(city, city.current, blocks, plan, day)
    before = after if first is None else _judged(city, first - 1, blocks, plan, day)[1]
    keys = set(accepted.values_list("parcel_key", flat=True))
    counts = parcels.loc[parcels.index.isin(keys), "block_id"].value_counts()
    found = parcels_to_survey(parcels, after, standards=Standards.national(), as_of=day)
    counted = after["parcels_count"]
    return SurveyEffect(
        plan=plan,
        changes=tuple(
            BlockChange(
                block=block,
                parcels=int(counted[block]),
                surveyed=int(counts[block]),
                before=_state(before.loc[block]),
                after=_state(after.loc[block]),
            )
            for block in sorted(counts.index)
        ),
        boundary=proposal_of(survey, parcels, after, day=day),
        next_parcels=tuple(
            NextParcel(str(key), str(block), int(count))
            for key, block, count in found.head(MOST_LISTED).itertuples()
        ),
        next_count=len(found),
    )


def deciding_parcels(city: City, blocks: Sequence[str], *, day: date) -> frozenset[str]:
    """Return the parcels of blocks of which what is unknown could decide the block."""
    parcels, table = _judged(city, city.current, blocks, _plan(city), day)
    found = parcels_to_survey(parcels, table, standards=Standards.national(), as_of=day)
    return frozenset(str(key) for key in found.index)


def blocks_that_may_enter(city: City, *, day: date) -> list[str]:
    """Return the blocks that are not worn out, and could be if what is unknown of them were so.

    By what is known of their buildings they are stable enough; a few more could turn that.
    """
    held = Parcel.objects.of_edition(city).exclude(in_block=None).values_list("in_block", flat=True)
    blocks = sorted({str(block) for block in held})
    _, table = _judged(city, city.current, blocks, _plan(city), day)
    limit = Thresholds.in_force(Standards.national(), as_of=day).shares["instability"]
    is_stable = ~shares.is_above(table["instability_share"], limit)
    may = ~table["worn_out"] & is_stable & table["parcels_to_decide"].notna()
    return [str(block) for block in table.index[may]]


def _plan(city: City) -> Plan | None:
    return Plan.objects.filter(city=city, state=PlanState.DONE).order_by("-pk").first()


def _judged(
    city: City, number: int, blocks: Sequence[str], plan: Plan | None, day: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the parcels of blocks in an edition, and the blocks as they are judged by them."""
    parcels = _parcels(city, number, blocks)
    table = blocks_of_parcels(
        parcels, _impermeability(plan), block_ids=pd.Index(list(blocks), dtype="str"),
        standards=Standards.national(), as_of=day,
    )  # fmt: skip
    return parcels, table


def _parcels(city: City, number: int, blocks: Sequence[str]) -> pd.DataFrame:
    """Return the parcels of blocks in an edition, by key, as a study takes them."""
    columns = [c for c in LAYERS["parcels"].columns if c.name not in {"block_id", "parcel_id"}]
    fields = ["key", "in_block", "area_m2", *(field_of(column.name) for column in columns)]
    held = Parcel.objects.of_edition(city, number).filter(in_block__in=blocks)
    rows = pd.DataFrame(held.order_by("key").values_list(*fields), columns=fields)
    index = pd.Index(rows["key"], dtype="str")
    made = {
        column.name: column_of(
            column.kind, rows[field_of(column.name)].tolist(), index, column.codes
        )
        for column in columns
    }
    made["block_id"] = pd.Series(rows["in_block"].tolist(), index=index, dtype="str")
    made["area_m2"] = pd.Series(rows["area_m2"].tolist(), index=index, dtype="float64")
    return pd.DataFrame(made)


def _impermeability(plan: Plan | None) -> pd.DataFrame:
    names = ("share", "coverage", "share_min", "share_max")
    fields = ["block_id", *(f"impermeability_{name}" for name in names)]
    rows = BlockResult.objects.filter(plan=plan) if plan else BlockResult.objects.none()
    table = pd.DataFrame(rows.values_list(*fields), columns=["block_id", *SHARE_COLUMNS[:4]])
    table["total"] = np.nan
    return table.astype(dict.fromkeys(SHARE_COLUMNS, float)).set_index("block_id")


def _state(row: pd.Series[Any]) -> BlockState:
    def known(name: str) -> float | None:
        return None if pd.isna(row[name]) else float(row[name])

    return BlockState(
        fine_grain=known("fine_grain_share"),
        instability=known("instability_share"),
        coverage=known("instability_coverage"),
        worn_out=bool(row["worn_out"]),
        decided=str(row["decided"]),
    )


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A parcel of a block before the survey and now, with the answer that brought the change."""

    key: str
    before: Parcel | None
    after: Parcel
    submission: Submission | None

    @property
    def is_changed(self) -> bool:
        """Return whether the survey brought anything of the parcel."""
        return self.submission is not None


def trail_of(survey: Survey, block: str) -> list[TrailRow]:
    """Return the parcels of a block, each with what brought its present values."""
    accepted = survey.submissions.exclude(edition=None).select_related("made_by", "edition")
    first = accepted.aggregate(first=Min("edition__number"))["first"]
    by_key = {each.parcel_key: each for each in accepted.order_by("edition__number", "pk")}
    now = Parcel.objects.of_edition(survey.city).filter(in_block=block).defer("geometry")
    number = survey.city.current if first is None else first - 1
    then = Parcel.objects.of_edition(survey.city, number).filter(in_block=block)
    before = {row.key: row for row in then.defer("geometry")}
    return [
        TrailRow(row.key, before.get(row.key), row, by_key.get(row.key))
        for row in now.order_by("key")
    ]
