"""The bends of an old town: a smooth deformation of the plane, none on planned land.

First the square of the core is rounded, so that the ring streets curve. Then the plane is
sheared by one wave after another: each moves points along its own crests, so that areas stay
and no two points ever meet; whatever did not overlap before does not overlap after. The short
waves die out towards wide streets, which were cut straight. Last, the whole town is turned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.adapters.synthetic_town.fabric import Setting
    from bazafarin.adapters.synthetic_town.mesh import Mesh
    from bazafarin.adapters.synthetic_town.quads import Floats

_LONG_WAVES = ((900.0, 22.0), (420.0, 11.0))
_SHORT_WAVES = ((175.0, 6.2), (82.0, 2.5))
"""Length and height (root mean square) of the waves, in metres."""
_FULL_CORE_M = 280.0
"""In a core smaller than this, the long waves are lower: they must die out at its rim."""
_WAVES_EACH = 5
_PIECE = 200_000
"""Points bent at once: keeps the memory of the waves small."""
_STRAIGHT_FROM_M = 9.0
"""A street at least this wide was cut straight through the fabric."""
_CALM_M = 55.0
"""How far from a wide street the short waves have their full height."""
_ROUND = 0.125
"""How far the sides of the core move out and its corners in, as a share of their distance."""
_CELL_M = 8.0
"""Side of a cell of the raster on which the strength of the bends is kept."""


class Bends:
    """Move points as the lanes of an old town bend."""

    def __init__(self, mesh: Mesh, setting: Setting, rng: np.random.Generator) -> None:
        self._half, self._core = setting.half_m, setting.core_m
        angle = rng.uniform(0.12, 0.45) * rng.choice([-1, 1])
        self._turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        count = int(np.ceil(2 * setting.half_m / _CELL_M)) + 1
        middle = np.linspace(-setting.half_m, setting.half_m, count)
        self._cell = middle[1] - middle[0]
        x, y = np.meshgrid(middle, middle, indexing="ij")
        age = _in_pieces(setting.age, np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
        self._old = age * age * (3 - 2 * age)
        self._calm = self._old * np.clip(self._far_from_streets(mesh, count) / _CALM_M, 0, 1)
        self._waves = [
            (self._old, _octave(length, height * min(1.0, setting.core_m / _FULL_CORE_M), rng))
            for length, height in _LONG_WAVES
        ] + [(self._calm, _octave(length, height, rng)) for length, height in _SHORT_WAVES]

    def __call__(self, xy: Floats, *, height: float = 1.0) -> Floats:
        """Return the points where they lie in the town, all bends ``height`` times as high."""
        return _in_pieces(lambda piece: self._bent(piece, height), xy)

    def strength(self, xy: Floats) -> Floats:
        """Return how much of the bending is felt at each point, 0–1."""
        return np.maximum(self._at(self._old, xy), self._rounding(xy))

    def _rounding(self, xy: Floats) -> Floats:
        """Return how much of the rounding of the core is felt at each point, 0–1."""
        far = np.hypot(xy[:, 0], xy[:, 1]) / self._core
        rise = np.clip((far - 0.25) / 0.65, 0, 1)
        fall = np.clip((2.3 - far) / 0.85, 0, 1)
        return np.asarray(rise**2 * (3 - 2 * rise) * fall**2 * (3 - 2 * fall))

    def _bent(self, xy: Floats, height: float) -> Floats:
        """Push the square's sides out and its corners in, then shear, then turn the town."""
        corner = np.cos(4 * np.arctan2(xy[:, 1], xy[:, 0]))
        rounded = xy * (1 + height * self._rounding(xy) * (_ROUND * corner - 0.02))[:, None]
        return np.asarray(self._sheared(rounded, height) @ self._turn)

    def _sheared(self, xy: Floats, height: float) -> Floats:
        for raster, waves in self._waves:
            strength = height * self._at(raster, xy)[:, None]
            for wave, phase, push in waves:
                xy = xy + strength * (np.sin(xy @ wave + phase)[:, None] * push)
        return xy

    def _at(self, raster: Floats, xy: Floats) -> Floats:
        place = (xy.T + self._half) / self._cell
        return np.asarray(ndimage.map_coordinates(raster, place, order=1, mode="nearest"))

    def _far_from_streets(self, mesh: Mesh, count: int) -> Floats:
        """Return for each cell of the raster how far the nearest wide street is, in metres."""
        lines, known = mesh.lines, mesh.vertices
        wide = np.flatnonzero(lines.width_m >= _STRAIGHT_FROM_M)
        steps = np.ceil(lines.length_m[wide] / (self._cell / 2)).astype(np.int64) + 1
        line = np.repeat(wide, steps)
        step = np.arange(len(line)) - np.repeat(np.cumsum(steps) - steps, steps)
        share = (step / np.repeat(np.maximum(steps - 1, 1), steps))[:, None]
        ends = known[lines.ends[line]]
        place = (ends[:, 0] * (1 - share) + ends[:, 1] * share + self._half) / self._cell
        free = np.ones((count, count), dtype=bool)
        row, column = np.clip(np.rint(place).astype(np.int64), 0, count - 1).T
        free[row, column] = False
        return np.asarray(ndimage.distance_transform_edt(free, sampling=self._cell))


def _octave(
    length_m: float, height_m: float, rng: np.random.Generator
) -> list[tuple[Floats, float, Floats]]:
    """Return waves of about one length in all directions: wave vector, phase and push."""
    waves = []
    first = rng.uniform(0, np.pi)
    # A handful of waves, one after another by nature: each shears what the last one left.
    for turn in rng.permutation(_WAVES_EACH):
        angle = first + np.pi * turn / _WAVES_EACH
        length = length_m * rng.uniform(0.8, 1.25)
        across = np.array([np.cos(angle), np.sin(angle)])
        push = np.array([-across[1], across[0]]) * height_m * np.sqrt(2 / _WAVES_EACH)
        waves.append((across * 2 * np.pi / length, float(rng.uniform(0, 2 * np.pi)), push))
    return waves


def _in_pieces(function: Callable[[Floats], Floats], xy: Floats) -> Floats:
    pieces = [function(xy[first : first + _PIECE]) for first in range(0, len(xy), _PIECE)]
    return np.concatenate(pieces) if pieces else xy
