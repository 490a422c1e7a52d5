"""Where the tiles of the test town lie, and what they hold when they are read back."""

from __future__ import annotations

import math

import mapbox_vector_tile
import pyproj
import shapely
from shapely.geometry import shape

from bazafarin.web.maps.tile_square import EXTENT, Tile
from web_town import CRS, EAST, NORTH


def tile_at(zoom: int, x: float = EAST + 30, y: float = NORTH + 7) -> Tile:
    """Return the tile in which a point of the town lies."""
    lon, lat = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True).transform(x, y)
    many = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return Tile(zoom, int((lon + 180) / 360 * many), int(row * many))


def read(body: bytes):
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}) if body else {}


def on_the_ground(feature, where: Tile):
    """Return a feature's shape in the town's own metres."""
    west, north = where.corner
    step = where.size_m / EXTENT
    back = pyproj.Transformer.from_crs(3857, CRS, always_xy=True)
    return shapely.transform(
        shape(feature["geometry"]),
        lambda x, y: back.transform(west + x * step, north - y * step),
        interleaved=False,
    )


def address(city, where: Tile, edition: int = 1, more: str = "") -> str:
    return f"/maps/{city.pk}/tiles/{edition}/{where.z}/{where.x}/{where.y}.mvt{more}"


def whole_tile(client, city, zoom: int = 16, edition: int = 1):
    """Return by key what the town's parcels carry in the tiles about it, and what else is there."""
    middle = tile_at(zoom)
    layers: dict[str, dict] = {}
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            where = Tile(zoom, middle.x + across, middle.y + down)
            found = read(client.get(address(city, where, edition)).content)
            for name, layer in found.items():
                for feature in layer["features"]:
                    layers.setdefault(name, {})[feature["id"]] = feature["properties"]
    return layers
