"""Passages where none were delivered: the middle of the space between blocks (محور معابر)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.analysis.axis_chains import chain_widths, without_spurs
from bazafarin.analysis.axis_junctions import junctions
from bazafarin.analysis.medial_axis import medial_axis
from bazafarin.analysis.wall_samples import wall_samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.axis_chains import Chains
    from bazafarin.analysis.axis_junctions import Junctions
    from bazafarin.analysis.medial_axis import MedialAxis
    from bazafarin.analysis.wall_samples import WallSamples

_SAME_M = 0.001
"""Lines that begin within a millimetre of each other in the order of place are ordered by
the next coordinate: rounding must not decide."""


def derived_passages(  # noqa: PLR0913 - the named tolerances of one derivation
    blocks: gpd.GeoSeries,
    *,
    spacing_m: float,
    least_width_m: float,
    reach_m: float,
    notch_ratio: float,
    facing_share: float,
    spur_widths: float,
    simplify_m: float,
) -> gpd.GeoDataFrame:
    """Return centre-lines and widths of the open space between ``blocks``.

    A line runs from junction to junction, or to a dead end, as far from the walls at its
    one side as from those at its other; lines that meet share the point. Space between two
    blocks counts, and a notch in one (بن‌بست); open country, closed yards and the recesses
    of fronts do not. A square narrower than twice ``reach_m`` is crossed by lines.

    Args:
        blocks: polygons, metres; where two touch or overlap there is no space.
        spacing_m: of the points set along the walls; at most 1.5 times the narrowest
            passage, or that one is lost.
        least_width_m: what is narrower is a gap of the drawing and no passage.
        reach_m: the farthest wall; twice this is the widest passage.
        notch_ratio: see ``medial_axis``.
        facing_share: a free end is cut back to where the straight distance between its two
            walls is at least this share of the width; 1 is straight across.
        spur_widths: dead ends no deeper than so many times their width are none.
        simplify_m: lines may leave the middle by this much.

    Returns:
        ``passage_id`` (``d1`` in the north-west and on to the south-east), ``width_m`` (the
        median along the line of twice the distance to the walls) and a LineString.
    """
    polygons = blocks.to_numpy()
    walls = wall_samples(polygons, spacing_m=spacing_m)
    axis = medial_axis(
        walls, polygons, least_width_m=least_width_m, reach_m=reach_m, notch_ratio=notch_ratio
    )
    axis, chains = without_spurs(axis, least_facing=facing_share, spur_widths=spur_widths)
    meets = junctions(axis, chains)
    lines = _lines(axis, chains, meets, simplify_m=simplify_m)
    counts = np.zeros(len(axis.one), dtype=np.bool_)
    counts[chains.ridge] = meets.is_clear
    counts &= axis.facing >= facing_share
    width = chain_widths(axis, chains, counts)
    keep = ~meets.is_inner & (shapely.length(lines) > 0) & ~_is_in_yard(axis, chains, walls)
    lines, width = shapely.normalize(lines[keep]), width[keep]
    order = _by_place(lines)
    return gpd.GeoDataFrame(
        {
            "passage_id": [f"d{n}" for n in range(1, len(order) + 1)],
            "width_m": width[order],
        },
        geometry=gpd.GeoSeries(lines[order], crs=blocks.crs),
        crs=blocks.crs,
    )


def _lines(
    axis: MedialAxis, chains: Chains, meets: Junctions, *, simplify_m: float
) -> NDArray[np.object_]:
    """Return the line of each chain, from junction to junction, straight within their discs."""
    every = np.arange(len(chains))
    kept = np.flatnonzero(meets.is_clear)
    chain = np.concatenate([every, chains.chain[kept], every])
    place = np.concatenate([np.full(len(every), -1), kept, np.full(len(every), len(chains.ridge))])
    points = np.concatenate(
        [
            meets.point[meets.of_node[chains.first]],
            axis.middle[chains.ridge[kept]],
            meets.point[meets.of_node[chains.last]],
        ]
    )
    order = np.lexsort((place, chain))
    lines = shapely.linestrings(points[order], indices=chain[order])
    return np.asarray(shapely.simplify(lines, simplify_m), dtype=np.object_)


def _is_in_yard(axis: MedialAxis, chains: Chains, walls: WallSamples) -> NDArray[np.bool_]:
    """Return which chains lie in a closed yard: all walls about them are of one hole."""
    ones = np.ones(len(axis.one), dtype=np.int8)
    nodes = len(axis.node)
    graph = coo_array((ones, (axis.one, axis.other)), shape=(nodes, nodes))
    part = connected_components(graph, directed=False)[1][axis.one]
    rings = walls.ring.max(initial=-1) + 1
    is_yard = np.zeros(rings, dtype=np.bool_)
    is_yard[walls.ring[walls.is_yard]] = True
    least = np.full(nodes, rings, dtype=np.intp)
    most = np.full(nodes, -1, dtype=np.intp)
    np.minimum.at(least, part, axis.rings.min(axis=1))
    np.maximum.at(most, part, axis.rings.max(axis=1))
    closed = is_yard[np.maximum(most, 0)] & (least == most) if rings else most >= 0
    of_chain = np.zeros(len(chains), dtype=np.bool_)
    of_chain[chains.chain] = closed[part[chains.ridge]]
    return of_chain


def _by_place(lines: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return the order of the lines from the north-west to the south-east."""
    bounds = shapely.bounds(lines)
    west = np.round((bounds[:, 0] - bounds[:, 0].min(initial=np.inf)) / _SAME_M)
    south = np.round((bounds[:, 3].max(initial=-np.inf) - bounds[:, 3]) / _SAME_M)
    length = np.round(shapely.length(lines) / _SAME_M)
    return np.lexsort((length, west, west + south))
