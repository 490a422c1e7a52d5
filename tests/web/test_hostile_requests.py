"""Addresses that nobody's page leads to: whatever stands in them, no answer is a fault of ours."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

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
    """Return the status of a GET; nothing of it stays."""
    with transaction.atomic():
        answer = client.get(where)
        if answer.streaming:
            b"".join(answer.streaming_content)
        answer.close()
        transaction.set_rollback(True)
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
