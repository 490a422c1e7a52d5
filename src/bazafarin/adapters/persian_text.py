"""Persian text at the border: letters and numbers as deliveries write them, and as readers do.

In: Arabic and Persian forms of one letter become one, digits become Latin, invisible marks
go. Out: numbers, days and amounts in the reader's own digits, codes isolated. What takes a
Series reads each distinct text once, and plain ones not at all, so that 750,000 rows of few
texts or of plain codes cost little.

A text that is shown keeps the two marks that Persian spelling writes, the hamza of «نمونهٔ»
and the tanvin of «مثلاً»; the other vowel marks go. A text that is compared (a search key, an
id) has no mark at all: whether a typist wrote it says nothing of what is meant.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import (
    ARABIC_DIGITS,
    DECIMAL_MARK,
    HALF_SPACE,
    LATIN_DIGITS,
    MINUS,
    PERCENT_MARK,
    PERSIAN_DIGITS,
    THOUSANDS_MARK,
    Language,
    grouped,
    isolate,
    persian_digits,
)
from bazafarin.domain.solar_hijri import format_iso_jalali

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

__all__ = [
    "Language",
    "isolate",
    "jalali",
    "key_form",
    "key_forms",
    "normalise",
    "normalise_text",
    "number",
    "parse_number",
    "percent",
    "persian_digits",
    "rial",
    "search_key",
    "search_keys",
]

_LATIN_OF_DIGITS: Final = dict(
    zip(PERSIAN_DIGITS + ARABIC_DIGITS, LATIN_DIGITS + LATIN_DIGITS, strict=True)
)
_ONE_LETTER_OF_MANY: Final = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ە": "ه", "ہ": "ه",
    "ۀ": "ه\u0654", "ۂ": "ه\u0654", "أ": "ا", "إ": "ا", "ٱ": "ا", "\u00a0": " ",
}  # fmt: skip
_TANVIN, _HAMZA_ABOVE = "\u064b", "\u0654"
# Tatweel, vowel marks, byte-order mark, zero-width space and joiner, direction marks.
_DROPPED: Final = (
    "\u0640\u0670\u200b\u200d\u200e\u200f\u061c\ufeff"
    + "".join(chr(code) for code in range(0x064C, 0x0660) if chr(code) != _HAMZA_ABOVE)
    + "".join(map(chr, range(0x202A, 0x202F)))
    + "".join(map(chr, range(0x2066, 0x206A)))
)
# The letters of old fonts, one code for each joined form; each stands for its letter.
_JOINED_FORMS: Final = [*map(chr, range(0xFB50, 0xFE00)), *map(chr, range(0xFE70, 0xFEFD))]


def _letter_table() -> dict[int, str | None]:
    table: dict[str, str | None] = {**_LATIN_OF_DIGITS, **_ONE_LETTER_OF_MANY}
    table.update(dict.fromkeys(_DROPPED))
    plain = str.maketrans(table)
    for form in _JOINED_FORMS:
        table[form] = unicodedata.normalize("NFKC", form).translate(plain)
    return str.maketrans(table)


_LETTERS: Final = _letter_table()
_SPELLED_MARKS: Final = str.maketrans(dict.fromkeys(_TANVIN + _HAMZA_ABOVE))
# A hamza stands above ه alone (others are letters of their own), a tanvin after a letter.
_STRAY_MARK: Final = re.compile(rf"(?<!ه){_HAMZA_ABOVE}|(?<![^\W\d_]){_TANVIN}")
_PLAIN: Final = r"^[!-~]+( [!-~]+)*$"
"""Texts that have one spelling alone: printable ASCII with single spaces between words."""
_STRAY_HALF_SPACE: Final = re.compile(
    rf"{HALF_SPACE}+(?!\S)|(?<!\S){HALF_SPACE}+|{HALF_SPACE}+(?={HALF_SPACE})"
)

_NUMBER: Final = re.compile(
    r"(?P<minus>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?:[./](?P<part>\d+)|\.)?(?P<power>e[+-]?\d+)?"
)
_NUMBER_MARKS: Final = str.maketrans(
    {
        **_LATIN_OF_DIGITS,
        DECIMAL_MARK: ".",
        THOUSANDS_MARK: ",",
        "،": ",",
        "\u2212": "-",
        **dict.fromkeys(_DROPPED + _TANVIN + _HAMZA_ABOVE),
        HALF_SPACE: None,
    }
)
_MILLIARD: Final = 1_000_000_000
_MILLION: Final = 1_000_000


def normalise_text(text: str) -> str:
    """Return ``text`` with one form for each letter, Latin digits and single spaces.

    ي and ى become ی, ك becomes ک, ة becomes ه, أ and إ become ا; ئ, ؤ and آ stay. ۀ becomes
    ه with a hamza above (U+0654), which stays, as does the tanvin (U+064B) after a letter.
    Tatweel, other vowel marks and invisible marks go; the half-space stays where it parts
    letters.

    >>> normalise_text("مسكوني  ۱۲")
    'مسکونی 12'
    """
    if text.isascii():
        return " ".join(text.split())
    letters = unicodedata.normalize("NFC", text).translate(_LETTERS)
    spelled = _STRAY_MARK.sub("", letters)
    return " ".join(_STRAY_HALF_SPACE.sub("", spelled).split())


def normalise(texts: pd.Series) -> pd.Series:
    """Return ``texts`` normalised (see ``normalise_text``) as ``str``; the empty are missing."""
    return _where_not_plain(texts, normalise_text)


def key_form(text: str) -> str:
    """Return an id as it is compared: normalised and without any mark.

    >>> key_form("محلۀ ۱۲") == key_form("محله 12")
    True
    """
    return normalise_text(text).translate(_SPELLED_MARKS)


def key_forms(texts: pd.Series) -> pd.Series:
    """Return the key form of each text (see ``key_form``) as ``str``; the empty are missing."""
    return _where_not_plain(texts, key_form)


def search_key(text: str) -> str:
    """Return what two spellings of one name share: a key form, no half-space, no case."""
    return key_form(text.replace(HALF_SPACE, "")).casefold()


def search_keys(texts: pd.Series) -> pd.Series:
    """Return the search key of each text (see ``search_key``); the empty are missing."""
    return _each_distinct(texts, lambda text: search_key(str(text)) or None)


def parse_number(texts: pd.Series) -> pd.Series:
    """Return the numbers that ``texts`` hold as float64; NaN where there is none.

    Read are Latin, Persian and Arabic digits, ``.``, ``٫`` and the slash of ``12/5`` (12.5)
    as the decimal mark, ``,``, ``٬`` and ``،`` between groups of three, a minus before, and
    parentheses for a negative. ``12,5`` is no number: which mark it has cannot be told.
    """
    if pd.api.types.is_numeric_dtype(texts):
        return texts.astype("float64")
    places, distinct = pd.factorize(texts)
    numbers = np.array([*(_number(str(text)) for text in distinct), np.nan])
    # A missing text has the place -1: the last one.
    return pd.Series(numbers[places], index=texts.index, name=texts.name)


def number(value: float | None, *, decimals: int = 0, language: Language = "fa") -> str:
    """Return a number for a reader, «۱۲٬۳۴۵٫۶»; the unknown is a word, never zero."""
    if value is None or pd.isna(value):
        return wording.text("units.unknown", language)
    return grouped(value, decimals=decimals, language=language)


def percent(share: float | None, *, decimals: int = 0, language: Language = "fa") -> str:
    """Return a share of 0–1 as a percentage, «۵۰٪»; the unknown is a word."""
    if share is None or pd.isna(share):
        return wording.text("units.unknown", language)
    mark = PERCENT_MARK if language == "fa" else "%"
    return grouped(share * 100, decimals=decimals, language=language) + mark


def jalali(day: date | None, *, language: Language = "fa") -> str:
    """Return a day as «۱۴۰۴/۰۸/۳۰», in the digits of the language; the unknown is a word."""
    if day is None or pd.isna(day):
        return wording.text("units.unknown", language)
    figures = format_iso_jalali(day)
    return persian_digits(figures) if language == "fa" else figures


def rial(amount: int | None, *, language: Language = "fa") -> str:
    """Return an amount with its milliards and millions spelled; the unknown is a word.

    Nothing is rounded: what is below a million follows as a number.

    >>> rial(1_250_000_000)
    '۱ میلیارد و ۲۵۰ میلیون ریال'
    """
    if amount is None:
        return wording.text("units.unknown", language)
    milliards, below = divmod(abs(amount), _MILLIARD)
    millions, rest = divmod(below, _MILLION)
    counted = (("milliard", milliards), ("million", millions), ("", rest))
    parts = [
        f"{number(count, language=language)} {wording.text(f'units.{name}', language)}"
        if name
        else number(count, language=language)
        for name, count in counted
        if count
    ] or [number(0, language=language)]
    joint = f" {wording.text('units.and', language)} "
    minus = "" if amount >= 0 else MINUS if language == "fa" else "-"
    return f"{minus}{joint.join(parts)} {wording.text('units.rial', language)}"


def _number(text: str) -> float:
    if text.isdecimal():
        return float(text)
    plain = text.translate(_NUMBER_MARKS).strip().casefold()
    negative = plain.startswith("(") and plain.endswith(")")
    found = _NUMBER.fullmatch(plain[1:-1].strip() if negative else plain)
    if not found or not (found["whole"] or found["part"]) or (negative and found["minus"]):
        return np.nan
    whole = found["whole"].replace(",", "") or "0"
    magnitude = float(f"{whole}.{found['part'] or 0}{found['power'] or ''}")
    return -magnitude if negative or found["minus"] else magnitude


def _where_not_plain(texts: pd.Series, read: Callable[[str], str]) -> pd.Series:
    """Return ``read`` of each text that is not plain; the plain stay, the empty are missing."""
    texts = texts.astype("str")
    is_plain = pc.match_substring_regex(pa.array(texts), pattern=_PLAIN)
    if pc.all(is_plain, min_count=0).as_py():  # the missing count as plain
        return texts
    open_rows = ~np.asarray(pc.fill_null(is_plain, fill_value=True))
    result = texts.copy()
    result[open_rows] = _each_distinct(texts[open_rows], lambda text: read(str(text)) or None)
    return result


def _each_distinct(texts: pd.Series, read: Callable[[object], str | None]) -> pd.Series:
    """Return ``read`` of each text as ``str``; each distinct text is read once."""
    places, distinct = pd.factorize(texts)
    # A missing text has the place -1: the last one.
    values = np.array([*map(read, distinct), None], dtype=object)[places]
    return pd.Series(values, index=texts.index, name=texts.name, dtype="str")
