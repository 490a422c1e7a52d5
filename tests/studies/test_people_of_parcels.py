"""Who lives on which parcel: counts, estimates and shares that sum to the neighbourhood."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bazafarin.standards import Standards
from bazafarin.studies.people_of_parcels import people_of_parcels
from bazafarin.studies.population import population
from hand_drawn import AS_OF

NATIONAL = Standards.national()
SIZE = NATIONAL.value("population.household_size", as_of=AS_OF)
NAN = np.nan


def parcels_of(persons, households, uses=None, area_m2=None) -> pd.DataFrame:
    n = len(persons)
    return pd.DataFrame(
        {
            "neighbourhood_id": pd.Series(["n"] * n, dtype="str"),
            "use": pd.Series(uses or ["residential"] * n, dtype="str"),
            "population": np.array(persons, dtype=float),
            "households": np.array(households, dtype=float),
            "area_m2": np.array(area_m2 or [100] * n, dtype=float),
        }
    )


def answer(parcels: pd.DataFrame, total: float = NAN) -> pd.DataFrame:
    totals = pd.Series([total], index=pd.Index(["n"]))
    return people_of_parcels(parcels, totals, standards=NATIONAL, as_of=AS_OF)


def test_what_the_total_leaves_over_is_spread_by_land() -> None:
    # 100 - 4 counted - 2 households · 3.3 = 89.4, over 100 and 200 m²
    parcels = parcels_of(
        [4, NAN, NAN, NAN, NAN],
        [9, 2, NAN, NAN, NAN],
        uses=["residential"] * 4 + ["green"],
        area_m2=[50, 50, 100, 200, 900],
    )

    found = answer(parcels, total=100)

    assert found["people"].tolist() == pytest.approx([4, 2 * SIZE, 89.4 / 3, 89.4 * 2 / 3, 0])
    assert found["source"].tolist() == [
        "parcels",
        "households",
        "neighbourhood",
        "neighbourhood",
        "uninhabited",
    ]


def test_without_a_total_an_uncounted_home_is_unknown() -> None:
    found = answer(parcels_of([4, NAN], [NAN, NAN]))

    assert found["people"].tolist()[0] == 4
    assert np.isnan(found["people"].tolist()[1])
    assert found["source"].tolist() == ["parcels", "unknown"]


def test_estimates_by_household_give_way_to_the_total() -> None:
    # 10 counted, so the estimates make up 20 between them, 1 household to 3
    found = answer(parcels_of([10, NAN, NAN], [NAN, 1, 3]), total=30)

    assert found["people"].tolist() == pytest.approx([10, 5, 15])


def test_counts_above_the_total_are_scaled_to_it_and_leave_the_rest_unknown() -> None:
    found = answer(parcels_of([30, 10, NAN], [NAN, NAN, NAN]), total=20)

    assert found["people"].tolist()[:2] == [15, 5]
    assert np.isnan(found["people"].iloc[2])


def test_without_measured_land_all_uncounted_homes_weigh_the_same() -> None:
    found = answer(parcels_of([NAN, NAN], [NAN, NAN], area_m2=[0, 0]), total=20)

    assert found["people"].tolist() == [10, 10]


def test_people_whom_no_parcel_houses_are_on_none() -> None:
    found = answer(parcels_of([NAN], [NAN], uses=["vacant"]), total=20)

    assert found["people"].tolist() == [0]
    assert found["source"].tolist() == ["uninhabited"]


def test_no_parcel_has_no_people() -> None:
    assert answer(parcels_of([], []), total=5).empty


counts = st.one_of(st.just(NAN), st.integers(0, 9).map(float))


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(counts, counts, st.sampled_from(["residential", "unknown", "green"])),
        min_size=1,
        max_size=8,
    ),
    st.one_of(st.just(NAN), st.integers(0, 99).map(float)),
)
def test_the_parcels_sum_to_their_neighbourhood(rows, total) -> None:
    persons, households, uses = zip(*rows, strict=True)
    parcels = parcels_of(persons, households, list(uses))

    found = answer(parcels, total)["people"]
    whole = population(
        parcels, pd.Series([total], index=pd.Index(["n"])), standards=NATIONAL, as_of=AS_OF
    ).loc["n"]

    assert not (found < 0).any()
    nobody_to_house = not found.isna().any() and found.sum() == 0
    if whole["population_coverage"] == 1 and not nobody_to_house:
        assert found.sum() == pytest.approx(whole["population"])
