"""A figure that explains itself: number, unit, rule, clause, inputs' dates, coverage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Citation:
    """The rule that a figure stands on, as it was in force on the day asked.

    ``certainty`` is the mark of the source (S1, S2, M-high, M-mid, M-low, SEED, PROPOSAL);
    ``is_verified`` is true for S1 and S2 only.
    """

    rule_id: str
    title_fa: str
    title_en: str
    value: object
    unit: str
    valid_from: date
    valid_until: date | None
    instrument: str
    clause: str
    address: str
    certainty: str
    set_by_city: bool = False

    @property
    def is_verified(self) -> bool:
        """Return whether a source was seen for the value."""
        return self.certainty in {"S1", "S2"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure.

    Attributes:
        id: stable dotted name, unique within ``scope``, such as ``worn_out_fabric.area_m2``.
        value: the figure; None is unknown, never zero.
        unit: ``m2``, ``share`` (0–1), ``count``, ``persons``, ``m``, ``ha``, ``text`` …
        scope: ``city``, ``neighbourhood:<id>`` or ``block:<id>``.
        rules: ids of the rules it stands on; their citations are in the plan's ``rules``.
        inputs: names of the layers it was computed from.
        coverage: how much of the inputs was known, 0–1; None where the word has no meaning.
        formula: how it was computed, one line.
        facts: what a sentence about it needs beside the value.
    """

    id: str
    value: float | int | bool | str | None  # noqa: PYI041, RUF100 - an int stays an int in JSON
    unit: str
    scope: str = "city"
    rules: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    coverage: float | None = None
    formula: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table of findings means."""

    unit: str
    formula: str = ""
    rules: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindingTable:
    """Many findings of one shape: a frame, and for each column its unit, rule and formula.

    ``frame`` may carry a geometry column; every other column is named in ``columns``.
    ``key`` are the columns that name a row.
    """

    name: str
    frame: pd.DataFrame
    columns: Mapping[str, Column]
    key: tuple[str, ...]
