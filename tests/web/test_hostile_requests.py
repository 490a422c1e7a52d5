"""Addresses that nobody's page leads to: whatever stands in them, no answer is a fault of ours."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from django.urls import NoReverseMatch, reverse

from bazafarin.adapters import wording
from web_town import signed_in
from web_walk import WALK, World

NUMBERS = (0, 2**31, 2**63, 2**64, 10**30)
WORDS = ("\0", "../../etc/passwd", "a\r\nb", "%00", "9" * 400, "'\"<script>", "\u202e")
ASKED = (
    "q", "page", "sort", "edition", "plan", "city", "neighbourhood", "kind", "id", "view", "theme",
    "paper", "west", "south", "east", "north", "of", "as", "only", "seen", "by", "action",
    "subject", "next",
)  # fmt: skip
VALUES = (
    "\0",
    "0",
    "9" * 20,
    "9" * 5_000,
    "nan",
    "1e308,1e308,1e309,1e309",
    "²",
    "[",
    "\U0010ffff",
)


def opened(client, where) -> int:
    """Return the status of a GET, read to its end."""
    answer = client.get(where)
    if answer.streaming:
        b"".join(answer.streaming_content)  # the client closes it at its end
    return answer.status_code


@pytest.fixture
def reader(manager, planner, surveyor):
    return {"manager": manager, "planner": planner, "surveyor": surveyor}


@pytest.mark.parametrize("name", sorted(set(WALK) - {"accounts:logout"}))
def test_no_address_is_a_fault_of_ours(name, mapped_city, tmp_path, reader) -> None:
    stop = WALK[name]
    user = reader[stop.who]
    client, world = signed_in(user), World(mapped_city, tmp_path)
    client.raise_request_exception = False
    args = [world.value(each, user) for each in stop.args]
    addresses = []
    for at, arg in enumerate(args):
        for other in NUMBERS if isinstance(arg, int) else WORDS:
            try:
                addresses.append(reverse(name, args=[*args[:at], other, *args[at + 1 :]]))
            except NoReverseMatch:
                continue
    here = reverse(name, args=args)
    for value in VALUES:
        word = quote(value, safe="")
        addresses.append(f"{here}?{'&'.join(f'{each}={word}' for each in ASKED)}")

    faults = {each for each in addresses if opened(client, each) >= 500}

    assert faults == set()


@pytest.mark.parametrize(
    "rest", ["parcels/?q=%00", "parcels/%00/", "parcels/?neighbourhood=1%00", "parcels/?x=a%00b"]
)
def test_a_page_with_a_nul_in_its_address_is_not_understood(planner, mapped_city, rest) -> None:
    told = signed_in(planner).get(f"/places/cities/{mapped_city.pk}/{rest}")

    assert told.status_code == 400
    assert wording.sentence("web_office.error.not_understood", "fa") in told.content.decode()


@pytest.mark.parametrize("held", [[1, 1, "\ud800"], [1, 1, "\0"], [2**63, 1, ""], [1, -1, ""]])
def test_a_cursor_that_somebody_wrote_is_refused(planner, mapped_city, held) -> None:
    word = base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")
    client = signed_in(planner)

    for where in (
        f"/api/v1/cities/{mapped_city.pk}/parcels?after={word}",
        f"/ogc/collections/city-{mapped_city.pk}-parcels/items?cursor={word}",
    ):
        answer = client.get(where)
        assert answer.status_code == 400
        assert answer.json()["code"] == "web_interfaces.error.cursor"
