"""The demo site: the synthetic town as a city of a made-up province, with one login a role."""

from __future__ import annotations

import json
import secrets
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.plan_folder import writing
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bazafarin.web.accounts.permissions import Role
    from bazafarin.web.places.models import City, Place

DATED: Final = date(2025, 11, 21)
"""The day of the synthetic town's data: 1404/08/30."""


def is_made() -> bool:
    """Return whether the town is on the site already.

    Raises:
        UsageError: the site is an office's own; nobody gets into it by the way of the demo.
    """
    from bazafarin.adapters import wording  # noqa: PLC0415 - Django is set up by now
    from bazafarin.web.accounts.models import User  # noqa: PLC0415
    from bazafarin.web.places.models import City  # noqa: PLC0415

    name = wording.text("web_demo.city", "fa")
    is_demo = City.objects.filter(place__name_fa=name, place__code="city").exists()
    if not is_demo and User.objects.exists():
        raise UsageError("usage.no_demo")
    return City.objects.filter(current__gt=0).exists()


def make_demo(
    town: Path, logins: Path, *, on_stage: Callable[[str], None] = lambda _: None
) -> dict[str, dict[str, str]]:
    """Fill a new site with the town and its people; return and write the login of each role.

    A site that has its town already is left as it is, and its logins are read again; where the
    file of logins was lost, each gets a new password. One that was stopped while it was made
    is made to its end.
    """
    from django.db import transaction  # noqa: PLC0415 - Django is set up by now

    from bazafarin.web.places.models import City  # noqa: PLC0415

    is_made()
    city = City.objects.select_related("place__parent__parent").first()
    if city is None:
        with transaction.atomic():
            city = _places()
            made = _people(city.place)
            _keep(made, logins)
    else:
        made = _known(logins)
    if not city.current:
        _edition(city, town, on_stage)
    return made


def _known(logins: Path) -> dict[str, dict[str, str]]:
    """Return the logins as they were written; new passwords where the file was lost."""
    if logins.exists():
        told: dict[str, dict[str, str]] = json.loads(logins.read_text(encoding="utf-8"))
        return told
    from bazafarin.web.accounts.actions import new_password  # noqa: PLC0415
    from bazafarin.web.accounts.models import User  # noqa: PLC0415
    from bazafarin.web.accounts.permissions import Role  # noqa: PLC0415

    made = {}
    for user in User.objects.filter(username__in=[role.value for role in Role]):
        password = secrets.token_urlsafe(12)
        new_password(user=user, password=password)
        made[user.username] = {"user": user.username, "password": password}
    _keep(made, logins)
    return made


def _keep(made: dict[str, dict[str, str]], logins: Path) -> None:
    """Write the logins for their owner's eyes, whole or not at all."""
    with writing(logins):
        logins.parent.mkdir(parents=True, exist_ok=True)
        aside = logins.with_name(f".{logins.name}.part")
        aside.touch(mode=0o600)
        aside.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
        aside.replace(logins)


def _places() -> City:
    from bazafarin.adapters import wording  # noqa: PLC0415
    from bazafarin.web.places import actions  # noqa: PLC0415
    from bazafarin.web.places.models import City  # noqa: PLC0415
    from bazafarin.web.places.models.place import PlaceKind  # noqa: PLC0415

    parent: Place | None = None
    for kind in (PlaceKind.PROVINCE, PlaceKind.COUNTY, PlaceKind.CITY):
        name = wording.text(f"web_demo.{kind}", "fa")
        parent = actions.add_place(by=None, kind=kind, name_fa=name, parent=parent, code=kind)
    return City.objects.select_related("place__parent__parent").get()


def _people(place: Place) -> dict[str, dict[str, str]]:
    from bazafarin.adapters import wording  # noqa: PLC0415
    from bazafarin.web.accounts import actions  # noqa: PLC0415
    from bazafarin.web.accounts.permissions import Role  # noqa: PLC0415

    province = place.parent.parent if place.parent else None
    at: dict[Role, Place | None] = {Role.PROVINCE: province, Role.ADMINISTRATOR: province}
    made = {}
    for role in Role:
        password = secrets.token_urlsafe(12)
        person = actions.add_person(
            by=None,
            username=role.value,
            name_fa=wording.text(f"web_accounts.roles.{role}", "fa"),
            password=password,
        )
        if role != Role.SURVEYOR:  # theirs is a neighbourhood, which the town brings
            actions.give_role(by=None, user=person, role=role, place=at.get(role) or place)
        made[role.value] = {"user": role.value, "password": password}
    return made


def _surveyor(city: City) -> None:
    """Give the surveyor one neighbourhood and a survey: there is none before the town is read."""
    from bazafarin.web.accounts import actions  # noqa: PLC0415
    from bazafarin.web.accounts.models import User  # noqa: PLC0415
    from bazafarin.web.accounts.permissions import Role  # noqa: PLC0415
    from bazafarin.web.demonstration_survey import (  # noqa: PLC0415
        begin_survey,
        open_office,
        worth_surveying,
    )
    from bazafarin.web.places.models import Place  # noqa: PLC0415
    from bazafarin.web.places.models.place import PlaceKind  # noqa: PLC0415

    city.refresh_from_db()
    inside = Place.objects.filter(
        path__startswith=city.place.path, kind=PlaceKind.NEIGHBOURHOOD
    ).order_by("code", "pk")
    person = User.objects.get(username=Role.SURVEYOR.value)
    place = worth_surveying(city, list(inside)) or city.place
    actions.give_role(by=None, user=person, role=Role.SURVEYOR, place=place)
    surveyor = User.objects.get(pk=person.pk)
    begin_survey(city, place, surveyor)
    if place.kind == PlaceKind.NEIGHBOURHOOD:
        open_office(place, surveyor)


def _edition(city: City, town: Path, on_stage: Callable[[str], None]) -> None:
    from django.db import transaction  # noqa: PLC0415

    from bazafarin.web.places import actions  # noqa: PLC0415
    from bazafarin.web.places.models import Edition  # noqa: PLC0415
    from bazafarin.web.places.models.edition import EditionState  # noqa: PLC0415
    from bazafarin.web.places.preparing import discard, edition_folder, prepare  # noqa: PLC0415

    waiting = (EditionState.READING, EditionState.PREPARED)
    for stopped in Edition.objects.filter(city=city, state__in=waiting).select_related(
        "city__place"
    ):
        discard(stopped)  # the demo was stopped while it was made
        actions.give_up(edition=stopped)
    edition = actions.begin_edition(by=None, city=city, dated=DATED, note="")
    folder = edition_folder(edition)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(town, folder / "delivery.gpkg")
    actions.put_files(edition=edition, files={"delivery": "delivery.gpkg"})
    prepare(edition, on_stage=on_stage)
    with transaction.atomic():
        actions.accept_edition(by=None, edition=edition)
        _surveyor(city)
        _cases(city)


def _cases(city: City) -> None:
    """Open a few cases: one open, one on its way, one closed."""
    from bazafarin.adapters import wording  # noqa: PLC0415
    from bazafarin.web.cases import actions  # noqa: PLC0415
    from bazafarin.web.cases.models import CaseEventKind, CaseKind  # noqa: PLC0415
    from bazafarin.web.places.models import Parcel  # noqa: PLC0415

    city.refresh_from_db()
    keys = [
        parcel.key
        for parcel in Parcel.objects.of_edition(city).defer("geometry").order_by("search_key")[:4]
    ]
    told = {
        CaseKind.PERMIT: (),
        CaseKind.CONSOLIDATION: (CaseEventKind.REFERRED, CaseEventKind.RETURNED),
        CaseKind.LAND_USE_CHANGE: (
            CaseEventKind.SESSION,
            CaseEventKind.DECIDED,
            CaseEventKind.CLOSED,
        ),
    }
    for nth, (kind, events) in enumerate(told.items()):
        opened_on = DATED - timedelta(days=90 - 20 * nth)
        case = actions.open_case(
            by=None, city=city, keys=keys[nth : nth + 2], kind=kind, opened_on=opened_on,
            subject=wording.text(f"web_demo.cases.{kind}", "fa"),
        )  # fmt: skip
        for day, event in enumerate(events, start=1):
            actions.tell(
                by=None, case=case, kind=event, happened_on=opened_on + timedelta(days=12 * day)
            )


def ask_first_plan() -> None:
    """Have the town's first study run once the site is open, so that its map shows the indices."""
    from bazafarin.web.places.models import Edition  # noqa: PLC0415
    from bazafarin.web.plans.actions import ask_plan  # noqa: PLC0415

    edition = Edition.objects.select_related("city__place").get(number=1, state="accepted")
    ask_plan(by=None, edition=edition, as_of=DATED)
