"""The pages of places: the tree, a city, its editions, its parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import said
from bazafarin.web.places import actions, lists, queries, uploads
from bazafarin.web.places.forms import DeliveryForm
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.preparing import edition_folder
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City, Edition

CHANGE_KINDS = ("new", "changed", "vanished")
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
"""The report is a file that stands alone: its style and font are inside it; nothing runs."""


@needs(Permission.SEE_PLACES)
@require_GET
def places(request: UserRequest) -> HttpResponse:
    """List the cities that one sees."""
    found = cities_for(request.user, Permission.SEE_PLACES).order_by("place__name_fa")
    return render(request, "places/places.html", {"page": page_of(found, request)})


@needs(Permission.SEE_PLACES)
@require_GET
def city(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Show a city: its current edition, all others, and what can be done."""
    shown = _city(request, number)
    editions = queries.editions_for(request.user).filter(city=shown)
    if file := downloaded(request, editions, lambda: lists.editions_listing(shown)):
        return file
    context = {
        "city": shown,
        "editions": page_of(editions, request),
        "may_prepare": has_permission(request.user, Permission.PREPARE_EDITION, shown.place),
    }
    return render(request, "places/city.html", context)


@needs(Permission.PREPARE_EDITION)
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: UserRequest, number: int) -> HttpResponse:
    """Take a delivery in and have it read in the background."""
    shown = _city(request, number, Permission.PREPARE_EDITION)
    if not has_permission(request.user, Permission.PREPARE_EDITION, shown.place):
        raise Http404
    form = DeliveryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        edition = actions.begin_edition(
            by=request.user, city=shown, dated=given["dated"], note=given["note"]
        )
        folder = edition_folder(edition)
        try:
            names = {"delivery": uploads.keep(given["delivery"], folder)}
            if given["mapping"]:
                names["mapping"] = uploads.keep(given["mapping"], folder)
        except BaseException:
            actions.give_up(edition=edition)
            raise
        actions.put_files(edition=edition, files=names)
        job = actions.ask_to_prepare(by=request.user, edition=edition)
        return redirect("jobs:job", job.pk)
    return render(request, "places/deliver.html", {"city": shown, "form": form})


@needs(Permission.SEE_PLACES)
@require_GET
def edition(request: UserRequest, number: int) -> HttpResponse:
    """Show an edition: what it changes, how it was read, and the decision."""
    shown = _edition(request, number)
    layers = [
        {"name": name, **counts} for name, counts in shown.changes.items() if name != "succession"
    ]
    context = {
        "edition": shown,
        "city": shown.city,
        "layers": layers,
        "succession": shown.changes.get("succession", {}),
        "may_decide": shown.state == "prepared"
        and has_permission(request.user, Permission.DECIDE_EDITION, shown.city.place),
        "problems": _counted(shown),
    }
    return render(request, "places/edition.html", context)


@needs(Permission.SEE_PLACES)
@require_GET
def changes(request: UserRequest, number: int, layer: str) -> HttpResponse | FileResponse:
    """List the rows that an edition brings, changes or ends."""
    shown = _edition(request, number)
    kind = request.GET.get("kind", "new")
    if layer not in TABLES or kind not in CHANGE_KINDS:
        raise Http404
    found = queries.changed_rows(request.user, shown, layer, kind)
    if file := downloaded(
        request, found, lambda: lists.layer_listing(request.user, shown.city, layer)
    ):
        return file
    page = page_of(found, request)
    context = {
        "edition": shown, "city": shown.city, "layer": layer, "kind": kind, "page": page,
        "kinds": CHANGE_KINDS,
    }  # fmt: skip
    return render(request, "places/changes.html", context)


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


@needs(Permission.SEE_PLACES)
@require_GET
def parcels(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Search the parcels of a city."""
    shown = _city(request, number)
    asked = request.GET.get("q", "").strip()
    found = queries.parcels_found(request.user, shown, asked)
    if file := downloaded(
        request, found, lambda: lists.layer_listing(request.user, shown, "parcels")
    ):
        return file
    page = page_of(found, request)
    return render(request, "places/parcels.html", {"city": shown, "page": page, "q": asked})


@needs(Permission.SEE_PLACES)
@require_GET
def parcel(request: UserRequest, number: int, key: str) -> HttpResponse:
    """Show everything of a parcel that one may see, as of an edition."""
    shown = _city(request, number)
    asked = request.GET.get("edition", "")
    of_edition = (
        min(int(asked), shown.current) if asked.isascii() and asked.isdigit() else shown.current
    )
    found = queries.parcel_at(request.user, shown, key, of_edition)
    if found is None:
        raise Http404
    context = {
        "city": shown,
        "parcel": found,
        "edition_number": of_edition,
        "facts": list(queries.facts_of(request.user, shown, found)),
        "history": queries.history_of(request.user, shown, key),
        "successions": queries.successions_of(shown, key),
    }
    return render(request, "places/parcel.html", context)


def _city(
    request: UserRequest, number: int, permission: Permission = Permission.SEE_PLACES
) -> City:
    return get_object_or_404(cities_for(request.user, permission), pk=number)


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


def _counted(shown: Edition) -> dict[str, int]:
    counts: dict[str, int] = {}
    for problem in shown.problems:
        counts[problem["severity"]] = counts.get(problem["severity"], 0) + problem["count"]
    return counts
