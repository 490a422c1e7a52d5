"""What a neighbourhood lacks: 1,000 people, hand-made land, the standard's range."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from bazafarin.standards import Standards
from bazafarin.studies.service_gaps import service_gaps
from hand_drawn import AS_OF, day, layer

NATIONAL = Standards.national()
LEAST, MOST = NATIONAL.per_capita("education", population=1000, as_of=AS_OF)


def parcels(uses: list[str], area_m2: float = 1000.0):
    """Return parcels in a row, 100 m apart, in neighbourhood n."""
    rows = [
        {"geometry": box(100 * n, 0, 100 * n + 50, 50), "use": use, "neighbourhood_id": "n"}
        for n, use in enumerate(uses)
    ]
    return layer("parcels", rows).assign(area_m2=area_m2)


def facilities(*rows: tuple[str, float, float | None]):
    """Return facilities of (service, x, area)."""
    made = [{"geometry": Point(x, 25), "service": s, "area_m2": area} for s, x, area in rows]
    return layer("facilities", made).assign(
        neighbourhood_id=pd.Series(["n"] * len(made), index=range(1, len(made) + 1), dtype="str")
    )


def gaps(land, places=None, people=1000.0, as_of=AS_OF):
    population = pd.Series([people], index=pd.Index(["n"], name="neighbourhood_id"))
    table = service_gaps(land, places, population, standards=NATIONAL, as_of=as_of)
    return table.set_index("service")


def test_a_deficit_is_what_the_range_asks_less_what_exists() -> None:
    found = gaps(parcels(["education", "residential"])).loc["education"]

    assert found["existing_m2"] == 1000
    assert found["per_capita_m2"] == 1.0
    assert found["deficit_min_m2"] == pytest.approx(LEAST * 1000 - 1000)
    assert found["deficit_max_m2"] == pytest.approx(MOST * 1000 - 1000)
    assert found["existing_source"] == "parcels"


def test_plenty_is_no_negative_deficit() -> None:
    found = gaps(parcels(["education"], area_m2=99_000.0)).loc["education"]

    assert found["deficit_min_m2"] == 0
    assert found["deficit_max_m2"] == 0


def test_a_school_delivered_twice_is_counted_once() -> None:
    land = parcels(["education", "residential"])

    both = gaps(land, facilities(("education", 25, 900.0))).loc["education"]

    assert both["existing_m2"] == 1000
    assert both["existing_source"] == "parcels"


def test_a_school_on_other_land_is_added() -> None:
    land = parcels(["education", "residential"])

    more = gaps(land, facilities(("education", 125, 300.0))).loc["education"]

    assert more["existing_m2"] == 1300
    assert more["existing_source"] == "both"


def test_a_facility_without_an_area_is_unknown_and_said_so() -> None:
    found = gaps(parcels(["residential"]), facilities(("health", 25, None))).loc["health"]

    assert found["existing_m2"] == 0
    assert found["facilities_without_area"] == 1


def test_land_of_unknown_use_leaves_the_existing_unknown() -> None:
    found = gaps(parcels(["unknown", "unknown"])).loc["education"]

    assert np.isnan(found["existing_m2"])
    assert np.isnan(found["deficit_min_m2"])
    assert found["existing_source"] == "unknown"
    assert found["existing_coverage"] == 0


def test_an_unknown_population_leaves_the_deficit_unknown() -> None:
    found = gaps(parcels(["education"]), people=np.nan).loc["education"]

    assert found["existing_m2"] == 1000
    assert np.isnan(found["deficit_min_m2"])
    assert np.isnan(found["per_capita_m2"])


def test_before_the_resolution_there_is_no_range() -> None:
    found = gaps(parcels(["education"]), as_of=day("1388/01/01")).loc["education"]

    assert found["existing_m2"] == 1000
    assert np.isnan(found["standard_min_m2"])
    assert np.isnan(found["deficit_min_m2"])


def test_a_facility_on_land_of_another_service_is_added_to_its_own() -> None:
    # A library of 80 m² in a school's yard: the land stays the school's, the library is extra.
    found = gaps(parcels(["education"]), facilities(("culture", 25, 80.0)))

    assert found.loc["education", "existing_m2"] == 1000
    assert found.loc["culture", "existing_m2"] == 80
    assert found.loc["culture", "existing_source"] == "facilities"


def test_a_facility_drawn_as_an_area_has_the_area_drawn() -> None:
    pitch = layer("facilities", [{"geometry": box(100, 0, 120, 10), "service": "sport"}])
    pitch["neighbourhood_id"] = pd.Series(["n"], index=[1], dtype="str")

    found = gaps(parcels(["residential"]), pitch).loc["sport"]

    assert found["existing_m2"] == 200
    assert found["facilities_without_area"] == 0


def test_a_city_may_count_a_use_to_another_service(tmp_path) -> None:
    own = tmp_path / "city.toml"
    own.write_text(
        """
[[override]]
rule = "services.uses"
value = { health = ["health", "tourism"], sport = ["sport"] }
from = "1390-01-01"
instrument = "a"
clause = "b"
address = "c"
certainty = "M-mid"
checked_on = "1404-01-01"
""",
        encoding="utf-8",
    )
    population = pd.Series([1000.0], index=pd.Index(["n"], name="neighbourhood_id"))

    table = service_gaps(
        parcels(["tourism", "residential"]),
        facilities(("tourism", 125, 50.0)),
        population,
        standards=NATIONAL.with_city(own),
        as_of=AS_OF,
    ).set_index("service")

    assert table["existing_m2"].to_dict() == {"health": 1050, "sport": 0}


def test_neighbourhoods_share_nothing_and_lose_nothing() -> None:
    land = parcels(["education", "education", "residential"])
    land["neighbourhood_id"] = pd.Series(["n", "m", "m"], index=land.index, dtype="str")
    population = pd.Series([10.0, np.nan], index=pd.Index(["m", "n"], name="neighbourhood_id"))

    table = service_gaps(land, None, population, standards=NATIONAL, as_of=AS_OF)
    schools = table[table["service"] == "education"].set_index("neighbourhood_id")

    assert schools["existing_m2"].to_dict() == {"m": 1000, "n": 1000}
    assert schools["per_capita_m2"]["m"] == 100
    assert np.isnan(schools["deficit_min_m2"]["n"])
