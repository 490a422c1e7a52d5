"""Facilitation offices: opened, worked in, what they did, and the month that is made of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.demonstration_survey import open_office as open_demo_office
from bazafarin.web.offices import actions, reports
from bazafarin.web.offices.duties import duties
from bazafarin.web.offices.models import Done, DoneKind, Office, OfficeWorker
from bazafarin.web.places.models import Place
from bazafarin.web.surveys import running
from web.test_constraints import refused
from web_town import DATED, signed_in


@pytest.fixture
def office(mapped_city) -> Office:
    place = Place.objects.get(code="N1")
    return actions.open_office(by=None, place=place, name="دفتر بازارچه", opened_on=DATED)


def did(office, kind=DoneKind.VISIT, day=DATED, duty="inform", **values) -> Done:
    return actions.note_done(
        by=None, office=office, kind=kind, happened_on=day, duty=duty, **values
    )


def test_every_duty_has_a_name_in_both_languages_and_its_source() -> None:
    told = duties()

    assert list(told.names["fa"]) == list(told.names["en"])
    assert len(told.names["fa"]) == 10
    assert told.certainty == "S2"
    assert told.instrument


def test_a_month_is_made_of_what_was_recorded(office) -> None:
    azar = date(2025, 11, 22)
    did(office, day=azar, people=4, parcel_key="1-1-1-0")
    did(office, DoneKind.MEETING, azar + timedelta(days=3), "groups", people=30)
    did(office, DoneKind.REFERRAL, azar + timedelta(days=4), "advice", referred_to="بانک مسکن",
        parcel_key="1-1-1-0")  # fmt: skip
    did(office, day=date(2025, 12, 22))

    found = reports.month_of(office, year=1404, month=9)

    assert (found.first, found.last) == (azar, date(2025, 12, 21))
    assert (found.by_kind["visit"], found.by_kind["referral"], found.by_kind["other"]) == (1, 1, 0)
    assert (found.by_duty["inform"], found.by_duty["safety"]) == (1, 0)
    assert (found.people, found.uncounted, found.parcels, len(found.rows)) == (34, 1, 1, 3)
    assert reports.month_of(office, year=1404, month=12).last == date(2026, 3, 20)
    with pytest.raises(ValueError, match="13"):
        reports.month_of(office, year=1404, month=13)


def test_what_cannot_be_is_refused(office, mapped_city) -> None:
    for values in (
        {"day": DATED - timedelta(days=1)},
        {"day": timezone.localdate() + timedelta(days=1)},
        {"duty": "king"},
        {"kind": DoneKind.REFERRAL},
    ):
        with pytest.raises(UsageError):
            did(office, **values)
    with pytest.raises(UsageError):
        actions.open_office(by=None, place=office.place, name="دوم", opened_on=DATED)
    assert not Done.objects.exists()


def test_an_office_closes_with_its_people_and_no_earlier_than_its_work(office, surveyor) -> None:
    worker = actions.add_worker(by=None, office=office, user=surveyor, since=DATED)
    did(office, day=DATED + timedelta(days=5))
    with pytest.raises(UsageError):
        actions.add_worker(by=None, office=office, user=surveyor, since=DATED)
    with pytest.raises(UsageError):
        actions.close_office(by=None, office=office, day=DATED)

    actions.close_office(by=None, office=office, day=DATED + timedelta(days=6))

    worker.refresh_from_db()
    assert worker.until == DATED + timedelta(days=6)
    office.refresh_from_db()
    with pytest.raises(UsageError):
        did(office, day=DATED + timedelta(days=7))


def test_the_pages_and_who_may(office, manager, surveyor, owner, outsider) -> None:
    client = signed_in(surveyor)
    sent = {"kind": "visit", "duty": "inform", "happened_on": "1404/09/02", "people": "3"}
    page = client.post(f"/offices/{office.pk}/done/", sent, follow=True).content.decode()
    assert "بازدید" in page
    assert Done.objects.get().people == 3
    assert client.post(f"/offices/{office.pk}/close/").status_code == 403
    wrong = client.post(f"/offices/{office.pk}/done/", sent | {"kind": "referral"})
    assert wrong.context["done"].errors["referred_to"]
    assert "۱۴۰۴" in client.get(f"/offices/{office.pk}/months/1404/9/").content.decode()
    assert client.get(f"/offices/{office.pk}/months/1404/13/").status_code == 404
    assert "visit" in client.get(f"/offices/{office.pk}/?format=csv").getvalue().decode()
    chief = signed_in(manager)
    added = {"user": surveyor.pk, "since": "1404/09/02"}
    assert (
        "افزوده شد"
        in chief.post(f"/offices/{office.pk}/people/", added, follow=True).content.decode()
    )
    for who in (owner, outsider):
        with pytest.raises(PermissionDenied):
            actions.note_done(
                by=who, office=office, kind=DoneKind.VISIT, duty="inform", happened_on=DATED
            )


def test_the_database_itself_refuses(office, surveyor) -> None:
    told = {"place": office.place, "name": "د", "opened_on": DATED}
    refused("office_open_once", lambda: Office.objects.create(**told))
    early = DATED - timedelta(days=1)
    refused("office_in_order", lambda: Office.objects.create(**told, closed_on=early))
    worker = {"office": office, "user": surveyor, "since": DATED}
    OfficeWorker.objects.create(**worker)
    refused("worker_once", lambda: OfficeWorker.objects.create(**worker))
    refused("worker_in_order", lambda: OfficeWorker.objects.create(**worker, until=early))
    done = {"office": office, "duty": "inform", "happened_on": DATED}
    refused("done_of_a_kind", lambda: Done.objects.create(**done, kind="king"))
    refused("done_referred_to_whom", lambda: Done.objects.create(**done, kind="referral"))


def test_the_demos_office_has_a_month_to_show(mapped_city, surveyor, manager) -> None:
    place = Place.objects.get(code="N1")

    office = open_demo_office(place, surveyor)

    assert "ساختگی" in office.name
    assert office.done.count() > 5
    page = signed_in(manager).get(f"/offices/{office.pk}/").content.decode()
    assert "ساختگی" in page


def test_an_offices_page_tells_how_far_its_survey_is(mapped_city, surveyor, manager) -> None:
    place = Place.objects.get(code="N1")
    office = open_demo_office(place, surveyor)
    survey = running.begin_survey(
        by=None, city=mapped_city, place=place, title="برداشت ما", begun_on=DATED, due_on=None
    )
    page = signed_in(manager).get(f"/offices/{office.pk}/").content.decode()

    assert f"/surveys/{survey.pk}/" in page
    assert "برداشت ما" in page
    assert "برداشت ما" not in signed_in(surveyor).get(f"/offices/{office.pk}/").content.decode()
