"""Oneself, and the work that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from bazafarin.web.accounts.permissions import PERMISSIONS_OF
from bazafarin.web.interfaces.api import shapes
from bazafarin.web.interfaces.api.answers import answers
from bazafarin.web.interfaces.api.paging import Window, page
from bazafarin.web.jobs.queries import jobs_for
from bazafarin.web.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.accounts.doors import UserRequest
    from bazafarin.web.jobs.models import Job

router = Router(tags=["own"])


@router.get("/me", response=answers(shapes.MeShape), operation_id="me")
def me(request: UserRequest) -> dict[str, Any]:
    """Tell who calls, with the roles that this call stands on."""
    roles = request.user.roles_at
    places = {place.path: place for place in Place.objects.filter(path__in=[p for _, p in roles])}
    return {
        "username": request.user.username,
        "name_fa": request.user.name_fa,
        "roles": [
            {"role": role, "place": places[path].pk, "place_name_fa": places[path].name_fa}
            for role, path in roles
        ],
        "permissions": sorted({may for role, _ in roles for may in PERMISSIONS_OF[role]}),
    }


@router.get("/jobs", response=answers(shapes.Paged[shapes.JobShape]), operation_id="jobs")
def jobs(request: UserRequest, asked: Query[Window]) -> dict[str, Any]:
    """List the work that one asked for or that is done at one's places, the newest first."""
    return page(request, jobs_for(request.user).order_by("-pk"), asked, _jobs)


@router.get("/jobs/{int:job}", response=answers(shapes.JobShape), operation_id="job")
def job(request: UserRequest, job: int) -> dict[str, Any]:
    """Tell how far a piece of work is."""
    return _jobs([get_object_or_404(jobs_for(request.user), pk=job)])[0]


def _jobs(found: Sequence[Job]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk, "kind": each.kind, "place": each.place_id, "state": each.state,
            "step": each.step, "steps": each.steps, "made_at": each.made_at,
            "began_at": each.began_at, "ended_at": each.ended_at,
            "error": each.error.get("code", ""),
        }
        for each in found
    ]  # fmt: skip
