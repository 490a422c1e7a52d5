"""A form filled at a desk: what is kept, what is refused, and what becomes of what is sent."""

from __future__ import annotations

import csv
import io

import pytest
from defusedxml.ElementTree import fromstring
from django.core.files.uploadedfile import SimpleUploadedFile

from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places.models import Parcel, Place
from bazafarin.web.surveys import desk, forms_kept, photo_files, quality, reviewing, running
from bazafarin.web.surveys.desk_block import block_held
from bazafarin.web.surveys.models import Draft, FormVersion, Submission
from bazafarin.web.surveys.parcels_given import by_numbers, list_for
from bazafarin.web.surveys.receiving import receive
from web.test_forms import workbook
from web.test_openrosa import listed, path_of
from web.test_surveys import lot
from web_phone import Phone, filled, photo
from web_town import DATED, signed_in, somebody

KEY = "1-1-1-0"
HERE = "a:/data/visit/"
HOUSE = "a:/data/building/"


@pytest.fixture
def survey(mapped_city, surveyor):
    place = Place.objects.get(code="N1")
    made = running.begin_survey(
        by=None, city=mapped_city, place=place, title="برداشت", begun_on=DATED, due_on=None
    )
    running.give_blocks(by=None, survey=made, surveyor=surveyor, block_keys=["B1"])
    return made


@pytest.fixture
def version(survey) -> FormVersion:
    return survey.form.versions.get()


def answers(**more: object) -> dict[str, object]:
    told = {
        f"{HERE}outcome": "surveyed", f"{HERE}surveyed_on": "۱۴۰۴/۰۹/۰۱",
        f"{HOUSE}use": "residential", f"{HOUSE}structure": "steel_frame",
        f"{HOUSE}quality": "new", f"{HOUSE}built_sh": "۱۳۸۰",
    }  # fmt: skip
    return told | more


def begun(client, version, key=KEY) -> str:
    answer = client.post("/surveys/desk/begin/", {"form": version.pk, "parcel": key})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_a_parcel_is_surveyed_at_a_desk_from_its_block_to_an_answer(survey, surveyor) -> None:
    client = signed_in(surveyor)
    block = client.get(f"/surveys/{survey.pk}/desk/B1/").content.decode()
    assert KEY in block
    at = begun(client, survey.form.versions.get())

    page = client.get(at).content.decode()
    assert "کاربری" in page
    kept = client.post(at, answers(do="look"))
    assert kept.status_code == 200
    assert not Submission.objects.exists()
    sent = client.post(at, answers(do="send"))

    assert sent.url == f"/surveys/{survey.pk}/desk/B1/"
    row = Submission.objects.get()
    assert (row.parcel_key, row.block_key, row.made_by) == (KEY, "B1", surveyor)
    assert row.seen["built_sh"] == 1380
    assert row.seen["surveyed_on"] == "2025-11-22"
    assert row.unfit == {}
    assert row.base_edition == 1
    assert row.distance_m is None
    assert row.began_at <= row.ended_at
    assert not Draft.objects.exists()
    assert "منتظر" in client.get(sent.url).content.decode()


def test_what_does_not_fit_is_said_and_nothing_is_lost(survey, surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    wrong = {f"{HOUSE}built_sh": "۱۵۰۰", f"{HOUSE}floors": "سه", f"{HERE}surveyed_on": "دیروز"}

    page = client.post(at, answers(do="send", **wrong))
    text = page.content.decode()

    assert {each.asked.node.name for each in page.context["wrong"]} == {
        "built_sh", "floors", "surveyed_on",
    }  # fmt: skip
    assert "سال ساخت از ۱۰۰۰ تا امسال است" in text
    assert 'value="دیروز"' in text
    assert 'value="سه"' in text
    assert not Submission.objects.exists()
    again = client.get(at).content.decode()
    assert 'value="سه"' in again
    assert client.post(at, answers(do="send", **{f"{HOUSE}floors": "۳"})).status_code == 302


def test_what_is_left_empty_is_said_only_when_it_is_to_be_sent(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    looked = client.post(at, {"do": "look", f"{HERE}outcome": "surveyed"})
    assert not [each for each in looked.context["fields"] for each in each.walk() if each.problem]

    page = client.post(at, {"do": "send", f"{HERE}outcome": "surveyed"})

    assert {each.asked.node.name for each in page.context["wrong"]} == {
        "use", "structure", "quality",
    }  # fmt: skip
    assert "این پرسش پاسخ می‌خواهد" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_photos_are_kept_while_the_rest_is_mended_and_lose_their_owner(
    survey, surveyor, version
) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    front = "a:/data/evidence/photo_front"
    posted = {front: SimpleUploadedFile("نما.jpg", photo(), "image/jpeg"), "do": "send"}
    page = client.post(at, posted).content.decode()
    draft = Draft.objects.get()
    (file,) = draft.files.all()
    assert "نما.jpg" in page
    assert photo_files.draft_path(file.kept_as).exists()

    refused = client.post(at, {front: SimpleUploadedFile("a.jpg", b"no photo"), "do": "keep"})
    assert refused.status_code == 200
    assert "عکس سالمی نیست" in refused.content.decode()
    assert draft.files.get() == file
    other = SimpleUploadedFile("b.jpg", photo(), "image/jpeg")
    client.post(at, {front: other, "do": "keep"})
    assert draft.files.get().sent_as == "b.jpg"
    assert not photo_files.draft_path(file.kept_as).exists()
    last = photo_files.draft_path(draft.files.get().kept_as)
    client.post(at, answers(do="send"))

    (attached,) = Submission.objects.get().attachments.all()
    assert attached.kind == "image/jpeg"
    assert photo_files.path_of(attached.sha256).exists()
    assert b"Owner" not in photo_files.path_of(attached.sha256).read_bytes()
    assert not last.exists()


@pytest.mark.django_db(transaction=True)
def test_a_photo_can_be_taken_back_and_a_draft_thrown_away(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    front = "/data/evidence/photo_front"
    client.post(at, {f"a:{front}": SimpleUploadedFile("a.jpg", photo()), "do": "look"})
    path = photo_files.draft_path(Draft.objects.get().files.get().kept_as)
    # a tick may be taken back until the page is sent
    client.post(at, {f"gone:{front}": "1", "do": "look"})
    assert path.exists()
    client.post(at, {f"gone:{front}": "1", "do": "keep"})
    assert not path.exists()
    assert not Draft.objects.get().files.exists()

    client.post(at, {f"a:{front}": SimpleUploadedFile("a.jpg", photo()), "do": "look"})
    path = photo_files.draft_path(Draft.objects.get().files.get().kept_as)
    assert client.post(f"{at}drop/").status_code == 302
    assert not path.exists()
    assert not Draft.objects.exists()


def test_nobody_fills_anothers_parcel_reads_their_draft_or_goes_on_once_withdrawn(
    survey, surveyor, version
) -> None:
    other = somebody("other", Role.SURVEYOR, Place.objects.get(code="N1"))
    client, theirs = signed_in(surveyor), signed_in(other)
    at = begun(client, version)

    begin = {"form": version.pk, "parcel": KEY}
    # who has no block is not given the form at all
    assert theirs.post("/surveys/desk/begin/", begin).status_code == 404
    begin = {"form": version.pk, "parcel": "1-2-1-0"}
    assert client.post("/surveys/desk/begin/", begin).status_code == 403
    for path in (at, f"{at}drop/"):
        assert theirs.post(path, {"do": "send"}).status_code == 404
    assert theirs.get(at).status_code == 404
    assert theirs.get(f"/surveys/{survey.pk}/desk/B1/").status_code == 404
    running.take_blocks(by=None, survey=survey, block_keys=["B1"])
    assert client.get(at).status_code == 403
    assert client.post(at, answers(do="send")).status_code == 403
    running.give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    assert client.get(at).status_code == 200
    membership = surveyor.memberships.get()
    people.take_role(by=None, membership=membership)
    assert client.post(at, answers(do="send")).status_code == 403
    assert not Submission.objects.exists()


def test_a_draft_of_a_parcel_that_is_somebody_elses_now_can_only_be_thrown_away(
    survey, surveyor, version
) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    assignment = survey.assignments.get()
    assignment.parcel_keys = [key for key in assignment.parcel_keys if key != KEY]
    assignment.save()

    assert client.get(at).status_code == 403
    assert client.post(at, answers(do="send")).status_code == 403
    assert "/drop/" in client.get("/surveys/mine/").content.decode()
    assert client.post(f"{at}drop/").status_code == 302
    assert not Draft.objects.exists()


def test_another_parcel_cannot_be_slipped_into_a_form(survey, surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)

    page = client.post(at, answers(do="send", **{f"{HERE}parcel": "1-2-1-0"}))

    assert [each.asked.node.name for each in page.context["wrong"]] == ["parcel"]
    assert not Submission.objects.exists()


def test_what_came_back_is_answered_anew_with_what_was_said(survey, surveyor, manager) -> None:
    xml = filled(survey.form.form_id, KEY, structure="steel_frame", photo="a.jpg")
    first, _ = receive(by=surveyor, xml=xml.encode(), files=[desk.SentFile("a.jpg", photo())])
    client = signed_in(surveyor)
    assert client.post(f"/surveys/answers/{first.pk}/anew/").status_code == 400
    reviewing.send_back(by=manager, submission=first, note="سازه را ببینید")
    assert "پاسخ دوباره" in client.get(f"/surveys/answers/{first.pk}/").content.decode()

    at = client.post(f"/surveys/answers/{first.pk}/anew/").url
    assert client.post(f"/surveys/answers/{first.pk}/anew/").url == at
    page = client.get(at).content.decode()
    assert "a.jpg" in page
    sent = client.post(at, answers(do="send", **{f"{HOUSE}structure": "brick_wood"}))

    assert sent.status_code == 302
    second = Submission.objects.exclude(pk=first.pk).get()
    assert (second.replaces, second.seen["structure"]) == (first, "brick_wood")
    assert second.attachments.get().name == "a.jpg"
    first.refresh_from_db()
    assert first.state == "replaced"
    assert client.post(f"/surveys/answers/{first.pk}/anew/").status_code == 400


def test_a_second_click_sends_nothing_twice(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    client.post(at, answers(do="look"))
    draft = Draft.objects.get()

    first, _ = desk.send(draft)
    again, problems = desk.send(draft)

    assert (first, problems) == (again, ())
    assert Submission.objects.count() == 1


FAMILY = {
    "survey": [
        ("type", "name", "label::fa", "label::en", "choice_filter", "calculation"),
        ("text", "street", "خیابان", "Street", "", ""),
        ("select_one_from_file shops.csv", "shop", "فروشگاه", "Shop", "street = ${street}", ""),
        ("begin repeat", "person", "نفر", "Person", "", ""),
        ("integer", "age", "سن", "Age", "", ""),
        ("end repeat", "", "", "", "", ""),
        ("calculate", "sum", "", "", "", "sum(${age})"),
        ("note", "told", "جمع ${sum}", "Sum ${sum}", "", ""),
    ],
    "settings": [("form_id", "form_title", "version"), ("family", "خانوار", "1")],
}
SHOPS = "name,label,street\ns1,نانوایی,الف\ns2,داروخانه,ب\n".encode()


def test_a_form_is_published_with_its_files_and_its_rows_are_filled_at_a_desk(
    mapped_city, manager, surveyor
) -> None:
    office, client = signed_in(manager), signed_in(surveyor)
    version = forms_kept.add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=FAMILY), file_name="f.xlsx"
    )
    at = f"/surveys/forms/{version.pk}/"
    page = office.post(f"{at}publish/", follow=True).content.decode()
    assert "بی آن‌ها فرم منتشر نمی‌شود" in page
    for name, content, why in (
        ("shops.csv", b"\xff\xfe", "خوانده نمی‌شود"), ("shops.csv", b"a,b\n", "name"),
        ("other.csv", SHOPS, "نمی‌خواهد"), ("shops.csv", b"x" * (9 * 2**20), "مبی‌بایت"),
    ):  # fmt: skip
        file = SimpleUploadedFile(name, content)
        said = office.post(f"{at}media/", {"file": file}, follow=True).content.decode()
        assert why in said, name
    assert not version.media.exists()
    office.post(f"{at}media/", {"file": SimpleUploadedFile("shops.csv", SHOPS)})
    assert "رسیده" in office.get(at).content.decode()
    office.post(f"{at}publish/")
    assert FormVersion.objects.get(pk=version.pk).state == "published"
    late = office.post(f"{at}media/", {"file": SimpleUploadedFile("shops.csv", SHOPS)}, follow=True)
    assert "پیش‌نویس" in late.content.decode()

    from bazafarin.web.surveys import phones  # noqa: PLC0415

    phone = Phone("surveyor", phones.give_phone(by=None, user=surveyor))
    manifest = fromstring(
        phone.get(path_of(listed(phone.get("/openrosa/formList"))["manifestUrl"])).content
    )
    (named,) = manifest.iter("{http://openrosa.org/xforms/xformsManifest}downloadUrl")
    assert phone.get(path_of(named.text)).content == SHOPS
    assert phone.get(path_of(named.text).replace("shops", "none")).status_code == 404

    begin = begun(client, version)
    client.post(
        begin, {"do": "add /data/person", "a:/data/street": "ب", "a:/data/person[1]/age": "۴۰"}
    )
    page = client.get(begin).content.decode()
    assert "داروخانه" in page
    assert "نانوایی" not in page
    ages = {"a:/data/person[1]/age": "۴۰", "a:/data/person[2]/age": "۲"}
    looked = client.post(begin, {"do": "look", **ages}).content.decode()
    assert "جمع ۴۲" in looked
    assert client.post(begin, {"do": "drop /data/person[9]"}).status_code == 404
    assert client.post(begin, {"do": "add /data/street"}).status_code == 404
    client.post(begin, {"do": "drop /data/person[1]"})
    assert client.post(begin, {"do": "send", "a:/data/shop": "s2"}).url == "/surveys/mine/"
    sent = fromstring(bytes(Submission.objects.get().xml))
    assert [each.findtext("age") for each in sent.iter("person")] == ["2"]
    assert sent.findtext("shop") == "s2"


def test_a_form_that_only_a_phone_can_fill_says_so(mapped_city, surveyor) -> None:
    odd = {
        "survey": [
            ("type", "name", "label", "calculation"), ("text", "a", "آ", ""),
            ("calculate", "b", "", "phone-only(${a})"),
        ],
        "settings": [("form_id", "version"), ("odd", "1")],
    }  # fmt: skip
    version = forms_kept.add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=odd), file_name="f.xlsx"
    )
    forms_kept.publish(by=None, version=version)

    page = signed_in(surveyor).post("/surveys/desk/begin/", {"form": version.pk})

    assert page.status_code == 400
    assert "تنها با گوشی" in page.content.decode()
    assert not Draft.objects.exists()


def test_odd_text_is_kept_as_text(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    odd = "<b>&\x00\x0b \u202e \U0001f600 ]]>"

    client.post(at, answers(do="look", **{"a:/data/evidence/remark": odd}))
    page = client.get(at).content.decode()

    assert "&lt;b&gt;&amp;" in page
    assert client.post(at, answers(do="send")).status_code == 302
    assert Submission.objects.get().seen


def test_the_most_doubtful_parcels_come_first_on_the_phone_and_at_the_desk(
    mapped_city, surveyor
) -> None:
    place = Place.objects.get(code="N1")
    rows = Parcel.objects.of_edition(mapped_city).filter(in_block="B1")
    keys = sorted(rows.values_list("key", flat=True), key=by_numbers)
    assert len(keys) > 3
    rows.update(structure="steel_frame", built_sh=1380)
    rows.filter(key=keys[1]).update(structure="unknown", built_sh=None, floors=None)
    rows.filter(key=keys[-1]).update(structure="unknown")
    made = running.begin_survey(
        by=None, city=mapped_city, place=place, title="برداشت", begun_on=DATED, due_on=None
    )
    running.give_blocks(by=None, survey=made, surveyor=surveyor, block_keys=["B1"])
    receive(by=surveyor, xml=filled(made.form.form_id, keys[1]).encode())

    table = list(csv.DictReader(io.StringIO(list_for(surveyor, made.form).decode())))
    block = block_held(surveyor, made.pk, "B1", day=DATED)

    # what has an answer already comes last
    assert (table[0]["name"], table[-1]["name"]) == (keys[-1], keys[1])
    assert (block.parcels[0].key, block.parcels[-1].key) == (keys[-1], keys[1])
    assert block.parcels[0].unknown < block.parcels[-1].unknown


def test_a_second_look_is_taken_at_a_desk_without_the_first(survey, surveyor, version) -> None:
    first, _ = receive(by=surveyor, xml=filled(survey.form.form_id, KEY).encode())
    other = somebody("other", Role.SURVEYOR, survey.place)
    quality.draw(by=None, survey=survey, surveyor=other, count=1, chance=lot(1))
    client = signed_in(other)
    mine = client.get("/surveys/mine/").content.decode()
    assert KEY in mine
    assert "بازدید دوباره" in mine

    at = begun(client, version)
    sent = client.post(at, answers(do="send"))

    assert sent.status_code == 302
    second = Submission.objects.exclude(pk=first.pk).get()
    assert second.state == "revisit"
    assert survey.revisits.get().second == second
    assert KEY not in client.get("/surveys/mine/").content.decode()
    assert client.get(sent.url).status_code == 200


def test_what_was_begun_is_taken_although_the_form_was_withdrawn_meanwhile(
    mapped_city, surveyor
) -> None:
    sheets = {"survey": [("type", "name", "label"), ("text", "a", "آ")],
              "settings": [("form_id", "version"), ("plain", "1")]}  # fmt: skip
    version = forms_kept.add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=sheets), file_name="f.xlsx"
    )
    forms_kept.publish(by=None, version=version)
    client = signed_in(surveyor)
    at = begun(client, version)
    forms_kept.withdraw(by=None, version=version)

    assert client.post("/surveys/desk/begin/", {"form": version.pk}).status_code == 404
    assert client.post(at, {"do": "look", "a:/data/a": "x"}).status_code == 200
    assert client.post(at, {"do": "send"}).status_code == 302
    assert Submission.objects.get().version == version


def test_a_repeat_of_many_rows_is_kept_in_one_post(mapped_city, surveyor) -> None:
    questions = [("integer", f"q{at}", "س") for at in range(12)]
    sheets = {
        "survey": [("type", "name", "label"), ("begin repeat", "p", "نفر"), *questions,
                   ("end repeat", "", "")],
        "settings": [("form_id", "version"), ("rows", "1")],
    }  # fmt: skip
    version = forms_kept.add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=sheets), file_name="f.xlsx"
    )
    forms_kept.publish(by=None, version=version)
    client = signed_in(surveyor)
    at = begun(client, version)
    draft = Draft.objects.get()
    filling = desk.filling_of(draft)
    for _ in range(99):
        filling.add_row("/data/p")
    desk.keep(draft, filling)

    sent = {f"a:/data/p[{row}]/q{at}": "1" for row in range(1, 101) for at in range(12)}
    assert client.post(at, {"do": "send", **sent}).status_code == 302
    assert bytes(Submission.objects.get().xml).count(b">1<") == 1_200


def test_a_file_that_is_too_large_is_refused_unread(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    large = SimpleUploadedFile("a.jpg", b"x" * (13 * 2**20))

    page = client.post(at, {"a:/data/evidence/photo_front": large, "do": "keep"})

    assert "مبی‌بایت" in page.content.decode()
    assert not Draft.objects.get().files.exists()


def test_what_a_phone_measured_stays_where_nobody_changes_it(survey, surveyor, manager) -> None:
    xml = filled(survey.form.form_id, KEY, at="35.69 51.44 1200.5 4.9")
    first, _ = receive(by=surveyor, xml=xml.encode())
    reviewing.send_back(by=manager, submission=first, note="دوباره")
    client = signed_in(surveyor)
    at = client.post(f"/surveys/answers/{first.pk}/anew/").url

    point = {f"{HERE}location": "35.69", f"{HERE}location:longitude": "51.44"}
    assert client.post(at, answers(do="send", **point)).status_code == 302

    second = Submission.objects.exclude(pk=first.pk).get()
    assert b"35.69 51.44 1200.5 4.9" in bytes(second.xml)
    assert second.accuracy_m == 4.9


@pytest.mark.parametrize(
    ("typed", "kept"), [("1,234", "1234"), ("1,5", "1,5"), ("۱٬۲۳۴٫۵", "1234.5"), ("−5", "-5")]
)
def test_a_figure_is_never_made_another(surveyor, version, typed, kept) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    client.post(at, answers(do="look", **{f"{HOUSE}land_area_m2": typed}))
    assert desk.filling_of(Draft.objects.get()).answer("/data/building/land_area_m2") == kept


def test_a_page_that_shows_an_earlier_state_overwrites_nothing(surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    seen = Draft.objects.get().revision
    client.post(at, answers(do="look", revision=seen, **{"a:/data/evidence/remark": "تازه"}))

    late = client.post(
        at, answers(do="send", revision=seen, **{"a:/data/evidence/remark": "کهنه"}), follow=True
    )

    assert "در پنجره‌ای دیگر تغییر کرده بود" in late.content.decode()
    assert "تازه" in late.content.decode()
    assert not Submission.objects.exists()
    now = Draft.objects.get().revision
    assert client.post(at, answers(do="send", revision=now)).status_code == 302
    assert Submission.objects.count() == 1


def a_form(city, *questions) -> FormVersion:
    heads = ("type", "name", "label", "calculation", "relevant")
    sheets = {"survey": [heads, *questions], "settings": [("form_id", "version"), ("own", "1")]}
    made = forms_kept.add_version(
        by=None, place=city.place, content=workbook(sheets=sheets), file_name="f.xlsx"
    )
    forms_kept.publish(by=None, version=made)
    return made


def test_a_draft_whose_form_fails_can_be_opened_and_mended(mapped_city, surveyor) -> None:
    made = a_form(
        mapped_city,
        ("text", "a", "آ", "", ""),
        ("calculate", "b", "", "if(${a} = 'x', regex('y', '('), 'ok')", ""),
    )
    client = signed_in(surveyor)
    at = begun(client, made)

    page = client.post(at, {"do": "send", "a:/data/a": "x"})
    assert page.status_code == 200
    assert "حساب نمی‌شود" in page.content.decode()
    opened = client.get(at).content.decode()
    assert 'value="x"' in opened
    assert "حساب نمی‌شود" in opened
    assert not Submission.objects.exists()
    assert client.post(at, {"do": "send", "a:/data/a": "y"}).status_code == 302


def test_files_of_rows_that_went_are_a_drafts_no_more(mapped_city, surveyor) -> None:
    made = a_form(
        mapped_city,
        ("begin repeat", "p", "نفر", "", ""), ("image", "photo", "عکس", "", ""),
        ("end repeat", "", "", "", ""),
    )  # fmt: skip
    client = signed_in(surveyor)
    at = begun(client, made)
    for _ in range(3):
        client.post(at, {"do": "look", "a:/data/p[1]/photo": SimpleUploadedFile("a.jpg", photo())})
        assert Draft.objects.get().files.count() == 1
        client.post(at, {"do": "drop /data/p[1]"})
        assert not Draft.objects.get().files.exists()
        client.post(at, {"do": "add /data/p"})


def test_clicking_a_form_again_goes_on_where_nothing_was_written(mapped_city, surveyor) -> None:
    made = a_form(mapped_city, ("text", "نام", "نام", "", ""))
    client = signed_in(surveyor)
    at = begun(client, made)
    assert begun(client, made) == at
    client.post(at, {"do": "look", "a:/data/نام": "x"})
    assert begun(client, made) != at


def test_after_a_draft_of_a_withdrawn_form_one_comes_home(survey, surveyor, version) -> None:
    client = signed_in(surveyor)
    at = begun(client, version)
    forms_kept.withdraw(by=None, version=version)

    sent = client.post(at, answers(do="send"))

    assert sent.url == "/surveys/mine/"
    assert client.get(sent.url).status_code == 200
