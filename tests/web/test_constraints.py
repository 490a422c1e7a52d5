"""What the database itself refuses, whoever asks it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from shapely.geometry import box

from bazafarin.web.accounts.models import Membership
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.cases.models import Case, CaseEvent, CaseParcel
from bazafarin.web.jobs.models import Job
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.models import Edition, Place, Succession, TargetArea
from bazafarin.web.plans.models import AreaResult, BlockResult, Plan
from web_town import DATED, somebody


def refused(name, act) -> None:
    """Assert that the database refuses ``act``, by the constraint of this name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    words = str(caught.value)
    # SQLite names a unique constraint by its columns
    assert name in words or "UNIQUE constraint failed" in words


def an_edition(city, **values):
    return Edition.objects.create(
        **{
            "city": city,
            "number": 1,
            "kind": "delivery",
            "state": "reading",
            "dated": DATED,
            **values,
        }
    )


def test_a_role_at_a_place_is_held_once(city) -> None:
    held = somebody("anybody", Role.OWNER, city.place).memberships.get()

    again = {"user": held.user, "role": held.role, "place": held.place}
    refused("membership_held_once", lambda: Membership.objects.create(**again))
    Membership.objects.create(**again, ended_at=timezone.now())


def test_a_membership_is_of_a_role(city) -> None:
    user = somebody("anybody")

    refused(
        "membership_of_a_role",
        lambda: Membership.objects.create(user=user, role="king", place=city.place),
    )


def test_a_code_names_one_place_below_its_parent(city) -> None:
    Place.objects.create(kind="neighbourhood", parent=city.place, code="N1", name_fa="یک")

    refused(
        "place_code_below_its_parent",
        lambda: Place.objects.create(
            kind="neighbourhood", parent=city.place, code="N1", name_fa="دو"
        ),
    )


def test_a_place_is_of_a_kind_and_has_a_parent_unless_it_is_a_root(city) -> None:
    refused(
        "place_of_a_kind",
        lambda: Place.objects.create(kind="planet", parent=city.place, name_fa="زمین"),
    )
    refused(
        "place_has_a_parent", lambda: Place.objects.create(kind="neighbourhood", name_fa="بی‌شهر")
    )


def test_one_edition_waits_and_a_number_is_given_once(city) -> None:
    an_edition(city)

    refused("edition_waits_alone", lambda: an_edition(city, number=2))
    Edition.objects.update(state="accepted", decided_at=timezone.now())
    refused("edition_number_of_a_city", lambda: an_edition(city))


def test_an_edition_is_decided_at_a_moment(city) -> None:
    refused("edition_decided_at_a_moment", lambda: an_edition(city, state="accepted"))
    refused("edition_decided_at_a_moment", lambda: an_edition(city, decided_at=timezone.now()))


def test_a_pair_of_parcels_is_told_once_and_of_a_kind(city) -> None:
    edition = an_edition(city)
    pair = {"edition": edition, "old": "1", "new": "2", "common_m2": 10.0}
    Succession.objects.create(kind="split", **pair)

    refused("succession_once", lambda: Succession.objects.create(kind="split", **pair))
    refused(
        "succession_of_a_kind",
        lambda: Succession.objects.create(kind="lost", **{**pair, "new": "3"}),
    )


def test_a_target_area_is_of_a_type_and_ends_after_it_begins(city) -> None:
    area = {"place": city.place, "name_fa": "بازار", "valid_from": DATED}

    refused(
        "target_area_of_a_type",
        lambda: TargetArea.objects.create(primary_type="shiny", **area),
    )
    refused(
        "target_area_in_order",
        lambda: TargetArea.objects.create(
            primary_type="historic", valid_until=date(2020, 1, 1), **area
        ),
    )


def test_a_job_ended_at_a_moment(city) -> None:
    refused("job_ended_at_a_moment", lambda: Job.objects.create(kind="any", state="done"))


def a_plan(city, **values):
    return Plan.objects.create(
        **{
            "city": city,
            "edition_number": 1,
            "as_of": DATED,
            "version": "1",
            "identity": "same",
            **values,
        }
    )


def test_a_question_has_one_result_and_a_plan_ended_at_a_moment(city) -> None:
    a_plan(city)

    refused("plan_of_an_identity", lambda: a_plan(city))
    refused("plan_ended_at_a_moment", lambda: a_plan(city, identity="other", state="done"))
    a_plan(city, state="failed", ended_at=timezone.now())


def test_a_plan_says_one_thing_of_a_block_and_of_an_area(city) -> None:
    plan = a_plan(city)
    BlockResult.objects.create(plan=plan, block_id="B1", decided="yes")
    AreaResult.objects.create(plan=plan, area="N1")

    refused(
        "block_result_once",
        lambda: BlockResult.objects.create(plan=plan, block_id="B1", decided="no"),
    )
    refused("area_result_once", lambda: AreaResult.objects.create(plan=plan, area="N1"))


@pytest.mark.parametrize("name", TABLES)
def test_a_row_is_open_once_and_ends_after_it_begins(city, name) -> None:
    table = TABLES[name]
    row = {"city": city, "key": "K", "digest": 0, "geometry": box(0, 0, 1, 1)}
    table.objects.create(since=1, **row)

    refused(f"{table.__name__.lower()}_open_once", lambda: table.objects.create(since=2, **row))
    refused(
        f"{table.__name__.lower()}_in_order",
        lambda: table.objects.create(since=3, until=3, **row),
    )


def a_case(city, **values):
    return Case.objects.create(
        **{
            "city": city,
            "place": city.place,
            "number": 1,
            "kind": "permit",
            "subject": "پروانه",
            "opened_on": DATED,
            **values,
        }
    )


def test_a_number_names_one_case_of_a_city(city) -> None:
    a_case(city)

    refused("case_of_a_number", lambda: a_case(city))
    a_case(city, number=2)


def test_a_case_is_of_a_kind_and_closes_after_it_opens(city) -> None:
    refused("case_of_a_kind", lambda: a_case(city, kind="king"))
    refused("case_in_order", lambda: a_case(city, closed_on=date(2020, 1, 1)))


def test_a_parcel_is_in_a_case_once(city) -> None:
    case = a_case(city)
    CaseParcel.objects.create(case=case, key="1-1-1-0")

    refused("case_parcel_once", lambda: CaseParcel.objects.create(case=case, key="1-1-1-0"))


def test_an_event_of_a_case_is_of_a_kind(city) -> None:
    case = a_case(city)

    refused(
        "case_event_of_a_kind",
        lambda: CaseEvent.objects.create(case=case, kind="king", happened_on=DATED),
    )
