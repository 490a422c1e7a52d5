"""The pages of an edition: what it changes, how it was read, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import said
from bazafarin.web.office.sorting import sorted_as_asked
from bazafarin.web.places import actions, lists, queries
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.preparing import edition_folder
from bazafarin.web.places.preview import MOST, preview_of

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import Edition

PAIRS_SORTED_BY = {"old": ("old", "new"), "new": ("new", "old"), "area": ("common_m2",)}
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""The report is a file that stands alone: its style and font are inside it; nothing runs."""


@needs(Permission.SEE_PLACES)
@require_GET
def edition(request: UserRequest, number: int) -> HttpResponse:
    """Show an edition: what it changes, how it was read, and the decision."""
    shown = _edition(request, number)
    # PostgreSQL keeps the names of what it stores in an order of its own
    layers = [{"name": name, **shown.changes[name]} for name in TABLES if name in shown.changes]
    counts = shown.changes.get("parcels", {})
    context = {
        "preview": preview_of(request.user, shown) if _is_staged(shown) else None,
        "counts": {kind: counts.get(kind, 0) for kind in queries.CHANGE_KINDS},
        "edition": shown,
        "city": shown.city,
        "layers": layers,
        "succession": shown.changes.get("succession", {}),
        "taken_back": queries.taken_back(request.user, shown),
        "may_decide": shown.state == "prepared"
        and has_permission(request.user, Permission.DECIDE_EDITION, shown.city.place),
        "may_read_report": has_permission(
            request.user, Permission.PREPARE_EDITION, shown.city.place
        ),
        "problems": _counted(shown),
        "most_drawn": MOST,
    }
    return render(request, "places/edition.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def changes(request: UserRequest, number: int, layer: str) -> HttpResponse | FileResponse:
    """List the rows that an edition brings, changes or ends."""
    shown = _edition(request, number)
    kind = request.GET.get("kind", "new")
    if layer not in TABLES or kind not in _kinds(shown, layer):
        raise Http404
    found = queries.changed_rows(request.user, shown, layer, kind)
    if file := downloaded(
        request, found, lambda: lists.layer_listing(request.user, shown.city, layer)
    ):
        return file
    page = page_of(found, request)
    rows = queries.differences_of(request.user, shown, layer, page.rows)
    context = {
        "edition": shown, "city": shown.city, "layer": layer, "kind": kind, "page": page,
        "rows": rows, "kinds": _kinds(shown, layer),
        "count": shown.changes.get(layer, {}).get(kind, 0),
    }  # fmt: skip
    return render(request, "places/changes.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def successions(request: UserRequest, number: int) -> HttpResponse:
    """List the parcels that an edition splits, merges and renames."""
    shown = _edition(request, number)
    kind = request.GET.get("kind", "")
    found = queries.successions_in(request.user, shown)
    if kind:
        found = found.filter(kind=kind)
    found, sorting = sorted_as_asked(found, request, PAIRS_SORTED_BY)
    context = {
        "edition": shown, "city": shown.city, "page": page_of(found, request), "kind": kind,
        "kinds": shown.changes.get("succession", {}), "sorting": sorting,
    }  # fmt: skip
    return render(request, "places/successions.html", context)


@needs(Permission.PREPARE_EDITION)
@require_GET
def report(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Show the reading report of an edition."""
    shown = _edition(request, number, Permission.PREPARE_EDITION)
    path = edition_folder(shown) / "reading_report.html"
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = REPORT_POLICY
    return response


@needs(Permission.DECIDE_EDITION)
@require_POST
def accept(request: UserRequest, number: int) -> HttpResponse:
    """Accept an edition as a whole."""
    shown = _edition(request, number, Permission.DECIDE_EDITION)
    actions.accept_edition(by=request.user, edition=shown)
    messages.success(request, said("web_places.accepted", number=shown.number))
    return redirect("places:city", shown.city_id)


@needs(Permission.DECIDE_EDITION)
@require_POST
def refuse(request: UserRequest, number: int) -> HttpResponse:
    """Refuse an edition as a whole."""
    shown = _edition(request, number, Permission.DECIDE_EDITION)
    actions.refuse_edition(by=request.user, edition=shown)
    messages.success(request, said("web_places.refused", number=shown.number))
    return redirect("places:city", shown.city_id)


def _edition(
    request: UserRequest, number: int, permission: Permission = Permission.SEE_PLACES
) -> Edition:
    """Return an edition that one may see: what is not accepted, only with the work on it."""
    found: Edition = get_object_or_404(queries.editions_for(request.user, permission), pk=number)
    if found.state != "accepted" and not (
        has_permission(request.user, Permission.PREPARE_EDITION, found.city.place)
        or has_permission(request.user, Permission.DECIDE_EDITION, found.city.place)
    ):
        raise Http404
    return found


def _kinds(shown: Edition, layer: str) -> tuple[str, ...]:
    """Return what is listed of a layer's changes."""
    is_over_corrections = shown.kind == "delivery" and layer in queries.CORRECTED_LAYERS
    return (*queries.CHANGE_KINDS, *([queries.TAKEN_BACK] if is_over_corrections else []))


def _is_staged(shown: Edition) -> bool:
    """Return whether the rows of an edition are there to be drawn."""
    return shown.state in ("prepared", "accepted")


def _counted(shown: Edition) -> dict[str, int]:
    counts: dict[str, int] = {}
    for problem in shown.problems:
        counts[problem["severity"]] = counts.get(problem["severity"], 0) + problem["count"]
    return counts
