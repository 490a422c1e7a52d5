"""Every URL of the site, opened by everybody: no page is forgotten, none opens to the wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from bazafarin import web
from bazafarin.web.accounts.doors import OPEN, SIGNED_IN
from bazafarin.web.accounts.permissions import PERMISSIONS_OF, Permission, Role
from web_town import signed_in, somebody
from web_walk import WALK, World, address, urls

URLS = dict(urls())
SITE = Path(web.__file__).parent


def test_every_url_is_walked() -> None:
    assert set(URLS) == set(WALK)


def test_no_two_urls_have_one_name() -> None:
    assert len(list(urls())) == len(URLS)


@pytest.mark.parametrize("name", sorted(URLS))
def test_a_view_has_exactly_one_door(name) -> None:
    door = getattr(URLS[name].callback, "door", None)

    assert door in {OPEN, SIGNED_IN} or isinstance(door, Permission)
    # what other programs read says by itself that nobody is signed in: 401, and no page to fill in
    is_let_through = door == OPEN or 401 in WALK[name].anonymous
    assert getattr(URLS[name].callback, "login_required", True) is not is_let_through
    assert door == OPEN or {302, 401} & set(WALK[name].anonymous)


@pytest.mark.parametrize("name", sorted(WALK))
def test_each_reader_gets_what_is_theirs(
    name, mapped_city, tmp_path, manager, planner, surveyor, owner, other_city
) -> None:
    stop = WALK[name]
    people = {"manager": manager, "planner": planner, "surveyor": surveyor}
    right = people[stop.who]
    outsider = somebody("outsider", Role(stop.who), other_city.place)
    where = address(name, World(mapped_city, tmp_path), right)
    answers = {}

    for reader, user in (
        ("right", right), ("colleague", owner), ("outsider", outsider), ("anonymous", None),
    ):  # fmt: skip
        for method in ("get", "post"):
            with transaction.atomic():  # each reader finds the world as it was
                client = Client() if user is None else signed_in(user)
                answer = getattr(client, method)(where, stop.posted if method == "post" else None)
                answers[reader, method] = answer.status_code
                answer.getvalue()  # to the end: closing a file answer early closes the database
                is_sent_to_login = answer.headers.get("Location", "").startswith("/accounts/login/")
                if reader == "anonymous" and answer.status_code == 302 and stop.anonymous[0] == 302:
                    assert is_sent_to_login
                transaction.set_rollback(True)

    readers = ("right", "colleague", "outsider", "anonymous")
    assert answers == {
        (reader, method): getattr(stop, reader)[at]
        for reader in readers
        for at, method in enumerate(("get", "post"))
    }


@pytest.mark.parametrize("role", Role)
def test_every_role_has_permissions_and_no_more_than_there_are(role) -> None:
    assert PERMISSIONS_OF[role]
    assert PERMISSIONS_OF[role] <= set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_given_to_some_role_and_asked_for(permission) -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in SITE.rglob("*.py")
        if path.name != "permissions.py"
    )

    assert any(permission in given for given in PERMISSIONS_OF.values())
    assert f"Permission.{permission.name}" in source
