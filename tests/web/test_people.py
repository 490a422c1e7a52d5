"""People and roles: who reaches what, who may give what, and what ends at once."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from bazafarin.adapters import wording
from bazafarin.web.accounts import actions
from bazafarin.web.accounts.models import Membership, Token, User
from bazafarin.web.accounts.permissions import (
    MAY_GIVE,
    PERMISSIONS_OF,
    Permission,
    Role,
    has_permission,
    may_give,
)
from bazafarin.web.accounts.queries import people_for
from bazafarin.web.jobs.models import Job
from bazafarin.web.places.models import City, Place
from bazafarin.web.places.scope import cities_for
from web_town import signed_in, somebody

BESIDE_OR_ABOVE = (Role.MANAGER, Role.PROVINCE, Role.ADMINISTRATOR)


@pytest.fixture
def administrator(province) -> User:
    return somebody("administrator", Role.ADMINISTRATOR, province)


def test_the_table_of_who_gives_what_stands_on_managing_people() -> None:
    for role in Role:
        manages = Permission.MANAGE_PEOPLE in PERMISSIONS_OF[role]
        assert manages is (role in MAY_GIVE), role


@pytest.mark.parametrize("role", Role)
def test_a_manager_gives_the_roles_that_work_for_them_alone(manager, city, role) -> None:
    other = somebody("other", Role.OWNER, city.place)

    if role in BESIDE_OR_ABOVE:
        with pytest.raises(PermissionDenied):
            actions.give_role(by=manager, user=other, role=role, place=city.place)
    else:
        actions.give_role(by=manager, user=other, role=role, place=city.place)
    assert other.memberships.filter(role=role).exists() is (
        role not in BESIDE_OR_ABOVE or role == Role.OWNER
    )


@pytest.mark.parametrize("role", BESIDE_OR_ABOVE)
def test_the_page_offers_a_manager_no_role_that_is_not_theirs_to_give(manager, city, role) -> None:
    other = somebody("other", Role.OWNER, city.place)
    client = signed_in(manager)

    page = client.get(f"/accounts/people/{other.pk}/")
    answer = client.post(
        f"/accounts/people/{other.pk}/roles/", {"role": role, "place": city.place_id}
    )

    assert role not in dict(page.context["role_form"].fields["role"].choices)
    assert answer.status_code == 400
    assert not other.memberships.filter(role=role).exists()


def test_an_administrator_appoints_managers_and_other_administrators(administrator, city) -> None:
    other = somebody("other", Role.OWNER, city.place)

    for role in Role:
        actions.give_role(by=administrator, user=other, role=role, place=city.place)

    assert other.memberships.count() == len(Role)


def test_an_administrator_sees_no_map_and_no_household(administrator, mapped_city) -> None:
    client = signed_in(administrator)

    assert client.get(f"/places/cities/{mapped_city.pk}/").status_code == 403
    assert not has_permission(administrator, Permission.SEE_PEOPLE)
    assert client.get("/places/").status_code == 200


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_nobody_gives_themselves_a_role(request, city, who) -> None:
    user = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        actions.give_role(by=user, user=user, role=Role.PLANNER, place=city.place)
    signed_in(user).post(
        f"/accounts/people/{user.pk}/roles/", {"role": "planner", "place": city.place_id}
    )
    assert user.memberships.count() == 1


def test_a_manager_gives_no_role_beyond_their_own_place(manager, city, other_city) -> None:
    other = somebody("other", Role.OWNER, city.place)

    for place in (other_city.place, city.place.parent):
        with pytest.raises(PermissionDenied):
            actions.give_role(by=manager, user=other, role=Role.PLANNER, place=place)
        answer = signed_in(manager).post(
            f"/accounts/people/{other.pk}/roles/", {"role": "planner", "place": place.pk}
        )
        assert answer.status_code == 400


def test_two_roles_at_two_places_do_not_make_a_third(city, other_city) -> None:
    """Managing one city and planning in another gives no right to people of the other."""
    user = somebody("both", Role.MANAGER, city.place)
    actions.give_role(by=None, user=user, role=Role.PLANNER, place=other_city.place)
    user = User.objects.get(pk=user.pk)

    assert may_give(user, Role.SURVEYOR, city.place)
    assert not may_give(user, Role.SURVEYOR, other_city.place)
    assert not has_permission(user, Permission.MANAGE_PEOPLE, other_city.place)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER])
def test_a_manager_touches_nobody_beside_or_above_them(manager, city, role) -> None:
    above = somebody("above", role, city.place)
    client = signed_in(manager)
    password = above.password

    assert client.post(f"/accounts/people/{above.pk}/password/").status_code == 403
    assert client.post(f"/accounts/people/{above.pk}/active/", {"close": 1}).status_code == 403
    assert client.post(f"/accounts/people/{above.pk}/second-factor/off/").status_code == 403
    membership = above.memberships.get()
    assert client.post(f"/accounts/roles/{membership.pk}/take/").status_code == 403
    above.refresh_from_db()
    assert above.password == password
    assert above.is_active
    assert Membership.objects.get(pk=membership.pk).ended_at is None


def test_nobody_resets_the_password_of_somebody_with_a_role_elsewhere(
    manager, city, other_city
) -> None:
    user = somebody("both", Role.SURVEYOR, city.place)
    actions.give_role(by=None, user=user, role=Role.SURVEYOR, place=other_city.place)

    assert signed_in(manager).get(f"/accounts/people/{user.pk}/").status_code == 200
    assert signed_in(manager).post(f"/accounts/people/{user.pk}/password/").status_code == 403


def test_who_manages_nobody_resets_no_password_even_of_who_has_no_role(planner) -> None:
    nobody = somebody("nobody")

    with pytest.raises(PermissionDenied):
        actions.change_password(by=planner, user=nobody, password="a-word-of-the-planner")  # noqa: S106


def test_people_of_other_cities_cannot_be_found(manager, city, outsider) -> None:
    nobody = somebody("nobody")
    client = signed_in(manager)

    page = client.get("/accounts/people/?q=o")
    assert outsider not in page.context["page"].rows
    assert nobody not in page.context["page"].rows
    missing = client.get("/accounts/people/999999/")
    theirs = client.get(f"/accounts/people/{outsider.pk}/")
    assert (missing.status_code, theirs.status_code) == (404, 404)
    told = wording.sentence("web_office.error.not_found", "fa")
    assert all(told in page.content.decode() for page in (missing, theirs))


def test_who_lost_their_role_is_still_found_where_it_was(manager, city, surveyor) -> None:
    actions.take_role(by=manager, membership=surveyor.memberships.get())

    assert surveyor in people_for(manager)


def test_closing_an_account_ends_its_sessions_and_tokens_at_once_and_for_good(
    manager, planner
) -> None:
    client, other = signed_in(planner), signed_in(manager)
    token, _ = actions.make_token(by=planner, name="QGIS")
    assert client.get("/").status_code == 200

    other.post(f"/accounts/people/{planner.pk}/active/", {"close": 1})

    assert client.get("/").status_code == 302
    from django.utils import timezone  # noqa: PLC0415

    assert not Token.objects.get(pk=token.pk).is_in_force(timezone.now())
    other.post(f"/accounts/people/{planner.pk}/active/", {"open": 1})
    assert User.objects.get(pk=planner.pk).is_active
    assert client.get("/").status_code == 302
    assert not Token.objects.get(pk=token.pk).is_in_force(timezone.now())
    assert other.get("/").status_code == 200


def test_nobody_closes_their_own_account(manager) -> None:
    signed_in(manager).post(f"/accounts/people/{manager.pk}/active/", {"close": 1})

    assert User.objects.get(pk=manager.pk).is_active


def test_a_role_that_is_taken_opens_nothing_from_the_next_request_on(
    manager, planner, mapped_city
) -> None:
    client = signed_in(planner)
    assert client.get(f"/places/cities/{mapped_city.pk}/").status_code == 200

    actions.take_role(by=manager, membership=planner.memberships.get())

    assert client.get(f"/places/cities/{mapped_city.pk}/").status_code == 403


def test_the_flags_of_djangos_own_admin_mean_nothing(mapped_city) -> None:
    user = somebody("flagged")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)

    client = signed_in(User.objects.get(pk=user.pk))
    assert client.get(f"/places/cities/{mapped_city.pk}/").status_code == 403


def test_the_province_sees_its_cities_and_no_other(province, city, other_city) -> None:
    elsewhere = Place.objects.create(kind="province", name_fa="البرز")
    far = City.objects.create(
        place=Place.objects.create(kind="city", name_fa="کرج", parent=elsewhere)
    )
    user = somebody("province", Role.PROVINCE, province)

    seen = set(cities_for(user, Permission.SEE_PLACES))
    assert seen == {city, other_city}
    assert signed_in(user).get(f"/places/cities/{far.pk}/").status_code == 404
    assert not has_permission(user, Permission.SEE_PEOPLE)


def test_an_agency_sees_places_and_plans_of_its_city_but_no_building(city, mapped_city) -> None:
    agency = somebody("agency", Role.AGENCY, city.place)

    page = signed_in(agency).get(f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/")
    shown = {fact.column for fact in page.context["facts"]}
    assert not shown & {"structure", "households", "land_value_rial_m2"}


def test_a_surveyor_sees_their_neighbourhood_and_what_it_stands_in(surveyor, mapped_city) -> None:
    client = signed_in(surveyor)
    other = Place.objects.get(code="N2")
    own = Place.objects.get(code="N1")

    shown = {place.pk for place in client.get("/places/").context["page"].rows}
    assert own.pk in shown
    assert mapped_city.place_id in shown
    assert other.pk not in shown
    assert client.get(f"/places/{own.pk}/").status_code == 200
    assert client.get(f"/places/{other.pk}/").status_code == 404
    below = client.get(f"/places/{mapped_city.place_id}/").context["page"].rows
    assert [place.pk for place in below] == [own.pk]


def test_somebody_new_is_added_with_a_role_and_a_password_to_change(manager, city) -> None:
    signed_in(manager).post(
        "/accounts/people/add/",
        {
            "username": "Second",
            "name_fa": "علي كريمي",
            "password": "a-first-password-7",
            "role": "surveyor",
            "place": city.place_id,
        },
    )

    added = User.objects.get(username="second")
    assert added.name_fa == "علی کریمی"
    assert added.must_change_password
    assert added.roles_at == ((Role.SURVEYOR, city.place.path),)
    assert added.memberships.get().given_by == manager


def test_who_lost_a_role_sees_no_more_the_work_they_asked_for(planner, manager, city) -> None:
    job = Job.objects.create(kind="prepare_edition", place=city.place, by=planner)
    client = signed_in(planner)
    assert client.get(f"/jobs/{job.pk}/").status_code == 200

    actions.take_role(by=manager, membership=planner.memberships.get())

    assert signed_in(User.objects.get(pk=planner.pk)).get(f"/jobs/{job.pk}/").status_code == 404
