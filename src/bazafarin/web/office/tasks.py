"""What is somebody's to do today, from their roles and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count
from django.urls import reverse

from bazafarin.web.accounts.permissions import Permission, Role, has_permission, paths_with
from bazafarin.web.jobs.models import OPEN_STATES, Job
from bazafarin.web.office.said import said
from bazafarin.web.places.models import City, Edition, Place
from bazafarin.web.places.models.edition import EditionState
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.scope import below, cities_for
from bazafarin.web.surveys.models import SubmissionState
from bazafarin.web.surveys.queries import blocks_held, returned_to, surveys_for

if TYPE_CHECKING:
    from bazafarin.web.accounts.models import User

_SEEK_A_PARCEL: Final = frozenset(
    {Role.OWNER, Role.COMMISSION_SECRETARY, Role.GREEN_BUILDING_SECRETARY}
)
"""Roles whose day begins with one parcel, from its renovation code."""
_FOLLOW_AREAS: Final = frozenset({Role.HEADQUARTERS_SECRETARY, Role.AGENCY})
"""Roles that follow the target areas and their resolutions."""


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
    return [
        *_decisions(user), *_answers(user), *_own_survey(user), *_running(user),
        *_first_editions(user), *_neighbourhoods(user), *_cities(user), *_people(user),
    ]  # fmt: skip


def _decisions(user: User) -> list[Task]:
    """Return the editions that wait for a decision."""
    waiting = Edition.objects.filter(
        below(paths_with(user, Permission.DECIDE_EDITION), "city__place__path"),
        state=EditionState.PREPARED,
    ).select_related("city__place")
    return [
        Task(
            "web_office.task.decide_edition",
            {"city": edition.city.place.name_fa, "number": edition.number},
            reverse("places:edition", args=[edition.pk]),
        )
        for edition in waiting
    ]


def _answers(user: User) -> list[Task]:
    """Return the surveys whose answers wait for a review."""
    reviewed = surveys_for(user, Permission.REVIEW_ANSWERS).filter(
        submissions__state=SubmissionState.WAITING
    )
    return [
        Task(
            "web_office.task.review_answers",
            {"title": survey.title, "count": survey.waiting},
            reverse("surveys:submissions", args=[survey.pk]),
        )
        for survey in reviewed.annotate(waiting=Count("submissions"))
    ]


def _own_survey(user: User) -> list[Task]:
    """Return a surveyor's own blocks, and the answers that came back."""
    mine = reverse("surveys:mine")
    blocks = sum(len(held.blocks) for held in blocks_held(user))
    returned = len(returned_to(user))
    found = []
    if returned:
        found.append(Task("web_office.task.answers_returned", {"count": returned}, mine))
    if blocks:
        found.append(Task("web_office.task.survey_blocks", {"count": blocks}, mine))
    return found


def _running(user: User) -> list[Task]:
    """Return one's own work that is not done yet."""
    mine = Job.objects.filter(by=user, state__in=OPEN_STATES)
    return [
        Task(
            "web_office.task.job_runs",
            {"kind": said(f"web_jobs.kinds.{job.kind}")},
            reverse("jobs:job", args=[job.pk]),
        )
        for job in mine
    ]


def _first_editions(user: User) -> list[Task]:
    """Return the cities that wait for their first delivery."""
    empty = City.objects.filter(
        below(paths_with(user, Permission.PREPARE_EDITION), "place__path"), current=0
    ).exclude(editions__state__in=[EditionState.READING, EditionState.PREPARED])
    return [
        Task(
            "web_office.task.first_edition",
            {"city": city.place.name_fa},
            reverse("places:deliver", args=[city.pk]),
        )
        for city in empty.select_related("place")
    ]


def _neighbourhoods(user: User) -> list[Task]:
    """Return the neighbourhoods in which somebody surveys."""
    paths = [path for role, path in user.roles_at if role == Role.SURVEYOR]
    places = Place.objects.filter(path__in=paths, kind=PlaceKind.NEIGHBOURHOOD)
    return [
        Task(
            "web_office.task.see_neighbourhood",
            {"place": place.name_fa},
            reverse("places:place", args=[place.pk]),
        )
        for place in places
    ]


def _cities(user: User) -> list[Task]:
    """Return what a role does first with the cities that it sees."""
    cities = list(cities_for(user, Permission.SEE_PLACES).filter(current__gt=0).order_by("pk")[:2])
    if not cities:
        return []
    found = []
    roles = {role for role, _ in user.roles_at}
    one = cities[0]
    if has_permission(user, Permission.RUN_STUDIES):
        found.append(Task("web_office.task.run_study", {}, reverse("plans:plans")))
    elif has_permission(user, Permission.SEE_PLANS):
        found.append(Task("web_office.task.see_studies", {}, reverse("plans:plans")))
    if roles & _SEEK_A_PARCEL:
        where = reverse("places:parcels", args=[one.pk])
        found.append(Task("web_office.task.find_parcel", {"city": one.place.name_fa}, where))
    if Role.PROVINCE in roles:
        found.append(Task("web_office.task.see_cities", {}, reverse("places:places")))
    if roles & _FOLLOW_AREAS:
        where = reverse("places:areas", args=[one.place_id])
        found.append(Task("web_office.task.see_areas", {"city": one.place.name_fa}, where))
    found.append(Task("web_office.task.look_at_map", {}, reverse("maps:map")))
    return found


def _people(user: User) -> list[Task]:
    """Return what is done for the people and the tree by whoever manages them."""
    found = []
    if has_permission(user, Permission.MANAGE_PEOPLE):
        found.append(Task("web_office.task.manage_people", {}, reverse("accounts:people")))
    if Role.ADMINISTRATOR in {role for role, _ in user.roles_at}:
        found.append(Task("web_office.task.see_audit", {}, reverse("audit:events")))
        found.append(Task("web_office.task.see_tree", {}, reverse("places:places")))
    return found
