"""The page of a job, its progress, its cancellation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from bazafarin.domain.errors import BazafarinError
from bazafarin.web.accounts.doors import signed_in
from bazafarin.web.jobs import actions, lists, queries
from bazafarin.web.jobs.models import JobState
from bazafarin.web.jobs.registry import kind_of
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of

if TYPE_CHECKING:
    from django.http import FileResponse

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.jobs.models import Job


@signed_in
@require_GET
def jobs(request: UserRequest) -> HttpResponse | FileResponse:
    """List the work that was asked for."""
    found = queries.jobs_for(request.user)
    if file := downloaded(request, found, lists.jobs_listing):
        return file
    return render(request, "jobs/jobs.html", {"page": page_of(found, request)})


@signed_in
@require_GET
def job(request: UserRequest, number: int) -> HttpResponse:
    """Show a job."""
    return render(request, "jobs/job.html", _shown(request, number))


@signed_in
@require_GET
def progress(request: UserRequest, number: int) -> HttpResponse:
    """Return the part of the page that tells how far a job is; asked again while it is open.

    Where nothing changed since what was ``seen``, nothing is sent: who listens to the page hears
    each step once, and keeps their place in it.
    """
    context = _shown(request, number)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    response = render(request, "jobs/_progress.html", context)
    if not context["job"].is_open:
        response["HX-Refresh"] = "true"
    return response


@signed_in
@require_POST
def cancel(request: UserRequest, number: int) -> HttpResponse:
    """Ask for the end of a job."""
    found = get_object_or_404(queries.jobs_for(request.user), pk=number)
    actions.cancel(by=request.user, job=found)
    return redirect("jobs:job", number)


def _shown(request: UserRequest, number: int) -> dict[str, Any]:
    found = get_object_or_404(queries.jobs_for(request.user), pk=number)
    error = found.error and BazafarinError(found.error["code"], **found.error["facts"])
    return {
        "job": found,
        "error": error,
        "next_page": _next_page(found),
        "stages": _stages(found),
        "seen": f"{found.state}-{found.step}-{found.is_cancel_asked}",
    }


def _stages(job: Job) -> list[dict[str, str]]:
    """Return the stages of a job and how far it is with each."""
    now = kind_of(job).stages.index(job.stage) if job.stage in kind_of(job).stages else -1
    is_done = job.state == JobState.DONE
    return [
        {"word": stage, "how": "over" if is_done or at < now else "now" if at == now else "later"}
        for at, stage in enumerate(kind_of(job).stages)
    ]


def _next_page(job: Job) -> str:
    """Return where the answer of a job is looked at; empty where there is none."""
    if "edition" in job.asked:
        return reverse("places:edition", args=[job.asked["edition"]])
    if "plan" in job.asked:
        return reverse("plans:plan", args=[job.asked["plan"]])
    return ""
