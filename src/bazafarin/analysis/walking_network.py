"""The passages as a network that people walk: who is joined to it where, and how far is what.

A way is measured from a parcel's frontage to the middle of its passage, along the passages,
and from the middle of the last one to the other frontage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csgraph, csr_array
from scipy.spatial import KDTree

from bazafarin.analysis.batches import in_batches
from bazafarin.analysis.passage_pieces import passage_pieces

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_BATCH = 20_000
"""Geometries joined at a time: each core gets work."""
_BATCH_CELLS = 8_000_000
"""Distances kept at a time, destinations × nodes: about 64 MB."""
_REACH_STEPS = (0.125, 0.4, 1.0)
"""Shares of the reach tried in turn: most passages lie near, and near ones are cheap."""


@dataclass(frozen=True)
class WalkingNetwork:
    """Passages from junction to junction, and the ways between the junctions.

    Attributes:
        node_xy: where each node is, metres; shape (nodes, 2).
        edge_ends: the nodes at the start and the end of each edge; shape (edges, 2).
        edge_length_m: length of each edge along its line.
        edge_passage: position of each edge's passage in the series it was made of.
        lines: the line of each edge, from its start to its end.
        ways: metres between neighbouring nodes, both ways; of parallel edges the shorter.
        component: the connected part of the network that each node belongs to, 0, 1, ….
        node_tolerance_m: gaps of the drawing up to this are none.
    """

    node_xy: NDArray[np.float64]
    edge_ends: NDArray[np.intp]
    edge_length_m: NDArray[np.float64]
    edge_passage: NDArray[np.intp]
    lines: NDArray[np.object_]
    ways: csr_array
    component: NDArray[np.intp]
    node_tolerance_m: float


@dataclass(frozen=True)
class Joined:
    """Where things are joined to a network, one entry a thing.

    Attributes:
        index: the index of the series that was joined.
        edge: the edge that each is joined to; -1 where none lies within reach.
        along_m: metres along the edge to its start and to its end; shape (things, 2),
            NaN where not joined.
        offset_m: metres from the thing to the edge; NaN where not joined.
    """

    index: pd.Index
    edge: NDArray[np.intp]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]

    @property
    def is_joined(self) -> NDArray[np.bool_]:
        """Return which things are joined."""
        return self.edge >= 0

    def and_also(self, other: Joined) -> Joined:
        """Return these entries followed by those of ``other``."""
        return Joined(
            self.index.append(other.index),
            np.concatenate([self.edge, other.edge]),
            np.concatenate([self.along_m, other.along_m]),
            np.concatenate([self.offset_m, other.offset_m]),
        )

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Joined:
        """Return the entries that ``which`` masks or names by position."""
        return Joined(
            self.index[which], self.edge[which], self.along_m[which], self.offset_m[which]
        )


def walking_network(passages: gpd.GeoSeries, *, node_tolerance_m: float) -> WalkingNetwork:
    """Return the network of ``passages``, cut where they meet, cross or end on one another.

    Ends within ``node_tolerance_m`` of each other are one node. A bridge and the street
    beneath it are joined too: centre-lines don't say which is above. An empty series, or
    lines of no length, make a network of no nodes.
    """
    numbered = passages.copy()
    numbered.index = pd.RangeIndex(len(passages))
    pieces = passage_pieces(numbered, node_tolerance_m=node_tolerance_m)
    lines = pieces.geometry.to_numpy()
    ends = shapely.get_coordinates(
        np.column_stack([shapely.get_point(lines, 0), shapely.get_point(lines, -1)]).ravel()
    )
    node_xy, node = _merged(ends, node_tolerance_m)
    edge_ends, length = node.reshape(-1, 2), shapely.length(lines)
    ways = _ways(edge_ends, length, len(node_xy))
    return WalkingNetwork(
        node_xy=node_xy,
        edge_ends=edge_ends,
        edge_length_m=length,
        edge_passage=pieces["passage_id"].to_numpy(dtype=np.intp),
        lines=lines,
        ways=ways,
        component=csgraph.connected_components(ways, directed=False)[1].astype(np.intp),
        node_tolerance_m=node_tolerance_m,
    )


def _merged(
    points: NDArray[np.float64], tolerance_m: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the nodes that points within the tolerance make, and the node of each point."""
    if not len(points):
        return np.empty((0, 2)), np.empty(0, dtype=np.intp)
    distinct, of_point = np.unique(points, axis=0, return_inverse=True)
    # a hair more than the tolerance: a cut was projected, and its distance is rounded
    near = KDTree(distinct).query_pairs(tolerance_m * (1 + 1e-9) + 1e-9, output_type="ndarray")
    count = len(distinct)
    joined = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(count, count))
    nodes, of_distinct = csgraph.connected_components(joined, directed=False)
    size = np.bincount(of_distinct, minlength=nodes)
    middle = [np.bincount(of_distinct, weights=distinct[:, axis]) / size for axis in (0, 1)]
    return np.column_stack(middle), of_distinct[of_point.ravel()].astype(np.intp)


def _ways(edge_ends: NDArray[np.intp], length_m: NDArray[np.float64], nodes: int) -> csr_array:
    """Return the symmetric matrix of metres; a loop leads nowhere, of parallels the least."""
    goes = edge_ends[:, 0] != edge_ends[:, 1]
    low, high = np.sort(edge_ends[goes], axis=1).T
    order = np.lexsort((length_m[goes], high, low))
    low, high, length = low[order], high[order], length_m[goes][order]
    is_least = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1]))[: len(low)]
    low, high, length = low[is_least], high[is_least], length[is_least]
    both = (np.concatenate([low, high]), np.concatenate([high, low]))
    return csr_array((np.concatenate([length, length]), both), shape=(nodes, nodes))


def join(network: WalkingNetwork, geometries: gpd.GeoSeries, *, reach_m: float) -> Joined:
    """Return where each of ``geometries`` is joined to the network, within ``reach_m``.

    A polygon is joined from its boundary, a point from itself, to the nearest edge. Where
    corners of the polygon lie about equally near that edge (within the network's
    tolerance), it is joined at the middle of what they face: the middle of its frontage.
    Of edges equally near, as at a street corner, the first is chosen. A polygon that only
    a passage in its inside is near to (a park with a path) is joined to that. None and
    empty geometries, and whatever has no edge within ``reach_m``, are not joined.
    """
    shapes = geometries.to_numpy()
    count = len(shapes)
    edge, along = np.full(count, -1, dtype=np.intp), np.full((count, 2), np.nan)
    offset = np.full(count, np.nan)
    if len(network.lines):
        tree = shapely.STRtree(network.lines)

        def look(batch: slice) -> None:
            edge[batch], along[batch, 0], offset[batch] = _joined(
                network, tree, shapes[batch], reach_m
            )

        in_batches(look, count, at_most=_BATCH)
    is_joined = edge >= 0
    along[is_joined, 1] = network.edge_length_m[edge[is_joined]] - along[is_joined, 0]
    return Joined(geometries.index, edge, np.maximum(along, 0.0), offset)


def _joined(
    network: WalkingNetwork, tree: shapely.STRtree, shapes: NDArray[np.object_], reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Return edge, metres from its start and offset of a batch of shapes."""
    is_area = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - the dimension of an area
    borders = np.where(is_area, shapely.boundary(shapes), shapes)
    edge, offset = np.full(len(shapes), -1, dtype=np.intp), np.full(len(shapes), np.nan)
    for looked, found_from in ((borders, np.arange(len(shapes))), (shapes, None)):
        # the second look, with the inside, is for areas that the first one left
        at = np.flatnonzero((edge < 0) & is_area) if found_from is None else found_from
        edge[at], offset[at] = _nearest_edge(network.lines, tree, looked[at], reach_m)
    start = np.full(len(shapes), np.nan)
    which = np.flatnonzero(edge >= 0)
    start[which] = _front_middle_m(
        network.lines[edge[which]], borders[which], offset[which], network.node_tolerance_m
    )
    return edge, start, offset


def _nearest_edge(
    lines: NDArray[np.object_],
    tree: shapely.STRtree,
    shapes: NDArray[np.object_],
    reach_m: float,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the nearest edge to each shape and how far it is; -1 and NaN beyond the reach.

    What lies in a box about the shape is measured, and the box grows until the nearest is
    within its margin: most passages are near, and few of them have to be measured.
    """
    edge, offset = np.full(len(shapes), -1, dtype=np.intp), np.full(len(shapes), np.nan)
    left = np.flatnonzero(~shapely.is_empty(shapes) & ~shapely.is_missing(shapes))
    for share in _REACH_STEPS:
        margin = reach_m * share
        low_x, low_y, high_x, high_y = shapely.bounds(shapes[left]).T
        boxes = shapely.box(low_x - margin, low_y - margin, high_x + margin, high_y + margin)
        of, near = tree.query(boxes)
        far = shapely.distance(shapes[left[of]], lines[near])
        order = np.lexsort((near, far, of))
        order = order[far[order] <= margin]
        is_first = np.append(True, of[order][1:] != of[order][:-1])[: len(order)]
        first = order[is_first]
        edge[left[of[first]]], offset[left[of[first]]] = near[first], far[first]
        left = left[edge[left] < 0]
    return edge, offset


def _front_middle_m(
    lines: NDArray[np.object_],
    borders: NDArray[np.object_],
    offset_m: NDArray[np.float64],
    tolerance_m: float,
) -> NDArray[np.float64]:
    """Return how far along its line each border is joined: the middle of what is nearest."""
    nearest = shapely.line_locate_point(
        lines, shapely.get_point(shapely.shortest_line(lines, borders), 0)
    )
    corners, of = shapely.get_coordinates(borders, return_index=True)
    points = np.asarray(shapely.points(corners), dtype=np.object_)
    is_front = shapely.distance(lines[of], points) <= offset_m[of] + tolerance_m
    at = shapely.line_locate_point(lines[of[is_front]], points[is_front])
    low, high = nearest.copy(), nearest.copy()
    np.minimum.at(low, of[is_front], at)
    np.maximum.at(high, of[is_front], at)
    middle: NDArray[np.float64] = (low + high) / 2
    return middle


def distance_to_nearest(
    network: WalkingNetwork, origins: Joined, destinations: Joined
) -> NDArray[np.float64]:
    """Return how far each origin's nearest destination is, in metres along the passages.

    The offsets of both ends are part of the way. inf: no way, because none of the two is
    joined or no destination stands in the origin's part of the network.
    """
    there = destinations.chosen(destinations.is_joined)
    found = np.full(len(origins.edge), np.inf)
    here = np.flatnonzero(origins.is_joined)
    if not len(there.edge) or not len(here):
        return found
    start = origins.chosen(here)
    graph = _with_sources(network, there, np.zeros(len(there.edge), dtype=np.intp), 1)
    to_node = csgraph.dijkstra(graph, indices=np.array([len(network.node_xy)]))[0]
    by_ends = to_node[network.edge_ends[start.edge]] + start.along_m
    found[here] = np.minimum(by_ends.min(axis=1), _on_same_edge_m(start, there)) + start.offset_m
    return found


def distance_to_edges(
    network: WalkingNetwork, origins: Joined, is_destination: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return how far each origin is from the nearest of some edges, in metres.

    What is joined to such an edge is away from it by its offset alone. inf: no way.
    """
    edges = np.flatnonzero(is_destination)
    found = np.full(len(origins.edge), np.inf)
    here = np.flatnonzero(origins.is_joined)
    if not len(edges) or not len(here):
        return found
    start = origins.chosen(here)
    zero = np.zeros(len(edges))
    whole = Joined(pd.RangeIndex(len(edges)), edges, np.column_stack([zero, zero]), zero)
    graph = _with_sources(network, whole, np.zeros(len(edges), dtype=np.intp), 1)
    to_node = csgraph.dijkstra(graph, indices=np.array([len(network.node_xy)]))[0]
    along = (to_node[network.edge_ends[start.edge]] + start.along_m).min(axis=1)
    found[here] = np.where(is_destination[start.edge], 0.0, along) + start.offset_m
    return found


def _with_sources(
    network: WalkingNetwork, there: Joined, source: NDArray[np.intp], sources: int
) -> csr_array:
    """Return the ways with more nodes at the end, from which alone one comes to ``there``.

    ``source`` says of each destination from which of the new nodes one goes to both ends of
    its edge, by its offset and the metres along the edge.
    """
    nodes = len(network.node_xy)
    ends = network.edge_ends[there.edge].ravel()
    metres = (there.along_m + there.offset_m[:, None]).ravel()
    at = np.repeat(source, 2)
    order = np.lexsort((metres, ends, at))
    at, ends, metres = at[order], ends[order], metres[order]
    is_least = np.append(True, (at[1:] != at[:-1]) | (ends[1:] != ends[:-1]))
    at, ends, metres = at[is_least], ends[is_least], metres[is_least]
    begins = network.ways.nnz + np.cumsum(np.bincount(at, minlength=sources))
    return csr_array(
        (
            np.concatenate([network.ways.data, metres]),
            np.concatenate([network.ways.indices, ends]),
            np.concatenate([network.ways.indptr, begins]),
        ),
        shape=(nodes + sources, nodes + sources),
    )


def _on_same_edge_m(origins: Joined, there: Joined) -> NDArray[np.float64]:
    """Return metres to the nearest destination on the origin's own edge, inf where none is.

    From the front and from the back along each edge, the least of what was passed is kept.
    """
    edge = np.concatenate([origins.edge, there.edge])
    at = np.concatenate([origins.along_m[:, 0], there.along_m[:, 0]])
    passed = np.full(len(origins.edge), np.inf)
    order = np.lexsort((at, edge))
    least = np.full(len(edge), np.inf)
    for sign, way in ((1, order), (-1, order[::-1])):
        cost = np.concatenate([passed, there.offset_m - sign * there.along_m[:, 0]])
        kept = pd.Series(cost[way]).groupby(edge[way]).cummin().to_numpy()
        least[way] = np.minimum(least[way], kept + sign * at[way])
    # things at one point stand in any order in the two passes, but in one of them behind
    return least[: len(origins.edge)]


def distances_within(
    network: WalkingNetwork, origins: Joined, destinations: Joined, *, limit_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return (origin, destination, metres) of every pair not more than ``limit_m`` apart.

    Origins and destinations are positions in the joined; the triplets are in the order of
    origin, then destination. Whatever is not joined is in no pair.
    """
    here = np.flatnonzero(origins.is_joined)
    there = np.flatnonzero(destinations.is_joined)
    start = origins.chosen(here)
    size = max(1, _BATCH_CELLS // max(1, len(network.node_xy)))
    empty = (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
    found = [empty] + [
        (here[o], batch[d], metres)
        for batch in (there[first : first + size] for first in range(0, len(there), size))
        for o, d, metres in [_pairs_within(network, start, destinations.chosen(batch), limit_m)]
    ]
    origin, destination, metres = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((destination, origin))
    return origin[order], destination[order], metres[order]


def _pairs_within(
    network: WalkingNetwork, start: Joined, there: Joined, limit_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return the triplets of a batch of joined destinations, each pair once, the least way."""
    nodes, count = len(network.node_xy), len(there.edge)
    graph = _with_sources(network, there, np.arange(count), count)
    to_node = csgraph.dijkstra(graph, indices=np.arange(nodes, nodes + count), limit=limit_m)
    at, node = np.nonzero(np.isfinite(to_node[:, :nodes]))
    ends = network.edge_ends[start.edge]
    near, one = _expanded(node, ends.ravel())
    origin, end = np.divmod(one, 2)
    from_ends = to_node[at[near], node[near]] + start.along_m[origin, end] + start.offset_m[origin]
    same, on_edge = _expanded(there.edge, start.edge)
    apart = np.abs(there.along_m[same, 0] - start.along_m[on_edge, 0])
    direct = apart + there.offset_m[same] + start.offset_m[on_edge]
    pair = np.concatenate([origin * count + at[near], on_edge * count + same])
    metres = np.concatenate([from_ends, direct])
    pair, metres = pair[metres <= limit_m], metres[metres <= limit_m]
    order = np.lexsort((metres, pair))
    pair, metres = pair[order], metres[order]
    is_least = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
    return pair[is_least] // count, pair[is_least] % count, metres[is_least]


def _expanded(
    keys: NDArray[np.intp], held: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (position in keys, position in held) of every pair of equal values."""
    order = np.argsort(held, kind="stable")
    first = np.searchsorted(held[order], keys, side="left")
    counts = np.searchsorted(held[order], keys, side="right") - first
    of_key = np.repeat(np.arange(len(keys)), counts)
    step = np.arange(len(of_key)) - np.repeat(np.cumsum(counts) - counts, counts)
    return of_key, order[first[of_key] + step]
