"""By what blocks, neighbourhoods and needed works are ranked, and what kinds of works there are.

The weights and value functions of the criteria are rules; here is only what can be named.
"""

from __future__ import annotations

from enum import StrEnum


class BlockCriterion(StrEnum):
    """By what blocks are ranked; more is more urgent, but for what was renovated."""

    FINE_GRAIN_SHARE = "fine_grain_share"
    INSTABILITY_SHARE = "instability_share"
    IMPERMEABILITY_SHARE = "impermeability_share"
    RENOVATED_SHARE = "renovated_share"
    DENSITY_PERSONS_HA = "density_persons_ha"
    ACCESS_SHORTFALL_SHARE = "access_shortfall_share"
    ENGINE_DEPTH_M = "engine_depth_m"


class NeighbourhoodCriterion(StrEnum):
    """By what neighbourhoods are ranked."""

    WORN_OUT_AREA_SHARE = "worn_out_area_share"
    WORN_OUT_POPULATION = "worn_out_population"
    SERVICE_DEFICIT_SHARE = "service_deficit_share"
    ACCESS_SHORTFALL_SHARE = "access_shortfall_share"
    NARROW_PASSAGE_SHARE = "narrow_passage_share"


class WorkCriterion(StrEnum):
    """By what needed works are ranked."""

    PEOPLE_WHO_GAIN = "people_who_gain"
    NEED_SHARE = "need_share"
    WORN_OUT_AREA_SHARE = "worn_out_area_share"


class WorkKind(StrEnum):
    """A kind of work that a neighbourhood may need."""

    MISSING_SERVICE = "missing_service"
    PASSAGE_WIDENING = "passage_widening"
    STRUCTURAL_RENEWAL = "structural_renewal"
    FRONTAGE_FOR_PARCELS = "frontage_for_parcels"
