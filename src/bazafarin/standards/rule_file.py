"""Files of rules: TOML in, checked rules out; all problems of a file are told at once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from bazafarin.domain.errors import StandardsError
from bazafarin.domain.solar_hijri import parse_date
from bazafarin.standards.rule import CERTAINTIES, Rule, RuleValue
from bazafarin.standards.rule_value import CODE_LISTS, LISTED_UNITS, OPERATORS, UNITS, read_value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from bazafarin.standards.rule import Value

_RULE_TEXTS: Final = ("id", "title_fa", "title_en", "unit", "operator")
_RULE_KEYS: Final = frozenset({*_RULE_TEXTS, "codes", "note", "value"})
_CITATION_TEXTS: Final = ("instrument", "clause", "address", "certainty")
_VALUE_NEEDS: Final = ("value", "from", *_CITATION_TEXTS, "checked_on")
_VALUE_KEYS: Final = frozenset({*_VALUE_NEEDS, "until", "note"})
_OVERRIDE_KEYS: Final = frozenset({*_VALUE_KEYS, "rule", "unit"})

Table = dict[str, Any]


class _Problems:
    """What is wrong with one file, gathered until all of it was read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[StandardsError] = []

    def add(self, code: str, **facts: object) -> None:
        self._found.append(StandardsError(f"standards.{code}", **facts))

    def add_of(self, error: StandardsError, *, rule: str) -> None:
        self._found.append(StandardsError(error.code, rule=rule, **error.facts))

    def count(self) -> int:
        return len(self._found)

    def raise_any(self) -> None:
        if self._found:
            raise StandardsError(
                "standards.file_invalid",
                file=self._file,
                count=len(self._found),
                problems=tuple(self._found),
            )


def read_national(files: Collection[Traversable | Path]) -> dict[str, Rule]:
    """Return the rules of the files by id, in the order of files and rules.

    Raises:
        StandardsError: a file cannot be read, or something in it is wrong.
    """
    rules: dict[str, Rule] = {}
    for file in files:
        problems = _Problems(file.name)
        table = _read_toml(file)
        _check_keys(table, frozenset({"rule"}), problems, rule=file.name)
        for entry in _tables(table, "rule", problems):
            rule = _read_rule(entry, problems)
            if rule is not None and rule.id in rules:
                problems.add("duplicate_rule", rule=rule.id)
            elif rule is not None:
                rules[rule.id] = rule
        problems.raise_any()
    return rules


def read_city(file: Path, national: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return the national rules with the values of a city's file before them.

    The file holds ``[[override]]`` tables (a rule and one value) or the form of the national
    files, ``[[rule]]`` with ``[[rule.value]]``, where title and unit may be left out.

    Raises:
        StandardsError: the file cannot be read, names an unknown rule, or is otherwise wrong.
    """
    problems = _Problems(file.name)
    table = _read_toml(file)
    _check_keys(table, frozenset({"rule", "override"}), problems, rule=file.name)
    city: dict[str, list[RuleValue]] = {}
    for rule_id, unit, entry in _city_entries(table, national, problems):
        rule = _known_rule(rule_id, unit, national, problems)
        value = rule and _read_value(entry, rule, problems, known=_OVERRIDE_KEYS)
        if rule and value:
            city.setdefault(rule.id, []).append(replace(value, set_by_city=True))
    periods = {key: _periods(key, values, problems) for key, values in city.items()}
    problems.raise_any()
    return {key: replace(rule, city_values=periods.get(key, ())) for key, rule in national.items()}


def nearest(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the known name that is most like ``name``; empty where none is like it."""
    return tuple(get_close_matches(name, known, n=1))


def _read_toml(file: Traversable | Path) -> Table:
    try:
        # Windows editors put a byte order mark before what they save as UTF-8.
        return tomllib.loads(file.read_text(encoding="utf-8").removeprefix("\ufeff"))
    except OSError as error:
        raise StandardsError(
            "standards.file_unreadable", file=str(file), reason=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise StandardsError("standards.file_not_utf8", file=str(file)) from error
    except ValueError as error:  # a TOMLDecodeError, or a number of too many digits
        raise StandardsError(
            "standards.file_not_toml", file=str(file), reason=str(error)
        ) from error
    except RecursionError as error:
        raise StandardsError("standards.file_too_deep", file=str(file)) from error


def _tables(table: Table, key: str, problems: _Problems) -> list[Table]:
    entries = table.get(key, [])
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        return entries
    problems.add("not_tables", key=key)
    return []


def _check_keys(table: Table, known: Collection[str], problems: _Problems, *, rule: str) -> None:
    for key in table:
        if key not in known:
            problems.add("unknown_key", rule=rule, key=key, nearest=nearest(key, known))


def _read_rule(entry: Table, problems: _Problems) -> Rule | None:
    """Return a rule of a national file; None, its problems noted, where it cannot be used."""
    before = problems.count()
    name = str(entry.get("id", ""))
    _check_keys(entry, _RULE_KEYS, problems, rule=name)
    for key in _RULE_TEXTS:
        _check_text(entry, key, problems, rule=name)
    _check_among(entry, "unit", UNITS, problems, rule=name)
    _check_among(entry, "operator", OPERATORS, problems, rule=name)
    if entry.get("unit") in LISTED_UNITS:
        _check_text(entry, "codes", problems, rule=name)
        _check_among(entry, "codes", CODE_LISTS, problems, rule=name)
    if problems.count() > before:
        return None
    bare = Rule(
        **{key: entry[key] for key in _RULE_TEXTS},
        codes=entry.get("codes", ""),
        note=entry.get("note", ""),
        values=(),
    )
    values = [_read_value(value, bare, problems) for value in _tables(entry, "value", problems)]
    if not values:
        problems.add("no_value", rule=name)
    return replace(bare, values=_periods(name, [value for value in values if value], problems))


def _read_value(
    entry: Table, rule: Rule, problems: _Problems, *, known: Collection[str] = _VALUE_KEYS
) -> RuleValue | None:
    """Return one value of a rule; None, its problems noted, where it cannot be used."""
    before = problems.count()
    _check_keys(entry, known, problems, rule=rule.id)
    for key in _CITATION_TEXTS:
        _check_text(entry, key, problems, rule=rule.id)
    _check_among(entry, "certainty", CERTAINTIES, problems, rule=rule.id)
    valid_from = _read_date(entry, "from", problems, rule=rule.id)
    valid_until = _read_date(entry, "until", problems, rule=rule.id, is_needed=False)
    checked_on = _read_date(entry, "checked_on", problems, rule=rule.id)
    if valid_from and valid_until and valid_until < valid_from:
        problems.add("until_before_from", rule=rule.id, valid_from=valid_from, until=valid_until)
    value = _read_raw(entry, rule, problems)
    if problems.count() > before or value is None or not valid_from or not checked_on:
        return None
    return RuleValue(
        value=value,
        valid_from=valid_from,
        valid_until=valid_until,
        **{key: entry[key] for key in _CITATION_TEXTS},
        checked_on=checked_on,
        note=entry.get("note", ""),
    )


def _read_raw(entry: Table, rule: Rule, problems: _Problems) -> Value | None:
    if "value" not in entry:
        problems.add("missing_key", rule=rule.id, key="value")
        return None
    try:
        return read_value(entry["value"], unit=rule.unit, operator=rule.operator, codes=rule.codes)
    except StandardsError as error:
        problems.add_of(error, rule=rule.id)
        return None


def _read_date(
    entry: Table, key: str, problems: _Problems, *, rule: str, is_needed: bool = True
) -> date | None:
    if key not in entry:
        if is_needed:
            problems.add("missing_key", rule=rule, key=key)
        return None
    # A bare TOML date is Gregorian by its own definition: 1385-02-11 would be a day in 1385 AD.
    day = parse_date(entry[key]) if isinstance(entry[key], str) else None
    if day is None:
        problems.add("bad_date", rule=rule, key=key, value=str(entry[key]))
    return day


def _check_text(entry: Table, key: str, problems: _Problems, *, rule: str) -> None:
    if key not in entry:
        problems.add("missing_key", rule=rule, key=key)
    elif not isinstance(entry[key], str) or not entry[key].strip():
        problems.add("not_text", rule=rule, key=key)


def _check_among(
    entry: Table, key: str, known: Collection[str], problems: _Problems, *, rule: str
) -> None:
    """Note a value that is none of ``known``; that a key is missing is noted elsewhere."""
    if key in entry and entry[key] not in known:
        problems.add("not_among", rule=rule, key=key, value=str(entry[key]), known=tuple(known))


def _check_same(entry: Table, rule: Rule | None, problems: _Problems) -> None:
    """Note what a city's file says of a rule beside its values and that is not the rule's own."""
    for key in ("operator", "codes"):
        if rule is not None and entry.get(key, getattr(rule, key)) != getattr(rule, key):
            own = getattr(rule, key)
            problems.add("not_the_rules", rule=rule.id, key=key, value=str(entry[key]), own=own)


def _city_entries(
    table: Table, national: Mapping[str, Rule], problems: _Problems
) -> list[tuple[str, str | None, Table]]:
    """Return (rule id, stated unit, value table) of a city's file, of both of its forms."""
    entries = [
        (str(entry.get("rule", "")), entry.get("unit"), entry)
        for entry in _tables(table, "override", problems)
    ]
    for rule in _tables(table, "rule", problems):
        name = str(rule.get("id", ""))
        _check_keys(rule, _RULE_KEYS, problems, rule=name)
        _check_same(rule, national.get(name), problems)
        values = _tables(rule, "value", problems)
        if not values:
            problems.add("no_value", rule=name)
        entries += [(name, rule.get("unit"), value) for value in values]
    return entries


def _known_rule(
    rule_id: str, unit: str | None, national: Mapping[str, Rule], problems: _Problems
) -> Rule | None:
    rule = national.get(rule_id)
    if rule is None:
        problems.add("unknown_rule", rule=rule_id, nearest=nearest(rule_id, national))
        return None
    if unit not in {None, rule.unit}:
        problems.add("wrong_unit", rule=rule_id, unit=unit, expected=rule.unit)
        return None
    return rule


def _periods(rule: str, values: list[RuleValue], problems: _Problems) -> tuple[RuleValue, ...]:
    """Return the values in the order of their days, each open one ending before the next.

    History is appended: a new value ends the one before it without touching its row. A value
    that states its own end must end before the next one begins.
    """
    ordered = sorted(values, key=lambda value: value.valid_from)
    for value, successor in pairwise(ordered):
        begins = successor.valid_from
        if value.valid_from == begins or (value.valid_until and value.valid_until >= begins):
            problems.add("overlap", rule=rule, first=value.valid_from, second=begins)
    return tuple(
        value.until_before(successor.valid_from) if value.valid_until is None else value
        for value, successor in pairwise(ordered)
    ) + tuple(ordered[-1:])
