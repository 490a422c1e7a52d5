"""Two plans of one city side by side: what was asked, what was found, which blocks changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import persian_text
from bazafarin.studies.worn_out_fabric import INDICES
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.said import language, said
from bazafarin.web.plans import queries
from bazafarin.web.plans.figure_words import SHARES, figures_of, value_words
from bazafarin.web.plans.models import BlockResult
from bazafarin.web.plans.same_ground import later_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.web.accounts.models import User
    from bazafarin.web.plans.figure_words import Figure
    from bazafarin.web.plans.models import AreaResult, Plan

KINDS: Final = ("came_in", "went_out", "level", "boundary", "decided", "appeared", "vanished")
"""What may have become of a block, the gravest first."""
_LEAST_CHANGE: Final = 1e-9
_LEAST_POINTS: Final = 0.1
"""The least difference of two shares that a page tells as a number, in points."""
_WHOLE: Final = ("persons",)
"""What is told whole, as each of the two figures is."""
_SEEN: Final = (
    *("block_id", "neighbourhood_id", "worn_out", "level", "decided", "change", "reason"),
    *(f"{index}_share" for index in INDICES),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that was asked, of both plans."""

    name: str
    before: Any
    after: Any

    @property
    def differs(self) -> bool:
        """Return whether the two plans were asked differently."""
        return bool((self.before or None) != (self.after or None))


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of both plans, and how far it went: ``sign`` is -1, 0, 1 or None (unknown)."""

    title: str
    before: str
    after: str
    difference: str
    sign: int | None

    @property
    def way(self) -> str:
        """Return the word of the way it went."""
        return {None: "unknown", -1: "less", 0: "same", 1: "more"}[self.sign]


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block that the two plans judge differently; ``moved`` are the indices that moved.

    ``was`` is its name in the earlier plan where that is another.
    """

    block_id: str
    was: str
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    moved: tuple[tuple[str, float | None, float | None], ...]


def inputs_of(before: Plan, after: Plan) -> list[Input]:
    """Return what determined each result, input by input."""
    told = [
        Input(name, getattr(before, name), getattr(after, name))
        for name in ("edition_number", "as_of", "standards_name", "standards_digest", "version")
    ]
    scenarios = [plan.scenario or {} for plan in (before, after)]
    names = dict.fromkeys([*scenarios[0], *scenarios[1]])
    told.append(Input("proposals", before.scenario is not None, after.scenario is not None))
    return told + [Input(name, *(one.get(name) for one in scenarios)) for name in names]


def figure_changes(user: User, before: AreaResult, after: AreaResult) -> list[Change]:
    """Return the figures of an area that both plans have, with their differences."""
    sees = _sees_people(user, before)
    old, new = (
        {each.id: each for each in figures_of(area.figures, sees_people=sees)}
        for area in (before, after)
    )
    return [
        Change(
            old[name].title, old[name].words, new[name].words, *_difference(old[name], new[name])
        )
        for name in old
        if name in new and not isinstance(old[name].value, str)
    ]


def _difference(old: Figure, new: Figure) -> tuple[str, int | None]:
    return difference(old.value, new.value, old.unit)


def difference(old: Any, new: Any, unit: str) -> tuple[str, int | None]:  # noqa: ANN401 - a finding's value
    """Return the difference in words with its sign, and the sign; of shares in points."""
    if old is None or new is None:
        return "", None
    gone = float(new) - float(old)
    if abs(gone) < _LEAST_CHANGE:
        return "", 0
    sign = 1 if gone > 0 else -1
    if unit in SHARES:
        least = abs(gone) * 100 < _LEAST_POINTS
        shown = _LEAST_POINTS if least else abs(gone) * 100
        points = persian_text.number(shown, decimals=1, language=language())
        words = f"{points} {said('units.unit.share_points')}"
        words = said("web_plans.compare.below", amount=words) if least else words
    elif unit in _WHOLE and abs(gone) >= 1:
        words = value_words(float(round(abs(gone))), unit)
    else:
        words = value_words(abs(gone), unit)
    return words, sign


def _sees_people(user: User, area: AreaResult) -> bool:
    place = area.in_neighbourhood or area.plan.city.place
    return has_permission(user, Permission.SEE_PEOPLE, place)


def service_changes(user: User, before: AreaResult, after: AreaResult) -> list[dict[str, Any]]:
    """Return each service with its least lack of land in both plans."""
    if not _sees_people(user, before) and (_is_small(before) or _is_small(after)):
        return []
    old, new = ({row["service"]: row for row in area.services} for area in (before, after))
    changes = []
    for service in dict.fromkeys([*old, *new]):
        was, now = (rows.get(service, {}).get("deficit_min_m2") for rows in (old, new))
        words, sign = difference(was, now, "m2")
        change = Change(service, value_words(was, "m2"), value_words(now, "m2"), words, sign)
        changes.append({"service": service, "change": change})
    return changes


def _is_small(area: AreaResult) -> bool:
    return any(each["is_small"] for each in area.figures if each["id"] == "identity.population")


def block_changes(user: User, before: Plan, after: Plan) -> list[BlockChange]:
    """Return the blocks that the plans judge differently, the gravest kind first."""
    old, new = (_blocks(user, plan) for plan in (before, after))
    names = later_names(before, after)
    # what a number stood for is what has its ground now, not what has its number
    pairs = {name: (row, new.get(names.get(name, name) or "")) for name, row in old.items()}
    paired = {now["block_id"] for _, now in pairs.values() if now}
    found = [
        BlockChange(
            block_id=was["block_id"] if now is None else now["block_id"],
            was="" if now is None or now["block_id"] == name else name,
            kind=kind,
            before=was,
            after=now,
            moved=tuple(_moved(was, now)),
        )
        for name, (was, now) in pairs.items()
        if (kind := _kind(was, now))
    ]
    found += [
        BlockChange(name, "", "appeared", None, row, ())
        for name, row in new.items()
        if name not in paired
    ]
    return sorted(found, key=lambda change: (KINDS.index(change.kind), change.block_id))


def _blocks(user: User, plan: Plan) -> dict[str, dict[str, Any]]:
    rows = BlockResult.objects.filter(queries.inside(user, plan.city), plan=plan).values(*_SEEN)
    return {row["block_id"]: row for row in rows}


def _kind(old: dict[str, Any], new: dict[str, Any] | None) -> str:
    """Return what became of a block; empty where both say the same."""
    if new is None:
        return "vanished"
    if old["worn_out"] != new["worn_out"]:
        return "came_in" if new["worn_out"] else "went_out"
    for kind, column in (("level", "level"), ("boundary", "change"), ("decided", "decided")):
        if old[column] != new[column]:
            return kind
    return ""


def _moved(
    old: dict[str, Any], new: dict[str, Any] | None
) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield the indices of a block whose share moved, with both shares."""
    if new is None:
        return
    for index in INDICES:
        was, now = old[f"{index}_share"], new[f"{index}_share"]
        if was is None or now is None:
            if was is not now:
                yield index, was, now
        elif abs(now - was) > _LEAST_CHANGE:
            yield index, was, now
