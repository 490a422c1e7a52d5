"""The home of each role, the language, help, the pages of errors and the sign of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from bazafarin.adapters.brand import brand
from bazafarin.web.accounts.doors import open_to_all, signed_in
from bazafarin.web.office import tasks
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bazafarin.web.accounts.doors import UserRequest

HELP_PARTS = (
    "first_steps", "editions", "map", "plans", "surveys", "cases",
    "areas", "people", "roles", "security",
    "unknown",
)  # fmt: skip
"""The parts of the help, in order."""


@signed_in
@require_GET
def home(request: UserRequest) -> HttpResponse:
    """Show what is this person's to do today."""
    return render(request, "office/home.html", {"tasks": tasks.of(request.user)})


@signed_in
@require_GET
def help_page(request: UserRequest) -> HttpResponse:
    """Explain the site's words and first steps."""
    return render(request, "office/help.html", {"parts": HELP_PARTS})


@open_to_all
@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Speak the other language from now on, and go back to where one was."""
    asked = request.POST.get("language")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = resolve_url("office:home")
    response = HttpResponseRedirect(back)
    if asked in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            asked,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@open_to_all
@require_GET
@cache_control(public=True, max_age=3600)
def tokens(_request: HttpRequest) -> HttpResponse:
    """Return the look's tokens as properties of CSS: pages read the same as map and print."""
    look = brand()
    lines = [f"--{name}: {value};" for name, value in look.colour.items()]
    for name, ramp in look.ramp.items():
        lines += [f"--{name.replace('_', '-')}-{at}: {value};" for at, value in enumerate(ramp)]
    return HttpResponse(":root {\n" + "\n".join(lines) + "\n}\n", content_type="text/css")


@open_to_all
@require_GET
@cache_control(public=True, max_age=3600)
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask programs that gather pages to leave an office's alone."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@open_to_all
@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """Say that the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request was too large, or no request of these pages."""
    is_large = isinstance(exception, RequestDataTooBig)
    key = "too_large" if is_large else "not_understood"
    sentence = said(f"web_office.error.{key}", mib=settings.UPLOAD_MAX_BYTES // 2**20)
    status = 413 if is_large else 400
    return render(request, "office/error.html", {"sentence": sentence}, status=status)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's
    """Say that the page was open for too long, or was sent from elsewhere."""
    sentence = said("web_office.error.stale")
    return render(request, "office/error.html", {"sentence": sentence}, status=403)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """Say that this is not theirs to open."""
    sentence = said("web_office.error.refused")
    return render(request, "office/error.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's
    """Say that there is no such page."""
    sentence = said("web_office.error.not_found")
    return render(request, "office/error.html", {"sentence": sentence}, status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Say that the program has a fault."""
    sentence = said("web_office.error.fault")
    return render(request, "office/error.html", {"sentence": sentence}, status=500)
