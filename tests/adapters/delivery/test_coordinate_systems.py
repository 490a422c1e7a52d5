"""Coordinate systems: stated, missing, old, geographic, in feet, impossible."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bazafarin.adapters.delivery import read_city
from bazafarin.domain.errors import DeliveryError
from bazafarin.domain.problem import Severity

from .conftest import EAST, NORTH, lots, problems


def _line(crs: object) -> gpd.GeoDataFrame:
    line = shapely.LineString([(EAST, NORTH - 3), (EAST + 40, NORTH - 3)])
    return gpd.GeoDataFrame({"id": [1]}, geometry=[line], crs=32639).to_crs(crs)


@pytest.mark.parametrize(
    "crs", [4326, 3857, 2059, 4154, "+proj=utm +zone=39 +datum=WGS84 +units=us-ft"]
)
def test_what_is_not_fit_to_measure_in_goes_to_utm(write, crs):
    city = read_city(write(lots().to_crs(crs)))

    assert city.crs == "EPSG:32639"
    assert np.allclose(city.parcels.area, 200.0, rtol=1e-3)
    assert problems(city, "reading.crs.transformed")


def test_the_old_datum_is_a_real_shift(write):
    moved = lots().set_crs(2059, allow_override=True)

    city = read_city(write(moved))

    # ED50(ED77) to WGS 84 around Tehran: one to two hundred metres.
    shift = city.parcels.geometry.iloc[0].centroid.distance(moved.geometry.iloc[0].centroid)
    assert 50 < shift < 300


def test_a_projected_system_in_metres_is_kept(write):
    city = read_city(write(lots().to_crs(32640)))

    assert city.crs == "EPSG:32640"


def test_a_missing_system_is_guessed_loudly(write):
    city = read_city(write(lots().set_crs(None, allow_override=True), "parcels.shp"))

    (told,) = problems(city, "reading.crs.guessed")
    assert told.facts["crs"] == city.crs == "EPSG:32639"


def test_a_missing_system_is_that_of_the_other_layers(write, tmp_path):
    write(lots().set_crs(None, allow_override=True), "parcels.shp")
    line = _line(32639).set_crs(32640, allow_override=True)
    write(line, "passages.gpkg", "passages")
    # The parcels' numbers stand in zone 40 here.
    city = read_city(tmp_path)

    assert city.crs == "EPSG:32640"
    assert problems(city, "reading.crs.of_neighbour")


def test_a_missing_system_is_that_of_the_mapping(write, tmp_path):
    path = write(lots().set_crs(None, allow_override=True), "parcels.shp")
    mapping = tmp_path / "map.toml"
    mapping.write_text("[city]\nutm_zone = 38\n")

    city = read_city(path, mapping=mapping)

    assert city.crs == "EPSG:32638"
    assert problems(city, "reading.crs.of_mapping")


def test_degrees_without_a_system_are_degrees(write):
    path = write(lots().to_crs(4326).set_crs(None, allow_override=True), "parcels.shp")

    city = read_city(path)

    assert city.crs == "EPSG:32639"
    assert np.allclose(city.parcels.area, 200.0, rtol=1e-3)
    assert problems(city, "reading.crs.degrees")


@pytest.mark.parametrize("crs", [4326, 32618 + 5])
def test_a_system_that_cannot_be_ends_the_reading(write, crs):
    frame = lots() if crs == 4326 else lots().to_crs(4326)

    with pytest.raises(DeliveryError, match=r"reading\.crs\.impossible"):
        read_city(write(frame.set_crs(crs, allow_override=True)))


def test_coordinates_of_no_known_system_end_the_reading(write):
    far = lots().translate(1e7, 1e7)
    frame = lots().set_geometry(far).set_crs(None, allow_override=True)

    with pytest.raises(DeliveryError, match=r"reading\.crs\.unknown"):
        read_city(write(frame, "parcels.shp"))


def test_one_stray_row_is_rejected_and_not_the_delivery(write):
    frame = lots(20).to_crs(4326)
    frame.loc[7, "geometry"] = shapely.box(500, 500, 501, 501)

    city = read_city(write(frame))

    (told,) = problems(city, "reading.geometry.out_of_reach")
    assert told.rows == (8,)


def _swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(shapely.transform(frame.geometry.values, lambda xy: xy[:, ::-1]))


@pytest.mark.parametrize("is_stated", [True, False])
def test_degrees_with_the_latitude_first_are_turned_and_told(write, is_stated):
    frame = _swapped(lots().to_crs(4326))
    path = write(frame if is_stated else frame.set_crs(None, allow_override=True), "parcels.shp")

    city = read_city(path)

    assert city.crs == "EPSG:32639"
    assert np.allclose(city.parcels.area, 200.0, rtol=1e-3)
    assert problems(city, "reading.crs.swapped")


def test_a_city_that_the_mapping_puts_in_russia_is_left_there(write, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('[layers.parcels]\ncrs = "EPSG:4326"\n')

    city = read_city(write(_swapped(lots().to_crs(4326))), mapping=mapping)

    assert city.crs == "EPSG:32636"
    assert not problems(city, "reading.crs.swapped")


def test_a_layer_in_a_wrong_zone_ends_the_reading(write):
    path = write(lots())
    write(_line(32639).set_crs(32640, allow_override=True), layer="passages")

    with pytest.raises(DeliveryError) as caught:
        read_city(path)

    assert caught.value.code == "reading.crs.elsewhere"
    assert caught.value.facts["layer"] == "passages"


def test_a_row_far_from_the_city_is_rejected_with_its_distance(write):
    frame = lots(6)
    frame.loc[1, "geometry"] = shapely.box(0, 0, 10, 10)

    city = read_city(write(frame))

    (told,) = problems(city, "reading.geometry.astray")
    assert (told.rows, told.values) == ((2,), ("3982 km",))
    assert told.severity is Severity.REJECTED
    assert city.parcels.index.tolist() == [1, 3, 4, 5, 6]


def test_coordinates_that_are_nowhere_on_earth_are_rejected(write):
    frame = lots()
    frame.loc[1, "geometry"] = shapely.box(1e300, 0, 1e301, 1e300)

    city = read_city(write(frame))

    (told,) = problems(city, "reading.geometry.out_of_reach")
    assert told.rows == (2,)
