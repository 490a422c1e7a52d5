"""The plan of a city: every study's answer on one delivery, as of one day.

The command line, the web page and the document all show what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd
    import pandas as pd

    from bazafarin.domain.city import City
    from bazafarin.domain.finding import Citation, Finding, FindingTable
    from bazafarin.studies.proposals import Proposals


@dataclass(frozen=True)
class CityPlan:
    """Everything that the plan says.

    Attributes:
        city: the delivery as it was read.
        as_of: the day on which the rules were asked.
        parcels: the city's parcels, with ``block_id`` and ``neighbourhood_id`` filled where
            they could be, and ``area_m2`` (deed, else geometry), ``frontage_m`` (NaN without
            passages), ``depth_m``, ``coverage_share``, ``floor_area_ratio``,
            ``is_fine_grained``, ``is_building``, ``is_unstable`` (pandas ``boolean``; missing
            is unknown).
        blocks: one row a block: the columns of DESIGN section 5, more bounds and ``area_m2``.
        passages: ``passage_id``, ``name_fa``, ``length_m``, ``width_m``, ``width_source``,
            ``width_least_m``, ``width_spread_m``.
        neighbourhoods: one row a neighbourhood: id, ``name_fa``, ``target_type``,
            ``area_m2``, counts of parcels, blocks, buildings and worn-out blocks,
            ``worn_out_area_m2``, ``population``, ``population_source``,
            ``population_coverage``, ``households``, and what of these is of worn-out blocks;
            ``median_parcel_area_m2``, ``coverage_share``, ``floor_area_ratio``,
            ``parcels_without_frontage``; geometry may be missing.
        services: the services table (no geometry).
        proposed_boundary: ``part_id``, ``area_m2``.
        boundary_changes: ``block_id``, ``change``, ``reason``, ``area_m2``,
            ``renovated_share``; None without an approved boundary. ``reason`` is a wording key.
        sensitivity: one row a threshold and step: ``rule_id``, ``threshold``, ``step``,
            ``blocks_in``, ``blocks_out``, ``hectares_in``, ``hectares_out``.
        rejected: ``layer``, ``row``, ``reason`` (a problem's code).
        findings: every single figure; tables: figures of one shape.
        citations: the rules that any figure stands on, by id, as they were in force.
        proposals: what to do first; None where it was not asked for. Its findings, tables
            and citations are among the plan's.
    """

    city: City
    as_of: date
    parcels: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame
    passages: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    services: pd.DataFrame
    proposed_boundary: gpd.GeoDataFrame
    boundary_changes: gpd.GeoDataFrame | None
    sensitivity: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]
    tables: Mapping[str, FindingTable]
    citations: Mapping[str, Citation]
    proposals: Proposals | None = None
