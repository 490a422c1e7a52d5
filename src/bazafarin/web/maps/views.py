"""The map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bazafarin.web.accounts.doors import UserRequest


@needs(Permission.SEE_PLACES)
@require_GET
def map(_request: UserRequest) -> HttpResponse:  # noqa: A001 - what the page is
    """Show the places until there is a map."""
    return redirect("places:places")
