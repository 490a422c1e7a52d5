"""Which edition of a city a program asks for: by its number, or by the date at which it held."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from bazafarin.domain.errors import UsageError
from bazafarin.web.places.models import Edition
from bazafarin.web.places.models.edition import EditionState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.places.models import City

BEFORE_ALL: Final = 0
"""The number of no edition: what held before the first had no rows."""
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_OPEN: Final = ("", "..")
_DAY: Final = len("2025-11-21")


def seen_editions(city: City) -> QuerySet[Edition]:
    """Return the editions that are or were everybody's: accepted, up to the current one."""
    return Edition.objects.filter(city=city, state=EditionState.ACCEPTED, number__lte=city.current)


def edition_numbered(city: City, word: str) -> int:
    """Return the number of an edition that everybody sees.

    Raises:
        UsageError: there is none of this number.
    """
    if not _DIGITS.fullmatch(word) or not seen_editions(city).filter(number=int(word)).exists():
        raise UsageError("web_interfaces.error.edition", text=word)
    return int(word)


def edition_held_at(city: City, word: str) -> int:
    """Return the number of the edition whose data held at a moment, day or end of an interval.

    ``BEFORE_ALL`` where none held yet; an open end asks for the current edition.

    Raises:
        UsageError: it is no moment, day or interval.
    """
    begin, slash, end = word.partition("/")
    wrong = UsageError("web_interfaces.error.datetime", text=word)
    try:
        first = None if begin in _OPEN and slash else _moment(begin)
        last = (None if end in _OPEN else _moment(end)) if slash else first
    except ValueError as error:
        raise wrong from error
    if slash and (word in {"/", "../..", "/..", "../"} or (first and last and last < first)):
        raise wrong
    if last is None:
        return city.current
    held = seen_editions(city).filter(dated__lte=_day(last)).order_by("-dated", "-number")
    return held.values_list("number", flat=True).first() or BEFORE_ALL


def _moment(word: str) -> datetime:
    """Return a moment of RFC 3339; a day stands for its last moment."""
    if len(word) == _DAY:
        day = date.fromisoformat(word)
        return datetime.combine(day, datetime.max.time(), timezone.get_current_timezone())
    moment = datetime.fromisoformat(word)
    if moment.tzinfo is None:
        raise ValueError(word)
    return moment


def _day(moment: datetime) -> date:
    try:
        return timezone.localtime(moment).date()
    except OverflowError:  # the last hours of the calendar's last year
        return moment.date()
