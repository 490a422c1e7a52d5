"""The parcels of a surveyor as an entity list: a table that a phone chooses from on its map."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

FIRST_COLUMNS: Final = ("name", "label", "__version", "geometry", "fill", "stroke")
"""``name`` is a parcel's key; the colours are those of its outline on the phone's map."""
_DEGREES: Final = 7
"""Decimals of a degree that tell a centimetre."""


def parcel_list(rows: pd.DataFrame, shapes: NDArray[np.object_], *, srid: int) -> bytes:
    """Return the table as CSV, in UTF-8.

    Args:
        rows: one per parcel: the columns of ``FIRST_COLUMNS`` but for the geometry, and whatever
            else the phone may show or fill in first; missing is an empty cell.
        shapes: the parcels' polygons, parallel to the rows; None has no shape.
        srid: the system of the shapes' coordinates.
    """
    table = rows.copy()
    table.insert(FIRST_COLUMNS.index("geometry"), "geometry", outlines(shapes, srid=srid))
    return table.to_csv(index=False, lineterminator="\n").encode()


def outlines(shapes: NDArray[np.object_], *, srid: int) -> list[str]:
    """Return each polygon's outer ring as ``latitude longitude 0 0;…``, empty for none."""
    largest = np.array([_largest(shape) for shape in shapes], dtype=object)
    rings = shapely.get_exterior_ring(largest)
    corners, of = shapely.get_coordinates(rings, return_index=True)
    turn = Transformer.from_crs(srid, 4326, always_xy=True)
    longitude, latitude = turn.transform(corners[:, 0], corners[:, 1])
    texts = [
        f"{north:.{_DEGREES}f} {east:.{_DEGREES}f} 0 0"
        for north, east in zip(latitude, longitude, strict=True)
    ]  # numbers become text one by one, whatever asks for it
    ends = np.searchsorted(of, np.arange(len(shapes) + 1))
    return [";".join(texts[a:b]) for a, b in pairwise(ends)]


def _largest(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Return a polygon itself, and of several the largest: a phone shows one outline a row."""
    if shape is None or shape.geom_type == "Polygon":
        return shape
    return max(shapely.get_parts(shape), key=shapely.area, default=None)
