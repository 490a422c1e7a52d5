"""Signing in: guessing is slowed, a second factor holds, a session ends, nobody is led astray."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.web.accounts import actions
from bazafarin.web.accounts.caller_address import address_of
from bazafarin.web.accounts.permissions import Role
from web_town import PASSWORD, signed_in

LOGIN = "/accounts/login/"


def enter(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def is_in(client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def test_who_guesses_passwords_is_locked_out_in_persian_and_others_are_not(planner, owner) -> None:
    client = Client()
    answers = [enter(client, "planner", f"guess-{n}").status_code for n in range(9)]

    told = enter(client, "planner")
    assert answers[:7] == [200] * 7
    assert told.status_code == 429
    assert wording.sentence("web_accounts.locked_out", "fa") in told.content.decode()
    assert not is_in(client)
    assert enter(Client(), "owner").status_code == 302


def test_a_right_password_forgives_the_wrong_ones_before_it(planner) -> None:
    client = Client()
    for turn in range(3):
        for n in range(6):
            assert enter(client, "planner", f"guess-{turn}-{n}").status_code == 200
        assert enter(client, "planner").status_code == 302
        client.post("/accounts/logout/")


def test_a_name_that_nobody_has_is_answered_as_a_wrong_password_is(planner) -> None:
    wrong, unknown = enter(Client(), "planner", "wrong"), enter(Client(), "nobody", "wrong")

    told = [answer.context["form"].errors.as_json() for answer in (wrong, unknown)]
    assert wrong.status_code == unknown.status_code == 200
    assert told[0] == told[1] != "{}"


def test_a_closed_account_is_told_no_more_than_a_wrong_password(planner, manager) -> None:
    actions.set_active(by=manager, user=planner, is_active=False)

    wrong, closed = enter(Client(), "nobody", "wrong"), enter(Client(), "planner")
    assert closed.status_code == 200
    assert closed.context["form"].errors == wrong.context["form"].errors


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123", "qwertyuiop"])
def test_a_weak_password_is_refused(weak) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak)


def test_a_weak_password_is_refused_on_the_page_and_what_was_typed_stays(manager, city) -> None:
    page = signed_in(manager).post(
        "/accounts/people/add/",
        {
            "username": "second",
            "name_fa": "نفر دوم",
            "password": "1234567890",
            "role": "surveyor",
            "place": city.place_id,
        },
    )

    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"password"}
    why = page.context["form"].errors["password"]
    assert wording.sentence("web_accounts.weak.password_entirely_numeric", "fa") in why
    assert 'value="نفر دوم"' in page.content.decode()


def test_who_was_given_a_password_sets_their_own_before_anything_else(manager, city) -> None:
    actions.add_person_with_role(
        by=manager, username="newcomer", name_fa="تازه", password=PASSWORD,
        role=Role.PLANNER, place=city.place,
    )  # fmt: skip
    client = Client()
    enter(client, "newcomer")

    for path in ("/", "/places/", "/accounts/me/", "/jobs/"):
        assert client.get(path).headers["Location"] == "/accounts/password/"
    assert client.post("/accounts/me/tokens/", {"name": "x"}).status_code == 302

    own = "a-password-of-my-own-9"
    client.post(
        "/accounts/password/",
        {"old_password": PASSWORD, "new_password1": own, "new_password2": own},
    )
    assert is_in(client)
    assert enter(Client(), "newcomer").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "key", "field"),
    [
        (PASSWORD, "1234567890", "1234567890", "weak.password_entirely_numeric", "new_password1"),
        (PASSWORD, "planner-1", "planner-1", "weak.password_too_similar", "new_password1"),
        (PASSWORD, "a-good-long-word", "another-word", "passwords_differ", "new_password2"),
        ("wrong", "a-good-long-word", "a-good-long-word", "old_password_wrong", "old_password"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_told_in_our_own_words(
    planner, old, new, again, key, field
) -> None:
    page = signed_in(planner).post(
        "/accounts/password/",
        {"old_password": old, "new_password1": new, "new_password2": again},
    )

    told = page.context["form"].errors[field]
    assert wording.sentence(f"web_accounts.{key}", "fa") in told


def test_a_new_password_ends_all_other_sessions(planner) -> None:
    here, there = signed_in(planner), signed_in(planner)
    own = "a-password-of-my-own-9"

    here.post(
        "/accounts/password/",
        {"old_password": PASSWORD, "new_password1": own, "new_password2": own},
    )

    assert is_in(here)
    assert not is_in(there)


def a_second_factor(user) -> TOTPDevice:
    device = TOTPDevice.objects.create(user=user, confirmed=False, name="totp")
    actions.turn_on_second_factor(by=user, device=device)
    return device


def number_of(device, *, ago=0) -> str:
    return f"{totp(device.bin_key, step=device.step, t0=device.t0, drift=-ago):06d}"


def test_a_second_factor_is_turned_on_by_a_number_and_asked_for_from_then_on(planner) -> None:
    client = signed_in(planner)
    client.get("/accounts/me/second-factor/")
    device = TOTPDevice.objects.get(user=planner)

    refused = client.post("/accounts/me/second-factor/", {"token": "000000"})
    assert refused.status_code == 200
    assert not TOTPDevice.objects.get(user=planner).confirmed
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    client.post("/accounts/me/second-factor/", {"token": persian_digits(number_of(device))})

    assert TOTPDevice.objects.get(user=planner).confirmed
    without = Client()
    assert enter(without, "planner").status_code == 200
    assert not is_in(without)


def test_a_wrong_number_lets_nobody_in_and_slows_the_next(planner) -> None:
    device = a_second_factor(planner)
    right = number_of(device)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    client = Client()

    assert enter(client, "planner", otp_token=wrong).status_code == 200
    at_once = enter(client, "planner", otp_token=right)

    assert at_once.status_code == 200
    assert not is_in(client)


def test_a_number_opens_once_and_never_again(planner) -> None:
    device = a_second_factor(planner)
    number = number_of(device)

    assert enter(Client(), "planner", otp_token=number).status_code == 302
    assert enter(Client(), "planner", otp_token=number).status_code == 200


def test_a_second_factor_is_turned_off_again(planner) -> None:
    device = a_second_factor(planner)

    signed_in(planner).post("/accounts/me/second-factor/off/", {"token": number_of(device)})

    assert not TOTPDevice.objects.exists()
    assert enter(Client(), "planner").status_code == 302


@pytest.mark.parametrize("sent", [{}, {"token": ""}, {"token": "000000"}])
def test_a_session_left_open_does_not_turn_the_second_factor_off(planner, sent) -> None:
    a_second_factor(planner)

    told = signed_in(planner).post("/accounts/me/second-factor/off/", sent)

    assert told.status_code == 400
    assert told.context["otp_form"].errors["token"]
    assert TOTPDevice.objects.get().confirmed


@pytest.mark.parametrize("what", ["second-factor/off", "password"])
def test_a_manager_does_not_help_themselves_past_their_own_secrets(manager, what) -> None:
    a_second_factor(manager)
    before = manager.password

    told = signed_in(manager).post(f"/accounts/people/{manager.pk}/{what}/")

    manager.refresh_from_db()
    assert told.status_code == 403
    assert TOTPDevice.objects.get().confirmed
    assert manager.password == before


def test_a_manager_helps_with_a_lost_phone(planner, manager) -> None:
    a_second_factor(planner)

    signed_in(manager).post(f"/accounts/people/{planner.pk}/second-factor/off/")

    assert enter(Client(), "planner").status_code == 302


def test_a_session_ends_with_the_working_day(planner) -> None:
    client = Client()
    enter(client, "planner")
    session = Session.objects.get()

    assert session.expire_date - timezone.now() <= timedelta(hours=8)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_signing_in_gives_a_session_of_its_own(planner) -> None:
    client = Client()
    client.get(LOGIN)
    before = client.session.session_key

    enter(client, "planner")

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""],
)
def test_nobody_is_led_elsewhere_after_signing_in(planner, elsewhere) -> None:
    assert enter(Client(), "planner", next=elsewhere).headers["Location"] == "/"
    spoken = Client().post("/language/", {"language": "en", "next": elsewhere})
    assert spoken.headers["Location"] == "/"


def test_one_goes_on_to_the_page_that_was_asked_for(planner) -> None:
    asked = Client().get("/places/?q=a")

    page = Client().get(asked.headers["Location"])
    assert page.context["next"] == "/places/?q=a"
    assert enter(Client(), "planner", next="/places/?q=a").headers["Location"] == "/places/?q=a"


def test_a_form_from_elsewhere_is_refused_in_persian(planner) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(planner, backend="django.contrib.auth.backends.ModelBackend")

    told = client.post("/accounts/logout/")

    assert told.status_code == 403
    assert wording.sentence("web_office.error.stale", "fa") in told.content.decode()
    assert is_in(client)


def test_cookies_are_kept_from_scripts_and_other_sites(planner, settings) -> None:
    client = Client()
    answer = enter(client, "planner")

    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    spoken = client.post("/language/", {"language": "en"}).cookies["language"]
    assert spoken["httponly"]


def test_behind_https_cookies_go_over_https_alone() -> None:
    from pathlib import Path  # noqa: PLC0415

    from bazafarin.web import settings  # noqa: PLC0415

    source = Path(settings.__file__).read_text(encoding="utf-8")
    assert "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_HTTPS" in source
    assert "SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_HTTPS else 0" in source


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/no-such-page/", "/tokens.css"])
def test_every_answer_forbids_what_is_foreign_or_inline(planner, path) -> None:
    told = signed_in(planner).get(path).headers

    policy = told["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY"
    assert told["Referrer-Policy"] == "same-origin"


def test_pages_of_somebody_are_not_kept_by_caches_of_the_way(planner) -> None:
    page = signed_in(planner).get("/")

    assert "Cookie" in page.headers["Vary"]
    assert "public" not in page.headers.get("Cache-Control", "")


def test_who_guesses_the_old_password_at_an_open_page_is_locked_out_too(planner) -> None:
    client = signed_in(planner)
    own = "a-password-of-my-own-9"

    def change(old):
        given = {"old_password": old, "new_password1": own, "new_password2": own}
        return client.post("/accounts/password/", given).status_code

    assert [change(f"guess-{n}") for n in range(8)] == [200] * 7 + [429]
    assert change(PASSWORD) == 429
    planner.refresh_from_db()
    assert planner.check_password(PASSWORD)


def test_behind_a_proxy_the_guesser_is_locked_out_and_nobody_else(planner, settings) -> None:
    settings.PROXIES = [ip_network("127.0.0.1")]

    def tries(address, password):
        given = {"username": "planner", "password": password}
        return Client().post(LOGIN, given, headers={"x-forwarded-for": address}).status_code

    for n in range(8):
        tries("203.0.113.7", f"guess-{n}")

    assert tries("203.0.113.7", PASSWORD) == 429
    assert tries("198.51.100.1, 203.0.113.7", PASSWORD) == 429  # what it says of itself is nothing
    assert tries("203.0.113.8", PASSWORD) == 302


@pytest.mark.parametrize(
    ("remote", "told", "address"),
    [
        ("192.0.2.9", "203.0.113.7", "192.0.2.9"),  # no proxy: what it tells is not believed
        ("10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "1.2.3.4, 203.0.113.7, 10.0.0.6", "203.0.113.7"),
        ("10.0.0.5", "nonsense", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "203.0.113.7:4711", "203.0.113.7"),
        ("10.0.0.5", "[2001:db8::7]:4711", "2001:db8::7"),
    ],
)
def test_an_address_is_believed_of_a_proxy_alone(rf, settings, remote, told, address) -> None:
    settings.PROXIES = [ip_network("10.0.0.0/24"), ip_network("::1")]

    asked = rf.get("/", headers={"x-forwarded-for": told}, REMOTE_ADDR=remote)

    assert address_of(asked) == address
