"""Lists as files: all rows of the page's query, its columns, and nothing that runs."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pyogrio
import pytest
from django.conf import settings

from bazafarin.adapters import list_files
from bazafarin.adapters.list_files import ListField, write_layer, write_sheet
from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.jobs.models import Job
from bazafarin.web.office.paging import ROWS
from bazafarin.web.places.models import Edition, Parcel
from web_town import DATED, signed_in, somebody

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://other.example","پول")',
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A0",
    "http://other.example",
    "نام با \x0b نویسهٔ ناپیدا",
]
PEOPLE = {"تعداد خانوار", "جمعیت", "تمایل به نوسازی", "تمایل به تجمیع"}


def sheet_of(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]


def rows_of(sheet):
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def layer_of(answer, path):
    assert answer.status_code == 200
    path.write_bytes(answer.getvalue())
    return pyogrio.read_dataframe(path)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name).decode() for name in held.namelist() if "xl/" in name}


def test_hostile_words_stay_words_in_a_workbook(tmp_path) -> None:
    write_sheet(
        tmp_path / "list.xlsx", "=نام", ["=عنوان"], [[word] for word in HOSTILE],
        right_to_left=True,
    )  # fmt: skip
    parts = parts_of((tmp_path / "list.xlsx").read_bytes())
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]

    assert not any("<f>" in part or "<f " in part for part in parts.values())
    assert not any("hyperlink" in part.lower() for name, part in parts.items() if "rels" in name)
    read = [cell.value for cell in sheet["A"]][1:]
    assert read[:5] == HOSTILE[:5]
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * (len(HOSTILE) + 1)


def test_a_person_with_a_hostile_name_is_a_name_in_the_list(manager, city) -> None:
    for number, word in enumerate(HOSTILE[:5]):
        person = somebody(f"person{number}", Role.OWNER, city.place)
        User.objects.filter(pk=person.pk).update(name_fa=word)

    answer = signed_in(manager).get("/accounts/people/?format=xlsx")
    content = answer.getvalue()

    assert not any("<f>" in part for part in parts_of(content).values())
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert set(HOSTILE[:5]) <= {row["نام و نام خانوادگی"] for row in rows_of(sheet)}


def test_a_sheet_reads_from_the_right_in_persian_words(planner, mapped_city) -> None:
    answer = signed_in(planner).get(f"/places/cities/{mapped_city.pk}/parcels/?format=xlsx")
    sheet = sheet_of(answer)
    rows = rows_of(sheet)

    assert answer["Content-Disposition"] == 'attachment; filename="parcels.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    assert sheet.title == "قطعات"
    assert sheet.sheet_view.rightToLeft
    assert len(rows) == 12
    assert rows[0]["کد نوسازی"] == "1-1-1-0"
    assert rows[0]["کاربری وضع موجود"] == "مسکونی"
    assert rows[0]["تعداد طبقات"] == 2
    assert rows[0]["سال ساخت"] is None
    assert set(rows[0]) >= PEOPLE


def test_english_headings_for_whoever_chose_english(planner, mapped_city) -> None:
    client = signed_in(planner)
    client.cookies["language"] = "en"
    sheet = sheet_of(client.get(f"/places/cities/{mapped_city.pk}/parcels/?format=xlsx"))

    assert not sheet.sheet_view.rightToLeft
    assert sheet["A1"].value == "Renovation code"


def test_a_geopackage_holds_shapes_codes_and_names_for_programs(
    planner, mapped_city, tmp_path
) -> None:
    Parcel.objects.update(surveyed_on=date(2024, 5, 7))
    answer = signed_in(planner).get(f"/places/cities/{mapped_city.pk}/parcels/?format=gpkg&q=1-2")
    frame = layer_of(answer, tmp_path / "parcels.gpkg")

    assert len(frame) == 6
    assert frame.crs.to_epsg() == 32639
    assert set(frame["use"]) == {"residential"}
    assert set(frame["surveyed_on"]) == {"2024-05-07"}
    assert frame.area.round().tolist() == [150.0] * 6
    assert frame["built_sh"].isna().all()


def test_a_file_holds_more_than_a_page(planner, mapped_city, tmp_path) -> None:
    Parcel.objects.bulk_create(
        Parcel(
            city=mapped_city, key=f"k{n}", parcel_id=f"k{n}", search_key=f"k{n}", since=1, digest=n
        )
        for n in range(2 * ROWS)
    )
    client = signed_in(planner)
    address = f"/places/cities/{mapped_city.pk}/parcels/"

    assert len(rows_of(sheet_of(client.get(address, {"format": "xlsx"})))) == 12 + 2 * ROWS
    frame = layer_of(client.get(address, {"format": "gpkg"}), tmp_path / "all.gpkg")
    assert len(frame) == 12 + 2 * ROWS
    assert frame.geometry.isna().sum() == 2 * ROWS


def test_rows_beyond_one_piece_are_all_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(list_files, "_AT_ONCE", 3)
    fields = [ListField("name", str), ListField("count", int), ListField("is_open", bool)]
    rows = [((f"n{n}", n if n % 2 else None, n % 3 == 0), None) for n in range(8)]

    write_layer(tmp_path / "list.gpkg", "list", fields, rows, crs=None)

    frame = pyogrio.read_dataframe(tmp_path / "list.gpkg")
    assert frame["name"].tolist() == [f"n{n}" for n in range(8)]
    assert frame["count"].isna().tolist() == [n % 2 == 0 for n in range(8)]


def test_more_rows_than_a_sheet_holds_are_said_and_a_geopackage_holds_them(
    planner, mapped_city, monkeypatch
) -> None:
    monkeypatch.setattr(list_files, "SHEET_ROWS", 11)
    client = signed_in(planner)
    address = f"/places/cities/{mapped_city.pk}/parcels/"

    answer = client.get(address, {"format": "xlsx"})

    assert answer.status_code == 400
    assert "۱۱ ردیف" in answer.content.decode()
    assert client.get(address, {"format": "gpkg"}).getvalue()


def test_a_format_that_there_is_not_is_said(planner) -> None:
    assert signed_in(planner).get("/jobs/?format=pdf").status_code == 400


@pytest.mark.parametrize("made", ["xlsx", "csv", "gpkg"])
def test_every_list_is_given_in_every_format(manager, mapped_city, made) -> None:
    client = signed_in(manager)
    Job.objects.create(kind="prepare_edition", place=mapped_city.place, by=manager)
    edition = Edition.objects.get()
    lists = [
        f"/places/cities/{mapped_city.pk}/",
        f"/places/cities/{mapped_city.pk}/parcels/",
        "/jobs/",
        "/audit/",
        "/accounts/people/",
        *(
            f"/places/editions/{edition.pk}/changes/{layer}/"
            for layer in edition.changes
            if layer != "succession"
        ),
    ]

    for address in lists:
        answer = client.get(address, {"format": made})
        assert answer.status_code == 200, address
        assert len(answer.getvalue()) > (1000 if made != "csv" else 30)
        page = client.get(address).content.decode()
        assert f"format={made}" in page, address
    assert not list(settings.DATA_FOLDER.glob("download-*"))


def test_a_list_of_editions_says_their_day_in_the_readers_calendar(manager, mapped_city) -> None:
    sheet = sheet_of(signed_in(manager).get(f"/places/cities/{mapped_city.pk}/?format=xlsx"))

    assert date(2025, 11, 21) == DATED
    assert rows_of(sheet)[0]["تاریخ داده‌ها"] == "۱۴۰۴/۰۸/۳۰"


def test_an_owner_takes_away_no_people(owner, mapped_city, tmp_path) -> None:
    client, address = signed_in(owner), f"/places/cities/{mapped_city.pk}/parcels/"

    (first, *_) = rows_of(sheet_of(client.get(address, {"format": "xlsx"})))
    assert not set(first) & (PEOPLE | {"تعداد طبقات", "مالکیت"})
    frame = layer_of(client.get(address, {"format": "gpkg"}), tmp_path / "a.gpkg")
    assert not set(frame) & {"population", "households", "floors"}
    edition = Edition.objects.get()
    changes = f"/places/editions/{edition.pk}/changes/neighbourhoods/?format=xlsx"
    assert "جمعیت" not in rows_of(sheet_of(client.get(changes)))[0]


def test_people_are_taken_away_from_ones_own_neighbourhood_alone(surveyor, mapped_city) -> None:
    people.give_role(by=None, user=surveyor, role=Role.OWNER, place=mapped_city.place)

    rows = rows_of(
        sheet_of(signed_in(surveyor).get(f"/places/cities/{mapped_city.pk}/parcels/?format=xlsx"))
    )

    assert {(row["کد محله در داده‌ها"], row["جمعیت"]) for row in rows} == {("N1", 10), ("N2", None)}


@pytest.mark.parametrize("made", ["xlsx", "gpkg"])
def test_an_outsider_takes_nothing_away(outsider, mapped_city, client, made) -> None:
    edition = Edition.objects.get()
    for address in (
        f"/places/cities/{mapped_city.pk}/parcels/?format={made}",
        f"/places/editions/{edition.pk}/changes/parcels/?format={made}",
        f"/places/cities/{mapped_city.pk}/?format={made}",
    ):
        assert signed_in(outsider).get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert signed_in(outsider).get(f"/audit/?format={made}").status_code == 403
