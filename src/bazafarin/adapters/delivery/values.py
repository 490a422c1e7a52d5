"""One field's values as one column's: numbers, years, days, codes, answers, text.

What is missing stays unknown without a word; what stands there and cannot be read becomes
unknown with a problem that names its rows and values.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bazafarin.adapters.delivery import synonyms
from bazafarin.adapters.delivery.mapping import REST, UNITS, Calendar, FieldRule
from bazafarin.adapters.delivery.synonyms import name_key
from bazafarin.adapters.persian_text import key_forms, normalise, parse_number, search_key
from bazafarin.domain.city import ColumnSpec, Kind
from bazafarin.domain.codes import Use
from bazafarin.domain.problem import Severity
from bazafarin.domain.solar_hijri import SOLAR_HIJRI_YEARS, parse_dates, parse_years

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.delivery.ledger import Ledger

ZERO_IS_UNKNOWN: Final = frozenset(
    {"land_area_m2", "area_m2", "width_m", "land_value_rial_m2", "capacity"}
)
"""Columns in which a delivery's zero is a number that was not recorded: land has an area."""

_IDLE_DECIMALS: Final = r"^[0-9]+(\.0+)?$"
_DECIMALS: Final = r"\..*"

_WORTH_A_LIST: Final = 40
"""So many distinct values are named in a problem's sentence; its rows and values are all there."""


class ColumnReader:
    """Reads the columns of one layer; ``codes`` are the tables of the mapping."""

    def __init__(self, layer: str, codes: Mapping[str, Mapping[str, str]], ledger: Ledger) -> None:
        self._layer = layer
        self._codes = codes
        self._ledger = ledger

    def read(self, values: pd.Series, spec: ColumnSpec, rule: FieldRule) -> pd.Series:
        """Return ``values`` as the column ``spec``, with the kind's own type (``Kind``)."""
        match spec.kind:
            case Kind.NUMBER | Kind.WHOLE:
                column = self._numbers(values, spec, rule)
            case Kind.YEAR_SH:
                column = self._years(values, spec, rule)
            case Kind.DATE:
                column = self._days(values, spec)
            case Kind.BOOLEAN:
                column = self._answers(values, spec)
            case Kind.CODE:
                column = self._coded(values, spec, rule)
            case Kind.ID | Kind.TEXT:
                column = self._texts(values, spec, rule)
        return column.rename(spec.name)

    def _texts(self, values: pd.Series, spec: ColumnSpec, rule: FieldRule) -> pd.Series:
        texts = as_text(values)
        column = _ids(texts) if spec.kind is Kind.ID else normalise(texts)
        count = 0 if column is texts else _how_many_differ(column, texts)
        if count:
            self._ledger.note(
                "reading.letters", self._layer, Severity.MENDED, field=spec.name, number=count
            )
        if spec.name == "service" or rule.codes:
            return self._services(column, rule)
        return column

    def _services(self, texts: pd.Series, rule: FieldRule) -> pd.Series:
        """Return services under the names of uses where they have one; others as they stand."""
        use = synonyms.code_book("use", Use)
        book = {**use, **self._mapped_codes(rule.codes or "service")}
        named = _looked_up(texts, book)
        return named.where(named.notna(), texts).astype("str")

    def _numbers(self, values: pd.Series, spec: ColumnSpec, rule: FieldRule) -> pd.Series:
        values = _without_unknown_words(values)
        numbers: pd.Series = parse_number(values)
        numbers = numbers.where(np.isfinite(numbers))
        self._tell("reading.number.unreadable", values, numbers.isna(), spec)
        if rule.unit:
            numbers = numbers * UNITS[spec.unit][rule.unit]
        if spec.least is not None:
            numbers = self._unless(numbers < spec.least, "reading.number.below", numbers, spec)
        if spec.most is not None:
            numbers = self._unless(numbers > spec.most, "reading.number.above", numbers, spec)
        if spec.name in ZERO_IS_UNKNOWN:
            numbers = self._unless(numbers == 0, "reading.number.zero", numbers, spec)
        if spec.kind is Kind.WHOLE:
            numbers = self._whole(numbers, spec)
        return numbers

    def _whole(self, numbers: pd.Series, spec: ColumnSpec) -> pd.Series:
        """Return counts rounded half up: two and a half storeys are three."""
        rounded: pd.Series = np.floor(numbers + 0.5)
        broken = numbers.notna() & (rounded != numbers)
        self._ledger.rows(
            "reading.number.rounded", self._layer, Severity.MENDED, numbers.index[broken],
            values=numbers[broken], field=spec.name,
        )  # fmt: skip
        return rounded

    def _unless(
        self, wrong: pd.Series, code: str, numbers: pd.Series, spec: ColumnSpec
    ) -> pd.Series:
        if not wrong.any():
            return numbers
        self._ledger.rows(
            code, self._layer, Severity.UNKNOWN, numbers.index[wrong],
            values=numbers[wrong], field=spec.name, unit=spec.unit,
            least=spec.least, most=spec.most,
        )  # fmt: skip
        known: pd.Series = numbers.mask(wrong)
        return known

    def _years(self, values: pd.Series, spec: ColumnSpec, rule: FieldRule) -> pd.Series:
        """Return Solar Hijri years of building.

        A year that is only bounded is used as the nearest one that the words allow and told
        as MENDED: «قبل از ۱۳۷۰» (before 1370) is 1369, which is right against any threshold
        up to 1370, and is never shown as exact, for its rows are named.
        """
        values = _without_unknown_words(values)
        if rule.calendar is Calendar.AGE:
            ages = parse_number(values)
            years = (rule.counted_in or np.nan) - ages.where(ages >= 0)
            years = years.where(years >= SOLAR_HIJRI_YEARS[0])
            approximate = pd.Series(data=False, index=values.index)
        else:
            years, approximate = parse_years(values)
        self._tell("reading.year.unreadable", values, years.isna(), spec)
        self._ledger.rows(
            "reading.year.bounded", self._layer, Severity.MENDED, values.index[approximate],
            values=values[approximate], field=spec.name,
        )  # fmt: skip
        return years

    def _days(self, values: pd.Series, spec: ColumnSpec) -> pd.Series:
        if not pd.api.types.is_datetime64_any_dtype(values):
            values = _without_unknown_words(normalise(as_text(values)))
        days = parse_dates(values)
        self._tell("reading.date.unreadable", values, days.isna(), spec)
        return days

    def _answers(self, values: pd.Series, spec: ColumnSpec) -> pd.Series:
        if pd.api.types.infer_dtype(values, skipna=True) == "boolean":
            return values.astype("boolean")
        texts = _without_unknown_words(as_text(values))
        said = _looked_up(texts, synonyms.answers()).astype("boolean")
        self._tell("reading.answer.unreadable", texts, said.isna(), spec)
        return said

    def _coded(self, values: pd.Series, spec: ColumnSpec, rule: FieldRule) -> pd.Series:
        assert spec.codes is not None  # noqa: S101 - a CODE column has its list (domain/city.py)
        mapped = self._mapped_codes(rule.codes or spec.name)
        kind = "use" if spec.name == "use_plan" else spec.name
        rest = mapped.get(REST)
        book = mapped if rest else {**synonyms.code_book(kind, spec.codes), **mapped}
        names = [code.value for code in spec.codes]
        default = "unknown" if "unknown" in names else None
        # A city has few words for a code: each is looked at once. A missing one is the last.
        texts = as_text(values)
        places, words = pd.factorize(texts)
        distinct = _without_unknown_words(pd.Series(words, dtype="str"))
        codes = _looked_up(distinct, book)
        missed = distinct.notna() & codes.isna()
        # Words for a street or a river are no code, but they are understood (``streets``).
        told = missed & synonyms.places(distinct).isna() if spec.name == "use" else missed
        if told.any():
            self._tell_codes(texts[np.append(told, False)[places]], spec, rest)
        codes = codes.mask(missed, rest) if rest else codes
        number = {name: place for place, name in enumerate(names)}
        unknown = number.get(default or "", -1)
        numbers = np.array([*(number.get(code, unknown) for code in codes), unknown], dtype=np.intp)
        read = pd.Categorical.from_codes(numbers[places], dtype=pd.CategoricalDtype(names))
        return pd.Series(read, index=values.index)

    def _mapped_codes(self, name: str) -> dict[str, str]:
        table = self._codes.get(name) or (self._codes.get("use", {}) if name == "use_plan" else {})
        exact = {search_key(value): table[value] for value in table}
        loose = {name_key(value): table[value] for value in table if value != REST}
        return {**loose, **exact}

    def _tell_codes(self, missed: pd.Series, spec: ColumnSpec, rest: str | None) -> None:
        distinct = missed.value_counts().index[:_WORTH_A_LIST]
        code = "reading.code.rest" if rest else "reading.code.unknown"
        severity = Severity.NOTE if rest else Severity.UNKNOWN
        self._ledger.rows(
            code, self._layer, severity, missed.index, values=missed, field=spec.name,
            distinct=", ".join(distinct), number=int(missed.nunique()), taken_as=rest or "unknown",
        )  # fmt: skip

    def _tell(self, code: str, values: pd.Series, unread: pd.Series, spec: ColumnSpec) -> None:
        """Record the rows where something stands that could not be read."""
        rows = unread & values.notna()
        if not rows.any():
            return
        self._ledger.rows(
            code, self._layer, Severity.UNKNOWN, values.index[rows],
            values=values[rows], field=spec.name,
        )  # fmt: skip


def as_text(values: pd.Series) -> pd.Series:
    """Return values as pandas ``str``: whole numbers without a point, nested ones as JSON."""
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "true", False: "false"}).astype("str")
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("object")
    if pd.api.types.is_integer_dtype(values):
        return values.astype("Int64").astype("str")
    if pd.api.types.is_float_dtype(values):
        whole = values.notna() & (values == np.floor(values)) & np.isfinite(values)
        texts = values.astype("object").where(~whole, None)
        texts[whole] = values[whole].astype("int64").astype("object")
        return texts.astype("str")
    if values.dtype == object:
        return pd.Series(
            [_written(value) for value in values], index=values.index, name=values.name, dtype="str"
        )
    return values.astype("str")


def _written(value: object) -> str | None:
    """Return one loosely typed value as text; a cell may hold anything, so each is looked at."""
    if isinstance(value, (dict, list, np.ndarray)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN alone differs
        return None
    if isinstance(value, (float, Decimal)) and value == value // 1:
        return str(int(value))
    return str(value)


def id_keys(values: pd.Series) -> pd.Series:
    """Return ids in the one form in which all layers and tables compare them."""
    return _ids(as_text(values))


def _ids(texts: pd.Series) -> pd.Series:
    """Return ids without marks; a word for the unknown is none.

    A sheet's numbers come out of some programs as «12.0»; they are the «12» of other layers.
    Where one id is no such number, «3.0» may stand beside «3.1», and all stay as they are.
    """
    ids = key_forms(_without_unknown_words(texts))
    listed = pa.array(ids)
    has_points = pc.any(pc.match_substring(listed, pattern="."), min_count=0).as_py()
    is_number = pc.match_substring_regex(listed, pattern=_IDLE_DECIMALS)
    if not (has_points and pc.all(is_number, min_count=0).as_py()):
        return ids
    whole: pd.Series = ids.str.replace(_DECIMALS, "", regex=True)
    return whole


def _without_unknown_words(values: pd.Series) -> pd.Series:
    """Return values with the empty and the words for the unknown as missing."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = as_text(values)
    words = synonyms.unknown_words()
    # No such word has a digit: of ids and sizes almost none need be looked at.
    listed = pa.array(texts)
    has_digit = pc.match_substring_regex(listed, pattern="[0-9]")
    distinct = pc.unique(listed.filter(pc.invert(has_digit))).to_pylist()
    unknown = {text for text in distinct if not text.strip() or name_key(text) in words}
    return texts.mask(texts.isin(unknown)) if unknown else texts


def _how_many_differ(one: pd.Series, other: pd.Series) -> int:
    """Return how many texts, known in both, are not the same."""
    differ = pc.sum(pc.not_equal(pa.array(one), pa.array(other)), min_count=0)
    return int(differ.as_py())


def _looked_up(texts: pd.Series, book: Mapping[str, object]) -> pd.Series:
    """Return what the book says for each text, missing where it says nothing."""
    places, distinct = pd.factorize(texts)
    said = np.full(len(distinct) + 1, None, dtype=object)
    for place, text in enumerate(distinct):
        # The spelling as it stands goes before the loose one.
        said[place] = book.get(search_key(text), book.get(name_key(text)))
    # A missing text has the place -1: the last one.
    return pd.Series(said[places], index=texts.index, name=texts.name)
