"""The demo's survey and its office: blocks with the surveyor, a few answers, a few weeks of work.

The answers are made up, and the site says so wherever they are seen: the town is synthetic.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring
from zoneinfo import ZoneInfo

import shapely
from django.utils import timezone
from pyproj import Transformer

from bazafarin.adapters import wording
from bazafarin.web.offices import actions
from bazafarin.web.offices.models import DoneKind
from bazafarin.web.surveys import block_changes, running
from bazafarin.web.surveys.parcels_given import VERSIONS_AN_EDITION
from bazafarin.web.surveys.receiving import receive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bazafarin.web.accounts.models import User
    from bazafarin.web.offices.models import Office
    from bazafarin.web.places.models import City, Parcel, Place
    from bazafarin.web.surveys.models import Survey

_BLOCKS: Final = 4
_ANSWERS: Final = 6
_OFFICE_OPEN_DAYS: Final = 60
_OFFICE_DID: Final = (
    (45, DoneKind.MEETING, "groups", 34, ""), (38, DoneKind.TRAINING, "trust", 18, ""),
    (30, DoneKind.VISIT, "inform", 6, ""), (21, DoneKind.ADVICE, "advice", 3, ""),
    (12, DoneKind.MEETING, "broker", 11, ""), (6, DoneKind.VISIT, "inform", 4, ""),
    (3, DoneKind.REFERRAL, "advice", 1, "office_bank"), (1, DoneKind.ADVICE, "permits", 2, ""),
)  # fmt: skip
"""What the demo's office did: how many days ago, for which duty, with how many people."""
_ORX: Final = "http://openrosa.org/xforms"
_TEHRAN: Final = ZoneInfo("Asia/Tehran")


def begin_survey(city: City, place: Place, surveyor: User) -> Survey:
    """Begin a survey of the surveyor's neighbourhood, and send a few answers of theirs.

    The blocks that the survey could bring into the worn-out fabric come first, then those that it
    could decide.
    """
    today = timezone.localdate()
    survey = running.begin_survey(
        by=None, city=city, place=place, title=wording.text("web_demo.survey", "fa"),
        begun_on=today - timedelta(days=2), due_on=today + timedelta(days=60),
    )  # fmt: skip
    effect = block_changes.effect_of(survey, day=today)
    may_enter = set(block_changes.blocks_that_may_enter(city, day=today))
    worth = sorted(effect.next_parcels, key=lambda each: each.block not in may_enter)
    inside = running.blocks_of(survey)
    blocks = list(dict.fromkeys([*(each.block for each in worth), *inside]))[:_BLOCKS]
    running.give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=blocks)
    keys = [each.key for each in worth[:_ANSWERS]]
    parcels = running.parcels_of(city, place).filter(key__in=keys)
    for nth, parcel in enumerate(parcels.order_by("key")):
        receive(by=surveyor, xml=_answer(survey, parcel, today, nth))
    return survey


def worth_surveying(city: City, places: Sequence[Place]) -> Place | None:
    """Return the first neighbourhood with a block that a survey could bring into the fabric.

    Where there is none, it is the first of all; None for no neighbourhood.
    """
    may_enter = block_changes.blocks_that_may_enter(city, day=timezone.localdate())
    for place in places:
        if running.parcels_of(city, place).filter(in_block__in=may_enter).exists():
            return place
    return next(iter(places), None)


def open_office(place: Place, worker: User) -> Office:
    """Open a facilitation office of the neighbourhood, with what it did until today."""
    today = timezone.localdate()
    opened_on = today - timedelta(days=_OFFICE_OPEN_DAYS)
    office = actions.open_office(
        by=None, place=place, name=wording.text("web_demo.office", "fa"), opened_on=opened_on
    )
    actions.add_worker(by=None, office=office, user=worker, since=opened_on)
    for days_ago, kind, duty, people, referred_to in _OFFICE_DID:
        actions.note_done(
            by=None, office=office, kind=kind, duty=duty, people=people,
            happened_on=today - timedelta(days=days_ago),
            referred_to=wording.text(f"web_demo.{referred_to}", "fa") if referred_to else "",
            words=wording.text("web_demo.office_did", "fa"),
        )  # fmt: skip
    return office


def _answer(survey: Survey, parcel: Parcel, day: date, nth: int) -> bytes:
    """Return an answer as a phone would send it: an old house of masonry that has no ties."""
    turn = Transformer.from_crs(survey.city.srid, 4326, always_xy=True)
    corner = shapely.get_point(shapely.get_exterior_ring(parcel.geometry), 0)
    east, north = turn.transform(corner.x, corner.y)
    begins = datetime.combine(day - timedelta(days=1), time(8), _TEHRAN) + timedelta(
        minutes=9 * nth
    )
    ends = begins + timedelta(minutes=6 if nth else 0, seconds=20)
    root = Element("data", id=survey.form.form_id, version="1")
    _put(root, start=begins.isoformat(), end=ends.isoformat())
    _put(
        SubElement(root, "visit"), parcel=parcel.key, outcome="surveyed",
        location=f"{north:.7f} {east:.7f} 0 5", surveyed_on=begins.date().isoformat(),
    )  # fmt: skip
    _put(
        SubElement(root, "building"), use=parcel.use or "residential", floors="1",
        structure="masonry_untied", quality="repairable",
    )  # fmt: skip
    _put(SubElement(root, "people"), ownership="private", households="1", will_renovate="true")
    meta = SubElement(root, "meta")
    SubElement(meta, f"{{{_ORX}}}instanceID").text = f"demo:{parcel.key}"
    version = str(parcel.since * VERSIONS_AN_EDITION)
    SubElement(meta, "entity", dataset="parcels", id=parcel.key, update="1", baseVersion=version)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _put(group: Element, **answers: str) -> None:
    for name, answer in answers.items():
        SubElement(group, name).text = answer
