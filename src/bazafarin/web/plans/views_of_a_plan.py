"""The pages of one plan: what was found, block by block and area by area, and its files."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from bazafarin.domain.errors import BazafarinError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.paging import page_of
from bazafarin.web.places.scope import is_whole
from bazafarin.web.plans import downloads, queries
from bazafarin.web.plans.figure_words import figures_of
from bazafarin.web.plans.models import AreaResult, Plan, PlanState
from bazafarin.web.plans.results import FAMILIES
from bazafarin.web.plans.sorting import headings

if TYPE_CHECKING:
    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.accounts.models import User
    from bazafarin.web.plans.figure_words import Figure

RIAL_A_MILLIARD = 1_000_000_000
FILE_POLICY = "default-src 'none'; sandbox"
"""A file is taken away, never opened within the site."""


@needs(Permission.SEE_PLANS)
@require_GET
def plan(request: UserRequest, number: int) -> HttpResponse:
    """Show what a plan found, as far as one sees its city."""
    shown = _plan(request, number)
    if shown.state == PlanState.MAKING:
        return redirect("jobs:job", shown.job_id)
    context: dict[str, Any] = {"plan": shown, "city": shown.city}
    context["edition"] = queries.edition_of(shown)
    context["may_run"] = has_permission(request.user, Permission.RUN_STUDIES, shown.city.place)
    if shown.state == PlanState.FAILED:
        return render(request, "plans/failed.html", context | {"error": _error(shown)})
    areas = queries.areas_of(request.user, shown)
    context |= {
        "areas": [_area_row(request.user, shown, area) for area in areas if area.area],
        "downloads": downloads.downloads_of(request.user, shown)
        if is_whole(request.user, Permission.SEE_PLANS, shown.city)
        else [],
        "others": queries.plans_for(request.user)
        .filter(city=shown.city, state=PlanState.DONE)
        .exclude(pk=shown.pk)
        .defer(*queries.HEAVY)[:5],
    }
    if areas and not areas[0].area:
        context |= _whole(request.user, shown, areas[0])
    return render(request, "plans/plan.html", context)


@needs(Permission.SEE_PLANS)
@require_GET
def blocks(request: UserRequest, number: int) -> HttpResponse:
    """List the blocks of a plan with their indices, sorted and searched."""
    shown = _done(request, number)
    asked, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    only = request.GET.get("only", "all")
    only = only if only in queries.BLOCK_FILTERS else "all"
    found = queries.blocks_of(request.user, shown, asked=asked, sort=sort, only=only)
    context = {
        "plan": shown,
        "city": shown.city,
        "page": page_of(found, request),
        "q": asked,
        "only": only,
        "sort": sort,
        "filters": list(queries.BLOCK_FILTERS),
        "headings": headings(request, queries.BLOCK_SORTS, sort),
    }
    return render(request, "plans/blocks.html", context)


@needs(Permission.SEE_PLANS)
@require_GET
def area(request: UserRequest, number: int, area: int) -> HttpResponse:
    """Show what a plan found in one neighbourhood."""
    shown = _done(request, number)
    found = next((each for each in queries.areas_of(request.user, shown) if each.pk == area), None)
    if found is None or not found.area:
        raise Http404
    context = {"plan": shown, "city": shown.city, "area": found}
    return render(request, "plans/area.html", context | _figures(request.user, shown, found))


@needs(Permission.SEE_PLANS)
@require_GET
def download(request: UserRequest, number: int, name: str) -> FileResponse:
    """Give a file of a plan to whoever may take it."""
    shown = _done(request, number)
    if name not in downloads.NEEDS or not is_whole(request.user, Permission.SEE_PLANS, shown.city):
        raise Http404
    if not downloads.may_take(request.user, shown, name):
        raise PermissionDenied(name)
    path = shown.folder / name
    if not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"bazafarin-{shown.pk}-{name}",
        content_type=downloads.CONTENT_TYPES[name],
    )
    response["Content-Security-Policy"] = FILE_POLICY
    return response


def _plan(request: UserRequest, number: int) -> Plan:
    found: Plan = get_object_or_404(
        queries.plans_for(request.user).select_related("job"), pk=number
    )
    return found


def _done(request: UserRequest, number: int) -> Plan:
    found = _plan(request, number)
    if found.state != PlanState.DONE:
        raise Http404
    return found


def _error(shown: Plan) -> BazafarinError | None:
    error = shown.job.error if shown.job else {}
    return BazafarinError(error["code"], **error["facts"]) if error else None


def _whole(user: User, shown: Plan, area: AreaResult) -> dict[str, Any]:
    """Return what the page of a plan shows of the whole city."""
    told = _figures(user, shown, area)
    by_id = {figure.id: figure for figure in told["figures"]}
    first = [by_id[each["id"]] for each in shown.headline if each["id"] in by_id]
    return told | {"headline": first, "proposals": _proposals(shown)}


def _proposals(shown: Plan) -> dict[str, Any] | None:
    """Return the proposals with their money in milliards, as the office reckons."""
    told = shown.proposals
    if told is None:
        return None
    projects, curve = told["projects"], told["curve"]
    if projects is not None:
        projects = [_in_milliards(row, "cost", "municipal") for row in projects]
    return {
        **told,
        "projects": projects,
        "curve": [_in_milliards(row, "budget") for row in curve],
        "most_served": max((row["people_served"] or 0 for row in curve), default=0) or 1,
    }


def _in_milliards(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {
        f"{name}_milliard": None
        if row[f"{name}_rial"] is None
        else row[f"{name}_rial"] / RIAL_A_MILLIARD
        for name in names
    }


def _figures(user: User, shown: Plan, area: AreaResult) -> dict[str, Any]:
    """Return the figures of an area by family, and its services unless they are withheld."""
    sees = _sees_people(user, shown, area)
    found = figures_of(area.figures, sees_people=sees, plan=shown)
    found.sort(key=lambda figure: FAMILIES.index(figure.family))
    return {
        "figures": found,
        "families": [(name, list(some)) for name, some in groupby(found, lambda f: f.family)],
        "services": [] if _is_withheld(found) else _services(shown, area),
        "services_withheld": _is_withheld(found),
    }


def _services(shown: Plan, area: AreaResult) -> list[dict[str, Any]]:
    """Return the services of an area, each with whether its standard has a source."""
    rows = []
    for row in area.services:
        rule = shown.citations.get(f"per_capita.{row['service']}")
        rows.append({**row, "is_unverified": rule is not None and not rule["is_verified"]})
    return sorted(rows, key=lambda row: -(row.get("deficit_min_m2") or 0))


def _is_withheld(found: list[Figure]) -> bool:
    """Return whether the population that services are reckoned from is withheld."""
    return any(figure.is_withheld for figure in found if figure.id == "identity.population")


def _sees_people(user: User, shown: Plan, area: AreaResult) -> bool:
    place = area.in_neighbourhood or shown.city.place
    return has_permission(user, Permission.SEE_PEOPLE, place)


def _area_row(user: User, shown: Plan, area: AreaResult) -> dict[str, Any]:
    """Return a neighbourhood's few figures for the table of neighbourhoods."""
    sees = _sees_people(user, shown, area)
    by_id = {each.id: each for each in figures_of(area.figures, sees_people=sees)}
    names = ("blocks", "population", "worn_out_blocks", "worn_out_area", "open_blocks")
    ids = (
        "identity.blocks", "identity.population", "worn_out_fabric.blocks",
        "worn_out_fabric.area_m2", "worn_out_fabric.blocks_depending_on_unknown",
    )  # fmt: skip
    return {"area": area, **{name: by_id.get(each) for name, each in zip(names, ids, strict=True)}}
