"""Passages cut where others meet or cross them: a piece runs from junction to junction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from bazafarin.analysis.batches import in_batches

if TYPE_CHECKING:
    from numpy.typing import NDArray


def passage_pieces(passages: gpd.GeoSeries, *, node_tolerance_m: float = 0.5) -> gpd.GeoDataFrame:
    """Return the pieces of ``passages`` between junctions.

    A passage is cut where another crosses it, or ends on it within ``node_tolerance_m``
    (lines drawn a little short of the street they leave). A cut that near to the line's
    own end is none. The lengths of a passage's pieces sum to its own; a line of no length
    has no piece.

    Returns:
        ``passage_id`` (the passage's index in the series) and ``geometry``, in the order
        of the passages and along each of them.
    """
    parts, of_passage = shapely.get_parts(passages.to_numpy(), return_index=True)
    has_length = shapely.length(parts) > 0
    parts, of_passage = parts[has_length], of_passage[has_length]
    line, at_m = _cuts(parts, node_tolerance_m)
    pieces, of_part = _cut(parts, line, at_m)
    return gpd.GeoDataFrame(
        {"passage_id": passages.index.to_numpy()[of_passage[of_part]]},
        geometry=gpd.GeoSeries(pieces, crs=passages.crs),
        crs=passages.crs,
    )


def _cuts(
    parts: NDArray[np.object_], tolerance_m: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return (line, how far along it) of each cut, ordered, none twice."""
    tree = shapely.STRtree(parts)
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    ending, ended_on = tree.query(ends, predicate="dwithin", distance=tolerance_m)
    one, other = _crossing(parts, tree)
    crossing, of_pair = shapely.get_parts(
        shapely.intersection(parts[one], parts[other]), return_index=True
    )
    # where two lines share a stretch, its ends are the junctions
    points, of_crossing = shapely.get_coordinates(crossing, return_index=True)
    line = np.concatenate([ended_on, one[of_pair[of_crossing]]])
    at = shapely.line_locate_point(
        parts[line], np.concatenate([ends[ending], shapely.points(points)])
    )
    is_inner = (at > tolerance_m) & (at < shapely.length(parts[line]) - tolerance_m)
    return _apart(line[is_inner], at[is_inner], tolerance_m)


def _crossing(
    parts: NDArray[np.object_], tree: shapely.STRtree
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of parts that cross, each pair both ways round."""
    one, other = tree.query(parts)
    one, other = one[one < other], other[one < other]

    def cross(batch: slice) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = shapely.crosses(parts[one[batch]], parts[other[batch]])
        return found

    found = in_batches(cross, len(one), at_most=_BATCH)
    pair = np.flatnonzero(np.concatenate([np.empty(0, dtype=np.bool_), *found]))
    one, other = one[pair], other[pair]
    return np.concatenate([one, other]), np.concatenate([other, one])


_BATCH = 20_000
"""Pairs compared at a time: each core gets work."""


def _apart(
    line: NDArray[np.intp], at_m: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the cuts in order, without those within the tolerance of the one before."""
    order = np.lexsort((at_m, line))
    line, at_m = line[order], at_m[order]
    repeats = (line[1:] == line[:-1]) & (at_m[1:] - at_m[:-1] <= tolerance_m)
    keep = np.append(True, ~repeats)[: len(line)]
    return line[keep], at_m[keep]


def _cut(
    parts: NDArray[np.object_], line: NDArray[np.intp], at_m: NDArray[np.float64]
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return the pieces of ``parts`` cut at ``(line, at_m)``, and each piece's part.

    Every cut enters the list of its line's vertices twice: it ends one piece and begins
    the next.
    """
    points, of_point = shapely.get_coordinates(parts, return_index=True)
    step = np.append(0.0, np.hypot(*np.diff(points, axis=0).T))[: len(points)]
    is_first = np.append(True, of_point[1:] != of_point[:-1])[: len(points)]
    walked = np.cumsum(np.where(is_first, 0.0, step))
    walked -= walked[is_first][of_point]
    at_cut = shapely.get_coordinates(shapely.line_interpolate_point(parts[line], at_m))
    owner = np.concatenate([of_point, line, line])
    measure = np.concatenate([walked, at_m, at_m])
    begins = np.concatenate([is_first, np.zeros(len(line), bool), np.ones(len(line), bool)])
    order = np.lexsort((begins, measure, owner))
    # a vertex that lies on a cut would stand between its two copies: order by copy, and
    # let the piece have the point twice
    coordinates = np.concatenate([points, at_cut, at_cut])[order]
    piece = np.cumsum(begins[order]) - 1
    lines = np.asarray(shapely.linestrings(coordinates, indices=piece), dtype=np.object_)
    return lines, owner[order][begins[order]]
