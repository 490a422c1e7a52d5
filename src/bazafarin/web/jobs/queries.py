"""The jobs that somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.web.accounts.permissions import Permission, paths_with
from bazafarin.web.jobs.models import Job
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.accounts.models import User


def jobs_for(user: User) -> QuerySet[Job]:
    """Return the jobs of the places whose studies or editions one does, and own ones of no place.

    Who lost a role sees no more what they asked for by it.
    """
    paths = {
        *paths_with(user, Permission.PREPARE_EDITION),
        *paths_with(user, Permission.RUN_STUDIES),
    }
    found = Job.objects.filter(below(sorted(paths), "place__path")) | Job.objects.filter(
        by=user, place=None
    )
    return found.select_related("by", "place").distinct()
