"""The figures of a plan: each with unit, rules, inputs, coverage, by scope.

A scope is the city or one neighbourhood; the same figures are found in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bazafarin.analysis import fabric
from bazafarin.domain.finding import Finding
from bazafarin.studies import boundary_revision, placing, population, worn_out_fabric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bazafarin.domain.city import City

_FABRIC_INPUTS = {
    "fine_grain": ("parcels",),
    "instability": ("parcels",),
    "impermeability": ("passages", "parcels"),
}


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


def neighbourhood_findings(neighbourhoods: pd.DataFrame, *, scope_all: str) -> Iterator[Finding]:
    """Yield identity and worn-out figures of each neighbourhood and, summed, of the city."""
    for row in neighbourhoods.to_dict("records"):
        yield from _area_findings(row, scope=f"neighbourhood:{row['neighbourhood_id']}")
    persons, persons_known = total(neighbourhoods["population"])
    summed = {c: total(neighbourhoods[c])[0] for c in _SUMMED}
    coverage = neighbourhoods["population_coverage"]
    whole = {
        **summed,
        "population": persons,
        "population_coverage": persons_known * float(coverage[coverage > 0].mean())
        if (coverage > 0).any()
        else 0.0,
        "worn_out_population": _worn_out_people(neighbourhoods),
        "population_source": sorted(set(neighbourhoods["population_source"])),
    }
    yield from _area_findings(whole, scope=scope_all)
    yield Finding(
        "identity.neighbourhoods",
        len(neighbourhoods),
        "count",
        scope=scope_all,
        inputs=("neighbourhoods", "parcels"),
    )


def _worn_out_people(neighbourhoods: pd.DataFrame) -> float | None:
    """Return how many people live in worn-out blocks; None where any neighbourhood's is unknown.

    Those without a worn-out block are no part of it: their zero says nothing of the others.
    """
    there = neighbourhoods.loc[neighbourhoods["worn_out_blocks"] > 0, "worn_out_population"]
    if there.empty:
        return 0.0
    persons, known = total(there)
    return persons if known == 1 else None


_SUMMED = (
    "area_m2",
    "parcels_count",
    "blocks_count",
    "buildings_count",
    "households",
    "worn_out_blocks",
    "worn_out_area_m2",
    "worn_out_parcels",
    "candidate_blocks",
    "undecided_blocks",
    "blocks_without_passages",
    "level_1_blocks",
    "level_2_blocks",
    "level_3_blocks",
)


def _area_findings(row: Mapping[Any, Any], *, scope: str) -> Iterator[Finding]:
    """Yield the figures of one area from its row of the neighbourhoods table."""
    identity = {
        "parcels": ("parcels_count", "count", ("parcels",)),
        "blocks": ("blocks_count", "count", ("blocks", "parcels")),
        "area_m2": ("area_m2", "m2", ("blocks", "parcels")),
        "households": ("households", "count", ("parcels",)),
    }
    for name, (column, unit, inputs) in identity.items():
        yield Finding(f"identity.{name}", plain(row[column]), unit, scope=scope, inputs=inputs)
    yield Finding(
        "identity.buildings",
        plain(row["buildings_count"]),
        "count",
        scope=scope,
        rules=worn_out_fabric.BUILDING_RULES,
        inputs=("parcels",),
    )
    yield Finding(
        "identity.population",
        plain(row["population"]),
        "persons",
        scope=scope,
        rules=population.RULES,
        inputs=("parcels", "neighbourhoods"),
        coverage=plain(row["population_coverage"]),  # type: ignore[arg-type]
        facts={"sources": tuple(np.atleast_1d(row["population_source"]).tolist())},
    )
    worn_out = {
        "worn_out_fabric.blocks": ("worn_out_blocks", "count"),
        "worn_out_fabric.area_m2": ("worn_out_area_m2", "m2"),
        "worn_out_fabric.parcels": ("worn_out_parcels", "count"),
        "worn_out_fabric.population": ("worn_out_population", "persons"),
        "worn_out_fabric.candidate_blocks": ("candidate_blocks", "count"),
        "worn_out_fabric.blocks_depending_on_unknown": ("undecided_blocks", "count"),
        "worn_out_fabric.blocks_without_passages": ("blocks_without_passages", "count"),
        "level.1.blocks": ("level_1_blocks", "count"),
        "level.2.blocks": ("level_2_blocks", "count"),
        "level.3.blocks": ("level_3_blocks", "count"),
    }
    for name, (column, unit) in worn_out.items():
        rules = worn_out_fabric.RULES
        if column == "candidate_blocks":
            rules = (*rules, "worn_out.candidate_min_indices")
        yield Finding(
            name,
            plain(row[column]),
            unit,
            scope=scope,
            rules=rules,
            inputs=("parcels", "passages", "blocks"),
        )
    area, worn = row["area_m2"], row["worn_out_area_m2"]
    share = worn / area if area else None
    yield Finding(
        "worn_out_fabric.area_share",
        plain(share),
        "share",
        scope=scope,
        rules=worn_out_fabric.RULES,
        inputs=("blocks", "parcels"),
        formula="worn-out block area / block area",
    )


def fabric_findings(
    blocks: pd.DataFrame, scopes: Mapping[str, pd.Series[bool]]
) -> Iterator[Finding]:
    """Yield the three shares of each scope as a whole, from the blocks' counts.

    A scope's share is over its own rows (parcels, buildings, metres of passage), so that a
    large block weighs what it holds; coverage likewise.
    """
    for scope, is_inside in scopes.items():
        inside = blocks[is_inside]
        for index in worn_out_fabric.INDICES:
            held = inside[f"{index}_total"]
            known = held * inside[f"{index}_share_coverage"].fillna(0.0)
            met = (known * inside[f"{index}_share"]).sum()
            yield Finding(
                f"fabric.{index}_share",
                plain(met / known.sum()) if known.sum() > 0 else None,
                "share",
                scope=scope,
                rules=worn_out_fabric.TEST_RULES[index],
                inputs=_FABRIC_INPUTS[index],
                coverage=plain(known.sum() / held.sum()) if held.sum() > 0 else 0.0,  # type: ignore[arg-type]
                formula="Σ rows that meet the index's test / Σ rows of known answer",
            )


def passage_findings(
    passages: pd.DataFrame, *, below_m: float, scope: str = "city"
) -> Iterator[Finding]:
    """Yield the length of passages, how much is narrow, and where widths come from."""
    length = passages["length_m"]
    whole = float(length.sum())
    known = float(length[passages["width_m"].notna()].sum())
    is_narrow = fabric.is_narrow(passages["width_m"], below_m=below_m).fillna(value=False)
    narrow = float(length[is_narrow].sum())
    yield Finding("identity.passages", len(passages), "count", scope=scope, inputs=("passages",))
    yield Finding("passages.length_m", whole, "m", scope=scope, inputs=("passages",))
    yield Finding(
        "passages.narrow_length_m",
        narrow if known else None,
        "m",
        scope=scope,
        rules=("impermeability.passage_below",),
        inputs=("passages", "parcels"),
        coverage=known / whole if whole else 0.0,
    )
    for source in ("recorded", "measured", "unknown"):
        part = float(length[passages["width_source"] == source].sum())
        yield Finding(
            f"passages.{source}_length_share",
            part / whole if whole else None,
            "share",
            scope=scope,
            inputs=("passages", "parcels"),
        )


def boundary_findings(
    changes: pd.DataFrame | None, proposed: pd.DataFrame, approved_area_m2: float | None
) -> Iterator[Finding]:
    """Yield the boundary before and after, and what comes in, goes out and stays."""
    yield Finding(
        "boundary.proposed_area_m2",
        float(proposed["area_m2"].sum()),
        "m2",
        rules=boundary_revision.OUTLINE_RULES,
        inputs=("blocks",),
    )
    yield Finding(
        "boundary.parts",
        len(proposed),
        "count",
        rules=boundary_revision.OUTLINE_RULES,
        inputs=("blocks",),
    )
    if changes is None:
        return
    yield Finding(
        "boundary.approved_area_m2", approved_area_m2, "m2", inputs=("approved_boundary",)
    )
    for change in ("added", "removed", "kept"):
        rows = changes[changes["change"] == change]
        for name, value, unit in (
            ("blocks", len(rows), "count"),
            ("area_m2", float(rows["area_m2"].sum()), "m2"),
        ):
            yield Finding(
                f"boundary.{change}_{name}",
                value,
                unit,
                rules=boundary_revision.RULES,
                inputs=("blocks", "approved_boundary"),
            )


def service_findings(services: pd.DataFrame) -> Iterator[Finding]:
    """Yield the city's totals of each service: the sums of its neighbourhoods."""
    for service, rows in services.groupby("service", sort=True):
        for column in ("existing_m2", "deficit_min_m2", "deficit_max_m2"):
            value, coverage = total(rows[column])
            rules: tuple[str, ...] = ("services.uses",)
            if column != "existing_m2":
                rules = (*rules, f"per_capita.{service}")
            yield Finding(
                f"services.{service}.{column}",
                value,
                "m2",
                rules=rules,
                inputs=("parcels", "facilities", "neighbourhoods"),
                coverage=coverage,
                formula="sum of the neighbourhoods of known value",
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
