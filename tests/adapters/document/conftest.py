"""A small plan written by hand: 60 parcels, 6 blocks, 2 neighbourhoods, with unknowns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, box, union_all

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.synthetic_town import write_town
from bazafarin.domain.city import City, LayerSource
from bazafarin.domain.finding import Citation, Column, Finding, FindingTable
from bazafarin.domain.problem import Problem, Severity
from bazafarin.standards import Standards
from bazafarin.studies.city_plan import CityPlan
from bazafarin.studies.plan_city import plan_city

CRS = "EPSG:32639"
AS_OF = date(2025, 11, 21)
CODES = ["3-12-45-7", "3-12-45-8", "3-12-46-1", "B-2", "B-3", "B-4"]


def _blocks() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "block_id": CODES,
            "neighbourhood_id": ["N-1"] * 3 + ["N-2"] * 3,
            "parcels_count": [10] * 6,
            "buildings_count": [9, 10, 8, 10, 0, 7],
            "fine_grain_share": [0.9, 0.8, 0.5, 0.2, np.nan, 0.6],
            "fine_grain_share_coverage": [1.0, 1.0, 1.0, 0.8, 0.0, 1.0],
            "instability_share": [0.78, 0.6, 0.75, 0.1, np.nan, 0.57],
            "instability_share_min": [0.78, 0.6, 0.6, 0.1, np.nan, 0.4],
            "instability_share_max": [0.78, 0.6, 0.8, 0.1, np.nan, 0.7],
            "instability_share_coverage": [1.0, 1.0, 0.8, 1.0, np.nan, 0.7],
            "impermeability_share": [0.95, 0.7, 0.3, 0.0, np.nan, 0.66],
            "impermeability_share_coverage": [1.0, 1.0, 1.0, 1.0, 0.0, 1.0],
            "indices_met": [3, 3, 1, 0, 0, 3],
            "worn_out": [True, True, False, False, False, True],
            "level": pd.array([1, 1, 3, None, None, 1], dtype="Int64"),
            "decided": ["yes", "yes", "no", "no", "depends_on_unknown", "depends_on_unknown"],
            "area_m2": [2_000.0] * 6,
        },
        geometry=[
            box(x, y, x + 50, y + 40) for x, y in [(0, 0), (60, 0), (120, 0)]
        ] + [box(x, 50, x + 50, 90) for x in (0, 60, 120)],
        crs=CRS,
    )  # fmt: skip


def _parcels(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = [
        {
            "parcel_id": f"{block.block_id}-{i}",
            "block_id": block.block_id,
            "neighbourhood_id": block.neighbourhood_id,
            "geometry": box(left, bottom, left + 10, bottom + 20),
        }
        for block in blocks.itertuples()
        for i, (left, bottom) in enumerate(
            (block.geometry.bounds[0] + 10 * k, block.geometry.bounds[1] + 20 * row)
            for row in range(2)
            for k in range(5)
        )
    ]
    return gpd.GeoDataFrame(rows, crs=CRS).assign(area_m2=200.0)


def _neighbourhoods() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "neighbourhood_id": ["N-1", "N-2"],
            "name_fa": ["سنگ‌تراشان", "باغ‌نو"],
            "target_type": ["historic", None],
            "area_m2": [6_000.0, 6_000.0],
            "parcels_count": [30, 30],
            "blocks_count": [3, 3],
            "buildings_count": [27, 17],
            "worn_out_blocks": [2, 1],
            "worn_out_area_m2": [4_000.0, 2_000.0],
            "population": [120.0, np.nan],
            "population_source": ["parcels", "unknown"],
            "population_coverage": [0.97, 0.0],
            "households": [36.0, np.nan],
        },
        geometry=[box(-5, -5, 175, 45), box(-5, 45, 175, 95)],
        crs=CRS,
    )


def _passages() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "passage_id": ["P-1", "P-2"],
            "name_fa": ["کوچهٔ سنگ‌تراشان", None],
            "length_m": [170.0, 90.0],
            "width_m": [4.5, np.nan],
            "width_source": ["measured", "unknown"],
        },
        geometry=[LineString([(0, 45), (170, 45)]), LineString([(55, 0), (55, 90)])],
        crs=CRS,
    )


def _services() -> pd.DataFrame:
    rows = pd.MultiIndex.from_product(
        [["N-1", "N-2"], ["education", "green", "health"]], names=["neighbourhood_id", "service"]
    ).to_frame(index=False)
    return rows.assign(
        population=[120.0] * 3 + [np.nan] * 3,
        existing_m2=[200.0, 0.0, 150.0, 400.0, 100.0, np.nan],
        per_capita_m2=[200 / 120, 0.0, 1.25, np.nan, np.nan, np.nan],
        standard_min_m2=[3.0, 7.0, 0.75] * 2,
        standard_max_m2=[5.0, 12.0, 1.5] * 2,
        deficit_min_m2=[160.0, 840.0, 0.0, np.nan, np.nan, np.nan],
        deficit_max_m2=[400.0, 1_440.0, 30.0, np.nan, np.nan, np.nan],
        existing_source=["parcels", "none", "both", "parcels", "facilities", "unknown"],
        existing_coverage=[0.9] * 5 + [0.0],
        facilities_without_area=[0, 1, 0, 0, 0, 0],
    )


def _changes(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    chosen = blocks.iloc[[0, 1, 3, 5]]
    return gpd.GeoDataFrame(
        {
            "block_id": chosen["block_id"],
            "change": ["kept", "added", "removed", "kept"],
            "reason": ["still_worn_out", "worn_out_outside", "renovated", "renovation_unknown"],
            "area_m2": chosen["area_m2"],
            "inside_share": [1.0, 0.0, 1.0, 1.0],
            "renovated_share": [0.1, 0.0, 0.8, np.nan],
            "renovated_share_coverage": [1.0, 1.0, 0.9, 0.0],
        },
        geometry=chosen.geometry,
    ).reset_index(drop=True)


def _sensitivity() -> pd.DataFrame:
    rules = [f"{i}.share_above" for i in ("fine_grain", "instability", "impermeability")]
    return pd.DataFrame(
        [
            {
                "rule_id": rule,
                "threshold": 0.5,
                "step": step,
                "blocks_in": int(step < 0),
                "blocks_out": int(step > 0),
                "hectares_in": 0.2 * (step < 0),
                "hectares_out": 0.2 * (step > 0),
            }
            for rule in rules
            for step in (-0.05, 0.05)
        ]
    )


def _area_findings(scope: str, row: dict[str, float]) -> list[Finding]:
    rules = ("fine_grain.share_above", "fine_grain.parcel_below")
    units = {"area_m2": "m2", "median_parcel_area_m2": "m2", "floor_area_ratio": "ratio"}
    units |= {"population": "persons", "area_share": "share"}
    return [
        Finding(
            name,
            row.get(name, 0),
            units.get(name.rsplit(".", 1)[-1], "share" if name.endswith("_share") else "count"),
            scope=scope,
            rules=() if name.startswith("identity") else rules,
            inputs=("parcels",),
            coverage=0.9 if name.endswith("_share") else None,
            facts={"sources": ("parcels",)} if name == "identity.population" else {},
        )
        for name in AREA_FINDINGS
    ]


AREA_FINDINGS = (
    *(f"identity.{n}" for n in ("parcels", "blocks", "area_m2", "households", "buildings")),
    *(f"identity.{n}" for n in ("median_parcel_area_m2", "parcels_without_frontage")),
    *(f"identity.{n}" for n in ("coverage_share", "floor_area_ratio")),
    "identity.population",
    *(f"worn_out_fabric.{n}" for n in ("blocks", "area_m2", "area_share", "parcels")),
    *(f"worn_out_fabric.{n}" for n in ("population", "candidate_blocks")),
    *(f"worn_out_fabric.{n}" for n in ("blocks_depending_on_unknown", "blocks_without_passages")),
    *(f"level.{n}.blocks" for n in (1, 2, 3)),
    *(f"fabric.{n}_share" for n in ("fine_grain", "instability", "impermeability")),
)
CITY_FINDINGS = {
    "identity.neighbourhoods": (2, "count"),
    "identity.passages": (2, "count"),
    "passages.length_m": (260.0, "m"),
    "passages.narrow_length_m": (170.0, "m"),
    "passages.recorded_length_share": (0.0, "share"),
    "passages.measured_length_share": (170 / 260, "share"),
    "passages.unknown_length_share": (90 / 260, "share"),
    "boundary.proposed_area_m2": (6_100.0, "m2"),
    "boundary.parts": (2, "count"),
    "quality.rows_delivered": (74, "count"),
    "quality.rows_used": (72, "count"),
    "quality.rows_rejected": (2, "count"),
    "quality.mended": (5, "count"),
    "quality.unknown_values": (7, "count"),
    "quality.notes": (1, "count"),
}
BOUNDARY_FINDINGS = {
    "boundary.approved_area_m2": (7_900.0, "m2"),
    "boundary.added_blocks": (1, "count"),
    "boundary.removed_blocks": (1, "count"),
    "boundary.kept_blocks": (2, "count"),
    "boundary.added_area_m2": (2_000.0, "m2"),
    "boundary.removed_area_m2": (2_000.0, "m2"),
    "boundary.kept_area_m2": (4_000.0, "m2"),
}


def _findings(*, with_boundary: bool) -> tuple[Finding, ...]:
    city = {
        "identity.parcels": 60,
        "identity.blocks": 6,
        "identity.area_m2": 12_000.0,
        "identity.buildings": 44,
        "identity.population": 120.0,
        "identity.households": None,
        "identity.median_parcel_area_m2": 185.0,
        "identity.coverage_share": 0.625,
        "identity.floor_area_ratio": 1.235,
        "identity.parcels_without_frontage": None,
        "worn_out_fabric.blocks": 3,
        "worn_out_fabric.area_m2": 6_000.0,
        "worn_out_fabric.area_share": 0.5,
        "fabric.fine_grain_share": 0.61,
        "fabric.instability_share": 0.57,
        "fabric.impermeability_share": None,
    }
    single = CITY_FINDINGS | (BOUNDARY_FINDINGS if with_boundary else {})
    services = {
        f"services.{service}.{column}": (value, "m2")
        for service, values in {
            "education": (600.0, 160.0, 400.0),
            "green": (100.0, 840.0, 1_440.0),
            "health": (150.0, 0.0, 30.0),
        }.items()
        for column, value in zip(
            ("existing_m2", "deficit_min_m2", "deficit_max_m2"), values, strict=True
        )
    }
    return (
        *_area_findings("city", city),
        *_area_findings("neighbourhood:N-1", {**city, "identity.parcels": 30}),
        *_area_findings("neighbourhood:N-2", {"identity.parcels": 30, "identity.population": None}),
        *(Finding(name, value, unit) for name, (value, unit) in (single | services).items()),
    )


def _citations() -> dict[str, Citation]:
    def cited(rule_id: str, title: str, value: object, unit: str, certainty: str) -> Citation:
        return Citation(
            rule_id, title, rule_id, value, unit, date(2006, 5, 1), None,
            "مصوبهٔ شورای عالی شهرسازی و معماری، ۳۰۰/۳۱۰/۱۵۳۲۳", "بند ۱", "udrc.ir", certainty,
        )  # fmt: skip

    return {
        "fine_grain.share_above": cited(
            "fine_grain.share_above", "سهم قطعات ریزدانه", 0.5, "share", "S1"
        ),
        "fine_grain.parcel_below": cited(
            "fine_grain.parcel_below", "مساحت قطعهٔ ریزدانه", 200, "m2", "M-high"
        ),
        **{
            f"{index}.share_above": cited(f"{index}.share_above", index, 0.5, "share", "S1")
            for index in ("instability", "impermeability")
        },
    }


def _city(parcels: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame) -> City:
    return City(
        name_fa="نمونه‌شهر",
        crs=CRS,
        parcels=parcels,
        blocks=blocks,
        approved_boundary=gpd.GeoDataFrame(
            {"approved_on": pd.to_datetime(["2011-02-20"]), "resolution": ["300/310/15323"]},
            geometry=[box(-2, -2, 52, 92)],
            crs=CRS,
        ),
        sources={
            "parcels": LayerSource("نمونه.gpkg", "parcels", 62, 60, CRS, date(2024, 3, 20)),
            "blocks": LayerSource("نمونه.gpkg", "blocks", 6, 6, CRS),
        },
        problems=(
            Problem("id.duplicate", "parcels", Severity.REJECTED, (3, 9), "parcel_id"),
            Problem("geometry.ring_order", "parcels", Severity.MENDED, (1, 2, 4, 5, 6)),
        ),
        synthetic=True,
    )


def _tables(plan_frames: dict[str, pd.DataFrame]) -> dict[str, FindingTable]:
    keys = {
        "blocks": ("block_id",),
        "passages": ("passage_id",),
        "services": ("neighbourhood_id", "service"),
        "neighbourhoods": ("neighbourhood_id",),
        "boundary_changes": ("block_id",),
        "sensitivity": ("rule_id", "step"),
    }
    return {
        name: FindingTable(
            name,
            frame,
            {str(column): Column("") for column in frame.columns if column != "geometry"},
            keys[name],
        )
        for name, frame in plan_frames.items()
    }


def make_plan(*, with_boundary: bool = True) -> CityPlan:
    blocks = _blocks()
    parcels = _parcels(blocks)
    frames: dict[str, pd.DataFrame] = {
        "blocks": blocks,
        "passages": _passages(),
        "services": _services(),
        "neighbourhoods": _neighbourhoods(),
        "sensitivity": _sensitivity(),
    }
    changes = _changes(blocks) if with_boundary else None
    if changes is not None:
        frames["boundary_changes"] = changes
    city = _city(parcels, blocks)
    return CityPlan(
        city=city if with_boundary else replace(city, approved_boundary=None, synthetic=False),
        as_of=AS_OF,
        parcels=parcels,
        blocks=blocks,
        passages=_passages(),
        neighbourhoods=_neighbourhoods(),
        services=_services(),
        proposed_boundary=gpd.GeoDataFrame(
            {"part_id": [1, 2], "area_m2": [4_100.0, 2_000.0]},
            geometry=[union_all(blocks.geometry[:2]).envelope, blocks.geometry[5]],
            crs=CRS,
        ),
        boundary_changes=changes,
        sensitivity=_sensitivity(),
        rejected=pd.DataFrame({"layer": ["parcels"], "row": [3], "reason": ["id.duplicate"]}),
        findings=_findings(with_boundary=with_boundary),
        tables=_tables(frames),
        citations=_citations(),
    )  # fmt: skip


def make_bare_plan() -> CityPlan:
    """One parcel in one block, nothing known: no boundary, no population, nothing worn-out."""
    full = make_plan(with_boundary=False)
    blocks = full.blocks.iloc[[4]].assign(decided="no", parcels_count=1)
    neighbourhoods = (
        full.neighbourhoods.iloc[[1]].assign(name_fa=None).set_geometry([None], crs=CRS)
    )
    frames = {
        "blocks": blocks,
        "passages": full.passages.iloc[:0],
        "services": full.services.iloc[:0],
        "neighbourhoods": neighbourhoods,
        "sensitivity": full.sensitivity.iloc[:0],
    }
    nothing = {f.id: replace(f, value=0 if f.unit == "count" else None) for f in full.findings}
    return replace(
        full,
        city=replace(full.city, sources={}, problems=(), blocks=None),
        parcels=full.parcels.iloc[[40]],
        proposed_boundary=full.proposed_boundary.iloc[:0],
        rejected=full.rejected.iloc[:0],
        findings=tuple(replace(f, value=nothing[f.id].value) for f in full.findings),
        tables=_tables(frames),
        **frames,  # type: ignore[arg-type] - the frames are of the classes that the plan holds
    )


@pytest.fixture(scope="session")
def plan() -> CityPlan:
    return make_plan()


@pytest.fixture(scope="session")
def town_plan(tmp_path_factory: pytest.TempPathFactory) -> CityPlan:
    """The plan of a synthetic town, from its city file."""
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    write_town(path, parcels=1_000, seed=7)
    return plan_city(read_city(path), standards=Standards.national(), as_of=AS_OF)


@pytest.fixture(scope="session")
def bare_plan() -> CityPlan:
    return make_bare_plan()


@pytest.fixture(scope="session")
def plan_without_boundary() -> CityPlan:
    return make_plan(with_boundary=False)
