"""Tables of several rows a parcel: how they become one value, and what has no parcel."""

from __future__ import annotations

import pandas as pd
import pytest

from bazafarin.adapters.delivery import read_city, rejected_table
from bazafarin.domain.errors import MappingError

from .conftest import lots

MAPPING = """
[[tables]]
name = "buildings"
source = "buildings.csv"
key = "PELAK"
[tables.columns]
floors = { field = "TABAGHE", combine = "max" }
units = { field = "VAHED", combine = "sum" }
households = { combine = "count" }
built_sh = { field = "SAL", combine = "min" }
structure = { field = "SAZE", combine = "mode" }
heritage = { field = "MIRAS", combine = "any" }
will_renovate = { field = "NOSAZI", combine = "all" }
quality = { field = "KEYFIAT", combine = "first" }
"""

ROWS = """PELAK,TABAGHE,VAHED,SAL,SAZE,MIRAS,NOSAZI,KEYFIAT
3-1-1-1,2,3,1350,آجر و آهن,خیر,بلی,مرمتی
3-1-1-1,۴,1,1390,بتنی,بلی,بلی,نوساز
3-1-1-1,1,2,1370,آجر و آهن,خیر,خیر,نوساز
3-1-1-2,1,,1380,,خیر,,
3-1-1-2,,5,,خشتی,,بلی,تخریبی
9-9-9-9,1,1,1390,بتنی,خیر,خیر,نوساز
"""


@pytest.mark.parametrize("of_parcels", [[12, 13], [12.0, 13.0], ["۱۲", "13"], ["12.0", "13.0"]])
@pytest.mark.parametrize("of_table", ["12", "۱۲", "12.0", " 12 "])
def test_the_key_of_a_table_matches_whatever_its_type(write, tmp_path, of_parcels, of_table):
    (tmp_path / "buildings.csv").write_text(f"PELAK,TABAGHE\n{of_table},4\n", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[[tables]]\nsource = "buildings.csv"\nkey = "PELAK"\n'
        '[tables.columns]\nfloors = { field = "TABAGHE", combine = "max" }\n'
    )

    city = read_city(write(lots(2).assign(parcel_id=of_parcels)), mapping=mapping)

    assert city.parcels["parcel_id"].tolist() == ["12", "13"]
    assert city.parcels["floors"].tolist()[0] == 4


@pytest.fixture
def city(write, tmp_path):
    path = write(lots(floors=[None, None, 7, None]))
    (tmp_path / "buildings.csv").write_text(ROWS, encoding="utf-8")
    mapping = tmp_path / "map.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return read_city(path, mapping=mapping)


def test_rows_are_combined_as_the_mapping_says(city):
    one = city.parcels.loc[1]

    assert (one["floors"], one["units"], one["households"], one["built_sh"]) == (4, 6, 3, 1350)
    assert (one["structure"], one["quality"]) == ("masonry_untied", "repairable")
    assert one["heritage"] is True or bool(one["heritage"])
    assert not one["will_renovate"]


def test_a_sum_with_an_unknown_part_is_unknown(city):
    two = city.parcels.loc[2]

    assert pd.isna(two["units"])
    assert (two["floors"], two["structure"], two["quality"]) == (1, "adobe", "to_demolish")
    assert pd.isna(two["heritage"])
    assert pd.isna(two["will_renovate"])


def test_where_the_table_is_silent_the_layers_own_value_stays(city):
    assert city.parcels.loc[3, "floors"] == 7
    assert city.parcels.loc[4, "structure"] == "unknown"


def test_a_row_of_no_parcel_is_rejected_under_the_tables_name(city):
    rejected = rejected_table(city.problems)

    assert rejected.to_numpy().tolist() == [["buildings", 6, "reading.table.no_parcel"]]
    assert (city.sources["buildings"].rows, city.sources["buildings"].used) == (6, 5)


def test_how_rows_are_combined_must_be_said_and_make_sense(write, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        """
        [[tables]]
        name = "buildings"
        source = "city.gpkg"
        key = "parcel_id"
        [tables.columns]
        floors = { field = "parcel_id" }
        use = { field = "parcel_id", combine = "sum" }
        """
    )

    with pytest.raises(MappingError) as caught:
        read_city(write(lots()), mapping=mapping)

    where = [problem.facts["where"] for problem in caught.value.problems]
    assert where == ["tables[1].columns.floors", "tables[1].columns.use.combine"]


@pytest.mark.parametrize("rows", ["PELAK,T\n", "PELAK,T\n9-9-9-9,1\n"])
def test_a_table_that_names_no_parcel_changes_nothing(write, tmp_path, rows):
    (tmp_path / "visits.csv").write_text(rows)
    mapping = tmp_path / "map.toml"
    columns = {
        "surveyed_on": "max", "heritage": "any", "use": "mode", "built_sh": "min",
        "floors": "max", "block_id": "first",
    }  # fmt: skip
    mapping.write_text(
        '[[tables]]\nname = "visits"\nsource = "visits.csv"\nkey = "PELAK"\n[tables.columns]\n'
        + "".join(
            f'{name} = {{ field = "T", combine = "{how}" }}\n' for name, how in columns.items()
        )
    )
    path = write(lots(floors=[1, 2, 3, 4], surveyed_on=["1402/01/01"] * 4))

    city = read_city(path, mapping=mapping)

    assert city.parcels["floors"].tolist() == [1, 2, 3, 4]
    assert city.parcels["surveyed_on"].notna().all()
    assert city.sources["visits"].used == 0
