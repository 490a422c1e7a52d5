"""The layout of a town: streets, blocks, parcels and corridors on the ground, no attributes yet."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.synthetic_town.bends import Bends
from bazafarin.adapters.synthetic_town.corridors import corridors
from bazafarin.adapters.synthetic_town.fabric import Setting
from bazafarin.adapters.synthetic_town.ground import Ground, ground
from bazafarin.adapters.synthetic_town.joining import joined_to_count, without_scraps
from bazafarin.adapters.synthetic_town.lots import lots
from bazafarin.adapters.synthetic_town.mesh import Mesh
from bazafarin.adapters.synthetic_town.passages import Passages, connected, passages
from bazafarin.adapters.synthetic_town.services import Reserve
from bazafarin.adapters.synthetic_town.streets import RIM_WIDTH_M, blocks, wards

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Ints, Quads, Shapes

_GROSS_M2 = 330.0
"""Land of the plane for one parcel, streets and services included; generous, the rest is cut."""
_PLANE_SHARE = 1.45
"""How much larger the plane is than the town: the rim is left as open country."""
_GROWTH = 1.2
"""How much larger the next plane is when one held too few parcels."""
_SPARE = 0.025
"""Share of parcels cut in excess, because scraps are joined to their neighbours."""
_SPARE_LEAST = 20
_VILLAGES_FROM = 4_000
"""A smaller town has swallowed no village."""
_HEIGHTS = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)
"""How high the bends are tried, until nothing folds; without any, nothing can."""
_AT_ONCE = 5_000
_BLOCKS_EACH = 3
"""However small the town, each neighbourhood has this many blocks."""


@dataclass(frozen=True)
class Layout:
    """A town on the ground: ``lots`` beside ``parcels``, ``block_quads`` beside ``blocks``.

    ``block_row`` is the row of each parcel's block.
    """

    mesh: Mesh
    lots: Quads
    parcels: Shapes
    block_quads: Quads
    blocks: Shapes
    passages: Passages
    block_row: Ints


def lay_out(*, parcels: int, seed: int) -> Layout:
    """Lay out a town of exactly ``parcels`` parcels, on a plane as large as it needs."""
    scale = 1.0
    while True:
        setting = _setting(parcels, scale, np.random.default_rng([seed, 10]))
        layout = _tried(setting, parcels, seed)
        if layout is not None:
            return layout
        scale *= _GROWTH


def _setting(parcels: int, scale: float, rng: np.random.Generator) -> Setting:
    """Return where the fabrics lie: the larger the town, the smaller its old core's share."""
    half = np.sqrt(parcels * _GROSS_M2 * _PLANE_SHARE * scale) / 2
    share = np.clip(0.36 - 0.065 * np.log10(parcels / 1000), 0.16, 0.36)
    core = np.sqrt(share * parcels * 250) / 2
    count = 0 if parcels < _VILLAGES_FROM else 1 + parcels // 40_000
    angle = rng.uniform(0, 2 * np.pi, count)
    # The first village lies in the ward whose people came from it.
    angle[:1] = 1.25 * np.pi
    far = rng.uniform(0.55, 0.75, count) * half
    radius = rng.uniform(110, 230, count)
    villages = np.column_stack([far * np.cos(angle), far * np.sin(angle), radius])
    return Setting(half, core, 1.4, villages, rng.uniform(0, 2 * np.pi, 3))


def _tried(setting: Setting, parcels: int, seed: int) -> Layout | None:
    """Return the town on this plane; None where it holds too few parcels."""
    rng = np.random.default_rng([seed, 11])
    mesh = Mesh(setting.half_m, RIM_WIDTH_M)
    quads = blocks(mesh, wards(mesh, setting, rng), setting, rng)
    pieces = lots(mesh, quads, rng, reserve=Reserve(np.random.default_rng([seed, 12])))
    wanted = parcels + max(_SPARE_LEAST, int(parcels * _SPARE))
    kept = _nearest(mesh, quads, pieces, wanted, rng)
    if kept is None:
        return None
    quads, pieces = quads.take(kept), pieces.take(np.isin(pieces.block, kept))
    pieces = pieces.take(np.argsort(pieces.block, kind="stable"))
    bends = Bends(mesh, setting, np.random.default_rng([seed, 13]))
    floor, outlines, cells = _bent(mesh, bends, quads, pieces)
    ways = passages(mesh, floor, quads, pieces, np.random.default_rng([seed, 14]))
    outlines, land = corridors(mesh, floor, quads, outlines, ways)
    row = np.searchsorted(quads.block, pieces.block)
    shapes = _to_the_millimetre(_cut_out(cells, land[row]))
    pieces, shapes = without_scraps(pieces, shapes)
    if len(pieces) < parcels:
        return None
    pieces, shapes = joined_to_count(mesh, pieces, shapes, parcels)
    row = np.searchsorted(quads.block, pieces.block)
    return Layout(mesh, pieces, shapes, quads, _to_the_millimetre(outlines), ways, row)


def _bent(mesh: Mesh, bends: Bends, quads: Quads, pieces: Quads) -> tuple[Ground, Shapes, Shapes]:
    """Return the bent ground, and blocks and parcels on it, from centre-line to centre-line.

    Waves that meet where they die out may fold a corner over; they are then made lower.
    """
    straight = ground(mesh, bends.strength)
    for height in _HEIGHTS:
        floor = straight.bent(partial(bends, height=height))
        outlines, cells = floor.rings(quads), floor.rings(pieces)
        if shapely.is_valid(outlines).all() and shapely.is_valid(cells).all():
            break
    return floor, outlines, cells


def _cut_out(cells: Shapes, land: Shapes) -> Shapes:
    """Return what each cell has of its block's land; the work is shared among the cores."""
    pieces = max(1, len(cells) // _AT_ONCE)
    pairs = zip(np.array_split(cells, pieces), np.array_split(land, pieces), strict=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(lambda pair: shapely.intersection(*pair), pairs)))


def _to_the_millimetre(shapes: Shapes) -> Shapes:
    """Return shapes on a grid of 1 mm: shared corners are rounded alike; flat spikes go."""
    rounded = np.asarray(shapely.transform(shapes, lambda xy: np.round(xy, 3)))
    spiked = np.flatnonzero(~shapely.is_valid(rounded))
    rounded[spiked] = shapely.make_valid(rounded[spiked], method="structure", keep_collapsed=False)
    return rounded


def _nearest(
    mesh: Mesh, block_quads: Quads, pieces: Quads, parcels: int, rng: np.random.Generator
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
    far = np.hypot(*middle.T) * wave + rng.normal(0, 12, len(middle))
    of_ward = pd.Series(far).groupby(block_quads.ward).rank(method="first").to_numpy()
    order = np.lexsort((far, of_ward > _BLOCKS_EACH))
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
