import pandas as pd
import pytest

from bazafarin.adapters.web_map.columns import PUBLIC, pack_columns
from bazafarin.domain.city import LAYERS

ABOUT_PEOPLE = {
    "households",
    "population",
    "ownership",
    "will_renovate",
    "will_consolidate",
    "land_value_rial_m2",
    "surveyed_on",
    "units",
}


def test_no_column_about_people_or_their_property_is_public():
    named = {(layer, column.name) for layer, columns in PUBLIC.items() for column in columns}

    # A neighbourhood's sum is of all its people, and withheld where they are too few.
    about_people = {(layer, name) for layer, name in named if name in ABOUT_PEOPLE}
    assert about_people == {("neighbourhoods", "population")}


def test_what_is_withheld_are_columns_that_a_delivery_has():
    assert {column.name for column in LAYERS["parcels"].columns} >= ABOUT_PEOPLE


@pytest.mark.parametrize("column", sorted(ABOUT_PEOPLE))
def test_a_withheld_column_is_not_packed_when_it_is_there(column: str):
    frame = pd.DataFrame({"parcel_id": ["1"], column: [5]})

    assert pack_columns("parcels", frame) == {"parcel_id": ["1"]}


def test_unknown_numbers_are_none_and_whole_ones_have_no_decimals():
    frame = pd.DataFrame({"area_m2": [120.0, None, 99.96, 99.94]})

    assert pack_columns("parcels", frame) == {"area_m2": [120, None, 100, 99.9]}


def test_a_nullable_whole_number_is_packed():
    frame = pd.DataFrame({"level": pd.array([1, None], dtype="Int64")})

    assert pack_columns("blocks", frame) == {"level": [1, None]}


def test_texts_that_repeat_are_written_once():
    frame = pd.DataFrame({"use": pd.Categorical(["green", "green", None, "health", "green"])})

    assert pack_columns("parcels", frame) == {
        "use": {"of": ["green", "health"], "at": [0, 0, -1, 1, 0]}
    }


def test_ids_are_written_as_they_are():
    frame = pd.DataFrame({"parcel_id": ["3-12-45-7", None, "3-12-45-8"]})

    assert pack_columns("parcels", frame) == {"parcel_id": ["3-12-45-7", None, "3-12-45-8"]}
