"""Solar Hijri dates: the calendar, and the forms in which deliveries write it."""

from datetime import UTC, date, datetime

import jdatetime
import numpy as np
import pandas as pd
import pytest

from bazafarin.domain.errors import UsageError
from bazafarin.domain.solar_hijri import (
    format_iso_jalali,
    from_jalali,
    parse_as_of,
    parse_date,
    parse_dates,
    parse_year,
    parse_years,
    to_jalali,
)


@pytest.mark.parametrize("century", [1200, 1300, 1400])
def test_two_calendars_agree_on_every_month_and_leap_year_from_1200_to_1500(century):
    for year in range(century, century + 100):
        is_leap = jdatetime.date(year, 1, 1).isleap()
        assert (from_jalali(year, 12, 30) is not None) == is_leap, year

        for month in range(1, 13):
            day = jdatetime.date(year, month, 1).togregorian()
            assert from_jalali(year, month, 1) == day
            assert to_jalali(day) == (year, month, 1)


def test_known_days_are_right():
    assert from_jalali(1385, 2, 11) == date(2006, 5, 1)
    assert to_jalali(date(2025, 11, 21)) == (1404, 8, 30)
    assert format_iso_jalali(date(2025, 11, 21)) == "1404/08/30"
    assert to_jalali(date(2025, 3, 20)) == (1403, 12, 30)
    assert to_jalali(date(2025, 3, 21)) == (1404, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1397/04/10", "1397-4-10", "1397.04.10", "13970410", "97/04/10", "10/04/1397",
        "۱۳۹۷/۰۴/۱۰", "١٣٩٧/٠٤/١٠", " 1397/04/10 ", "2018-07-01", "2018/07/01",
        "2018-07-01T08:30:00", "20180701", "13970410.0",
    ],
)  # fmt: skip
def test_one_day_is_read_in_every_form_it_is_written_in(text):
    assert parse_date(text) == date(2018, 7, 1)


@pytest.mark.parametrize(
    "text",
    ["", "نامشخص", "1397/13/01", "1397/07/31", "1400/12/30", "01/02/2020", "1600/01/01", "12/5",
     "1397/04-10", "0", None, np.nan, pd.NaT],
)  # fmt: skip
def test_what_names_no_day_is_unknown(text):
    assert parse_date(text) is None


def test_a_day_that_is_a_day_already_stays():
    assert parse_date(date(2018, 7, 1)) == date(2018, 7, 1)
    assert parse_date(datetime(2018, 7, 1, 8, tzinfo=UTC)) == date(2018, 7, 1)


def test_a_series_of_dates_keeps_its_index_and_its_unknowns():
    texts = pd.Series(["1397/04/10", None, "x", "1397/04/10"], index=[7, 3, 9, 1], name="on")

    days = parse_dates(texts)

    expected = pd.Series(
        pd.to_datetime(["2018-07-01", None, None, "2018-07-01"]).astype("datetime64[s]"),
        index=[7, 3, 9, 1],
        name="on",
    )
    pd.testing.assert_series_equal(days, expected)


@pytest.mark.parametrize("dtype", [object, "str", "float64", "datetime64[ns]"])
def test_an_empty_series_of_dates_has_the_dtype_of_dates(dtype):
    assert parse_dates(pd.Series([], dtype=dtype)).dtype == "datetime64[s]"


def test_dates_with_a_zone_or_time_of_day_become_days():
    times = pd.Series(pd.to_datetime(["2018-07-01 23:30"]).tz_localize("Asia/Tehran"))

    assert parse_dates(times).tolist() == [pd.Timestamp("2018-07-01")]


@pytest.mark.parametrize(
    ("text", "year"),
    [("1370", 1370), ("۱۳۷۰", 1370), ("70", 1370), ("11", 1311), ("10", 1410), ("03", 1403),
     ("1985", 1364), (1370.0, 1370), (1370, 1370), ("1370.0", 1370), ("1385/02/11", 1385),
     ("2006-05-01", 1385), ("13850211", 1385), ("1000", 1000), ("1499", 1499), ("1700", 1079)],
)  # fmt: skip
def test_a_year_is_read_in_every_form_it_is_written_in(text, year):
    assert parse_year(text) == (year, False)


@pytest.mark.parametrize(
    ("text", "year"),
    [("قبل از ۱۳۷۰", 1369), ("قبل‌از سال 70", 1369), ("پیش از ۱۳۷۰", 1369), ("قبل از 1985", 1363),
     ("before 1370", 1369), ("Before 1370", 1369), ("<1370", 1369), ("بعد از ۱۳۸۵", 1386),
     ("after 1385", 1386), ("حدود ۱۳۵۰", 1350), ("حدودا 1350", 1350), ("ca. 1350", 1350),
     ("1365-1370", 1370), ("۱۳۶۵ تا ۱۳۷۰", 1370), ("بين 65 الي 70", 1370)],
)  # fmt: skip
def test_a_year_that_is_only_bounded_is_flagged(text, year):
    assert parse_year(text) == (year, True)


@pytest.mark.parametrize(
    "text",
    ["0", 0, "5", "-1", "999", "1500", "1699", "2121", "99999", "قدیمی", "قبل از", "", "1370a"],
)
def test_nonsense_is_no_year(text):
    year, is_approximate = parse_year(text)

    assert np.isnan(year)
    assert not is_approximate


def test_a_series_of_years_keeps_its_index_and_its_unknowns():
    texts = pd.Series(["۱۳۷۰", "قبل از ۱۳۷۰", None, "0"], index=[4, 2, 8, 6], name="built")

    years, approximate = parse_years(texts)

    pd.testing.assert_series_equal(
        years, pd.Series([1370, 1369, np.nan, np.nan], index=[4, 2, 8, 6], name="built")
    )
    assert approximate.to_dict() == {4: False, 2: True, 8: False, 6: False}


def test_years_are_the_same_of_text_numbers_and_categories():
    numbers = pd.Series([1370.0, np.nan, 1985.0])

    for texts in (
        numbers,
        numbers.astype(object),
        pd.Series(["1370", None, "1985"], dtype="category"),
    ):
        years, _ = parse_years(texts)
        np.testing.assert_array_equal(years, [1370, np.nan, 1364])


def test_the_day_of_asking_is_jalali_or_gregorian():
    assert parse_as_of("1404/08/30") == parse_as_of("2025-11-21") == date(2025, 11, 21)


def test_a_day_of_asking_that_is_none_is_an_error_of_usage():
    with pytest.raises(UsageError) as caught:
        parse_as_of("فردا")

    assert caught.value.code == "usage.as_of"
    assert caught.value.facts == {"text": "فردا"}
