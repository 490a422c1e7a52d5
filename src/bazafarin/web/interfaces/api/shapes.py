"""What the API answers, field by field."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - read when the API is put together
from enum import StrEnum
from typing import Generic, TypeVar

from ninja import Schema

Known = str | int | float | bool | None
"""A value of a column; null is unknown."""
_Item = TypeVar("_Item")


class Paged(Schema, Generic[_Item]):
    """A page of a list; ``next`` is the address of the one after, null on the last."""

    items: list[_Item]
    next: str | None


class ProblemShape(Schema):
    """What is wrong with a request (RFC 9457), in both languages."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    message_fa: str
    message_en: str


class RoleShape(Schema):
    """A role at a place."""

    role: str
    place: int
    place_name_fa: str


class MeShape(Schema):
    """Who calls."""

    username: str
    name_fa: str
    roles: list[RoleShape]
    permissions: list[str]


class PlaceShape(Schema):
    """A place of the administrative tree."""

    id: int
    kind: str
    code: str
    name_fa: str
    parent: int | None


class CityShape(Schema):
    """A city; ``edition`` is the number of its current edition, 0 before the first."""

    id: int
    place: int
    name_fa: str
    crs: str
    srid: int
    edition: int
    is_synthetic: bool


class EditionShape(Schema):
    """An accepted edition of a city."""

    number: int
    kind: str
    dated: date
    accepted_at: datetime | None
    note: str
    is_current: bool
    changes: dict[str, dict[str, int]]


class BlockShape(Schema):
    """An urban block."""

    key: str
    neighbourhood: int | None
    is_derived: bool
    area_m2: float | None


class ParcelShape(Schema):
    """A parcel as of an edition; ``facts`` holds the columns that the caller may see."""

    key: str
    edition: int
    since_edition: int
    neighbourhood: int | None
    block: str | None
    area_m2: float | None
    facts: dict[str, Known]


class VersionShape(Schema):
    """A parcel from an edition on, and the columns that changed with it."""

    edition: int
    dated: date
    until_edition: int | None
    changed: list[str]


class SuccessionShape(Schema):
    """What became of a parcel's land: split, merged, renamed, rearranged."""

    kind: str
    old: str
    new: str
    common_m2: float


class HistoryShape(Schema):
    """The versions of a parcel, the newest first, and what it came from or became."""

    key: str
    versions: list[VersionShape]
    successions: list[SuccessionShape]


class PlanShape(Schema):
    """A finished plan: the edition it is of, and the day whose rules it stands on."""

    id: int
    city: int
    edition: int
    as_of: date


class RuleShape(Schema):
    """A rule and the clause that it stands on; ``value`` is null where it is no single number."""

    rule: str
    title_fa: str
    title_en: str
    value: Known
    unit: str
    instrument: str
    clause: str
    certainty: str


class WornOut(StrEnum):
    """Whether a parcel lies in a worn-out block."""

    YES = "yes"
    NO = "no"
    DEPENDS_ON_UNKNOWN = "depends_on_unknown"
    """What is not known of its block could turn the answer."""
    UNKNOWN = "unknown"
    """No plan says anything of its block."""


class WornOutShape(Schema):
    """Whether a parcel lies in a worn-out block, by which plan and which rules."""

    parcel: str
    worn_out: WornOut
    block: str | None
    edition: int
    plan: PlanShape | None
    rules: list[RuleShape]


class BlockResultShape(Schema):
    """What a plan says of a block: its shares (0–1), how much of each was known, the answer."""

    block: str
    fine_grain_share: float | None
    fine_grain_coverage: float | None
    instability_share: float | None
    instability_coverage: float | None
    impermeability_share: float | None
    impermeability_coverage: float | None
    indices_met: int
    worn_out: bool
    decided: str
    level: int | None


class JobShape(Schema):
    """A piece of work; ``error`` is the code of what ended it, empty without."""

    id: int
    kind: str
    place: int | None
    state: str
    step: int
    steps: int
    made_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    error: str
