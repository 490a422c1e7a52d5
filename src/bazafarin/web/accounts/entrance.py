"""No page without signing in, but for those that say so; and first a password of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.shortcuts import redirect

from bazafarin.web.accounts.doors import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

_ALLOWED_BEFORE = {"accounts:password", "accounts:logout", "office:language"}


class Entrance(LoginRequiredMiddleware):
    """Sends who is not signed in to the entrance, and who must change a password to that."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let the request through, or turn it away."""
        user = request.user
        if user.is_authenticated and user.must_change_password:
            match = request.resolver_match
            is_open = getattr(view_func, "door", None) == OPEN
            if not is_open and (match is None or match.view_name not in _ALLOWED_BEFORE):
                return redirect("accounts:password")
        return super().process_view(request, view_func, view_args, view_kwargs)
