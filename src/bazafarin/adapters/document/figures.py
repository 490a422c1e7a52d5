"""Figures as the document writes them: Persian digits, a unit, and «نامعلوم» for the unknown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, SupportsFloat, cast

import pandas as pd

from bazafarin.adapters import wording
from bazafarin.adapters.document.content import Cell
from bazafarin.adapters.persian_text import isolate, number, percent, persian_digits

if TYPE_CHECKING:
    from bazafarin.domain.finding import Citation, Finding

M2_A_HECTARE = 10_000
RIAL_A_MILLIARD = 1_000_000_000
MILLIARD_STEP = 0.1
SHARE_DECIMALS = 1
_DECIMALS = {"ha": 2, "m": 0, "m2": 0, "count": 0, "persons": 0, "per_capita": 2}
_PERCENTAGES = ("share", "ratio")
"""Shares, and ratios of areas such as تراکم, which the office writes as a percentage too."""
_BARE = (*_PERCENTAGES, "count", "text")
_CODE_KINDS = ("structure", "use", "quality", "ownership", "service", "target_type")


def words(key: str, /, **facts: object) -> str:
    """Return a sentence of the document, with its facts."""
    return wording.text(f"document.{key}", "fa", **facts)


def chapter_words(chapter: str, key: str, /, **facts: object) -> str:
    """Return a sentence of a chapter that has a topic of its own, with its facts."""
    return wording.text(f"document_{chapter}.{key}", "fa", **facts)


def label(kind: str, code: object) -> str:
    """Return the word for a code; a missing one is «نامعلوم», an unlisted one stands as it is."""
    if is_unknown(code):
        return wording.text("units.unknown", "fa")
    key = f"codes.{kind}.{code}"
    return wording.text(key, "fa") if wording.has(key) else isolate(str(code))


def place_code(code: object) -> str:
    """Return the code of a block or neighbourhood in Persian digits, its order kept."""
    return isolate(persian_digits(str(code)))


def is_unknown(value: object) -> bool:
    """Return whether a single value is not known."""
    is_nan = isinstance(value, float) and math.isnan(value)
    return value is None or value is pd.NA or value is pd.NaT or is_nan


def figure(value: object, unit: str = "count") -> str:
    """Return a figure without its unit: shares as a percentage, areas in whole m²."""
    if is_unknown(value):
        return wording.text("units.unknown", "fa")
    if isinstance(value, bool):
        return wording.text("units.yes" if value else "units.no", "fa")
    if isinstance(value, str):
        return isolate(value)
    if unit in _PERCENTAGES:
        return share(value)
    known = as_float(value)
    if unit == "year_sh":
        return persian_digits(f"{known:.0f}")
    return _measured(known * 100 if unit == "share_points" else known, unit)


def _measured(value: float, unit: str) -> str:
    """Return a figure in its unit's decimals; nothing is «۰», and what rounds to nothing is not."""
    decimals = _DECIMALS.get(unit, _decimals_of(value))
    least = 10.0**-decimals
    if 0 < value < least / 2:
        return wording.text("units.less_than", "fa", figure=number(least, decimals=decimals))
    return number(value, decimals=decimals if value else 0)


def _decimals_of(value: float) -> int:
    """Return how many decimals a figure of no stated precision needs, two at most."""
    return next((at for at in range(2) if round(value, at) == round(value, 2)), 2)


def share(value: object, *, apart_from: float | None = None) -> str:
    """Return a share of 0–1 as a percentage of one decimal.

    A share that one decimal would make one with ``apart_from`` (a threshold) has two.
    """
    known = None if is_unknown(value) else as_float(value)
    differs = known is not None and apart_from is not None and known != apart_from
    if differs and _percent(known) == _percent(apart_from):
        return percent(known, decimals=SHARE_DECIMALS + 1)
    return wording.text("units.percentage", "fa", share=known)


def _percent(known: float | None) -> str:
    return percent(known, decimals=SHARE_DECIMALS)


def hectares(area_m2: object) -> str:
    """Return an area of m² in hectares, with two decimals and no unit."""
    return figure(None if is_unknown(area_m2) else as_float(area_m2) / M2_A_HECTARE, "ha")


def milliards(rial: object) -> str:
    """Return an amount of rials in milliards, with one decimal where it needs one, and no unit."""
    if is_unknown(rial):
        return figure(None)
    known = as_float(rial) / RIAL_A_MILLIARD
    if 0 < known < MILLIARD_STEP / 2:
        least = number(MILLIARD_STEP, decimals=1)
        return wording.text("units.less_than", "fa", figure=least)
    return number(known, decimals=0 if round(known, 1).is_integer() else 1)


def with_unit(value: object, unit: str) -> str:
    """Return a figure with its unit spelled; areas of a hectare and more are in hectares."""
    if is_unknown(value) or isinstance(value, bool | str) or unit in _BARE:
        return figure(value, unit)
    if unit == "rial":
        return f"{milliards(value)} {chapter_words('projects', 'milliard_rial')}"
    if unit == "m2" and as_float(value) >= M2_A_HECTARE:
        return f"{hectares(value)} {wording.text('units.unit.ha', 'fa')}"
    return f"{figure(value, unit)} {unit_word(unit)}"


def unit_word(unit: str) -> str:
    """Return the unit spelled; one that has no word stands as it is."""
    key = f"units.unit.{unit}"
    return wording.text(key, "fa") if wording.has(key) else isolate(unit)


def finding_text(finding: Finding) -> str:
    """Return a finding's figure with its unit."""
    return with_unit(finding.value, finding.unit)


def coverage_note(coverage: object) -> str:
    """Return «پوشش ۸۰٪» where not all was known; nothing where all or none was, or no matter."""
    if is_unknown(coverage) or as_float(coverage) >= 1 or not as_float(coverage):
        return ""
    return words("coverage", share=as_float(coverage))


def share_cell(share_known: object, coverage: object, *, threshold: float | None = None) -> Cell:
    """Return a share with its coverage beside it where not all was known."""
    return covered_cell(share(share_known, apart_from=threshold), share_known, coverage)


def covered_cell(written: str, value: object, coverage: object) -> Cell:
    """Return a figure with its coverage beside it where not all was known."""
    if is_unknown(coverage) or as_float(coverage) >= 1 or is_unknown(value):
        return Cell(written)
    return Cell(written, words("small_coverage", share=as_float(coverage)), is_beside=True)


def unverified_mark(citation: Citation | None) -> str:
    """Return «تأییدنشده» for a rule without a seen source; nothing for one that has it."""
    if citation is None or citation.is_verified:
        return ""
    return wording.text("units.certainty_short.unverified", "fa")


def rule_value(value: object, unit: str) -> str:
    """Return a rule's value: a figure, or the words of its codes."""
    if isinstance(value, Mapping):
        return words("rule_is_a_list")
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(part, int | float) for part in value):
            between = words("range", low=figure(value[0], unit), high=figure(value[-1], unit))
            return f"{between} {unit_word(unit)}"
        listed = "، ".join(_word_of_code(str(part)) for part in value)
        return listed or wording.text("units.none", "fa")
    return with_unit(value, unit)


def _word_of_code(code: str) -> str:
    """Return the word of a code of whichever list has it."""
    known = [kind for kind in _CODE_KINDS if wording.has(f"codes.{kind}.{code}")]
    return label(known[0], code) if known else isolate(code)


def as_float(value: object) -> float:
    """Return a figure that is known as a number."""
    return float(cast("SupportsFloat", value))
