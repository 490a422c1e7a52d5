"""The layout of a town: streets, blocks, parcels and corridors on the ground, no attributes yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bazafarin.adapters.synthetic_town import streets
from bazafarin.adapters.synthetic_town.bends import Bends
from bazafarin.adapters.synthetic_town.corridors import corridors
from bazafarin.adapters.synthetic_town.fabric import Setting, Fabric
from bazafarin.adapters.synthetic_town.ground import Ground, ground
from bazafarin.adapters.synthetic_town.lots import lots
from bazafarin.adapters.synthetic_town.mesh import Floats, Ints, LineKind, Mesh, Quads, merged
from bazafarin.adapters.synthetic_town.passages import Passages, connected, passages
from bazafarin.adapters.synthetic_town.services import Reserve

if TYPE_CHECKING:
    import numpy.typing as npt

_GROSS_M2 = 330.0
"""Land of the plane for one parcel, streets and services included; generous, the rest is cut."""
_PLANE_SHARE = 1.45
"""How much larger the plane is than the town: the rim is left as open country."""
_GROWTH = 1.2


@dataclass(frozen=True)
class Layout:
    """A town on the ground: ``lots`` beside ``parcels``, ``block_quads`` beside ``blocks``."""

    mesh: Mesh
    ground: Ground
    setting: Setting
    lots: Quads
    parcels: npt.NDArray[np.object_]
    block_quads: Quads
    blocks: npt.NDArray[np.object_]
    passages: Passages
    block_row: Ints


def lay_out(*, parcels: int, seed: int) -> Layout:
    """Lay out a town of exactly ``parcels`` parcels."""
    scale = 1.0
    while True:
        rng = np.random.default_rng([seed, 1])
        setting = _setting(parcels, scale, rng)
        mesh, block_quads, pieces = _plane(setting, parcels, rng)
        kept = _nearest(mesh, block_quads, pieces, parcels, rng)
        if kept is not None:
            break
        scale *= _GROWTH
    pieces = _exactly(mesh, pieces.take(np.isin(pieces.block, kept)), parcels)
    pieces = pieces.take(np.argsort(pieces.block, kind="stable"))
    block_quads = block_quads.take(kept)
    bend = Bends(mesh, setting, np.random.default_rng([seed, 2]))
    floor = ground(mesh, bend, bend.strength)
    blocks, land = corridors(mesh, floor, block_quads, pieces)
    cells = floor.rings(pieces)
    bad = ~shapely.is_valid(cells)
    cells[bad] = shapely.make_valid(cells[bad])
    place = np.searchsorted(block_quads.block, pieces.block)
    shapes = _largest(shapely.intersection(cells, land[place]))
    ways = passages(mesh, floor, block_quads, pieces)
    return Layout(mesh, floor, setting, pieces, shapes, block_quads, blocks, ways, place)


def _largest(shapes):
    many = np.flatnonzero(shapely.get_type_id(shapes) != 3)
    for row in many:
        parts = shapely.get_parts(shapes[row])
        shapes[row] = parts[np.argmax(shapely.area(parts))]
    return shapely.transform(shapes, lambda xy: np.round(xy, 3))


def _setting(parcels: int, scale: float, rng: np.random.Generator) -> Setting:
    half = np.sqrt(parcels * _GROSS_M2 * _PLANE_SHARE * scale) / 2
    share = np.clip(0.36 - 0.065 * np.log10(parcels / 1000), 0.16, 0.36)
    core = np.sqrt(share * parcels * 250) / 2
    villages = np.empty((0, 3))
    if parcels >= 4000:
        count = 1 + parcels // 40_000
        angle = rng.uniform(0, 2 * np.pi, count)
        angle[0] = 1.25 * np.pi
        far = rng.uniform(0.62, 0.85, count) * half
        radius = rng.uniform(110, 230, count)
        villages = np.column_stack([far * np.cos(angle), far * np.sin(angle), radius])
    return Setting(half, core, 1.4, villages, rng.uniform(0, 2 * np.pi, 3))


def _plane(setting: Setting, parcels: int, rng: np.random.Generator):
    half = setting.half_m
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    mesh = Mesh(corners, 12.0)
    block_quads = streets.blocks(mesh, streets.wards(mesh, setting, rng), setting, rng)
    pieces = lots(mesh, block_quads, rng, reserve=Reserve(np.random.default_rng(int(rng.integers(2**32)))))
    return mesh, block_quads, _without_slivers(mesh, pieces)


def _pairs(mesh, pieces):
    rows = np.flatnonzero((pieces.role == 0) & (pieces.pair >= 0))
    rows = rows[np.argsort(pieces.pair[rows], kind="stable")]
    two = np.flatnonzero(pieces.pair[rows][1:] == pieces.pair[rows][:-1])
    near, far = rows[two], rows[two + 1]
    wall = mesh.lines.kind[pieces.line[near, 1]] == LineKind.WALL
    return near[wall], far[wall]


def _rejoined(pieces, near, far):
    joined = merged(pieces.take(near), pieces.take(far))
    rest = np.ones(len(pieces), bool)
    rest[near] = rest[far] = False
    return pieces.take(rest).joined(joined)


def _without_slivers(mesh, pieces):
    near, far = _pairs(mesh, pieces)
    along, across = mesh.net_m(pieces)
    thin = np.minimum(along, across) < 4.0
    bad = thin[near] | thin[far]
    return _rejoined(pieces, near[bad], far[bad])


def _nearest(
    mesh: Mesh,
    block_quads: Quads,
    pieces: Quads,
    parcels: int,
    rng: np.random.Generator,
) -> Ints | None:
    """Return the blocks nearest to the centre that hold ``parcels`` parcels, all connected.

    None when the whole plane holds fewer. The rim is wavy and a little ragged.
    """
    middle = block_quads.middle
    angle, phase = np.arctan2(middle[:, 1], middle[:, 0]), rng.uniform(0, 2 * np.pi, 3)
    wave = 1.0 + sum(
        size * np.sin(times * angle + at)
        for times, size, at in zip((2, 3, 7), (0.10, 0.08, 0.05), phase, strict=True)
    )
    order = np.argsort(np.hypot(*middle.T) * wave + rng.normal(0, 12, len(middle)), kind="stable")
    count = np.bincount(pieces.block, minlength=len(block_quads))
    while True:
        held = np.cumsum(count[order])
        if not len(order) or held[-1] < parcels:
            return None
        kept = np.sort(order[: np.searchsorted(held, parcels) + 1])
        alone = kept[~connected(mesh, block_quads.take(kept))]
        if not len(alone):
            return kept
        order = order[~np.isin(order, alone)]


def _exactly(mesh, pieces, parcels):
    surplus = len(pieces) - parcels
    if not surplus:
        return pieces
    near, far = _pairs(mesh, pieces)
    along, across = mesh.net_m(pieces)
    area = along * across
    pick = np.argsort(area[near] + area[far], kind="stable")[:surplus]
    return _rejoined(pieces, near[pick], far[pick])
