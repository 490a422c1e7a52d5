"""Where the population of a neighbourhood comes from, and how much of it was known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bazafarin.standards import Standards
from bazafarin.studies.population import population
from hand_drawn import AS_OF

NATIONAL = Standards.national()
SIZE = NATIONAL.value("population.household_size", as_of=AS_OF)


def answer(persons, households, total=np.nan, uses=None):
    n = len(persons)
    parcels = pd.DataFrame(
        {
            "neighbourhood_id": pd.Series(["n"] * n, dtype="str"),
            "use": pd.Series(uses or ["residential"] * n, dtype="str"),
            "population": np.array(persons, dtype=float),
            "households": np.array(households, dtype=float),
        }
    )
    totals = pd.Series([total], index=pd.Index(["n"]))
    return population(parcels, totals, standards=NATIONAL, as_of=AS_OF).loc["n"]


def test_the_parcels_own_counts_come_first() -> None:
    found = answer([4, 6], [1, 2], total=99)

    assert found["population"] == 10
    assert found["population_source"] == "parcels"
    assert found["population_coverage"] == 1


def test_households_stand_in_where_persons_are_not_counted() -> None:
    found = answer([np.nan, np.nan], [1, 2], total=99)

    assert found["population"] == pytest.approx(3 * SIZE)
    assert found["population_source"] == "households"
    assert found["households"] == 3


def test_the_neighbourhoods_total_beats_a_half_known_sum() -> None:
    found = answer([4, np.nan], [np.nan, np.nan], total=99)

    assert found["population"] == 99
    assert found["population_source"] == "neighbourhood"


def test_a_half_known_sum_is_given_with_its_coverage() -> None:
    found = answer([4, np.nan], [np.nan, np.nan])

    assert found["population"] == 4
    assert found["population_source"] == "parcels"
    assert found["population_coverage"] == 0.5


def test_nothing_known_is_unknown_and_not_zero() -> None:
    found = answer([np.nan], [np.nan])

    assert np.isnan(found["population"])
    assert found["population_source"] == "unknown"
    assert found["population_coverage"] == 0


def test_land_that_nobody_lives_on_does_not_lower_the_coverage() -> None:
    found = answer([4, np.nan], [np.nan, np.nan], uses=["residential", "green"])

    assert found["population_coverage"] == 1


def test_a_parcel_of_unknown_use_may_be_lived_in_and_lowers_the_coverage() -> None:
    found = answer([4, np.nan], [np.nan, np.nan], uses=["residential", "unknown"])

    assert found["population_coverage"] == 0.5


def test_people_counted_on_other_land_are_people_too() -> None:
    known = answer([4, 3], [np.nan, np.nan], uses=["residential", "commercial"])
    half = answer([np.nan, 3], [np.nan, np.nan], uses=["residential", "commercial"])

    assert (known["population"], known["population_coverage"]) == (7, 1)
    assert (half["population"], half["population_coverage"]) == (3, 0.5)


def test_of_two_half_known_records_the_one_that_knows_more_is_taken() -> None:
    persons = answer([4, 5, np.nan], [1, np.nan, np.nan])
    households = answer([4, np.nan, np.nan], [1, 2, np.nan])

    assert (persons["population"], persons["population_source"]) == (9, "parcels")
    assert households["population"] == pytest.approx(3 * SIZE)
    assert households["population_coverage"] == pytest.approx(2 / 3)
    assert households["households_coverage"] == pytest.approx(2 / 3)


def test_the_total_counts_for_a_neighbourhood_of_no_parcels() -> None:
    found = answer([], [], total=99)

    assert found["population"] == 99
    assert found["population_source"] == "neighbourhood"
    assert np.isnan(found["households"])


def test_nobody_lives_where_nobody_was_counted() -> None:
    found = answer([0, 0], [np.nan, np.nan], total=99)

    assert found["population"] == 0
    assert found["population_source"] == "parcels"
