"""Old Shapefiles: the right letters with a .cpg, without one, and with a wrong one."""

from __future__ import annotations

import pytest

from bazafarin.adapters.delivery import encodings, read_city

from .conftest import lots, problems

NAMES = ["کوچه يكم", "گذر", "ژاله", "پيچ شميران"]


@pytest.mark.parametrize(
    ("written", "cpg", "told"),
    [
        ("CP1256", "CP1256", False),
        ("CP1256", "windows-1256", False),
        ("CP1256", "ANSI 1256", False),
        ("CP1256", None, True),
        ("CP1256", "UTF-8", True),
        ("UTF-8", "UTF-8", False),
        ("UTF-8", None, False),
        ("UTF-8", "65001", False),
    ],
)
def test_names_are_whole_whatever_the_cpg_says(write, written, cpg, told):
    path = write(
        lots(block_id=NAMES).rename(columns={"block_id": "BLOCK"}), "parcels.shp", encoding=written
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)

    city = read_city(path)

    assert city.parcels["block_id"].tolist() == ["کوچه یکم", "گذر", "ژاله", "پیچ شمیران"]
    assert bool(problems(city, "reading.encoding")) is told


@pytest.mark.parametrize(("tail", "encoding"), [(b"x\xd8", "UTF-8"), (b"\xd8x", "CP1256")])
def test_a_letter_cut_by_the_fields_width_is_still_utf_8(write, tail, encoding):
    # 39 letters of two bytes and two more bytes fill a text field, 80 bytes wide.
    path = write(lots(BLOCK=["آ" * 39 + "xy"] * 4), "parcels.shp", encoding="UTF-8")
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace(b"xy", tail))

    assert encodings.table_encoding(dbf)[0] == encoding


def test_an_ascii_table_is_utf_8(write):
    dbf = write(lots(), "parcels.shp", encoding="UTF-8").with_suffix(".dbf")
    dbf.with_suffix(".cpg").unlink()

    assert encodings.table_encoding(dbf)[0] == "UTF-8"


def test_a_table_of_text_in_windows_1256_is_read(write, tmp_path):
    write(lots(), "parcels.gpkg")
    rows = "کد;خدمت;X;Y\n1;آموزشي;500005;3950005\n"
    (tmp_path / "خدمات.csv").write_bytes(rows.encode("cp1256"))

    city = read_city(tmp_path)

    assert city.facilities["service"].tolist() == ["education"]
    assert city.facilities.geometry.iloc[0].x == 500_005
    assert problems(city, "reading.encoding")
