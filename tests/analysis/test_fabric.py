"""What the indices ask of one parcel: a table of a few rows in, each answer by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bazafarin.analysis import fabric

NA = pd.NA
WITHOUT_BUILDING = {
    "no_building_uses": ("vacant",),
    "open_land_uses": ("green", "parking"),
}
STRUCTURES = {
    "unstable_structures": ("adobe",),
    "stable_structures": ("steel_frame", "masonry_tied"),
    "age_decides_structures": (),
    "built_before_sh": 1370.0,
}


def parcel(**known: object) -> pd.DataFrame:
    """Return one parcel, all unknown but what is given."""
    unknown = {
        "use": "residential",
        "structure": "unknown",
        "built_area_m2": np.nan,
        "floors": np.nan,
        "built_sh": np.nan,
        "quality": "unknown",
    }
    return pd.DataFrame([unknown | known])


def only(answer: pd.Series) -> object:
    return answer.astype(object).iloc[0]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, True),
        ({"use": "unknown"}, True),
        ({"use": "vacant"}, False),
        ({"use": "vacant", "structure": "adobe"}, False),
        ({"use": "green"}, False),
        ({"use": "green", "built_area_m2": 0.0}, False),
        ({"use": "green", "built_area_m2": 30.0}, True),
        ({"use": "green", "floors": 1.0}, True),
        ({"use": "green", "built_sh": 1380.0}, True),
        ({"use": "green", "structure": "adobe"}, True),
        ({"use": "green", "structure": None}, False),
        ({"use": "green", "floors": 0.0}, False),
        ({"built_area_m2": 0.0}, False),
        ({"built_area_m2": 0.0, "floors": 2.0}, True),
        ({"built_area_m2": 0.0, "built_sh": 1340.0}, True),
        ({"floors": 0.0}, True),
    ],
)
def test_a_building_stands_where_something_tells_of_it(known, expected) -> None:
    assert only(fabric.is_building(parcel(**known), **WITHOUT_BUILDING)) is expected


def unstable(*, is_building: bool = True, age_decides: tuple[str, ...] = (), **known: object):
    rules = STRUCTURES | {"age_decides_structures": age_decides}
    return only(fabric.is_unstable(parcel(**known), is_building=pd.Series([is_building]), **rules))


def test_the_structure_decides_and_what_is_not_listed_is_unknown() -> None:
    assert unstable(structure="adobe") is True
    assert unstable(structure="steel_frame") is False
    assert unstable(structure="other") is NA
    assert unstable(structure="unknown") is NA


def test_the_year_says_nothing_unless_a_city_lets_it() -> None:
    assert unstable(structure="unknown", built_sh=1340.0) is NA
    assert unstable(structure="masonry_tied", built_sh=1340.0) is False


@pytest.mark.parametrize(
    ("structure", "year", "expected"),
    [
        ("unknown", 1369.0, True),
        ("unknown", 1370.0, NA),  # the year alone tells no structure
        ("unknown", np.nan, NA),
        ("masonry_tied", 1369.0, True),
        ("masonry_tied", 1370.0, False),
        ("masonry_tied", np.nan, NA),  # listed as stable, but here the year decides
        ("steel_frame", 1340.0, False),  # not among those on which the year decides
    ],
)
def test_where_age_decides_a_building_of_before_the_year_is_unstable(
    structure, year, expected
) -> None:
    found = unstable(structure=structure, built_sh=year, age_decides=("unknown", "masonry_tied"))

    assert found is expected


def test_where_no_building_stands_none_is_unstable() -> None:
    assert unstable(structure="adobe", is_building=False) is NA


@pytest.mark.parametrize(
    ("known", "since", "expected"),
    [
        ({"quality": "new"}, None, True),
        ({"quality": "repairable"}, None, False),
        ({"quality": "unknown"}, None, NA),
        ({"quality": "unknown", "built_sh": 1400.0}, None, NA),  # since when is not known
        ({"quality": "unknown", "built_sh": 1386.0}, 1385.0, True),
        ({"quality": "unknown", "built_sh": 1385.0}, 1385.0, False),
        ({"quality": "repairable", "built_sh": 1386.0}, 1385.0, True),
        ({"quality": "repairable"}, 1385.0, False),
        ({"quality": "new", "built_sh": 1340.0}, 1385.0, True),
        ({}, 1385.0, NA),
        ({"quality": None}, 1385.0, NA),
    ],
)
def test_a_parcel_is_renovated_by_its_quality_or_a_building_of_after_the_approval(
    known, since, expected
) -> None:
    found = fabric.is_renovated(parcel(**known), renovated_qualities=("new",), since_sh=since)

    assert only(found) is expected


def test_a_threshold_is_not_below_itself_and_unknown_is_neither() -> None:
    area = fabric.is_fine_grained(pd.Series([199.99, 200.0, 200 - 1e-9, np.nan]), below_m2=200)
    width = fabric.is_narrow(pd.Series([5.99, 6.0, 5.996, np.nan]), below_m=6)

    assert area.tolist() == [True, False, False, NA]
    assert width.tolist() == [True, False, False, NA]
