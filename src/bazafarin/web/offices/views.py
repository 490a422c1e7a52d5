"""The list of offices, an office with what it did, and its month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.domain.solar_hijri import to_jalali
from bazafarin.web.accounts.doors import needs
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import language, said
from bazafarin.web.offices import actions, lists, queries, reports
from bazafarin.web.offices.duties import duties
from bazafarin.web.offices.forms import DoneForm, OfficeForm, WorkerForm
from bazafarin.web.offices.models import OfficeWorker
from bazafarin.web.places.models import City
from bazafarin.web.places.scope import places_for

if TYPE_CHECKING:
    from django.http import FileResponse, HttpResponse

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.offices.models import Office

_MONTHS = 12


@needs(Permission.SEE_OFFICES)
@require_GET
def offices(request: UserRequest) -> HttpResponse:
    """List the offices that one sees."""
    context = {
        "page": page_of(queries.offices_for(request.user), request),
        "may_open": has_permission(request.user, Permission.RUN_OFFICES),
    }
    return render(request, "offices/offices.html", context)


@needs(Permission.RUN_OFFICES)
@require_http_methods(["GET", "HEAD", "POST"])
def open_office(request: UserRequest) -> HttpResponse:
    """Open an office."""
    places = places_for(request.user, Permission.RUN_OFFICES).order_by("path")
    form = OfficeForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_office(by=request.user, **form.cleaned_data)
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_offices.was_opened", name=made.name))
            return redirect("offices:office", made.pk)
    return render(request, "offices/open.html", {"form": form})


@needs(Permission.SEE_OFFICES)
@require_GET
def office(request: UserRequest, number: int) -> HttpResponse | FileResponse:
    """Show an office: its people, what it did, and the forms to record more."""
    shown = get_object_or_404(queries.offices_for(request.user), pk=number)
    if file := downloaded(request, shown.done.all(), lists.done_listing):
        return file
    return _page(request, shown)


@needs(Permission.KEEP_OFFICES)
@require_POST
def note_done(request: UserRequest, number: int) -> HttpResponse:
    """Record what an office did."""
    kept = queries.offices_for(request.user, Permission.KEEP_OFFICES)
    shown = get_object_or_404(kept, pk=number)
    form = DoneForm(request.POST)
    if form.is_valid():
        try:
            actions.note_done(by=request.user, office=shown, **form.cleaned_data)
        except UsageError as error:
            field = "referred_to" if error.code.endswith("to_whom") else "happened_on"
            form.add_error(field, wording.error_text(error, language()))
        else:
            messages.success(request, said("web_offices.was_noted"))
            return redirect("offices:office", shown.pk)
    return _page(request, shown, done=form)


@needs(Permission.RUN_OFFICES)
@require_POST
def add_worker(request: UserRequest, number: int) -> HttpResponse:
    """Let somebody work in an office."""
    run = queries.offices_for(request.user, Permission.RUN_OFFICES)
    shown = get_object_or_404(run, pk=number)
    form = WorkerForm(request.POST, office=shown)
    if form.is_valid():
        try:
            actions.add_worker(by=request.user, office=shown, **form.cleaned_data)
        except UsageError as error:
            form.add_error(None, wording.error_text(error, language()))
        else:
            name = str(form.cleaned_data["user"])
            messages.success(request, said("web_offices.worker_came", name=name))
            return redirect("offices:office", shown.pk)
    return _page(request, shown, worker=form)


@needs(Permission.RUN_OFFICES)
@require_POST
def end_worker(request: UserRequest, number: int) -> HttpResponse:
    """Note that somebody left an office."""
    run = queries.offices_for(request.user, Permission.RUN_OFFICES)
    workers = OfficeWorker.objects.filter(office__in=run).select_related("office__place", "user")
    worker = get_object_or_404(workers, pk=number)
    actions.end_worker(by=request.user, worker=worker, day=timezone.localdate())
    messages.success(request, said("web_offices.worker_went", name=str(worker.user)))
    return redirect("offices:office", worker.office_id)


@needs(Permission.RUN_OFFICES)
@require_POST
def close_office(request: UserRequest, number: int) -> HttpResponse:
    """Close an office."""
    run = queries.offices_for(request.user, Permission.RUN_OFFICES)
    shown = get_object_or_404(run, pk=number)
    try:
        actions.close_office(by=request.user, office=shown, day=timezone.localdate())
    except UsageError as error:
        messages.error(request, wording.error_text(error, language()))
    else:
        messages.success(request, said("web_offices.was_closed", name=shown.name))
    return redirect("offices:office", shown.pk)


@needs(Permission.SEE_OFFICES)
@require_GET
def month(request: UserRequest, number: int, year: int, month: int) -> HttpResponse:
    """Show the month of an office, made from what was recorded; the page prints."""
    shown = get_object_or_404(queries.offices_for(request.user), pk=number)
    try:
        report = reports.month_of(shown, year=year, month=month)
    except ValueError as error:
        raise Http404 from error
    before = (year, month - 1) if month > 1 else (year - 1, _MONTHS)
    after = (year, month + 1) if month < _MONTHS else (year + 1, 1)
    names = duties().names[language()]
    context = {
        "office": shown, "report": report, "before": before, "after": after,
        "duties": [(names[code], count) for code, count in report.by_duty.items()],
        "source": duties(), "names": names,
        "rows": [(each, names.get(each.duty, each.duty)) for each in report.rows],
    }  # fmt: skip
    return render(request, "offices/month.html", context)


def _page(
    request: UserRequest,
    shown: Office,
    *,
    done: DoneForm | None = None,
    worker: WorkerForm | None = None,
) -> HttpResponse:
    year, number, _ = to_jalali(timezone.localdate())
    names = duties().names[language()]
    page = page_of(shown.done.select_related("made_by"), request)
    context = {
        "office": shown, "page": page, "year": year, "month": number,
        "city": City.objects.filter(place__in=_above(shown)).first(),
        "rows": [(each, names.get(each.duty, each.duty)) for each in page.rows],
        "workers": shown.workers.select_related("user"),
        "may_keep": has_permission(request.user, Permission.KEEP_OFFICES, shown.place),
        "may_run": has_permission(request.user, Permission.RUN_OFFICES, shown.place),
        "done": done or DoneForm(), "worker": worker or WorkerForm(office=shown),
        "source": duties(),
    }  # fmt: skip
    return render(request, "offices/office.html", context)


def _above(shown: Office) -> list[int]:
    return [int(part) for part in shown.place.path.strip("/").split("/")]
