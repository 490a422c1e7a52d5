"""Mapping files: what they map, and that every mistake is told at once with the nearest name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bazafarin.adapters import wording
from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.delivery.ledger import Ledger
from bazafarin.adapters.delivery.mapping_file import MappingReader
from bazafarin.domain.errors import MappingError

from .conftest import lots, problems


@pytest.fixture
def with_mapping(write, tmp_path):
    def _read(text, frame=None):
        path = write(
            lots(KARBARI=["101", "102", "999", None], ARSE=[2152.78] * 4)
            if frame is None
            else frame
        )
        mapping = tmp_path / "map.toml"
        mapping.write_text(text, encoding="utf-8")
        return read_city(path, mapping=mapping)

    return _read


def test_fields_units_codes_and_constants_are_mapped(with_mapping):
    city = with_mapping("""
        [city]
        name_fa = "شهر آزمون"
        synthetic = true
        [layers.parcels.fields]
        use = { field = "KARBARI", codes = "mine" }
        land_area_m2 = { field = "ARSE", unit = "sqft" }
        ownership = { constant = "waqf" }
        [codes.mine]
        "101" = "residential"
        "102" = "green"
        "*" = "unknown"
    """)

    assert city.name_fa == "شهر آزمون"
    assert city.synthetic
    assert city.parcels["use"].tolist() == ["residential", "green", "unknown", "unknown"]
    assert city.parcels["land_area_m2"].tolist() == pytest.approx([200.0] * 4, rel=1e-4)
    assert (city.parcels["ownership"] == "waqf").all()
    assert problems(city, "reading.code.rest")[0].rows == (3,)


def test_a_column_can_be_left_unknown(with_mapping):
    city = with_mapping("layers.parcels.fields.land_area_m2 = false")

    assert city.parcels["land_area_m2"].isna().all()


@pytest.mark.parametrize(
    ("text", "where", "nearest"),
    [
        ("[citi]", "citi", "city"),
        ("[layers.parcel]", "layers.parcel", "parcels"),
        ("[layers.parcels.fields]\nflors = 'ARSE'", "layers.parcels.fields.flors", "floors"),
        ("[layers.parcels.fields]\nuse = 'KARBARY'", "layers.parcels.fields.use", "KARBARI"),
        ("[layers.parcels]\nsorce = 'x'", "layers.parcels.sorce", "source"),
        (
            "[layers.parcels.fields]\nland_area_m2 = { field = 'ARSE', unit = 'sqfeet' }",
            "layers.parcels.fields.land_area_m2.unit",
            "sqft",
        ),
        (
            "[layers.parcels.fields]\nbuilt_sh = { field = 'ARSE', calendar = 'gregorain' }",
            "layers.parcels.fields.built_sh.calendar",
            "gregorian",
        ),
        ("[codes.use]\n1 = 'residental'", "codes.use.1", "residential"),
        (
            "codes.a.1 = 'x'\n[layers.parcels.fields]\nuse = { field = 'KARBARI', codes = 'aa' }",
            "layers.parcels.fields.use.codes",
            "a",
        ),
        (
            "[layers.parcels]\nrows = { field = 'KARBARY', only = ['101'] }",
            "layers.parcels.rows.only",
            "KARBARI",
        ),
        (
            "[layers.parcels]\nrows = { feild = 'KARBARI', field = 'KARBARI', except = ['101'] }",
            "layers.parcels.rows.feild",
            "field",
        ),
        ("[layers.parcels]\nlayer = 'parcel'", None, "parcels"),
        ("[layers.blocks]\nsource = 'citi.gpkg'", None, "city.gpkg"),
    ],
)
def test_a_misspelt_name_is_told_with_where_and_the_nearest(with_mapping, text, where, nearest):
    with pytest.raises(MappingError) as caught:
        with_mapping(text)

    assert caught.value.facts.get("where") == where
    assert caught.value.facts["nearest"] == nearest
    assert nearest in wording.error_text(caught.value, "en")


def test_the_example_of_the_manual_is_right():
    manual = (Path(__file__).resolve().parents[3] / "docs" / "mapping.md").read_text("utf-8")
    example = re.search(r"```toml\n(.*?)```", manual, re.DOTALL)[1]
    ledger = Ledger()

    mapping = MappingReader("manual.toml", ledger).read(tomllib.loads(example))

    assert ledger.problems == ()
    assert set(mapping.layers) == {"parcels", "facilities"}
    assert mapping.tables[0].rows.fields["built_sh"].counted_in == 1395


def test_all_mistakes_are_told_at_once(with_mapping):
    with pytest.raises(MappingError, match=r"reading\.several") as caught:
        with_mapping("""
            [layers.parcels.fields]
            flors = "ARSE"
            use = "KARBARY"
            land_area_m2 = { field = "ARSE", unit = "acres" }
            [codes.use]
            "101" = "resident"
        """)

    assert len(caught.value.problems) == 4
    assert caught.value.facts["number"] == 4


@pytest.mark.parametrize(
    "text",
    [
        "[city]\nutm_zone = 99",
        "[city]\ncrs = 'EPSG:nowhere'",
        "[city]\nsynthetic = 'yes'",
        "[city]\nother_layers = 'ignore'",
        "layers = 3",
        "[layers.parcels.fields]\nuse = { constant = 'green', field = 'KARBARI' }",
        "[layers.parcels.fields]\nbuilt_sh = { field = 'ARSE', calendar = 'age' }",
        "[[tables]]\nname = 'x'",
    ],
)
def test_a_value_that_cannot_be_is_a_mapping_error(with_mapping, text):
    with pytest.raises(MappingError):
        with_mapping(text)


def test_a_mapping_that_is_no_toml_says_where(with_mapping):
    with pytest.raises(MappingError, match=r"reading\.mapping\.no_toml") as caught:
        with_mapping("[city\nname = 1")

    assert "line 1" in caught.value.facts["reason"]


def test_a_missing_mapping_is_named(write, tmp_path):
    with pytest.raises(MappingError, match=r"reading\.mapping\.unreadable"):
        read_city(write(lots()), mapping=tmp_path / "none.toml")


def test_several_sources_make_one_layer_with_rows_numbered_on(write, tmp_path):
    path = write(lots())
    for name in ("a", "b"):
        write(lots(2).assign(geometry=lots(2).centroid), f"{name}.gpkg", name)
    mapping = tmp_path / "map.toml"
    mapping.write_text("""
        [[layers.facilities]]
        source = "a.gpkg"
        fields.service = { constant = "education" }
        [[layers.facilities]]
        source = "b.gpkg"
        fields.service = { constant = "health" }
    """)

    facilities = read_city(path, mapping=mapping).facilities

    assert facilities.index.tolist() == [1, 2, 3, 4]
    assert facilities["service"].tolist() == ["education", "education", "health", "health"]


def test_layers_that_the_mapping_does_not_name_can_be_left(write, tmp_path):
    write(lots(), "d/parcels.gpkg")
    write(lots().rename(columns={"parcel_id": "block_id"}), "d/blocks.gpkg", "blocks")
    mapping = tmp_path / "map.toml"
    mapping.write_text("city.other_layers = 'leave'\nlayers.parcels.source = 'parcels.gpkg'")

    assert read_city(tmp_path / "d", mapping=mapping).blocks is None
    assert read_city(tmp_path / "d").blocks is not None


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[layers.parcels]\nencoding = 'klingon'", "value", "layers.parcels.encoding"),
        (
            "codes.mine.101 = 'residental'\nlayers.parcels.fields.use = { codes = 'mine' }",
            "unknown_name",
            "codes.mine.101",
        ),
        (
            "[layers.parcels.fields]\nuse = { constant = 'residental' }",
            "unknown_name",
            "layers.parcels.fields.use.constant",
        ),
        (
            "layers.parcels.fields.built_sh = { calendar = 'age', counted_in = 95 }",
            "value",
            "layers.parcels.fields.built_sh.counted_in",
        ),
        ("[city]\ncrs = 'EPSG:32639'\nutm_zone = 40", "crs_or_zone", "city"),
        ("[codes.use]\n'مسكوني' = 'green'\n'مسکونی' = 'sport'", "code_twice", "codes.use.مسکونی"),
        (
            "[[tables]]\nname = 'parcels'\nsource = 'a.csv'\nkey = 'A'",
            "name_taken",
            "tables[1].name",
        ),
    ],
)
def test_a_mistake_that_would_pass_in_silence_is_told(with_mapping, text, code, where):
    with pytest.raises(MappingError) as caught:
        with_mapping(text)

    told = [(p.code, p.facts["where"]) for p in caught.value.problems if "where" in p.facts]
    assert (f"reading.mapping.{code}", where) in told


def test_two_tables_of_one_name_are_told(with_mapping):
    table = "[[tables]]\nname = 'b'\nsource = 'a.csv'\nkey = 'A'\n"

    with pytest.raises(MappingError) as caught:
        with_mapping(table * 2)

    assert "reading.mapping.name_taken" in {p.code for p in caught.value.problems}


def test_a_persian_constant_is_a_code(with_mapping):
    city = with_mapping("[layers.parcels.fields]\nuse = { constant = 'مسكوني' }")

    assert (city.parcels["use"] == "residential").all()


def test_a_mapping_nested_without_end_is_told(with_mapping):
    with pytest.raises(MappingError) as caught:
        with_mapping("a = " + "[" * 5000 + "]" * 5000)

    assert caught.value.code == "reading.mapping.too_deep"


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_mistake_stands_in_the_message_itself(with_mapping, language):
    with pytest.raises(MappingError) as caught:
        with_mapping("[citi]\n[layers.parcel]\n")

    message = wording.error_text(caught.value, language)
    assert "citi" in message
    assert "layers.parcel" in message
