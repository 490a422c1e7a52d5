"""What the tests of the site share: a city of two neighbourhoods, and somebody of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.guards import guard
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.places import actions
from bazafarin.web.places.models import City, Place
from bazafarin.web.places.models.place import PlaceKind
from web_town import delivered, layers, prepared, somebody, town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.web.accounts.models import User


@pytest.fixture(autouse=True, scope="session")
def _the_audit_is_emptied_between_tests() -> Iterator[None]:
    """Let a test that commits be cleared away: the database refuses it to everybody else."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        table = AuditEvent._meta.db_table
        names = (
            [f"{table}_only_appended ON {table}"]
            if connection.vendor == "postgresql"
            else [f"{table}_no_{verb}" for verb in ("UPDATE", "DELETE")]
        )
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        empty(case)
        guard(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Forget what an earlier test's city left: another has its number now."""
    cache.clear()


@pytest.fixture
def province(db) -> Place:
    return actions.add_place(by=None, kind=PlaceKind.PROVINCE, name_fa="تهران", parent=None)


@pytest.fixture
def city(province) -> City:
    """Return a city without any edition."""
    county = actions.add_place(by=None, kind=PlaceKind.COUNTY, name_fa="قدس", parent=province)
    place = actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="قدس", parent=county)
    return City.objects.select_related("place").get(place=place)


@pytest.fixture
def other_city(province) -> City:
    county = actions.add_place(by=None, kind=PlaceKind.COUNTY, name_fa="ری", parent=province)
    place = actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="ری", parent=county)
    return City.objects.select_related("place").get(place=place)


@pytest.fixture
def mapped_city(city, tmp_path) -> City:
    """Return the city with its first edition accepted."""
    edition = prepared(city, delivered(tmp_path / "city.gpkg", layers(town())))
    actions.accept_edition(by=None, edition=edition)
    city.refresh_from_db()
    return city


@pytest.fixture
def manager(city) -> User:
    return somebody("manager", Role.MANAGER, city.place)


@pytest.fixture
def planner(city) -> User:
    return somebody("planner", Role.PLANNER, city.place)


@pytest.fixture
def owner(city) -> User:
    return somebody("owner", Role.OWNER, city.place)


@pytest.fixture
def outsider(other_city) -> User:
    """Return the planner of another city."""
    return somebody("outsider", Role.PLANNER, other_city.place)


@pytest.fixture
def surveyor(mapped_city) -> User:
    """Return the surveyor of the first neighbourhood alone."""
    place = Place.objects.get(code="N1", kind=PlaceKind.NEIGHBOURHOOD)
    return somebody("surveyor", Role.SURVEYOR, place)
