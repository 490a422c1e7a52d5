"""Duties of the catalogue: both languages whole, Persian well spelt, every code in words."""

import ast
import re
import string
from enum import StrEnum
from pathlib import Path

import pytest

from bazafarin.adapters import wording
from bazafarin.domain import codes, errors
from bazafarin.domain.finding import Finding
from bazafarin.domain.problem import Severity
from bazafarin.standards.rule import CERTAINTIES
from bazafarin.standards.rule_value import UNITS
from bazafarin.studies import boundary_revision

SOURCE = Path(__file__).resolve().parents[3] / "src" / "bazafarin"
# Their rule is added where the value was read from (rule_file).
RULE_ADDED_LATER = "standards/rule_value.py"
ERRORS = {
    name
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.BazafarinError)
}
CODE_LISTS = [
    thing
    for thing in (*vars(codes).values(), Severity)
    if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum
]
# A half-space belongs before the plural and after the prefix of a present verb.
PARTED_WORD = re.compile(
    r"(?<=[\u0600-\u06ff]) ها(?:ی|یی)?(?![\u0600-\u06ff\u200c])|(?<!\S)ن?می (?!\S*\d)"
)


def placeholders(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def raised():
    """Yield (code, names of its facts or None where they cannot be seen, place)."""
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name not in ERRORS | {"Problem"}:
                continue
            first = (
                call.args[0]
                if call.args
                else next((word.value for word in call.keywords if word.arg == "code"), None)
            )
            if isinstance(first, ast.Constant):
                place = f"{path.relative_to(SOURCE)}:{call.lineno}"
                yield first.value, facts_of(call, name), place


def facts_of(call, name):
    words = {word.arg: word.value for word in call.keywords}
    if name != "Problem":
        return None if None in words else set(words)
    given = words.get("facts")
    if given is None:
        return {"layer", "field", "count"}
    if not isinstance(given, ast.Dict) or any(key is None for key in given.keys):
        return None
    return {"layer", "field", "count"} | {ast.literal_eval(key) for key in given.keys}


def keys_of(code):
    return [key for key in (f"errors.{code}", f"problems.{code}", code) if wording.has(key)]


def test_both_languages_have_the_same_keys():
    assert wording.keys("fa") == wording.keys("en")


def test_a_sentence_names_the_same_facts_in_both_languages():
    differing = {
        key
        for key in wording.keys("fa") & wording.keys("en")
        if placeholders(wording.sentence(key, "fa")) != placeholders(wording.sentence(key, "en"))
    }

    assert not differing


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_sentence_is_empty(language):
    assert not [
        key for key in wording.keys(language) if not wording.sentence(key, language).strip()
    ]


def test_persian_has_persian_letters_and_half_spaces():
    sentences = {key: wording.sentence(key, "fa") for key in wording.keys("fa")}

    assert not [key for key, said in sentences.items() if re.search("[يكى٠-٩]", said)]
    assert not {key: said for key, said in sentences.items() if PARTED_WORD.search(said)}


@pytest.mark.parametrize("wrong", ["بافت ها", "بافت های شهر", "می شود", "اگر نمی شود"])
def test_the_check_of_half_spaces_finds_what_is_wrong(wrong):
    assert PARTED_WORD.search(wrong)


@pytest.mark.parametrize("right", ["بافت‌ها", "می‌شود", "مقام هادی", "قدیمی شهر", "تنها هامون"])
def test_the_check_of_half_spaces_lets_right_words_be(right):
    assert not PARTED_WORD.search(right)


@pytest.mark.parametrize("codes_of", CODE_LISTS, ids=lambda codes_of: codes_of.__name__)
def test_every_code_has_its_word(codes_of):
    kind = snake(codes_of.__name__)

    assert not [code for code in codes_of if not wording.has(f"codes.{kind}.{code.value}")]


@pytest.mark.parametrize("topic", ["document", "map", "plan"])
def test_every_reason_of_a_boundary_change_has_its_sentence(topic):
    assert [r for r in boundary_revision.REASONS if not wording.has(f"{topic}.reason.{r}")] == []


def test_every_unit_and_certainty_mark_has_its_words():
    assert not [unit for unit in UNITS if not wording.has(f"units.unit.{unit}")]
    assert not [mark for mark in CERTAINTIES if not wording.has(f"units.certainty.{mark}")]


def test_every_error_and_problem_in_the_source_has_its_sentence():
    assert not {(code, place) for code, _, place in raised() if not keys_of(code)}


def test_every_sentence_of_an_error_or_problem_is_given_its_facts():
    wanting = {
        (code, place, frozenset(placeholders(wording.sentence(keys_of(code)[0], "fa")) - facts))
        for code, facts, place in raised()
        if facts is not None and keys_of(code) and not place.startswith(RULE_ADDED_LATER)
    }

    assert not {entry for entry in wanting if entry[2]}


def test_every_problem_of_a_rule_file_has_its_sentence():
    source = (SOURCE / "standards" / "rule_file.py").read_text(encoding="utf-8")
    noted = re.findall(r'problems\.add\(\s*"(\w+)"', source)

    assert len(noted) > 10
    assert not [code for code in noted if not wording.has(f"errors.standards.{code}")]


def test_a_finding_names_its_unit_in_words():
    documented = re.search(r"unit: (.+?)\.\n|unit: (.+)…", Finding.__doc__)

    assert documented
    assert not [
        unit
        for unit in re.findall(r"``(\w+)``", documented[0])
        if not wording.has(f"units.unit.{unit}")
    ]
