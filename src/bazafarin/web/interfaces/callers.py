"""Who calls an interface: somebody signed in, or a program that shows somebody's token.

A token is shown as ``Authorization: Bearer …`` or as the password of HTTP Basic, whatever the
name beside it. It opens interfaces and no page, and of what its owner sees, what lies where the
owner may use interfaces.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NoReturn

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bazafarin.web.accounts.actions import token_digest
from bazafarin.web.accounts.doors import SIGNED_IN
from bazafarin.web.accounts.models import Token
from bazafarin.web.accounts.permissions import Permission, has_permission, paths_with
from bazafarin.web.interfaces import problems
from bazafarin.web.interfaces.problems import UnknownCallerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponseBase

    from bazafarin.web.accounts.doors import View
    from bazafarin.web.accounts.models import User
    from bazafarin.web.accounts.permissions import Role

SCHEMES: Final[Mapping[str, Mapping[str, str]]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "token_as_password": {"type": "http", "scheme": "basic"},
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
}
"""The ways in which a caller says who they are, as OpenAPI names them."""
SECURITY: Final[Sequence[Mapping[str, Sequence[str]]]] = [{name: []} for name in SCHEMES]
_NOTED_EVERY: Final = timedelta(minutes=1)
_READING: Final = ("GET", "HEAD")


def for_programs(permission: Permission | None) -> Callable[[View], View]:
    """Mark a view that programs read: GET only, by session or token, with problems as JSON.

    Without a ``permission``, everybody who is known may open it: it shows their own things only.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - the view's own
            if request.method not in _READING:
                return problems.not_allowed()
            try:
                request.user = caller_of(request)
                _check_may(request, permission)
                response = view(request, *args, **kwargs)
            except Exception as error:
                problem = problems.problem_of(error)
                if problem is None:
                    raise
                response = problems.answer(problem)
            response["Cache-Control"] = "private, no-store"
            response["Vary"] = "Authorization, Cookie"
            return response

        guarded.door = SIGNED_IN if permission is None else permission  # type: ignore[attr-defined] # a mark on a function
        # what is only read is turned away by its method, and not for want of a form's mark
        return csrf_exempt(login_not_required(guarded))

    return mark


@for_programs(None)
def nowhere(_request: HttpRequest, **_: object) -> NoReturn:
    """Say to a program, in its way, that there is nothing at an address."""
    raise Http404


def caller_of(request: HttpRequest) -> User:
    """Return who calls.

    Raises:
        UnknownCallerError: nobody does, or with a token that opens nothing.
    """
    shown = request.headers.get("Authorization", "")
    if shown:
        return _owner_of(_token_in(shown))
    if request.user.is_authenticated:
        return request.user
    raise UnknownCallerError("web_interfaces.error.unknown_caller")


def _check_may(request: HttpRequest, permission: Permission | None) -> None:
    if permission is not None and not has_permission(request.user, permission):
        raise PermissionDenied(permission)


def _token_in(shown: str) -> str:
    """Return the token that a header shows; an empty one where it shows none."""
    scheme, _, words = shown.strip().partition(" ")
    if scheme.lower() == "bearer":
        return words.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        _, _, password = base64.b64decode(words, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ""
    return password


def _owner_of(words: str) -> User:
    now = timezone.now()
    token = Token.objects.select_related("user").filter(digest=token_digest(words)).first()
    if token is None or not token.is_in_force(now) or token.user.must_change_password:
        raise UnknownCallerError("web_interfaces.error.token")
    owner = token.user
    reach = paths_with(owner, Permission.USE_INTERFACES)
    if not reach:
        raise UnknownCallerError("web_interfaces.error.token")
    owner.__dict__["roles_at"] = _within(owner.roles_at, reach)
    _note_use(token, now)
    return owner


def _within(roles: tuple[tuple[Role, str], ...], reach: tuple[str, ...]) -> Any:  # noqa: ANN401 - as roles_at
    """Return the roles where they and ``reach`` overlap: the lower of the two places."""
    return tuple(
        sorted(
            {
                (role, max(path, place, key=len))
                for role, path in roles
                for place in reach
                if path.startswith(place) or place.startswith(path)
            }
        )
    )


def _note_use(token: Token, now: Any) -> None:  # noqa: ANN401 - a moment
    """Note that a token was used, once a minute at most."""
    if token.used_at is not None and now - token.used_at < _NOTED_EVERY:
        return
    stale = Q(used_at=None) | Q(used_at__lte=now - _NOTED_EVERY)
    Token.objects.filter(stale, pk=token.pk).update(used_at=now)
