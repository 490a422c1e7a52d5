"""Every code that reading can raise has its sentence, in both languages, with facts it is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bazafarin.adapters import delivery, wording

SOURCES = sorted(Path(delivery.__file__).parent.glob("*.py"))
CODES = sorted(
    {
        code
        for path in SOURCES
        for code in re.findall(r'"(reading\.[a-z_.]+[a-z])"', path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("code", CODES)
def test_every_code_in_the_package_has_a_sentence(code):
    assert wording.has(code)


@pytest.mark.parametrize(
    "code", sorted(key for key in wording.keys("fa") if key.startswith("reading."))
)
def test_both_languages_name_the_same_facts(code):
    facts = {
        language: set(re.findall(r"{(\w+)", wording.sentence(code, language)))
        for language in wording.LANGUAGES
    }

    assert facts["fa"] == facts["en"]
