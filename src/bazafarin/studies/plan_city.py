"""Plan a city: place its parcels, measure, judge, compare, and gather every finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis import (
    block_passages,
    cross_sections,
    face_edges,
    passage_pieces,
    passages,
    shares,
)
from bazafarin.domain.problem import Severity
from bazafarin.studies import (
    area_findings,
    boundary_revision,
    deriving,
    findings,
    parcel_measures,
    population,
    service_gaps,
    tables,
    worn_out_fabric,
)
from bazafarin.studies.city_plan import CityPlan
from bazafarin.studies.placing import PlacedCity, place_city

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from bazafarin.analysis.face_edges import FaceEdges
    from bazafarin.domain.city import City
    from bazafarin.domain.problem import Problem
    from bazafarin.standards import Standards

STAGES = ("place", "parcels", "widths", "fabric", "boundary", "services", "findings")
"""The stages that ``on_stage`` is told of, in order."""


def plan_city(
    city: City,
    *,
    standards: Standards,
    as_of: date,
    on_stage: Callable[[str], None] = lambda _: None,
) -> CityPlan:
    """Return the plan of ``city`` by the rules in force on ``as_of``.

    Where the city has no passages they are derived; the plan's city then has them, with a
    note among its problems.

    ``on_stage`` is told the name of each stage of ``STAGES`` as it begins.
    """
    on_stage("place")
    placed = place_city(city, standards=standards, as_of=as_of)
    city = deriving.with_derived_passages(city, placed, standards=standards, as_of=as_of)
    on_stage("parcels")
    edges = face_edges.face_edges(placed.parcels.geometry)
    measured = parcel_measures.measure_parcels(
        placed.parcels, city.passages, edges=edges, standards=standards, as_of=as_of
    )
    on_stage("widths")
    widths, bounding = _passages(city, placed, edges, standards=standards, as_of=as_of)
    del edges  # half a gigabyte of a large city
    on_stage("fabric")
    judged = worn_out_fabric.judge_parcels(placed.parcels, standards=standards, as_of=as_of)
    parcels = placed.parcels.join([measured, judged])
    records = pd.DataFrame(parcels)  # what asks for no shapes goes faster on a plain frame
    thresholds = worn_out_fabric.Thresholds.in_force(standards, as_of=as_of)
    blocks, sensitivity = _blocks(
        placed, records, bounding, thresholds=thresholds, standards=standards, as_of=as_of
    )
    on_stage("boundary")
    changes, proposed = _boundary(city, blocks, records, standards=standards, as_of=as_of)
    on_stage("services")
    neighbourhoods = _neighbourhoods(
        placed, records, pd.DataFrame(blocks), standards=standards, as_of=as_of
    )
    services = service_gaps.service_gaps(
        parcels,
        placed.facilities,
        neighbourhoods.set_index("neighbourhood_id")["population"],
        standards=standards,
        as_of=as_of,
    )
    on_stage("findings")
    rejected = rejected_rows(city.problems)
    figures = [
        *area_findings.neighbourhood_findings(neighbourhoods, scope_all="city"),
        *parcel_measures.parcel_findings(records, neighbourhoods),
        *findings.fabric_findings(blocks, _scopes(blocks, neighbourhoods)),
        *findings.passage_findings(
            widths,
            below_m=thresholds.passage_below_m,
            are_known=city.passages is not None,
        ),
        *findings.boundary_findings(changes, proposed, blocks, _approved_area_m2(city)),
        *findings.service_findings(
            services,
            land_m2=parcels.groupby("neighbourhood_id")["area_m2"].sum(),
            people_known=neighbourhoods.set_index("neighbourhood_id")["population_coverage"],
        ),
        *findings.quality_findings(city, rejected=rejected),
        *findings.facility_findings(
            city.facilities, uses=standards.value("services.uses", as_of=as_of)
        ),
    ]
    found = [
        *deriving.findings_of(city, figures),
        *findings.placing_findings(placed.derived),
    ]
    made = tables.quality_tables(city) | tables.finding_tables(
        blocks=blocks,
        passages=widths,
        services=services,
        neighbourhoods=neighbourhoods,
        boundary_changes=changes,
        sensitivity=sensitivity,
        proposed_boundary=proposed,
    )
    made = deriving.tables_of(city, made)
    return CityPlan(
        city=city,
        as_of=as_of,
        parcels=parcels,
        blocks=blocks,
        passages=widths,
        neighbourhoods=neighbourhoods,
        services=services,
        proposed_boundary=proposed,
        boundary_changes=changes,
        sensitivity=sensitivity,
        rejected=rejected,
        findings=tuple(found),
        tables=made,
        citations=findings.citations(
            found,
            made.values(),
            # what is shown to everyone goes by it
            also=("privacy.least_households",),
            standards=standards,
            as_of=as_of,
        ),
    )


def rejected_rows(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return ``layer``, ``row``, ``reason`` of every row that is not used, once a reason."""
    rows = [
        (problem.layer, row, problem.code)
        for problem in problems
        if problem.severity is Severity.REJECTED
        for row in problem.rows
    ]
    table = pd.DataFrame(rows, columns=["layer", "row", "reason"])
    table = table.astype({"layer": "str", "row": "int64", "reason": "str"})
    return table.drop_duplicates().sort_values(["layer", "row", "reason"], ignore_index=True)


def _passages(
    city: City, placed: PlacedCity, edges: FaceEdges, *, standards: Standards, as_of: date
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the passages with their widths, and which of them bound or enter which block.

    Both come from one cast of rays from the passages to ``edges``, those of the parcels.
    """

    def rule(name: str) -> float:
        return float(standards.value(f"passages.{name}", as_of=as_of))

    if city.passages is None or city.passages.empty:
        return tables.no_passages(city.crs), tables.no_block_passages()
    lines = city.passages
    pieces = passage_pieces.passage_pieces(lines.geometry)
    sections = cross_sections.cross_sections(
        pieces.geometry,
        edges,
        sample_spacing_m=rule("sample_spacing_m"),
        reach_m=rule("reach_m"),
    )
    measured = passages.widths_between_faces(
        sections,
        pieces["passage_id"],
        lines.index,
        reach_m=rule("reach_m"),
        answer_share=rule("answer_share"),
    )
    if city.carriageways is not None and not city.carriageways.empty:
        surface = passages.carriageway_widths(
            lines.geometry,
            city.carriageways.geometry,
            sample_spacing_m=rule("sample_spacing_m"),
            reach_m=rule("reach_m"),
            answer_share=rule("answer_share"),
        )
        measured = surface.where(surface["width_m"].notna(), measured)
    table = gpd.GeoDataFrame(
        {
            "passage_id": lines["passage_id"],
            "name_fa": lines["name_fa"],
            "length_m": lines.geometry.length,
            **passages.recorded_or_measured(
                lines["width_m"], measured["width_m"], given=deriving.width_source(city)
            ),
            "width_measured_m": measured["width_m"],
            "width_least_m": measured["width_least_m"],
            "width_spread_m": measured["width_spread_m"],
        },
        geometry=lines.geometry,
    )
    # A lane of known width bounds no block that stands beyond open ground.
    beside_m = lines["width_m"].loc[pieces["passage_id"]].to_numpy() + rule("beside_slack_m")
    bounding = block_passages.blocks_across(
        sections.seen_within(beside_m).seen_as(
            placed.parcels["block_id"], placed.blocks["block_id"]
        ),
        pieces,
        pd.Index(placed.blocks["block_id"]),
        reach_m=rule("reach_m"),
        bounding_share=rule("bounding_share"),
        entering_share=rule("entering_share"),
    )
    bounding = bounding.merge(
        table["width_m"].rename_axis("passage_id").reset_index(), on="passage_id", how="left"
    )
    return table.reset_index(drop=True), bounding


def _blocks(  # noqa: PLR0913 - the inputs of one judgement
    placed: PlacedCity,
    parcels: pd.DataFrame,
    bounding: pd.DataFrame,
    *,
    thresholds: worn_out_fabric.Thresholds,
    standards: Standards,
    as_of: date,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the judged blocks and the sensitivity of their boundary."""
    ids = pd.Index(placed.blocks["block_id"])
    measured = worn_out_fabric.index_shares(
        parcels, bounding, block_ids=ids, passage_below_m=thresholds.passage_below_m
    )
    counts = parcels.groupby("block_id")["is_building"].agg(["size", "sum"])
    counts = counts.reindex(ids).fillna(0).astype("int64")
    judged = worn_out_fabric.judge_blocks(
        measured, parcels_count=counts["size"], thresholds=thresholds
    )
    table = pd.DataFrame(placed.blocks).set_index("block_id")
    table["parcels_count"] = counts["size"]
    table["buildings_count"] = counts["sum"]
    for index, found in measured.items():
        table[f"{index}_share"] = found["share"]
        table[f"{index}_share_min"] = found["least"]
        table[f"{index}_share_max"] = found["most"]
        table[f"{index}_share_coverage"] = found["coverage"]
        table[f"{index}_total"] = found["total"]
    table = table.join(judged)
    sensitivity = worn_out_fabric.sensitivity(
        measured,
        area_m2=table["area_m2"],
        thresholds=thresholds,
        steps=[float(step) for step in standards.value("sensitivity.steps", as_of=as_of)],
    )
    return gpd.GeoDataFrame(table.reset_index(), crs=placed.blocks.crs), sensitivity


def _boundary(
    city: City,
    blocks: gpd.GeoDataFrame,
    parcels: pd.DataFrame,
    *,
    standards: Standards,
    as_of: date,
) -> tuple[gpd.GeoDataFrame | None, gpd.GeoDataFrame]:
    """Return the changes against the approved boundary (None without one) and the proposal."""
    changes = None
    is_inside = blocks["worn_out"]
    if city.approved_boundary is not None and not city.approved_boundary.empty:
        changes = boundary_revision.boundary_changes(
            blocks, parcels, city.approved_boundary, standards=standards, as_of=as_of
        )
        stays = changes["block_id"][changes["change"] != "removed"]
        is_inside = blocks["block_id"].isin(stays)
    proposed = boundary_revision.proposed_boundary(
        blocks, is_inside, standards=standards, as_of=as_of
    )
    return changes, proposed


def _neighbourhoods(
    placed: PlacedCity,
    parcels: pd.DataFrame,
    blocks: pd.DataFrame,
    *,
    standards: Standards,
    as_of: date,
) -> gpd.GeoDataFrame:
    """Return one row a neighbourhood: identity, population and what is worn-out in it."""
    table = pd.DataFrame(placed.neighbourhoods).set_index("neighbourhood_id")
    people = population.population(
        parcels, table["delivered_population"], standards=standards, as_of=as_of
    )
    inside = parcels.groupby("neighbourhood_id")
    table["parcels_count"] = inside.size()
    table["buildings_count"] = inside["is_building"].sum()
    enough = int(standards.value("worn_out.candidate_min_indices", as_of=as_of))
    is_unstable = shares.is_above(
        blocks["instability_share"],
        float(standards.value("instability.share_above", as_of=as_of)),
    )
    marks = pd.DataFrame(
        {
            "blocks_count": 1,
            "worn_out_blocks": blocks["worn_out"],
            "candidate_blocks": (blocks["indices_met"] >= enough) & is_unstable,
            "undecided_blocks": blocks["decided"] == "depends_on_unknown",
            "blocks_without_passages": blocks["impermeability_total"] == 0,
            **{f"level_{n}_blocks": (blocks["level"] == n).fillna(value=False) for n in (1, 2, 3)},
        }
    ).astype("int64")
    marks["area_m2"] = blocks["area_m2"]
    marks["worn_out_area_m2"] = blocks["area_m2"].where(blocks["worn_out"], 0.0)
    table = table.join(marks.groupby(blocks["neighbourhood_id"]).sum())
    worn_out = parcels["block_id"].isin(blocks["block_id"][blocks["worn_out"]])
    in_worn_out = parcels[worn_out].groupby("neighbourhood_id")
    table["worn_out_parcels"] = in_worn_out.size()
    counted = [c for c in map(str, table) if c.endswith(("_count", "_blocks", "_parcels"))]
    table[counted] = table[counted].fillna(0).astype("int64")
    table[["area_m2", "worn_out_area_m2"]] = table[["area_m2", "worn_out_area_m2"]].fillna(0.0)
    there = population.population(
        parcels[worn_out],
        pd.Series(np.nan, index=table.index),
        standards=standards,
        as_of=as_of,
    )
    nobody = table["worn_out_parcels"] == 0
    table["worn_out_population"] = there["population"].mask(nobody, 0.0)
    table["worn_out_population_coverage"] = there["population_coverage"].mask(nobody, 1.0)
    measured = parcel_measures.measures_of_areas(
        parcels, parcels["neighbourhood_id"], areas=pd.Index(table.index)
    )
    table = table.join([people, measured])
    return gpd.GeoDataFrame(table.reset_index(), crs=placed.blocks.crs)


def _scopes(
    blocks: gpd.GeoDataFrame, neighbourhoods: gpd.GeoDataFrame
) -> dict[str, pd.Series[bool]]:
    whole = {"city": pd.Series(data=True, index=blocks.index)}
    return whole | {
        f"neighbourhood:{name}": blocks["neighbourhood_id"] == name
        for name in neighbourhoods["neighbourhood_id"]
    }


def _approved_area_m2(city: City) -> float | None:
    if city.approved_boundary is None:
        return None
    return float(shapely.area(shapely.union_all(city.approved_boundary.geometry.to_numpy())))
