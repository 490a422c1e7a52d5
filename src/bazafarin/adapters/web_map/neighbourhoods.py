"""The neighbourhoods of the page: their outlines, and the few figures the public may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.web_map import privacy

if TYPE_CHECKING:
    from bazafarin.studies.city_plan import CityPlan

_TOLD: Final = (
    *("neighbourhood_id", "name_fa", "area_m2", "blocks_count"),
    *("worn_out_blocks", "worn_out_area_m2", "undecided_blocks"),
)


def neighbourhoods(plan: CityPlan) -> gpd.GeoDataFrame | None:
    """Return the neighbourhoods; one without an outline of its own gets its blocks' hull."""
    rows = plan.neighbourhoods
    if rows.empty:
        return None
    # A hull needs only corners: joining the blocks first would take a large city seconds.
    placed = plan.blocks[plan.blocks["neighbourhood_id"].notna()].sort_values("neighbourhood_id")
    number, ids = pd.factorize(placed["neighbourhood_id"])
    together = shapely.geometrycollections(placed.geometry.to_numpy(), indices=number)
    hulls = pd.Series(np.asarray(shapely.convex_hull(together), dtype=object), index=ids)
    hull = rows["neighbourhood_id"].map(hulls)
    own = rows.geometry if isinstance(rows, gpd.GeoDataFrame) else hull
    outline = gpd.GeoSeries(own.where(own.notna(), hull), crs=plan.blocks.crs)
    told = rows[list(_TOLD)].assign(**_population(plan))
    return gpd.GeoDataFrame(told, geometry=outline)[outline.notna()]


def _population(plan: CityPlan) -> dict[str, pd.Series[Any]]:
    """Return the population, NaN where unknown or withheld, and which of them it is."""
    rows = plan.neighbourhoods
    people = rows["population"].astype(float)
    is_small = privacy.is_small(people, rows["households"], plan)
    return {
        "population": people.mask(is_small),
        "population_coverage": rows["population_coverage"],
        "population_withheld": is_small.astype("int64"),
    }


def deficits(plan: CityPlan, rows: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """Return the services that each neighbourhood lacks land for, the largest lack first.

    ``deficits``: pairs of service and square metres below the least standard;
    ``deficits_unknown``: the services of which the lack is unknown.
    """
    services = plan.services.sort_values("deficit_min_m2", ascending=False, kind="stable")
    lacking = services[services["deficit_min_m2"] > 0]
    unknown = services[services["deficit_min_m2"].isna()].sort_values("service")
    pairs = pd.Series(
        list(zip(lacking["service"].astype(str), lacking["deficit_min_m2"].round(), strict=True)),
        index=lacking["neighbourhood_id"],
        dtype="object",
    )
    ids = rows["neighbourhood_id"]
    return {
        "deficits": _lists(pairs, ids),
        "deficits_unknown": _lists(
            unknown.set_index("neighbourhood_id")["service"].astype("object"), ids
        ),
    }


def _lists(values: pd.Series[Any], ids: pd.Series[str]) -> list[list[Any]]:
    by_id = values.groupby(level=0, sort=False).agg(list)
    return [found if isinstance(found, list) else [] for found in ids.map(by_id)]
