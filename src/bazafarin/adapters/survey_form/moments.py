"""Days and times as forms write and count them."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")
_FIRST: Final = date(1970, 1, 1)
_DAY_S: Final = 86_400


def as_moment(text: str) -> datetime | None:
    """Return a day or a moment of a form, None for what is neither; a day begins at midnight."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def as_days(text: str) -> float:
    """Return the days since 1970 of a day or moment, NaN for what is neither.

    A moment that names no zone, and a day, count as they are written.
    """
    moment = as_moment(text)
    if moment is None:
        return math.nan
    since = moment.replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001
    if moment.tzinfo is not None:
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return since.total_seconds() / _DAY_S


def day_of(days: float) -> str:
    """Return a number of days since 1970 as a day; empty for no number and no day."""
    try:
        return (_FIRST + timedelta(days=math.floor(days))).isoformat()
    except (OverflowError, ValueError):
        return ""


def formatted(text: str, shape: str) -> str:
    """Return a day or moment in the shape that an expression asks, such as ``%Y-%m-%d``."""
    moment = as_moment(text)
    if moment is None:
        return ""
    parts = {
        "Y": f"{moment.year:04}", "y": f"{moment.year % 100:02}", "m": f"{moment.month:02}",
        "n": str(moment.month), "d": f"{moment.day:02}", "e": str(moment.day),
        "H": f"{moment.hour:02}", "h": str(moment.hour), "M": f"{moment.minute:02}",
        "S": f"{moment.second:02}", "3": f"{moment.microsecond // 1000:03}",
        "b": moment.strftime("%b"), "a": moment.strftime("%a"), "%": "%",
    }  # fmt: skip
    return re.sub(r"%(.)", lambda found: parts.get(found[1], found[0]), shape)
