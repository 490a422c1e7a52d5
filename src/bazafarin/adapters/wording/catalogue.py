"""The catalogue of sentences: a key and facts in, a sentence of the language out.

A topic is a file ``<language>/<topic>.toml``; a key is ``<topic>.<path>``. A placeholder is
``{fact}`` or ``{fact:how}``, where ``how`` is ``plain`` (no thousands mark: a year, a row),
``percent`` (of a share 0–1), ``lines`` (a list, one a line), or a format of Python's own such
as ``.1f``. Facts are written
as the language writes them: numbers in its digits, days of its calendar, the unknown as a
word; in Persian a text is isolated, so that ``3-12-45-7`` keeps its order.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, get_args

import numpy as np
import pandas as pd

from bazafarin.adapters.persian_script import (
    Language,
    grouped,
    isolate,
    persian_digits,
    persian_figure,
)
from bazafarin.domain.errors import BazafarinError
from bazafarin.domain.solar_hijri import format_iso_jalali

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.domain.problem import Problem

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

# A fact of no stated format is written with so many decimals at most.
_DECIMALS_OF_A_FACT: Final = 2


def text(key: str, language: Language, /, **facts: object) -> str:
    """Return the sentence of ``key`` with its facts written in.

    Facts that the sentence does not name are left out; a fact that it names and that is not
    given is a KeyError, as is an unknown key: both are faults of the calling code.
    """
    return _Writer(language).vformat(sentence(key, language), (), facts)


def sentence(key: str, language: Language) -> str:
    """Return the sentence of ``key`` as it stands in the catalogue, placeholders and all."""
    return _catalogue(language)[key]


def label(kind: str, code: str, language: Language) -> str:
    """Return the word for a code of a list, such as ``use`` and ``residential``."""
    return text(f"codes.{kind}.{code}", language)


def has(key: str) -> bool:
    """Return whether both languages have a sentence for ``key``."""
    return all(key in _catalogue(language) for language in LANGUAGES)


def keys(language: Language) -> frozenset[str]:
    """Return every key of the language's catalogue."""
    return frozenset(_catalogue(language))


def error_text(error: BazafarinError, language: Language) -> str:
    """Return what a reader is told about an error: ``errors.<code>``, or ``<code>`` itself."""
    return text(_first_key("errors", error.code), language, **error.facts)


def problem_text(problem: Problem, language: Language) -> str:
    """Return what a reader is told about rows: ``problems.<code>``, or ``<code>`` itself.

    Beside the problem's own facts a sentence may name ``layer``, ``field`` and ``count``.
    """
    facts = {
        "layer": problem.layer,
        "field": problem.field,
        "count": problem.count,
        **problem.facts,
    }
    return text(_first_key("problems", problem.code), language, **facts)


def _first_key(topic: str, code: str) -> str:
    longer = f"{topic}.{code}"
    return longer if has(longer) else code


@lru_cache
def _catalogue(language: Language) -> Mapping[str, str]:
    folder = files("bazafarin.adapters.wording").joinpath(language)
    sentences: dict[str, str] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            topic = file.name.removesuffix(".toml")
            sentences.update(_flat(tomllib.loads(file.read_text(encoding="utf-8")), topic))
    return sentences


def _flat(table: Mapping[str, Any], path: str) -> dict[str, str]:
    """Return a nested table as one of dotted keys; its leaves are sentences."""
    flat: dict[str, str] = {}
    for name, entry in table.items():
        key = f"{path}.{name}"
        if isinstance(entry, dict):
            flat.update(_flat(entry, key))
        elif isinstance(entry, str):
            flat[key] = entry
        else:
            raise TypeError(f"{key} is no sentence: {entry!r}")
    return flat


def _is_unknown(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value is pd.NaT or value is pd.NA or value == ""


class _Writer(string.Formatter):
    """Fills a sentence's placeholders as its language writes them."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> object:
        if isinstance(key, int):
            return args[key]
        return kwargs[key]

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, BazafarinError):
            return error_text(value, self._language)
        if isinstance(value, Iterable) and not isinstance(value, str):
            return self._list(value, format_spec)
        if _is_unknown(value):
            return sentence("units.unknown", self._language)
        if isinstance(value, (bool, np.bool_)):
            return sentence("units.yes" if value else "units.no", self._language)
        return self._scalar(value, format_spec)

    def _scalar(self, value: object, how: str) -> str:
        if isinstance(value, date):
            return self._in_digits(format_iso_jalali(value))
        if isinstance(value, (int, float, np.number)):
            return self._number(value, how)
        return isolate(str(value)) if self._language == "fa" else str(value)

    def _list(self, values: Iterable[object], how: str) -> str:
        if how == "lines":
            return "".join(f"\n– {self.format_field(value, '')}" for value in values)
        written = [self.format_field(value, how) for value in values]
        if not written:
            return sentence("units.none", self._language)
        return sentence("units.list_joint", self._language).join(written)

    def _number(self, value: float | np.number, how: str) -> str:
        if how == "plain":
            return self._in_digits(f"{value:.0f}")
        if how == "percent":
            return self._percentage(float(value))
        if how:
            return self._in_figures(format(value, how))
        if isinstance(value, (int, np.integer)):
            return grouped(int(value), decimals=0, language=self._language)
        return self._in_figures(f"{value:,.{_DECIMALS_OF_A_FACT}f}".rstrip("0").rstrip("."))

    def _percentage(self, share: float) -> str:
        """Return a share as a percentage of one decimal; what is not all is never 100 %."""
        nearest = grouped(share * 100, decimals=1, language="en").removesuffix(".0") + "%"
        if 0 < share < 1 and nearest in {"0%", "100%"}:
            side, figure = ("less_than", "0.1%") if nearest == "0%" else ("more_than", "99.9%")
            return sentence(f"units.{side}", self._language).format(figure=self._in_figures(figure))
        return self._in_figures(nearest)

    def _in_digits(self, figure: str) -> str:
        return persian_digits(figure) if self._language == "fa" else figure

    def _in_figures(self, figure: str) -> str:
        return persian_figure(figure) if self._language == "fa" else figure
