"""Names as the map can draw them: in the reader's digits, codes in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.persian_script import persian_digits

if TYPE_CHECKING:
    from bazafarin.adapters.wording import Language

_HE_WITH_HAMZA: Final = ("\u0647\u0654", "\u06c0")
"""Two letters that the map would draw apart, and the one that has joined forms."""
_CODE: Final = re.compile(r"[0-9۰-۹]+(?:[-–/][0-9۰-۹]+)+")
"""Figures that would change their places within Persian: 3-12 stood as 12-3."""
_ISOLATED: Final = "\u2066{}\u2069"


def drawn_name(name: str, language: Language) -> str:
    """Return a name as it is drawn on the map."""
    joined = name.replace(*_HE_WITH_HAMZA)
    written = persian_digits(joined) if language == "fa" else joined
    return _CODE.sub(lambda found: _ISOLATED.format(found.group()), written)
