"""Where the next page begins: the edition that is paged through and the last row that was given."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Final, NamedTuple

from bazafarin.domain.errors import UsageError

_MOST: Final = 2**62
_LONGEST: Final = 1_000


class Cursor(NamedTuple):
    """The edition, so that a page after a new edition still belongs to the first, and the row.

    ``word`` is the row's place in a list in order of words, such as of codes.
    """

    edition: int
    after: int
    word: str = ""


def written(cursor: Cursor) -> str:
    """Return a cursor as a word of an address."""
    return base64.urlsafe_b64encode(json.dumps([*cursor]).encode()).decode().rstrip("=")


def read(word: str) -> Cursor:
    """Return the cursor that a word of an address holds.

    Raises:
        UsageError: it is none of ours.
    """
    wrong = UsageError("web_interfaces.error.cursor")
    if len(word) > _LONGEST:
        raise wrong
    try:
        held = json.loads(
            base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    match held:
        case [int(edition), int(after), str(place)] if (
            0 <= edition <= _MOST and 0 <= after <= _MOST and _is_text(place)
        ):
            return Cursor(edition, after, place)
    raise wrong


def _is_text(word: str) -> bool:
    """Return whether every database holds a word: JSON may write halves of letters."""
    return "\0" not in word and not any("\ud800" <= letter <= "\udfff" for letter in word)
