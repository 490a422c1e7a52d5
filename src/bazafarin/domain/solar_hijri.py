"""Solar Hijri dates and years as deliveries write them.

Inside, a day is a ``datetime.date`` (Gregorian) and a year of building is a Solar Hijri
number; the other forms are read here, once. Years are Solar Hijri from 1000 to 1499 and
Gregorian from 1700 to 2120, so that no number is both.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd
from persiantools.jdatetime import JalaliDate

from bazafarin.domain.errors import UsageError

SOLAR_HIJRI_YEARS: Final = range(1000, 1500)
GREGORIAN_YEARS: Final = range(1700, 2121)

# The Solar Hijri year in which most of a Gregorian year falls: 1985 is mostly 1364.
GREGORIAN_AHEAD: Final = 621

# Two digits up to this one are of the 1400s, the rest of the 1300s: 70 is 1370, 03 is 1403.
LAST_TWO_DIGIT_YEAR_OF_1400S: Final = 10

_YMD: Final = re.compile(r"(\d{4}|\d{2})([/.-])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_DMY: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")

_YEAR: Final = re.compile(r"(\d{2}|\d{4})(?:\.0+)?")
_BEFORE: Final = re.compile(r"(?:تا )?(?:قبل|پیش)(?: از)?\D*(\d+)|(?:before|pre|<)\D*(\d+)")
_AFTER: Final = re.compile(r"(?:بعد|پس)(?: از)?\D*(\d+)|(?:after|>)\D*(\d+)")
_ABOUT: Final = re.compile(r"(?:حدود|تقریب)\D*(\d+)|(?:about|around|circa|ca?\.|~)\D*(\d+)")
_SPAN: Final = re.compile(r"\D*\d+\D*?(?:-|–|تا|الی|to)\D*(\d+)\D*")
_LETTERS: Final = str.maketrans({"ي": "ی", "ى": "ی", "\u200c": " "})


def to_jalali(day: date) -> tuple[int, int, int]:
    """Return the Solar Hijri year, month and day of a Gregorian day."""
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]  # the library's own
    return jalali.year, jalali.month, jalali.day


def from_jalali(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a Solar Hijri one; None where there is no such day."""
    try:
        jalali = JalaliDate(year, month, day)  # type: ignore[no-untyped-call]  # the library's own
        return jalali.to_gregorian()
    except ValueError:
        return None


def format_iso_jalali(day: date) -> str:
    """Return a day as ``1404/08/30``, in Latin digits."""
    year, month, day_of_month = to_jalali(day)
    return f"{year:04d}/{month:02d}/{day_of_month:02d}"


def parse_date(text: object) -> date | None:
    """Return the day that ``text`` names, Solar Hijri or Gregorian; None where it names none.

    Read are ``1403/04/19`` with ``/``, ``-`` or ``.``, ``19/04/1403``, ``13970410``,
    ``97/04/10`` (years 11–99 are 1311–1399, 00–10 are 1400–1410), each in Latin, Persian or
    Arabic digits, and Gregorian days with the year first, with or without a time of day.
    ``01/02/2020`` is left unknown: which number is the month cannot be told.
    """
    if isinstance(text, datetime):
        return None if pd.isna(text) else text.date()
    if isinstance(text, date):
        return text
    plain = str(text).strip()
    if found := _YMD.fullmatch(plain):
        return _day(_full_year(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if (found := _DMY.fullmatch(plain)) and int(found[4]) in SOLAR_HIJRI_YEARS:
        return _day(int(found[4]), int(found[3]), int(found[1]))
    return None


def parse_dates(texts: pd.Series) -> pd.Series:
    """Return the days that ``texts`` name (see ``parse_date``) as ``datetime64[s]``.

    The index is that of ``texts``; what names no day is NaT.
    """
    if pd.api.types.is_datetime64_any_dtype(texts):
        naive = texts if texts.dt.tz is None else texts.dt.tz_localize(None)
        days_only: pd.Series = naive.dt.normalize().astype("datetime64[s]")
        return days_only
    distinct, places = _distinct(texts)
    days = [np.datetime64(parse_date(text), "s") for text in distinct]
    # A missing text has the place -1: the last one.
    read = np.array([*days, np.datetime64("NaT", "s")])[places]
    return pd.Series(read, index=texts.index, name=texts.name)


def parse_year(text: object) -> tuple[float, bool]:
    """Return the Solar Hijri year that ``text`` names and whether it is only approximate.

    Of a year that is only bounded the latest possible one is given («قبل از ۱۳۷۰» is 1369,
    ``1365-1370`` is 1370), or the earliest for «بعد از ۱۳۷۰» (1371). A date gives its year.
    What names no year, zero among it, is NaN.
    """
    plain = " ".join(str(text).translate(_LETTERS).casefold().split())
    if found := _YEAR.fullmatch(plain):
        return _solar_hijri_year(found[1]), False
    if day := parse_date(text):
        return float(to_jalali(day)[0]), False
    for pattern, step in ((_BEFORE, -1), (_AFTER, 1), (_ABOUT, 0), (_SPAN, 0)):
        if found := pattern.fullmatch(plain):
            year = _solar_hijri_year(next(filter(None, found.groups())))
            return year + step, not np.isnan(year)
    return np.nan, False


def parse_years(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the Solar Hijri years that ``texts`` name and which are approximate.

    The first Series is float64 (unknown is NaN), the second bool; see ``parse_year``.
    """
    distinct, places = _distinct(texts)
    read = [*(parse_year(text) for text in distinct), (np.nan, False)]
    years = np.array([year for year, _ in read])[places]
    approximate = np.array([is_approximate for _, is_approximate in read])[places]
    return (
        pd.Series(years, index=texts.index, name=texts.name),
        pd.Series(approximate, index=texts.index, name=texts.name),
    )


def parse_as_of(text: str) -> date:
    """Return the day on which rules are asked, Solar Hijri or Gregorian; UsageError if none."""
    day = parse_date(text)
    if day is None:
        raise UsageError("usage.as_of", text=text)
    return day


def _distinct(texts: pd.Series) -> tuple[pd.Index, np.ndarray]:
    """Return the distinct texts and each row's place among them, so that each is read once."""
    places, distinct = pd.factorize(texts)
    return pd.Index(distinct), places


def _day(year: int, month: int, day: int) -> date | None:
    if year in SOLAR_HIJRI_YEARS:
        return from_jalali(year, month, day)
    if year not in GREGORIAN_YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - a year of two digits
        return year
    return year + (1400 if year <= LAST_TWO_DIGIT_YEAR_OF_1400S else 1300)


def _solar_hijri_year(digits: str) -> float:
    year = _full_year(digits) if len(digits) in {2, 4} else 0
    if year in GREGORIAN_YEARS:
        year -= GREGORIAN_AHEAD
    return float(year) if year in SOLAR_HIJRI_YEARS else np.nan
