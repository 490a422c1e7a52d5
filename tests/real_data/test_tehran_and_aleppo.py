"""Real streets and neighbourhoods: windows-1256, streets without parcels, a large network."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
from shapely import box

from bazafarin.adapters.delivery import read_city
from bazafarin.analysis.passage_pieces import passage_pieces
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF
from real_data.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared

ARABIC_LETTERS = "يك"
PARCEL_M = 20.0


def parcels_in(area: gpd.GeoDataFrame, path: Path, *, number: int = 40) -> Path:
    """Write a row of made-up parcels at the middle of an area."""
    x, y = area.geometry.union_all().representative_point().coords[0]
    shapes = [box(x + n * PARCEL_M, y, x + (n + 1) * PARCEL_M, y + PARCEL_M) for n in range(number)]
    made = gpd.GeoDataFrame({"parcel_id": range(1, number + 1)}, geometry=shapes, crs=area.crs)
    made.to_file(path, layer="parcels", engine="pyogrio")
    return path


def test_neighbourhoods_in_windows_1256_without_cpg_have_their_names(tmp_path: Path) -> None:
    delivered = shared("tehran/mahalat_cp1256_no_cpg.shp")
    utf8 = pyogrio.read_dataframe(shared("tehran/Mahalat_Tehran.shp"))
    parcels = parcels_in(utf8, tmp_path / "parcels.gpkg")

    city = read_city(parcels, layers={"neighbourhoods": delivered})
    plan = plan_city(city, standards=Standards.national(), as_of=AS_OF)

    assert city.neighbourhoods is not None
    names = city.neighbourhoods["name_fa"]
    assert len(names) == 375
    assert names.notna().mean() > 0.99
    assert names.dropna().str.contains(r"[\u0600-\u06ff]").all()
    assert not names.dropna().str.contains(f"[{ARABIC_LETTERS}]").any()
    text_columns = [c for c in utf8 if utf8[c].dtype == "str"]
    true = {
        str(value).replace("ي", "ی").replace("ك", "ک").replace(" ", "").replace("\u200c", "")
        for column in text_columns
        for value in utf8[column].dropna()
    }
    read = names.dropna().str.replace(r"[\s\u200c]", "", regex=True)
    assert read.isin(true).mean() > 0.95
    assert len(plan.neighbourhoods) >= 375
    assert plan.parcels["neighbourhood_id"].isin(city.neighbourhoods["neighbourhood_id"]).all()


def test_streets_far_from_any_parcel_have_an_unknown_width(tmp_path: Path) -> None:
    delivered = shared("tehran/district6_osm_streets.gpkg")
    layers = pyogrio.list_layers(delivered)[:, 0]
    name = next(layer for layer in layers if "street" in layer)
    streets = pyogrio.read_dataframe(delivered, layer=name)
    parcels = parcels_in(streets, tmp_path / "parcels.gpkg")

    city = read_city(parcels, layers={"passages": f"{delivered}|{name}"})
    plan = plan_city(city, standards=Standards.national(), as_of=AS_OF)

    passages = plan.passages
    assert len(passages) > 6_000
    assert passages["length_m"].sum() == pytest.approx(924_600, rel=0.01)
    assert passages["name_fa"].notna().sum() > 1_000
    far = passages.distance(plan.parcels.union_all()) > 41
    assert far.mean() > 0.9
    assert set(passages["width_source"][far]) <= {"unknown", "recorded"}
    assert passages["width_m"][far].notna().sum() <= 30
    pieces = passage_pieces(city.passages.geometry)
    assert pieces.length.sum() == pytest.approx(city.passages.length.sum())


def test_a_network_of_78908_streets_is_noded_within_memory() -> None:
    streets = gpd.read_parquet(shared("streets_aleppo/streets.parquet"))
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    pieces = passage_pieces(streets.geometry)

    grown_gib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib) / 2**20
    assert len(streets) == 78_908
    assert pieces.length.sum() == pytest.approx(streets.length.sum(), rel=1e-9)
    assert pieces["passage_id"].nunique() == (streets.length > 0).sum()
    assert grown_gib < 1.0


def test_the_network_is_read_from_parquet(tmp_path: Path) -> None:
    delivered = shared("streets_aleppo/streets.parquet")
    streets = gpd.read_parquet(delivered)
    parcels = parcels_in(streets, tmp_path / "parcels.gpkg")

    city = read_city(parcels, layers={"passages": delivered})

    assert city.passages is not None
    rejected = [p for p in city.problems if p.layer == "passages" and p.severity == "rejected"]
    assert len(city.passages) + sum(p.count for p in rejected) == 78_908
    assert city.passages.length.sum() == pytest.approx(streets.length.sum(), rel=0.002)
