"""What the site asks of its database holds on SQLite and on PostgreSQL with PostGIS alike."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from django.db import DatabaseError, connection, transaction

from bazafarin.domain.errors import UsageError
from bazafarin.web import demonstration, first_login
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.jobs import actions as jobs
from bazafarin.web.jobs import registry, running
from bazafarin.web.jobs.models import Job, JobState
from bazafarin.web.jobs.worker import bury_the_dead
from bazafarin.web.places import actions
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.loading import load
from bazafarin.web.places.models import Edition, Neighbourhood, Parcel, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.scope import places_for
from web_town import DATED, EAST, NORTH, delivered, layers, town

ON_POSTGRESQL = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="a view of PostGIS alone"
)


def test_a_rectangle_is_asked_of_the_spatial_index(mapped_city) -> None:
    near = Parcel.objects.meeting(Box(EAST + 1, NORTH + 1, EAST + 2, NORTH + 2, 32639))
    words, parameters = near.query.sql_with_params()

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # of twelve rows all are read at once
            cursor.execute(f"EXPLAIN {words}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {words}", parameters)
        plan = " ".join(map(str, cursor.fetchall()))

    assert "places_parcel_gist" in plan or "VIRTUAL TABLE INDEX" in plan
    assert [row.key for row in near] == ["1-1-1-0"]


def test_a_row_that_moves_or_goes_is_found_where_it_is(mapped_city) -> None:
    row = Parcel.objects.get(key="1-1-1-0")
    there = Box(EAST + 5000, NORTH, EAST + 5100, NORTH + 100, 32639)
    here = Box(EAST + 1, NORTH + 1, EAST + 2, NORTH + 2, 32639)
    moved = shapely.transform(row.geometry, lambda corners: corners + np.array([5000, 0]))

    row.geometry = shapely.set_srid(moved, 32639)
    row.save()

    assert [each.key for each in Parcel.objects.meeting(there)] == ["1-1-1-0"]
    assert not Parcel.objects.meeting(here)
    row.delete()
    assert not Parcel.objects.meeting(there)


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent"],
)
def test_no_statement_changes_or_removes_an_event(province, change) -> None:
    before = AuditEvent.objects.count()

    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute(change)

    assert AuditEvent.objects.count() == before > 0


@ON_POSTGRESQL
def test_the_events_cannot_be_emptied_at_once(province) -> None:
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute(
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_auditevent CASCADE"
        )


AWKWARD = ["سرآسیاب، «قلعه‌نو»", 'a "quoted", text;\nof two lines', "", "\\N", "NULL", "\t"]


def test_rows_are_loaded_as_they_are_whatever_stands_in_them(city) -> None:
    shape = shapely.to_wkb(shapely.set_srid(shapely.Point(EAST, NORTH), 32639), include_srid=True)
    rows = pd.DataFrame(
        {
            "city_id": city.pk,
            "key": [str(number) for number in range(len(AWKWARD))],
            "row": 1,
            "since": 1,
            "digest": -5,
            "neighbourhood_id": "N",
            "name_fa": pd.Series(AWKWARD, dtype="str"),
            "population": [1.5, None, 3.0, 4.0, 5.0, 0.1 + 0.2],
            "geometry": [shape] * 5 + [None],
        }
    )

    load(Neighbourhood, rows)

    found = list(Neighbourhood.objects.order_by("key"))
    assert [row.name_fa for row in found] == AWKWARD
    assert [row.population for row in found] == [1.5, None, 3.0, 4.0, 5.0, 0.1 + 0.2]
    assert found[0].geometry.equals(shapely.Point(EAST, NORTH))
    assert found[-1].geometry is None


def test_days_and_truths_are_loaded_and_their_unknown_is_null(city) -> None:
    rows = pd.DataFrame(
        {
            "city_id": city.pk, "key": ["1", "2"], "row": 1, "since": 1, "digest": 1,
            "parcel_id": ["1", "2"], "search_key": "",
            "surveyed_on": pd.to_datetime(pd.Series(["2025-11-21", None])),
            "heritage": pd.array([True, None], dtype="boolean"),
        }
    )  # fmt: skip

    load(Parcel, rows)

    told = list(Parcel.objects.order_by("key").values_list("surveyed_on", "heritage"))
    assert told == [(date(2025, 11, 21), True), (None, None)]


@ON_POSTGRESQL
def test_a_reader_of_postgis_finds_the_shapes_and_their_system(mapped_city) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f_table_name FROM geometry_columns WHERE f_geometry_column = 'geometry'"
        )
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT DISTINCT ST_SRID(geometry), GeometryType(geometry), ST_IsValid(geometry)"
            " FROM places_parcel"
        )
        told = cursor.fetchall()

    assert {"places_parcel", "places_block", "places_neighbourhood"} <= tables
    assert told == [(32639, "POLYGON", True)]


def test_an_upload_that_was_cut_off_is_given_up_by_the_next_start(mapped_city) -> None:
    edition = actions.begin_edition(by=None, city=mapped_city, dated=DATED, note="")

    registry.put_away_all()

    edition.refresh_from_db()
    assert edition.state == "failed"
    assert actions.begin_edition(by=None, city=mapped_city, dated=DATED, note="").number == 2


def test_an_edition_that_waits_for_its_job_is_left_to_it(mapped_city) -> None:
    edition = actions.begin_edition(by=None, city=mapped_city, dated=DATED, note="")
    actions.ask_to_prepare(by=None, edition=edition)

    registry.put_away_all()

    edition.refresh_from_db()
    assert edition.state == "reading"


@pytest.fixture
def begun_job(mapped_city) -> Job:
    edition = actions.begin_edition(by=None, city=mapped_city, dated=DATED, note="")
    actions.ask_to_prepare(by=None, edition=edition)
    job = jobs.begin_next(pid=1)
    assert job is not None
    return job


def stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_a_job_that_is_stopped_is_cancelled_only_where_that_was_asked(
    begun_job, is_cancelled, monkeypatch
) -> None:
    kind = registry.kind_of(begun_job)
    monkeypatch.setitem(
        registry._KINDS, kind.name, registry.Kind(kind.name, stopped, (), kind.undo)
    )
    Job.objects.filter(pk=begun_job.pk).update(is_cancel_asked=is_cancelled)

    running.run(begun_job)

    begun_job.refresh_from_db()
    assert begun_job.state == (JobState.CANCELLED if is_cancelled else JobState.RUNNING)
    bury_the_dead(silent_for=pd.Timedelta(0).to_pytimedelta())
    begun_job.refresh_from_db()
    assert begun_job.state == (JobState.CANCELLED if is_cancelled else JobState.INTERRUPTED)
    assert Edition.objects.get(pk=begun_job.asked["edition"]).state == "failed"


def test_the_first_administrator_can_add_people_everywhere(db) -> None:
    assert not first_login.has_people()

    first_login.add_administrator("first")

    user = User.objects.get(username="first")
    assert user.must_change_password
    assert has_permission(user, Permission.MANAGE_PEOPLE, Place.objects.get())
    assert first_login.has_people()


@pytest.mark.parametrize(("name", "code"), [("first", "user_taken"), ("a b", "user_name")])
def test_an_administrator_of_a_name_that_cannot_be_is_refused(db, name, code) -> None:
    first_login.add_administrator("first")

    with pytest.raises(UsageError, match=code):
        first_login.add_administrator(name)


def test_a_demo_that_was_stopped_while_it_was_made_is_made_to_its_end(
    db, tmp_path, monkeypatch
) -> None:
    path = delivered(tmp_path / "town.gpkg", layers(town()))
    monkeypatch.setattr(actions, "accept_edition", stopped)
    with pytest.raises(KeyboardInterrupt):
        demonstration.make_demo(path, tmp_path / "logins.json")
    monkeypatch.undo()
    assert not demonstration.is_made()

    made = demonstration.make_demo(path, tmp_path / "logins.json")

    assert demonstration.is_made()
    assert User.objects.get(username="planner").check_password(made["planner"]["password"])
    assert Parcel.objects.count() == 12
    surveyor = User.objects.get(username="surveyor")
    assert [place.kind for place in places_for(surveyor, Permission.SEE_PEOPLE)] == [
        PlaceKind.NEIGHBOURHOOD
    ]


def test_the_first_study_of_the_demo_waits_for_the_worker_once(mapped_city) -> None:
    for _ in range(2):
        demonstration.ask_first_plan()

    assert list(Job.objects.values_list("kind", "state")) == [("make_plan", "waiting")]


def test_a_site_of_an_office_is_no_demo(mapped_city, planner, tmp_path) -> None:
    with pytest.raises(UsageError, match="no_demo"):
        demonstration.make_demo(tmp_path / "town.gpkg", tmp_path / "logins.json")

    assert not (tmp_path / "logins.json").exists()
