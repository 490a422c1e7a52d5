"""The mark that every view carries: what one must be allowed to open it.

A test walks all URLs and fails for a view without a mark. ``needs`` asks for the permission
anywhere; the view itself then asks for the place at hand, through a query that knows its user.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

from bazafarin.web.accounts.permissions import Permission, has_permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from bazafarin.web.accounts.models import User

    View = Callable[..., HttpResponseBase]

    class UserRequest(HttpRequest):
        """The request of somebody who signed in."""

        user: User


OPEN, SIGNED_IN = "open", "signed_in"


def open_to_all(view: View) -> View:
    """Mark a view that anybody may open, signed in or not."""
    view.door = OPEN  # type: ignore[attr-defined] # a mark on a function
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Mark a view that everybody who is signed in may open: it shows their own things only."""
    view.door = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a view that asks for ``permission`` at some place, and refuse everybody else."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - the view's own
            if not has_permission(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.door = permission  # type: ignore[attr-defined]
        return guarded

    return mark
