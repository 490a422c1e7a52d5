"""The figures of a plan: each with unit, rules, inputs, coverage, by scope.

A scope is the city or one neighbourhood; what an area holds is in ``area_findings``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bazafarin.analysis import fabric
from bazafarin.domain.codes import BoundaryChange, Decided, WidthSource
from bazafarin.domain.finding import Citation, Finding, FindingTable
from bazafarin.studies import boundary_revision, deriving, placing, population, worn_out_fabric

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from bazafarin.domain.city import City
    from bazafarin.standards import Standards

_FABRIC_INPUTS = {
    "fine_grain": ("parcels",),
    "instability": ("parcels",),
    "impermeability": ("passages", "carriageways", "parcels", "blocks"),
}
_WIDTH_INPUTS = ("passages", "carriageways", "parcels")
_WORN_OUT_INPUTS = ("parcels", "passages", "carriageways", "blocks")


def plain(value: Any) -> float | int | bool | str | None:  # noqa: ANN401 - from any dtype
    """Return a figure as plain Python; NaN and NA become None (unknown)."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(value)


def total(values: pd.Series[float]) -> tuple[float | None, float]:
    """Return the sum of what is known (None where nothing is) and the share that is, 0–1."""
    if values.empty:
        return None, 0.0
    return plain(values.sum(min_count=1)), float(values.notna().mean())  # type: ignore[return-value]


def fabric_findings(
    blocks: pd.DataFrame, scopes: Mapping[str, pd.Series[bool]]
) -> Iterator[Finding]:
    """Yield the three shares of each scope as a whole, from the blocks' counts.

    A scope's share is over its own rows (parcels, buildings, metres of passage), so that a
    large block weighs what it holds; coverage likewise.
    """
    counts = {}
    for index in worn_out_fabric.INDICES:
        held = np.nan_to_num(blocks[f"{index}_total"].to_numpy(dtype=float))
        known = np.nan_to_num(held * blocks[f"{index}_share_coverage"].to_numpy(dtype=float))
        met = known * np.nan_to_num(blocks[f"{index}_share"].to_numpy(dtype=float))
        counts[index] = np.column_stack([held, known, met])
    for scope, is_inside in scopes.items():
        inside = is_inside.to_numpy()
        for index in worn_out_fabric.INDICES:
            held, known, met = counts[index][inside].sum(axis=0).tolist()
            yield Finding(
                f"fabric.{index}_share",
                met / known if known > 0 else None,
                "share",
                scope=scope,
                rules=worn_out_fabric.TEST_RULES[index] + worn_out_fabric.MEASURE_RULES[index],
                inputs=_FABRIC_INPUTS[index],
                coverage=known / held if held > 0 else 0.0,
                formula="Σ rows that meet the index's test / Σ rows of known answer",
            )


def passage_findings(
    passages: pd.DataFrame, *, below_m: float, are_known: bool, scope: str = "city"
) -> Iterator[Finding]:
    """Yield the length of passages, how much is narrow, and where widths come from.

    Where none were delivered or derived it is all unknown (``are_known``): every town has some.
    """
    length = passages["length_m"]
    whole = float(length.sum())
    known = float(length[passages["width_m"].notna()].sum())
    is_narrow = fabric.is_narrow(passages["width_m"], below_m=below_m).fillna(value=False)
    counted = {"count": ("identity.passages", len(passages)), "m": ("passages.length_m", whole)}
    for unit, (name, value) in counted.items():
        yield Finding(name, value if are_known else None, unit, scope=scope, inputs=("passages",))
    yield Finding(
        "passages.narrow_length_m",
        float(length[is_narrow].sum()) if known else None,
        "m",
        scope=scope,
        rules=("impermeability.passage_below", *worn_out_fabric.WIDTH_RULES),
        inputs=_WIDTH_INPUTS,
        coverage=known / whole if whole else 0.0,
    )
    for source in WidthSource:
        part = float(length[passages["width_source"] == source].sum())
        is_recorded = source is WidthSource.RECORDED
        by = deriving.RULES if source is WidthSource.DERIVED else worn_out_fabric.WIDTH_RULES
        yield Finding(
            f"passages.{source}_length_share",
            part / whole if whole else None,
            "share",
            scope=scope,
            rules=() if is_recorded else by,
            inputs=("passages",) if is_recorded else _WIDTH_INPUTS,
        )


def boundary_findings(
    changes: pd.DataFrame | None,
    proposed: pd.DataFrame,
    blocks: pd.DataFrame,
    approved_area_m2: float | None,
) -> Iterator[Finding]:
    """Yield the boundary before and after, and what comes in, goes out and stays.

    Coverage is the share of ``blocks`` whose answer no unknown could change; where it is 0,
    that no block was found to come in says nothing.
    """
    decided = float((blocks["decided"] != Decided.DEPENDS_ON_UNKNOWN).mean())
    before = () if changes is None else boundary_revision.RULES
    layers = _WORN_OUT_INPUTS if changes is None else (*_WORN_OUT_INPUTS, "approved_boundary")

    def counted(name: str, areas: pd.Series[float], number: str) -> Iterator[Finding]:
        is_open = areas.empty and decided == 0 and name in {"proposed", "added"}
        figures = {f"{name}_area_m2": (float(areas.sum()), "m2"), number: (len(areas), "count")}
        outline = boundary_revision.OUTLINE_RULES if name == "proposed" else ()
        for figure, (value, unit) in figures.items():
            yield Finding(
                f"boundary.{figure}",
                None if is_open else value,
                unit,
                rules=(*outline, *before, *worn_out_fabric.RULES),
                inputs=layers,
                coverage=decided,
            )

    yield from counted("proposed", proposed["area_m2"], "parts")
    if changes is None:
        return
    yield Finding(
        "boundary.approved_area_m2", approved_area_m2, "m2", inputs=("approved_boundary",)
    )
    for change in BoundaryChange:
        of_kind = changes["area_m2"][changes["change"] == change]
        yield from counted(change, of_kind, f"{change}_blocks")


def service_findings(
    services: pd.DataFrame, *, land_m2: pd.Series[float], people_known: pd.Series[float]
) -> Iterator[Finding]:
    """Yield the city's totals of each service: the sums of its neighbourhoods.

    Coverage is the share of the land, ``land_m2`` by neighbourhood, whose use is known where
    a value is; of a deficit times ``people_known``, the coverage of the people it is for.
    A service that only facilities tell of is known as far as those were delivered.
    """
    columns = ["existing_m2", "deficit_min_m2", "deficit_max_m2"]
    place, service = services["neighbourhood_id"], services["service"]
    known = services["existing_coverage"].mask(services["existing_source"] == "facilities", 1.0)
    land = place.map(land_m2).fillna(0.0)
    parts = services[columns].notna().mul(known * land, axis=0)
    parts[columns[1:]] = parts[columns[1:]].mul(place.map(people_known), axis=0)
    values = services[columns].groupby(service).sum(min_count=1)
    coverage = parts.groupby(service).sum().div(land.groupby(service).sum(), axis=0).fillna(0.0)
    shares = coverage.to_dict("index")
    for name, sums in values.to_dict("index").items():
        for column in columns:
            needed = () if column == "existing_m2" else (f"per_capita.{name}", *population.RULES)
            yield Finding(
                f"services.{name}.{column}",
                plain(sums[column]),
                "m2",
                rules=("services.uses", *needed),
                inputs=("parcels", "facilities", "neighbourhoods"),
                coverage=float(shares[name][column]),
                formula="sum of the neighbourhoods of known value",
            )


def facility_findings(
    facilities: pd.DataFrame | None, *, uses: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """Yield how many facilities are of a service that ``services.uses`` does not name."""
    if facilities is None:
        return
    is_named = facilities["service"].isin({*uses, *(use for of in uses.values() for use in of)})
    yield Finding(
        "quality.facilities_of_no_service",
        int((~is_named).sum()),
        "count",
        rules=("services.uses",),
        inputs=("facilities",),
    )


def quality_findings(city: City, *, rejected: pd.DataFrame) -> Iterator[Finding]:
    """Yield how many rows were delivered, used, rejected, mended and left unknown."""
    sources = city.sources.values()
    yield Finding("quality.rows_delivered", sum(s.rows for s in sources), "count")
    yield Finding("quality.rows_used", sum(s.used for s in sources), "count")
    rows = rejected[["layer", "row"]].drop_duplicates()
    yield Finding("quality.rows_rejected", len(rows), "count")
    named = {"mended": "mended", "unknown_values": "unknown", "notes": "note"}
    for name, severity in named.items():
        count = sum(p.count for p in city.problems if p.severity == severity)
        yield Finding(f"quality.{name}", count, "count")


def placing_findings(derived: Mapping[str, int]) -> Iterator[Finding]:
    """Yield how many parcels got their block or neighbourhood from us, not the delivery."""
    yield Finding(
        "placing.parcels_in_derived_blocks",
        derived["blocks"],
        "count",
        rules=placing.RULES,
        inputs=("parcels", "passages", "carriageways"),
    )
    yield Finding(
        "placing.parcels_placed_by_position",
        derived["neighbourhoods"],
        "count",
        inputs=("parcels", "neighbourhoods"),
    )


def citations(
    found: Iterable[Finding],
    tables: Iterable[FindingTable],
    *,
    also: Iterable[str] = (),
    standards: Standards,
    as_of: date,
) -> dict[str, Citation]:
    """Return the citation of every rule in force that a figure or a column names, or ``also``."""
    named = {*also, *(rule for finding in found for rule in finding.rules)}
    named |= {r for table in tables for column in table.columns.values() for r in column.rules}
    return {
        rule: standards.citation(rule, as_of=as_of)
        for rule in sorted(named)
        if standards.is_in_force(rule, as_of=as_of)
    }
