"""A city of two neighbourhoods for the tests of the site, and people who sign in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import geopandas as gpd
from django.test import Client
from shapely.geometry import LineString, Point, box

from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.models import User
from bazafarin.web.jobs.running import run
from bazafarin.web.places import actions
from bazafarin.web.places.preparing import edition_folder, prepare
from bazafarin.web.plans import actions as plans

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.web.accounts.permissions import Role
    from bazafarin.web.places.models import City, Edition, Place
    from bazafarin.web.plans.models import Plan

PASSWORD = "a-long-password-of-a-test"  # noqa: S105 - of people who exist in a test only
DATED = date(2025, 11, 21)
CRS = "EPSG:32639"
EAST, NORTH = 540_000.0, 3_950_000.0
CITY_RULES = """
[[override]]
rule = "fine_grain.parcel_below"
value = 100
unit = "m2"
from = "1400-01-01"
instrument = "مصوبهٔ شورای شهر"
clause = "بند ۱"
address = "-"
certainty = "S1"
checked_on = "1404-01-01"
"""
"""A city's own file of rules: only parcels below 100 m² are fine-grained."""


def parcel(number, column, row, **values):
    """Return a parcel of 10 m × 15 m in a row of a block; ``row`` 0 and 1 are two blocks."""
    west, south = EAST + 10 * column, NORTH + 40 * row
    return {
        "parcel_id": f"1-{row + 1}-{number}-0",
        "block_id": f"B{row + 1}",
        "neighbourhood_id": f"N{row + 1}",
        "use": "residential",
        "land_area_m2": 150.0,
        "floors": 2.0,
        "structure": "masonry_untied",
        "ownership": "private",
        "households": 3.0,
        "population": 10.0,
        "geometry": box(west, south, west + 10, south + 15),
    } | values


def layers(parcels):
    """Return the layers of a city of these parcels, two lanes and two neighbourhoods."""
    lanes = [
        {
            "passage_id": f"P{row + 1}",
            "name_fa": f"کوچهٔ {row + 1}",
            "width_m": 4.0,
            "geometry": LineString([(EAST - 5, NORTH + y), (EAST + 65, NORTH + y)]),
        }
        for row, y in enumerate((-3.0, 37.0))
    ]
    areas = [
        {
            "neighbourhood_id": f"N{row + 1}",
            "name_fa": name,
            "population": 60.0,
            "target_type": "middle",
            "geometry": box(EAST - 20, NORTH - 10 + 40 * row, EAST + 80, NORTH + 30 + 40 * row),
        }
        for row, name in enumerate(("سرآسیاب", "قلعه‌نو"))
    ]
    school = {
        "facility_id": "F1",
        "service": "education",
        "area_m2": 300.0,
        "capacity": 100.0,
        "geometry": Point(EAST + 30, NORTH + 20),
    }
    return {
        name: gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
        for name, rows in (
            ("parcels", parcels),
            ("passages", lanes),
            ("neighbourhoods", areas),
            ("facilities", [school]),
        )
    }


def delivered(path: Path, frames) -> Path:
    """Write a city file and return its path."""
    for name, frame in frames.items():
        frame.to_file(path, layer=name, driver="GPKG")
    return path


def town(changes=()):
    """Return the twelve parcels of the test town, six a block; ``changes`` by parcel code."""
    parcels = [parcel(n + 1, n, row) for row in (0, 1) for n in range(6)]
    by_code = dict(changes)
    return [each | by_code.get(each["parcel_id"], {}) for each in parcels]


def prepared(city: City, path: Path, *, by=None, dated=DATED) -> Edition:
    """Return an edition of ``city`` that was read from ``path`` and waits."""
    edition = actions.begin_edition(by=by, city=city, dated=dated, note="")
    folder = edition_folder(edition)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.gpkg").write_bytes(path.read_bytes())
    actions.put_files(edition=edition, files={"delivery": "delivery.gpkg"})
    prepare(edition, on_stage=lambda _: None)
    return edition


def planned(edition: Edition, *, by=None, as_of=DATED, **asked) -> Plan:
    """Return the plan of an edition, asked for and made."""
    plan, is_new = plans.ask_plan(by=by, edition=edition, as_of=as_of, **asked)
    assert is_new
    run(plan.job)
    plan.refresh_from_db()
    assert plan.state == "done", plan.job.error
    return plan


def somebody(username: str, role: Role | None = None, place: Place | None = None) -> User:
    """Return somebody new, with a role at a place."""
    user = people.add_person(by=None, username=username, name_fa=username, password=PASSWORD)
    if role is not None and place is not None:
        people.give_role(by=None, user=user, role=role, place=place)
    return User.objects.get(pk=user.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
