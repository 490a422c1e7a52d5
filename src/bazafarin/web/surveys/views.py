"""The list of surveys, a survey with its coverage and blocks, and beginning one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.places.scope import cities_for, places_for
from bazafarin.web.surveys import (
    block_changes,
    coverage,
    forms_kept,
    phones,
    planning,
    quality,
    queries,
    running,
)
from bazafarin.web.surveys.forms import BlocksForm, DrawForm, SurveyForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.places.models import City, Place
    from bazafarin.web.surveys.models import Survey

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Permission.FILL_FORMS)
@require_GET
def surveys(request: UserRequest) -> HttpResponse:
    """List the surveys that one runs; who runs none is led to their own blocks."""
    if not has_permission(request.user, Permission.RUN_SURVEYS):
        return redirect("surveys:mine")
    found = queries.surveys_for(request.user)
    page = page_of(found, request)
    context = {
        "page": page,
        "rows": [(each, coverage.whole_of(each)) for each in page.rows],
        "cities": [
            city
            for city in cities_for(request.user, Permission.RUN_SURVEYS).order_by("pk")
            if city.current
        ],
    }
    return render(request, "surveys/surveys.html", context)


@needs(Permission.RUN_SURVEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: UserRequest, number: int) -> HttpResponse:
    """Begin a survey in a city."""
    city = get_object_or_404(cities_for(request.user, Permission.RUN_SURVEYS), pk=number)
    form = SurveyForm(
        request.POST or None,
        places=_places(request, city),
        initial={"begun_on": timezone.localdate(), "title": said("survey_form.title")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = running.begin_survey(by=request.user, city=city, **form.cleaned_data)
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.was_begun", title=made.title))
            return redirect("surveys:survey", made.pk)
    return render(request, "surveys/begin.html", {"city": city, "form": form})


@needs(Permission.RUN_SURVEYS)
@require_GET
def survey(request: UserRequest, number: int) -> HttpResponse:
    """Show how far a survey is, who has which blocks, and what it changed."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    return _page(request, shown)


@needs(Permission.RUN_SURVEYS)
@require_GET
def effect(request: UserRequest, number: int) -> HttpResponse:
    """Show what the accepted answers changed of the blocks, and what to survey next."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    found = block_changes.effect_of(shown, day=timezone.localdate())
    return render(request, "surveys/effect.html", {"survey": shown, "effect": found})


@needs(Permission.RUN_SURVEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def second_looks(request: UserRequest, number: int) -> HttpResponse:
    """Draw parcels to be seen again, and show how far the second looks agree with the first."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    form = DrawForm(request.POST or None, survey=shown)
    if request.method == "POST" and form.is_valid():
        try:
            count = quality.draw(
                by=request.user, survey=shown, chance=random.SystemRandom(), **form.cleaned_data
            )
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.were_drawn", count=count))
            return redirect("surveys:second_looks", shown.pk)
    context = {"survey": shown, "form": form, "quality": quality.quality_of(shown)}
    return render(request, "surveys/second_looks.html", context)


@needs(Permission.REVIEW_ANSWERS)
@require_GET
def block(request: UserRequest, number: int, key: str) -> HttpResponse:
    """Show the parcels of a block with the answers that brought what is known of them."""
    reviewed = queries.surveys_for(request.user, Permission.REVIEW_ANSWERS)
    shown = get_object_or_404(reviewed, pk=number)
    if key not in running.blocks_of(shown):
        raise Http404
    rows = block_changes.trail_of(shown, key)
    return render(request, "surveys/block.html", {"survey": shown, "block_key": key, "rows": rows})


@needs(Permission.RUN_SURVEYS)
@require_POST
def give(request: UserRequest, number: int) -> HttpResponse:
    """Give blocks of a survey to a surveyor."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    blocks = coverage.parcels_by_block(shown)
    form = BlocksForm(request.POST, survey=shown, blocks=blocks)
    if form.is_valid():
        to, keys = form.cleaned_data["surveyor"], form.cleaned_data["blocks"]
        try:
            count = running.give_blocks(by=request.user, survey=shown, surveyor=to, block_keys=keys)
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_surveys.blocks_given", count=count, name=str(to)))
            return redirect("surveys:survey", shown.pk)
    return _page(request, shown, form)


@needs(Permission.RUN_SURVEYS)
@require_POST
def take(request: UserRequest, number: int) -> HttpResponse:
    """Take blocks of a survey back."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    count = running.take_blocks(
        by=request.user,
        survey=shown,
        block_keys=[key for key in request.POST.getlist("blocks") if "\0" not in key],
    )
    messages.success(request, said("web_surveys.blocks_taken", count=count))
    return redirect("surveys:survey", shown.pk)


@needs(Permission.RUN_SURVEYS)
@require_POST
def close(request: UserRequest, number: int) -> HttpResponse:
    """Close a survey."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    try:
        running.close_survey(by=request.user, survey=shown, day=timezone.localdate())
    except UsageError as error:
        messages.error(request, wording.error_text(error, language()))
    else:
        messages.success(request, said("web_surveys.was_closed", title=shown.title))
    return redirect("surveys:survey", shown.pk)


@needs(Permission.RUN_SURVEYS)
@require_GET
def workbook(request: UserRequest, number: int) -> HttpResponse:
    """Give the form of a survey as the XLSForm that it was made of."""
    shown = get_object_or_404(queries.surveys_for(request.user), pk=number)
    version = forms_kept.published(shown.form) or shown.form.versions.first()
    assert version is not None  # noqa: S101 - a form is kept with its first version
    response = HttpResponse(bytes(version.source), _WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{shown.form.form_id}.xlsx"'
    return response


def _places(request: UserRequest, city: City) -> QuerySet[Place]:
    mine = places_for(request.user, Permission.RUN_SURVEYS)
    return mine.filter(path__startswith=city.place.path).order_by("path")


def _page(request: UserRequest, shown: Survey, form: BlocksForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    limits = coverage.Limits.on(today)
    how_far, plan = planning.plan_of(shown, limits=limits, today=today)
    blocks = coverage.parcels_by_block(shown)
    owners = {
        each.block_key: each.surveyor
        for each in shown.assignments.filter(ended_at=None).select_related("surveyor")
    }
    context = {
        "survey": shown,
        "coverage": how_far,
        "phones_of": {
            row.surveyor.pk
            for row in how_far.rows
            if row.surveyor is not None and phones.may_give_phone(request.user, row.surveyor)
        },
        "forecasts": [plan.whole, *plan.surveyors],
        "limits": limits,
        "blocks": [(key, count, owners.get(key)) for key, count in blocks.items()],
        "form": form or BlocksForm(survey=shown, blocks=blocks),
        "chosen": set() if form is None else set(form.data.getlist("blocks")),  # type: ignore[attr-defined] # what was sent
        "may_review": has_permission(request.user, Permission.REVIEW_ANSWERS, shown.place),
        "address": request.build_absolute_uri("/openrosa"),
    }
    return render(request, "surveys/survey.html", context)
