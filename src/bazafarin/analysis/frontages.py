"""The frontage of a parcel: how much of its boundary faces a passage (طول بر).

Most of a town's walls stand between two parcels that were drawn from the same points; they
are set aside at a glance. Of the others, tolerance decides which stretches are open, and
from the middle of each open one we look square outward, along edges kept as plain arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis.batches import in_batches
from bazafarin.analysis.face_edges import (
    FaceEdges,
    across,
    along,
    face_edges,
    is_party_wall,
    line_edges,
)
from bazafarin.analysis.open_stretches import OpenStretches, open_stretches

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_BATCH = 20_000
"""Walls looked at in one go: what is near them stays in the cache, and each core gets work."""
_GRAZE_M = 0.0005
"""A look outward meets what it passes this near: where a lane's centre-line lies along it, or
a corner on it, rounding must not decide. Far below what a survey draws."""
_REACH_STEPS = (0.15, 0.4, 1.0)
"""Shares of the reach tried in turn: most passages lie near, and near ones are cheap."""


@dataclass(frozen=True)
class _Town:
    """What stands about a stretch: walls that are no party walls, and passages.

    ``in_parcels`` marks the passages that touch a parcel, where a way may run inside one.
    """

    walls: FaceEdges
    passages: FaceEdges
    in_parcels: NDArray[np.bool_]
    parcels: shapely.STRtree


def frontage_m(
    parcels: gpd.GeoSeries,
    passages: gpd.GeoSeries,
    *,
    touch_tolerance_m: float,
    reach_m: float,
    edges: FaceEdges | None = None,
) -> pd.Series[float]:
    """Return the length of each parcel's boundary that faces a passage, metres (طول بر).

    A stretch of boundary faces a passage when no other parcel's boundary runs along it
    within ``touch_tolerance_m``, and a line drawn square out of its middle meets a
    passage's centre-line within ``reach_m`` before it meets a parcel. A wall that two
    parcels drew from the same points covers those two only, so a party wall that leaves a
    street front at an angle takes nothing from the front. Walls longer than
    ``face_edges.CELL_M`` are looked at in parts. A parcel that no passage reaches has 0.

    Args:
        parcels: polygons.
        passages: centre-lines.
        touch_tolerance_m: gaps and overlaps of the drawing up to this are none.
        reach_m: how far a passage's centre-line may lie from a front.
        edges: ``face_edges`` of the parcels, where they are at hand.
    """
    edges = face_edges(parcels) if edges is None else edges
    walls = edges.chosen(~is_party_wall(edges))
    tree = shapely.STRtree(parcels.to_numpy())

    def fronts(batch: slice) -> NDArray[np.float64]:
        stretches = open_stretches(walls, batch.start, batch.stop, tolerance_m=touch_tolerance_m)
        faces = _faces_a_passage(stretches, town, touch_tolerance_m, reach_m)
        return np.column_stack([stretches.face[faces], stretches.length_m[faces]])

    town = _Town(walls, line_edges(passages), _touch(passages, tree), tree)
    found = in_batches(fronts, len(walls.face), at_most=_BATCH)
    face, length = np.concatenate([np.empty((0, 2)), *found]).T
    total = np.bincount(face.astype(np.intp), weights=length, minlength=len(parcels))
    return pd.Series(total, index=parcels.index, name="frontage_m", dtype=float)


def _touch(passages: gpd.GeoSeries, parcels: shapely.STRtree) -> NDArray[np.bool_]:
    """Return which passages touch a parcel."""
    lines = passages.to_numpy()
    found = np.zeros(len(lines), dtype=np.bool_)

    def mark(batch: slice) -> None:
        found[batch.start + parcels.query(lines[batch], predicate="intersects")[0]] = True

    in_batches(mark, len(lines), at_most=_BATCH)
    return found


def _faces_a_passage(
    stretches: OpenStretches, town: _Town, tolerance_m: float, reach_m: float
) -> NDArray[np.bool_]:
    """Return whether the way square out of each stretch meets a passage before a parcel.

    A way that starts in the open enters a parcel through a wall. One that lies inside a
    parcel all along crosses none, but then so does the passage that it meets.
    """
    count = len(stretches.face)
    nearest, passage = np.full(count, np.inf), np.full(count, -1)
    for share in _REACH_STEPS:
        ray = np.nonzero(passage < 0)[0]
        far = np.full(len(ray), reach_m * share)
        met = _first_met(stretches, ray, np.zeros(len(ray)), far, town.passages)
        nearest[ray], passage[ray] = met
    ray = np.nonzero(passage >= 0)[0]
    # the way to the passage begins beyond the gaps and overlaps of the drawing
    outset = np.minimum(tolerance_m, nearest[ray])
    ray = ray[_first_met(stretches, ray, outset, nearest[ray], town.walls)[1] < 0]
    faces = np.zeros(count, dtype=np.bool_)
    faces[ray] = True
    doubtful = ray[town.in_parcels[passage[ray]]]
    arrives = stretches.middle[doubtful] + stretches.outward[doubtful] * nearest[doubtful][:, None]
    inside = town.parcels.query(shapely.points(arrives), predicate="intersects")[0]
    faces[doubtful[inside]] = False
    return faces


def _first_met(
    stretches: OpenStretches,
    ray: NDArray[np.intp],
    least_m: NDArray[np.float64],
    most_m: NDArray[np.float64],
    edges: FaceEdges,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the distance and face of the first edge that each ray meets; inf and -1: none.

    A ray goes from ``least_m`` to ``most_m`` square out of its stretch's middle.
    """
    origin, outward = stretches.middle[ray] - edges.origin, stretches.outward[ray]
    one, two = origin + outward * least_m[:, None], origin + outward * most_m[:, None]
    near, edge = edges.near(np.minimum(one, two), np.maximum(one, two))
    one, two = edges.start[edge] - origin[near], edges.end[edge] - origin[near]
    across0, across1 = across(one, outward[near]), across(two, outward[near])
    met = (np.minimum(across0, across1) <= _GRAZE_M) & (np.maximum(across0, across1) >= -_GRAZE_M)
    pair = np.nonzero(met)[0]
    near, edge = near[pair], edge[pair]
    ahead0, ahead1 = along(one[pair], outward[near]), along(two[pair], outward[near])
    distance = _crossing_m(across0[pair], across1[pair], ahead0, ahead1, least_m[near])
    pair = np.nonzero((distance >= least_m[near]) & (distance <= most_m[near]))[0]
    pair = pair[np.argsort(-distance[pair])]  # the nearest is written last
    found, face = np.full(len(ray), np.inf), np.full(len(ray), -1)
    found[near[pair]], face[near[pair]] = distance[pair], edges.face[edge[pair]]
    return found, face


def _crossing_m(
    across0: NDArray[np.float64],
    across1: NDArray[np.float64],
    ahead0: NDArray[np.float64],
    ahead1: NDArray[np.float64],
    least_m: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how far ahead a ray crosses edges; one that lies along it is met at its nearest."""
    is_along = np.maximum(np.abs(across0), np.abs(across1)) <= _GRAZE_M
    at = np.clip(across0 / np.where(is_along | (across0 == across1), 1, across0 - across1), 0, 1)
    at_nearest = np.clip(least_m, np.minimum(ahead0, ahead1), np.maximum(ahead0, ahead1))
    return np.where(is_along, at_nearest, ahead0 + (ahead1 - ahead0) * at)
