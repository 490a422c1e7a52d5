"""A token opens interfaces alone, for as long as it is in force, where its owner may use them."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bazafarin.web.accounts import actions
from bazafarin.web.accounts.models import Token
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places.models import Place
from bazafarin.web.places.models.place import PlaceKind
from web_town import signed_in, somebody

INTERFACES = ("/ogc/", "/ogc/collections", "/api/v1/me", "/api/v1/cities")


def words_of(user):
    return actions.make_token(by=user, name="QGIS")[1]


def bearer(words):
    return Client(headers={"Authorization": f"Bearer {words}"})


def basic(name, words):
    shown = base64.b64encode(f"{name}:{words}".encode()).decode()
    return Client(headers={"Authorization": f"Basic {shown}"})


@pytest.mark.parametrize("address", INTERFACES)
def test_nobody_is_asked_for_a_token(db, address) -> None:
    answer = Client().get(address)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic realm=")
    assert answer["Content-Type"] == "application/problem+json"
    assert {"message_fa", "message_en", "code", "title", "detail"} <= set(answer.json())


@pytest.mark.parametrize("address", INTERFACES)
def test_a_token_in_force_opens_interfaces_as_bearer_and_as_password(planner, address) -> None:
    words = words_of(planner)

    assert bearer(words).get(address).status_code == 200
    assert basic("planner", words).get(address).status_code == 200
    assert basic("", words).get(address).status_code == 200


@pytest.mark.parametrize("page", ["/", "/places/", "/jobs/", "/accounts/me/", "/api/v1/"])
def test_a_token_opens_no_page(planner, page) -> None:
    answer = bearer(words_of(planner)).get(page)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "shown",
    ["Bearer", "Bearer wrong", "Basic", "Basic !!!", "Basic d3Jvbmc=", "Digest x", "Bearer é"],
)
def test_what_is_no_token_opens_nothing(planner, shown) -> None:
    assert Client(headers={"Authorization": shown}).get("/ogc/").status_code == 401


def test_a_wrong_token_is_refused_beside_a_session_that_is_right(planner) -> None:
    client = signed_in(planner)

    assert client.get("/ogc/").status_code == 200
    assert client.get("/ogc/", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_an_ended_token_and_one_past_its_time_open_nothing(planner) -> None:
    token, words = actions.make_token(by=planner, name="one")
    actions.end_token(by=planner, token=token)
    other, other_words = actions.make_token(by=planner, name="two")
    Token.objects.filter(pk=other.pk).update(ends_at=timezone.now() - timedelta(seconds=1))

    assert bearer(words).get("/ogc/").status_code == 401
    assert bearer(other_words).get("/ogc/").status_code == 401


def test_the_token_of_a_closed_account_opens_nothing(manager, planner) -> None:
    words = words_of(planner)
    actions.set_active(by=manager, user=planner, is_active=False)

    assert bearer(words).get("/ogc/").status_code == 401


def test_the_token_of_somebody_who_must_change_their_password_opens_nothing(
    manager, planner
) -> None:
    words = words_of(planner)
    actions.change_password(by=manager, user=planner, password="another-long-password")  # noqa: S106

    assert bearer(words).get("/ogc/").status_code == 401


def test_a_token_opens_nothing_once_the_right_to_interfaces_was_taken(manager, planner) -> None:
    words = words_of(planner)
    actions.take_role(by=manager, membership=planner.memberships.get())

    assert bearer(words).get("/ogc/").status_code == 401


def test_a_token_reaches_no_further_than_the_right_to_interfaces(
    mapped_city, other_city, planner
) -> None:
    # an owner's role lets one see the other city's pages, and no program read it
    actions.give_role(by=None, user=planner, role=Role.OWNER, place=other_city.place)

    by_token = bearer(words_of(planner)).get("/api/v1/cities").json()["items"]
    by_session = signed_in(planner).get("/api/v1/cities").json()["items"]

    assert [each["id"] for each in by_token] == [mapped_city.pk]
    assert {each["id"] for each in by_session} == {mapped_city.pk, other_city.pk}


def test_a_role_above_is_narrowed_to_where_interfaces_may_be_used(mapped_city) -> None:
    first = Place.objects.get(code="N1", kind=PlaceKind.NEIGHBOURHOOD)
    person = somebody("both", Role.OWNER, mapped_city.place)
    actions.give_role(by=None, user=person, role=Role.PLANNER, place=first)

    items = f"/ogc/collections/city-{mapped_city.pk}-parcels/items"

    assert bearer(words_of(person)).get(items).json()["numberReturned"] == 6
    assert signed_in(person).get(items).json()["numberReturned"] == 12


def test_that_a_token_was_used_is_noted_once_a_minute(planner) -> None:
    token, words = actions.make_token(by=planner, name="one")
    bearer(words).get("/ogc/")
    first = Token.objects.get(pk=token.pk).used_at
    bearer(words).get("/ogc/")

    assert first is not None
    assert Token.objects.get(pk=token.pk).used_at == first

    Token.objects.filter(pk=token.pk).update(used_at=first - timedelta(minutes=2))
    bearer(words).get("/ogc/")
    assert Token.objects.get(pk=token.pk).used_at > first


@pytest.mark.parametrize("address", INTERFACES)
def test_interfaces_change_nothing(planner, address) -> None:
    client = bearer(words_of(planner))

    for ask in (client.post, client.put, client.patch, client.delete, client.options):
        answer = ask(address)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
    assert client.head(address).status_code == 200


def test_an_answer_is_kept_by_no_cache_and_read_by_no_other_site(planner) -> None:
    answer = bearer(words_of(planner)).get("/ogc/collections")

    assert answer["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer
    assert "Authorization" in answer["Vary"]


def test_a_token_ends_with_the_password_and_with_the_account_for_good(planner, manager) -> None:
    new = "a-new-one-of-the-planner-1"
    for change in (
        lambda: actions.change_password(by=planner, user=planner, password=new),
        lambda: actions.new_password(user=planner, password=new),
        lambda: actions.set_active(by=manager, user=planner, is_active=False),
        lambda: actions.change_password(by=manager, user=planner, password=new),
    ):
        actions.set_active(by=manager, user=planner, is_active=True)
        words = words_of(planner)
        assert bearer(words).get("/ogc/").status_code == 200
        change()
        assert not Token.objects.filter(user=planner, ends_at__gt=timezone.now()).exists()
        actions.set_active(by=manager, user=planner, is_active=True)
        assert bearer(words).get("/ogc/").status_code == 401
