"""Stretches of a wall along which no other face runs, where faces were drawn untidily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.analysis.face_edges import CELL_M, across, along

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.face_edges import FaceEdges

_LEAST_M = 1e-6
"""A stretch of boundary shorter than this is rounding."""


@dataclass(frozen=True)
class OpenStretches:
    """Stretches of walls with no other face along them.

    Attributes:
        face: position of the polygon that the stretch bounds.
        length_m: its length.
        middle: ``(n, 2)`` metres, in the map.
        outward: ``(n, 2)`` the unit vector square out of the polygon.
    """

    face: NDArray[np.int64]
    length_m: NDArray[np.float64]
    middle: NDArray[np.float64]
    outward: NDArray[np.float64]


def open_stretches(walls: FaceEdges, first: int, last: int, *, tolerance_m: float) -> OpenStretches:
    """Return what no other face's wall covers of the walls numbered ``first`` to ``last - 1``.

    A wall covers the stretch beside it where it lies within ``tolerance_m``.
    """
    start, end = walls.start[first:last], walls.end[first:last]
    length = np.hypot(*(end - start).T)
    unit = (end - start) / length[:, None]
    near, begins, ends = _covers(walls, first, unit, length, tolerance_m)
    wall, begins, ends = _gaps(near, begins, ends, length)
    direction = unit[wall]
    return OpenStretches(
        walls.face[first + wall],
        ends - begins,
        start[wall] + direction * ((begins + ends) / 2)[:, None] + walls.origin,
        np.column_stack([direction[:, 1], -direction[:, 0]]),  # the face lies on the left
    )


def _covers(
    walls: FaceEdges,
    first: int,
    unit: NDArray[np.float64],
    length: NDArray[np.float64],
    tolerance_m: float,
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Return (wall, begins, ends) of every stretch along which another face's wall runs."""
    start, end = walls.start[first : first + len(unit)], walls.end[first : first + len(unit)]
    near, other = walls.near(
        np.minimum(start, end) - tolerance_m, np.maximum(start, end) + tolerance_m
    )
    is_other = walls.face[first + near] != walls.face[other]
    near, other = near[is_other], other[is_other]
    one, two = walls.start[other] - start[near], walls.end[other] - start[near]
    d0, d1 = across(one, unit[near]), across(two, unit[near])
    is_beside = (np.minimum(d0, d1) <= tolerance_m) & (np.maximum(d0, d1) >= -tolerance_m)
    pair = np.nonzero(is_beside)[0]
    near, d0, d1 = near[pair], d0[pair], d1[pair]
    s0, s1 = along(one[pair], unit[near]), along(two[pair], unit[near])
    low, high = _within(d0, d1, tolerance_m)
    one, two = s0 + (s1 - s0) * low, s0 + (s1 - s0) * high
    begins = np.clip(np.minimum(one, two), 0, length[near])
    ends = np.clip(np.maximum(one, two), 0, length[near])
    runs = (low < high) & (begins < ends)
    return near[runs], begins[runs], ends[runs]


def _within(
    d0: NDArray[np.float64], d1: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from which share to which of a segment its distance ``d`` is in tolerance."""
    rise = np.where(d1 == d0, np.inf, d1 - d0)  # a parallel one is within from 0 to 1, or not
    at_low, at_high = (-tolerance_m - d0) / rise, (tolerance_m - d0) / rise
    low = np.clip(np.minimum(at_low, at_high), 0, 1)
    high = np.clip(np.maximum(at_low, at_high), 0, 1)
    is_parallel = np.isinf(rise)
    high[is_parallel & (np.abs(d0) <= tolerance_m)] = 1.0
    return low, high


def _gaps(
    near: NDArray[np.intp],
    begins: NDArray[np.float64],
    ends: NDArray[np.float64],
    length: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Return (wall, begins, ends) of the stretches between the covered ones."""
    wall = np.concatenate([near, np.arange(len(length))])
    begins = np.concatenate([begins, length])  # an empty cover at each end: a gap lies before it
    order = np.lexsort((begins, wall))
    wall, begins = wall[order], begins[order]
    place = wall * (2 * CELL_M)  # walls laid out behind each other: none is longer than a cell
    reached = np.maximum.accumulate(place + np.concatenate([ends, length])[order])
    before = np.append(0.0, reached[:-1])[: len(wall)]
    open_from = np.maximum(before - place, 0.0)
    gap = np.nonzero(begins - open_from > _LEAST_M)[0]
    return wall[gap], open_from[gap], begins[gap]
