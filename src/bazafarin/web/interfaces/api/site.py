"""The API put together: its description, its errors, and who may call."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NoReturn

from django.http import Http404
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import ValidationError

from bazafarin import __version__
from bazafarin.domain.errors import UsageError
from bazafarin.web.interfaces.api import own, parcels, places, plans
from bazafarin.web.interfaces.callers import SCHEMES, SECURITY, for_programs
from bazafarin.web.interfaces.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

PREFIX: Final = "/api/v1/"

api = NinjaAPI(
    title="Bazafarin",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
for each in (own, places, parcels, plans):
    api.add_router("", each.router)


def _raise(_request: HttpRequest, error: Any) -> NoReturn:  # noqa: ANN401 - the error raised
    """Leave an error to the one table of problems."""
    raise error


def _raise_named(_request: HttpRequest, error: Any) -> NoReturn:  # noqa: ANN401 - the error raised
    """Leave parameters that cannot be to it, too, by their names."""
    named = sorted({str(each["loc"][-1]) for each in error.errors})
    raise UsageError("web_interfaces.error.parameters", names=", ".join(named))


api.add_exception_handler(Http404, _raise)
api.add_exception_handler(ValidationError, _raise_named)


def addresses() -> list[URLPattern]:
    """Return the API's addresses; each asks who calls."""
    made = []
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = _guarded(pattern.callback)
            made.append(pattern)
    return made


def _guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - the view's own
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        if "\0" in request.path:
            raise Http404
        return view(request, *args, **kwargs)

    return for_programs(None)(read)


def api_description() -> dict[str, Any]:
    """Return the OpenAPI description: problems by their own kind, and the ways to say who calls."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX.strip("/")))
    for path in made["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
    made["components"]["securitySchemes"] = dict(SCHEMES)
    made["security"] = list(SECURITY)
    return made
