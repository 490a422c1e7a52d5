"""The walls that stand about open space, as points close together: each knows its wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class WallSamples:
    """Points along the outlines of blocks, none at a corner, in an order of place.

    ``start`` and ``end`` are the ends of the wall that a point stands on; open space lies
    to the right of it. ``ring`` is the outline that the wall is of, ``walked_m`` how far
    along that outline the point stands and ``ring_m`` how long the outline is. ``block`` is
    the polygon's row; ``is_yard`` marks outlines of holes.
    """

    point: NDArray[np.float64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    ring: NDArray[np.intp]
    walked_m: NDArray[np.float64]
    ring_m: NDArray[np.float64]
    block: NDArray[np.intp]
    is_yard: NDArray[np.bool_]

    def chosen(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> WallSamples:
        """Return some of the points, in the order asked."""
        return WallSamples(**{name: values[which] for name, values in vars(self).items()})

    def outward(self) -> NDArray[np.float64]:
        """Return the unit vector square out of each point's wall."""
        along = self.end - self.start
        length = np.hypot(along[:, 0], along[:, 1])[:, None]
        return np.column_stack([along[:, 1], -along[:, 0]]) / length


def wall_samples(blocks: NDArray[np.object_], *, spacing_m: float) -> WallSamples:
    """Return points along the outlines of ``blocks``, at most ``spacing_m`` apart.

    A point within another block is left out: no open space is before it. The
    order hangs on where the points lie, not on the order of the blocks.
    """
    parts, block = shapely.get_parts(blocks, return_index=True)
    parts = shapely.orient_polygons(parts)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    is_yard = np.append(False, of_part[1:] == of_part[:-1])[: len(rings)]
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    wall = np.flatnonzero((of_ring[1:] == of_ring[:-1]) & (corners[1:] != corners[:-1]).any(1))
    start, end, ring = corners[wall], corners[wall + 1], of_ring[wall]
    length = np.hypot(*(end - start).T)
    walked = np.cumsum(length) - length
    first = np.searchsorted(ring, np.arange(len(rings)))
    ring_m = np.asarray(np.bincount(ring, weights=length, minlength=len(rings)), dtype=float)
    count = np.maximum(np.ceil(length / spacing_m), 1).astype(np.intp)
    of_wall = np.repeat(np.arange(len(wall)), count)
    nth = np.arange(len(of_wall)) - (np.cumsum(count) - count)[of_wall]
    share = (nth + 0.5) / count[of_wall]
    of = ring[of_wall]
    samples = WallSamples(
        point=start[of_wall] + share[:, None] * (end - start)[of_wall],
        start=start[of_wall],
        end=end[of_wall],
        ring=of,
        walked_m=walked[of_wall] - walked[first[of]] + share * length[of_wall],
        ring_m=ring_m[of],
        block=block[of_part[of]],
        is_yard=is_yard[of],
    )
    samples = samples.chosen(~_is_covered(samples, blocks))
    return samples.chosen(np.lexsort(np.round(samples.point.T, 4)))


def _is_covered(samples: WallSamples, blocks: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which points lie within a block that is not their own."""
    tree = shapely.STRtree(blocks)
    one, other = tree.query(blocks, predicate="intersects")
    meets_another = np.zeros(len(blocks), dtype=np.bool_)
    meets_another[one[one != other]] = True
    doubtful = np.flatnonzero(meets_another[samples.block])
    at, block = tree.query(shapely.points(samples.point[doubtful]), predicate="within")
    covered = np.zeros(len(samples.point), dtype=np.bool_)
    covered[doubtful[at[block != samples.block[doubtful[at]]]]] = True
    return covered
