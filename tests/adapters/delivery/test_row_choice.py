"""The rows that a mapping takes, and those that it leaves out: each is told with its value."""

from __future__ import annotations

import pytest

from bazafarin.adapters import wording
from bazafarin.adapters.delivery import read_city, rejected_table
from bazafarin.domain.errors import MappingError
from bazafarin.domain.problem import Severity

from .conftest import lots, problems

KINDS = ["خانه\u200cسازي", "ISLAND", None, "road"]


@pytest.fixture
def with_mapping(write, tmp_path):
    def _read(text, **columns):
        mapping = tmp_path / "mapping.toml"
        mapping.write_text(text, encoding="utf-8")
        return read_city(write(lots(**(columns or {"KIND": KINDS}))), mapping=mapping)

    return _read


def _rows(rule):
    return f"[layers.parcels.rows]\nfield = 'KIND'\n{rule}"


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        ("only = ['خانهسازی', 'Road']", [1, 4]),
        ("only = ['road']", [4]),
        ("except = ['island']", [1, 3, 4]),
        ("except = ['خانه\u200cسازی', 'road']", [2, 3]),
    ],
)
def test_rows_are_taken_by_their_values_in_any_spelling_under_their_own_numbers(
    with_mapping, rule, taken
):
    city = with_mapping(_rows(rule))

    assert city.parcels.index.tolist() == taken
    assert rejected_table(city.problems)["row"].tolist() == sorted({1, 2, 3, 4} - set(taken))


def test_what_is_left_out_is_counted_and_told_with_its_reason(with_mapping):
    city = with_mapping(_rows("only = ['road']"))

    (told,) = problems(city, "reading.left_out")
    assert (told.severity, told.field) == (Severity.REJECTED, "KIND")
    assert dict(zip(told.rows, told.values, strict=True)) == {1: KINDS[0], 2: "ISLAND", 3: ""}
    assert (city.sources["parcels"].rows, city.sources["parcels"].used) == (4, 1)
    assert "left out by the mapping" in wording.problem_text(told, "en")
    assert "نگاشت" in wording.problem_text(told, "fa")


def test_a_number_may_be_named_as_a_number_or_as_a_text(with_mapping):
    city = with_mapping(_rows("only = [2, '۳']"), KIND=[1.0, 2.0, 3.0, None])

    assert city.parcels.index.tolist() == [2, 3]


@pytest.mark.parametrize("how", ["only", "except"])
def test_a_value_that_no_row_has_is_told_with_the_nearest(with_mapping, how):
    with pytest.raises(MappingError) as caught:
        with_mapping(_rows(f"{how} = ['road', 'ISLANT']"))

    assert caught.value.code == "reading.mapping.no_value"
    assert caught.value.facts["where"] == f"layers.parcels.rows.{how}"
    assert caught.value.facts["nearest"] == "ISLAND"
    assert "ISLANT" in wording.error_text(caught.value, "fa")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("only = ['road']\nexcept = ['ISLAND']", "reading.mapping.only_or_except"),
        ("", "reading.mapping.only_or_except"),
        ("only = []", "reading.mapping.value"),
        ("only = 'road'", "reading.mapping.value"),
    ],
)
def test_a_choice_that_says_nothing_clear_is_a_mistake(with_mapping, rule, code):
    with pytest.raises(MappingError) as caught:
        with_mapping(_rows(rule))

    assert caught.value.code == code


def test_the_rows_of_a_keyed_table_are_chosen_too(with_mapping, tmp_path):
    (tmp_path / "people.csv").write_text(
        "PELAK,KIND,COUNT\n3-1-1-1,tenant,3\n3-1-1-1,owner,2\n3-1-1-2,owner,4\n"
    )
    text = """
        [[tables]]
        name = "people"
        source = "people.csv"
        key = "PELAK"
        rows = { field = "KIND", only = ["KINDS"] }
        [tables.columns]
        population = { field = "COUNT", combine = "sum" }
    """

    city = with_mapping(text.replace("KINDS", "owner"))

    assert city.parcels["population"].tolist()[:2] == [2, 4]
    assert (city.sources["people"].rows, city.sources["people"].used) == (3, 2)
    with pytest.raises(MappingError, match=r"no_value"):
        with_mapping(text.replace("KINDS", "ownr"))
