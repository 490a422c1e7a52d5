"""The lots: each block cut into parcels, by dead ends where it is deep, in rows where planned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.synthetic_town.fabric import Fabric, between, woven
from bazafarin.adapters.synthetic_town.quads import Cuts, Flags, Floats, Ints, LineKind, Quads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bazafarin.adapters.synthetic_town.mesh import Mesh

ROLE_HOUSE = 0
ROLE_SHOP = 1
FIRST_SERVICE_ROLE = 10
"""Roles from here on are rows of the table of services."""

_SHOP_DEPTH_M = 7.5
_MOST_SHOP_DEPTH = 0.6
"""Shops take at most this share of the depth of a block."""
_SHOP_FRONT_M = 4.6
_DEEP_M = 22.0
"""How deep a piece must be before a dead end is let into it."""
_WIDE_M = 17.0
"""How wide a piece must be to keep a house on both sides of its dead end."""
_SPLIT_ABOVE = 1.48
"""A piece this many times the lot it should become is cut once more."""
_PLANNED_STRAY = 0.1
"""How far walls of planned lots stray from their place, against those of old ones."""
_FROM_START = 0.5
"""Share of the dead ends that enter from the first of two passages they could enter from."""
_NARROWEST_M = 4.5
"""No cut makes a piece narrower than this, shops apart."""


def lots(
    mesh: Mesh,
    quads: Quads,
    rng: np.random.Generator,
    *,
    reserve: Callable[[Quads, Floats, Floats], Ints],
) -> Quads:
    """Cut every block into parcels; ``reserve`` sets pieces aside for services as they pass."""
    shops, quads = _bazaar(mesh, quads)
    done = [shops]
    wish = np.full(1 + quads.block.max(), np.nan)
    wish[quads.block] = between("lot_m2", quads.fabric, rng.beta(1.5, 1.9, len(quads)))
    while len(quads):
        along, across = mesh.net_m(quads)
        quads = replace(quads, role=reserve(quads, along, across))
        spread = np.exp(rng.normal(0, 1, len(quads)) * woven("lot_spread", quads.fabric))
        target = wish[quads.block] * spread
        split = (along * across > _SPLIT_ABOVE * target) & (quads.role == ROLE_HOUSE)
        split &= np.maximum(along, across) > 2 * _NARROWEST_M
        done.append(quads.take(~split))
        quads, target = quads.take(split), target[split]
        quads = quads.turned(_turn(mesh, quads))
        near, far = mesh.split(quads, _lot_cuts(mesh, quads, target, rng))
        quads = near.joined(far)
    return done[0].joined(*done[1:])


def _bazaar(mesh: Mesh, quads: Quads) -> tuple[Quads, Quads]:
    """Return the shops along the bazaar, and the blocks without their strip of shops."""
    facing = (mesh.lines.kind[quads.line] == LineKind.BAZAAR) & mesh.has_door(quads)
    touched = facing.any(axis=1)
    side = np.argmax(facing[touched], axis=1)
    front, rest = quads.take(touched), quads.take(~touched)
    for step in range(4):
        front = front.turned((side + 1) % 4 > step)
    depth = _SHOP_DEPTH_M + mesh.inset_m(front)[:, 3]
    at = np.minimum(depth[:, None] / front.sides_m[:, [0, 2]], _MOST_SHOP_DEPTH)
    strip, behind = mesh.split(front, _walls(at[:, 0], at[:, 1]))
    strip = replace(strip, role=np.full(len(strip), ROLE_SHOP))
    strip = strip.turned(np.full(len(strip), fill_value=True))
    return _row(mesh, strip, _SHOP_FRONT_M), rest.joined(behind)


def _row(mesh: Mesh, quads: Quads, front_m: float) -> Quads:
    """Cut strips across into pieces of about ``front_m``."""
    done: list[Quads] = []
    while len(quads):
        count = np.round(mesh.net_m(quads)[0] / front_m).astype(np.int64)
        done.append(quads.take(count <= 1))
        quads, count = quads.take(count > 1), count[count > 1]
        near, far = mesh.split(quads, _walls(*mesh.at_net(quads, (count // 2) / count)))
        quads = near.joined(far)
    return done[0].joined(*done[1:])


def _walls(at_0: Floats, at_2: Floats) -> Cuts:
    count = len(at_0)
    nothing = np.zeros(count)
    kind = np.full(count, LineKind.WALL, dtype=np.int64)
    return Cuts(at_0, at_2, nothing, kind, nothing, nothing)


def _turn(mesh: Mesh, quads: Quads) -> Flags:
    """Return where to cut from side 1 to side 3: across the longer way, but no house without door.

    A piece of a planned block that has streets on both long sides is first halved into two
    rows of lots, back to back.
    """
    along, across = mesh.net_m(quads)
    door = mesh.has_door(quads)
    d0, d1, d2, d3 = (door[:, side] for side in range(4))
    turn = across > along
    planned = np.isin(quads.fabric, (Fabric.NEW, Fabric.INFORMAL))
    back_to_back = planned & np.where(turn, d1 & d3, d0 & d2)
    back_to_back &= np.minimum(along, across) > 0.62 * woven("strip_m", quads.fabric)
    turn = turn ^ back_to_back
    orphans = np.where(turn, ~(d1 | d3) & ~(d0 & d2), ~(d0 | d2) & ~(d1 & d3))
    other_orphans = np.where(turn, ~(d0 | d2) & ~(d1 & d3), ~(d1 | d3) & ~(d0 & d2))
    other_m = np.where(turn, along, across)
    return np.asarray(turn ^ (orphans & ~other_orphans & (other_m > 2.4 * _NARROWEST_M)))


def _lot_cuts(mesh: Mesh, quads: Quads, target: Floats, rng: np.random.Generator) -> Cuts:
    """Return a cut near the middle, with a dead end along it where the piece is deep."""
    along, across = mesh.net_m(quads)
    planned = np.isin(quads.fabric, (Fabric.NEW, Fabric.INFORMAL))
    count = np.maximum(2, np.round(along * across / target)).astype(np.int64)
    in_row = planned & (across < 1.2 * woven("strip_m", quads.fabric) / 1.6)
    stray = rng.uniform(-0.13, 0.13, len(quads)) * np.where(planned, _PLANNED_STRAY, 1.0)
    share = np.where(in_row, (count // 2) / count, 0.5 + stray)
    lean = rng.normal(0, 1, len(quads)) * woven("lean", quads.fabric) * 0.7
    at_0, _ = mesh.at_net(quads, np.clip(share + lean, 0.3, 0.7))
    _, at_2 = mesh.at_net(quads, np.clip(share - lean, 0.3, 0.7))
    cuts = _walls(at_0, at_2)
    return _with_dead_ends(mesh, quads, cuts, along, across, rng)


def _with_dead_ends(  # noqa: PLR0913, PLR0917 - the cuts and all that decides on them
    mesh: Mesh, quads: Quads, cuts: Cuts, along: Floats, across: Floats, rng: np.random.Generator
) -> Cuts:
    """Open some cuts as dead ends, from a passage inwards, never through to the other side."""
    start_t = quads.from_t[:, 0] + (quads.to_t[:, 0] - quads.from_t[:, 0]) * cuts.at_0
    end_t = quads.to_t[:, 2] + (quads.from_t[:, 2] - quads.to_t[:, 2]) * cuts.at_2
    at_start = mesh.is_open(quads.line[:, 0], start_t)
    at_end = mesh.is_open(quads.line[:, 2], end_t)
    likely = woven("dead_end_share", quads.fabric) * np.clip((across - _DEEP_M) / 14, 0, 1)
    opened = (rng.random(len(quads)) < likely) & (along > _WIDE_M) & (at_start | at_end)
    from_start = at_start & (~at_end | (rng.random(len(quads)) < _FROM_START))
    reach = np.where(at_start & at_end, 0.42, 0.55) + 0.3 * rng.random(len(quads))
    width = np.round(between("dead_end_m", quads.fabric, rng.random(len(quads))), 1)
    return replace(
        cuts,
        width_m=np.where(opened, width, 0.0),
        kind=np.where(opened, LineKind.DEAD_END, LineKind.WALL).astype(np.int64),
        from_t=np.where(opened & ~from_start, 1 - reach, 0.0),
        to_t=np.where(opened, np.where(from_start, reach, 1.0), 0.0),
    )
