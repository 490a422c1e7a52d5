"""Where the delivery has no passages, which are there? Derived from the space between blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from bazafarin.analysis import blocks as block_measures
from bazafarin.analysis.derived_passages import derived_passages
from bazafarin.domain.codes import WidthSource
from bazafarin.domain.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from bazafarin.domain.city import City
    from bazafarin.domain.finding import Column, Finding, FindingTable
    from bazafarin.standards import Standards
    from bazafarin.studies.placing import PlacedCity

RULES = (
    "passages.derive",
    "passages.derived_spacing_m",
    "passages.derived_least_width_m",
    "passages.derived_reach_m",
    "passages.derived_notch_ratio",
    "passages.derived_facing_share",
    "passages.derived_spur_widths",
    "passages.derived_simplify_m",
)
CODE = "plan.passages_derived"
"""The note in a city's problems that its passages were derived."""


def with_derived_passages(
    city: City, placed: PlacedCity, *, standards: Standards, as_of: date
) -> City:
    """Return the city with passages derived from its blocks, and a note that says so.

    A city whose passages were delivered comes back as it is; so does one without space
    between its blocks (what is there then stays unknown), and every city where the rule
    ``passages.derive`` says no.
    """
    if is_delivered(city) or not bool(standards.value("passages.derive", as_of=as_of)):
        return city

    def rule(name: str) -> float:
        return float(standards.value(f"passages.derived_{name}", as_of=as_of))

    found = derived_passages(
        _outlines(placed, close_gap_m=float(standards.value("blocks.close_gap_m", as_of=as_of))),
        spacing_m=rule("spacing_m"),
        least_width_m=rule("least_width_m"),
        reach_m=rule("reach_m"),
        notch_ratio=rule("notch_ratio"),
        facing_share=rule("facing_share"),
        spur_widths=rule("spur_widths"),
        simplify_m=rule("simplify_m"),
    )
    if found.empty:
        return city
    note = Problem(CODE, "passages", Severity.NOTE, facts={"number": len(found)})
    return replace(city, passages=_as_layer(found), problems=(*city.problems, note))


def is_delivered(city: City) -> bool:
    """Return whether the city has passages: those of a city just read were delivered."""
    return city.passages is not None and not city.passages.empty


def are_derived(city: City) -> bool:
    """Return whether the city's passages were derived by ``with_derived_passages``."""
    return any(problem.code == CODE for problem in city.problems)


def width_source(city: City) -> WidthSource:
    """Return where the widths that the city's passages carry come from."""
    return WidthSource.DERIVED if are_derived(city) else WidthSource.RECORDED


def findings_of(city: City, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the figures; those that came of derived passages cite how they were derived."""
    by = RULES if are_derived(city) else ()
    for finding in found:
        yield (
            replace(finding, rules=_with(finding.rules, by))
            if _is_of_passages(finding)
            else finding
        )


def tables_of(city: City, made: Mapping[str, FindingTable]) -> dict[str, FindingTable]:
    """Return the tables; columns that came of derived passages cite how they were derived."""
    if not are_derived(city):
        return dict(made)
    return {
        name: replace(
            table,
            columns={
                title: replace(column, rules=_with(column.rules, RULES))
                if _is_of_passages(column)
                else column
                for title, column in table.columns.items()
            },
        )
        for name, table in made.items()
    }


def _is_of_passages(figure: Finding | Column) -> bool:
    return "passages" in figure.inputs


def _with(rules: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return (*rules, *(rule for rule in more if rule not in rules))


def _outlines(placed: PlacedCity, *, close_gap_m: float) -> gpd.GeoSeries:
    """Return the outline of each block: its parcels where it has any, else as delivered.

    A delivered outline seldom shows the dead ends within it; the parcels about them do.
    """
    parcels = placed.parcels
    made = block_measures.block_outlines(
        parcels.geometry, parcels["block_id"], close_gap_m=close_gap_m
    )
    delivered = placed.blocks.set_index("block_id").geometry
    without = delivered[~delivered.index.isin(made.index)]
    return gpd.GeoSeries(pd.concat([made, without]), crs=parcels.crs)


def _as_layer(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lines as a layer that was read: all columns, rows counted from 1."""
    text = pd.Series(pd.NA, index=pd.RangeIndex(1, len(found) + 1)).astype("str")
    return gpd.GeoDataFrame(
        {
            "passage_id": found["passage_id"].astype("str").to_numpy(),
            "name_fa": text,
            "width_m": found["width_m"].to_numpy(),
            "class": text,
        },
        geometry=found.geometry.to_numpy(),
        index=text.index,
        crs=found.crs,
    )
