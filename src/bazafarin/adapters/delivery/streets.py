"""Streets and rivers delivered among the parcels: found by word, size, shape and neighbours.

A street network in the parcel layer is one giant polygon with fingers, or some. Left there
it would join every block to every other. A row is set aside when

* its use says so («معبر», «خیابان», river …), or
* its use is transport, it is drawn out or holed as streets are and touches several parcels (a
  terminal is compact, a warehouse has few neighbours), or
* its use is unknown and it is giant, drawn out, narrow, and touches many parcels.

Whatever has a known use stays: a park by the river, a barracks, a bazaar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import GeometryType

from bazafarin.adapters.delivery.columns import PLACE
from bazafarin.adapters.delivery.synonyms import Place
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.delivery.ledger import Ledger

    Geometries = np.ndarray[Any, Any]

GIANT_TIMES_MEDIAN: Final = 10.0
"""A row of unknown use is giant from so many times the median area of the layer."""

DRAWN_OUT_UNKNOWN: Final = 0.15
"""Compactness 4πA/P² below which a giant of unknown use is a street's: 1 is a circle, 0.79 a
square, 0.15 a strip 19 times as long as it is wide."""

DRAWN_OUT_TRANSPORT: Final = 0.4
"""The same for a row whose use is transport: a strip five times as long as it is wide."""

TOUCHES_UNKNOWN: Final = 12
"""A giant of unknown use is a street when so many parcels touch it."""

TOUCHES_TRANSPORT: Final = 6
"""The same for a drawn-out row whose use is transport; a warehouse yard has fewer neighbours."""

NARROW_M: Final = 150.0
"""The mean width 2A/P of a street or river is below this; a lake's or a barracks' is above."""

TOUCHING_WITHIN_M: Final = 0.5
"""Parcels drawn within half a metre touch."""


@dataclass(frozen=True)
class StreetsFound:
    """The rows set aside: by what they are."""

    streets: pd.Index
    water: pd.Index


def set_aside(parcels: pd.DataFrame, ledger: Ledger) -> StreetsFound:
    """Return the rows that are streets or water and record them as rejected.

    ``parcels`` has ``geometry``, ``use`` and ``place`` (what the use's words say).
    """
    geometries = parcels["geometry"].to_numpy()
    shape = _Shape.of(geometries)
    use = parcels["use"]
    by_word = (parcels[PLACE] == Place.STREET.value).to_numpy(bool)
    water = (parcels[PLACE] == Place.WATER.value).to_numpy(bool)
    said = by_word | water
    drawn_out = (shape.compactness < DRAWN_OUT_TRANSPORT) | (shape.holes > 0)
    transport = (use == "transport").to_numpy() & drawn_out & ~said
    giants = (use == "unknown").to_numpy() & _is_giant(shape) & ~said
    touched = _touched(geometries, transport | giants)
    transport &= touched >= TOUCHES_TRANSPORT
    giants &= touched >= TOUCHES_UNKNOWN
    for code, rows in (
        ("reading.street.by_word", by_word),
        ("reading.street.by_use", transport),
        ("reading.street.by_shape", giants),
        ("reading.street.water", water),
    ):
        areas = [f"{area:.0f} m2" for area in shape.area[rows]]
        ledger.rows(
            code, "parcels", Severity.REJECTED, parcels.index[rows],
            values=areas, area_m2=float(shape.area[rows].sum()),
        )  # fmt: skip
    return StreetsFound(parcels.index[by_word | transport | giants], parcels.index[water])


@dataclass(frozen=True)
class _Shape:
    """What each polygon looks like."""

    area: Geometries
    compactness: Geometries
    width: Geometries
    holes: Geometries

    @classmethod
    def of(cls, geometries: Geometries) -> _Shape:
        area = shapely.area(geometries)
        perimeter = shapely.length(geometries)
        holes = shapely.get_num_interior_rings(geometries)  # 0 of what has parts
        multi = np.flatnonzero(shapely.get_type_id(geometries) == GeometryType.MULTIPOLYGON)
        parts, owner = shapely.get_parts(geometries[multi], return_index=True)
        np.add.at(holes, multi[owner], shapely.get_num_interior_rings(parts))
        return cls(area, 4 * np.pi * area / perimeter**2, 2 * area / perimeter, holes)


def _is_giant(shape: _Shape) -> Geometries:
    """Return whether each is giant, drawn out and narrow."""
    if not len(shape.area):
        return np.zeros(0, dtype=bool)
    large = shape.area >= GIANT_TIMES_MEDIAN * np.median(shape.area)
    result: Geometries = large & (shape.compactness < DRAWN_OUT_UNKNOWN) & (shape.width < NARROW_M)
    return result


def _touched(geometries: Geometries, candidates: Geometries) -> Geometries:
    """Return for each candidate by how many of the others it is touched; zero elsewhere.

    A candidate's outline is asked in pieces, each only for what is near it, and candidates
    do not count each other: a giant of 18,000 vertices is never compared with another.
    """
    touched = np.zeros(len(geometries), dtype=np.int64)
    at = np.flatnonzero(candidates)
    if not len(at):
        return touched
    others = np.flatnonzero(~candidates)
    outlines, owner = shapely.get_parts(shapely.boundary(geometries[at]), return_index=True)
    pieces, outline = _segments(outlines)
    tree = shapely.STRtree(geometries[others])
    piece, near = tree.query(pieces, predicate="dwithin", distance=TOUCHING_WITHIN_M)
    pairs = np.unique(np.column_stack([owner[outline[piece]], near]), axis=0)
    touched[at] = np.bincount(pairs[:, 0], minlength=len(at))
    return touched


def _segments(lines: Geometries) -> tuple[Geometries, Geometries]:
    """Return the straight pieces of lines and the line that each is of."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    ends = np.stack([coordinates[:-1][same], coordinates[1:][same]], axis=1)
    segments: Geometries = np.asarray(shapely.linestrings(ends))
    return segments, line[:-1][same]
