"""Which rows of a source the mapping takes; those that it leaves out are told, every one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.delivery.mapping_checks import nearest
from bazafarin.adapters.delivery.values import as_text
from bazafarin.adapters.persian_text import search_key, search_keys
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.delivery.ledger import Ledger
    from bazafarin.adapters.delivery.mapping import RowRule
    from bazafarin.adapters.delivery.source_file import RawLayer

_WORTH_A_LIST: Final = 40
"""So many of a field's values are named where the mapping's value is none of them."""


def taken(raw: RawLayer, rule: RowRule | None, layer: str, ledger: Ledger) -> RawLayer:
    """Return the rows that ``rule`` takes, under their own numbers; all of them without one.

    Values are compared in one form of letters, without case or marks; a row where nothing
    stands has none of them. What is left out is rejected in ``ledger``; a value that stands
    in no row is a fault of the mapping, for then it takes or leaves what nobody meant.
    """
    if rule is None:
        return raw
    values = as_text(raw.frame[rule.field])
    keys = search_keys(values)
    _tell_unfound(rule, values, layer, raw.source.title, ledger)
    is_named = keys.isin({search_key(value) for value in rule.named})
    is_taken = (is_named == rule.takes).to_numpy(dtype=bool)
    left = values[~is_taken]
    ledger.rows(
        "reading.left_out", layer, Severity.REJECTED, left.index,
        values=left.fillna(""), field=rule.field, file=raw.source.title,
    )  # fmt: skip
    geometry = None if raw.geometry is None else raw.geometry[is_taken]
    return replace(raw, frame=raw.frame[is_taken], geometry=geometry)


def _tell_unfound(rule: RowRule, values: pd.Series, layer: str, file: str, ledger: Ledger) -> None:
    """Record as fatal each value of the mapping that stands in no row."""
    frequent_first = [str(value) for value in values.value_counts().index]
    found = {search_key(value) for value in frequent_first}
    for value in rule.named:
        if search_key(value) not in found:
            ledger.note(
                "reading.mapping.no_value",
                layer,
                Severity.FATAL,
                field=rule.field,
                where=rule.where,
                file=file,
                value=value,
                nearest=nearest(value, frequent_first),
                available=", ".join(frequent_first[:_WORTH_A_LIST]),
            )
