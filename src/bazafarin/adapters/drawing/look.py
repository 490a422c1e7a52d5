"""How something looks on a map; the map and its legend both draw from it, so they cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hatch(StrEnum):
    """A pattern that says what a colour alone must not say."""

    UNKNOWN = "unknown"
    """Slanted grey lines: what is not known."""
    REMOVED = "removed"
    """White lines slanted the other way: what leaves the boundary."""
    OPEN = "open"
    """White slanted lines: what the unknown could turn, on a dark colour."""
    PLUS = "plus"
    MINUS = "minus"
    """Signs that tell apart classes of a like colour."""


@dataclass(frozen=True, slots=True)
class Look:
    """How areas or lines are drawn.

    Attributes:
        fill: colour of areas, ``#RRGGBB``; None leaves them open.
        edge: colour of lines; None draws none.
        edge_pt: width of lines in points.
        dashed: whether lines are dashed.
        hatch: the pattern over areas.
    """

    fill: str | None = None
    edge: str | None = None
    edge_pt: float = 0.25
    dashed: bool = False
    hatch: Hatch | None = None

    @property
    def is_area(self) -> bool:
        """Return whether it colours an area, not only its outline."""
        return self.fill is not None or self.hatch is not None
