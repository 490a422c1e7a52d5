"""What a person reads at the end: figures as the office says them."""

from __future__ import annotations

import re

import pytest

from bazafarin.cli import said


def headline(value, unit, language="fa") -> str:
    result = {
        "city": "x",
        "synthetic": False,
        "findings": {"boundary.proposed_area_m2": {"value": value, "unit": unit}},
        "problems": {},
        "seconds": {},
        "why_no_project": "",
        "outputs": {},
    }
    line = list(said.plan(result, language))[1]
    return re.sub("[\u2066-\u2069]", "", line.split(": ")[1])


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (339_480.86, "m2", "۳۳٫۹۵ هکتار"),
        (9_999.4, "m2", "۹٬۹۹۹ مترمربع"),
        (None, "m2", "نامعلوم"),
        (None, "persons", "نامعلوم"),
        (5_000, "count", "۵٬۰۰۰"),
        (21_024, "persons", "۲۱٬۰۲۴ نفر"),
    ],
)
def test_a_headline_is_said_as_the_office_says_it(value, unit, written) -> None:
    assert headline(value, unit) == written
