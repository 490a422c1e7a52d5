"""Reads a mapping file and checks all of it: every mistake is told, with the nearest right name."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters.delivery.mapping import (
    UNITS,
    Calendar,
    Combine,
    DeliveryMapping,
    FieldRule,
    RowRule,
    SourceRule,
    TableRule,
)
from bazafarin.adapters.delivery.mapping_checks import MappingChecks
from bazafarin.adapters.delivery.synonyms import code_book, name_key
from bazafarin.adapters.persian_text import search_key
from bazafarin.domain.city import LAYERS, ColumnSpec, Kind
from bazafarin.domain.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bazafarin.adapters.delivery.ledger import Ledger

_ROOT_KEYS: Final = ("city", "layers", "tables", "codes")
_CITY_KEYS: Final = ("name_fa", "crs", "utm_zone", "synthetic", "other_layers")
_SOURCE_KEYS: Final = ("source", "layer", "crs", "encoding", "rows", "fields")
_TABLE_KEYS: Final = ("name", "source", "layer", "encoding", "rows", "key", "key_of", "columns")
_ROW_KEYS: Final = ("field", "only", "except")
_FIELD_KEYS: Final = ("field", "constant", "unit", "calendar", "counted_in", "codes")
_TABLE_FIELD_KEYS: Final = (*_FIELD_KEYS, "combine")
_OTHER_LAYERS: Final = ("find", "leave")
_UTM_NORTH: Final = 32600
_UTM_ZONES: Final = range(1, 61)
_COMBINES_OF_NUMBERS: Final = tuple(how for how in Combine if how not in {Combine.ANY, Combine.ALL})
_COMBINES_OF_WORDS: Final = (Combine.FIRST, Combine.MODE)
_COMBINES: Final = {
    Kind.CODE: _COMBINES_OF_WORDS,
    Kind.TEXT: _COMBINES_OF_WORDS,
    Kind.ID: _COMBINES_OF_WORDS,
    Kind.BOOLEAN: (*_COMBINES_OF_WORDS, Combine.ANY, Combine.ALL),
    Kind.DATE: (*_COMBINES_OF_WORDS, Combine.MAX, Combine.MIN),
}
_NUMBERS: Final = (Kind.NUMBER, Kind.WHOLE)


def read_mapping(path: Path, ledger: Ledger) -> DeliveryMapping:
    """Return the mapping of ``path``; what is wrong in it goes to ``ledger`` as fatal.

    A file that is missing or is no TOML is a MappingError at once.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError("reading.mapping.unreadable", file=path.name) from error
    except ValueError as error:  # a TOMLDecodeError, or a number of too many digits
        raise MappingError("reading.mapping.no_toml", file=path.name, reason=str(error)) from error
    except RecursionError as error:
        raise MappingError("reading.mapping.too_deep", file=path.name) from error
    return MappingReader(path.name, ledger).read(document)


class MappingReader(MappingChecks):
    """Reads one document; ``where`` is the path inside it, for the reader who must mend it."""

    def __init__(self, file: str, ledger: Ledger) -> None:
        super().__init__(file, ledger)
        self._codes: Mapping[str, Mapping[str, str]] = {}

    def read(self, document: Mapping[str, Any]) -> DeliveryMapping:
        """Return the whole mapping."""
        self._known("", document, _ROOT_KEYS)
        city = self._table("city", document.get("city", {}))
        self._known("city", city, _CITY_KEYS)
        codes = self._table("codes", document.get("codes", {}))
        self._codes = {name: self._code_table(name, codes[name]) for name in codes}
        others = city.get("other_layers", _OTHER_LAYERS[0])
        self._one_of("city.other_layers", others, _OTHER_LAYERS)
        return DeliveryMapping(
            file=self._file,
            name_fa=self._typed("city.name_fa", city.get("name_fa"), str),
            crs=self._city_crs(city),
            synthetic=self._typed("city.synthetic", city.get("synthetic"), bool),
            finds_others=others == _OTHER_LAYERS[0],
            layers=self._layers(document.get("layers", {})),
            tables=self._tables(document.get("tables", [])),
            codes=self._codes,
        )

    def _layers(self, layers: object) -> Mapping[str, tuple[SourceRule, ...]]:
        table = self._table("layers", layers)
        self._known("layers", table, LAYERS)
        rules = {}
        for layer in table:
            sources = table[layer] if isinstance(table[layer], list) else [table[layer]]
            if layer in LAYERS:
                rules[layer] = tuple(
                    self._source(f"layers.{layer}", self._table(f"layers.{layer}", source), layer)
                    for source in sources
                )
        return rules

    def _source(self, where: str, source: Mapping[str, Any], layer: str) -> SourceRule:
        self._known(where, source, _SOURCE_KEYS)
        return self._source_rule(where, source, "fields", layer)

    def _source_rule(
        self, where: str, source: Mapping[str, Any], columns: str, layer: str
    ) -> SourceRule:
        def word(key: str) -> str | None:
            value: str | None = self._typed(f"{where}.{key}", source.get(key), str)
            return value

        fields = self._table(f"{where}.{columns}", source.get(columns, {}))
        specs = {column.name: column for column in LAYERS[layer].columns}
        self._known(f"{where}.{columns}", fields, specs)
        crs = self._crs(f"{where}.crs", source.get("crs"))
        rules = {
            name: self._field(
                f"{where}.{columns}.{name}",
                fields[name],
                specs[name],
                in_table=columns == "columns",
            )
            for name in fields
            if name in specs
        }
        rows = self._rows(f"{where}.rows", source["rows"]) if "rows" in source else None
        encoding = self._encoding(f"{where}.encoding", word("encoding"))
        return SourceRule(word("source"), word("layer"), crs, encoding, rows, rules)

    def _rows(self, where: str, entry: object) -> RowRule | None:
        """Return which rows are taken; None where it is not rightly said."""
        table = self._table(where, entry)
        self._known(where, table, _ROW_KEYS)
        field = self._typed(f"{where}.field", table.get("field"), str)
        if field is None:
            self._wrong("reading.mapping.key_missing", where, name="field")
        if ("only" in table) == ("except" in table):
            self._wrong("reading.mapping.only_or_except", where)
            return None
        how = "only" if "only" in table else "except"
        values = table[how]
        if not isinstance(values, list) or not values:
            self._wrong("reading.mapping.value", f"{where}.{how}", value=values)
            return None
        written = tuple(str(value) for value in values)
        return RowRule(f"{where}.{how}", field or "", written, takes=how == "only")

    def _tables(self, tables: object) -> tuple[TableRule, ...]:
        rules: list[TableRule] = []
        for place, entry in enumerate(tables if isinstance(tables, list) else [tables], start=1):
            where = f"tables[{place}]"
            table = self._table(where, entry)
            self._known(where, table, _TABLE_KEYS)
            for key in ("source", "key"):
                if key not in table:
                    self._wrong("reading.mapping.key_missing", where, name=key)
            source = self._source_rule(where, table, "columns", "parcels")
            key_of = table.get("key_of", "parcel_id")
            self._one_of(f"{where}.key_of", key_of, ("parcel_id", "block_id"))
            name = str(table.get("name") or f"table_{place}")
            if name in {*LAYERS, *(rule.name for rule in rules)}:
                self._wrong("reading.mapping.name_taken", f"{where}.name", name=name)
            rules.append(TableRule(name, source, str(table.get("key", "")), key_of))
        return tuple(rules)

    def _field(self, where: str, entry: object, spec: ColumnSpec, *, in_table: bool) -> FieldRule:
        if entry is False and not in_table:
            return FieldRule(leave=True)
        if isinstance(entry, str) and not in_table:
            return FieldRule(field=entry)
        table = self._table(where, entry)
        self._known(where, table, _TABLE_FIELD_KEYS if in_table else _FIELD_KEYS)
        combine = self._combine(where, table, spec) if in_table else None
        if ("field" in table) == ("constant" in table) and combine is not Combine.COUNT:
            self._wrong("reading.mapping.field_or_constant", where)
        unit = table.get("unit", "")
        if unit:
            self._one_of(f"{where}.unit", unit, tuple(UNITS.get(spec.unit, ())))
        calendar = self._one_of(f"{where}.calendar", table.get("calendar"), tuple(Calendar))
        if calendar == Calendar.AGE and "counted_in" not in table:
            self._wrong("reading.mapping.key_missing", where, name="counted_in")
        codes = self._one_of(f"{where}.codes", table.get("codes"), tuple(self._codes))
        self._check_codes(where, spec, codes, table.get("constant"))
        return FieldRule(
            field=self._typed(f"{where}.field", table.get("field"), str),
            constant=table.get("constant"),
            unit=unit if spec.kind in _NUMBERS else "",
            calendar=Calendar(calendar) if calendar else None,
            counted_in=self._year(f"{where}.counted_in", table.get("counted_in")),
            codes=codes,
            combine=combine,
        )

    def _check_codes(
        self, where: str, spec: ColumnSpec, table: str | None, constant: object
    ) -> None:
        """Tell what a table of codes or a constant says that is no code of the column."""
        if spec.codes is None:
            return
        allowed = tuple(spec.codes)
        for value, code in self._codes.get(table or "", {}).items():
            self._one_of(f"codes.{table}.{value}", code, allowed)
        kind = "use" if spec.name == "use_plan" else spec.name
        is_known = table or name_key(str(constant)) in code_book(kind, spec.codes)
        if constant is not None and not is_known:
            self._unknown(f"{where}.constant", str(constant), allowed)

    def _combine(self, where: str, table: Mapping[str, Any], spec: ColumnSpec) -> Combine | None:
        """Return how rows are combined: it must be said, and make sense for the column."""
        if "combine" not in table:
            self._wrong("reading.mapping.key_missing", where, name="combine")
            return None
        allowed = _COMBINES.get(spec.kind, _COMBINES_OF_NUMBERS)
        combine = self._one_of(f"{where}.combine", table["combine"], allowed)
        return Combine(combine) if combine else None

    def _code_table(self, name: str, entry: object) -> Mapping[str, str]:
        columns = [c for layer in LAYERS.values() for c in layer.columns if c.codes]
        lists = {c.name: tuple(c.codes or ()) for c in columns}
        where = f"codes.{name}"
        table = self._table(where, entry)
        allowed = lists.get(name)
        for value, code in table.items():
            if allowed:
                self._one_of(f"{where}.{value}", code, allowed)
        self._check_spellings(where, table)
        return {value: str(code) for value, code in table.items()}

    def _check_spellings(self, where: str, table: Mapping[str, Any]) -> None:
        """Tell two spellings of one value that are given different codes."""
        first: dict[str, str] = {}
        for value in table:
            other = first.setdefault(search_key(value), value)
            if table[other] != table[value]:
                self._wrong(
                    "reading.mapping.code_twice", f"{where}.{value}", name=value, other=other
                )

    def _city_crs(self, city: Mapping[str, Any]) -> str | None:
        if "utm_zone" not in city:
            return self._crs("city.crs", city.get("crs"))
        if "crs" in city:
            self._wrong("reading.mapping.crs_or_zone", "city")
        zone = self._typed("city.utm_zone", city["utm_zone"], int)
        if zone is None or zone not in _UTM_ZONES:
            self._wrong("reading.mapping.value", "city.utm_zone", value=city["utm_zone"])
            return None
        return f"EPSG:{_UTM_NORTH + zone}"
