"""What an entry of a mapping file may be; every mistake is told, with the nearest right name."""

from __future__ import annotations

import codecs
import difflib
from typing import TYPE_CHECKING, Any, Final

import pyproj

from bazafarin.domain.problem import Severity
from bazafarin.domain.solar_hijri import SOLAR_HIJRI_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bazafarin.adapters.delivery.ledger import Ledger

_NEAREST_CUTOFF: Final = 0.5


def nearest(name: str, available: Iterable[str]) -> str:
    """Return the available name most like ``name``; empty where none is like it."""
    names = {option.casefold(): option for option in available}
    found = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=_NEAREST_CUTOFF)
    return names[found[0]] if found else ""


class MappingChecks:
    """Checks of single entries; what is wrong goes to the ledger as fatal, once each."""

    def __init__(self, file: str, ledger: Ledger) -> None:
        self._file = file
        self._ledger = ledger
        self._told: set[tuple[str, str, str]] = set()

    def _encoding(self, where: str, name: str | None) -> str | None:
        try:
            return name if name is None else codecs.lookup(name) and name
        except (LookupError, ValueError):
            self._wrong("reading.mapping.value", where, value=name)
            return None

    def _year(self, where: str, value: object) -> int | None:
        year: int | None = self._typed(where, value, int)
        if year is None or year in SOLAR_HIJRI_YEARS:
            return year
        self._wrong("reading.mapping.value", where, value=year)
        return None

    def _crs(self, where: str, crs: object) -> str | None:
        if crs is None:
            return None
        try:
            pyproj.CRS.from_user_input(crs)
        except pyproj.exceptions.CRSError:
            self._wrong("reading.mapping.value", where, value=crs)
            return None
        return str(crs)

    def _table(self, where: str, entry: object) -> Mapping[str, Any]:
        if isinstance(entry, dict):
            return entry
        self._wrong("reading.mapping.no_table", where)
        return {}

    def _typed(self, where: str, value: Any, kind: type) -> Any:  # noqa: ANN401 - TOML's own
        if value is None or type(value) is kind:
            return value
        self._wrong("reading.mapping.value", where, value=value)
        return None

    def _one_of(self, where: str, value: object, allowed: tuple[str, ...]) -> str | None:
        if value is None or (isinstance(value, str) and value in allowed):
            return None if value is None else str(value)
        self._unknown(where, str(value), allowed)
        return None

    def _known(self, where: str, table: Mapping[str, Any], allowed: Iterable[str]) -> None:
        names = tuple(allowed)
        for name in table:
            if name not in names:
                self._unknown(f"{where}.{name}".lstrip("."), name, names)

    def _unknown(self, where: str, name: str, allowed: tuple[str, ...]) -> None:
        listed = ", ".join(allowed)
        like = nearest(name, allowed)
        self._wrong(
            "reading.mapping.unknown_name", where, name=name, available=listed, nearest=like
        )

    def _wrong(self, code: str, where: str, **facts: Any) -> None:  # noqa: ANN401 - as in Ledger.note
        fault = (code, where, str(facts))
        if fault in self._told:
            return
        self._told.add(fault)
        parts = where.split(".")
        layer = parts[1] if parts[0] == "layers" and len(parts) > 1 else "mapping"
        self._ledger.note(
            code, layer, Severity.FATAL, file=self._file, where=where or self._file, **facts
        )
