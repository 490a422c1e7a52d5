"""What makes the town look like an old Iranian one, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.adapters.synthetic_town import Town


def _of_class(town: Town, name: str) -> gpd.GeoDataFrame:
    passages = town.frames["passages"]
    return passages[passages["class"] == name]


def test_dead_ends_of_two_to_eight_metres_enter_the_blocks(town: Town) -> None:
    dead_ends = _of_class(town, "بن‌بست")

    assert len(dead_ends) > 0.3 * len(town.frames["blocks"])
    assert dead_ends["width_m"].dropna().between(2, 8).all()


def test_some_dead_ends_branch(town: Town) -> None:
    lines = np.asarray(_of_class(town, "بن‌بست").geometry)
    start = shapely.get_coordinates(shapely.get_point(lines, 0))
    end = shapely.get_coordinates(shapely.get_point(lines, -1))
    nodes, count = np.unique(np.concatenate([start, end]), axis=0, return_counts=True)

    assert len(nodes) > 0
    assert (count >= 3).sum() > 5


def test_old_lanes_wind_and_new_streets_are_straight(town: Town) -> None:
    passages = town.frames["passages"]
    lines = np.asarray(passages.geometry)
    ends = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    detour = shapely.length(lines) / ends - 1
    lanes = (passages["class"] == "کوچه").to_numpy() & (shapely.length(lines) > 40)

    assert np.median(detour[lanes]) > 0.002
    assert (detour < 1e-6).any()


def test_a_bazaar_of_small_shops_runs_through_the_core(town: Town) -> None:
    bazaar = shapely.union_all(np.asarray(_of_class(town, "راستهٔ بازار").geometry))
    parcels = town.frames["parcels"]
    beside = parcels[parcels.geometry.distance(bazaar) < 3]
    core = parcels[parcels["neighbourhood_id"].str.startswith("1-")].union_all()

    assert (beside["use"] == "commercial").mean() > 0.7
    assert beside.geometry.area.median() < 60
    assert shapely.length(bazaar) > 0.7 * np.sqrt(core.area)


def test_old_lots_are_smaller_and_less_regular_than_new_ones(town: Town) -> None:
    parcels = town.frames["parcels"]
    homes = parcels[parcels["use"] == "residential"]
    core = homes["neighbourhood_id"].str.startswith("1-")
    new = homes["neighbourhood_id"].isin(["2-1", "2-2"])
    rectangle = homes.geometry.area / homes.geometry.minimum_rotated_rectangle().area

    assert homes[core].geometry.area.median() < 150 < homes[new].geometry.area.median()
    assert rectangle[core].median() < rectangle[new].median()


@pytest.mark.parametrize("service", ["religious", "education", "green", "health"])
def test_people_find_the_daily_services(town: Town, service: str) -> None:
    assert (town.frames["facilities"]["service"] == service).any()


def test_the_friday_mosque_stands_in_the_middle(town: Town) -> None:
    parcels = town.frames["parcels"]
    mosques = parcels[parcels["use"] == "religious"]
    largest = mosques.geometry.area.idxmax()
    middle = parcels[parcels["neighbourhood_id"].str.startswith("1-")].union_all().centroid

    assert mosques.geometry[largest].distance(middle) < 150
