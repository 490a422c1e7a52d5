"""Files as they stand: sheets, curves, open rings, missing parts, odd tables."""

from __future__ import annotations

import sqlite3
import struct

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from bazafarin.adapters import wording
from bazafarin.adapters.delivery import read_city, rejected_table, source_file
from bazafarin.domain.errors import DeliveryError

from .conftest import EAST, NORTH, lots, problems


def test_a_sheet_with_coordinates_gives_points(write, tmp_path):
    write(lots(), "parcels.gpkg")
    book = openpyxl.Workbook()
    for row in (
        ["نوع خدمت", "x", "y", "ظرفیت"],
        ["درمانی", EAST, NORTH, "۱۲۰"],
        ["ورزشی", None, NORTH, 5],
    ):
        book.active.append(row)
    book.active.title = "خدمات"
    book.save(tmp_path / "khadamat.xlsx")

    city = read_city(tmp_path)

    assert city.facilities["service"].tolist() == ["health"]
    assert city.facilities["capacity"].tolist() == [120.0]
    assert rejected_table(city.problems).to_numpy().tolist() == [
        ["facilities", 2, "reading.geometry.missing"]
    ]


def test_curves_become_lines(write):
    path = write(lots(2))
    arc = [
        (EAST, NORTH),
        (EAST + 10, NORTH + 10),
        (EAST + 20, NORTH),
        (EAST + 10, NORTH - 10),
        (EAST, NORTH),
    ]
    ring = struct.pack("<BII", 1, 8, len(arc)) + b"".join(struct.pack("<dd", *xy) for xy in arc)
    polygon = b"GP\x00\x01" + struct.pack("<i", 32639) + struct.pack("<BII", 1, 10, 1) + ring
    with sqlite3.connect(path) as base:
        for (trigger,) in base.execute("select name from sqlite_master where type = 'trigger'"):
            base.execute(f'drop trigger "{trigger}"')
        base.execute("update parcels set geom = ? where fid = 2", (polygon,))
    base.close()

    city = read_city(path)

    assert city.parcels.area.loc[2] == pytest.approx(np.pi * 100, rel=0.01)


def test_an_open_ring_is_closed_and_the_warning_told(tmp_path):
    ring = [[51.0, 35.7], [51.001, 35.7], [51.001, 35.701]]
    (tmp_path / "parcels.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},'
        f' "geometry": {{"type": "Polygon", "coordinates": [{ring}]}}}}]}}'
    )

    city = read_city(tmp_path)

    assert city.parcels.is_valid.all()
    assert problems(city, "reading.gdal_said")


def test_topojson_without_a_system_is_in_degrees(write, tmp_path):
    write(lots().to_crs(4326), "parcels.gpkg")
    (tmp_path / "roadways.topojson").write_text(
        '{"type": "Topology",'
        ' "arcs": [[[51, 35.69], [51.001, 35.69], [51.001, 35.691], [51, 35.69]]],'
        ' "objects": {"roadways": {"type": "GeometryCollection", "geometries":'
        ' [{"type": "Polygon", "arcs": [[0]], "properties": {"id": "a"}}]}}}'
    )

    city = read_city(tmp_path)

    assert city.crs == "EPSG:32639"
    assert city.carriageways.geometry.iloc[0].distance(shapely.Point(EAST, NORTH)) < 1000
    assert problems(city, "reading.crs.topojson")


def test_a_shapefile_without_its_index_names_what_is_missing(write):
    path = write(lots(), "parcels.shp")
    path.with_suffix(".shx").unlink()

    with pytest.raises(DeliveryError, match=r"reading\.unreadable") as caught:
        read_city(path)

    assert "parcels.shx" in caught.value.facts["reason"]


def test_a_shapefile_without_its_table_has_parcels_without_attributes(write):
    path = write(lots(), "parcels.shp")
    path.with_suffix(".dbf").unlink()

    city = read_city(path)

    assert len(city.parcels) == 4
    assert problems(city, "reading.id.all_made")


def test_an_empty_table_beside_the_parcels_is_told(write, tmp_path):
    write(lots(), "parcels.gpkg")
    (tmp_path / "nothing.csv").write_text("")

    city = read_city(tmp_path)

    assert problems(city, "reading.unreadable")[0].facts["file"] == "nothing.csv"


def test_a_table_in_place_of_a_map_is_named(tmp_path):
    (tmp_path / "parcels.csv").write_text("parcel_id,floors\n1,2\n")

    with pytest.raises(DeliveryError, match=r"reading\.no_geometry|reading\.no_parcels"):
        read_city(tmp_path)


def test_parquet_is_read_with_its_system(tmp_path):
    lots().to_parquet(tmp_path / "parcels.parquet")

    assert read_city(tmp_path).crs == "EPSG:32639"


def test_parquet_may_call_its_geometry_what_it_will(tmp_path):
    lots().rename_geometry("geom").to_parquet(tmp_path / "parcels.parquet")

    assert len(read_city(tmp_path / "parcels.parquet").parcels) == 4


def test_parquet_without_geometry_is_a_table(tmp_path):
    pd.DataFrame({"parcel_id": ["1"]}).to_parquet(tmp_path / "parcels.parquet")

    (layer,) = source_file.file_layers(tmp_path / "parcels.parquet")

    assert layer.geometry == ""


def test_a_table_of_wkt_is_a_layer(tmp_path):
    table = pd.DataFrame({"parcel_id": ["a", "b"], "WKT": [*lots(1).geometry.to_wkt(), "POLYG"]})
    table.to_csv(tmp_path / "parcels.csv", index=False)

    city = read_city(tmp_path / "parcels.csv")

    assert city.parcels["parcel_id"].tolist() == ["a"]
    assert problems(city, "reading.shapes_of_table")
    assert problems(city, "reading.geometry.missing")[0].rows == (2,)


def test_coordinates_of_a_table_may_stand_in_persian_digits(write, tmp_path):
    path = write(lots())
    (tmp_path / "facilities.csv").write_text(
        "facility_id,service,x,y\n1,مدرسه,۵۰۰۰۱۰,۳۹۵۰۰۰۵/۵\n", encoding="utf-8"
    )

    city = read_city(path, layers={"facilities": tmp_path / "facilities.csv"})

    assert (city.facilities.geometry.x.item(), city.facilities.geometry.y.item()) == (
        500_010.0,
        3_950_005.5,
    )


def test_a_table_that_was_cut_ends_the_reading_and_drops_no_row(write):
    path = write(lots(8), "parcels.shp")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[:-200])

    with pytest.raises(DeliveryError) as caught:
        read_city(path)

    assert caught.value.code == "reading.table_cut"
    assert caught.value.facts["rows"] < caught.value.facts["shapes"] == 8


def test_a_missing_table_is_told(write):
    path = write(lots(), "parcels.shp")
    path.with_suffix(".dbf").unlink()

    city = read_city(path)

    assert len(city.parcels) == 4
    assert problems(city, "reading.no_table")


def test_a_delivery_with_no_file_in_it_finds_none(tmp_path):
    with pytest.raises(DeliveryError) as caught:
        read_city(tmp_path)

    assert "Layers found: none; files not read: none" in wording.error_text(caught.value, "en")


def test_wkt_that_cannot_be_read_is_one_clear_message(tmp_path):
    (tmp_path / "parcels.csv").write_text(
        'parcel_id,WKT\n1,"CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))"\n'
    )

    with pytest.raises(DeliveryError, match=r"reading\.unreadable"):
        read_city(tmp_path / "parcels.csv")
