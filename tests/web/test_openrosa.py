"""What a phone asks and is told: forms, files, submissions, and who may not."""

from __future__ import annotations

import base64
import csv
import io
import re

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from PIL import ExifTags, Image

from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places.models import Parcel, Place
from bazafarin.web.surveys import phones, photo_files, running
from bazafarin.web.surveys.models import Attachment, Submission
from web_phone import SUBMIT, Phone, filled, md5, photo
from web_town import DATED, signed_in, somebody

LIST = "{http://openrosa.org/xforms/xformsList}"
FILES = "{http://openrosa.org/xforms/xformsManifest}"


@pytest.fixture
def survey(mapped_city):
    place = Place.objects.get(code="N1")
    return running.begin_survey(
        by=None, city=mapped_city, place=place, title="برداشت", begun_on=DATED, due_on=None
    )


@pytest.fixture
def phone(survey, surveyor) -> Phone:
    """Return the phone of a surveyor who has the first block."""
    running.give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    return Phone(surveyor.username, phones.give_phone(by=None, user=surveyor))


def listed(answer) -> dict[str, str]:
    (form,) = fromstring(answer.content).findall(f"{LIST}xform")
    return {child.tag.removeprefix(LIST): child.text or "" for child in form}


def path_of(url: str) -> str:
    return re.sub(r"^http://[^/]+", "", url)


def said(answer) -> str:
    (message,) = fromstring(answer.content).iter("{http://openrosa.org/http/response}message")
    return message.text or ""


def test_a_phone_finds_its_form_and_the_hash_of_what_it_then_gets(phone, survey) -> None:
    answer = phone.get("/openrosa/formList")
    form = listed(answer)

    assert answer["X-OpenRosa-Version"] == "1.0"
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert form["formID"] == survey.form.form_id
    assert (form["name"], form["version"]) == ("برداشت پلاک به پلاک", "1")
    got = phone.get(path_of(form["downloadUrl"])).content
    assert form["hash"] == f"md5:{md5(got)}"
    assert b"parcels.csv" in got
    assert len(fromstring(phone.get("/openrosa/formList?formID=none").content)) == 0
    assert listed(phone.get(f"/openrosa/formList?formID={survey.form.form_id}&verbose=true"))


def test_the_manifest_names_the_surveyors_own_parcels_alone(phone, survey) -> None:
    manifest = path_of(listed(phone.get("/openrosa/formList"))["manifestUrl"])
    (file,) = fromstring(phone.get(manifest).content)
    table = phone.get(path_of(file.findtext(f"{FILES}downloadUrl"))).content
    rows = list(csv.DictReader(io.StringIO(table.decode())))

    assert file.get("type") == "entityList"
    assert file.findtext(f"{FILES}filename") == "parcels.csv"
    assert file.findtext(f"{FILES}hash") == f"md5:{md5(table)}"
    assert {row["block"] for row in rows} == {"B1"}
    assert {row["__version"] for row in rows} == {"1000"}
    assert {row["label"] for row in rows} == {row["name"] for row in rows}
    assert set(rows[0]) >= {"fill", "stroke"}
    assert {row["state"] for row in rows} == {"to_do"}
    corners = [corner.split() for corner in rows[0]["geometry"].split(";")]
    assert corners[0] == corners[-1]
    assert 35.6 < float(corners[0][0]) < 35.8
    assert "population" not in table.decode()
    integrity = path_of(file.findtext(f"{FILES}integrityUrl"))
    gone = fromstring(phone.get(f"{integrity}?id={rows[0]['name']},1-2-1-0").content)
    assert [each.findtext("deleted") for each in gone.iter("entity")] == ["false", "true"]


def test_what_is_sent_is_taken_in_once_however_often_it_comes(phone, survey) -> None:
    xml = filled(survey.form.form_id, "1-1-1-0", at="35.69 51.44 1200 6", photo="a.jpg")

    asked = phone.head(SUBMIT)
    first, again = phone.send(xml, {"a.jpg": photo()}), phone.send(xml, {"a.jpg": photo()})

    assert asked.status_code == 204
    assert int(asked["X-OpenRosa-Accept-Content-Length"]) > 10**7
    assert asked["X-OpenRosa-Version"] == "1.0"
    assert (first.status_code, again.status_code) == (201, 202)
    assert said(first) != said(again)
    (kept,) = Submission.objects.all()
    assert bytes(kept.xml) == xml.encode()
    assert (kept.parcel_key, kept.survey, kept.state) == ("1-1-1-0", survey, "waiting")
    assert kept.seen["structure"] == "adobe"
    assert kept.seen["surveyed_on"] == "2025-12-01"
    assert "will_renovate" not in kept.seen
    assert (kept.ended_at - kept.began_at).total_seconds() == 300
    assert kept.distance_m > 0
    assert kept.accuracy_m == 6
    assert kept.base_edition == 1
    assert kept.attachments.count() == 1


def test_the_files_of_one_answer_come_in_several_posts(phone, survey) -> None:
    xml = filled(survey.form.form_id, "1-1-1-0", photo="a.jpg").replace(
        "</evidence>", "<photo_detail>b.jpg</photo_detail></evidence>"
    )

    codes = [phone.send(xml, {name: photo()}).status_code for name in ("a.jpg", "b.jpg", "a.jpg")]

    assert codes == [201, 202, 202]
    assert [each.name for each in Attachment.objects.all()] == ["a.jpg", "b.jpg"]


def test_a_photo_keeps_its_place_and_time_and_nothing_else_of_its_owner(phone, survey) -> None:
    phone.send(filled(survey.form.form_id, "1-1-1-0", photo="a.jpg"), {"a.jpg": photo()})

    content = photo_files.path_of(Attachment.objects.get().sha256).read_bytes()
    told = Image.open(io.BytesIO(content)).getexif()

    assert told[ExifTags.Base.DateTime] == "2025:12:01 08:00:00"
    assert told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] == (35.0, 42.0, 10.0)
    for hidden in (b"OWNER NAME", b"SERIAL-7", b"HIDDEN FILM"):
        assert hidden in photo()
        assert hidden not in content
    before, after = (Image.open(io.BytesIO(each)) for each in (photo(), content))
    assert before.tobytes() == after.tobytes()


def test_an_edit_takes_the_place_of_what_waits(phone, survey) -> None:
    phone.send(filled(survey.form.form_id, "1-1-1-0", instance="uuid:old"))

    answer = phone.send(
        filled(survey.form.form_id, "1-1-1-0", instance="uuid:new", deprecated="uuid:old", floors=3)
    )

    assert answer.status_code == 201
    old, new = (Submission.objects.get(instance_id=f"uuid:{name}") for name in ("old", "new"))
    assert (old.state, new.state, new.replaces) == ("replaced", "waiting", old)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda xml: xml.replace("1-1-1-0", "1-2-1-0"), 403),
        (lambda xml: xml.replace("1-1-1-0", "9-9-9-9"), 403),
        (lambda xml: xml.replace('version="1"', 'version="7"', 2), 400),
        (lambda xml: xml.replace("<orx:instanceID>", "<orx:other>", 1), 400),
        (lambda xml: xml[:200], 400),
        (lambda xml: xml.replace("<data", '<!DOCTYPE x [<!ENTITY a "b">]><data', 1), 400),
        (lambda xml: xml.replace("<start>", "<a>" * 60 + "</a>" * 60 + "<start>"), 400),
        (lambda xml: xml.replace("<start>", "<a/>" * 50_001 + "<start>"), 400),
        (lambda xml: xml.replace("<start>", "x" * 2**21 + "<start>"), 400),
    ],
)
def test_what_is_no_answer_of_theirs_is_refused_in_words(phone, survey, change, status) -> None:
    answer = phone.send(change(filled(survey.form.form_id, "1-1-1-0")))

    assert answer.status_code == status
    assert said(answer)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"no photo at all", "unreadable"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "unreadable"),
        (photo() + b"x" * (12 * 2**20), "image/jpeg"),
        (photo()[: photo().index(b"\xff\xd9")], "image/jpeg"),
    ],
    ids=["none", "cut early", "a film behind it", "without its end"],
)
def test_an_odd_photo_never_holds_up_the_answer_that_it_came_with(
    phone, survey, manager, content, kind
) -> None:
    sent = phone.send(
        filled(survey.form.form_id, "1-1-1-0", photo="a.jpg"), {"a.jpg": content, "left.jpg": b"x"}
    )

    assert sent.status_code == 201
    (kept,) = Attachment.objects.all()
    assert (kept.name, kept.kind) == ("a.jpg", kind)
    page = signed_in(manager).get(f"/surveys/answers/{kept.submission_id}/").content.decode()
    assert ("a.jpg" in page) is (kind == "unreadable")


def test_two_files_under_one_name_are_not_one(phone, survey) -> None:
    xml = filled(survey.form.form_id, "1-1-1-0", photo="a.jpg")
    assert phone.send(xml, {"a.jpg": photo()}).status_code == 201

    assert phone.send(xml, {"a.jpg": photo("2025:12:01 09:00:00")}).status_code == 400
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2025-12-01T08:00:00.000+03:30", "0001-01-01T00:00:00+14:00"),
        ("<surveyed_on>2025-12-01", "<surveyed_on>9999-12-31"),
        ("<structure>adobe", f"<plaque>{'9' * 5_000}</plaque><structure>adobe"),
        ("<structure>adobe", "<built_sh>1995</built_sh><structure>adobe"),
        ('baseVersion="1000"', f'baseVersion="{"9" * 5_000}"'),
    ],
)
def test_what_is_far_beyond_anything_is_kept_and_tells_nothing(
    phone, survey, manager, old, new
) -> None:
    xml = filled(survey.form.form_id, "1-1-1-0")
    assert old in xml

    assert phone.send(xml.replace(old, new)).status_code == 201
    kept = Submission.objects.get()
    assert {"plaque", "built_sh"}.isdisjoint(kept.seen)
    client = signed_in(manager)
    for url in (f"/surveys/answers/{kept.pk}/", f"/surveys/{survey.pk}/answers/"):
        assert client.get(url).status_code == 200


def test_the_phones_picture_of_a_parcel_rises_with_its_answers(phone, survey) -> None:
    phone.send(filled(survey.form.form_id, "1-1-1-0"))

    manifest = path_of(listed(phone.get("/openrosa/formList"))["manifestUrl"])
    (file,) = fromstring(phone.get(manifest).content)
    table = phone.get(path_of(file.findtext(f"{FILES}downloadUrl"))).content.decode()
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(table))}

    assert (rows["1-1-1-0"]["__version"], rows["1-1-1-0"]["state"]) == ("1001", "waiting")
    assert rows["1-1-2-0"]["__version"] == "1000"
    assert rows["1-1-1-0"]["fill"] != rows["1-1-2-0"]["fill"]


def test_a_name_that_no_database_holds_is_nobodys(survey) -> None:
    shown = {"authorization": _basic("a\0b", "c")}

    assert Client().get("/openrosa/formList", headers=shown).status_code == 401


def test_ground_that_was_given_stays_when_its_block_is_numbered_anew(phone, survey) -> None:
    Parcel.objects.filter(city=survey.city, in_block="B1").update(in_block="B9")

    assert phone.send(filled(survey.form.form_id, "1-1-1-0")).status_code == 201
    assert Submission.objects.get().block_key == "B1"


def test_an_answer_goes_to_the_survey_that_is_open(phone, survey, surveyor) -> None:
    running.close_survey(by=None, survey=survey, day=DATED)
    again = running.begin_survey(
        by=None, city=survey.city, place=survey.place, title="دوم", begun_on=DATED, due_on=None
    )
    running.give_blocks(by=None, survey=again, surveyor=surveyor, block_keys=["B1"])

    phone.send(filled(survey.form.form_id, "1-1-1-0"))

    assert Submission.objects.get().survey == again


def test_another_answer_under_the_same_id_is_refused(phone, survey) -> None:
    one = filled(survey.form.form_id, "1-1-1-0", instance="uuid:one")
    phone.send(one)

    assert phone.send(one.replace("adobe", "steel_frame")).status_code == 400
    assert Submission.objects.get().seen["structure"] == "adobe"


def test_a_wrong_password_and_a_basic_one(survey, phone) -> None:
    stranger = Phone(phone.name, "another")
    basic = Client().get(
        "/openrosa/formList", headers={"authorization": _basic(phone.name, phone.password)}
    )

    assert stranger.get("/openrosa/formList").status_code == 401
    assert basic.status_code == 200
    wrong = {"authorization": _basic(phone.name, "another")}
    assert Client().get("/openrosa/formList", headers=wrong).status_code == 401
    assert Client().get("/openrosa/formList").status_code == 401
    phone.nonce = "an old one"
    assert phone.get("/openrosa/formList").status_code == 200


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_who_is_no_surveyor_any_more_gets_and_sends_nothing(survey, phone, surveyor) -> None:
    form = listed(phone.get("/openrosa/formList"))
    people.take_role(by=None, membership=surveyor.memberships.get())

    assert phone.get("/openrosa/formList").status_code == 403
    assert phone.get(path_of(form["manifestUrl"])).status_code == 403
    assert phone.send(filled(survey.form.form_id, "1-1-1-0")).status_code == 403
    phones.take_phone(by=None, user=surveyor)
    assert phone.get("/openrosa/formList").status_code == 401


def test_a_block_that_was_taken_back_is_given_no_more_but_its_answers_are_taken(
    survey, phone
) -> None:
    running.take_blocks(by=None, survey=survey, block_keys=["B1"])

    assert len(fromstring(phone.get("/openrosa/formList").content)) == 0
    assert phone.send(filled(survey.form.form_id, "1-1-1-0")).status_code == 201


def test_another_surveyors_answer_is_neither_repeated_nor_replaced(survey, phone) -> None:
    place = Place.objects.get(code="N1")
    other = somebody("other", Role.SURVEYOR, place)
    phone.send(filled(survey.form.form_id, "1-1-1-0", instance="uuid:one"))
    running.give_blocks(by=None, survey=survey, surveyor=other, block_keys=["B1"])
    theirs = Phone("other", phones.give_phone(by=None, user=other))

    same = theirs.send(filled(survey.form.form_id, "1-1-1-0", instance="uuid:one"))
    instead = theirs.send(
        filled(survey.form.form_id, "1-1-1-0", instance="uuid:two", deprecated="uuid:one")
    )

    assert (same.status_code, instead.status_code) == (403, 403)
    assert Submission.objects.get().state == "waiting"


def test_a_surveyor_of_another_city_finds_nothing_of_this_one(survey, phone, other_city) -> None:
    stranger = somebody("stranger", Role.SURVEYOR, other_city.place)
    theirs = Phone("stranger", phones.give_phone(by=None, user=stranger))
    form = listed(phone.get("/openrosa/formList"))

    assert len(fromstring(theirs.get("/openrosa/formList").content)) == 0
    for url in (form["downloadUrl"], form["manifestUrl"]):
        assert theirs.get(path_of(url)).status_code == 404
    assert theirs.send(filled(survey.form.form_id, "1-1-1-0")).status_code == 403
