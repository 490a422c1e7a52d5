"""Quadrilaterals and the lines they lie on, as arrays: the words that the mesh is written in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Shapes: TypeAlias = npt.NDArray[np.object_]


class LineKind(IntEnum):
    """What a line of the town is."""

    WALL = 0
    STREET = 1
    LANE = 2
    BAZAAR = 3
    DEAD_END = 4


@dataclass(frozen=True)
class Lines:
    """The straight lines of the undeformed town; ``from_t`` to ``to_t`` (0–1) is open.

    ``host`` and ``host_t`` are the line and place where the start and the end of each
    line lie, -1 for the rim of the plane.
    """

    ends: Ints
    length_m: Floats
    width_m: Floats
    kind: Ints
    from_t: Floats
    to_t: Floats
    host: Ints
    host_t: Floats

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.length_m)

    def joined(self, other: Lines) -> Lines:
        """Return these lines followed by the other's."""
        return Lines(
            **{
                name: np.concatenate([getattr(self, name), getattr(other, name)])
                for name in self.__dataclass_fields__
            }
        )


@dataclass(frozen=True)
class Quads:
    """Quadrilaterals, their corners in order; side ``i`` runs from corner ``i`` to ``i + 1``.

    ``from_t`` and ``to_t`` are the places of a side's two corners on its line. ``ward``,
    ``fabric``, ``block``, ``role`` and ``pair`` (the cut that made it) are inherited or set.
    """

    xy: Floats
    vertex: Ints
    line: Ints
    from_t: Floats
    to_t: Floats
    ward: Ints
    fabric: Ints
    block: Ints
    role: Ints
    pair: Ints

    def __len__(self) -> int:
        """Return how many quadrilaterals there are."""
        return len(self.ward)

    def take(self, rows: Ints | Flags) -> Quads:
        """Return the quadrilaterals at ``rows``."""
        return Quads(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def joined(self, *others: Quads) -> Quads:
        """Return these quadrilaterals followed by the others'."""
        return Quads(
            **{
                name: np.concatenate([getattr(each, name) for each in (self, *others)])
                for name in self.__dataclass_fields__
            }
        )

    def turned(self, turn: Flags) -> Quads:
        """Return the same quadrilaterals, counted from the next corner where ``turn``."""
        changed = {}
        for name in ("xy", "vertex", "line", "from_t", "to_t"):
            array = getattr(self, name).copy()
            array[turn] = np.roll(array[turn], -1, axis=1)
            changed[name] = array
        return replace(self, **changed)

    @property
    def sides_m(self) -> Floats:
        """Return the length of each of the four sides."""
        return np.asarray(np.linalg.norm(np.roll(self.xy, -1, axis=1) - self.xy, axis=2))

    @property
    def middle(self) -> Floats:
        """Return the mean of the corners."""
        return np.asarray(self.xy.mean(axis=1))


@dataclass(frozen=True)
class Cuts:
    """How each of a row of quadrilaterals is cut, from its side 0 to its side 2.

    ``at_0`` is the place on side 0 counted from corner 0, ``at_2`` that on side 2 counted
    from corner 3 (both 0–1); the new line is open from ``from_t`` to ``to_t``.
    """

    at_0: Floats
    at_2: Floats
    width_m: Floats
    kind: Ints
    from_t: Floats
    to_t: Floats
