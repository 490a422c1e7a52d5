"""Cross-sections of passages: at samples along a line, what lies to its left and right.

One cast answers two questions: how wide a passage is (``passages.py``) and which blocks
it bounds (``block_passages.py``). No ray is drawn as a geometry: the edges of the faces
are turned into the frame of a stretch of line (metres along, metres across), where an
edge meets the ray of a sample when it spans the sample's place along the stretch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis.batches import in_batches
from bazafarin.analysis.face_edges import CELL_M, FaceEdges, face_edges, ragged_ranges

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

LEFT, RIGHT = 0, 1
LEAST_SAMPLES = 8
"""Samples of the shortest line: enough to see a face between two junctions."""
_STRETCH_SAMPLES = 4
"""Most samples of a stretch: longer ones would gather edges that none of them meets."""
_BATCH = 4_000
"""Stretches cast at a time: their edges stay in the cache, and each core gets work."""
_REACH_STEPS = (0.15, 0.4, 1.0)
"""Shares of the reach tried in turn: most rays end near, and near ones are cheap."""


@dataclass(frozen=True)
class CrossSections:
    """What the rays of every sample met; rows are samples, ordered along their lines.

    Attributes:
        line: position of the sample's line in the series that was given.
        part: number of the line's part (a multipart line has several).
        at_m: how far along its part the sample lies.
        length_m: the length of line that the sample stands for.
        distance_m: ``(n, 2)`` metres to the first edge on the left and right; NaN where none
            is within reach; negative where the line was drawn within the face's edge.
        face: ``(n, 2)`` position of the polygon met; -1 where none.
        inside: ``(n, 2)`` whether the edge met is where the ray leaves that polygon, that
            is, the sample lies in it.
    """

    line: NDArray[np.intp]
    part: NDArray[np.intp]
    at_m: NDArray[np.float64]
    length_m: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    face: NDArray[np.intp]
    inside: NDArray[np.bool_]

    def seen_as(self, owner_of_face: pd.Series, owners: pd.Series | pd.Index) -> CrossSections:
        """Return the same sections where a face is the position of its owner in ``owners``.

        ``owner_of_face`` holds, say, the block of each parcel, in the order of the faces that
        were cast to. A face whose owner is unknown is met as none.
        """
        position = pd.Index(owners).get_indexer(pd.Index(owner_of_face))
        return replace(self, face=np.append(position, -1)[self.face])

    def seen_within(self, limit_m: NDArray[np.float64]) -> CrossSections:
        """Return the same sections where a face beyond the limit of its line is met as none.

        ``limit_m`` holds the limit of each line that was cast, in metres; NaN is no limit.
        """
        is_beyond = self.distance_m > limit_m[self.line][:, None]
        return replace(self, face=np.where(is_beyond, -1, self.face))


@dataclass(frozen=True)
class _Stretches:
    """Straight runs of evenly spaced samples, ``count`` from sample number ``first``.

    ``looks`` is ``(n, 2)``: whether the rays to the left and right are still asked.
    """

    origin: NDArray[np.float64]
    along: NDArray[np.float64]
    step_m: NDArray[np.float64]
    first: NDArray[np.intp]
    count: NDArray[np.intp]
    looks: NDArray[np.bool_]

    def chosen(self, chosen: slice) -> _Stretches:
        """Return some of the stretches."""
        return _Stretches(
            self.origin[chosen],
            self.along[chosen],
            self.step_m[chosen],
            self.first[chosen],
            self.count[chosen],
            self.looks[chosen],
        )

    def open_rays(self, face: NDArray[np.intp]) -> _Stretches:
        """Return each ray that met no face yet as a stretch of its own."""
        owner, sample = ragged_ranges(self.first, self.count)
        ray, side = np.nonzero(face.reshape(-1, 2)[sample] < 0)
        owner, sample = owner[ray], sample[ray]
        ahead = (sample - self.first[owner]) * self.step_m[owner]
        return _Stretches(
            self.origin[owner] + self.along[owner] * ahead[:, None],
            self.along[owner],
            self.step_m[owner],
            sample,
            np.ones_like(sample),
            side[:, None] == [LEFT, RIGHT],
        )


def cross_sections(  # noqa: PLR0913 - two layers and the named tolerances of one cast
    lines: gpd.GeoSeries,
    faces: gpd.GeoSeries | FaceEdges,
    *,
    sample_spacing_m: float,
    reach_m: float,
    drift_m: float = 0.5,
    smoothing_m: float = 0.2,
) -> CrossSections:
    """Return what lies across ``lines`` at both sides, sampled along them.

    Args:
        lines: centre-lines, metres; a line of no length has no samples.
        faces: polygons that end a ray, or their edges where these are at hand.
        sample_spacing_m: greatest distance between samples.
        reach_m: how far a ray looks.
        drift_m: a line may be drawn this far within a face and still runs beside it.
        smoothing_m: bends smaller than this do not turn the rays; a width, being the sum of
            both sides, does not feel a line that moves by so little.
    """
    parts, of_line = shapely.get_parts(lines.to_numpy(), return_index=True)
    parts = shapely.simplify(parts, smoothing_m)
    length = shapely.length(parts)
    samples = np.where(
        length > 0, np.maximum(LEAST_SAMPLES, np.ceil(length / sample_spacing_m)), 0
    ).astype(np.intp)
    part, number = ragged_ranges(np.zeros_like(samples), samples)
    step = length / np.maximum(samples, 1)
    stretches = _stretches(parts, step, samples)
    edges = faces if isinstance(faces, FaceEdges) else face_edges(faces)
    distance, face, inside = _cast(stretches, len(part), edges, reach_m=reach_m, drift_m=drift_m)
    at = (number + 0.5) * step[part]
    return CrossSections(of_line[part], part, at, step[part], distance, face, inside)


def _stretches(
    parts: NDArray[np.object_], step: NDArray[np.float64], samples: NDArray[np.intp]
) -> _Stretches:
    """Return the samples of the parts as straight runs of at most ``_STRETCH_SAMPLES``."""
    points, of_part = shapely.get_coordinates(parts, return_index=True)
    keep = (of_part[1:] == of_part[:-1]) & (samples[of_part[1:]] > 0)
    start, owner = points[:-1][keep], of_part[:-1][keep]
    along = points[1:][keep] - start
    length = np.hypot(*along.T)
    begins = _measure_within(length, owner)
    # sample k of a part lies at (k + 0.5) * step; a segment holds those in [begins, ends)
    first = np.ceil(begins / step[owner] - 0.5).astype(np.intp)
    last = np.ceil((begins + length) / step[owner] - 0.5).astype(np.intp)
    is_final = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    last = np.where(is_final, samples[owner], np.minimum(last, samples[owner]))
    runs = -(-(last - first) // _STRETCH_SAMPLES)
    segment, run = ragged_ranges(np.zeros_like(runs), np.maximum(runs, 0))
    number = first[segment] + run * _STRETCH_SAMPLES
    unit = along[segment] / length[segment][:, None]
    offset = (number + 0.5) * step[owner[segment]] - begins[segment]
    before = (np.cumsum(samples) - samples)[owner[segment]]
    return _Stretches(
        start[segment] + unit * offset[:, None],
        unit,
        step[owner[segment]],
        before + number,
        np.minimum(_STRETCH_SAMPLES, last[segment] - number),
        np.ones((len(number), 2), dtype=np.bool_),
    )


def _measure_within(length: NDArray[np.float64], owner: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how far along its owner each consecutive length begins."""
    total = np.cumsum(length) - length
    is_first = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    walked: NDArray[np.float64] = total - np.maximum.accumulate(np.where(is_first, total, 0.0))
    return walked


def _cast(
    stretches: _Stretches, samples: int, edges: FaceEdges, *, reach_m: float, drift_m: float
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.bool_]]:
    """Return the distance, face and inside of the first edge at each side of each sample."""
    distance = np.full(samples * 2, np.nan)
    face = np.full(samples * 2, -1, dtype=np.intp)
    inside = np.zeros(samples * 2, dtype=np.bool_)

    def cast_batch(chosen: slice) -> None:
        batch = stretches.chosen(chosen)
        for share in _REACH_STEPS:
            hits = _first_edges(batch, edges, reach_m=reach_m * share, drift_m=drift_m)
            is_new = face[hits.ray] < 0
            distance[hits.ray[is_new]] = hits.distance_m[is_new]
            inside[hits.ray[is_new]] = hits.is_leaving[is_new]
            face[hits.ray[is_new]] = hits.face[is_new]
            batch = batch.open_rays(face)

    # each batch writes its own samples only
    in_batches(cast_batch, len(stretches.first), at_most=_BATCH)
    return distance.reshape(-1, 2), face.reshape(-1, 2), inside.reshape(-1, 2)


@dataclass(frozen=True)
class _Hits:
    """The first edge that each ray met; ``ray`` is sample * 2 + side."""

    ray: NDArray[np.intp]
    distance_m: NDArray[np.float64]
    face: NDArray[np.intp]
    is_leaving: NDArray[np.bool_]


def _first_edges(
    stretches: _Stretches, edges: FaceEdges, *, reach_m: float, drift_m: float
) -> _Hits:
    """Return the first edge within ``reach_m`` on each side of the stretches' samples."""
    stretch, edge = _edges_beside(stretches, edges, reach_m)
    origin, along = stretches.origin[stretch] - edges.origin, stretches.along[stretch]
    s0, d0 = _in_frame(edges.start[edge] - origin, along)
    s1, d1 = _in_frame(edges.end[edge] - origin, along)
    step = stretches.step_m[stretch]
    low = np.maximum(np.ceil(np.minimum(s0, s1) / step), 0).astype(np.intp)
    high = np.floor(np.maximum(s0, s1) / step).astype(np.intp)
    high = np.minimum(high, stretches.count[stretch] - 1)
    met = np.nonzero((high >= low) & (s0 != s1))[0]
    owner, number = ragged_ranges(low[met], (high - low + 1)[met])
    pair = met[owner]
    slope = (d1[pair] - d0[pair]) / (s1[pair] - s0[pair])
    return _nearest(
        stretches.first[stretch[pair]] + number,
        d0[pair] + (number * step[pair] - s0[pair]) * slope,
        s1[pair] > s0[pair],
        edges.face[edge[pair]],
        reach_m=reach_m,
        drift_m=drift_m,
    )


def _edges_beside(
    stretches: _Stretches, edges: FaceEdges, reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs (stretch, edge) that may meet: of those near it, the ones well placed.

    The start of an edge that meets a ray lies no more than a cell from it, cells being as
    long as the longest edge.
    """
    stretch, edge = edges.near(*_boxes(stretches, edges.origin, reach_m))
    origin = (stretches.origin - edges.origin)[stretch]
    along, across = _in_frame(edges.start[edge] - origin, stretches.along[stretch])
    run = (stretches.step_m * (stretches.count - 1) + CELL_M)[stretch]
    left = (stretches.looks[:, LEFT] * reach_m + CELL_M)[stretch]
    right = (stretches.looks[:, RIGHT] * reach_m + CELL_M)[stretch]
    placed = (along <= run) & (along >= -CELL_M) & (across <= left) & (across >= -right)
    return stretch[placed], edge[placed]


def _boxes(
    stretches: _Stretches, origin: NDArray[np.float64], reach_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of the boxes that hold the asked rays of each stretch."""
    start = stretches.origin - origin
    run = stretches.along * (stretches.step_m * (stretches.count - 1))[:, None]
    across = np.column_stack([-stretches.along[:, 1], stretches.along[:, 0]]) * reach_m
    left = across * stretches.looks[:, [LEFT]]
    right = -across * stretches.looks[:, [RIGHT]]
    low = start + np.minimum(run, 0) + np.minimum(left, right)
    high = start + np.maximum(run, 0) + np.maximum(left, right)
    return low, high


def _in_frame(
    offset: NDArray[np.float64], along: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far offsets lie along and (to the left, positive) across a direction."""
    x, y = offset[:, 0], offset[:, 1]
    ux, uy = along[:, 0], along[:, 1]
    return x * ux + y * uy, y * ux - x * uy


def _nearest(  # noqa: PLR0913 - the parallel columns of one table of crossings
    sample: NDArray[np.intp],
    across: NDArray[np.float64],
    is_face_left: NDArray[np.bool_],
    face: NDArray[np.intp],
    *,
    reach_m: float,
    drift_m: float,
) -> _Hits:
    """Return the nearest crossing at each side of each sample.

    An edge whose face lies beyond it is entered, also from ``drift_m`` within the face;
    one whose face lies before it is left, and only beyond the drift. So each crossing
    belongs to one side.
    """
    is_left = np.where(is_face_left, across >= -drift_m, across > drift_m)
    distance = np.where(is_left, across, -across)
    ray = sample * 2 + np.where(is_left, LEFT, RIGHT)
    within = np.nonzero(distance <= reach_m)[0]
    within = within[np.lexsort((distance[within], ray[within]))]
    is_first = np.append(True, ray[within][1:] != ray[within][:-1])[: len(within)]
    first = within[is_first]
    return _Hits(ray[first], distance[first], face[first], (is_left != is_face_left)[first])
