"""The list of cases, a case with what has happened in it, opening one, telling of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.cases import actions, lists, queries
from bazafarin.web.cases.forms import CaseForm, TellForm
from bazafarin.web.cases.models import CaseKind
from bazafarin.web.office.asked import number_in
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.office.sorting import sorted_as_asked
from bazafarin.web.places.scope import cities_for

if TYPE_CHECKING:
    from django.http import FileResponse, HttpResponse

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.cases.models import Case


@needs(Permission.SEE_CASES)
@require_GET
def cases(request: UserRequest) -> HttpResponse | FileResponse:
    """List the cases that one sees."""
    asked, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    state, city = request.GET.get("state", ""), number_in(request.GET.get("city", ""))
    kind = kind if kind in set(CaseKind) else ""
    found = queries.cases_found(request.user, asked=asked, kind=kind, state=state, city=city)
    found, sorting = sorted_as_asked(found, request, queries.SORTED_BY)
    if "sort" not in request.GET:
        found = found.order_by("-opened_on", "-pk")
        sorting = replace(sorting, is_down=True)
    if file := downloaded(request, found, lists.cases_listing):
        return file
    context = {
        "page": page_of(found, request), "q": asked, "kind": kind, "state": state, "city": city,
        "kinds": list(CaseKind), "states": (queries.OPEN, queries.CLOSED), "sorting": sorting,
        "is_asked": bool(asked or kind or state),
        "to_open_in": [
            each
            for each in cities_for(request.user, Permission.KEEP_CASES)
            if each.current and (city is None or each.pk == city)
        ],
    }  # fmt: skip
    return render(request, "cases/cases.html", context)


@needs(Permission.SEE_CASES)
@require_GET
def case(request: UserRequest, number: int) -> HttpResponse:
    """Show a case: what it is about and what has happened, and the form to tell more."""
    shown: Case = get_object_or_404(queries.cases_for(request.user), pk=number)
    return _page(request, shown, TellForm(kinds=queries.kinds_to_tell(shown)))


@needs(Permission.KEEP_CASES)
@require_POST
def tell(request: UserRequest, number: int) -> HttpResponse:
    """Add what has happened in a case."""
    kept = queries.cases_for(request.user, Permission.KEEP_CASES)
    shown: Case = get_object_or_404(kept, pk=number)
    form = TellForm(request.POST, kinds=queries.kinds_to_tell(shown))
    if form.is_valid():
        try:
            actions.tell(by=request.user, case=shown, **form.cleaned_data)
        except UsageError as error:
            form.add_error("happened_on", wording.error_text(error, language()))
        else:
            messages.success(request, said("web_cases.told", number=shown.number))
            return redirect("cases:case", shown.pk)
    return _page(request, shown, form)


@needs(Permission.KEEP_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: UserRequest, number: int) -> HttpResponse:
    """Open a case about parcels of a city."""
    city = get_object_or_404(cities_for(request.user, Permission.KEEP_CASES), pk=number)
    first = {"keys": request.GET.get("parcel", ""), "opened_on": timezone.localdate()}
    form = CaseForm(request.POST or None, city=city, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_case(by=request.user, city=city, **form.cleaned_data)
        except UsageError as error:
            field = "opened_on" if error.code == "web_cases.error.not_yet" else "keys"
            form.add_error(field, wording.error_text(error, language()))
        except PermissionDenied:
            form.add_error("keys", said("web_cases.beyond_yours"))
        else:
            messages.success(request, said("web_cases.was_opened", number=made.number))
            return redirect("cases:case", made.pk)
    context = {"city": city, "form": form}
    return render(request, "cases/open.html", context)


def _page(request: UserRequest, shown: Case, form: TellForm) -> HttpResponse:
    until = shown.closed_on or timezone.localdate()
    context = {
        "case": shown,
        "parcels": shown.parcels.all(),
        "events": shown.events.select_related("made_by"),
        "days": (until - shown.opened_on).days,
        "form": form,
        "may_tell": has_permission(request.user, Permission.KEEP_CASES, shown.place),
    }
    return render(request, "cases/case.html", context)
