"""Every URL of the site, what its arguments stand for, and who gets which answer.

A URL that is not in ``WALK`` fails the walk: whoever adds one says here what its arguments are
and what its right reader gets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.cases.actions import open_case
from bazafarin.web.cases.models import CaseKind
from bazafarin.web.jobs.actions import ask
from bazafarin.web.offices.actions import add_worker, open_office
from bazafarin.web.offices.models import Office
from bazafarin.web.places import target_areas
from bazafarin.web.places.actions import PREPARE
from bazafarin.web.places.models import Edition, Parcel, Place
from bazafarin.web.plans.models import AreaResult
from bazafarin.web.surveys import desk, running
from bazafarin.web.surveys.models import Attachment, Survey
from bazafarin.web.surveys.received_files import SentFile
from bazafarin.web.surveys.receiving import receive
from web.map_town import tile_at
from web_phone import filled, photo
from web_town import DATED, delivered, layers, planned, prepared, somebody, town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bazafarin.web.places.models import City

VIEW = "51.44,35.69,51.45,35.70"
SIDES = "west=51.4&south=35.6&east=51.5&north=35.7"
LOGIN = 302
"""Where somebody who is not signed in is sent: the entrance."""


@dataclass(frozen=True)
class Stop:
    """One URL: its arguments, and the statuses of a GET and a POST of each reader.

    Attributes:
        who: the name of the right reader: ``manager``, ``planner``, ``surveyor``.
        args: the names of its arguments' objects in ``World``.
        right: what the right reader gets.
        colleague: what the owner of a parcel of the city gets: too small a role.
        outsider: what somebody gets who is in another city what the right reader is here.
        anonymous: what somebody gets who is not signed in.
        posted: what a POST sends.
        asked: what follows the address: a search, a box.
    """

    who: str
    args: tuple[str, ...] = ()
    right: tuple[int, int] = (200, 405)
    colleague: tuple[int, int] = (403, 403)
    outsider: tuple[int, int] = (404, 404)
    anonymous: tuple[int, int] = (LOGIN, LOGIN)
    posted: dict[str, object] = field(default_factory=dict)
    asked: str = ""


ALL = (200, 405)
"""What everybody who is signed in may read."""
ANYBODY = {"colleague": ALL, "outsider": ALL}
NOT_READ = {"colleague": (403, 403), "outsider": (405, 404)}
SEEN_BY_ALL = {"colleague": ALL, "outsider": (404, 405)}
NOWHERE = (404, 405)
OPEN = {"colleague": ALL, "outsider": ALL, "anonymous": ALL}
DONE = (405, 302)

WALK = {
    "office:home": Stop("planner", **ANYBODY),
    "office:help": Stop("planner", **ANYBODY),
    "office:language": Stop(
        "planner", right=DONE, colleague=DONE, outsider=DONE, anonymous=DONE,
        posted={"language": "en"},
    ),
    "office:tokens": Stop("planner", **OPEN),
    "office:robots": Stop("planner", **OPEN),
    "office:health": Stop("planner", **OPEN),
    "accounts:login": Stop(
        "planner", right=(302, 302), colleague=(302, 302), outsider=(302, 302),
        anonymous=(200, 200),
    ),
    "accounts:logout": Stop("planner", right=DONE, colleague=DONE, outsider=DONE),
    "accounts:password": Stop(
        "planner", right=(200, 200), colleague=(200, 200), outsider=(200, 200)
    ),
    "accounts:account": Stop("planner", **ANYBODY),
    "accounts:second_factor": Stop(
        "planner", right=(200, 200), colleague=(200, 200), outsider=(200, 200)
    ),
    "accounts:second_factor_off": Stop("planner", right=DONE, colleague=DONE, outsider=DONE),
    "accounts:make_token": Stop(
        "planner", right=DONE, outsider=DONE, posted={"name": "QGIS"}
    ),
    "accounts:end_token": Stop(
        "planner", ("token",), right=DONE, colleague=(405, 404), outsider=(405, 404)
    ),
    "accounts:people": Stop("manager", outsider=ALL),
    "accounts:add_person": Stop("manager", right=(200, 200), outsider=(200, 200)),
    "accounts:person": Stop("manager", ("person",), outsider=(404, 405)),
    "accounts:give_role": Stop("manager", ("person",), right=(405, 400), **NOT_READ),
    "accounts:set_active": Stop("manager", ("person",), right=DONE, **NOT_READ),
    "accounts:reset_password": Stop("manager", ("person",), right=DONE, **NOT_READ),
    "accounts:help_with_second_factor": Stop("manager", ("person",), right=DONE, **NOT_READ),
    "accounts:take_role": Stop("manager", ("membership",), right=DONE, **NOT_READ),
    "audit:events": Stop("manager", outsider=ALL),
    "jobs:jobs": Stop("planner", **ANYBODY),
    "jobs:job": Stop("planner", ("job",), colleague=(404, 405), outsider=(404, 405)),
    "jobs:progress": Stop("planner", ("job",), colleague=(404, 405), outsider=(404, 405)),
    "jobs:cancel": Stop(
        "planner", ("job",), right=DONE, colleague=(405, 404), outsider=(405, 404)
    ),
    "places:places": Stop("planner", **ANYBODY),
    "places:place": Stop("planner", ("neighbourhood",), **SEEN_BY_ALL),
    "places:add_place": Stop("manager", ("place",), right=(200, 200)),
    "places:areas": Stop("planner", ("place",), **SEEN_BY_ALL),
    "places:add_area": Stop("planner", ("place",), right=(200, 200)),
    "places:end_area": Stop("planner", ("area",), right=(200, 200)),
    "places:boundary": Stop("planner", ("city",), **SEEN_BY_ALL),
    "places:city": Stop("planner", ("city",), **SEEN_BY_ALL),
    "places:deliver": Stop("planner", ("city",), right=(200, 200)),
    "places:edition": Stop("planner", ("edition",), **SEEN_BY_ALL),
    "places:changes": Stop("planner", ("edition", "layer"), **SEEN_BY_ALL),
    "places:successions": Stop("planner", ("edition",), **SEEN_BY_ALL),
    "places:report": Stop("planner", ("edition",), outsider=(404, 405)),
    "places:accept": Stop("planner", ("waiting",), right=DONE, **NOT_READ),
    "places:refuse": Stop("planner", ("waiting",), right=DONE, **NOT_READ),
    "places:parcels": Stop("planner", ("city",), **SEEN_BY_ALL),
    "places:parcel": Stop("planner", ("city", "key"), **SEEN_BY_ALL),
    "maps:map": Stop("planner", right=(302, 405), colleague=(302, 405), outsider=(302, 405)),
    "maps:city": Stop("planner", ("city",), **SEEN_BY_ALL),
    "maps:tile": Stop(
        "planner", ("city", "number", "z", "x", "y"), **SEEN_BY_ALL
    ),
    "maps:find": Stop("planner", ("city", "number"), asked="?q=1-1", **SEEN_BY_ALL),
    "maps:feature": Stop("planner", ("city", "number", "layer", "row"), **SEEN_BY_ALL),
    "maps:print": Stop("planner", ("city", "number"), asked=f"?view={VIEW}", **SEEN_BY_ALL),
    "maps:about": Stop("planner", ("city",), asked=f"?{SIDES}", outsider=(404, 405)),
    "maps:correct": Stop("planner", ("city", "layer"), right=(200, 200)),
    "plans:plans": Stop("planner", outsider=ALL),
    "plans:new": Stop("planner", right=(200, 200), outsider=(200, 200)),
    "plans:compare": Stop("planner", right=(302, 405), outsider=(302, 405)),
    "plans:plan": Stop("planner", ("plan",), outsider=(404, 405)),
    "plans:blocks": Stop("planner", ("plan",), outsider=(404, 405)),
    "plans:area": Stop("planner", ("plan", "area_result"), outsider=(404, 405)),
    "plans:download": Stop("planner", ("plan", "file"), outsider=(404, 405)),
    "cases:cases": Stop("planner", outsider=ALL),
    "cases:open": Stop("planner", ("city",), right=(200, 200)),
    "cases:case": Stop("planner", ("case",), outsider=(404, 405)),
    "cases:tell": Stop(
        "planner", ("case",), right=(405, 302),
        posted={"kind": "note", "happened_on": "1404/09/01"}, **NOT_READ,
    ),
    "offices:offices": Stop("planner", outsider=ALL),
    "offices:open": Stop("planner", right=(200, 200), outsider=(200, 200)),
    "offices:office": Stop("planner", ("office",), outsider=(404, 405)),
    "offices:month": Stop("planner", ("office", "year", "month"), outsider=(404, 405)),
    **{
        f"offices:{name}": Stop("planner", args, right=right, **NOT_READ)
        for name, args, right in (
            ("note_done", ("office",), (405, 200)), ("add_worker", ("office",), (405, 200)),
            ("close", ("office",), DONE), ("end_worker", ("worker",), DONE),
        )
    },
    "surveys:surveys": Stop("planner", outsider=ALL),
    "surveys:begin": Stop("planner", ("city",), right=(200, 200)),
    "surveys:forms": Stop("planner", right=(200, 200), outsider=(200, 200)),
    "surveys:second_looks": Stop("planner", ("survey",), right=(200, 200)),
    "surveys:mapping": Stop("planner", ("version",), right=(200, 200)),
    "surveys:mine": Stop("planner", outsider=ALL),
    "surveys:desk": Stop("planner", ("draft",), right=(200, 200)),
    "surveys:desk_drop": Stop("planner", ("draft",), right=DONE, **NOT_READ),
    "surveys:desk_block": Stop("planner", ("survey", "held_block"), outsider=(404, 405)),
    # nobody is sent anywhere who names no form, or an answer that is another's
    "surveys:desk_begin": Stop("planner", right=(405, 404), **NOT_READ),
    "surveys:desk_anew": Stop("planner", ("answer",), right=(405, 403), **NOT_READ),
    "surveys:own_phone": Stop("planner", right=(405, 200), outsider=(405, 200)),
    "surveys:own_phone_off": Stop("planner", right=DONE, outsider=DONE),
    **{
        f"surveys:{name}": Stop("planner", args, outsider=(404, 405))
        for name, args in (
            ("survey", ("survey",)), ("effect", ("survey",)), ("workbook", ("survey",)),
            ("block", ("survey", "block")), ("submissions", ("survey",)),
            ("submission", ("answer",)), ("photo", ("answer", "attachment")),
            ("thumbnail", ("answer", "attachment")), ("form", ("version",)),
            ("source", ("version",)), ("form_answers", ("version",)),
        )
    },
    **{
        f"surveys:{name}": Stop("planner", args, right=right, **NOT_READ)
        for name, args, right in (
            ("give", ("survey",), (405, 200)), ("take", ("survey",), DONE),
            ("close", ("survey",), DONE), ("phone_of", ("survey", "filler"), (405, 200)),
            ("phone_off", ("survey", "filler"), DONE),
            ("accept", ("survey",), DONE), ("send_back", ("answer",), (405, 200)),
            ("edit", ("answer",), (405, 200)), ("publish", ("version",), DONE),
            ("withdraw", ("version",), DONE), ("media", ("version",), DONE),
        )
    },
    # a phone is known by its own password alone: whoever has a session here is nobody
    **{
        f"openrosa:{name}": Stop(
            "planner", args, right=asked, colleague=asked, outsider=asked, anonymous=asked
        )
        for name, args, asked in (
            ("forms", (), (401, 405)), ("submission", (), (405, 401)),
            ("form", ("number",), (401, 405)), ("manifest", ("number",), (401, 405)),
            ("parcels", ("number",), (401, 405)), ("integrity", ("number",), (401, 405)),
            ("media", ("number", "file"), (401, 405)),
        )
    },
    **{
        f"interfaces:ogc_{name}": Stop("planner", anonymous=(401, 405), **ANYBODY)
        for name in ("landing", "description", "conformance", "collections")
    },
    **{
        f"interfaces:ogc_{name}": Stop(
            "planner", args, anonymous=(401, 405), **SEEN_BY_ALL
        )
        for name, args in (
            ("collection", ("collection",)), ("queryables", ("collection",)),
            ("items", ("collection",)), ("item", ("collection", "key")),
        )
    },
    **{
        f"interfaces:{name}_nowhere": Stop(
            "planner", ("rest",), right=NOWHERE, colleague=NOWHERE, outsider=NOWHERE,
            anonymous=(401, 405),
        )
        for name in ("ogc", "api")
    },
    "interfaces:api_guide": Stop("planner", **ANYBODY),
    "interfaces:api_description": Stop("planner", **OPEN),
    **{
        f"interfaces:api:{name}": Stop("planner", anonymous=(401, 405), **ANYBODY)
        for name in ("me", "jobs", "places", "cities")
    },
    "interfaces:api:job": Stop(
        "planner", ("job",), anonymous=(401, 405), colleague=(404, 405), outsider=(404, 405)
    ),
    **{
        f"interfaces:api:{name}": Stop("planner", args, anonymous=(401, 405), **SEEN_BY_ALL)
        for name, args in (
            ("place", ("place",)), ("city", ("city",)), ("editions", ("city",)),
            ("edition", ("city", "number")), ("blocks", ("city",)),
            ("block", ("city", "block")), ("parcels", ("city",)), ("parcel", ("city", "key")),
            ("history", ("city", "key")), ("worn_out", ("city", "key")), ("plans", ("city",)),
        )
    },
    **{
        f"interfaces:api:{name}": Stop(
            "planner", ("city", "plan"), anonymous=(401, 405), colleague=(404, 405),
            outsider=(404, 405),
        )
        for name in ("plan", "plan_blocks")
    },
}  # fmt: skip


class World:
    """The objects that arguments of URLs stand for; one that is unknown is an error."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.made: dict[str, object] = {}

    def value(self, name: str, reader: User) -> object:
        """Return what stands in the URL; AttributeError for a name that nobody explained."""
        if name not in self.made:
            self.made[name] = getattr(self, f"_{name}")(reader)
        return self.made[name]

    def _city(self, _: User) -> int:
        return self.city.pk

    def _place(self, _: User) -> int:
        return self.city.place_id

    def _neighbourhood(self, _: User) -> int:
        return Place.objects.get(code="N1").pk

    def _layer(self, _: User) -> str:
        return "parcels"

    def _key(self, _: User) -> str:
        return "1-1-1-0"

    def _number(self, _: User) -> int:
        return 1

    def _z(self, _: User) -> int:
        return 16

    def _x(self, _: User) -> int:
        return tile_at(16).x

    def _y(self, _: User) -> int:
        return tile_at(16).y

    def _row(self, _: User) -> int:
        return Parcel.objects.of_edition(self.city).get(key="1-1-1-0").pk

    def _block(self, _: User) -> str:
        return "B1"

    def _collection(self, _: User) -> str:
        return f"city-{self.city.pk}-parcels"

    def _rest(self, _: User) -> str:
        return "nowhere"

    def _file(self, _: User) -> str:
        return "document.pdf"

    def _plan(self, _: User) -> int:
        return planned(Edition.objects.get(city=self.city, number=1)).pk

    def _area_result(self, reader: User) -> int:
        return (
            AreaResult.objects.filter(plan=self.value("plan", reader)).exclude(area="").first().pk
        )

    def _edition(self, _: User) -> int:
        return Edition.objects.get(city=self.city, number=1).pk

    def _waiting(self, _: User) -> int:
        path = delivered(self.folder / "waiting.gpkg", layers(town()))
        return prepared(self.city, path).pk

    def _job(self, reader: User) -> int:
        asked = {"edition": self.value("edition", reader)}
        return ask(PREPARE, by=None, place=self.city.place, asked=asked).pk

    def _person(self, _: User) -> int:
        return somebody("anybody", Role.SURVEYOR, self.city.place).pk

    def _membership(self, _: User) -> int:
        held = somebody("holder", Role.SURVEYOR, self.city.place)
        return held.memberships.get().pk

    def _token(self, reader: User) -> int:
        from bazafarin.web.accounts.actions import make_token  # noqa: PLC0415

        token, _ = make_token(by=reader, name="QGIS")
        return token.pk

    def _case(self, _: User) -> int:
        return open_case(
            by=None, city=self.city, keys=["1-1-1-0"], kind=CaseKind.PERMIT, subject="پروانه",
            opened_on=DATED,
        ).pk  # fmt: skip

    def _survey(self, _: User) -> int:
        return running.begin_survey(
            by=None, city=self.city, place=Place.objects.get(code="N1"), title="برداشت",
            begun_on=DATED, due_on=None,
        ).pk  # fmt: skip

    def _office(self, _: User) -> int:
        place = Place.objects.get(code="N1")
        return open_office(by=None, place=place, name="دفتر", opened_on=DATED).pk

    def _worker(self, reader: User) -> int:
        office = Office.objects.get(pk=self.value("office", reader))
        user = somebody("worker", Role.SURVEYOR, office.place)
        return add_worker(by=None, office=office, user=user, since=DATED).pk

    def _year(self, _: User) -> int:
        return 1404

    def _month(self, _: User) -> int:
        return 9

    def _filler(self, reader: User) -> int:
        survey = Survey.objects.get(pk=self.value("survey", reader))
        filler = somebody("filler", Role.SURVEYOR, survey.place)
        running.give_blocks(by=None, survey=survey, surveyor=filler, block_keys=["B1"])
        return filler.pk

    def _answer(self, reader: User) -> int:
        filler = User.objects.get(pk=self.value("filler", reader))
        survey = Survey.objects.get(pk=self.value("survey", reader))
        xml = filled(survey.form.form_id, "1-1-1-0", photo="a.jpg").encode()
        return receive(by=filler, xml=xml, files=[SentFile("a.jpg", photo())])[0].pk

    def _held_block(self, reader: User) -> str:
        survey = Survey.objects.get(pk=self.value("survey", reader))
        if not survey.assignments.filter(surveyor=reader).exists():
            running.give_blocks(by=None, survey=survey, surveyor=reader, block_keys=["B1"])
        return "B1"

    def _draft(self, reader: User) -> int:
        self.value("held_block", reader)
        version = Survey.objects.get(pk=self.value("survey", reader)).form.versions.get()
        key = Parcel.objects.of_edition(self.city).filter(in_block="B1").first().key
        return desk.begin(by=reader, version=version, parcel_key=key).pk

    def _version(self, reader: User) -> int:
        return Survey.objects.get(pk=self.value("survey", reader)).form.versions.get().pk

    def _attachment(self, reader: User) -> int:
        return Attachment.objects.get(submission=self.value("answer", reader)).pk

    def _area(self, _: User) -> int:
        return target_areas.add_target_area(
            by=None, place=self.city.place, name_fa="سرآسیاب", primary_type="middle",
            other_types=[], valid_from=DATED, resolution="",
        ).pk  # fmt: skip


def urls() -> Iterator[tuple[str, URLPattern]]:
    """Yield each URL of the site under its name; one without a name under its pattern."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, spaces: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{spaces}{entry.namespace}:" if entry.namespace else spaces
            yield from _below(entry, inner)
        else:
            yield f"{spaces}{entry.name or entry.pattern}", entry


def address(name: str, world: World, reader: User) -> str:
    """Return a URL with its arguments; a link that was made for ``reader``."""
    stop = WALK[name]
    return reverse(name, args=[world.value(each, reader) for each in stop.args]) + stop.asked
