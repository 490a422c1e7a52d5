"""Streets and rivers among the parcels are set aside and said so; parks and barracks are not."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from bazafarin.adapters.delivery import read_city, rejected_table

from .conftest import EAST, NORTH, problems

LOT_M = 20.0
BLOCKS, LOTS = 4, 5


def _town(extra: list[tuple[str | None, shapely.Geometry]]) -> gpd.GeoDataFrame:
    """Sixteen blocks of 25 lots of 400 m², parted by streets of 10 m, and what is added."""
    step = LOTS * LOT_M + 10
    shapes = [
        shapely.box(x, y, x + LOT_M, y + LOT_M)
        for column in range(BLOCKS)
        for row in range(BLOCKS)
        for x in (EAST + column * step + LOT_M * n for n in range(LOTS))
        for y in (NORTH + row * step + LOT_M * n for n in range(LOTS))
    ]
    uses = ["residential"] * len(shapes) + [use for use, _ in extra]
    return gpd.GeoDataFrame(
        {"use": uses}, geometry=shapes + [shape for _, shape in extra], crs=32639
    )


def _network() -> shapely.Geometry:
    side = BLOCKS * (LOTS * LOT_M + 10) - 10
    lots = shapely.union_all(_town([]).geometry.to_numpy())
    return shapely.difference(shapely.box(EAST, NORTH, EAST + side, NORTH + side), lots)


SIDE = BLOCKS * (LOTS * LOT_M + 10) - 10
LANE = shapely.box(EAST + 100, NORTH, EAST + 110, NORTH + SIDE)
PARK = shapely.box(EAST - 300, NORTH, EAST, NORTH + SIDE)


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (None, "reading.street.by_shape"),
        ("transport", "reading.street.by_use"),
        ("معابر", "reading.street.by_word"),
        ("خيابان", "reading.street.by_word"),
        ("رودخانه", "reading.street.water"),
    ],
)
def test_a_street_network_is_set_aside_with_its_reason(write, use, reason):
    frame = _town([(use, _network())])

    city = read_city(write(frame))

    rejected = rejected_table(city.problems)
    assert rejected[["row", "reason"]].values.tolist() == [[len(frame), reason]]
    assert len(city.parcels) == len(frame) - 1


def test_the_streets_found_are_the_carriageways_where_none_came(write):
    frame = _town([("معبر", _network())])

    city = read_city(write(frame))

    assert city.carriageways.index.tolist() == [len(frame)]
    assert city.carriageways["passage_id"].isna().all()
    assert city.carriageways.area.iloc[0] == pytest.approx(_network().area)
    assert problems(city, "reading.street.as_carriageways")
    assert city.sources["carriageways"].path == "city.gpkg"


def test_a_river_is_no_carriageway(write):
    assert read_city(write(_town([("رودخانه", LANE)]))).carriageways is None


def test_carriageways_that_came_are_not_replaced(write, tmp_path):
    write(_town([("معبر", _network())]), "d/parcels.gpkg")
    own = gpd.GeoDataFrame({"passage_id": ["a"]}, geometry=[LANE], crs=32639)
    write(own, "d/carriageways.gpkg", "carriageways")

    assert read_city(tmp_path / "d").carriageways["passage_id"].tolist() == ["a"]


@pytest.mark.parametrize("use", [None, "green", "military", "پادگان", "transport", "residential"])
def test_a_big_park_or_barracks_stays_a_parcel(write, use):
    frame = _town([(use, PARK)])

    city = read_city(write(frame))

    assert len(city.parcels) == len(frame)
    assert city.carriageways is None


@pytest.mark.parametrize("use", ["green", "commercial", "equipment"])
def test_a_strip_of_known_use_stays_a_parcel(write, use):
    # A promenade or a bazaar: as drawn out as a street, and touched by forty lots.
    frame = _town([(use, LANE)])

    assert len(read_city(write(frame)).parcels) == len(frame)


def test_a_warehouse_with_few_neighbours_stays_a_parcel(write):
    yard = shapely.box(EAST - 100, NORTH, EAST, NORTH + 12)

    frame = _town([("transport", yard)])

    assert len(read_city(write(frame)).parcels) == len(frame)
