"""Every error of ours becomes a page that says what happened, to what, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import JsonResponse
from django.shortcuts import render

from bazafarin.adapters import wording
from bazafarin.domain.errors import (
    BazafarinError,
    DeliveryError,
    OutputError,
    ScenarioError,
    StandardsError,
    UsageError,
)
from bazafarin.web.office.said import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

STATUS_OF: Final[dict[type[BazafarinError], int]] = {
    UsageError: 400,
    ScenarioError: 400,
    DeliveryError: 400,
    StandardsError: 400,
    OutputError: 507,
}
FAULT: Final = 500


def status_of(error: BazafarinError) -> int:
    """Return the HTTP status of an error: that of its nearest class in the table."""
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), FAULT)


class ClearErrors:
    """Answers an error of ours with its sentence, as a page or as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Return the page of an error of ours; None leaves every other to Django."""
        if not isinstance(error, BazafarinError):
            return None
        status = status_of(error)
        sentence = wording.error_text(error, language())
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"code": error.code, "message": sentence}, status=status)
        return render(request, "office/error.html", {"sentence": sentence}, status=status)
