"""The description of the API: for programs as OpenAPI, for people as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bazafarin.web.accounts.doors import open_to_all, signed_in
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.interfaces.api.site import api_description
from bazafarin.web.office.said import said

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bazafarin.web.accounts.doors import UserRequest


@open_to_all
@require_GET
def description(_request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI description; it tells of no data."""
    return JsonResponse(api_description())


@signed_in
@require_GET
def guide(request: UserRequest) -> HttpResponse:
    """Show every address of the API with its parameters, and how a program is let in."""
    described = api_description()
    context = {
        "addresses": [
            _address(path, methods["get"]) for path, methods in described["paths"].items()
        ],
        "may_make_tokens": has_permission(request.user, Permission.USE_INTERFACES),
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "interfaces/guide.html", context)


def _address(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": path,
        "about": said(f"web_interfaces.api.{operation['operationId']}"),
        "parameters": [
            {"name": each["name"], "about": said(f"web_interfaces.api_parameter.{each['name']}")}
            for each in operation.get("parameters", ())
            if each["in"] == "query"
        ],
    }
