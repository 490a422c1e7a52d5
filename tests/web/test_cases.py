"""Cases: opening them, telling of them, finding them, and what a parcel's page shows."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from shapely.geometry import box

from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.actions import give_role
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.cases import actions, queries
from bazafarin.web.cases.models import Case, CaseEvent, CaseEventKind, CaseKind
from bazafarin.web.places.actions import accept_edition
from bazafarin.web.places.models import Parcel, Place
from web_town import DATED, delivered, layers, parcel, prepared, signed_in, somebody, town

LATER = DATED + timedelta(days=3)


def opened(city, *keys, by=None, **values) -> Case:
    asked = {"kind": CaseKind.PERMIT, "subject": "پروانهٔ کوچهٔ ۱", "opened_on": DATED, **values}
    return actions.open_case(by=by, city=city, keys=keys or ("1-1-1-0",), **asked)


def told(case, kind, day=LATER, **values) -> CaseEvent:
    return actions.tell(by=None, case=case, kind=kind, happened_on=day, **values)


def rows(answer):
    return [case.number for case in answer.context["page"].rows]


def test_a_case_is_its_neighbourhoods_or_over_several_the_citys(mapped_city) -> None:
    inside = opened(mapped_city, "1-1-1-0", "1-1-2-0")
    across = opened(mapped_city, "1-1-1-0", "1-2-1-0")

    assert (inside.number, inside.place.code) == (1, "N1")
    assert (across.number, across.place) == (2, mapped_city.place)
    assert [event.kind for event in inside.events.all()] == ["opened"]
    event = AuditEvent.objects.get(action="case.opened", subject_id=str(inside.pk))
    assert event.after["parcels"] == ["1-1-1-0", "1-1-2-0"]


@pytest.mark.parametrize(
    ("keys", "day", "code"),
    [
        (("1-1-1-0", "9-9-9-9"), DATED, "web_cases.error.no_parcel"),
        (("1-1-1-0",), date(2999, 1, 1), "web_cases.error.not_yet"),
    ],
)
def test_a_case_without_its_parcels_or_of_tomorrow_is_not_opened(
    mapped_city, keys, day, code
) -> None:
    with pytest.raises(UsageError) as caught:
        opened(mapped_city, *keys, opened_on=day)

    assert caught.value.code == code
    assert not Case.objects.exists()
    assert not AuditEvent.objects.filter(action="case.opened").exists()


def test_a_case_closes_and_reopens_and_all_of_it_stays(mapped_city) -> None:
    case = opened(mapped_city)
    told(case, CaseEventKind.REFERRED, words="به شرکت آب")
    told(case, CaseEventKind.CLOSED, LATER)
    case.refresh_from_db()
    assert case.closed_on == LATER
    told(case, CaseEventKind.REOPENED, LATER)
    case.refresh_from_db()

    assert case.closed_on is None
    kinds = [event.kind for event in case.events.all()]
    assert kinds == ["opened", "referred", "closed", "reopened"]


@pytest.mark.parametrize(
    ("before", "kind", "day", "code"),
    [
        ((), CaseEventKind.NOTE, DATED - timedelta(days=1), "web_cases.error.too_early"),
        ((), CaseEventKind.NOTE, date(2999, 1, 1), "web_cases.error.not_yet"),
        ((), CaseEventKind.REOPENED, LATER, "web_cases.error.is_open"),
        ((), CaseEventKind.OPENED, LATER, "web_cases.error.is_open"),
        ((CaseEventKind.CLOSED,), CaseEventKind.NOTE, LATER, "web_cases.error.is_closed"),
        ((CaseEventKind.NOTE,), CaseEventKind.CLOSED, DATED, "web_cases.error.too_early"),
        ((CaseEventKind.CLOSED,), CaseEventKind.REOPENED, DATED, "web_cases.error.too_early"),
        (
            (CaseEventKind.CLOSED, CaseEventKind.REOPENED),
            CaseEventKind.DECIDED,
            DATED,
            "web_cases.error.too_early",
        ),
    ],
)
def test_what_cannot_have_happened_is_refused_and_nothing_kept(
    mapped_city, before, kind, day, code
) -> None:
    case = opened(mapped_city)
    for each in before:
        told(case, each)
    was = list(case.events.values_list("kind", flat=True))

    with pytest.raises(UsageError) as caught:
        told(case, kind, day)

    assert caught.value.code == code
    assert list(case.events.values_list("kind", flat=True)) == was


def test_a_case_follows_its_land_through_a_split(mapped_city, planner, tmp_path) -> None:
    case = opened(mapped_city, "1-1-6-0")
    parcels = [each for each in town() if each["parcel_id"] != "1-1-6-0"]
    west, south, *_ = parcel(6, 5, 0)["geometry"].bounds
    parcels += [
        parcel(61, 5, 0, geometry=box(west, south, west + 5, south + 15)),
        parcel(62, 5, 0, geometry=box(west + 5, south, west + 10, south + 15)),
    ]
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(parcels)))
    accept_edition(by=None, edition=edition)
    mapped_city.refresh_from_db()

    [of_new] = queries.cases_of_parcel(planner, mapped_city, "1-1-61-0")
    [of_old] = queries.cases_of_parcel(planner, mapped_city, "1-1-6-0")
    assert (of_new.case, of_new.former) == (case, "1-1-6-0")
    assert (of_old.case, of_old.former) == (case, "")
    address = f"/places/cities/{mapped_city.pk}/parcels/1-1-61-0/"
    page = signed_in(planner).get(address).content.decode()
    assert f"/cases/{case.pk}/" in page
    assert "از قطعهٔ پیشین" in page
    assert f"/cases/cities/{mapped_city.pk}/open/" in page
    gone = signed_in(planner).get(f"/places/cities/{mapped_city.pk}/parcels/1-1-6-0/")
    assert f"/cases/cities/{mapped_city.pk}/open/" not in gone.content.decode()
    assert rows(signed_in(planner).get("/cases/?q=1-1-61-0")) == [case.number]


def test_who_sees_cases_sees_those_of_their_places_alone(mapped_city) -> None:
    first = Place.objects.get(code="N1")
    inside, beside = opened(mapped_city, "1-1-1-0"), opened(mapped_city, "1-2-1-0")
    of_first = somebody("of_first", Role.COMMISSION_SECRETARY, first)
    surveyor = somebody("surveyor_of_first", Role.SURVEYOR, first)
    client = signed_in(of_first)

    assert rows(client.get("/cases/")) == [inside.number]
    assert client.get(f"/cases/{beside.pk}/").status_code == 404
    assert queries.cases_of_parcel(of_first, mapped_city, "1-2-1-0") == []
    for key in ("1-2-1-0", "9-9-9-9"):  # another's parcel is as one that is not there
        with pytest.raises(UsageError, match="no_parcel"):
            opened(mapped_city, key, by=of_first)
    of_both = somebody("of_both", Role.COMMISSION_SECRETARY, first)
    give_role(
        by=None, user=of_both, role=Role.COMMISSION_SECRETARY, place=Place.objects.get(code="N2")
    )
    of_both = User.objects.get(pk=of_both.pk)
    with pytest.raises(PermissionDenied):
        opened(mapped_city, "1-1-1-0", "1-2-1-0", by=of_both)
    page = client.get(f"/places/cities/{mapped_city.pk}/parcels/1-1-2-0/").content.decode()
    assert "در محدودهٔ شما پرونده‌ای برای این قطعه نیست" in page
    address = f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/"
    assert 'id="cases"' not in signed_in(surveyor).get(address).content.decode()


def test_opening_and_telling_from_the_pages(mapped_city, planner) -> None:
    client = signed_in(planner)
    address = f"/cases/cities/{mapped_city.pk}/open/"
    assert "1-1-2-0" in client.get(f"{address}?parcel=1-1-2-0").content.decode()

    answer = client.post(
        address,
        {
            "kind": "consolidation",
            "subject": "تجميع دو قطعه",
            "keys": "1-1-1-0، ۱-۱-۲-۰",
            "opened_on": "1404/09/01",
        },
        follow=True,
    )
    case = Case.objects.get()
    assert answer.status_code == 200
    assert case.subject == "تجمیع دو قطعه"
    assert [str(each) for each in case.parcels.all()] == ["1-1-1-0", "1-1-2-0"]
    said = {"kind": "referred", "happened_on": "1404/09/02", "words": "به شهرداری"}
    page = client.post(f"/cases/{case.pk}/tell/", said, follow=True).content.decode()
    assert "به شهرداری" in page
    wrong = client.post(f"/cases/{case.pk}/tell/", said | {"happened_on": "1404/08/01"})
    assert "نمی‌تواند پیش از" in wrong.content.decode()
    assert case.events.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("subject", "ﷺ" * 200, "بلندتر از"),
        ("subject", "\u200c\u200f", "لازم"),
        ("keys", "،،", "دست‌کم یک قطعه"),
    ],
)
def test_a_text_that_is_too_long_or_nothing_once_normalised_is_told(
    mapped_city, planner, field, value, why
) -> None:
    given = {"kind": "permit", "subject": "پروانه", "keys": "1-1-1-0", "opened_on": "1404/09/01"}

    answer = signed_in(planner).post(
        f"/cases/cities/{mapped_city.pk}/open/", given | {field: value}
    )

    assert list(answer.context["form"].errors) == [field]
    assert not Case.objects.exists()
    assert why in answer.content.decode()


def test_a_line_may_be_one_code_with_spaces(mapped_city, planner) -> None:
    Parcel.objects.filter(key="1-1-1-0").update(key="12 / 3")
    given = {"kind": "permit", "subject": "پروانه", "opened_on": "1404/09/01"}

    signed_in(planner).post(
        f"/cases/cities/{mapped_city.pk}/open/", given | {"keys": "12 / 3\n1-1-2-0"}
    )

    assert [str(each) for each in Case.objects.get().parcels.all()] == ["12 / 3", "1-1-2-0"]


def test_a_parcel_that_is_not_there_is_named_and_nothing_is_lost(mapped_city, planner) -> None:
    given = {"kind": "permit", "subject": "پروانه", "keys": "9-9-9-9", "opened_on": "1404/09/01"}

    page = signed_in(planner).post(f"/cases/cities/{mapped_city.pk}/open/", given).content.decode()

    assert "9-9-9-9" in page
    assert "در ویرایش جاری شهر یا در محدودهٔ شما نیست" in page
    assert not Case.objects.exists()


def test_cases_are_found_sorted_and_taken_away(mapped_city, planner) -> None:
    opened(mapped_city, "1-1-1-0", subject="پروانهٔ نخست")
    second = opened(mapped_city, "1-2-1-0", kind=CaseKind.COMPLAINT, subject="شکایت همسایه")
    told(second, CaseEventKind.CLOSED)
    client = signed_in(planner)

    assert rows(client.get("/cases/")) == [2, 1]
    assert rows(client.get("/cases/?sort=number")) == [1, 2]
    assert rows(client.get("/cases/?q=همسايه")) == [2]
    assert rows(client.get("/cases/?q=1-1-1")) == [1]
    assert rows(client.get("/cases/?q=۲")) == [2]
    assert rows(client.get("/cases/?kind=permit")) == [1]
    assert rows(client.get("/cases/?state=closed")) == [2]
    assert rows(client.get("/cases/?state=open")) == [1]
    assert rows(client.get("/cases/?kind=complaint&state=open")) == []
    assert "یافت نشد" in client.get("/cases/?q=zzz").content.decode()
    file = client.get("/cases/?format=xlsx&state=closed")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    file.close()
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [2]


def test_the_day_of_an_open_case_is_counted_to_today(mapped_city, planner) -> None:
    case = opened(mapped_city)

    answer = signed_in(planner).get(f"/cases/{case.pk}/")

    assert answer.context["days"] == (timezone.localdate() - DATED).days
