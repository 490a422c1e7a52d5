"""Studies run from the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bazafarin.web.accounts.doors import UserRequest


@needs(Permission.SEE_PLANS)
@require_GET
def plans(_request: UserRequest) -> HttpResponse:
    """Show the places until there are studies."""
    return redirect("places:places")
