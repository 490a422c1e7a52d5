"""Forms of any kind: sent in, published, answered, and their answers given as files."""

from __future__ import annotations

import csv
import io
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from bazafarin.domain.errors import UsageError
from bazafarin.web.surveys import forms_kept, phones
from bazafarin.web.surveys.models import Form, FormVersion, Submission
from bazafarin.web.surveys.receiving import receive
from web.test_openrosa import listed, path_of
from web_phone import Phone
from web_town import signed_in

HOUSE = {
    "survey": [
        ("type", "name", "label::fa", "label::en"),
        ("text", "who", "نام مکان", "Name of the place"),
        ("select_one yn", "open", "باز است؟", "Is it open?"),
        ("geopoint", "at", "جا", "Place"),
        ("begin repeat", "room", "اتاق", "Room"),
        ("decimal", "area", "مساحت", "Area"),
        ("end repeat", "", "", ""),
    ],
    "choices": [
        ("list_name", "name", "label::fa", "label::en"),
        ("yn", "y", "بله", "Yes"),
        ("yn", "n", "خیر", "No"),
    ],
    "settings": [("form_id", "form_title", "version"), ("house", "بازدید", "1")],
}


def workbook(version="1", sheets=HOUSE) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([version if cell == "1" else cell for cell in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def kept(city, version="1", *, is_published=True) -> FormVersion:
    made = forms_kept.add_version(
        by=None, place=city.place, content=workbook(version), file_name="house.xlsx"
    )
    if is_published:
        forms_kept.publish(by=None, version=made)
    return made


def visit(instance, *, version="1", who="=1+1", rooms=(12.5, 9)) -> bytes:
    inside = "".join(f"<room><area>{area}</area></room>" for area in rooms)
    return (
        f'<data id="house" version="{version}"><who>{who}</who><open>y</open>'
        f"<at>35.5 51.25 0 5</at>{inside}<meta><instanceID>{instance}</instanceID></meta></data>"
    ).encode()


def test_a_form_is_sent_in_looked_at_published_and_found_by_a_phone(
    mapped_city, manager, surveyor
) -> None:
    client = signed_in(manager)
    file = SimpleUploadedFile("house.xlsx", workbook())
    page = client.post(
        "/surveys/forms/", {"place": mapped_city.place_id, "file": file}, follow=True
    )
    version = FormVersion.objects.get()
    phone = Phone("surveyor", phones.give_phone(by=None, user=surveyor))

    assert "نام مکان" in page.content.decode()
    assert version.state == "draft"
    assert len(fromstring(phone.get("/openrosa/formList").content)) == 0
    client.post(f"/surveys/forms/{version.pk}/publish/")
    told = listed(phone.get("/openrosa/formList"))
    assert (told["formID"], told["version"], "manifestUrl" in told) == ("house", "1", False)
    assert phone.get(path_of(told["downloadUrl"])).status_code == 200
    assert phone.send(visit("uuid:1").decode()).status_code == 201
    client.post(f"/surveys/forms/{version.pk}/withdraw/")
    assert len(fromstring(phone.get("/openrosa/formList").content)) == 0
    assert phone.send(visit("uuid:2").decode()).status_code == 201
    sent = client.get(f"/surveys/forms/{version.pk}/source/")
    assert b"".join(sent.streaming_content) == bytes(version.source)


@pytest.mark.parametrize(
    ("name", "content"), [("f.pdf", b"x"), ("f.xlsx", b"x"), ("f.xlsx", b"x" * (5 * 2**20 + 1))]
)
def test_what_is_no_form_is_said_beside_its_field(mapped_city, manager, name, content) -> None:
    sent = {"place": mapped_city.place_id, "file": SimpleUploadedFile(name, content)}

    page = signed_in(manager).post("/surveys/forms/", sent)

    assert page.context["form"].errors["file"]
    assert not Form.objects.exists()


def test_a_new_version_takes_the_place_of_the_one_before(mapped_city) -> None:
    first, second = kept(mapped_city), kept(mapped_city, "2")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "published")
    with pytest.raises(UsageError):
        kept(mapped_city, "2")


def test_a_form_belongs_to_its_place(mapped_city, other_city, outsider) -> None:
    kept(mapped_city)

    with pytest.raises(UsageError):
        forms_kept.add_version(
            by=None, place=other_city.place, content=workbook("3"), file_name="house.xlsx"
        )
    with pytest.raises(PermissionDenied):
        forms_kept.publish(by=outsider, version=FormVersion.objects.get())


def test_answers_are_a_table_in_the_forms_words_and_every_kind_of_file(
    mapped_city, manager, surveyor, tmp_path
) -> None:
    version = kept(mapped_city)
    for number in (1, 2):
        receive(by=surveyor, xml=visit(f"uuid:{number}"))
    client, url = signed_in(manager), f"/surveys/forms/{version.pk}/answers/"

    page = client.get(url).content.decode()
    assert "نام مکان" in page
    assert "بله" in page
    rooms = {"table": "/data/room"}
    assert "۱۲.۵" in client.get(url, rooms).content.decode()
    text = client.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["instance_id"] for row in rows] == ["uuid:1", "uuid:2"]
    assert rows[0]["who"] == "'=1+1"
    assert rows[0]["open"] == "y"
    text = client.get(url, rooms | {"format": "csv"}).getvalue().decode("utf-8-sig")
    inside = list(csv.DictReader(io.StringIO(text)))
    assert [(row["row"], row["area"]) for row in inside][:2] == [("1", "12.5"), ("2", "9")]
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(url, {"format": "xlsx"}).getvalue())
    ).active
    assert [cell.value for cell in sheet[1]][-3:] == ["نام مکان", "باز است؟", "جا"]
    assert [cell.value for cell in sheet[2]][-2] == "بله"
    path = tmp_path / "a.gpkg"
    path.write_bytes(client.get(url, {"format": "gpkg"}).getvalue())
    layer = gpd.read_file(path)
    assert layer.geometry.iloc[0].coords[0] == (51.25, 35.5)
    archive = zipfile.ZipFile(io.BytesIO(client.get(url, {"format": "xml"}).getvalue()))
    originals = {archive.read(name) for name in archive.namelist()}
    assert originals == {bytes(row.xml) for row in Submission.objects.all()}


def test_a_question_called_as_another_column_has_a_name_of_its_own(mapped_city, surveyor) -> None:
    rows = [("type", "name", "label"), ("text", "state", "a"), ("begin group", "g", "g"),
            ("text", "State", "b"), ("end group", "", ""), ("text", "geom", "c")]  # fmt: skip
    sheets = {"survey": rows, "settings": [("form_id", "version"), ("names", "1")]}
    version = forms_kept.add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=sheets), file_name="n.xlsx"
    )
    from bazafarin.web.surveys.answers_table import answers_listing  # noqa: PLC0415

    names = [
        column.name for column in answers_listing(forms_kept.definition_of(version), "").columns
    ]

    assert len({name.lower() for name in names}) == len(names)
    assert names[-3:] == ["state_", "g_State", "geom_"]


def test_the_questions_of_any_form_tell_fields_of_parcels_once_somebody_says_which(
    mapped_city, manager, surveyor
) -> None:
    version = kept(mapped_city)
    answer, _ = receive(by=surveyor, xml=visit("uuid:1"))
    client, url = signed_in(manager), f"/surveys/forms/{version.pk}/mapping/"
    assert answer.seen == {}

    looked = client.post(url, {"heritage": "/data/open", "plaque": "/data/who", "look": "1"})
    assert "=۱+۱" in looked.content.decode()
    version.refresh_from_db()
    assert version.mapping == []
    client.post(url, {"heritage": "/data/open", "keep": "1"})
    answer.refresh_from_db()
    assert answer.unfit == {}
    assert answer.seen == {}
    client.post(url, {"heritage": "/data/open", "heritage=y": "true", "keep": "1"})

    answer.refresh_from_db()
    version.refresh_from_db()
    assert answer.seen == {"heritage": True}
    assert version.mapping == [
        {"column": "heritage", "path": "/data/open", "values": {"y": "true"}}
    ]
