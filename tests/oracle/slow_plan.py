"""The plan of a small city, slowly: plain loops, dictionaries and one geometry at a time.

Written from the law, the design and the decision records alone; of the package it takes
the values of the rules and nothing else. What the unknown could do is found by trying it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely

from oracle.slow_streets import (
    Faces,
    blocks_of_piece,
    pieces_of,
    samples_of,
    width_between_faces,
    width_of_surface,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from bazafarin.domain.city import City
    from bazafarin.standards import Standards

INDICES = ("fine_grain", "instability", "impermeability")
MOST_TRIED = 12
"""Up to this many unknown rows every filling is tried; beyond it, the two extremes."""
NEAR = 1e-6
NEAR_M = 0.005

Row = dict[str, Any]
Rule: TypeAlias = "Callable[[str], Any]"


@dataclass(frozen=True)
class SlowPlan:
    """The answers: blocks and changes by the set of their parcels' rows (or their id)."""

    blocks: dict[Hashable, Row]
    passages: dict[str, Row]
    services: dict[tuple[str, str], Row]
    people: dict[str, Row]
    changes: dict[Hashable, tuple[str, str]]


def slow_plan(
    city: City, *, standards: Standards, as_of: date, spacing_m: float | None = None
) -> SlowPlan:
    """Return the plan of ``city``; ``spacing_m`` replaces the rule's spacing of samples."""

    def rule(name: str) -> Any:
        return standards.value(name, as_of=as_of)

    parcels = _parcels(city)
    _place_in_blocks(city, parcels, rule)
    _place_in_neighbourhoods(city, parcels)
    for parcel in parcels:
        parcel["building"] = _is_building(parcel, rule)
        parcel["unstable"] = _is_unstable(parcel, rule) if parcel["building"] else None
        parcel["fine"] = parcel["area"] < rule("fine_grain.parcel_below") - NEAR
    passages, of_block = _streets(city, parcels, rule, spacing_m)
    members = defaultdict(list)
    for parcel in parcels:
        members[parcel["block"]].append(parcel)
    outlines = _outlines(city, members)
    blocks = {
        name: _judge(members[name], of_block[name], rule) | {"area": outlines[name].area}
        for name in outlines
    }
    people = _people(city, parcels, rule)
    keys = {
        name: frozenset(p["row"] for p in members[name]) if members[name] else name
        for name in outlines
    }
    changes = _changes(city, members, blocks, outlines, rule)
    return SlowPlan(
        blocks={keys[name]: row for name, row in blocks.items()},
        passages=passages,
        services=_services(city, parcels, people, rule, standards, as_of),
        people=people,
        changes={keys[name]: change for name, change in changes.items()},
    )


def _rows(layer: Any) -> list[Row]:
    """Return a layer's rows as dictionaries; unknown is None."""
    if layer is None:
        return []
    return [
        {"row": row}
        | {
            name: None if name != "geometry" and _is_missing(value) else value
            for name, value in values.items()
        }
        for row, values in zip(layer.index, layer.to_dict("records"), strict=True)
    ]


def _is_missing(value: Any) -> bool:
    return value is None or value != value or str(value) in {"<NA>", "NaT"}  # noqa: PLR0124


def _parcels(city: City) -> list[Row]:
    parcels = _rows(city.parcels)
    for parcel in parcels:
        deed = parcel["land_area_m2"]
        parcel["area"] = parcel["geometry"].area if deed is None else deed
    return parcels


def _within(shape: shapely.Geometry, areas: list[Row], name: str) -> str | None:
    inner = shape.representative_point()
    return next((area[name] for area in areas if area["geometry"].covers(inner)), None)


def _place_in_blocks(city: City, parcels: list[Row], rule: Rule) -> None:
    """Fill ``block``: as delivered, else by position, else with the parcels it touches."""
    delivered = _rows(city.blocks)
    for parcel in parcels:
        parcel["block"] = parcel["block_id"] or _within(parcel["geometry"], delivered, "block_id")
    alone = [p for p in parcels if p["block"] is None]
    group = {p["row"]: p["row"] for p in alone}
    for a in alone:
        for b in alone:
            if a["geometry"].distance(b["geometry"]) <= rule("blocks.touch_tolerance_m"):
                one, other = group[a["row"]], group[b["row"]]
                group = {row: one if of == other else of for row, of in group.items()}
    for parcel in alone:
        parcel["block"] = f"touching:{group[parcel['row']]}"


def _place_in_neighbourhoods(city: City, parcels: list[Row]) -> None:
    delivered = _rows(city.neighbourhoods)
    named = any(p["neighbourhood_id"] for p in parcels) or delivered
    for parcel in parcels:
        parcel["hood"] = (
            parcel["neighbourhood_id"]
            or _within(parcel["geometry"], delivered, "neighbourhood_id")
            or ("outside" if named else "city")
        )


def _is_building(parcel: Row, rule: Rule) -> bool:
    tells = (
        (parcel["built_area_m2"] or 0) > 0
        or (parcel["floors"] or 0) > 0
        or parcel["built_sh"] is not None
        or parcel["structure"] != "unknown"
    )
    if parcel["use"] in rule("instability.no_building_uses"):
        return False
    if parcel["use"] in rule("instability.open_land_uses"):
        return tells
    return tells or parcel["built_area_m2"] != 0


def _is_unstable(parcel: Row, rule: Rule) -> bool | None:
    structure, year = parcel["structure"], parcel["built_sh"]
    if structure in rule("instability.age_decides_structures"):
        if year is not None and year < rule("instability.built_before_sh"):
            return True
        if structure not in {"unknown", "other"} and year is None:
            return None
    if structure in rule("instability.unstable_structures"):
        return True
    return False if structure in rule("instability.stable_structures") else None


def _streets(
    city: City, parcels: list[Row], rule: Rule, spacing_m: float | None
) -> tuple[dict[str, Row], dict[str, list[tuple[float, bool | None]]]]:
    """Return each passage's width, and for each block (metres, is narrow) of its passages."""
    spacing = spacing_m or rule("passages.sample_spacing_m")
    reach, answers = rule("passages.reach_m"), rule("passages.answer_share")
    rows = _rows(city.passages)
    faces = Faces([p["geometry"] for p in parcels])
    surfaces = Faces([r["geometry"] for r in _rows(city.carriageways)])
    block_of_face = [p["block"] for p in parcels]
    seen = defaultdict(list)
    lengths: dict[tuple[str, int], float] = defaultdict(float)
    for own, piece in pieces_of([row["geometry"] for row in rows]):
        samples = samples_of(piece, faces, spacing=spacing, reach=reach)
        seen[own] += samples
        width = rows[own]["width_m"]
        for block in blocks_of_piece(
            samples,
            block_of_face,
            bounding_share=rule("passages.bounding_share"),
            entering_share=rule("passages.entering_share"),
            beside=None if width is None else width + rule("passages.beside_slack_m"),
        ):
            lengths[block, own] += piece.length
    passages = {}
    for own, row in enumerate(rows):
        over = samples_of(row["geometry"], surfaces, spacing=spacing, reach=reach, drift=0.0)
        measured = width_of_surface(over, answer_share=answers)
        if measured is None:
            measured = width_between_faces(seen[own], answer_share=answers)
        recorded = row["width_m"]
        width = measured if recorded is None else recorded
        source = "unknown" if width is None else "measured" if recorded is None else "recorded"
        passages[row["passage_id"]] = {"width": width, "source": source, "row": own}
    widths = {row["row"]: row["width"] for row in passages.values()}
    below = rule("impermeability.passage_below")
    of_block = defaultdict(list)
    for (block, own), length in lengths.items():
        narrow = None if widths[own] is None else widths[own] < below - NEAR_M
        of_block[block].append((length, narrow))
    return passages, of_block


def _outlines(city: City, members: dict[str, list[Row]]) -> dict[str, shapely.Geometry]:
    delivered = {row["block_id"]: row["geometry"] for row in _rows(city.blocks)}
    drawn = {name: shapely.union_all([p["geometry"] for p in of]) for name, of in members.items()}
    return drawn | delivered


def _judge(parcels: list[Row], streets: list[tuple[float, bool | None]], rule: Rule) -> Row:
    """Return a block's shares, what they could be, and its answer, by trying every filling."""
    asked = {
        "fine_grain": [(1.0, p["fine"]) for p in parcels],
        "instability": [(1.0, p["unstable"]) for p in parcels if p["building"]],
        "impermeability": streets,
    }
    row: Row = {
        "parcels_count": len(parcels),
        "buildings_count": sum(p["building"] for p in parcels),
    }
    met, possible = {}, {}
    for index, items in asked.items():
        limit = rule(f"{index}.share_above")
        known = [(w, yes) for w, yes in items if yes is not None]
        total = sum(w for w, _ in items)
        share = _share(known)
        tried = [_share(filling) for filling in _fillings(items)] if items else []
        row[f"{index}_share"] = share
        row[f"{index}_share_coverage"] = sum(w for w, _ in known) / total if items else None
        row[f"{index}_share_min"] = min(tried, default=None)
        row[f"{index}_share_max"] = max(tried, default=None)
        row[f"{index}_total"] = total
        met[index] = _is_above(share, limit)
        possible[index] = {_is_above(s, limit) for s in tried} or {True, False}
    if parcels and not asked["instability"]:
        possible["instability"] = {False}
    answers = {_is_worn_out(dict(zip(INDICES, combination, strict=True)), rule)
               for combination in product(*(possible[i] for i in INDICES))}  # fmt: skip
    row["indices_met"] = sum(met.values())
    row["worn_out"] = _is_worn_out(met, rule)
    row["decided"] = (
        "depends_on_unknown" if len(answers) > 1 else "yes" if answers == {True} else "no"
    )
    others = met["fine_grain"] + met["impermeability"]
    row["level"] = 3 - others if met["instability"] else None
    return row


def _share(items: list[tuple[float, bool]]) -> float | None:
    total = sum(w for w, _ in items)
    return sum(w for w, yes in items if yes) / total if total else None


def _fillings(items: list[tuple[float, bool | None]]) -> list[list[tuple[float, bool]]]:
    unknown = [at for at, (_, yes) in enumerate(items) if yes is None]
    choices = (
        product((False, True), repeat=len(unknown))
        if len(unknown) <= MOST_TRIED
        else [(False,) * len(unknown), (True,) * len(unknown)]
    )
    fillings = []
    for choice in choices:
        filled = dict(zip(unknown, choice, strict=True))
        fillings.append([(w, filled.get(at, yes)) for at, (w, yes) in enumerate(items)])
    return fillings


def _is_above(share: float | None, limit: float) -> bool:
    return share is not None and share > limit and not math.isclose(share, limit, abs_tol=1e-9)


def _is_worn_out(met: dict[str, bool], rule: Rule) -> bool:
    enough = sum(met.values()) >= rule("worn_out.min_indices")
    return enough and (met["instability"] or not rule("worn_out.instability_required"))


def _people(city: City, parcels: list[Row], rule: Rule) -> dict[str, Row]:
    """Return the population of each neighbourhood, and which record it is from."""
    delivered = {row["neighbourhood_id"]: row["population"] for row in _rows(city.neighbourhoods)}
    size = rule("population.household_size")
    people = {}
    for name in sorted({p["hood"] for p in parcels} | set(delivered)):
        inside = [p for p in parcels if p["hood"] == name]
        records = []
        for source, column, times in (("parcels", "population", 1.0),
                                      ("households", "households", size)):  # fmt: skip
            known = [p[column] for p in inside if p[column] is not None]
            counted = [
                p for p in inside if p["use"] in {"residential", "unknown"} or p[column] is not None
            ]
            coverage = len(known) / len(counted) if counted else 0.0
            records.append((source, sum(known) * times if known else None, coverage))
        total = delivered.get(name)
        full = [r for r in records if r[2] == 1.0]
        whole = [("neighbourhood", total, 1.0)] if total is not None else []
        some = sorted((r for r in records if r[2] > 0), key=lambda r: -r[2])
        source, persons, coverage = [*full, *whole, *some, ("unknown", None, 0.0)][0]
        people[name] = {"persons": persons, "source": source, "coverage": coverage}
    return people


def _services(
    city: City,
    parcels: list[Row],
    people: dict[str, Row],
    rule: Rule,
    standards: Standards,
    as_of: date,
) -> dict[tuple[str, str], Row]:
    """Return existing land and deficits of each service in each neighbourhood."""
    uses = rule("services.uses")
    facilities = _rows(city.facilities)
    hoods = _rows(city.neighbourhoods)
    persons_known = [p["persons"] for p in people.values() if p["persons"] is not None]
    city_size = sum(persons_known) if persons_known else math.nan
    only = {p["hood"] for p in parcels}
    table = {}
    for name, who in people.items():
        inside = [p for p in parcels if p["hood"] == name]
        is_known = any(p["use"] != "unknown" and p["area"] > 0 for p in inside)
        for service, of in uses.items():
            land = sum(p["area"] for p in inside if p["use"] in of)
            extra = 0.0
            for facility in facilities:
                areas = hoods or [{"geometry": p["geometry"], "neighbourhood_id": p["hood"]}
                                  for p in parcels]  # fmt: skip
                at = _within(facility["geometry"], areas, "neighbourhood_id")
                at = at or (next(iter(only)) if len(only) == 1 else "outside")
                stands_on = [
                    p
                    for p in parcels
                    if p["geometry"].covers(facility["geometry"].representative_point())
                    and p["use"] in of
                ]
                serves = facility["service"] == service or facility["service"] in of
                if at == name and serves and not stands_on:
                    own = facility["geometry"].area or None
                    extra += facility["area_m2"] if facility["area_m2"] is not None else own or 0.0
            low, high = standards.per_capita(service, population=city_size, as_of=as_of)
            existing = land + extra if is_known or extra > 0 else None
            table[name, service] = {
                "existing_m2": existing,
                "deficit_min_m2": _deficit(low, who["persons"], existing),
                "deficit_max_m2": _deficit(high, who["persons"], existing),
            }
    return table


def _deficit(per_head: float, persons: float | None, existing: float | None) -> float | None:
    if persons is None or existing is None:
        return None
    return max(0.0, per_head * persons - existing)


def _changes(
    city: City,
    members: dict[str, list[Row]],
    blocks: dict[str, Row],
    outlines: dict[str, shapely.Geometry],
    rule: Rule,
) -> dict[str, tuple[str, str]]:
    """Return (change, reason) of each block that the approved boundary or the proposal holds."""
    approved = _rows(city.approved_boundary)
    if not approved:
        return {}
    area = shapely.union_all([row["geometry"] for row in approved])
    days = [row["approved_on"] for row in approved if row["approved_on"] is not None]
    since = _jalali_year(max(days)) if days else None
    changes = {}
    for name, block in blocks.items():
        share = outlines[name].intersection(area).area / outlines[name].area
        inside = _is_above(share, rule("boundary.inside_share_above"))
        renovated = [(1.0, _is_renovated(p, since, rule)) for p in members[name]]
        tried = {_is_above(_share(filling), rule("boundary.renovated_share_above"))
                 for filling in _fillings(renovated)} if renovated else {True, False}  # fmt: skip
        if block["worn_out"]:
            doubt = "_open" if block["decided"] == "depends_on_unknown" else ""
            outside = ("added", f"worn_out_outside{doubt}")
            changes[name] = ("kept", "still_worn_out") if inside else outside
        elif inside and tried == {True}:
            surely = block["decided"] == "no"
            changes[name] = ("removed", "renovated") if surely else ("kept", "may_be_worn_out")
        elif inside:
            unsure = True in tried
            reason = "renovation_unknown" if unsure else "not_renovated_enough"
            changes[name] = ("kept", reason)
    return changes


def _is_renovated(parcel: Row, since: int | None, rule: Rule) -> bool | None:
    if parcel["quality"] in rule("boundary.renovated_qualities"):
        return True
    quality_known = parcel["quality"] not in {None, "unknown"}
    if since is not None and parcel["built_sh"] is not None:
        return parcel["built_sh"] > since
    return False if quality_known else None


def _jalali_year(day: Any) -> int:
    """Return the Solar Hijri year: it begins on 21 March, within a day."""
    spring = (day.month, day.day) >= (3, 21)
    return int(day.year - (621 if spring else 622))
