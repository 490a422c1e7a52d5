"""The catalogue: how a sentence is found and how its facts are written into it."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bazafarin.adapters import wording
from bazafarin.adapters.wording import catalogue
from bazafarin.domain.errors import StandardsError, UsageError
from bazafarin.domain.problem import Problem, Severity

LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


@pytest.fixture
def sentences(monkeypatch):
    """Let a test stand on its own sentences: a dict of them for both languages."""
    units = {key: wording.sentence(key, "fa") for key in wording.keys("fa") if key[:6] == "units."}
    own: dict[str, str] = {}
    monkeypatch.setattr(catalogue, "_catalogue", lambda _language: units | own)
    return own


def test_a_code_has_its_word_in_both_languages():
    assert wording.label("use", "residential", "fa") == "مسکونی"
    assert wording.label("use", "residential", "en") == "residential"


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("3-12-45-7", f"{LRI}3-12-45-7{PDI}"),
        ("بازار", f"{FSI}بازار{PDI}"),
        (Path("a/b.gpkg"), f"{LRI}a/b.gpkg{PDI}"),
        (1234, "۱٬۲۳۴"),
        (np.int64(1234), "۱٬۲۳۴"),
        (0.5, "۰٫۵"),
        (np.float32(0.5), "۰٫۵"),
        (1234.0, "۱٬۲۳۴"),
        (2 / 3, "۰٫۶۷"),
        (date(2025, 11, 21), "۱۴۰۴/۰۸/۳۰"),
        (pd.Timestamp("2025-11-21"), "۱۴۰۴/۰۸/۳۰"),
        (True, "بله"),
        (np.array([False])[0], "خیر"),
        (Severity.NOTE, f"{LRI}note{PDI}"),
        (["a", 1], f"{LRI}a{PDI}، ۱"),
        ((), "هیچ‌کدام"),
        (None, "نامعلوم"),
        (np.nan, "نامعلوم"),
        (pd.NaT, "نامعلوم"),
        (pd.NA, "نامعلوم"),
        ("", "نامعلوم"),
    ],
)
def test_a_fact_is_written_as_persian_writes_it(sentences, fact, written):
    sentences["a.b"] = "{fact}"

    assert wording.text("a.b", "fa", fact=fact) == written


def test_a_fact_is_written_in_english_without_isolates(sentences):
    sentences["a.b"] = "{code}, {count}, {day}"

    assert (
        wording.text("a.b", "en", code="3-12", count=1234, day=date(2025, 11, 21))
        == "3-12, 1,234, 1404/08/30"
    )


@pytest.mark.parametrize(
    ("how", "fact", "written"),
    [("plain", 1370.0, "۱۳۷۰"), ("percent", 0.5, "۵۰٪"), ("percent", 0.505, "۵۰٫۵٪"),
     (".1f", 2.0, "۲٫۰"), (",.0f", 1234.4, "۱٬۲۳۴"), ("plain", None, "نامعلوم"),
     ("lines", ["a", "b"], f"\n– {LRI}a{PDI}\n– {LRI}b{PDI}")],
)  # fmt: skip
def test_a_placeholder_may_say_how_its_fact_is_written(sentences, how, fact, written):
    sentences["a.b"] = f"{{fact:{how}}}"

    assert wording.text("a.b", "fa", fact=fact) == written


def test_a_fact_may_be_called_key_or_language(sentences):
    sentences["a.b"] = "{key} {language}"

    assert wording.text("a.b", "en", key="k", language="l") == "k l"


def test_facts_that_a_sentence_does_not_name_are_left_out(sentences):
    sentences["a.b"] = "x"

    assert wording.text("a.b", "fa", fact=1) == "x"


def test_a_missing_fact_or_key_is_a_fault_of_the_caller(sentences):
    sentences["a.b"] = "{fact}"

    with pytest.raises(KeyError, match="fact"):
        wording.text("a.b", "fa")
    with pytest.raises(KeyError, match=r"a\.c"):
        wording.text("a.c", "fa")


def test_an_error_is_told_by_its_code_with_and_without_the_topic(sentences):
    sentences["errors.usage.as_of"] = "bad {text}"
    sentences["delivery.empty"] = "empty {layer}"

    assert wording.error_text(UsageError("usage.as_of", text="x"), "en") == "bad x"
    assert wording.error_text(UsageError("delivery.empty", layer="x"), "en") == "empty x"


def test_an_error_within_an_error_is_told_too(sentences):
    sentences["errors.outer"] = "of {file}:{problems:lines}"
    sentences["errors.inner"] = "{rule} is bad"
    inner = StandardsError("inner", rule="r")

    assert (
        wording.error_text(StandardsError("outer", file="f", problems=(inner,)), "en")
        == "of f:\n– r is bad"
    )


def test_a_problem_is_told_with_its_layer_field_and_count(sentences):
    sentences["problems.text.mended"] = "{layer}.{field}: {count} of {all}"
    problem = Problem(
        "text.mended", "parcels", Severity.MENDED, rows=(1, 5), field="use", facts={"all": 9}
    )

    assert wording.problem_text(problem, "en") == "parcels.use: 2 of 9"


def test_a_leaf_that_is_no_sentence_is_refused():
    with pytest.raises(TypeError, match=r"topic\.a\.b"):
        catalogue._flat({"a": {"b": 1}}, "topic")


def test_a_day_with_a_time_is_written_as_its_day(sentences):
    sentences["a.b"] = "{fact}"

    assert wording.text("a.b", "en", fact=datetime(2025, 11, 21, 8)) == "1404/08/30"  # noqa: DTZ001 - a delivery's own
