"""Files of rules: one malformed file for each way to go wrong, and all problems told at once."""

from datetime import date
from pathlib import Path

import pytest

from bazafarin.adapters import wording
from bazafarin.domain.errors import StandardsError
from bazafarin.standards import Standards
from bazafarin.standards.rule_file import read_national

# A file is named after the problem it has, and after ``--`` after what is wrong in it.
MALFORMED = Path(__file__).parent / "malformed"


def codes_of(error):
    return [problem.code for problem in error.facts["problems"]]


@pytest.mark.parametrize(
    "file", sorted(MALFORMED.glob("national/*.toml")), ids=lambda file: file.stem
)
def test_a_malformed_national_file_is_refused(file):
    with pytest.raises(StandardsError) as caught:
        read_national([file])

    assert caught.value.code == "standards.file_invalid"
    assert codes_of(caught.value) == [f"standards.{file.stem.partition('--')[0]}"]
    assert file.name in wording.error_text(caught.value, "fa")


@pytest.mark.parametrize("file", sorted(MALFORMED.glob("city/*.toml")), ids=lambda file: file.stem)
def test_a_malformed_city_file_is_refused(file):
    with pytest.raises(StandardsError) as caught:
        Standards.national().with_city(file)

    assert caught.value.code == "standards.file_invalid"
    assert codes_of(caught.value) == [f"standards.{file.stem.partition('--')[0]}"]
    assert file.name in wording.error_text(caught.value, "en")


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(
        '[[override]]\nrule = "no.such"\nvalue = 1\n'
        '[[override]]\nrule = "fine_grain.share_above"\nvalue = 50\nfrom = 1385-02-11\ntypo = 1\n',
        encoding="utf-8",
    )

    with pytest.raises(StandardsError) as caught:
        Standards.national().with_city(file)

    assert sorted(codes_of(caught.value)) == sorted(
        [
            "standards.unknown_rule",
            "standards.unknown_key",
            *["standards.missing_key"] * 5,
            "standards.bad_date",
            "standards.value_out_of_range",
        ]
    )
    assert caught.value.facts["count"] == 9


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[[override]\n", "standards.file_not_toml"),
        ("متن".encode("cp1256"), "standards.file_not_utf8"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, content, code):
    file = tmp_path / "city.toml"
    file.write_bytes(content)

    with pytest.raises(StandardsError) as caught:
        Standards.national().with_city(file)

    assert caught.value.code == code
    assert str(file) in wording.error_text(caught.value, "en")


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(StandardsError) as caught:
            Standards.national().with_city(path)
        assert caught.value.code == "standards.file_unreadable"


def _override(value: str, rule: str = "population.household_size") -> str:
    return (
        f'[[override]]\nrule = "{rule}"\nvalue = {value}\nfrom = "1404-01-01"\ninstrument = "i"\n'
        'clause = "c"\naddress = "a"\ncertainty = "M-high"\nchecked_on = "1404-08-30"\n'
    )


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(_override("3.1"), encoding="utf-8-sig")

    standards = Standards.national().with_city(file)

    assert standards.value("population.household_size", as_of=date(2025, 11, 21)) == 3.1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (_override("9" * 400), "standards.value_not_number"),
        (_override("-3"), "standards.value_below"),
        ('[[rule]]\nid = "fine_grain.share_above"\noperator = ">="\n', "standards.not_the_rules"),
    ],
)
def test_what_a_rule_cannot_be_is_told(tmp_path, text, code):
    file = tmp_path / "city.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(StandardsError) as caught:
        Standards.national().with_city(file)

    assert code in codes_of(caught.value)
    assert all(wording.error_text(caught.value, language) for language in wording.LANGUAGES)


def test_a_file_nested_without_end_is_told(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text("a = " + "[" * 5000 + "]" * 5000, encoding="utf-8")

    with pytest.raises(StandardsError, match="file_too_deep"):
        Standards.national().with_city(file)
