"""What is somebody's to do today, from their roles and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from bazafarin.web.accounts.permissions import Permission, has_permission, paths_with
from bazafarin.web.office.said import said
from bazafarin.web.places.models import City, Edition
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.scope import below

if TYPE_CHECKING:
    from bazafarin.web.accounts.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: the key of its sentence, the facts, and where it is done."""

    key: str
    facts: dict[str, object]
    url: str

    @property
    def sentence(self) -> str:
        """Return what there is to do."""
        return said(self.key, **self.facts)

    @property
    def button(self) -> str:
        """Return the key of what the button says."""
        return f"{self.key}_button"


def of(user: User) -> list[Task]:
    """Return the tasks of ``user``, the most urgent first."""
    found: list[Task] = []
    waiting = Edition.objects.filter(
        below(paths_with(user, Permission.DECIDE_EDITION), "city__place__path"),
        state=EditionState.PREPARED,
    ).select_related("city__place")
    found += [
        Task(
            "web_office.task.decide_edition",
            {"city": edition.city.place.name_fa, "number": edition.number},
            reverse("places:edition", args=[edition.pk]),
        )
        for edition in waiting
    ]
    empty = City.objects.filter(
        below(paths_with(user, Permission.PREPARE_EDITION), "place__path"), current=0
    ).exclude(editions__state__in=[EditionState.READING, EditionState.PREPARED])
    found += [
        Task(
            "web_office.task.first_edition",
            {"city": city.place.name_fa},
            reverse("places:city", args=[city.pk]),
        )
        for city in empty.select_related("place")
    ]
    cities = City.objects.filter(current__gt=0)
    if has_permission(user, Permission.RUN_STUDIES) and cities.exists():
        found.append(Task("web_office.task.run_study", {}, reverse("plans:plans")))
    if has_permission(user, Permission.SEE_PLACES) and cities.exists():
        found.append(Task("web_office.task.look_at_map", {}, reverse("maps:map")))
    if has_permission(user, Permission.MANAGE_PEOPLE):
        found.append(Task("web_office.task.manage_people", {}, reverse("accounts:people")))
    return found
