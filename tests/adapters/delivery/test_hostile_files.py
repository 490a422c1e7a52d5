"""Files that would lead the reader to other files of this machine, or to the network."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import geopandas as gpd
import pyogrio
import pytest
import shapely

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.delivery.drivers import EVERYDAY, LINKS, NEVER, Formats, keep_to_files
from bazafarin.adapters.delivery.source_file import file_layers
from bazafarin.cli import main
from bazafarin.domain.errors import DeliveryError

SECRET = "what nobody sent"  # noqa: S105 - of a test's own file


def virtual(target) -> str:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="secret">'
        f"<SrcDataSource>{target}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def algorithm(target) -> str:
    command = f"gdal vector pipeline ! read {target}"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command})


def mapping(source) -> str:
    return f'[layers.parcels]\nsource = "{source}"\nlayer = "secret"\n'


def service(target) -> str:
    return f"<OGRWFSDataSource><URL>{target}</URL></OGRWFSDataSource>"


def a_point(crs) -> str:
    feature = {
        "type": "Feature", "properties": {"a": 1},
        "geometry": {"type": "Point", "coordinates": [51.4, 35.7]},
    }  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]})


def linked(target) -> str:
    return a_point({"type": "link", "properties": {"href": target, "type": "proj4"}})


def schema(target) -> str:
    at = f"{target}?SERVICE=WFS&amp;VERSION=1.0.0&amp;REQUEST=DescribeFeatureType"
    return (
        '<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"'
        ' xmlns:ogr="http://ogr/" xmlns:gml="http://www.opengis.net/gml"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="http://ogr/ {at}"><gml:featureMember><ogr:a fid="1">'
        "<ogr:n>1</ogr:n></ogr:a></gml:featureMember></wfs:FeatureCollection>"
    )


@pytest.fixture
def server(socket_enabled):
    """Give a server on this machine, with the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the server's own name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        made.asked = asked
        made.address = f"http://127.0.0.1:{made.server_port}"
        yield made
        made.shutdown()


@pytest.mark.parametrize("written", [virtual, algorithm])
@pytest.mark.parametrize("name", ["city.geojson", "city.json", "city.fgb", "city.gdalg.json"])
def test_a_file_that_points_to_another_is_not_followed(tmp_path, written, name) -> None:
    secret = tmp_path / "elsewhere" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(f"parcel_id,note\n1,{SECRET}\n", encoding="utf-8")
    (tmp_path / name).write_text(written(secret), encoding="utf-8")

    with pytest.raises(DeliveryError) as caught:
        read_city(tmp_path / name)

    told = [(caught.value.code, caught.value.facts), *caught.value.problems]
    assert SECRET not in str(told)
    with pytest.raises(pyogrio.errors.DataSourceError):
        pyogrio.list_layers(tmp_path / name)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("city.json", service), ("city.geojson", linked), ("city.gml", schema),
        ("city.geojson", lambda at: virtual(f"/vsicurl/{at}/a.csv")),
        ("city.geojson", lambda at: algorithm(f"/vsicurl/{at}/a.csv")),
    ],
)  # fmt: skip
def test_a_delivery_asks_nothing_of_the_network(
    tmp_path, monkeypatch, server, name, written
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / name).write_text(written(server.address), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from bazafarin.adapters.delivery import read_city\n"
        "from bazafarin.domain.errors import DeliveryError\n"
        "try: read_city(Path(sys.argv[1]))\nexcept DeliveryError: pass"
    )

    # in a process of its own, as the office reads deliveries
    subprocess.run([sys.executable, "-c", program, tmp_path / name], check=True)

    assert server.asked == []


@pytest.fixture
def everyday_again():
    """Leave GDAL as the other tests expect it, whatever this one asks for."""
    yield
    keep_to_files()


@pytest.mark.usefixtures("everyday_again")
def test_gdal_keeps_what_is_trusted_and_nothing_else() -> None:
    keep_to_files(Formats.LINKS)
    followed = set(pyogrio.list_drivers())
    keep_to_files(Formats.FILES)
    files = set(pyogrio.list_drivers())
    keep_to_files()
    everyday = set(pyogrio.list_drivers())

    assert everyday <= EVERYDAY
    assert {"GPKG", "ESRI Shapefile", "GeoJSON", "OpenFileGDB", "XLSX"} <= everyday
    assert everyday < files
    assert {"OSM", "MVT", "AVCE00", "S57"} <= files  # narrowed, then widened again
    assert followed - files == LINKS
    assert not followed & NEVER


@pytest.mark.usefixtures("everyday_again")
@pytest.mark.parametrize("written", [virtual, algorithm])
def test_links_are_followed_by_consent_alone(tmp_path, written) -> None:
    secret = tmp_path / "elsewhere" / "secret.csv"
    secret.parent.mkdir()
    secret.write_text(
        'parcel_id,WKT\n1,"POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0))"\n', encoding="utf-8"
    )
    pointing = tmp_path / "parcels.vrt"
    pointing.write_text(written(secret), encoding="utf-8")

    with pytest.raises(DeliveryError):
        read_city(pointing, formats=Formats.FILES)
    names = [layer.fields for layer in file_layers(pointing, Formats.LINKS)]

    assert names == [("parcel_id", "WKT")]


@pytest.mark.usefixtures("everyday_again")
def test_the_command_line_reads_a_format_that_the_site_does_not_take(tmp_path, capsys) -> None:
    """A vector tile archive: a format of GDAL that no delivery comes in."""
    keep_to_files(Formats.FILES)
    parcels = gpd.GeoDataFrame(
        {"parcel_id": ["1", "2"]},
        geometry=[shapely.box(51, 35, 51.5, 35.5), shapely.box(52, 35, 52.5, 35.5)],
        crs="EPSG:4326",
    )
    tiles = tmp_path / "parcels.mbtiles"
    parcels.to_file(tiles, driver="MBTiles", layer="parcels", MINZOOM=5, MAXZOOM=5)

    with pytest.raises(DeliveryError):
        read_city(tiles)
    status = main(["check", str(tiles), "--json"])

    assert status == 0, capsys.readouterr().err
    assert json.loads(capsys.readouterr().out)["layers"]["parcels"]["used"] == 2


@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_mapping_names_no_file_outside_its_delivery(tmp_path, is_absolute) -> None:
    inside = tmp_path / "delivery"
    inside.mkdir()
    (inside / "city.geojson").write_text(a_point(None), encoding="utf-8")
    secret = tmp_path / "secret.geojson"
    secret.write_text(a_point(None).replace('"a"', f'"{SECRET}"'), encoding="utf-8")
    rules = tmp_path / "mapping.toml"
    rules.write_text(mapping(secret if is_absolute else "../secret.geojson"), encoding="utf-8")

    with pytest.raises(DeliveryError) as caught:
        read_city(inside / "city.geojson", mapping=rules)

    assert next(each.code for each in caught.value.problems) == "reading.mapping.source_outside"
