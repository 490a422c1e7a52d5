"""Adding people, giving and taking roles, passwords and tokens; each with its event."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_otp import devices_for_user

from bazafarin.web.accounts.models import Membership, Token, User
from bazafarin.web.accounts.permissions import Permission, Role, has_permission, may_give
from bazafarin.web.audit.record import record

if TYPE_CHECKING:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from bazafarin.web.places.models import Place

TOKEN_DAYS = 365
_TOKEN_MARK = "bzf_"  # noqa: S105 - how every token begins


@transaction.atomic
def add_person(*, by: User | None, username: str, name_fa: str, password: str) -> User:
    """Add somebody who must change the password that was set for them."""
    user = User(username=username, name_fa=name_fa, must_change_password=by is not None)
    user.set_password(password)
    user.save()
    record(
        "person.added", by=by, subject_kind="user", subject_id=user.pk,
        after={"username": username, "name_fa": name_fa},
    )  # fmt: skip
    return user


@transaction.atomic
def add_person_with_role(  # noqa: PLR0913 - who, and what they are where
    *, by: User, username: str, name_fa: str, password: str, role: Role, place: Place
) -> User:
    """Add somebody with their first role: nobody stands outside all places."""
    user = add_person(by=by, username=username, name_fa=name_fa, password=password)
    give_role(by=by, user=user, role=role, place=place)
    return user


@transaction.atomic
def give_role(*, by: User | None, user: User, role: Role, place: Place) -> Membership:
    """Give a role at a place; what is held already stays as it is. Nobody gives themselves one."""
    _check_may_give(by, role, place)
    if by == user:
        raise PermissionDenied(Permission.MANAGE_PEOPLE)
    membership, is_new = Membership.objects.get_or_create(
        user=user, role=role, place=place, ended_at=None, defaults={"given_by": by}
    )
    if is_new:
        record(
            "role.given", by=by, subject_kind="user", subject_id=user.pk,
            place_path=place.path, after={"role": role, "place": place.path},
        )  # fmt: skip
    return membership


@transaction.atomic
def take_role(*, by: User, membership: Membership) -> None:
    """Take a role back; that it was held stays known."""
    _check_may_give(by, Role(membership.role), membership.place)
    if membership.ended_at is not None:
        return
    membership.ended_at, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    record(
        "role.taken", by=by, subject_kind="user", subject_id=membership.user_id,
        place_path=membership.place.path,
        before={"role": membership.role, "place": membership.place.path},
    )  # fmt: skip


@transaction.atomic
def change_password(*, by: User, user: User, password: str) -> None:
    """Set a new password; one that another set must be changed at the next entrance.

    The tokens end with the old password: whoever knew it may have made one.
    """
    if by != user:
        _check_manages_all_of(by, user)
    user.set_password(password)
    user.must_change_password = by != user
    user.save(update_fields=["password", "must_change_password"])
    _end_tokens(user)
    record("password.changed", by=by, subject_kind="user", subject_id=user.pk)


@transaction.atomic
def new_password(*, user: User, password: str) -> None:
    """Set the password of somebody where the site's own keeper asks, at the machine itself."""
    user.set_password(password)
    user.save(update_fields=["password"])
    _end_tokens(user)
    record("password.changed", by=None, subject_kind="user", subject_id=user.pk)


@transaction.atomic
def set_active(*, by: User, user: User, is_active: bool) -> None:
    """Close or open somebody's account; their work stays theirs.

    Closing ends their sessions and tokens for good: opening the account again brings none back.
    """
    _check_manages_all_of(by, user)
    if by == user:
        raise PermissionDenied(Permission.MANAGE_PEOPLE)
    before = user.is_active
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    if not is_active:
        _end_tokens(user)
        _end_sessions(user)
    record(
        "person.opened" if is_active else "person.closed", by=by, subject_kind="user",
        subject_id=user.pk, before={"is_active": before}, after={"is_active": is_active},
    )  # fmt: skip


@transaction.atomic
def turn_on_second_factor(*, by: User, device: TOTPDevice) -> None:
    """Ask for the device's number at each entrance from now on."""
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    record("second_factor.on", by=by, subject_kind="user", subject_id=by.pk)


@transaction.atomic
def turn_off_second_factor(*, by: User, user: User) -> None:
    """Ask for no number any more: one's own wish, or the help for a phone that was lost."""
    if by != user:
        _check_manages_all_of(by, user)
    for device in devices_for_user(user, confirmed=None):
        device.delete()
    record("second_factor.off", by=by, subject_kind="user", subject_id=user.pk)


@transaction.atomic
def make_token(*, by: User, name: str) -> tuple[Token, str]:
    """Make a token and return it with what its owner must copy now: it is not kept."""
    words = _TOKEN_MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=by,
        name=name,
        digest=token_digest(words),
        ends_at=timezone.now() + timedelta(days=TOKEN_DAYS),
    )
    record("token.made", by=by, subject_kind="token", subject_id=token.pk, after={"name": name})
    return token, words


@transaction.atomic
def end_token(*, by: User, token: Token) -> None:
    """End a token at once."""
    token.ends_at = timezone.now()
    token.save(update_fields=["ends_at"])
    record("token.ended", by=by, subject_kind="token", subject_id=token.pk)


def token_digest(words: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(words.encode()).hexdigest()


def _check_may_give(by: User | None, role: Role, place: Place) -> None:
    """Raise where ``by`` may not give the role at ``place``; None is the site's own set-up."""
    if by is not None and not may_give(by, role, place):
        raise PermissionDenied(Permission.MANAGE_PEOPLE)


def _check_manages_all_of(by: User, user: User) -> None:
    """Raise where ``user`` has a role that ``by`` may not give: it would be theirs to use."""
    if not manages_all_of(by, user):
        raise PermissionDenied(Permission.MANAGE_PEOPLE)


def manages_all_of(by: User, user: User) -> bool:
    """Return whether ``by`` may give every role that ``user`` has."""
    return has_permission(by, Permission.MANAGE_PEOPLE) and all(
        may_give(by, Role(held.role), held.place)
        for held in user.memberships.filter(ended_at=None).select_related("place")
    )


def _end_tokens(user: User) -> None:
    now = timezone.now()
    user.tokens.filter(ends_at__gt=now).update(ends_at=now)


def _end_sessions(user: User) -> None:
    """End every session of ``user``; a session tells its user in its own words alone."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
