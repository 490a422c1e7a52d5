"""What a program is told where something is wrong: a problem as JSON, in both languages."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse

from bazafarin.adapters import wording
from bazafarin.domain.errors import BazafarinError, UsageError
from bazafarin.web.office.clear_errors import status_of
from bazafarin.web.office.said import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Basic realm="Bazafarin", charset="UTF-8"'
"""What asks a program for its token; QGIS and browsers know how to answer it."""


class UnknownCallerError(BazafarinError):
    """Nobody is signed in, or the token opens nothing."""


def problem_of(error: Exception) -> dict[str, object] | None:
    """Return the problem that an error is for a program; None for a fault of our own."""
    match error:
        case UnknownCallerError():
            return _problem(HTTPStatus.UNAUTHORIZED, error)
        case BazafarinError():
            return _problem(status_of(error), error)
        case Http404():
            return _problem(HTTPStatus.NOT_FOUND, UsageError("web_interfaces.error.not_found"))
        case PermissionDenied():
            return _problem(HTTPStatus.FORBIDDEN, UsageError("web_interfaces.error.refused"))
    return None


def not_allowed() -> HttpResponse:
    """Return the answer to whoever would change something: interfaces are read."""
    problem = _problem(HTTPStatus.METHOD_NOT_ALLOWED, UsageError("web_interfaces.error.read_only"))
    response = answer(problem)
    response["Allow"] = "GET, HEAD"
    return response


def answer(problem: Mapping[str, object]) -> HttpResponse:
    """Return a problem as the response to a request."""
    status = int(str(problem["status"]))
    response = JsonResponse(dict(problem), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def _problem(status: int, error: BazafarinError) -> dict[str, object]:
    persian, english = (wording.error_text(error, spoken) for spoken in ("fa", "en"))
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": persian if language() == "fa" else english,
        "code": error.code,
        "message_fa": persian,
        "message_en": english,
    }
