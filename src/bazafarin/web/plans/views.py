"""The list of plans, the form that has one made, two side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import said
from bazafarin.web.plans import actions, comparison, queries
from bazafarin.web.plans.forms import StudyForm, first_values
from bazafarin.web.plans.models import AreaResult, Plan, PlanState
from bazafarin.web.plans.sorting import headings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bazafarin.web.accounts.doors import UserRequest

PAIR = 2
MOST_BLOCKS = 200
"""How many blocks a comparison lists; it says how many there are."""


@needs(Permission.SEE_PLANS)
@require_GET
def plans(request: UserRequest) -> HttpResponse:
    """List the plans of the cities that one sees."""
    asked, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    city = number_in(request.GET.get("city", ""))
    found = queries.listed_plans(request.user, city=city, asked=asked, sort=sort)
    context = {
        "page": page_of(found, request),
        "q": asked,
        "city": city,
        "headings": headings(request, queries.PLAN_SORTS, sort),
        "may_run": has_permission(request.user, Permission.RUN_STUDIES),
        "has_city": queries.runnable_cities(request.user).exists(),
    }
    return render(request, "plans/plans.html", context)


@needs(Permission.RUN_STUDIES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: UserRequest) -> HttpResponse:
    """Have studies run of an edition, or find the same that was run before."""
    city = number_in(request.GET.get("city", ""))
    if not queries.runnable_editions(request.user, city).exists():
        if city is not None:
            raise Http404
        return render(request, "plans/nothing_to_study.html", {})
    earlier = _earlier(request)
    edition = _first_edition(request, earlier, city)
    form = StudyForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        city=city,
        initial=first_values(earlier) | {"edition": edition},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        plan, is_new = actions.ask_plan(
            by=request.user,
            edition=given["edition"],
            as_of=given["as_of"],
            standards_name=form.standards_name,
            standards=given["standards"],
            scenario=form.scenario(),
        )
        if not is_new:
            messages.info(
                request, said("web_plans.found_again", day=timezone.localdate(plan.made_at))
            )
        if plan.state == PlanState.DONE or plan.job_id is None:
            return redirect("plans:plan", plan.pk)
        return redirect("jobs:job", plan.job_id)
    return render(request, "plans/new.html", {"form": form})


@needs(Permission.SEE_PLANS)
@require_GET
def compare(request: UserRequest) -> HttpResponse:
    """Show two plans of a city side by side, the one that was asked for first before."""
    numbers = {number for each in request.GET.getlist("plan") if (number := number_in(each))}
    found = list(
        queries.plans_for(request.user)
        .filter(pk__in=numbers, state=PlanState.DONE)
        .order_by("id")
    )  # fmt: skip
    if len(numbers) == PAIR and len(found) < PAIR:
        raise Http404
    if len(found) != PAIR or found[0].city_id != found[1].city_id:
        messages.warning(request, said("web_plans.compare.choose_two"))
        return redirect("plans:plans")
    before, after = found
    areas = _pairs_of_areas(request, before, after)
    changes = comparison.block_changes(request.user, before, after)
    context = {
        "before": before,
        "after": after,
        "city": before.city,
        "inputs": comparison.inputs_of(before, after),
        "areas": areas,
        "blocks": changes[:MOST_BLOCKS],
        "blocks_count": len(changes),
    }
    return render(request, "plans/compare.html", context)


def _pairs_of_areas(request: UserRequest, before: Plan, after: Plan) -> list[dict[str, object]]:
    """Return the areas of both plans, side by side; of the city alone where one sees all."""
    old, new = (
        {area.area: area for area in queries.areas_of(request.user, plan)}
        for plan in (before, after)
    )
    shown = [""] if "" in old else list(old)
    return [_pair(request, old[name], new[name]) for name in shown if name in new]


def _pair(request: UserRequest, old: AreaResult, new: AreaResult) -> dict[str, object]:
    figures = comparison.figure_changes(request.user, old, new)
    return {
        "name": old.name_fa,
        "changed": [change for change in figures if change.sign != 0],
        "unchanged": [change for change in figures if change.sign == 0],
        "services": comparison.service_changes(request.user, old, new),
    }


def _first_edition(request: UserRequest, earlier: Plan | None, city: int | None) -> int | None:
    """Return the edition that is chosen at first: the one asked for, else the current one."""
    found = queries.runnable_editions(request.user, city)
    if (asked := number_in(request.GET.get("edition", ""))) is not None:
        found = found.filter(pk=asked)
    elif earlier is not None:
        found = found.filter(city=earlier.city, number=earlier.edition_number)
    first = found.first()
    return None if first is None else first.pk


def _earlier(request: UserRequest) -> Plan | None:
    """Return the plan whose inputs are to stand in the form; None where none is asked for."""
    number = number_in(request.GET.get("as", ""))
    if number is None:
        return None
    return get_object_or_404(queries.plans_for(request.user), pk=number)
