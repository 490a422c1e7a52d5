"""What parcels are like, one by one and together, on drawn streets."""

from __future__ import annotations

import pandas as pd
import pytest
from shapely import LineString, box

from bazafarin.standards import Standards
from bazafarin.studies.parcel_measures import measures_of_areas
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF, city

STREET = {"passage_id": "s", "geometry": LineString([(-20, -3), (60, -3)])}
ROW = [
    # 10 m on the street, 20 m deep, half of it under two floors
    {"geometry": box(0, 0, 10, 20), "built_area_m2": 200.0, "floors": 2.0},
    # vacant
    {"geometry": box(10, 0, 30, 20), "built_area_m2": 0.0},
    # behind the two, its building unknown
    {"geometry": box(0, 20, 30, 30), "neighbourhood_id": None},
]


def plan(rows=ROW, **layers):
    return plan_city(city(rows, **layers), standards=Standards.national(), as_of=AS_OF)


def figures(made, scope: str = "city") -> dict[str, object]:
    return {f.id.removeprefix("identity."): f for f in made.findings if f.scope == scope}


def test_each_parcel_has_its_frontage_depth_coverage_and_floor_area() -> None:
    parcels = plan(passages=[STREET]).parcels

    assert parcels["frontage_m"].tolist() == [10.0, 20.0, 0.0]
    assert parcels["depth_m"].fillna(-1).tolist() == [20.0, 20.0, -1]
    assert parcels["coverage_share"].fillna(-1).tolist() == [0.5, 0.0, -1]
    assert parcels["floor_area_ratio"].fillna(-1).tolist() == [1.0, 0.0, -1]


@pytest.mark.parametrize("layers", [{}, {"passages": []}])
def test_without_passages_frontage_is_unknown_and_not_zero(layers) -> None:
    made = plan(**layers)

    assert made.parcels[["frontage_m", "depth_m"]].isna().all(axis=None)
    assert made.parcels["coverage_share"].notna().any()
    assert made.neighbourhoods["parcels_without_frontage"].isna().all()
    assert figures(made)["parcels_without_frontage"].value is None


def test_the_city_weighs_each_parcel_by_its_land_and_says_how_much_it_knows() -> None:
    found = figures(plan(passages=[STREET]))

    # 200 m² of land half covered and 400 m² vacant, of 900 m²
    assert found["coverage_share"].value == pytest.approx(100 / 600)
    assert found["floor_area_ratio"].value == pytest.approx(200 / 600)
    assert found["coverage_share"].coverage == pytest.approx(600 / 900)
    assert found["median_parcel_area_m2"].value == 300.0
    assert found["parcels_without_frontage"].value == 1


def test_the_one_neighbourhood_of_a_city_has_the_figures_of_the_city() -> None:
    made = plan(passages=[STREET])

    (name,) = made.neighbourhoods["neighbourhood_id"]
    whole, part = figures(made), figures(made, f"neighbourhood:{name}")
    for figure in (
        "median_parcel_area_m2",
        "coverage_share",
        "floor_area_ratio",
        "parcels_without_frontage",
    ):
        assert part[figure].value == whole[figure].value


def test_an_area_without_parcels_and_one_of_unknown_buildings_have_no_shares() -> None:
    parcels = pd.DataFrame(
        {
            "area_m2": [100.0, 300.0],
            "coverage_share": [0.4, float("nan")],
            "floor_area_ratio": [0.8, float("nan")],
            "frontage_m": [0.0, 7.0],
        }
    )

    found = measures_of_areas(parcels, pd.Series(["a", "b"]), areas=pd.Index(["a", "b", "empty"]))

    assert found["coverage_share"].fillna(-1).tolist() == [0.4, -1, -1]
    assert found["coverage_share_coverage"].fillna(-1).tolist() == [1.0, 0.0, -1]
    assert found["floor_area_ratio"].fillna(-1).tolist() == [0.8, -1, -1]
    assert found["median_parcel_area_m2"].fillna(-1).tolist() == [100.0, 300.0, -1]
    assert found["parcels_without_frontage"].fillna(-1).tolist() == [1, 0, -1]
