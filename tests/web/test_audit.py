"""The audit: appended in the change's own transaction, and edited by nobody."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from bazafarin.web.accounts import actions
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.guards import guard
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.audit.record import record
from bazafarin.web.places import actions as places
from bazafarin.web.places.models import Place
from bazafarin.web.places.models.place import PlaceKind
from web_town import PASSWORD, signed_in, somebody


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {t} SET action = 'nothing'", "DELETE FROM {t}", "UPDATE {t} SET at = at WHERE id > 0"],
)
def test_the_database_refuses_to_change_or_remove_an_event(manager, statement) -> None:
    table = AuditEvent._meta.db_table
    before = AuditEvent.objects.count()

    with (
        pytest.raises(IntegrityError, match="appended and never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(t=table))

    assert AuditEvent.objects.count() == before > 0


def test_the_application_cannot_change_an_event_either(manager) -> None:
    event = AuditEvent.objects.first()
    event.action = "nothing"

    for act in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_refuses_to_empty_the_audit() -> None:
    with (
        pytest.raises(IntegrityError, match="appended and never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {AuditEvent._meta.db_table}")


class Written:
    """A connection that writes statements down in place of asking a database."""

    def __init__(self, vendor) -> None:
        self.vendor = vendor
        self.statements: list[str] = []

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, statement) -> None:
        self.statements.append(statement)


@pytest.mark.parametrize(
    ("vendor", "refused"),
    [("sqlite", {"UPDATE", "DELETE"}), ("postgresql", {"UPDATE", "DELETE", "TRUNCATE"})],
)
def test_both_vendors_are_told_what_to_refuse(vendor, refused) -> None:
    told = Written(vendor)

    guard(told)

    words = " ".join(told.statements)
    assert all(verb in words for verb in refused)
    assert AuditEvent._meta.db_table in words
    assert "{" not in words


def test_the_guard_can_be_made_again(db) -> None:
    guard(connection)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError, match="within its change's transaction"):
        record("place.added", by=None, subject_kind="place", subject_id=1)


def test_a_change_that_fails_leaves_no_event(city, manager) -> None:
    before = AuditEvent.objects.count()

    def twice() -> None:
        with transaction.atomic():
            for _ in range(2):  # the second has the code of the first
                places.add_place(
                    by=manager, kind=PlaceKind.DISTRICT, name_fa="یک", parent=city.place, code="D1"
                )

    with pytest.raises(IntegrityError):
        twice()

    assert AuditEvent.objects.count() == before
    assert not Place.objects.filter(code="D1").exists()


def test_somebody_whose_role_is_refused_is_not_added_either(city, manager) -> None:
    with pytest.raises(PermissionDenied):
        actions.add_person_with_role(
            by=manager, username="second", name_fa="دوم", password=PASSWORD,
            role=Role.ADMINISTRATOR, place=city.place,
        )  # fmt: skip

    assert not User.objects.filter(username="second").exists()
    assert not AuditEvent.objects.filter(action="person.added", by=manager).exists()


def test_an_event_says_who_from_what_to_what(city, manager) -> None:
    user = somebody("anybody", Role.SURVEYOR, city.place)
    actions.take_role(by=manager, membership=user.memberships.get())

    event = AuditEvent.objects.get(action="role.taken")
    assert (event.by, event.subject_id) == (manager, str(user.pk))
    assert event.before == {"role": "surveyor", "place": city.place.path}
    assert event.place_path == city.place.path


def test_a_manager_sees_the_events_of_their_own_places_alone(city, other_city, manager) -> None:
    somebody("here", Role.SURVEYOR, city.place)
    somebody("there", Role.SURVEYOR, other_city.place)

    shown = signed_in(manager).get("/audit/").context["page"].rows

    paths = {event.place_path for event in shown}
    assert city.place.path in paths
    assert other_city.place.path not in paths


def test_no_password_is_in_an_event(city, manager) -> None:
    user = somebody("anybody", Role.SURVEYOR, city.place)
    actions.change_password(by=manager, user=user, password="another-long-word")  # noqa: S106

    kept = str(list(AuditEvent.objects.values_list("before", "after")))
    assert PASSWORD not in kept
    assert "another-long-word" not in kept


def test_the_page_tells_an_event_in_words(city, manager) -> None:
    user = somebody("anybody", Role.SURVEYOR, city.place)
    actions.take_role(by=manager, membership=user.memberships.get())
    client = signed_in(manager)

    told = client.get("/audit/?action=role&by=manager").context["told"]

    assert [(each.event.action, each.subject) for each in told] == [("role.taken", "anybody")]
    assert [(c.word, c.before, c.after) for c in told[0].changes] == [
        ("نقش", "برداشت‌کننده", ""),
        ("مکان", "قدس", ""),
    ]


def test_the_page_of_events_reads_few_tables(city, manager, django_assert_max_num_queries) -> None:
    for number in range(20):
        somebody(f"somebody{number}", Role.SURVEYOR, city.place)
    client = signed_in(manager)

    with django_assert_max_num_queries(9):
        client.get("/audit/")


def test_what_was_asked_of_a_study_is_told_in_words_and_not_as_it_is_stored(city, manager) -> None:
    with transaction.atomic():
        record(
            "plan.asked", by=manager, subject_kind="plan", subject_id=7,
            place_path=city.place.path,
            after={
                "identity": "cd367800af7fdbe13a391c",
                "standards": "",
                "scenario": {"budget_rial": 500_000_000_000, "services": None, "floor_share": 0.1},
            },
        )  # fmt: skip

    page = signed_in(manager).get("/audit/").content.decode()

    assert "۵۰۰ میلیارد ریال" in page
    assert "۱۰٪" in page
    assert "cd367800af7f<" in page
    assert "budget_rial" not in page
    assert "None" not in page
