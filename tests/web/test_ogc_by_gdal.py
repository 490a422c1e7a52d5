"""The features as QGIS reads them: by GDAL's own client of OGC API – Features, over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys

import pyogrio
import pytest

from bazafarin.web.accounts.actions import make_token
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places import actions
from bazafarin.web.places.models import City
from bazafarin.web.places.models.place import PlaceKind
from web_town import CRS, EAST, NORTH, delivered, layers, prepared, somebody, town

# the site is served to GDAL on this machine alone
pytestmark = [pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

CLIENT = """
import json, sys
import pyogrio
address, login, layer, out, asked = sys.argv[1:]
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BASIC", "GDAL_HTTP_USERPWD": login})
print(json.dumps([name for name, _ in pyogrio.list_layers(address)]))
asked = {name: tuple(value) for name, value in json.loads(asked).items()}
frame = pyogrio.read_dataframe(address, layer=layer, **asked)
pyogrio.write_dataframe(frame, out, driver="GPKG")
"""
"""A process of its own: GDAL waits for an answer with the interpreter in its hand."""


@pytest.fixture
def read(live_server, transactional_db, tmp_path):
    """Read the parcels as QGIS does, with a planner's token; return the layers offered, too."""
    place = actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="قدس", parent=None)
    city = City.objects.select_related("place").get(place=place)
    edition = prepared(city, delivered(tmp_path / "city.gpkg", layers(town())))
    actions.accept_edition(by=None, edition=edition)
    planner = somebody("planner", Role.PLANNER, place)
    _, words = make_token(by=planner, name="QGIS")

    def parcels(**asked):
        out = tmp_path / "read.gpkg"
        told = subprocess.run(
            [
                sys.executable, "-c", CLIENT, f"OAPIF:{live_server.url}/ogc/", f"planner:{words}",
                f"city-{city.pk}-parcels", str(out), json.dumps(asked),
            ],
            capture_output=True, check=False, text=True, timeout=60,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout), pyogrio.read_dataframe(out)

    return parcels


def test_gdal_reads_the_layers_in_the_citys_own_system(read) -> None:
    offered, parcels = read()

    assert any(name.endswith("-passages") for name in offered)
    assert parcels.crs == CRS
    held = {parcel["parcel_id"]: parcel["geometry"] for parcel in town()}
    assert set(parcels["parcel_id"]) == set(held)
    for name, shape in zip(parcels["parcel_id"], parcels.geometry, strict=True):
        assert shape.symmetric_difference(held[name]).area < 0.01


def test_gdal_reads_what_lies_in_a_box(read) -> None:
    _, found = read(bbox=(EAST + 1, NORTH + 1, EAST + 12, NORTH + 5))

    assert set(found["parcel_id"]) == {"1-1-1-0", "1-1-2-0"}
