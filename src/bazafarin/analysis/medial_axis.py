"""The middle of open space: where two walls that are not each other's neighbours are as near.

Blum's medial axis, from the Delaunay triangles of points along the walls: the middle
between two points that share a side of a triangle is a ridge, and ridges meet where
triangles do. Each ridge's middle is then set exactly between its two walls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bazafarin.analysis.wall_samples import WallSamples

_LEAST_SAMPLES = 4
"""A triangle and a neighbour of it."""
_STEPS = 2
"""One step sets a point exactly between straight walls, the second between a wall and a corner."""


@dataclass(frozen=True)
class MedialAxis:
    """Ridges between walls and the nodes where they meet.

    Attributes:
        one: the node at one end of each ridge.
        other: the node at its other end.
        middle: the point of the ridge that is as far from its one wall as from its other.
        width_m: twice that distance.
        facing: how squarely the walls face each other there: the sine of half the angle
            between the ways to the two, 1 where they stand opposite.
        rings: the outlines of the two walls.
        node: where ridges meet.
        node_clear_m: how far the nearest wall is from the node.
    """

    one: NDArray[np.intp]
    other: NDArray[np.intp]
    middle: NDArray[np.float64]
    width_m: NDArray[np.float64]
    facing: NDArray[np.float64]
    rings: NDArray[np.intp]
    node: NDArray[np.float64]
    node_clear_m: NDArray[np.float64]

    def chosen(self, which: NDArray[np.bool_]) -> MedialAxis:
        """Return the axis of some of the ridges, with all its nodes."""
        own = ("one", "other", "middle", "width_m", "facing", "rings")
        return MedialAxis(
            **{name: getattr(self, name)[which] for name in own},
            node=self.node,
            node_clear_m=self.node_clear_m,
        )


def medial_axis(
    walls: WallSamples,
    blocks: NDArray[np.object_],
    *,
    least_width_m: float,
    reach_m: float,
    notch_ratio: float,
) -> MedialAxis:
    """Return the ridges in the open space between walls.

    Args:
        walls: points along the outlines of ``blocks``.
        blocks: polygons; what lies in them is no open space.
        least_width_m: nobody passes between walls that are nearer to each other.
        reach_m: the farthest wall.
        notch_ratio: two walls of one outline face each other when the way along the outline
            is at least so many times the straight way between them.
    """
    if len(walls.point) < _LEAST_SAMPLES:
        return _nothing()
    origin = walls.point.mean(axis=0)
    triangles = Delaunay(walls.point - origin)
    centre, radius = _circles(walls.point, triangles.simplices)
    triangle, p, q, beyond = _sides(triangles)
    keep = np.maximum(radius[triangle], radius[beyond]) <= reach_m
    keep[keep] = _face(walls, p[keep], q[keep], notch_ratio)
    triangle, p, q, beyond = triangle[keep], p[keep], q[keep], beyond[keep]
    start = (centre[triangle] + centre[beyond]) / 2
    middle, width, facing = _between(walls, start, p, q)
    keep = (width >= least_width_m) & (width <= 2 * reach_m)
    keep[keep] = ~_is_in(middle[keep], blocks)
    nodes = np.unique([triangle[keep], beyond[keep]])
    return MedialAxis(
        one=np.searchsorted(nodes, triangle[keep]),
        other=np.searchsorted(nodes, beyond[keep]),
        middle=middle[keep],
        width_m=width[keep],
        facing=facing[keep],
        rings=np.column_stack([walls.ring[p], walls.ring[q]])[keep],
        node=centre[nodes],
        node_clear_m=radius[nodes],
    )


def _nothing() -> MedialAxis:
    none, number, points = np.empty(0, dtype=np.intp), np.empty(0), np.empty((0, 2))
    pairs = np.empty((0, 2), dtype=np.intp)
    return MedialAxis(none, none, points, number, number, pairs, points, number)


def _circles(
    point: NDArray[np.float64], triangles: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centre and radius of the circle through each triangle's corners.

    Corners that lie on one line have none: infinitely far.
    """
    first = point[triangles[:, 0]]
    one, two = point[triangles[:, 1]] - first, point[triangles[:, 2]] - first
    twice = 2 * (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    square1, square2 = (one**2).sum(axis=1), (two**2).sum(axis=1)
    flat = np.abs(twice) <= np.finfo(float).eps * (square1 + square2)
    twice = np.where(flat, 1.0, twice)
    away = np.column_stack(
        [
            (two[:, 1] * square1 - one[:, 1] * square2) / twice,
            (one[:, 0] * square2 - two[:, 0] * square1) / twice,
        ]
    )
    return first + away, np.where(flat, np.inf, np.hypot(away[:, 0], away[:, 1]))


def _sides(
    triangles: Delaunay,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return each inner side once: its triangle, its two points, the triangle beyond it."""
    triangle, corner = np.nonzero(
        triangles.neighbors > np.arange(len(triangles.simplices))[:, None]
    )
    p = triangles.simplices[triangle, (corner + 1) % 3].astype(np.intp)
    q = triangles.simplices[triangle, (corner + 2) % 3].astype(np.intp)
    return triangle, p, q, triangles.neighbors[triangle, corner].astype(np.intp)


def _face(
    walls: WallSamples, p: NDArray[np.intp], q: NDArray[np.intp], notch_ratio: float
) -> NDArray[np.bool_]:
    """Return whether two points are of different outlines or of two sides of a notch."""
    straight = np.hypot(*(walls.point[p] - walls.point[q]).T)
    walk = np.abs(walls.walked_m[p] - walls.walked_m[q])
    walk = np.minimum(walk, walls.ring_m[p] - walk)
    face: NDArray[np.bool_] = (walls.ring[p] != walls.ring[q]) | (walk >= notch_ratio * straight)
    return face


def _between(
    walls: WallSamples, at: NDArray[np.float64], p: NDArray[np.intp], q: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the points near ``at`` that are as far from one wall as from the other.

    With twice the distance, and with how squarely the walls face each other there.
    """
    for _ in range(_STEPS):
        way1, way2 = at - _foot(walls, at, p), at - _foot(walls, at, q)
        far1, far2 = np.hypot(*way1.T), np.hypot(*way2.T)
        steepest = way1 / _some(far1)[:, None] - way2 / _some(far2)[:, None]
        slope = np.hypot(*steepest.T)
        most = (far1 + far2) / 8  # where the walls hardly face each other a step would go astray
        step = np.clip((far2 - far1) / _some(slope), -most, most) / _some(slope)
        at = at + step[:, None] * steepest
    foot1, foot2 = _foot(walls, at, p), _foot(walls, at, q)
    width = np.hypot(*(at - foot1).T) + np.hypot(*(at - foot2).T)
    return at, width, np.hypot(*(foot1 - foot2).T) / _some(width)


def _some(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distances, none of them zero: they are divided by."""
    return np.maximum(distance, np.finfo(np.float32).eps)


def _foot(walls: WallSamples, at: NDArray[np.float64], p: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the point of each sample's wall that is nearest to ``at``."""
    start, along = walls.start[p], walls.end[p] - walls.start[p]
    share = ((at - start) * along).sum(axis=1) / (along**2).sum(axis=1)
    foot: NDArray[np.float64] = start + np.clip(share, 0, 1)[:, None] * along
    return foot


def _is_in(at: NDArray[np.float64], blocks: NDArray[np.object_]) -> NDArray[np.bool_]:
    inside = np.zeros(len(at), dtype=np.bool_)
    inside[shapely.STRtree(blocks).query(shapely.points(at), predicate="intersects")[0]] = True
    return inside
