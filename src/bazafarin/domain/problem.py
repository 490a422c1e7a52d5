"""What was wrong with a delivery: one Problem is one kind of trouble at a set of rows."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """What became of the rows."""

    NOTE = "note"
    """Nothing was changed; the reader should know (a guessed coordinate system)."""
    MENDED = "mended"
    """The value was repaired and is used (a ring turned round, ي written as ی)."""
    UNKNOWN = "unknown"
    """The value could not be used; the row stays and the value is unknown."""
    REJECTED = "rejected"
    """The row is not used; it stands in ``rejected`` with this reason."""
    FATAL = "fatal"
    """The delivery cannot be used until this is mended."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of trouble at a set of rows of one layer.

    ``rows`` are the source's own row numbers, the first is 1; empty when the trouble is
    the layer's as a whole. ``values`` are what stood there, as text, parallel to ``rows``
    or empty. ``facts`` fill the sentence of ``code`` in the wording catalogue.
    """

    code: str
    layer: str
    severity: Severity
    rows: tuple[int, ...] = ()
    field: str | None = None
    values: tuple[str, ...] = ()
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many rows are concerned; 1 for a trouble of the whole layer."""
        return len(self.rows) or 1
