"""The streets: wards between ring streets, a bazaar through the core, lanes to every block."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.synthetic_town.fabric import WEAVES, Fabric, Setting, woven
from bazafarin.adapters.synthetic_town.quads import Cuts, Flags, Floats, Ints, LineKind, Quads

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.mesh import Mesh

BAZAAR_WIDTH_M = 5.0
RING_WIDTH_M = 18.0
RIM_WIDTH_M = 12.0
INFORMAL_WARD = 9
VILLAGE_WARD = 8
CORE_WARDS = (0, 1, 2, 3)

_OLD_ABOVE, _INFORMAL_BEYOND = 0.72, 1.25
"""How old a place is where the old fabric begins; how many core radii out the informal one."""
_STRIPS_BELOW_M2 = 60_000
"""A smaller piece of planned land is cut into strips of blocks, a larger one by its middle."""
_HALVES = 2
_LANE_BELOW_M = 8.0
_HECTARES = (30.0, 9.0, 2.5)
"""Above which a piece is cut by a wider street (the columns of ``Weave.street_m``)."""


def wards(mesh: Mesh, setting: Setting, rng: np.random.Generator) -> Quads:
    """Return ten wards: four in the core between bazaar and cross street, six around it."""
    core = setting.core_m / setting.half_m
    jog = rng.uniform(-0.1, 0.1, 6) * core
    lower, rest = _cut_one(mesh, mesh.whole(), 0.5 - core / 2, RING_WIDTH_M + 2, turn=True)
    share = core / (0.5 + core / 2)
    middle, upper = _cut_one(mesh, rest, share, RING_WIDTH_M, turn=True)
    west, rest = _cut_one(mesh, middle, 0.5 - core / 2, RING_WIDTH_M - 4)
    heart, east = _cut_one(mesh, rest, share, RING_WIDTH_M - 2)
    lower_west, lower_east = _cut_one(mesh, lower, 0.5 + 2 * jog[0], 20)
    upper_west, upper_east = _cut_one(mesh, upper, 0.5 + 2 * jog[1], 24)
    cores = _core(mesh, heart, rng)
    around = (upper_west, upper_east, west, east, lower_west, lower_east)
    every = cores.joined(*around)
    return replace(every, ward=np.arange(10))


def _core(mesh: Mesh, heart: Quads, rng: np.random.Generator) -> Quads:
    """Cut the core by the bazaar, and each half by a street that does not quite line up."""
    bazaar = _cuts(
        1,
        at_0=0.5 + rng.uniform(-0.08, 0.08),
        at_2=0.5 + rng.uniform(-0.08, 0.08),
        width_m=BAZAAR_WIDTH_M,
        kind=LineKind.BAZAAR,
    )
    left, right = mesh.split(heart, bazaar)
    one = _cut_one(mesh, left, 0.5 + rng.uniform(-0.06, 0.06), 11, turn=True)
    two = _cut_one(mesh, right, 0.5 + rng.uniform(-0.06, 0.06), 8, turn=True)
    return one[0].joined(one[1], *two)


def _cuts(count: int, *, at_0: float, at_2: float, width_m: float, kind: LineKind) -> Cuts:
    return Cuts(
        at_0=np.full(count, at_0),
        at_2=np.full(count, at_2),
        width_m=np.full(count, float(width_m)),
        kind=np.full(count, kind, dtype=np.int64),
        from_t=np.zeros(count),
        to_t=np.ones(count),
    )


def _cut_one(
    mesh: Mesh, quads: Quads, at: float, width_m: float, *, turn: bool = False
) -> tuple[Quads, Quads]:
    """Cut by a street at the share ``at`` of a side; ``turn`` cuts across, low to high."""
    cuts = _cuts(len(quads), at_0=at, at_2=at, width_m=width_m, kind=LineKind.STREET)
    turned = np.full(len(quads), turn)
    near, far = mesh.split(quads.turned(turned), cuts)
    for _ in range(3):
        near, far = near.turned(turned), far.turned(turned)
    return near, far


def fabric_of(setting: Setting, quads: Quads) -> Ints:
    """Return the fabric at the middle of each quadrilateral."""
    age = setting.age(quads.middle)
    reach = setting.reach(quads.middle)
    fabric = np.where(age > _OLD_ABOVE, Fabric.OLD, np.where(age > 0.0, Fabric.MIDDLE, Fabric.NEW))
    informal = (quads.ward == INFORMAL_WARD) & (reach > _INFORMAL_BEYOND) & (age <= _OLD_ABOVE)
    return np.where(informal, Fabric.INFORMAL, fabric).astype(np.int64)


def blocks(mesh: Mesh, quads: Quads, setting: Setting, rng: np.random.Generator) -> Quads:
    """Cut the wards by streets and lanes until every piece is a block."""
    done: list[Quads] = []
    while len(quads):
        quads = replace(quads, fabric=fabric_of(setting, quads))
        count, turn = _pieces(mesh, quads, rng)
        done.append(quads.take(count <= 1))
        quads, count, turn = quads.take(count > 1), count[count > 1], turn[count > 1]
        quads = quads.turned(turn)
        near, far = mesh.split(quads, _street_cuts(mesh, quads, count, rng))
        quads = near.joined(far)
    every = done[0].joined(*done[1:])
    return replace(every, block=np.arange(len(every)))


def _pieces(mesh: Mesh, quads: Quads, rng: np.random.Generator) -> tuple[Ints, Flags]:
    """Return into how many pieces a row is to be cut, and whether across its sides 1 and 3."""
    along, across = mesh.net_m(quads)
    planned = np.isin(quads.fabric, (Fabric.NEW, Fabric.INFORMAL)) & (
        along * across < _STRIPS_BELOW_M2
    )
    long_m, short_m = np.maximum(along, across), np.minimum(along, across)
    strip, length = woven("strip_m", quads.fabric), woven("length_m", quads.fabric)
    with np.errstate(divide="ignore", invalid="ignore"):
        many_long = np.round((long_m + 6) / (length * rng.uniform(0.75, 1.25, len(quads)) + 6))
        many_short = np.round((short_m + 9) / (strip + 9))
    many_long, many_short = np.nan_to_num(many_long), np.nan_to_num(many_short)
    stop = woven("block_m2", quads.fabric) * rng.uniform(0.75, 1.5, len(quads))
    organic = np.where(along * across > np.where(stop > 0, stop, 5000), 2, 1)
    shorter = many_long <= 1
    count = np.where(planned, np.where(shorter, many_short, many_long), organic)
    turn = (across > along) ^ (planned & shorter)
    return count.astype(np.int64), turn


def _street_cuts(mesh: Mesh, quads: Quads, count: Ints, rng: np.random.Generator) -> Cuts:
    """Return a cut near the middle; in a planned piece, at a whole number of strips."""
    planned = np.isin(quads.fabric, (Fabric.NEW, Fabric.INFORMAL))
    stray = rng.uniform(-0.17, 0.17, len(quads)) * np.where(planned, 0.15, 1.0)
    at = np.where(count > _HALVES, (count // 2) / count, 0.5 + stray)
    lean = rng.normal(0, 1, len(quads)) * woven("lean", quads.fabric)
    along, across = mesh.net_m(quads)
    width = _widths(quads.fabric, along * across / 1e4, rng)
    return Cuts(
        at_0=np.clip(at + lean, 0.25, 0.75),
        at_2=np.clip(at - lean, 0.25, 0.75),
        width_m=width,
        kind=np.where(width >= _LANE_BELOW_M, LineKind.STREET, LineKind.LANE).astype(np.int64),
        from_t=np.zeros(len(quads)),
        to_t=np.ones(len(quads)),
    )


def _widths(fabric: Ints, hectares: Floats, rng: np.random.Generator) -> Floats:
    """Return the width of the street that cuts a piece of so many hectares, to the decimetre."""
    rank = sum((hectares < each).astype(np.int64) for each in _HECTARES)
    table = np.array([WEAVES[each].street_m for each in Fabric], dtype=np.float64)
    low, high = table[fabric, rank, 0], table[fabric, rank, 1]
    return np.asarray(np.round(low + (high - low) * rng.random(len(fabric)), 1))
