"""The demo site: the synthetic town as a city of a made-up province, with one login a role."""

from __future__ import annotations

import json
import secrets
import shutil
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bazafarin.web.accounts.permissions import Role
    from bazafarin.web.places.models import City, Place

DATED: Final = date(2025, 11, 21)
"""The day of the synthetic town's data: 1404/08/30."""


def make_demo(
    town: Path, logins: Path, *, on_stage: Callable[[str], None] = lambda _: None
) -> dict[str, dict[str, str]]:
    """Fill a new site with the town and its people; return and write the login of each role.

    A site that has a city already is left as it is, and its logins are read again.
    """
    from bazafarin.web.places.models import City  # noqa: PLC0415 - Django is set up by now

    if City.objects.exists() and logins.exists():
        told: dict[str, dict[str, str]] = json.loads(logins.read_text(encoding="utf-8"))
        return told
    city = _places()
    made = _people(city.place)
    _edition(city, town, on_stage)
    aside = logins.with_name(logins.name + ".part")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(logins)
    return made


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
        actions.give_role(by=None, user=person, role=role, place=at.get(role) or place)
        made[role.value] = {"user": role.value, "password": password}
    return made


def _edition(city: City, town: Path, on_stage: Callable[[str], None]) -> None:
    from bazafarin.web.places import actions  # noqa: PLC0415
    from bazafarin.web.places.preparing import edition_folder, prepare  # noqa: PLC0415

    edition = actions.begin_edition(by=None, city=city, dated=DATED, note="")
    folder = edition_folder(edition)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(town, folder / "delivery.gpkg")
    actions.put_files(edition=edition, files={"delivery": "delivery.gpkg"})
    prepare(edition, on_stage=on_stage)
    actions.accept_edition(by=None, edition=edition)
