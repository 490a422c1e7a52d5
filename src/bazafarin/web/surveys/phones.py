"""The password of a phone: made, shown once, taken back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bazafarin.adapters.openrosa.digest import ha1
from bazafarin.web.accounts.permissions import Permission, has_permission, paths_with
from bazafarin.web.audit.record import record
from bazafarin.web.places.models import Place
from bazafarin.web.surveys.models import PhoneAccess

if TYPE_CHECKING:
    from bazafarin.web.accounts.models import User

_BYTES = 15
"""120 bits: nobody guesses it, however fast a digest of it is tried."""


@transaction.atomic
def give_phone(*, by: User | None, user: User) -> str:
    """Make a phone's password for somebody who fills forms; return it, for it is kept nowhere.

    The one before opens nothing any more.

    Raises:
        PermissionDenied: ``user`` fills no form, or ``by`` neither is ``user`` nor runs surveys
            where ``user`` fills forms.
    """
    _check(by, user)
    _end(user)
    password = secrets.token_urlsafe(_BYTES)
    PhoneAccess.objects.create(user=user, ha1=ha1(user.username, password), made_by=by)
    record("phone.given", by=by, subject_kind="user", subject_id=user.pk)
    return password


@transaction.atomic
def take_phone(*, by: User | None, user: User) -> bool:
    """Take a phone's password back; return whether there was one."""
    _check(by, user, even_without=True)
    ended = _end(user)
    if ended:
        record("phone.taken", by=by, subject_kind="user", subject_id=user.pk)
    return ended


def _end(user: User) -> bool:
    in_force = PhoneAccess.objects.filter(user=user, ended_at=None)
    return bool(in_force.update(ended_at=timezone.now()))


def _check(by: User | None, user: User, *, even_without: bool = False) -> None:
    if not even_without and not has_permission(user, Permission.FILL_FORMS):
        raise PermissionDenied(Permission.FILL_FORMS)
    if by is None or by.pk == user.pk:
        return
    if not may_give_phone(by, user):
        raise PermissionDenied(Permission.RUN_SURVEYS)


def may_give_phone(by: User, user: User) -> bool:
    """Return whether ``by`` runs surveys wherever ``user`` fills forms: a phone opens them all."""
    paths = paths_with(user, Permission.FILL_FORMS)
    places = Place.objects.filter(path__in=paths)
    return bool(paths) and all(has_permission(by, Permission.RUN_SURVEYS, each) for each in places)
