"""The frontage of a parcel: how much of its boundary faces a passage (طول بر)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis.face_edges import FaceEdges, face_edges

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_LEAST_M = 1e-6
"""A stretch of boundary shorter than this is rounding."""
_BATCH = 200_000
"""Edges compared with their neighbours at a time: bounds the memory."""


@dataclass(frozen=True)
class _OpenStretches:
    """Stretches of boundary with no other parcel along them; ``outward`` is a unit vector."""

    parcel: NDArray[np.int64]
    length_m: NDArray[np.float64]
    middle: NDArray[np.float64]
    outward: NDArray[np.float64]


def frontage_m(
    parcels: gpd.GeoSeries,
    passages: gpd.GeoSeries,
    *,
    touch_tolerance_m: float,
    reach_m: float,
) -> pd.Series[float]:
    """Return the length of each parcel's boundary that faces a passage, metres (طول بر).

    A stretch of boundary faces a passage when no other parcel's boundary runs along it
    within ``touch_tolerance_m``, and a line drawn square out of its middle meets a
    passage's centre-line within ``reach_m`` before it meets a parcel. A parcel that no
    passage reaches has 0.
    """
    stretches = _open_stretches(face_edges(parcels), touch_tolerance_m)
    faces = _faces_a_passage(stretches, parcels, passages, touch_tolerance_m, reach_m)
    length = np.bincount(
        stretches.parcel[faces], weights=stretches.length_m[faces], minlength=len(parcels)
    )
    return pd.Series(length, index=parcels.index, name="frontage_m", dtype=float)


def _open_stretches(edges: FaceEdges, tolerance_m: float) -> _OpenStretches:
    """Return what no other parcel covers of each edge."""
    batches = [
        _covered(edges, np.arange(first, min(first + _BATCH, len(edges.face))), tolerance_m)
        for first in range(0, len(edges.face), _BATCH)
    ]
    gaps = pd.concat([_gaps(covered) for covered in batches] or [_gaps(_nothing())])
    edge = gaps["edge"].to_numpy()
    along = (edges.end - edges.start)[edge]
    unit = along / np.hypot(along[:, 0], along[:, 1])[:, None]
    middle = edges.start[edge] + unit * (gaps[["begins", "ends"]].mean(axis=1).to_numpy())[:, None]
    return _OpenStretches(
        edges.face[edge],
        (gaps["ends"] - gaps["begins"]).to_numpy(),
        middle + edges.origin,
        np.column_stack([unit[:, 1], -unit[:, 0]]),  # the parcel lies on the left
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"edge": np.empty(0, np.intp), "begins": np.empty(0), "ends": np.empty(0)})


def _covered(edges: FaceEdges, edge: NDArray[np.intp], tolerance_m: float) -> pd.DataFrame:
    """Return the stretches of ``edge`` along which another parcel's edge runs.

    The last stretch of every edge is empty and lies at its end, so that a gap before it
    is seen too.
    """
    start, end = edges.start[edge], edges.end[edge]
    near, other = edges.near(
        np.minimum(start, end) - tolerance_m, np.maximum(start, end) + tolerance_m
    )
    is_other = edges.face[edge[near]] != edges.face[other]
    near, other = near[is_other], other[is_other]
    length = np.hypot(*(end - start).T)
    unit = (end - start) / length[:, None]
    s0, d0 = _in_frame(edges.start[other] - start[near], unit[near])
    s1, d1 = _in_frame(edges.end[other] - start[near], unit[near])
    low, high = _within(d0, d1, tolerance_m)
    one, two = s0 + (s1 - s0) * low, s0 + (s1 - s0) * high
    begins = np.clip(np.minimum(one, two), 0, length[near])
    ends = np.clip(np.maximum(one, two), 0, length[near])
    runs = (low < high) & (begins < ends)
    return pd.DataFrame(
        {
            "edge": np.concatenate([edge[near[runs]], edge]),
            "begins": np.concatenate([begins[runs], length]),
            "ends": np.concatenate([ends[runs], length]),
        }
    )


def _in_frame(
    offset: NDArray[np.float64], unit: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far offsets lie along and across a direction."""
    along = offset[:, 0] * unit[:, 0] + offset[:, 1] * unit[:, 1]
    return along, offset[:, 1] * unit[:, 0] - offset[:, 0] * unit[:, 1]


def _within(
    d0: NDArray[np.float64], d1: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from which share to which of a segment its distance ``d`` is in tolerance."""
    rise = np.where(d1 == d0, np.inf, d1 - d0)  # a parallel one is within from 0 to 1, or not
    at_low, at_high = (-tolerance_m - d0) / rise, (tolerance_m - d0) / rise
    low = np.clip(np.minimum(at_low, at_high), 0, 1)
    high = np.clip(np.maximum(at_low, at_high), 0, 1)
    is_parallel = np.isinf(rise)
    high[is_parallel & (np.abs(d0) <= tolerance_m)] = 1.0
    return low, high


def _gaps(covered: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches between the covered ones, from each edge's start."""
    ordered = covered.sort_values(["edge", "begins"], ignore_index=True)
    reached = ordered.groupby("edge")["ends"].cummax().groupby(ordered["edge"]).shift(fill_value=0)
    gaps = pd.DataFrame({"edge": ordered["edge"], "begins": reached, "ends": ordered["begins"]})
    return gaps[gaps["ends"] - gaps["begins"] > _LEAST_M]


def _faces_a_passage(
    stretches: _OpenStretches,
    parcels: gpd.GeoSeries,
    passages: gpd.GeoSeries,
    tolerance_m: float,
    reach_m: float,
) -> NDArray[np.bool_]:
    """Return whether a ray square out of each stretch meets a passage before a parcel."""
    ends = stretches.middle + stretches.outward * reach_m
    rays = np.asarray(shapely.linestrings(np.stack([stretches.middle, ends], axis=1)))
    ray, passage = shapely.STRtree(passages.to_numpy()).query(rays, predicate="intersects")
    met = shapely.intersection(rays[ray], passages.to_numpy()[passage])
    nearest = np.full(len(rays), np.inf)
    np.minimum.at(nearest, ray, shapely.distance(shapely.points(stretches.middle[ray]), met))
    faces: NDArray[np.bool_] = np.isfinite(nearest)
    # the way to the passage begins beyond the gaps and overlaps of the drawing
    outset = np.minimum(tolerance_m, nearest[faces])[:, None]
    begins = stretches.middle[faces] + stretches.outward[faces] * outset
    arrives = stretches.middle[faces] + stretches.outward[faces] * nearest[faces][:, None]
    ways = shapely.linestrings(np.stack([begins, arrives], axis=1))
    blocked = shapely.STRtree(parcels.to_numpy()).query(ways, predicate="intersects")[0]
    faces[np.nonzero(faces)[0][blocked]] = False
    return faces
