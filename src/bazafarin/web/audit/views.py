"""The page of events: it can be read and searched, and nothing on it can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.audit import lists, queries
from bazafarin.web.audit.told import told
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of

if TYPE_CHECKING:
    from django.http import FileResponse, HttpResponse

    from bazafarin.web.accounts.doors import UserRequest


@needs(Permission.SEE_AUDIT)
@require_GET
def events(request: UserRequest) -> HttpResponse | FileResponse:
    """List who changed what, from what to what."""
    found = queries.events_for(request.user)
    asked = {name: request.GET.get(name, "").strip() for name in ("by", "action", "subject")}
    if asked["by"]:
        found = found.filter(
            Q(by__username__icontains=asked["by"]) | Q(by__name_fa__icontains=asked["by"])
        )
    if asked["action"]:
        found = found.filter(action__startswith=f"{asked['action']}.")
    if asked["subject"]:
        found = found.filter(subject_id=asked["subject"])
    if file := downloaded(request, found, lists.events_listing):
        return file
    page = page_of(found, request)
    context = {"page": page, "told": told(page.rows), "asked": asked, "actions": queries.ACTIONS}
    return render(request, "audit/events.html", context)
