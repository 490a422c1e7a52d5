"""The four kinds of fabric a town is woven of, and where each lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints


class Fabric(IntEnum):
    """The kind of fabric, old to new."""

    OLD = 0
    MIDDLE = 1
    NEW = 2
    INFORMAL = 3


@dataclass(frozen=True)
class Weave:
    """How one fabric is woven; lengths in metres, areas in square metres.

    ``block_m2`` is where cutting into blocks stops in an organic fabric; a planned one cuts
    strips ``strip_m`` deep and ``length_m`` long instead. ``street_m`` are the least and
    most width of a street that cuts a piece of more than 30, 9, 2.5 and 0 hectares.
    ``lean`` is how far a cut's two ends stray from each other, as a share of the side.
    """

    block_m2: float
    strip_m: float
    length_m: float
    lot_m2: tuple[float, float]
    lot_spread: float
    street_m: tuple[tuple[float, float], ...]
    lean: float
    dead_end_m: tuple[float, float]
    dead_end_share: float


WEAVES = {
    Fabric.OLD: Weave(
        block_m2=5200,
        strip_m=0,
        length_m=0,
        lot_m2=(105, 215),
        lot_spread=0.38,
        street_m=((14, 18), (8, 11), (4, 6.5), (2.4, 5)),
        lean=0.085,
        dead_end_m=(2.0, 3.8),
        dead_end_share=0.95,
    ),
    Fabric.MIDDLE: Weave(
        block_m2=6500,
        strip_m=0,
        length_m=0,
        lot_m2=(120, 240),
        lot_spread=0.25,
        street_m=((20, 24), (12, 16), (7, 10), (4.5, 8)),
        lean=0.03,
        dead_end_m=(3.5, 6.0),
        dead_end_share=0.8,
    ),
    Fabric.NEW: Weave(
        block_m2=0,
        strip_m=40,
        length_m=130,
        lot_m2=(160, 290),
        lot_spread=0.06,
        street_m=((24, 30), (16, 20), (12, 12), (8, 10)),
        lean=0.0,
        dead_end_m=(6.0, 8.0),
        dead_end_share=0.0,
    ),
    Fabric.INFORMAL: Weave(
        block_m2=0,
        strip_m=24,
        length_m=75,
        lot_m2=(65, 120),
        lot_spread=0.15,
        street_m=((14, 16), (8, 10), (6, 7), (3.5, 6)),
        lean=0.008,
        dead_end_m=(2.5, 4.0),
        dead_end_share=0.0,
    ),
}


def woven(name: str, fabric: Ints) -> Floats:
    """Return one number of the weave for each row's fabric."""
    table = np.array([getattr(WEAVES[each], name) for each in Fabric], dtype=np.float64)
    return np.asarray(table[np.clip(fabric, 0, None)])


def between(name: str, fabric: Ints, share: Floats) -> Floats:
    """Return a number between the least and most of the weave, ``share`` of the way."""
    table = np.array([getattr(WEAVES[each], name) for each in Fabric], dtype=np.float64)
    low, high = table[np.clip(fabric, 0, None)].T
    return np.asarray(low + (high - low) * share)


@dataclass(frozen=True)
class Setting:
    """Where the town's fabrics lie: a core, and villages that the town has swallowed.

    ``core_m`` is half the side of the core; ``middle`` how many core radii the middle
    fabric reaches; ``villages`` are x, y and radius; ``half_m`` is half the plane's side.
    """

    half_m: float
    core_m: float
    middle: float
    villages: Floats
    phase: Floats

    def reach(self, xy: Floats) -> Floats:
        """Return the distance from the centre in core radii, along a wavy contour."""
        angle = np.arctan2(xy[:, 1], xy[:, 0])
        wave = sum(
            size * np.sin(times * angle + phase)
            for times, size, phase in zip((2, 3, 5), (0.09, 0.07, 0.05), self.phase, strict=True)
        )
        return np.asarray(np.hypot(xy[:, 0], xy[:, 1]) / (1.05 * self.core_m) * (1 + wave))

    def village_reach(self, xy: Floats) -> Floats:
        """Return the distance from the nearest village in its radii; infinite without any."""
        if not len(self.villages):
            return np.full(len(xy), np.inf)
        gap = np.hypot(
            xy[:, None, 0] - self.villages[None, :, 0], xy[:, None, 1] - self.villages[None, :, 1]
        )
        return np.asarray((gap / self.villages[None, :, 2]).min(axis=1))

    def age(self, xy: Floats) -> Floats:
        """Return how old the fabric is: 1 in the core and the villages, 0 on planned land."""
        core = (self.middle - self.reach(xy)) / (self.middle - 1.0)
        village = (1.5 - self.village_reach(xy)) / 0.5
        return np.asarray(np.clip(np.maximum(core, village), 0.0, 1.0))
