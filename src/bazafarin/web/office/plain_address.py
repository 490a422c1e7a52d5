"""Addresses of pages are text: a NUL, which no database searches for, is refused before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import SuspiciousOperation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

_OF_PROGRAMS: Final = "interfaces"
"""They say by themselves what is wrong with an address, as JSON."""


class PlainAddress:
    """Turns away what is no address of a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponseBase],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> None:
        """Raise where the address holds a NUL; the page says that it was not understood."""
        match = request.resolver_match
        if match is not None and match.namespaces[:1] == [_OF_PROGRAMS]:
            return
        words = [word for _, some in request.GET.lists() for word in some]
        if any("\0" in str(word) for word in (request.path, *words)):
            raise SuspiciousOperation("a NUL in an address")
