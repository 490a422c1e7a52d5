"""Parcels that overlap, and slivers: told with their sizes; no row is changed.

Only where edges do not match can two polygons overlap, so GEOS's coverage check is asked
first, tile by tile; areas are computed for the few pairs at those edges alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from bazafarin.analysis.batches import on_every_core, over_parts
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from bazafarin.adapters.delivery.ledger import Ledger

    Geometries = np.ndarray[Any, Any]

OVERLAP_ABOVE_M2: Final = 1.0
"""An overlap of more than a square metre is told by itself; less is drawing and summed up."""

NOTHING_M2: Final = 1e-4
"""Below a square centimetre an overlap is rounding."""

SLIVER_BELOW_M2: Final = 5.0
SLIVER_WIDTH_M: Final = 0.5
"""A parcel below five square metres whose mean width 2A/P is below half a metre is a sliver."""

_TILE: Final = 5_000
"""Parcels in one tile: enough to be worth a call, few enough to spread over the cores."""


def tell_overlaps(parcels: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Record the overlaps of parcels and return them: ``row``, ``other``, ``area_m2``.

    ``parcels`` has ``geometry`` and ``parcel_id``; all rows stay.
    """
    pairs = overlapping_pairs(parcels["geometry"].to_numpy())
    pairs = pairs.assign(
        row=parcels.index[pairs["row"]], other=parcels.index[pairs["other"]]
    ).sort_values("area_m2", ascending=False, ignore_index=True)
    ids = parcels["parcel_id"]
    true = pairs[pairs["area_m2"] > OVERLAP_ABOVE_M2]
    values = [
        f"{ids[row]} × {ids[other]}: {area:.1f} m2"
        for row, other, area in true.itertuples(index=False)
    ]
    ledger.rows(
        "reading.overlap.true", "parcels", Severity.NOTE, true["row"], values=values,
        area_m2=float(true["area_m2"].sum()), above_m2=OVERLAP_ABOVE_M2,
    )  # fmt: skip
    small = pairs[pairs["area_m2"] <= OVERLAP_ABOVE_M2]
    ledger.rows(
        "reading.overlap.small", "parcels", Severity.NOTE, small["row"],
        area_m2=float(small["area_m2"].sum()), above_m2=OVERLAP_ABOVE_M2,
    )  # fmt: skip
    return pairs


def tell_slivers(parcels: pd.DataFrame, ledger: Ledger) -> None:
    """Record the parcels too small and thin to be land; all rows stay."""
    geometries = parcels["geometry"].to_numpy()
    area = shapely.area(geometries)
    thin = 2 * area / shapely.length(geometries) < SLIVER_WIDTH_M
    slivers = thin & (area < SLIVER_BELOW_M2)
    values = [f"{size:.2f} m2" for size in area[slivers]]
    ledger.rows("reading.sliver", "parcels", Severity.NOTE, parcels.index[slivers], values=values)


def overlapping_pairs(geometries: Geometries) -> pd.DataFrame:
    """Return the pairs of polygons that overlap, by position, and the area that they share.

    Exact: every overlap has an edge of one polygon inside the other, which the coverage
    check flags, and every polygon that a flagged edge meets is compared.
    """
    edges = _unmatched_edges(geometries)
    flagged = np.flatnonzero(~shapely.is_empty(edges))
    if not len(flagged):
        return _pairs(np.empty((0, 2), dtype=np.int64), np.empty(0))
    pieces, owner = shapely.get_parts(edges[flagged], return_index=True)
    tree = shapely.STRtree(geometries)
    at, other = tree.query(pieces, predicate="intersects")
    one = flagged[owner[at]]
    pairs = np.column_stack([np.minimum(one, other), np.maximum(one, other)])
    pairs = np.unique(pairs[one != other], axis=0)
    if not len(pairs):
        return _pairs(pairs, np.empty(0))
    shared = over_parts(_shared_area, geometries[pairs[:, 0]], geometries[pairs[:, 1]])
    true = shared > NOTHING_M2
    return _pairs(pairs[true], shared[true])


def _shared_area(one: Geometries, other: Geometries) -> Geometries:
    result: Geometries = shapely.area(shapely.intersection(one, other))
    return result


def _pairs(pairs: Geometries, area: Geometries) -> pd.DataFrame:
    return pd.DataFrame({"row": pairs[:, 0], "other": pairs[:, 1], "area_m2": area})


def _unmatched_edges(geometries: Geometries) -> Geometries:
    """Return each polygon's edges that match no neighbour's as they should, tile by tile."""
    edges = np.full(len(geometries), shapely.LineString(), dtype=object)
    if len(geometries) < 2:  # noqa: PLR2004 - one alone overlaps nothing
        return edges
    tiles = _tiles(geometries)
    tree = shapely.STRtree(geometries) if len(tiles) > 1 else None

    def check(tile: Geometries) -> tuple[Geometries, Geometries]:
        around = tile
        if tree is not None:
            near = tree.query(shapely.box(*shapely.total_bounds(geometries[tile])))
            around = np.concatenate([tile, np.setdiff1d(near, tile)])
        return tile, shapely.coverage_invalid_edges(geometries[around])[: len(tile)]

    for tile, found in on_every_core(check, tiles):
        edges[tile] = found
    return edges


def _tiles(geometries: Geometries) -> list[Geometries]:
    """Return the positions of polygons in squares of about ``_TILE`` each."""
    count = len(geometries)
    across = int(np.ceil(np.sqrt(count / _TILE)))
    if across == 1:
        return [np.arange(count)]
    bounds = shapely.bounds(geometries)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    strips = np.array_split(np.argsort(x, kind="stable"), across)
    return [
        tile
        for strip in strips
        for tile in np.array_split(strip[np.argsort(y[strip], kind="stable")], across)
        if len(tile)
    ]
