"""Urban blocks from parcels: which parcels form one block, and the block's outline (بلوک)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.analysis.batches import in_batches
from bazafarin.analysis.parcel_contacts import ParcelContacts, parcel_contacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBERED_TO_M = 0.001
"""Positions nearer than a millimetre are one when blocks are put in order: coordinates that
were moved or transformed carry rounding errors far below that."""
_BATCH = 500
"""Blocks joined at a time by one thread."""


def block_of_parcels(
    parcels: gpd.GeoSeries,
    *,
    passages: gpd.GeoSeries | None,
    carriageways: gpd.GeoSeries | None,
    touch_tolerance_m: float,
) -> pd.Series[str]:
    """Return the block that each parcel belongs to.

    Parcels within ``touch_tolerance_m`` of each other are of one block, unless a passage or
    carriageway lies over more than half of their contact. Gaps and overlaps up to the
    tolerance do not part a block, and a dead end whose head is enclosed does not either.

    Blocks are numbered from the north-west corner of the town towards the south-east, by
    the north-west corners of their bounds: the numbers do not depend on the order of the
    rows, nor on where the town lies.

    Returns:
        Numbers as text, all of one length (``"007"``), on the index of ``parcels``.
    """
    contacts = parcel_contacts(
        parcels,
        passages=passages,
        carriageways=carriageways,
        touch_tolerance_m=touch_tolerance_m,
    )
    place = _numbered(_components(contacts, len(parcels)), parcels)
    digits = len(str(place.max(initial=-1) + 1))
    number = pd.Series(place + 1, index=parcels.index).astype("str").str.zfill(digits)
    return number.rename("block_id")


def _components(contacts: ParcelContacts, parcels: int) -> NDArray[np.intp]:
    """Return the component of each parcel in the graph of contacts."""
    ones = np.ones(len(contacts.one), dtype=np.int8)
    graph = coo_array((ones, (contacts.one, contacts.other)), shape=(parcels, parcels))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def _numbered(component: NDArray[np.intp], parcels: gpd.GeoSeries) -> NDArray[np.intp]:
    """Return the place of each parcel's component, counted from the north-west.

    Where the bounds of two blocks begin at one corner, their first parcels decide.
    """
    bounds = parcels.bounds
    west = _rounded(bounds["minx"] - bounds["minx"].min())
    south = _rounded(bounds["maxy"].max() - bounds["maxy"])
    parcel_place = np.empty(len(parcels), dtype=np.intp)
    parcel_place[np.lexsort((west, west + south))] = np.arange(len(parcels))
    first = pd.DataFrame({"west": west, "south": south, "parcel": parcel_place})
    first = first.groupby(component).min()
    order = np.lexsort((first["parcel"], first["west"], first["west"] + first["south"]))
    place = np.empty(len(first), dtype=np.intp)
    place[order] = np.arange(len(first))
    return place[component]


def _rounded(distance_m: pd.Series[float]) -> NDArray[np.int64]:
    return np.asarray(np.rint(distance_m.to_numpy() / NUMBERED_TO_M), dtype=np.int64)


def block_outlines(
    parcels: gpd.GeoSeries, block_id: pd.Series[str], *, close_gap_m: float
) -> gpd.GeoSeries:
    """Return the outline of each block: its parcels joined, gaps up to ``close_gap_m`` closed.

    A gap is closed when no circle of that diameter fits into it; dead ends and yards wider
    than that stay open. Parcels without a block are left out. Outlines are valid polygons,
    multipolygons where a block's parcels lie apart.

    Returns:
        Outlines indexed by ``block_id``, ascending.
    """
    known = block_id.notna().to_numpy()
    number, ids = pd.factorize(block_id[known], sort=True)
    polygons, of_parcel = shapely.get_parts(parcels.to_numpy()[known], return_index=True)
    order = np.argsort(number[of_parcel], kind="stable")
    blocks = np.asarray(shapely.multipolygons(polygons[order], indices=number[of_parcel][order]))
    joined = in_batches(
        lambda batch: _joined(blocks[batch], close_gap_m), len(blocks), at_most=_BATCH
    )
    outlines = np.concatenate(joined) if joined else np.empty(0, dtype=np.object_)
    return gpd.GeoSeries(outlines, index=pd.Index(ids, name="block_id"), crs=parcels.crs)


def _joined(blocks: NDArray[np.object_], close_gap_m: float) -> NDArray[np.object_]:
    """Return the union of each block's parcels, with its narrow gaps closed."""
    union = np.asarray(shapely.union_all(blocks[:, np.newaxis], axis=1), dtype=np.object_)
    # mitred corners survive being moved out and back; the sharpest do not, so the closed
    # shape is only added to the union
    closed = shapely.buffer(union, close_gap_m / 2, join_style="mitre")
    closed = np.asarray(shapely.buffer(closed, -close_gap_m / 2, join_style="mitre"))
    gaps = shapely.area(shapely.difference(closed, union))
    has_gap = gaps > close_gap_m * NUMBERED_TO_M
    union[has_gap] = shapely.union(union[has_gap], closed[has_gap], grid_size=NUMBERED_TO_M)
    return union
