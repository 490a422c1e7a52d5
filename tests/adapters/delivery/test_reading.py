"""Whole deliveries: what is used, what is rejected, and how it ends when nothing can be."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bazafarin.adapters import wording
from bazafarin.adapters.delivery import read_city, rejected_table
from bazafarin.domain.city import LAYERS, Kind
from bazafarin.domain.errors import DeliveryError, UsageError
from bazafarin.domain.problem import Severity

from .conftest import EAST, NORTH, lot, lots, problems


def test_a_clean_geopackage_is_used_whole(write):
    city = read_city(write(lots()))

    assert city.crs == "EPSG:32639"
    assert city.parcels.index.tolist() == [1, 2, 3, 4]
    assert city.problems == ()
    assert city.sources["parcels"].used == city.sources["parcels"].rows == 4
    assert city.sources["parcels"].path == "city.gpkg"
    assert not city.synthetic


def test_every_column_of_the_city_file_is_there_with_its_kind(write):
    frame = read_city(write(lots(built_sh=[1370, None, 1390, 1400]))).parcels

    kinds = {
        Kind.ID: "str", Kind.TEXT: "str", Kind.NUMBER: "float64", Kind.WHOLE: "float64",
        Kind.YEAR_SH: "float64", Kind.DATE: "datetime64[s]", Kind.BOOLEAN: "boolean",
        Kind.CODE: "category",
    }  # fmt: skip
    for column in LAYERS["parcels"].columns:
        assert frame[column.name].dtype == kinds[column.kind], column.name
    assert list(frame["use"].cat.categories) == [
        code.value for code in LAYERS["parcels"].column("use").codes
    ]
    assert (frame["use"] == "unknown").all()
    assert frame["built_sh"].isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("of_parcels", "of_layer"),
    [
        (["12", "13"], [12, 13]),
        ([12, 13], ["۱۲", "۱۳"]),
        ([12.0, 13.0], [" 12 ", "13"]),
        (["12.0", "13.0"], [12.0, 13.0]),
        (["محله\u0654 نو", "كوي"], ["محله نو", "کوی"]),
        (["محل\u06c0 نو", "کوی"], ["محله\u0654 نو", "كوي"]),
    ],
)
def test_ids_match_between_layers_whatever_their_types(write, of_parcels, of_layer):
    path = write(lots(2, block_id=of_parcels, neighbourhood_id=of_parcels))
    for layer, id_column in (("blocks", "block_id"), ("neighbourhoods", "neighbourhood_id")):
        drawn = lots(2, **{id_column: of_layer, "neighbourhood_id": of_layer})
        pyogrio.write_dataframe(drawn, path, layer=layer)

    city = read_city(path)

    assert city.parcels["block_id"].tolist() == city.blocks["block_id"].tolist()
    for layer in (city.parcels, city.blocks):
        assert (
            layer["neighbourhood_id"].tolist() == city.neighbourhoods["neighbourhood_id"].tolist()
        )


def test_a_folder_of_shapefiles_with_persian_names_is_read(write, tmp_path):
    write(lots().rename(columns={"parcel_id": "NOSAZI"}), "شهر/قطعات.shp", "قطعات")
    line = gpd.GeoDataFrame(
        {"ARZ": [6.5]},
        geometry=[shapely.LineString([(EAST, NORTH - 3), (EAST + 40, NORTH - 3)])],
        crs=32639,
    )
    write(line, "شهر/Maaber.shp", "Maaber")

    city = read_city(tmp_path / "شهر")

    assert city.parcels["parcel_id"].tolist() == ["3-1-1-1", "3-1-1-2", "3-1-1-3", "3-1-1-4"]
    assert city.passages["width_m"].tolist() == [6.5]
    assert {p.layer for p in problems(city, "reading.found_by_name")} == {"parcels", "passages"}


def test_a_zip_is_read_as_the_folder_in_it(write, tmp_path):
    write(lots(), "delivery/parcels.shp")
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in (tmp_path / "delivery").iterdir():
            file.write(part, f"تحویل/{part.name}")

    assert len(read_city(archive).parcels) == 4


def test_streets_delivered_as_polygons_are_carriageways(write, tmp_path):
    write(lots(), "parcels.gpkg")
    strip = gpd.GeoDataFrame(
        {"id": [1]}, geometry=[shapely.box(EAST, NORTH - 6, EAST + 40, NORTH)], crs=32639
    )
    write(strip, "roads.geojson", "roads")

    city = read_city(tmp_path)

    assert city.passages is None
    assert len(city.carriageways) == 1


def test_a_layer_that_is_no_layer_of_the_city_is_told(write, tmp_path):
    write(lots(), "parcels.gpkg")
    trees = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(EAST, NORTH)], crs=32639)
    write(trees, "derakht.gpkg", "derakht")

    city = read_city(tmp_path)

    assert [p.facts["file"] for p in problems(city, "reading.not_used")] == ["derakht.gpkg"]


def test_two_files_of_one_layer_end_the_reading_with_both_names(write, tmp_path):
    write(lots(), "a/parcels.shp")
    write(lots(), "b/parcels.shp")

    with pytest.raises(DeliveryError, match="which_file") as caught:
        read_city(tmp_path)

    assert caught.value.facts["files"] == "parcels.shp, parcels.shp"


def test_the_readers_own_path_for_a_layer_goes_first(write):
    city_file = write(lots())
    other = write(lots(2), "x.gpkg", "last_year")

    city = read_city(city_file, layers={"parcels": Path(f"{other}|last_year")})

    assert len(city.parcels) == 2


def test_a_misspelt_layer_name_names_the_nearest(write):
    with pytest.raises(UsageError) as caught:
        read_city(write(lots()), layers={"parcel": Path("x.gpkg")})

    assert caught.value.facts["nearest"] == "parcels"


def test_the_table_about_says_that_a_town_is_synthetic(write):
    path = write(lots())
    about = pd.DataFrame({"key": ["synthetic", "name_fa"], "value": ["true", "شهرك نمونه"]})
    pyogrio.write_dataframe(about, path, layer="about", append=True)

    city = read_city(path)

    assert city.synthetic
    assert city.name_fa == "شهرک نمونه"
    assert problems(city, "reading.not_used") == []


def test_no_delivery_is_one_clear_message(tmp_path):
    with pytest.raises(DeliveryError, match=r"reading\.no_delivery"):
        read_city(tmp_path / "nowhere.gpkg")


def test_a_file_that_is_no_map_is_named_without_the_machines_folders(tmp_path):
    (tmp_path / "parcels.gpkg").write_bytes(b"this is no database")

    with pytest.raises(DeliveryError, match=r"reading\.unreadable") as caught:
        read_city(tmp_path)

    assert str(tmp_path) not in wording.error_text(caught.value, "fa")


def test_a_delivery_without_parcels_names_what_was_found(write, tmp_path):
    line = gpd.GeoDataFrame(
        {"id": [1]}, geometry=[shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])], crs=32639
    )
    write(line, "maaber.gpkg", "maaber")

    with pytest.raises(DeliveryError, match=r"reading\.no_parcels") as caught:
        read_city(tmp_path)

    assert caught.value.facts["found"] == ("passages",)


def test_a_layer_without_a_usable_row_ends_with_every_rows_reason(write):
    frame = lots(2).set_geometry([None, shapely.Polygon()], crs=32639)

    with pytest.raises(DeliveryError, match=r"reading\.no_usable_row") as caught:
        read_city(write(frame))

    assert rejected_table(caught.value.problems)["reason"].tolist() == [
        "reading.geometry.missing",
        "reading.geometry.empty",
    ]


def test_stages_are_told_with_their_rows(write):
    told = []

    read_city(write(lots()), on_stage=lambda stage, rows: told.append((stage, rows)))

    assert told[0] == ("reading.stage.open", None)
    assert ("reading.stage.parcels", 4) in told
    assert all(wording.has(stage) for stage, _ in told)


def _bad(kind: str, place: int) -> object:
    x = EAST + place * 10
    ring = [(x, NORTH), (x + 10, NORTH + 20), (x + 10, NORTH), (x, NORTH + 20), (x, NORTH)]
    return {
        "good": lot(place),
        "null": None,
        "empty": shapely.Polygon(),
        "bow tie": shapely.Polygon(ring),
        "point": shapely.Point(x, NORTH),
        "line as polygon": shapely.Polygon([(x, NORTH), (x + 5, NORTH), (x, NORTH)]),
        "the first again": lot(0),
        "with holes and height": shapely.force_3d(lot(place), 5.0),
    }[kind]


_KINDS = (
    "good",
    "null",
    "empty",
    "bow tie",
    "point",
    "line as polygon",
    "the first again",
    "with holes and height",
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kinds=st.lists(st.sampled_from(_KINDS), max_size=12))
def test_used_and_rejected_rows_are_together_what_was_delivered(kinds, tmp_path):
    shapes = [lot(0), *(_bad(kind, place) for place, kind in enumerate(kinds, start=1))]
    frame = gpd.GeoDataFrame({"parcel_id": np.arange(len(shapes))}, geometry=shapes, crs=32639)
    path = tmp_path / "parcels.gpkg"
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(frame, path, layer="parcels", geometry_type="Unknown")

    city = read_city(path)

    rejected = rejected_table(city.problems)
    assert not rejected.duplicated(["layer", "row"]).any()
    assert set(city.parcels.index).isdisjoint(rejected["row"])
    assert set(city.parcels.index) | set(rejected["row"]) == set(range(1, len(shapes) + 1))
    assert city.parcels.is_valid.all()
    assert (city.parcels.area > 0).all()
    assert not city.parcels.has_z.any()


def test_every_problem_has_its_sentence_in_both_languages(write):
    frame = lots(use=["مسكوني", "؟؟", "x", None], floors=["2", "abc", "-1", "2/5"])
    city = read_city(write(frame))

    severities = {problem.severity for problem in city.problems}
    assert {Severity.UNKNOWN, Severity.MENDED} <= severities
    for problem in city.problems:
        assert all(wording.problem_text(problem, language) for language in ("fa", "en"))


def test_a_broken_zip_among_good_files_is_a_note(write):
    path = write(lots(), "city/parcels.gpkg")
    (path.parent / "backup.zip").write_bytes(b"no archive")

    city = read_city(path.parent)

    (told,) = problems(city, "reading.unreadable")
    assert (told.facts["file"], told.severity) == ("backup.zip", Severity.NOTE)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_zip_is_named(tmp_path, method):
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("parcels.geojson", "{}" * 4000)
    content = bytearray(archive.read_bytes())
    content[50:60] = b"damaged..."
    archive.write_bytes(content)

    with pytest.raises(DeliveryError, match=r"reading\.unreadable") as caught:
        read_city(archive)

    assert caught.value.facts["file"] == "delivery.zip"


def test_a_locked_zip_says_so(tmp_path):
    archive = tmp_path / "delivery.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("parcels.geojson", "{}")
    content = bytearray(archive.read_bytes())
    content[content.find(b"PK\1\2") + 8] |= 1
    archive.write_bytes(content)

    with pytest.raises(DeliveryError, match="password"):
        read_city(archive)


def test_folders_that_link_in_a_circle_are_entered_once(write):
    path = write(lots(), "city/parcels.gpkg")
    for name in ("a", "b", "c"):
        (path.parent / name).symlink_to(path.parent)

    assert len(read_city(path.parent).parcels) == 4


def test_the_plan_beside_the_delivery_is_no_part_of_it(write):
    path = write(lots(), "city/parcels.gpkg")
    plan = path.parent / "plan"
    write(lots(), "city/plan/plan.gpkg", "parcels")
    (plan / "reading_report.json").write_text("{}")

    city = read_city(path.parent)

    assert city.sources["parcels"].path == "parcels.gpkg"
    assert problems(city, "reading.of_a_plan")
