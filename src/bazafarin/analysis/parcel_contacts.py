"""Which parcels touch, with no passage or carriageway between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.analysis.small_pieces import in_small_pieces

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

COVERED_SHARE = 0.5
"""A contact of which more lies under passages and carriageways is none: along most of it
there is a street. A lane that only crosses a long shared wall parts nobody."""
_BOX_M = 1e-6
"""Boxes grow by this against the rounding of coordinates."""


@dataclass(frozen=True)
class ParcelContacts:
    """Pairs of parcels that touch, as positions; enough of them to join what is joined."""

    one: NDArray[np.intp]
    other: NDArray[np.intp]


def parcel_contacts(
    parcels: gpd.GeoSeries,
    *,
    passages: gpd.GeoSeries | None,
    carriageways: gpd.GeoSeries | None,
    touch_tolerance_m: float,
) -> ParcelContacts:
    """Return pairs of touching parcels whose chains join every two parcels of one block.

    First the parcels that share a corner, which needs no geometry; then, among those that
    are not yet joined by a chain, the ones within ``touch_tolerance_m``. A pair is tested
    for a street in between only where a street comes near both.
    """
    geometry = parcels.to_numpy()
    streets = _streets(passages, carriageways, touch_tolerance_m)
    is_beside = np.zeros(len(geometry), dtype=np.bool_)
    is_beside[shapely.STRtree(streets).query(geometry, predicate="intersects")[0]] = True
    one, other = _sharing_a_corner(geometry, is_beside)
    joined = _chained(one, other, len(geometry))
    near_one, near_other = _near(geometry, joined, touch_tolerance_m)
    tested = is_beside[near_one] & is_beside[near_other]
    parted = np.zeros(len(near_one), dtype=np.bool_)
    parted[tested] = _is_parted(
        geometry[near_one[tested]], geometry[near_other[tested]], streets, touch_tolerance_m
    )
    return ParcelContacts(
        np.concatenate([one, near_one[~parted]]), np.concatenate([other, near_other[~parted]])
    )


def _streets(
    passages: gpd.GeoSeries | None, carriageways: gpd.GeoSeries | None, tolerance_m: float
) -> NDArray[np.object_]:
    """Return the ground of passages (as wide as the tolerance to each side) and carriageways."""
    streets: NDArray[np.object_] = np.empty(0, dtype=np.object_)
    if passages is not None:
        streets = np.append(streets, shapely.buffer(passages.to_numpy(), tolerance_m))
    if carriageways is not None:
        streets = np.append(streets, in_small_pieces(np.asarray(carriageways)))
    return streets


def _sharing_a_corner(
    geometry: NDArray[np.object_], is_beside: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of parcels with a common vertex, one of which has no street beside it.

    At each place, one such parcel is paired with all the others.
    """
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    order = np.lexsort((is_beside[owner], points[:, 1], points[:, 0]))
    points, owner = points[order], owner[order]
    is_first = np.append(True, (points[1:] != points[:-1]).any(axis=1))[: len(owner)]
    leader = owner[is_first][np.cumsum(is_first) - 1]
    paired = (leader != owner) & ~is_beside[leader]
    return leader[paired], owner[paired]


def _chained(one: NDArray[np.intp], other: NDArray[np.intp], parcels: int) -> NDArray[np.int32]:
    """Return the component of each parcel in the graph of the pairs."""
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(parcels, parcels))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def _near(
    geometry: NDArray[np.object_], joined: NDArray[np.int32], tolerance_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs within the tolerance that are not joined yet, each once."""
    west, south, east, north = shapely.bounds(geometry).T
    grown = tolerance_m + _BOX_M
    boxes = shapely.box(west - grown, south - grown, east + grown, north + grown)
    one, other = shapely.STRtree(geometry).query(boxes)
    open_pairs = (one < other) & (joined[one] != joined[other])
    one, other = one[open_pairs], other[open_pairs]
    touching = shapely.dwithin(geometry[one], geometry[other], tolerance_m)
    return one[touching], other[touching]


def _is_parted(
    one: NDArray[np.object_],
    other: NDArray[np.object_],
    streets: NDArray[np.object_],
    tolerance_m: float,
) -> NDArray[np.bool_]:
    """Return whether streets cover more than ``COVERED_SHARE`` of the contact of each pair.

    The contact is the boundary of either parcel within the tolerance of the other.
    """
    grown = tolerance_m + _BOX_M
    contact = np.concatenate(
        [
            shapely.intersection(shapely.boundary(one), shapely.buffer(other, grown)),
            shapely.intersection(shapely.boundary(other), shapely.buffer(one, grown)),
        ]
    )
    met, street = shapely.STRtree(streets).query(contact, predicate="intersects")
    covering = np.full(len(contact), None, dtype=np.object_)
    if len(met):
        order = np.argsort(met, kind="stable")
        places, number = np.unique(met[order], return_inverse=True)
        together = shapely.geometrycollections(streets[street[order]], indices=number)
        covering[places] = shapely.union_all(together[:, np.newaxis], axis=1)
    covered = np.nan_to_num(shapely.length(shapely.intersection(contact, covering)))
    length = shapely.length(contact)
    pairs = len(one)
    of_both = (values[:pairs] + values[pairs:] for values in (covered, length))
    covered_m, length_m = of_both
    return np.asarray(covered_m > COVERED_SHARE * length_m, dtype=np.bool_)
