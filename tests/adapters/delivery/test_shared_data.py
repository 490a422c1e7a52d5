"""Real deliveries: a whole city in feet, windows-1256 names, OSM streets, mixed counties."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
import shapely

from bazafarin.adapters.delivery import read_city, rejected_table
from bazafarin.adapters.persian_text import normalise
from bazafarin.domain.errors import DeliveryError, MappingError

from .conftest import EAST, NORTH, lots, problems

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT / ".." / "shared" / "data"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.exists(), reason="the real data beside the checkout is absent"),
]


@pytest.fixture(scope="module")
def cambridge():
    return read_city(SHARED / "cambridge", mapping=ROOT / "examples" / "cambridge.toml")


@pytest.fixture
def beside(write):
    """Read a layer of the real data beside four parcels drawn by hand."""

    def _read(layer: str, path: Path):
        return read_city(write(lots()), layers={layer: path})

    return _read


def test_each_delivered_row_of_cambridge_is_used_or_rejected(cambridge):
    rejected = rejected_table(cambridge.problems)

    for layer, rows in {
        "parcels": 13_116, "passages": 2_643, "carriageways": 205, "neighbourhoods": 13,
        "facilities": 18 + 32 + 87 + 7 + 12 + 8 + 67 + 276,
    }.items():  # fmt: skip
        source = cambridge.sources[layer]
        of_layer = rejected[rejected["layer"] == layer]
        assert source.rows == rows
        assert source.used + of_layer["row"].nunique() == rows
        assert len(getattr(cambridge, layer)) == source.used


def test_the_traffic_islands_of_cambridge_are_no_carriageways(cambridge):
    (told,) = problems(cambridge, "reading.left_out")

    assert set(told.values) == {"RD-TRAF-ISLAND"}
    assert told.count == 148
    assert cambridge.sources["carriageways"].used == 205 - 148


def test_the_roads_among_cambridges_parcels_are_set_aside(cambridge):
    # Four road networks of 3.1 km², and three railway strips; the city's own parcels of
    # parks, campuses and the reservoir stay.
    rejected = rejected_table(cambridge.problems)
    by_shape = rejected[rejected["reason"] == "reading.street.by_shape"]["row"]

    assert set(by_shape) == {2018, 4333, 4408, 5305, 5696, 6786, 11042}
    assert (cambridge.parcels["use"] == "green").sum() > 50


def test_the_rows_without_a_tax_record_are_unknown(cambridge):
    without_tax = cambridge.parcels["use"] == "unknown"
    other = cambridge.parcels["built_area_m2"].notna() & without_tax

    # 134 rows have no tax record; eight of them are set aside or empty, and five rows of the
    # tax table say "Other" themselves.
    assert without_tax.sum() == 134 - 8 + 5
    assert other.sum() == 5


def test_square_feet_agree_with_the_drawn_areas(cambridge):
    parcels = cambridge.parcels
    ratio = parcels["land_area_m2"] / parcels.area

    assert problems(cambridge, "reading.area.unit") == []
    assert ratio.median() == pytest.approx(1.0, abs=0.02)
    assert ratio.between(0.9, 1.1).mean() > 0.9


def test_gregorian_years_of_building_are_solar_hijri(cambridge):
    # Row 1 was built in 1854.
    assert cambridge.parcels.loc[1, "built_sh"] == 1854 - 621
    assert cambridge.parcels["built_sh"].between(1000, 1400).sum() > 12_000


def test_no_use_of_cambridge_is_left_out_of_its_mapping(cambridge):
    assert problems(cambridge, "reading.code.unknown") == []


def test_the_overlaps_of_cambridge_are_all_found(cambridge):
    # 34 pairs share more than a square metre as delivered; 19 of them are with the roads.
    (told,) = problems(cambridge, "reading.overlap.true")

    assert told.count == 15
    assert told.facts["area_m2"] == pytest.approx(646.9, abs=0.1)


def test_carriageways_without_a_system_lie_on_the_streets(cambridge):
    middles = cambridge.passages.geometry.interpolate(0.5, normalized=True).to_numpy()
    surfaces = shapely.STRtree(cambridge.carriageways.geometry.to_numpy())
    on_it, _ = surfaces.query(middles, predicate="within")

    assert len(set(on_it)) / len(middles) > 0.7


def test_a_misspelt_field_of_cambridge_names_the_nearest(tmp_path):
    text = (ROOT / "examples" / "cambridge.toml").read_text("utf-8")
    mapping = tmp_path / "map.toml"
    mapping.write_text(text.replace("LandArea_sqft", "LandArea_sqf"), encoding="utf-8")

    with pytest.raises(MappingError) as caught:
        read_city(SHARED / "cambridge", mapping=mapping)

    assert caught.value.facts["nearest"] == "LandArea_sqft"


def test_windows_1256_names_are_those_of_the_utf_8_file(beside):
    old = beside("neighbourhoods", SHARED / "tehran" / "mahalat_cp1256_no_cpg.shp")
    new = beside("neighbourhoods", SHARED / "tehran" / "Mahalat_Tehran.shp")

    truth = pyogrio.read_dataframe(SHARED / "tehran" / "Mahalat_Tehran.shp")["NAME_MAHAL"]
    assert len(old.neighbourhoods) == len(new.neighbourhoods) == 375
    assert old.neighbourhoods["name_fa"].tolist() == normalise(truth).tolist()
    assert old.neighbourhoods["name_fa"].tolist() == new.neighbourhoods["name_fa"].tolist()
    assert not old.neighbourhoods["name_fa"].str.contains("[يك]").any()
    assert problems(old, "reading.encoding")


def test_the_streets_of_district_6_keep_their_names_and_widths(beside):
    passages = beside(
        "passages", Path(f"{SHARED / 'tehran' / 'district6_osm_streets.gpkg'}|streets_d6")
    ).passages

    assert passages.length.sum() / 1000 == pytest.approx(924.6, abs=1.0)
    assert passages["width_m"].notna().sum() > 15
    assert passages["passage_id"].is_unique


def test_the_network_of_aleppo_is_read_from_parquet(write):
    there = lots().set_crs(32637, allow_override=True)
    there = there.set_geometry(there.translate(335_000 - EAST, 4_007_000 - NORTH))
    path = SHARED / "streets_aleppo" / "streets.parquet"

    passages = read_city(write(there), layers={"passages": path}).passages

    assert len(passages) > 78_000
    assert passages["class"].notna().all()


def test_label_points_among_counties_are_rejected_by_row(beside):
    city = beside("neighbourhoods", SHARED / "iran" / "counties_tehran.geojson")

    rejected = rejected_table(city.problems)
    assert len(city.neighbourhoods) == 16
    assert (rejected["reason"] == "reading.geometry.wrong_shape").sum() == 17


def test_the_network_of_aleppo_is_no_layer_of_a_city_of_iran(beside):
    with pytest.raises(DeliveryError) as caught:
        beside("passages", SHARED / "streets_aleppo" / "streets.parquet")

    assert caught.value.code == "reading.crs.elsewhere"
