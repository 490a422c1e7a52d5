"""What an address asks for by number: whoever writes one by hand may write anything."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 9
"""No row, edition or page of ours has a longer number, and every database holds these."""


def number_in(word: str) -> int | None:
    """Return the number that a word of an address is; None for what can be no number of ours."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= _DIGITS else None
