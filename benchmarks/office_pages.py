"""A parcel's page, the search, and a z16 tile of a large city, asked one after another.

    python benchmarks/office_pages.py --parcels 750000 --database sqlite

Each address is asked once, so nothing is cached. The ratio is the worst of: p95 of a parcel's
page over 200 ms, of a search over 200 ms, of a tile over 100 ms; at most 1.
"""

from __future__ import annotations

import argparse
import math
import random
import sqlite3
import time

import pyproj

import office_site
from office_site import Visitor, p95, served
from towns import quiet

PORT = 8093
ASKED = 200
PAGE_MS, SEARCH_MS, TILE_MS = 200.0, 200.0, 100.0


def main() -> None:
    """Serve the site, ask, print the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=750_000)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = arguments.parse_args()
    with served(options.parcels, options.database, workers=1, port=PORT) as data:
        drawn = places(data, options.database)
        visitor = Visitor(data, PORT)
        for warm in drawn[:5]:
            visitor.timed(parcel_address(warm))
        pages = [visitor.timed(parcel_address(each)) for each in drawn]
        chance = random.Random(2)
        searches = [
            visitor.timed(f"/places/cities/1/parcels/?q={key[: chance.randint(3, len(key))]}")
            for key, _, _ in drawn
        ]
        tiles = [visitor.timed(tile_address(x, y)) for x, y in tile_numbers(drawn)]
        if options.database == "postgresql":
            _compare(tiles, tile_numbers(drawn))
    said = ((pages, "a parcel's page", PAGE_MS), (searches, "a search", SEARCH_MS),
            (tiles, "a z16 tile", TILE_MS))  # fmt: skip
    for took, what, most in said:
        print(
            f"{what}: p95 {p95(took):.0f} ms of {most:.0f} ms,"
            f" median {p50(took):.0f} ms, {len(took)} asked"
        )
    print(f"  {options.parcels:,} parcels on {options.database}; {quiet()}")
    print(f"ratio: {max(p95(took) / most for took, _, most in said):.2f}")


TILE_BY_POSTGIS = """
SELECT ST_AsMVT(made, 'parcels', 4096, 'shape') FROM (
    SELECT id, use, floors, structure, quality, key,
        ST_AsMVTGeom(ST_Transform(geometry, 3857), ST_TileEnvelope(16, %(x)s, %(y)s)) AS shape
    FROM places_parcel
    WHERE city_id = 1 AND since <= 1 AND (until IS NULL OR until > 1)
        AND geometry && ST_Transform(ST_TileEnvelope(16, %(x)s, %(y)s),
            (SELECT srid FROM places_city WHERE id = 1))
) AS made
"""
"""A tile of the parcels alone, without roles, passages, blocks and names, which ours has."""


def _compare(ours: list[float], tiles: list[tuple[int, int]]) -> None:
    """Print what PostGIS itself needs for the parcels of the same tiles."""
    import psycopg  # noqa: PLC0415 - only this database needs it

    took = []
    with psycopg.connect(office_site.environment("postgresql")["BAZAFARIN_DATABASE_URL"]) as known:
        for x, y in tiles:
            began = time.perf_counter()
            known.execute(TILE_BY_POSTGIS, {"x": x, "y": y}).fetchone()
            took.append((time.perf_counter() - began) * 1e3)
    print(
        f"ST_AsMVT of the parcels of the same tiles: p95 {p95(took):.0f} ms,"
        f" median {p50(took):.0f} ms; ours over it: {p95(ours) / p95(took):.2f} at p95,"
        f" {p50(ours) / p50(took):.2f} at the median"
    )


def p50(values: list[float]) -> float:
    """Return the median."""
    return sorted(values)[len(values) // 2]


def places(data: object, database: str) -> list[tuple[str, float, float]]:
    """Return parcels drawn by chance: code, and the middle in longitude and latitude."""
    words = (
        "SELECT key, (west + east) / 2, (south + north) / 2 FROM places_parcel"
        " WHERE until IS NULL ORDER BY id"
    )
    if database == "sqlite":
        with sqlite3.connect(f"file:{data}/site.sqlite3?mode=ro", uri=True) as connection:
            rows = connection.execute(words).fetchall()
            (crs,) = connection.execute("SELECT crs FROM places_city WHERE id = 1").fetchone()
    else:
        import psycopg  # noqa: PLC0415 - only this database needs it

        url = office_site.environment(database)["BAZAFARIN_DATABASE_URL"]
        with psycopg.connect(url) as connection:
            rows = connection.execute(words).fetchall()
            found = connection.execute("SELECT crs FROM places_city WHERE id = 1").fetchone()
            assert found is not None
            (crs,) = found
    drawn = random.Random(1).sample(rows, min(ASKED, len(rows)))
    turn = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    return [(key, *turn.transform(x, y)) for key, x, y in drawn]


def parcel_address(place: tuple[str, float, float]) -> str:
    """Return the address of a parcel's page."""
    return f"/places/cities/1/parcels/{place[0]}/"


def tile_numbers(drawn: list[tuple[str, float, float]]) -> list[tuple[int, int]]:
    """Return the z16 tiles that the places lie in, each once."""
    size = 2**16
    found = {
        (
            int((longitude + 180) / 360 * size),
            int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * size),
        )
        for _, longitude, latitude in drawn
    }
    return sorted(found)


def tile_address(x: int, y: int) -> str:
    """Return the address of a z16 tile."""
    return f"/maps/1/tiles/1/16/{x}/{y}.mvt"


if __name__ == "__main__":
    main()
