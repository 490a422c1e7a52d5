"""The town is one coverage, deterministic, and of the city file's own columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.adapters.synthetic_town import build_town
from bazafarin.domain.city import LAYERS, Kind
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town import Town


def test_the_same_seed_gives_the_same_town() -> None:
    one, other = (build_town(parcels=1_000, seed=5) for _ in range(2))

    for name, frame in one.frames.items():
        assert_geodataframe_equal(frame, other.frames[name])
    assert one.truth.to_json() == other.truth.to_json()


def test_another_seed_gives_another_town() -> None:
    one, other = (build_town(parcels=1_000, seed=seed) for seed in (5, 6))

    assert not one.frames["parcels"].geometry.equals(other.frames["parcels"].geometry)


@pytest.mark.parametrize("parcels", [1_000, 1_234, 5_000])
def test_a_town_has_exactly_the_parcels_asked_for(parcels: int) -> None:
    town = build_town(parcels=parcels, seed=2)

    assert len(town.frames["parcels"]) == parcels
    assert len(town.frames["neighbourhoods"]) == 10


@pytest.mark.parametrize("parcels", [999, 1_000_001])
def test_a_town_too_small_or_too_large_is_refused(parcels: int) -> None:
    with pytest.raises(UsageError, match=r"usage\.parcels"):
        build_town(parcels=parcels, seed=1)


def test_parcels_of_a_block_share_their_edges_exactly(town: Town) -> None:
    parcels = town.frames["parcels"]

    for _, block in parcels.groupby("block_id"):
        assert shapely.coverage_is_valid(np.asarray(block.geometry))


def test_every_parcel_is_one_valid_polygon_of_lot_size(town: Town) -> None:
    shapes = np.asarray(town.frames["parcels"].geometry)

    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) == {shapely.GeometryType.POLYGON}
    assert shapely.area(shapes).min() > 5
    assert np.quantile(2 * shapely.area(shapes) / shapely.length(shapes), 0.01) > 1.2


def test_a_block_is_its_parcels_and_its_dead_ends(town: Town) -> None:
    blocks = town.frames["blocks"].set_index("block_id").geometry
    parcels = town.frames["parcels"]
    held = parcels.geometry.area.groupby(parcels["block_id"]).sum().loc[blocks.index]
    outside = parcels.geometry.difference(
        gpd.GeoSeries(blocks.loc[parcels["block_id"]].to_numpy(), crs=parcels.crs)
    )

    assert (held <= blocks.area + 0.5).all()
    assert held.sum() / blocks.area.sum() > 0.9
    assert outside.area.max() < 0.1


def test_blocks_never_overlap(town: Town) -> None:
    shapes = np.asarray(town.frames["blocks"].geometry)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")

    assert (one == other).all()


def test_the_network_of_passages_is_connected(town: Town) -> None:
    lines = np.asarray(town.frames["passages"].geometry)
    ends = [shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)]
    node = np.unique(np.concatenate(ends), axis=0, return_inverse=True)[1].ravel()
    start, end = node[: len(lines)], node[len(lines) :]
    links = coo_array((np.ones(len(lines)), (start, end)), shape=(node.max() + 1,) * 2)

    assert connected_components(links, directed=False)[0] == 1


def test_layers_hold_the_columns_and_codes_of_the_city_file(town: Town) -> None:
    for name, frame in town.frames.items():
        columns = {column.name: column for column in LAYERS[name].columns}
        assert set(frame.columns) - {"geometry"} <= set(columns)
        for column in (columns[each] for each in frame.columns if each in columns):
            if column.kind is Kind.CODE and column.codes is not None:
                assert set(frame[column.name].dropna()) <= set(column.codes)
            if column.least is not None:
                assert not (frame[column.name] < column.least).any()
    assert set(LAYERS["parcels"].columns) == {
        column for column in LAYERS["parcels"].columns if column.name in town.frames["parcels"]
    }


def test_ids_are_unique_renovation_codes(town: Town) -> None:
    parcels, blocks = town.frames["parcels"], town.frames["blocks"]

    assert parcels["parcel_id"].is_unique
    assert blocks["block_id"].is_unique
    assert parcels["parcel_id"].str.fullmatch(r"\d+-\d+-\d+-\d+-0-0-0").all()
    assert (parcels["parcel_id"].str.rsplit("-", n=4).str[0] == parcels["block_id"]).all()
    assert (blocks["block_id"].str.rsplit("-", n=1).str[0] == blocks["neighbourhood_id"]).all()


def test_some_things_are_unknown_but_most_are_not(town: Town) -> None:
    parcels, passages = town.frames["parcels"], town.frames["passages"]

    assert 0.03 < (parcels["structure"] == "unknown").mean() < 0.25
    assert 0.05 < parcels["built_sh"].isna().mean() < 0.3
    assert 0.3 < passages["width_m"].isna().mean() < 0.5
    assert parcels["built_sh"].dropna().between(1280, 1403).all()


def test_older_houses_are_weaker(town: Town) -> None:
    parcels = town.frames["parcels"].dropna(subset="built_sh")
    known = parcels[parcels["structure"] != "unknown"]
    weak = known["structure"].isin(["adobe", "brick_wood", "masonry_untied", "cement_block"])

    assert weak[known["built_sh"] < 1340].mean() > 0.9
    assert weak[known["built_sh"] > 1386].mean() < 0.1


def test_every_name_is_persian(town: Town) -> None:
    for layer in ("passages", "neighbourhoods"):
        assert town.frames[layer]["name_fa"].str.contains(r"[\u0600-\u06ff]").all()
        assert not town.frames[layer]["name_fa"].str.contains("[يكA-Za-z0-9]").any()


def test_the_frames_index_is_the_row(town: Town) -> None:
    for frame in town.frames.values():
        assert_frame_equal(frame, frame.reset_index(drop=True))
