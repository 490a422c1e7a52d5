"""What every template knows: the language, the menu, who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.models import AnonymousUser

from bazafarin import __version__
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.said import language

if TYPE_CHECKING:
    from django.http import HttpRequest

MENU: Final = (
    ("office:home", "home", None),
    ("maps:map", "map", Permission.SEE_PLACES),
    ("places:places", "places", None),
    ("plans:plans", "plans", Permission.SEE_PLANS),
    ("surveys:surveys", "surveys", Permission.FILL_FORMS),
    ("offices:offices", "offices", Permission.SEE_OFFICES),
    ("cases:cases", "cases", Permission.SEE_CASES),
    ("jobs:jobs", "jobs", Permission.PREPARE_EDITION),
    ("accounts:people", "people", Permission.MANAGE_PEOPLE),
    ("audit:events", "audit", Permission.SEE_AUDIT),
)
"""The pages of the menu: their URL, their word (``web_office.menu.…``), what opens them."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the layout shows."""
    user = getattr(request, "user", AnonymousUser())
    is_in = user.is_authenticated
    here = request.resolver_match.view_name if request.resolver_match else ""
    menu = [
        {
            "url": url,
            "word": f"web_office.menu.{word}",
            "is_here": here.partition(":")[0] == url.partition(":")[0],
        }
        for url, word, permission in MENU
        if is_in and (permission is None or has_permission(user, permission))
    ]
    spoken = language()
    return {
        "language": spoken,
        "direction": "rtl" if spoken == "fa" else "ltr",
        "other_language": "en" if spoken == "fa" else "fa",
        "menu": menu,
        "site_version": __version__,
    }
