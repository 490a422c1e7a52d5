"""The plan's tables: what each column means, its unit, formula, rules and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from bazafarin.domain.finding import Column, FindingTable
from bazafarin.studies import (
    boundary_revision,
    deriving,
    parcel_measures,
    population,
    worn_out_fabric,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.domain.city import City

TEXT = Column("text")
_PARCELS = ("parcels",)
_FRONTS = ("parcels", "passages")
_BLOCKS = ("blocks", "parcels")
_WIDTHS = ("passages", "carriageways", "parcels")
_FABRIC = (*_WIDTHS, "blocks")
_PEOPLE = ("parcels", "neighbourhoods")
_SERVED = ("parcels", "facilities", "neighbourhoods")
WORN_OUT = worn_out_fabric.RULES


def _share_columns() -> dict[str, Column]:
    """Return the five columns of each index."""
    of = {
        "fine_grain": ("parcels below the area / parcels of known area", _PARCELS, "count"),
        "instability": ("unstable buildings / buildings of known structure", _PARCELS, "count"),
        "impermeability": ("length of narrow passages / length of known width", _FABRIC, "m"),
    }
    columns: dict[str, Column] = {}
    for index, (formula, inputs, unit) in of.items():
        rules = worn_out_fabric.TEST_RULES[index] + worn_out_fabric.MEASURE_RULES[index]
        judged = (*rules, worn_out_fabric.SHARE_RULES[index])
        columns |= {
            f"{index}_share": Column("share", formula, judged, inputs),
            f"{index}_share_min": Column("share", "as if no unknown row met it", rules, inputs),
            f"{index}_share_max": Column("share", "as if every unknown row met it", rules, inputs),
            f"{index}_share_coverage": Column("share", "known / all", rules, inputs),
            f"{index}_total": Column(unit, "rows (m of passage) that count", rules, inputs),
        }
    return columns


PARCEL_COLUMNS: Mapping[str, Column] = {
    "parcel_id": TEXT,
    "block_id": TEXT,
    "neighbourhood_id": TEXT,
    "area_m2": Column("m2", "the deed's area, else the geometry's", inputs=_PARCELS),
    "frontage_m": Column(
        "m", "length of boundary that faces a passage", parcel_measures.FRONTAGE_RULES, _FRONTS
    ),
    "depth_m": Column("m", "area / frontage", parcel_measures.FRONTAGE_RULES, _FRONTS),
    "coverage_share": Column("share", "built area / floors / area, at most 1", inputs=_PARCELS),
    "floor_area_ratio": Column("ratio", "built area / area", inputs=_PARCELS),
    "is_fine_grained": Column("bool", rules=("fine_grain.parcel_below",), inputs=_PARCELS),
    "is_building": Column("bool", rules=worn_out_fabric.BUILDING_RULES, inputs=_PARCELS),
    "is_unstable": Column("bool", rules=worn_out_fabric.TEST_RULES["instability"], inputs=_PARCELS),
}
"""What is measured of the land and the building of a parcel; nothing of its people."""
BLOCK_COLUMNS: Mapping[str, Column] = {
    "block_id": TEXT,
    "neighbourhood_id": TEXT,
    "parcels_count": Column("count", inputs=_PARCELS),
    "buildings_count": Column("count", rules=worn_out_fabric.BUILDING_RULES, inputs=_PARCELS),
    **_share_columns(),
    "indices_met": Column(
        "count", "indices above their share", worn_out_fabric.INDEX_RULES, _FABRIC
    ),
    "worn_out": Column(
        "bool", "min_indices met, instability among them where required", WORN_OUT, _FABRIC
    ),
    "level": Column(
        "level",
        "the first level of which it meets enough indices, instability among them",
        (*worn_out_fabric.INDEX_RULES, *worn_out_fabric.LEVEL_RULES),
        _FABRIC,
    ),
    "decided": Column("code", "could the unknown rows change worn_out?", WORN_OUT, _FABRIC),
    "area_m2": Column("m2", "area of the block's outline", inputs=_BLOCKS),
}
PASSAGE_COLUMNS: Mapping[str, Column] = {
    "passage_id": TEXT,
    "name_fa": TEXT,
    "length_m": Column("m", "length of the centre-line", inputs=("passages",)),
    "width_m": Column(
        "m", "recorded or derived, else measured", worn_out_fabric.WIDTH_RULES, _WIDTHS
    ),
    "width_source": Column(
        "code", rules=(*worn_out_fabric.WIDTH_RULES, *deriving.RULES), inputs=(*_WIDTHS, "blocks")
    ),
    "width_measured_m": Column(
        "m", "median across the centre-line", worn_out_fabric.WIDTH_RULES, _WIDTHS
    ),
    "width_least_m": Column("m", "least of the samples", worn_out_fabric.WIDTH_RULES, _WIDTHS),
    "width_spread_m": Column(
        "m", "interquartile range of the samples", worn_out_fabric.WIDTH_RULES, _WIDTHS
    ),
}
_CHANGE = (*boundary_revision.RULES, *WORN_OUT)
CHANGE_COLUMNS: Mapping[str, Column] = {
    "block_id": TEXT,
    "change": Column("code", rules=_CHANGE, inputs=("approved_boundary", *_FABRIC)),
    "reason": Column("code", rules=_CHANGE, inputs=("approved_boundary", *_FABRIC)),
    "area_m2": Column("m2", inputs=_BLOCKS),
    "inside_share": Column(
        "share",
        "block area inside the approved boundary / block area",
        ("boundary.inside_share_above",),
        ("approved_boundary", "blocks"),
    ),
    "renovated_share": Column(
        "share", "renovated parcels / parcels of known state", boundary_revision.RULES, _PARCELS
    ),
    "renovated_share_coverage": Column("share", "known / all", inputs=_PARCELS),
}
SENSITIVITY_COLUMNS: Mapping[str, Column] = {
    "rule_id": TEXT,
    "threshold": Column("share", rules=tuple(worn_out_fabric.SHARE_RULES.values())),
    "step": Column("share", rules=("sensitivity.steps",)),
    **{
        name: Column("count", rules=WORN_OUT, inputs=_FABRIC)
        for name in ("blocks_in", "blocks_out")
    },
    **{
        name: Column("ha", rules=WORN_OUT, inputs=_FABRIC)
        for name in ("hectares_in", "hectares_out")
    },
}
BOUNDARY_COLUMNS: Mapping[str, Column] = {
    "part_id": Column("count"),
    "area_m2": Column(
        "m2",
        "area around the blocks, lanes between them included",
        (*boundary_revision.OUTLINE_RULES, *_CHANGE),
        ("approved_boundary", *_FABRIC),
    ),
}


SOURCE_COLUMNS: Mapping[str, Column] = {
    "layer": TEXT,
    "path": TEXT,
    "rows": Column("count", "rows delivered"),
    "used": Column("count", "rows used"),
    "crs": TEXT,
    "dated": Column("date", "the newest date in the layer itself"),
}
PROBLEM_COLUMNS: Mapping[str, Column] = {
    "layer": TEXT,
    "problem": Column("code"),
    "severity": Column("code"),
    "field": TEXT,
    "rows": Column("count", "rows concerned; 1 for a trouble of the whole layer"),
}


def _service_columns(services: pd.DataFrame) -> dict[str, Column]:
    ranges = tuple(f"per_capita.{name}" for name in sorted(services["service"].unique()))
    deficit = "max(0, standard · population - existing)"
    asked = ("services.uses", *ranges, *population.RULES)
    return {
        "neighbourhood_id": TEXT,
        "service": TEXT,
        "population": Column("persons", rules=population.RULES, inputs=_PEOPLE),
        "existing_m2": Column(
            "m2", "land of its uses and of facilities elsewhere", ("services.uses",), _SERVED
        ),
        "per_capita_m2": Column(
            "m2/person", "existing / population", ("services.uses", *population.RULES), _SERVED
        ),
        "standard_min_m2": Column("m2/person", rules=ranges),
        "standard_max_m2": Column("m2/person", rules=ranges),
        "deficit_min_m2": Column("m2", deficit, asked, _SERVED),
        "deficit_max_m2": Column("m2", deficit, asked, _SERVED),
        "existing_source": Column("code", inputs=_SERVED),
        "existing_coverage": Column("share", "land of known use / land", inputs=_PARCELS),
        "facilities_without_area": Column("count", inputs=("facilities",)),
    }


def _neighbourhood_columns() -> dict[str, Column]:
    counted = {
        name: Column("count", rules=WORN_OUT, inputs=_FABRIC)
        for name in ("worn_out_blocks", "undecided_blocks", "worn_out_parcels")
    }
    levels = {
        f"level_{n}_blocks": Column(
            "count", rules=(*worn_out_fabric.INDEX_RULES, rule), inputs=_FABRIC
        )
        for n, rule in enumerate(worn_out_fabric.LEVEL_RULES, start=1)
    }
    return {
        "neighbourhood_id": TEXT,
        "name_fa": TEXT,
        "target_type": TEXT,
        "delivered_population": Column("persons", inputs=("neighbourhoods",)),
        "parcels_count": Column("count", inputs=_PARCELS),
        "buildings_count": BLOCK_COLUMNS["buildings_count"],
        "blocks_count": Column("count", inputs=_BLOCKS),
        "area_m2": Column("m2", "area of its blocks", inputs=_BLOCKS),
        "worn_out_area_m2": Column("m2", rules=WORN_OUT, inputs=_FABRIC),
        **counted,
        **levels,
        "blocks_without_passages": Column(
            "count", rules=worn_out_fabric.MEASURE_RULES["impermeability"], inputs=_FABRIC
        ),
        "candidate_blocks": Column("count", rules=worn_out_fabric.CANDIDATE_RULES, inputs=_FABRIC),
        "worn_out_population": Column(
            "persons", rules=(*WORN_OUT, *population.RULES), inputs=_PEOPLE
        ),
        "worn_out_population_coverage": Column("share", inputs=_PEOPLE),
        "population": Column("persons", rules=population.RULES, inputs=_PEOPLE),
        "population_source": Column("code", rules=population.RULES, inputs=_PEOPLE),
        "population_coverage": Column("share", inputs=_PEOPLE),
        "households": Column("count", inputs=_PARCELS),
        "households_coverage": Column("share", inputs=_PARCELS),
        **_measures_of_areas(),
    }


def _measures_of_areas() -> dict[str, Column]:
    built = {
        "coverage_share": Column("share", "Σ ground covered / Σ land, both known", inputs=_PARCELS),
        "floor_area_ratio": Column("ratio", "Σ built area / Σ land, both known", inputs=_PARCELS),
    }
    return {
        "median_parcel_area_m2": Column("m2", "median of the parcels' areas", inputs=_PARCELS),
        **built,
        **{
            f"{name}_coverage": Column("share", "known / all land", inputs=_PARCELS)
            for name in built
        },
        "parcels_without_frontage": Column(
            "count",
            "parcels of which no side faces a passage",
            parcel_measures.FRONTAGE_RULES,
            _FRONTS,
        ),
    }


def finding_tables(  # noqa: PLR0913 - one argument a table
    *,
    blocks: pd.DataFrame,
    passages: pd.DataFrame,
    services: pd.DataFrame,
    neighbourhoods: pd.DataFrame,
    boundary_changes: pd.DataFrame | None,
    sensitivity: pd.DataFrame,
    proposed_boundary: pd.DataFrame,
) -> dict[str, FindingTable]:
    """Return the plan's tables by name; ``boundary_changes`` only where there is one."""
    made = {
        "blocks": FindingTable("blocks", blocks, BLOCK_COLUMNS, ("block_id",)),
        "passages": FindingTable("passages", passages, PASSAGE_COLUMNS, ("passage_id",)),
        "services": FindingTable(
            "services", services, _service_columns(services), ("neighbourhood_id", "service")
        ),
        "neighbourhoods": FindingTable(
            "neighbourhoods", neighbourhoods, _neighbourhood_columns(), ("neighbourhood_id",)
        ),
        "sensitivity": FindingTable(
            "sensitivity", sensitivity, SENSITIVITY_COLUMNS, ("rule_id", "step")
        ),
        "proposed_boundary": FindingTable(
            "proposed_boundary", proposed_boundary, BOUNDARY_COLUMNS, ("part_id",)
        ),
    }
    if boundary_changes is not None:
        made["boundary_changes"] = FindingTable(
            "boundary_changes", boundary_changes, CHANGE_COLUMNS, ("block_id",)
        )
    return made


def quality_tables(city: City) -> dict[str, FindingTable]:
    """Return what was delivered and what was wrong with it, as tables of figures."""
    sources = pd.DataFrame(
        [
            (name, source.path, source.rows, source.used, source.crs, source.dated)
            for name, source in city.sources.items()
        ],
        columns=["layer", "path", "rows", "used", "crs", "dated"],
    )
    sources["dated"] = sources["dated"].map(lambda day: None if day is None else day.isoformat())
    problems = pd.DataFrame(
        [(p.layer, p.code, p.severity.value, p.field, p.count) for p in city.problems],
        columns=["layer", "problem", "severity", "field", "rows"],
    )
    kinds = ["layer", "problem", "severity", "field"]
    counted = problems.groupby(kinds, dropna=False, sort=True)["rows"].sum().reset_index()
    return {
        "sources": FindingTable("sources", sources, SOURCE_COLUMNS, ("layer",)),
        "problems": FindingTable("problems", counted, PROBLEM_COLUMNS, tuple(kinds)),
    }


def no_passages(crs: str) -> gpd.GeoDataFrame:
    """Return the passages table of a delivery without passages: no row, all columns."""
    numbers = {n for n, c in PASSAGE_COLUMNS.items() if c.unit == "m"}
    return gpd.GeoDataFrame(
        {n: pd.Series([], dtype="float64" if n in numbers else "str") for n in PASSAGE_COLUMNS},
        geometry=gpd.GeoSeries([], crs=crs),
        crs=crs,
    )


def no_block_passages() -> pd.DataFrame:
    """Return the block-passage table of a delivery without passages: no row."""
    return pd.DataFrame(
        {
            "block_id": pd.Series([], dtype="str"),
            "length_m": pd.Series([], dtype="float64"),
            "width_m": pd.Series([], dtype="float64"),
        }
    )
