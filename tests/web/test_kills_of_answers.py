"""Killed while answers come in: what a phone was told to be taken in is there, and there once.

A few kills are tried always; two hundred with ``make faults``.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from bazafarin.adapters.openrosa.photos import without_owner
from web_phone import SUBMIT, Phone, filled, photo, upload
from web_site import IS_POSTGRESQL, Site, a_port, begun, in_group, until

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
PHONES = 4
READY = """
import json, sys
from pathlib import Path
from bazafarin.web import opening
opening.look_at(Path({data!r}))
from bazafarin.web.accounts.models import User
from bazafarin.web.surveys import phones
from bazafarin.web.surveys.models import Survey
user = User.objects.get(username="surveyor")
survey = Survey.objects.get()
blocks = survey.assignments.filter(surveyor=user).values_list("block_key", flat=True)
from bazafarin.web.surveys.running import parcels_of
keys = parcels_of(survey.city, survey.place).filter(in_block__in=list(blocks))
print(json.dumps({{
    "password": phones.give_phone(by=None, user=user), "form": survey.form.form_id,
    "keys": list(keys.values_list("key", flat=True)),
}}))
"""
"""Gives the surveyor of a demo a phone, and tells its password and parcels."""


@dataclass(eq=False)
class Sender(threading.Thread):
    """A phone that sends one answer after another, each until it is told to be taken in."""

    port: int
    password: str
    form: str
    keys: list[str]
    number: int
    is_over: threading.Event
    told: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._phone = Phone("surveyor", self.password)

    def run(self) -> None:
        """Send until the test is over; what was begun is sent to its end."""
        nth = 0
        while not self.is_over.is_set():
            nth += 1
            instance = f"uuid:{self.number}-{nth}"
            key = self.keys[(nth * PHONES + self.number) % len(self.keys)]
            xml = filled(self.form, key, instance=instance, photo="a.jpg", floors=nth % 9)
            minutes, seconds = divmod(nth % 3600, 60)
            picture = photo(f"2025:12:01 {8 + self.number:02}:{minutes:02}:{seconds:02}")
            while (status := self._sent(xml, picture)) not in {201, 202}:
                if status not in {0, 401, 502, 503}:
                    self.strange.append(f"{instance}: {status}")
                    break
                time.sleep(0.05)
            else:
                self.told[instance] = (xml, picture)

    def _sent(self, xml: str, picture: bytes) -> int:
        """Return the status of one post, 0 where the server was gone before it said a word."""
        body = encode_multipart(
            BOUNDARY,
            {"xml_submission_file": upload("a.xml", xml.encode()), "p": upload("a.jpg", picture)},
        )
        headers = {"Content-Type": MULTIPART_CONTENT, "Authorization": self._phone.answer("POST")}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", SUBMIT, body, headers)
            answer = connection.getresponse()
            self._phone.hear(answer.headers.get("WWW-Authenticate", ""))
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


@pytest.mark.parametrize(
    "kills",
    [
        # each database with two hundred; a few of each day on the one that keeps a file
        pytest.param(
            4, id="a few", marks=pytest.mark.skipif(IS_POSTGRESQL, reason="with make faults")
        ),
        pytest.param(200, id="many", marks=pytest.mark.faults),
    ],
)
def test_what_was_told_to_be_taken_in_is_there_once(tmp_path, kills) -> None:
    from bazafarin.adapters.synthetic_town import write_town  # noqa: PLC0415

    write_town(tmp_path / "town.gpkg", parcels=1_000, seed=5, on_stage=lambda _: None)
    site, port, chance = Site(tmp_path / "site"), a_port(), random.Random(kills)  # noqa: S311 - moments, no secrets
    words = ("--town", tmp_path / "town.gpkg", "--logins", tmp_path / "logins.json")
    with begun(site, "demo", "--port", port, *words):
        ready = json.loads(site.python(READY.format(data=str(site.data))))
    over = threading.Event()
    senders = [
        Sender(port, ready["password"], ready["form"], ready["keys"], number, over)
        for number in range(PHONES)
    ]
    left = kills
    try:
        while left:
            with begun(site, "serve", "--port", port, "--workers", 2) as server:
                for sender in senders:
                    if sender.ident is None:
                        sender.start()
                for _ in range(min(left, 10)):
                    left -= 1
                    time.sleep(chance.uniform(0.0, 0.4))
                    _kill_one(server.pid, chance)
                if left:
                    os.killpg(server.pid, signal.SIGKILL)
        with begun(site, "serve", "--port", port, "--workers", 2):
            until(lambda: all(len(each.told) >= 2 for each in senders), "answers taken in")
            over.set()
            for sender in senders:
                sender.join(60)
    finally:
        over.set()

    assert not [strange for sender in senders for strange in sender.strange]
    _check(site, {k: v for sender in senders for k, v in sender.told.items()})


def _kill_one(group: int, chance: random.Random) -> None:
    """Kill one of the processes that answer; another takes its place."""
    working = until(
        lambda: [pid for pid in in_group(group) if pid != group], "a process that answers"
    )
    with suppress(ProcessLookupError):
        os.kill(chance.choice(working), signal.SIGKILL)


def _check(site: Site, told: dict[str, tuple[str, bytes]]) -> None:
    rows = site.ask(
        "SELECT s.instance_id, s.xml, a.sha256 FROM surveys_submission s"
        " LEFT JOIN surveys_attachment a ON a.submission_id = s.id"
        " WHERE s.instance_id LIKE 'uuid:%'"
    )
    there = {instance: (bytes(xml).decode(), sha256) for instance, xml, sha256 in rows}
    assert len(there) == len(rows)
    assert set(there) == set(told)
    for instance, (xml, picture) in told.items():
        kept, sha256 = there[instance]
        assert kept == xml
        content = without_owner(picture, name="a.jpg")[0]
        assert sha256 == hashlib.sha256(content).hexdigest()
        assert (site.data / "attachments" / sha256[:2] / sha256).read_bytes() == content
