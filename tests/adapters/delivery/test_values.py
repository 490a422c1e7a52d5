"""Values: every spelling of a number, a year, a code, an answer, and what is left unknown."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from bazafarin.adapters.delivery.ledger import Ledger
from bazafarin.adapters.delivery.mapping import Calendar, FieldRule
from bazafarin.adapters.delivery.values import ColumnReader
from bazafarin.domain.city import LAYERS
from bazafarin.domain.problem import Severity


def _read(
    column: str,
    values: list[object],
    rule: FieldRule | None = None,
    codes: dict | None = None,
    layer: str = "parcels",
):
    ledger = Ledger()
    series = pd.Series(values, index=pd.RangeIndex(1, len(values) + 1))
    reader = ColumnReader(layer, codes or {}, ledger)
    return reader.read(series, LAYERS[layer].column(column), rule or FieldRule()), ledger.problems


def test_numbers_in_any_digits_and_marks():
    numbers, problems = _read("built_area_m2", ["۱۲/۵", "١٢٫٥", "1,250", " 80 ", None, ""])

    assert numbers.tolist()[:4] == [12.5, 12.5, 1250.0, 80.0]
    assert numbers.isna().tolist() == [False] * 4 + [True, True]
    assert problems == ()


@pytest.mark.parametrize(
    "delivered",
    [
        ["12", "7"], [12, 7], [12.0, 7.0], ["۱۲", "٧"], [" 12 ", "7\u200f"], ["12.0", "7.00"],
        [12, "7"], [12.0, "۷"], [Decimal("12.0"), Decimal(7)],
        pd.Categorical([12, 7]), pd.Categorical([12.0, 7.0]), pd.array([12, 7], dtype="Int64"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["parcel_id", "block_id", "neighbourhood_id"])
def test_an_id_is_the_same_from_whatever_type_of_field(column, delivered):
    assert _read(column, delivered)[0].tolist() == ["12", "7"]


@pytest.mark.parametrize("delivered", [[12.0, None], pd.array([12, None], dtype="Int64")])
def test_an_empty_id_among_numbers_does_not_change_the_others(delivered):
    assert _read("block_id", delivered)[0].tolist()[0] == "12"


def test_an_id_that_only_looks_like_a_number_stays():
    assert _read("block_id", ["3.0", "3.1"])[0].tolist() == ["3.0", "3.1"]
    assert _read("block_id", ["012", "12"])[0].tolist() == ["012", "12"]
    assert _read("block_id", ["1e3", "12.0"])[0].tolist() == ["1e3", "12.0"]


def test_a_word_for_the_unknown_is_no_id():
    assert _read("block_id", ["-", "نامشخص", "", "<Null>"])[0].isna().all()


def test_what_is_no_number_is_unknown_and_told_with_its_value():
    numbers, (told,) = _read("floors", ["2", "دو", "3"])

    assert np.isnan(numbers.loc[2])
    assert (told.code, told.severity) == ("reading.number.unreadable", Severity.UNKNOWN)
    assert dict(zip(told.rows, told.values, strict=True)) == {2: "دو"}


def test_a_number_below_the_least_is_unknown():
    numbers, (told,) = _read("population", [3, -1])

    assert np.isnan(numbers.loc[2])
    assert told.code == "reading.number.below"


def test_land_of_no_area_was_not_recorded():
    areas, (told,) = _read("land_area_m2", [0, 200.0])

    assert np.isnan(areas.loc[1])
    assert told.code == "reading.number.zero"
    assert _read("built_area_m2", [0.0])[0].tolist() == [0.0]


def test_a_broken_count_is_rounded_half_up():
    floors, (told,) = _read("floors", [2.25, 2.5, 3.0])

    assert floors.tolist() == [2.0, 3.0, 3.0]
    assert told.rows == (1, 2)


def test_square_feet_become_square_metres():
    areas, _ = _read("land_area_m2", [1000.0], FieldRule(field="x", unit="sqft"))

    assert areas.tolist() == pytest.approx([92.90304])


def test_years_of_either_calendar():
    years, problems = _read("built_sh", ["۱۳۷۰", "70", 1985, "1370/05/01", None])

    assert years.tolist()[:4] == [1370.0, 1370.0, 1364.0, 1370.0]
    assert problems == ()


def test_before_a_year_is_decidable_and_never_exact():
    years, (told,) = _read("built_sh", ["قبل از ۱۳۷۰", "1370"])

    assert years.tolist() == [1369.0, 1370.0]
    assert (told.code, told.severity, told.rows) == ("reading.year.bounded", Severity.MENDED, (1,))


def test_an_age_is_counted_from_the_year_it_was_written():
    years, _ = _read(
        "built_sh", [25, "۱۰"], FieldRule(field="GHEDMAT", calendar=Calendar.AGE, counted_in=1395)
    )

    assert years.tolist() == [1370.0, 1385.0]


def test_a_year_that_is_none_is_told():
    years, (told,) = _read("built_sh", ["قدیمی", "1390"])

    assert np.isnan(years.loc[1])
    assert told.code == "reading.year.unreadable"


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("use", "مسكونی", "residential"), ("use", "MASKONI", "residential"),
        ("use", "تجاري – خدماتي", "commercial"), ("use", "فضای‌سبز", "green"),
        ("use_plan", "آموزشی", "education"), ("structure", "آجر و آهن", "masonry_untied"),
        ("structure", "اسكلت بتنی", "concrete_frame"), ("structure", "خشتی", "adobe"),
        ("quality", "نوساز", "new"), ("ownership", "اوقافی", "waqf"),
        ("use", "Residential", "residential"), ("use", "under construction", "under_construction"),
    ],
)  # fmt: skip
def test_codes_in_persian_and_in_latin_letters(column, word, code):
    codes, problems = _read(column, [word])

    assert codes.tolist() == [code]
    assert problems == ()


def test_an_unknown_code_is_unknown_with_its_distinct_values():
    codes, (told,) = _read("use", ["مسکونی", "قهوه‌خانه", "قهوه‌خانه", "۹۹", None, "-"])

    assert codes.tolist() == ["residential"] + ["unknown"] * 5
    assert told.rows == (2, 3, 4)
    assert told.facts["distinct"] == "قهوه‌خانه, ۹۹"


def test_a_mapping_of_codes_goes_before_all_and_numbers_are_their_text():
    table = {"use": {"101": "residential", "*": "unknown", "مسکونی": "vacant"}}

    codes, (told,) = _read("use", [101.0, 102.0], FieldRule(field="x", codes="use"), table)
    words, _ = _read("use", ["مسكوني"], FieldRule(field="x", codes="use"), table)

    assert codes.tolist() == ["residential", "unknown"]
    assert (told.code, told.severity) == ("reading.code.rest", Severity.NOTE)
    assert words.tolist() == ["vacant"]


def test_codes_that_differ_by_a_mark_alone_stay_apart():
    table = {"use": {"1-2": "green", "12": "sport"}}

    codes, _ = _read("use", ["1-2", "12"], FieldRule(field="x", codes="use"), table)

    assert codes.tolist() == ["green", "sport"]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("بلی", "خیر"),
        ("1", "0"),
        ("t", "F"),
        ("Yes", "no"),
        ("دارد", "ندارد"),
        (1.0, 0.0),
        (True, False),
    ],
)
def test_answers_in_many_spellings(yes, no):
    said, problems = _read("heritage", [yes, no])

    assert said.tolist() == [True, False]
    assert str(said.dtype) == "boolean"
    assert problems == ()


def test_an_answer_that_is_none_is_unknown():
    said, (told,) = _read("will_renovate", ["بلی", "شاید", None, "نمی‌داند"])

    assert said.isna().tolist() == [False, True, True, True]
    assert told.rows == (2,)


def test_days_of_either_calendar():
    days, _ = _read("surveyed_on", ["1403/04/19", "۱۴۰۳/۰۴/۱۹", "2024-07-09", "13970410"])

    assert days.dt.strftime("%Y-%m-%d").tolist() == ["2024-07-09"] * 3 + ["2018-07-01"]


def test_letters_that_were_mended_are_counted():
    _, (told,) = _read("parcel_id", ["پلاك ١٢", "2"])

    assert (told.code, told.severity, told.facts["number"]) == (
        "reading.letters",
        Severity.MENDED,
        1,
    )


def test_a_service_is_named_as_a_use_and_an_unknown_one_stays():
    services, _ = _read("service", ["درمانگاه", "آموزشی", "نانوایی"], layer="facilities")

    assert services.tolist() == ["health", "education", "نانوایی"]


def test_nested_values_are_text():
    names, _ = _read("name_fa", [{"name": "قدس"}, ["x"], None], layer="neighbourhoods")

    assert names.tolist()[:2] == ['{"name": "قدس"}', '["x"]']
    assert names.isna().loc[3]


@pytest.mark.parametrize(
    ("column", "absurd"), [("population", 1e300), ("floors", 99_999_999.0), ("land_area_m2", 1e30)]
)
def test_a_number_beyond_any_city_is_unknown_and_told(column, absurd):
    numbers, problems = _read(column, [absurd, 3.0])

    assert numbers.isna().tolist() == [True, False]
    assert [(p.code, p.severity, p.rows) for p in problems] == [
        ("reading.number.above", Severity.UNKNOWN, (1,))
    ]


def test_the_limit_of_a_number_is_itself_possible():
    assert _read("floors", [200.0])[0].tolist() == [200.0]


def test_an_age_that_no_building_has_is_unknown_and_told():
    rule = FieldRule(field="GHEDMAT", calendar=Calendar.AGE, counted_in=1395)

    years, problems = _read("built_sh", [30, 5000], rule)

    assert years.tolist()[0] == 1365
    assert np.isnan(years.tolist()[1])
    assert [p.rows for p in problems] == [(2,)]


def test_a_street_among_the_uses_is_understood_and_no_unknown_code():
    codes, problems = _read("use", ["معبر", "رودخانه", "کبوترخانه"])

    assert codes.tolist() == ["unknown"] * 3
    assert [p.rows for p in problems] == [(3,)]
