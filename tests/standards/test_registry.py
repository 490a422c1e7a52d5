"""Asking for a rule as of a day, and a city's own values before the national ones."""

from datetime import date, timedelta
from math import isnan
from pathlib import Path

import pytest

from bazafarin import standards
from bazafarin.domain.errors import StandardsError
from bazafarin.standards import Standards
from bazafarin.standards.rule_file import read_national

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "city_standards.toml"
DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)
CITED = """
instrument = "مصوبهٔ کمیسیون مادهٔ پنج"
clause = "بند ۲"
address = "بایگانی شهرداری"
certainty = "M-high"
checked_on = "1404-08-30"
"""
OWN_VALUE = f'value = 150\nfrom = "1400-01-01"\n{CITED}'


@pytest.fixture
def city(tmp_path):
    """Return the national rules with a city's file of the given text before them."""

    def read(text):
        file = tmp_path / "city.toml"
        file.write_text(text, encoding="utf-8")
        return Standards.national().with_city(file)

    return read


@pytest.fixture
def history(tmp_path):
    """Return rules whose one rule was 1 from 1390, 2 from 1395 to 1396, and 3 from 1400 on."""
    head = '[[rule]]\nid = "a.b"\ntitle_fa = "آ"\ntitle_en = "A"\nunit = "m"\noperator = "<"\n'
    values = (
        'value = 3\nfrom = "1400-01-01"',
        'value = 1\nfrom = "1390-01-01"',
        'value = 2\nfrom = "1395-01-01"\nuntil = "1396-12-29"',
    )
    file = tmp_path / "rules.toml"
    file.write_text(
        head + "".join(f"[[rule.value]]\n{v}\n{CITED}" for v in values), encoding="utf-8"
    )
    return Standards(read_national([file]))


def test_the_module_answers_with_the_national_rules():
    assert standards.value("fine_grain.parcel_below", as_of=TODAY) == 200
    assert standards.citation("fine_grain.parcel_below", as_of=TODAY).certainty == "S1"
    assert standards.per_capita("green", population=1, as_of=TODAY) == (7.0, 12.0)
    assert "green" in standards.services()


def test_the_national_rules_are_read_once():
    assert Standards.national() is Standards.national()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (date(2011, 3, 21), 1),  # 1390-01-01, the first day of the first value
        (date(2015, 3, 20), 1),  # 1393-12-29
        (date(2016, 3, 19), 1),  # 1394-12-29, the day before the second
        (date(2016, 3, 20), 2),  # 1395-01-01
        (date(2018, 3, 20), 2),  # 1396-12-29, the last day of the second
        (date(2021, 3, 21), 3),  # 1400-01-01
        (date(2099, 1, 1), 3),
    ],
)
def test_each_value_stays_in_force_in_its_own_days(history, asked, answer):
    assert history.value("a.b", as_of=asked) == answer


@pytest.mark.parametrize("asked", [date(2011, 3, 20), date(2018, 3, 21), date(2021, 3, 20)])
def test_a_rule_asked_for_before_it_exists_or_in_a_gap_has_no_silent_default(history, asked):
    with pytest.raises(StandardsError) as caught:
        history.value("a.b", as_of=asked)

    assert caught.value.code == "standards.not_in_force"
    assert caught.value.facts == {"rule": "a.b", "as_of": asked, "first_day": date(2011, 3, 21)}


def test_an_open_value_ends_the_day_before_the_next_one(history):
    assert history.citation("a.b", as_of=date(2012, 1, 1)).valid_until == date(2016, 3, 19)
    assert history.citation("a.b", as_of=date(2022, 1, 1)).valid_until is None


def test_an_unknown_rule_is_an_error_that_names_the_nearest():
    with pytest.raises(StandardsError) as caught:
        standards.value("fine_grain.parcel_bellow", as_of=TODAY)

    assert caught.value.code == "standards.unknown_rule"
    assert caught.value.facts["nearest"] == ("fine_grain.parcel_below",)


def test_ids_and_titles_can_be_listed():
    national = Standards.national()

    assert national.ids("fine_grain.") == ("fine_grain.parcel_below", "fine_grain.share_above")
    assert national.title("worn_out.min_indices", "en").startswith("Worn-out fabric")
    assert national.title("worn_out.min_indices", "fa").startswith("بافت فرسوده")


def test_what_is_answered_cannot_change_the_rules():
    standards.value("services.uses", as_of=TODAY).clear()

    assert standards.value("services.uses", as_of=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        f'[[override]]\nrule = "fine_grain.parcel_below"\n{OWN_VALUE}',
        f'[[rule]]\nid = "fine_grain.parcel_below"\n[[rule.value]]\n{OWN_VALUE}',
    ],
    ids=["short form", "national form"],
)
def test_a_city_overrides_from_its_day_on_and_history_stays(city, text):
    own, first = city(text), date(2021, 3, 21)

    before = own.citation("fine_grain.parcel_below", as_of=first - DAY)
    after = own.citation("fine_grain.parcel_below", as_of=first)

    assert (before.value, before.set_by_city, before.valid_until) == (200, False, first - DAY)
    assert (after.value, after.set_by_city, after.valid_until) == (150, True, None)
    assert standards.value("fine_grain.parcel_below", as_of=first) == 200


def test_a_city_value_that_ends_gives_way_to_the_national_one(city):
    own = city(
        '[[override]]\nrule = "fine_grain.parcel_below"\nvalue = 150\n'
        f'from = "1400-01-01"\nuntil = "1400-12-29"\n{CITED}'
    )

    last = date(2022, 3, 20)
    assert own.value("fine_grain.parcel_below", as_of=last) == 150
    after = own.citation("fine_grain.parcel_below", as_of=last + DAY)
    assert (after.value, after.set_by_city, after.valid_until) == (200, False, None)


def test_a_city_may_rule_before_the_nation_did(city):
    own = city(
        f'[[override]]\nrule = "fine_grain.parcel_below"\nvalue = 150\nfrom = "1380-01-01"\n{CITED}'
    )

    assert own.value("fine_grain.parcel_below", as_of=date(2001, 3, 21)) == 150


def test_a_city_keeps_the_certainty_it_states_and_no_more(city):
    own = city(
        f'[[override]]\nrule = "fine_grain.parcel_below"\nvalue = 150\nfrom = "1400-01-01"\n{CITED}'
    )
    citation = own.citation("fine_grain.parcel_below", as_of=TODAY)

    assert citation.certainty == "M-high"
    assert not citation.is_verified
    assert citation.instrument == "مصوبهٔ کمیسیون مادهٔ پنج"


def test_a_city_may_give_a_range_by_city_size_for_a_plain_range(city):
    own = city(
        '[[override]]\nrule = "per_capita.green"\n'
        "value = [{ from_persons = 0, min = 5, max = 6 },"
        " { from_persons = 1000, min = 8, max = 9 }]\n"
        f'from = "1400-01-01"\n{CITED}'
    )

    assert own.per_capita("green", population=999, as_of=TODAY) == (5.0, 6.0)
    assert own.per_capita("green", population=1000, as_of=TODAY) == (8.0, 9.0)


def test_an_unknown_population_leaves_a_range_by_city_size_unknown():
    least, most = standards.per_capita("residential", population=float("nan"), as_of=TODAY)

    assert isnan(least)
    assert isnan(most)


def test_a_rule_is_in_force_from_its_first_day():
    national = Standards.national()

    assert national.is_in_force("per_capita.green", as_of=TODAY)
    assert not national.is_in_force("per_capita.green", as_of=date(1990, 1, 1))


def test_the_example_of_a_city_is_sound():
    own = Standards.national().with_city(EXAMPLE)

    assert own.per_capita("green", population=1, as_of=date(2025, 11, 21)) == (8.0, 12.0)
    assert own.per_capita("green", population=1, as_of=date(2026, 3, 21)) == (9.0, 12.0)


def test_an_empty_city_file_changes_nothing(city):
    assert city("").value("fine_grain.parcel_below", as_of=TODAY) == 200


def test_a_city_sets_its_own_criteria(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(
        '[[override]]\nrule = "priority.works"\nvalue = [\n'
        '  { criterion = "need_share", weight = 2, points = [[0, 1], [0.5, 0.25], [1, 0]] },\n'
        '  { criterion = "people_who_gain", weight = 0, points = [[0, 0], [10, 1]] },\n]\n'
        'from = "1404-01-01"\ninstrument = "i"\nclause = "c"\naddress = "a"\n'
        'certainty = "M-high"\nchecked_on = "1404-08-30"\n',
        encoding="utf-8",
    )

    criteria = (
        Standards.national().with_city(file).value("priority.works", as_of=date(2025, 11, 21))
    )

    assert criteria == {
        "need_share": {"weight": 2, "points": ((0, 1), (0.5, 0.25), (1, 0))},
        "people_who_gain": {"weight": 0, "points": ((0, 0), (10, 1))},
    }
