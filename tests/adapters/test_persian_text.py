"""Persian text: what deliveries write comes in as one form, what readers see goes out as theirs."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bazafarin.adapters.persian_text import (
    isolate,
    jalali,
    key_form,
    key_forms,
    normalise,
    normalise_text,
    number,
    parse_number,
    percent,
    rial,
    search_key,
    search_keys,
)

LRI, FSI, PDI, LRM, MINUS = "\u2066", "\u2068", "\u2069", "\u200e", "\u2212"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("مسكوني", "مسکونی"),
        ("علی\u200c ", "علی"),
        ("بافت\u200cها", "بافت\u200cها"),
        ("بافت\u200c\u200cها", "بافت\u200cها"),
        ("مدرســـه", "مدرسه"),
        ("مُحَمَّد", "محمد"),
        ("محله\u0654 نو", "محله\u0654 نو"),
        ("محل\u06c0 نو", "محله\u0654 نو"),
        ("محلـه\u0640\u0654 نو", "محله\u0654 نو"),
        ("محله\u0654\u0654 نوا\u0654", "محله\u0654 نوا"),
        ("مثلا\u064b", "مثلا\u064b"),
        ("\u064b مثلا \u064b", "مثلا"),
        ("أحمد إسلام آباد مؤمن رئیس", "احمد اسلام آباد مؤمن رئیس"),
        ("ﻣﺴﻜﻮﻧﻲ", "مسکونی"),
        ("\ufeffپلاک\u00a0۱۲\u200f", "پلاک 12"),
        ("٣-١٢", "3-12"),
        ("  a   b\t", "a b"),
        ("", ""),
    ],
)
def test_every_spelling_of_a_text_becomes_one(written, meant):
    assert normalise_text(written) == meant


_ANY_TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
_PERSIAN_TEXT = st.text(alphabet="هاۀةيک ‌ـ\u064b\u0651\u0654 a1", max_size=12)


@given(_ANY_TEXT | _PERSIAN_TEXT)
def test_normalising_twice_changes_nothing_more(text):
    assert normalise_text(normalise_text(text)) == normalise_text(text)
    assert key_form(key_form(text)) == key_form(text) == key_form(normalise_text(text))


@pytest.mark.parametrize("marked", ["محله\u0654 بازار", "محل\u06c0 بازار", "مُحله بازار"])
def test_an_id_is_the_same_with_and_without_marks(marked):
    assert key_form(marked) == "محله بازار"
    assert key_forms(pd.Series([marked, "A-1"])).tolist() == ["محله بازار", "A-1"]


@given(st.lists(_ANY_TEXT | _PERSIAN_TEXT | st.text(alphabet="ab 1", max_size=5)))
def test_a_series_is_normalised_as_its_texts_are(texts):
    one_by_one = pd.Series([normalise_text(text) or None for text in texts], dtype="str")

    pd.testing.assert_series_equal(normalise(pd.Series(texts, dtype="str")), one_by_one)


def test_a_normalised_series_keeps_its_index_and_the_empty_is_missing():
    texts = pd.Series(["مسكوني", "  ", None, "مسكوني"], index=[5, 1, 9, 2], name="use")

    normalised = normalise(texts)

    expected = pd.Series(["مسکونی", None, None, "مسکونی"], [5, 1, 9, 2], dtype="str", name="use")
    pd.testing.assert_series_equal(normalised, expected)
    assert texts[5] == "مسكوني"


def test_an_empty_series_stays_empty():
    assert normalise(pd.Series([], dtype=object)).dtype == "str"
    assert parse_number(pd.Series([], dtype=object)).dtype == "float64"


def test_a_search_key_is_shared_by_spellings_with_and_without_half_space():
    assert search_key("خانه\u200cسازي A") == search_key("خانهسازی a")
    assert search_keys(pd.Series(["Ab", "", None])).tolist()[:1] == ["ab"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("۱۲", 12), ("١٢", 12), ("12.5", 12.5), ("۱۲٫۵", 12.5), ("12/5", 12.5),
        ("۱۲/۵", 12.5), ("1,234", 1234), ("۱٬۲۳۴٬۵۶۷٫۸", 1234567.8), ("1،234", 1234), ("-3", -3),
        ("−3", -3), ("\u200e−۳", -3), ("(4)", -4), (".5", 0.5), ("12.", 12), ("1e3", 1000),
        (" 7 ", 7), ("007", 7),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_form_it_is_written_in(text, value):
    assert parse_number(pd.Series([text])).tolist() == [value]


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "()", "abc", "12,5", "1,23,456", "1234,567", "1403/04/19", "1.2.3", "12 m", "5-",
     "inf", "nan", "(-4)", "1/2/3", "e5", "۱۲ متر", None],
)  # fmt: skip
def test_garbage_is_no_number(text):
    assert parse_number(pd.Series([text], dtype=object)).isna().all()


def test_numbers_that_are_numbers_stay_and_whole_ones_become_floats():
    assert parse_number(pd.Series([1, 2])).dtype == "float64"
    np.testing.assert_array_equal(parse_number(pd.Series([1.5, np.nan])), [1.5, np.nan])
    np.testing.assert_array_equal(parse_number(pd.Series([1, None], dtype="Int64")), [1, np.nan])


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_what_number_writes_parse_number_reads_back(thousandths, decimals):
    value = round(thousandths / 1000, decimals)

    written = [number(value, decimals=decimals, language=name) for name in ("fa", "en")]

    assert parse_number(pd.Series(written)).tolist() == pytest.approx(
        [value] * 2, abs=10**-decimals
    )


def test_a_number_has_persian_digits_and_marks():
    assert number(12345.6, decimals=1, language="fa") == "۱۲٬۳۴۵٫۶"
    assert number(12345.6, decimals=1, language="en") == "12,345.6"
    assert number(-5) == f"{LRM}{MINUS}۵"
    assert number(np.float64(2.5)) == "۳"
    assert number(-0.4) == "۰"


@pytest.mark.parametrize("unknown", [None, np.nan, pd.NA])
def test_the_unknown_is_a_word_and_never_zero(unknown):
    assert number(unknown, decimals=2, language="fa") == "نامعلوم"
    assert percent(unknown, language="fa") == "نامعلوم"
    assert number(unknown, language="en") == "unknown"
    assert rial(None) == jalali(None) == jalali(pd.NaT) == "نامعلوم"


def test_a_share_is_written_as_a_percentage():
    assert percent(0.5, language="fa") == "۵۰٪"
    assert percent(0.505, decimals=1, language="en") == "50.5%"
    assert percent(0.07) == "۷٪"


def test_a_day_is_written_as_jalali():
    assert jalali(date(2025, 11, 21)) == "۱۴۰۴/۰۸/۳۰"
    assert jalali(date(2025, 11, 21), language="en") == "1404/08/30"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "۰ ریال"),
        (999_999, "۹۹۹٬۹۹۹ ریال"),
        (1_000_000, "۱ میلیون ریال"),
        (10_000_000_000_000, "۱۰٬۰۰۰ میلیارد ریال"),
        (1_250_000_345, "۱ میلیارد و ۲۵۰ میلیون و ۳۴۵ ریال"),
        (-2_000_000, f"{LRM}{MINUS}۲ میلیون ریال"),
    ],
)
def test_an_amount_spells_its_milliards_and_millions_and_rounds_nothing(amount, written):
    assert rial(amount, language="fa") == written


def test_an_amount_is_spelled_in_english_too():
    assert rial(1_250_000_345, language="en") == "1 milliard and 250 million and 345 rial"


def test_a_code_is_isolated_left_to_right():
    assert isolate("3-12-45-7") == f"{LRI}3-12-45-7{PDI}"
    assert isolate("۱۴۰۰–۱۴۰۴") == f"{LRI}۱۴۰۰–۱۴۰۴{PDI}"


def test_a_name_is_isolated_in_its_own_direction():
    assert isolate("محلهٔ بازار") == f"{FSI}محلهٔ بازار{PDI}"


def test_the_largest_number_is_written_too():
    assert number(1e300, language="en").startswith("1,000,000")
