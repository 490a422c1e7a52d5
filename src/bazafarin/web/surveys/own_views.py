"""A surveyor's own page: the blocks they have, what came back to them, and their phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from bazafarin.adapters.openrosa.collect_settings import settings_code, settings_picture
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.office.said import said
from bazafarin.web.surveys import phones, queries
from bazafarin.web.surveys.forms import surveyors_at

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.accounts.models import User


@needs(Permission.FILL_FORMS)
@require_GET
def mine(request: UserRequest) -> HttpResponse:
    """Show somebody their blocks, the answers that came back, and their phone."""
    user = request.user
    context = {
        "blocks": queries.blocks_held(user),
        "returned": queries.returned_to(user),
        "looks": queries.looks_asked_of(user),
        "drafts": user.drafts.select_related("version").defer("version__source", "version__xform"),
        "forms": [each for each in queries.versions_for_phone(user) if not each.asks_of_parcels],
        "phone": user.phones.filter(ended_at=None).first(),
        "address": _address(request),
    }
    return render(request, "surveys/mine.html", context)


@needs(Permission.FILL_FORMS)
@require_POST
def own_phone(request: UserRequest) -> HttpResponse:
    """Make a password for one's own phone, and show it once."""
    return _shown(request, request.user)


@needs(Permission.FILL_FORMS)
@require_POST
def own_phone_off(request: UserRequest) -> HttpResponse:
    """Take the password of one's own phone back."""
    phones.take_phone(by=request.user, user=request.user)
    messages.success(request, said("web_surveys.phone_taken"))
    return redirect("surveys:mine")


@needs(Permission.RUN_SURVEYS)
@require_POST
def phone_of(request: UserRequest, number: int, user: int) -> HttpResponse:
    """Make a password for the phone of a surveyor of a survey, and show it once."""
    survey = get_object_or_404(queries.surveys_for(request.user), pk=number)
    surveyor: User = get_object_or_404(surveyors_at(survey.place), pk=user)
    return _shown(request, surveyor)


@needs(Permission.RUN_SURVEYS)
@require_POST
def phone_off(request: UserRequest, number: int, user: int) -> HttpResponse:
    """Take the password of a surveyor's phone back: it was lost, say."""
    survey = get_object_or_404(queries.surveys_for(request.user), pk=number)
    surveyor: User = get_object_or_404(surveyors_at(survey.place), pk=user)
    phones.take_phone(by=request.user, user=surveyor)
    messages.success(request, said("web_surveys.phone_taken"))
    return redirect("surveys:survey", survey.pk)


def _shown(request: UserRequest, user: User) -> HttpResponse:
    password = phones.give_phone(by=request.user, user=user)
    code = settings_code(
        server_url=_address(request),
        user_name=user.username,
        password=password,
        project=said("web_surveys.project_on_phone"),
    )
    context = {
        "owner": user,
        "is_own": user.pk == request.user.pk,
        "password": password,
        "picture": settings_picture(code),
        "address": _address(request),
    }
    response = render(request, "surveys/phone.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/openrosa")
