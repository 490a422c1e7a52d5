"""The figures of a plan: each with unit, rules, inputs, coverage, by scope.

A scope is the city or one neighbourhood; what an area holds is in ``area_findings``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bazafarin.analysis import fabric
from bazafarin.domain.finding import Finding
from bazafarin.studies import boundary_revision, placing, worn_out_fabric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bazafarin.domain.city import City

_FABRIC_INPUTS = {
    "fine_grain": ("parcels",),
    "instability": ("parcels",),
    "impermeability": ("passages", "carriageways", "parcels", "blocks"),
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
