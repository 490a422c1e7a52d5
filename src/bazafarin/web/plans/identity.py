"""The identity of a plan: a digest of everything that determines its result.

An accepted edition never changes: a row that a later one replaces only ends with the later
one's number. The city and the edition's number therefore stand for every row of every layer as
of that edition, and for what was found in reading it. The national rules ship with the program
and go by its version.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from bazafarin import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.web.places.models import Edition


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal digits; empty for an empty text."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def identity_of(
    edition: Edition, *, as_of: date, standards: str, scenario: Mapping[str, Any] | None
) -> str:
    """Return the identity of the plan of ``edition`` by the rules of a day.

    ``standards`` is the text of the city's own rules; ``scenario`` what is asked of the
    proposals, None for a diagnosis alone.
    """
    asked = {
        "city": edition.city_id,
        "edition": [edition.number, edition.pk],
        "as_of": as_of.isoformat(),
        "standards": digest_of(standards),
        "scenario": scenario,
        "version": __version__,
    }
    return digest_of(json.dumps(asked, sort_keys=True, ensure_ascii=False))
