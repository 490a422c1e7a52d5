"""What an area holds and what of it is worn-out, of each neighbourhood and of the city.

Both scopes have the same figures: a city's row is made of its neighbourhoods' rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bazafarin.domain.finding import Finding
from bazafarin.studies import placing, population, worn_out_fabric
from bazafarin.studies.findings import plain, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

_INPUTS = ("parcels", "passages", "carriageways", "blocks")


def neighbourhood_findings(neighbourhoods: pd.DataFrame, *, scope_all: str) -> Iterator[Finding]:
    """Yield identity and worn-out figures of each neighbourhood and, summed, of the city."""
    for row in neighbourhoods.to_dict("records"):
        yield from _area_findings(row, scope=f"neighbourhood:{row['neighbourhood_id']}")
    yield from _area_findings(_whole(neighbourhoods), scope=scope_all)
    named = ~neighbourhoods["neighbourhood_id"].isin([placing.OUTSIDE, placing.WHOLE_CITY])
    yield Finding(
        "identity.neighbourhoods",
        int(named.sum()) if named.any() else None,
        "count",
        scope=scope_all,
        inputs=("neighbourhoods", "parcels"),
    )


_SUMMED = (
    "area_m2",
    "parcels_count",
    "blocks_count",
    "buildings_count",
    "households",
    "population",
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


def _whole(neighbourhoods: pd.DataFrame) -> dict[str, object]:
    """Return the city's row: sums of the known, and coverages weighed by parcels."""
    parcels = neighbourhoods["parcels_count"]
    worn_out = neighbourhoods["worn_out_parcels"]
    return {
        **{column: total(neighbourhoods[column])[0] for column in _SUMMED},
        "population_coverage": _weighed(neighbourhoods["population_coverage"], parcels),
        "population_source": sorted(set(neighbourhoods["population_source"])),
        "households_coverage": _weighed(neighbourhoods["households_coverage"], parcels),
        "worn_out_population": _worn_out_people(neighbourhoods),
        "worn_out_population_coverage": _weighed(
            neighbourhoods["worn_out_population_coverage"], worn_out
        ),
    }


def _weighed(coverage: pd.Series[float], weight: pd.Series[int]) -> float:
    """Return the mean of coverages, each as much as it holds; 1 where nothing is held."""
    held = float(weight.sum())
    return float((coverage * weight).sum()) / held if held else 1.0


def _worn_out_people(neighbourhoods: pd.DataFrame) -> float | None:
    """Return how many people live in worn-out blocks; None where any neighbourhood's is unknown.

    Those without a parcel in one are no part of it: their zero says nothing of the others.
    """
    there = neighbourhoods.loc[neighbourhoods["worn_out_parcels"] > 0, "worn_out_population"]
    if there.empty:
        return 0.0
    persons, known = total(there)
    return persons if known == 1 else None


def _area_findings(row: Mapping[Any, Any], *, scope: str) -> Iterator[Finding]:
    """Yield the figures of one area from its row of the neighbourhoods table."""
    yield from _identity_findings(row, scope=scope)
    yield from _worn_out_findings(row, scope=scope)


def _identity_findings(row: Mapping[Any, Any], *, scope: str) -> Iterator[Finding]:
    """Yield what an area holds: parcels, blocks, buildings, people."""
    identity = {
        "parcels": ("parcels_count", "count", ("parcels",)),
        "blocks": ("blocks_count", "count", ("blocks", "parcels")),
        "area_m2": ("area_m2", "m2", ("blocks", "parcels")),
    }
    for name, (column, unit, inputs) in identity.items():
        yield Finding(f"identity.{name}", plain(row[column]), unit, scope=scope, inputs=inputs)
    yield Finding(
        "identity.households",
        plain(row["households"]),
        "count",
        scope=scope,
        inputs=("parcels",),
        coverage=plain(row["households_coverage"]),  # type: ignore[arg-type]
    )
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


def _worn_out_findings(row: Mapping[Any, Any], *, scope: str) -> Iterator[Finding]:
    """Yield what is worn-out in an area.

    Coverage is the share of blocks whose answer no unknown could change (of people, times the
    share of them that is known). Where that is 0, none found is not none there: a count of 0
    is unknown.
    """
    blocks = row["blocks_count"]
    decided = float(1 - row["undecided_blocks"] / blocks) if blocks else None
    area = row["area_m2"]
    figures = {
        "worn_out_fabric.blocks": (row["worn_out_blocks"], "count", decided),
        "worn_out_fabric.area_m2": (row["worn_out_area_m2"], "m2", decided),
        "worn_out_fabric.area_share": (
            row["worn_out_area_m2"] / area if area else None,
            "share",
            decided,
        ),
        "worn_out_fabric.parcels": (row["worn_out_parcels"], "count", decided),
        "worn_out_fabric.population": (
            row["worn_out_population"],
            "persons",
            row["worn_out_population_coverage"] * (1.0 if decided is None else decided),
        ),
        "worn_out_fabric.candidate_blocks": (row["candidate_blocks"], "count", None),
        **{f"level.{n}.blocks": (row[f"level_{n}_blocks"], "count", None) for n in (1, 2, 3)},
    }
    for name, (value, unit, coverage) in figures.items():
        yield Finding(
            name,
            None if decided == 0 and value == 0 else plain(value),
            unit,
            scope=scope,
            rules=_RULES.get(name, worn_out_fabric.RULES),
            inputs=_INPUTS,
            coverage=coverage,
            formula=_FORMULAS.get(name, ""),
        )
    open_counts = {
        "blocks_depending_on_unknown": ("undecided_blocks", worn_out_fabric.RULES),
        "blocks_without_passages": ("blocks_without_passages", _BOUNDING_RULES),
    }
    for name, (column, rules) in open_counts.items():
        yield Finding(
            f"worn_out_fabric.{name}",
            plain(row[column]),
            "count",
            scope=scope,
            rules=rules,
            inputs=_INPUTS,
        )


_BOUNDING_RULES = worn_out_fabric.MEASURE_RULES["impermeability"]
_RULES = {
    "worn_out_fabric.candidate_blocks": worn_out_fabric.CANDIDATE_RULES,
    "worn_out_fabric.population": (*worn_out_fabric.RULES, *population.RULES),
    **{
        f"level.{n}.blocks": (*worn_out_fabric.INDEX_RULES, rule)
        for n, rule in enumerate(worn_out_fabric.LEVEL_RULES, start=1)
    },
}
_FORMULAS = {"worn_out_fabric.area_share": "worn-out block area / block area"}
