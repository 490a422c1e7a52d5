"""The marks of Persian script: digits, separators and the isolates that keep codes in order.

A code such as ``3-12-45-7`` inside a Persian sentence is drawn as ``7-45-12-3``, by the
Unicode bidirectional algorithm itself; an isolate around it keeps its order everywhere.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

Language = Literal["fa", "en"]

LATIN_DIGITS: Final = "0123456789"
PERSIAN_DIGITS: Final = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS: Final = "٠١٢٣٤٥٦٧٨٩"
DECIMAL_MARK: Final = "٫"
THOUSANDS_MARK: Final = "٬"
PERCENT_MARK: Final = "٪"
HALF_SPACE: Final = "\u200c"
LEFT_TO_RIGHT_ISOLATE: Final = "\u2066"
FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

# A minus needs a left-to-right mark before it, or it is drawn behind its number (CLDR, fa).
MINUS: Final = "\u200e\u2212"

_DIGITS_TO_PERSIAN: Final = str.maketrans(LATIN_DIGITS, PERSIAN_DIGITS)
_FIGURE_TO_PERSIAN: Final = str.maketrans(
    {
        **dict(zip(LATIN_DIGITS, PERSIAN_DIGITS, strict=True)),
        ".": DECIMAL_MARK,
        ",": THOUSANDS_MARK,
        "-": MINUS,
        "%": PERCENT_MARK,
    }
)
# Wide enough for every float; the usual 28 digits would end in an error, not in a number.
_WIDE: Final = Context(prec=330, rounding=ROUND_HALF_UP)
_FIRST_RIGHT_TO_LEFT: Final = "\u0590"
_LAST_RIGHT_TO_LEFT: Final = "\u08ff"


def persian_digits(text: str) -> str:
    """Return ``text`` with its Latin digits written as Persian ones; nothing else changes.

    >>> persian_digits("1404/08/30")
    '۱۴۰۴/۰۸/۳۰'
    """
    return text.translate(_DIGITS_TO_PERSIAN)


def persian_figure(figure: str) -> str:
    """Return a figure that Python wrote (``-1,234.5%``) in Persian digits and marks.

    >>> persian_figure("12,345.6")
    '۱۲٬۳۴۵٫۶'
    """
    return figure.translate(_FIGURE_TO_PERSIAN)


def isolate(text: str) -> str:
    """Return ``text`` between isolates: its order holds in a right-to-left sentence.

    Codes, ranges, phone and letter numbers are isolated left to right (U+2066); a text with
    letters of a right-to-left script takes the direction of its first letter (U+2068).
    """
    is_right_to_left = any(
        _FIRST_RIGHT_TO_LEFT <= letter <= _LAST_RIGHT_TO_LEFT and letter.isalpha()
        for letter in text
    )
    opening = FIRST_STRONG_ISOLATE if is_right_to_left else LEFT_TO_RIGHT_ISOLATE
    return f"{opening}{text}{POP_ISOLATE}"


def grouped(value: float, *, decimals: int, language: Language) -> str:
    """Return a finite number with its thousands apart, rounded half away from zero.

    A value that rounds to zero has no sign.

    >>> grouped(12345.65, decimals=1, language="fa")
    '۱۲٬۳۴۵٫۷'
    """
    step = Decimal(1).scaleb(-decimals)
    # str gives the shortest decimal that is this number: 2.675 rounds as it is read.
    rounded = Decimal(str(value)).quantize(step, context=_WIDE)
    figure = f"{rounded or abs(rounded):,.{decimals}f}"
    return persian_figure(figure) if language == "fa" else figure
