"""Walking access by neighbourhood and service, by neighbourhood and by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.domain.finding import Column, FindingTable
from bazafarin.studies import population, privacy

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.walking_access_capacity import Capacities

NETWORK_RULES = ("access.junction_tolerance_m", "access.join_reach_m")
PEOPLE_RULES = population.RULES
SERVICE_RULES = ("services.uses", "access.facility_of_service")
RESCUE_RULES = ("access.engine_passage_at_least", *NETWORK_RULES)
_PEOPLE = ("parcels", "neighbourhoods")
_WALKED = ("parcels", "passages", "facilities", "neighbourhoods")
_RESCUED = ("parcels", "passages", "carriageways")
_TEXT = Column("text")
_WALK_RULES = (*SERVICE_RULES, *NETWORK_RULES, *PEOPLE_RULES)


@dataclass(frozen=True)
class AccessTables:
    """The three tables that every access study has.

    ``services``: ``neighbourhood_id``, ``service``, ``radius_m``, ``people`` (known persons),
    ``people_within``, ``within_share`` (0–1, of the known; NaN where nobody is known or no
    place of the service), ``people_without_way``, ``median_m`` (of the people who have a
    way), ``people_coverage`` (share of the parcels expected to be inhabited whose people are
    known), ``use_coverage`` (share of the land of known use: an unknown use may be a
    facility). ``neighbourhoods``: ``within_all_share`` over the ``services_known``,
    ``parcels_not_joined``, ``parcels_without_frontage`` (NaN without passages),
    ``people_beyond_hose`` of those whose hose is known (``hose_coverage``). ``blocks``:
    ``within_share`` of all known services, ``engine_depth_m`` and ``engine_depth_most_m``
    (median and most of its parcels that have a way), ``engine_no_way_parcels``,
    ``engine_coverage`` and ``people_withheld``: whether its people are a group too small to
    be told of in a table that leaves the office.
    """

    services: pd.DataFrame
    neighbourhoods: pd.DataFrame
    blocks: pd.DataFrame


def access_tables(  # noqa: PLR0913 - the parcels, the places, and the rules by name
    plan: CityPlan,
    parcels: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    radius_m: Mapping[str, float],
    hose_within_m: float,
    household_size: float,
    least_households: float,
) -> AccessTables:
    """Return the tables of access from what is known of each parcel."""
    households = privacy.households(
        parcels["people"], plan.parcels["households"], size=household_size
    )
    of_block = households.groupby(plan.parcels["block_id"]).sum()
    is_small = privacy.is_too_small(of_block, least=least_households)
    known = [name for name in sorted(radius_m) if parcels[f"{name}_m"].notna().any()]
    is_within = np.ones(len(parcels), dtype=bool)
    for name in known:
        is_within &= (parcels[f"{name}_m"] <= radius_m[name]).to_numpy()
    areas = pd.Index(plan.neighbourhoods["neighbourhood_id"])
    group = areas.get_indexer(plan.parcels["neighbourhood_id"])
    return AccessTables(
        services=_services(plan, parcels, places, radius_m=radius_m, areas=areas, group=group),
        neighbourhoods=_neighbourhoods(
            plan, parcels, is_within if known else None, len(known), hose_within_m, areas, group
        ),
        blocks=_blocks(plan, parcels, is_within if known else None, is_small),
    )


def _sums(values: NDArray[np.float64], group: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """Return the sum of the known values of each group; -1 is in none."""
    counted = (group >= 0) & ~np.isnan(values)
    return np.bincount(group[counted], weights=values[counted], minlength=count).astype(float)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return part / whole; NaN where there is no whole."""
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _people_coverage(
    parcels: pd.DataFrame, group: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """Return the share of the parcels expected to be inhabited whose people are known, 0–1."""
    expected = (parcels["people_source"] != "uninhabited").to_numpy()
    known = expected & parcels["people"].notna().to_numpy()
    share = _share(
        _sums(known.astype(float), group, count), _sums(expected.astype(float), group, count)
    )
    return np.nan_to_num(share, nan=1.0)


def _services(  # noqa: PLR0913 - columns of one table, from one place
    plan: CityPlan,
    parcels: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    radius_m: Mapping[str, float],
    areas: pd.Index,
    group: NDArray[np.intp],
) -> pd.DataFrame:
    people = parcels["people"].to_numpy(dtype=float)
    in_all = _sums(people, group, len(areas))
    coverage = _people_coverage(parcels, group, len(areas))
    land = plan.services.drop_duplicates("neighbourhood_id").set_index("neighbourhood_id")
    use_coverage = land["existing_coverage"].reindex(areas).to_numpy(dtype=float)
    counted = places["service"].value_counts()
    made = []
    for name in sorted(radius_m):
        way = parcels[f"{name}_m"].to_numpy(dtype=float)
        is_known = not np.isnan(way).all()
        within = _sums(np.where(way <= radius_m[name], people, 0.0), group, len(areas))
        no_way = _sums(np.where(np.isinf(way), people, 0.0), group, len(areas))
        made.append(
            pd.DataFrame(
                {
                    "neighbourhood_id": areas,
                    "service": name,
                    "radius_m": radius_m[name],
                    "facilities": int(counted.get(name, 0)),
                    "people": in_all,
                    "people_within": within if is_known else np.nan,
                    "within_share": _share(within, in_all) if is_known else np.nan,
                    "people_without_way": no_way if is_known else np.nan,
                    "median_m": _median_m(way, people, group, len(areas)),
                    "people_coverage": coverage,
                    "use_coverage": use_coverage,
                }
            )
        )
    table = pd.concat(made, ignore_index=True)
    nobody_known = table["people_coverage"] == 0
    for column in ("people", "people_within", "people_without_way"):
        table[column] = table[column].mask(nobody_known)
    return table.sort_values(["neighbourhood_id", "service"], ignore_index=True)


def _median_m(
    way: NDArray[np.float64], people: NDArray[np.float64], group: NDArray[np.intp], count: int
) -> NDArray[np.float64]:
    """Return the way that half of each group's people do not exceed; NaN where nobody has one."""
    at = np.flatnonzero(np.isfinite(way) & (people > 0) & (group >= 0))
    at = at[np.lexsort((way[at], group[at]))]
    total = np.bincount(group[at], weights=people[at], minlength=count)
    before = np.cumsum(total) - total
    passed = np.cumsum(people[at]) - before[group[at]]
    is_half = passed >= total[group[at]] / 2 * (1 - 1e-12)  # a sum of floats may fall short
    of, first = np.unique(group[at][is_half], return_index=True)
    median = np.full(count, np.nan)
    median[of] = way[at][is_half][first]
    return median


def _neighbourhoods(  # noqa: PLR0913, PLR0917 - columns of one table, from one place
    plan: CityPlan,
    parcels: pd.DataFrame,
    is_within: NDArray[np.bool_] | None,
    services_known: int,
    hose_within_m: float,
    areas: pd.Index,
    group: NDArray[np.intp],
) -> pd.DataFrame:
    count = len(areas)
    people = parcels["people"].to_numpy(dtype=float)
    hose = parcels["hose_m"].to_numpy(dtype=float)
    in_all = _sums(people, group, count)
    coverage = _people_coverage(parcels, group, count)
    hose_known = _sums(np.where(np.isnan(hose), 0.0, people), group, count)
    beyond = _sums(np.where(hose > hose_within_m, people, 0.0), group, count)
    frontage = plan.parcels["frontage_m"].to_numpy(dtype=float)
    fronts = _sums((frontage == 0) * 1.0, group, count)
    return pd.DataFrame(
        {
            "neighbourhood_id": areas,
            "people": np.where(coverage > 0, in_all, np.nan),
            "people_coverage": coverage,
            "services_known": services_known,
            "within_all_share": np.nan
            if is_within is None
            else _share(_sums(np.where(is_within, people, 0.0), group, count), in_all),
            "parcels_not_joined": _sums(~parcels["joined"].to_numpy() * 1.0, group, count),
            "parcels_without_frontage": np.nan if np.isnan(frontage).all() else fronts,
            "people_beyond_hose": np.where(hose_known > 0, beyond, np.nan),
            "hose_coverage": np.nan_to_num(_share(hose_known, in_all)),
        }
    )


def _blocks(
    plan: CityPlan,
    parcels: pd.DataFrame,
    is_within: NDArray[np.bool_] | None,
    is_small: pd.Series[bool],
) -> pd.DataFrame:
    ids = pd.Index(plan.blocks["block_id"])
    group, count = ids.get_indexer(plan.parcels["block_id"]), len(ids)
    people = parcels["people"].to_numpy(dtype=float)
    in_all = _sums(people, group, count)
    depth = parcels["engine_depth_m"].to_numpy(dtype=float)
    is_known = ~np.isnan(depth)
    finite = pd.Series(depth).where(np.isfinite(depth)).groupby(group)
    all_of = _sums(np.ones(len(group)), group, count)
    coverage = np.nan_to_num(_share(_sums(is_known * 1.0, group, count), all_of))
    return pd.DataFrame(
        {
            "block_id": ids,
            "neighbourhood_id": plan.blocks["neighbourhood_id"].to_numpy(),
            "people": np.where(_people_coverage(parcels, group, count) > 0, in_all, np.nan),
            "within_share": np.nan
            if is_within is None
            else _share(_sums(np.where(is_within, people, 0.0), group, count), in_all),
            "engine_depth_m": finite.median().reindex(range(count)).to_numpy(),
            "engine_depth_most_m": finite.max().reindex(range(count)).to_numpy(),
            "engine_no_way_parcels": _sums(np.isinf(depth).astype(float), group, count),
            "engine_coverage": coverage,
            "people_withheld": is_small.reindex(ids, fill_value=False).to_numpy(),
        }
    )


def finding_tables(made: AccessTables, allocated: Capacities | None) -> dict[str, FindingTable]:
    """Return the tables with what each column means, its unit, formula, rules and inputs.

    They leave the office: what they say of people withholds blocks of too few households.
    """
    is_small = made.blocks.set_index("block_id")["people_withheld"]
    within = "people whose way is within the radius / people known"
    tables = {
        "access_services": FindingTable(
            "access_services",
            made.services,
            _service_columns(within),
            ("neighbourhood_id", "service"),
        ),
        "access_neighbourhoods": FindingTable(
            "access_neighbourhoods",
            made.neighbourhoods,
            _neighbourhood_columns(within),
            ("neighbourhood_id",),
        ),
        "access_blocks": FindingTable(
            "access_blocks",
            privacy.withheld(made.blocks, ("people", "within_share"), is_small),
            _block_columns(within),
            ("block_id",),
        ),
    }
    if allocated is None:
        return tables
    rules = (*_WALK_RULES, "access.capacity_parcels_each")
    persons = Column("persons", "transport programme", rules, _WALKED)
    key: dict[str, Column] = {"facility_id": _TEXT, "service": _TEXT}
    room = Column("persons", inputs=("facilities",))
    return tables | {
        "access_capacity": FindingTable(
            "access_capacity",
            allocated.facilities,
            {**key, "capacity": room, "load": persons, "free": persons},
            ("facility_id", "service"),
        ),
        "access_left_out": FindingTable(
            "access_left_out",
            privacy.withheld(allocated.left_out, ("people", "left_out"), is_small),
            {
                "block_id": _TEXT,
                "service": _TEXT,
                "people": persons,
                "left_out": persons,
                "people_withheld": privacy.WITHHELD,
            },
            ("block_id", "service"),
        ),
    }


def _service_columns(within: str) -> dict[str, Column]:
    walked = Column("persons", "along passages, frontage to frontage", _WALK_RULES, _WALKED)
    return {
        "neighbourhood_id": _TEXT,
        "service": _TEXT,
        "radius_m": Column("m", "upper end of the range", SERVICE_RULES),
        "facilities": Column(
            "count", "in the whole city", SERVICE_RULES, ("parcels", "facilities")
        ),
        "people": Column("persons", rules=PEOPLE_RULES, inputs=_PEOPLE),
        "people_within": walked,
        "within_share": Column("share", within, _WALK_RULES, _WALKED),
        "people_without_way": walked,
        "median_m": Column("m", "of the people who have a way", _WALK_RULES, _WALKED),
        "people_coverage": Column("share", "known / expected", PEOPLE_RULES, _PEOPLE),
        "use_coverage": Column("share", "land of known use / land", inputs=("parcels",)),
    }


def _neighbourhood_columns(within: str) -> dict[str, Column]:
    hose = ("access.hose_within", *RESCUE_RULES, *PEOPLE_RULES)
    return {
        "neighbourhood_id": _TEXT,
        "people": Column("persons", rules=PEOPLE_RULES, inputs=_PEOPLE),
        "people_coverage": Column("share", "known / expected", PEOPLE_RULES, _PEOPLE),
        "services_known": Column("count", "services of which a place is known", SERVICE_RULES),
        "within_all_share": Column("share", within, _WALK_RULES, _WALKED),
        "parcels_not_joined": Column("count", rules=NETWORK_RULES, inputs=("parcels", "passages")),
        "parcels_without_frontage": Column("count", inputs=("parcels", "passages")),
        "people_beyond_hose": Column("persons", "hose_m above the rule", hose, _RESCUED),
        "hose_coverage": Column("share", "people of known hose / people", hose, _RESCUED),
    }


def _block_columns(within: str) -> dict[str, Column]:
    return {
        "block_id": _TEXT,
        "neighbourhood_id": _TEXT,
        "people": Column("persons", rules=PEOPLE_RULES, inputs=_PEOPLE),
        "within_share": Column("share", within, _WALK_RULES, _WALKED),
        "engine_depth_m": Column("m", "median of its parcels with a way", RESCUE_RULES, _RESCUED),
        "engine_depth_most_m": Column(
            "m", "most of its parcels with a way", RESCUE_RULES, _RESCUED
        ),
        "engine_no_way_parcels": Column("count", rules=RESCUE_RULES, inputs=_RESCUED),
        "engine_coverage": Column("share", "known / parcels", RESCUE_RULES, _RESCUED),
        "people_withheld": privacy.WITHHELD,
    }
