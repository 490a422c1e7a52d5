"""Edges: neighbours in a block share their corners exactly; where one was missed, it is put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Ints, Shapes

_GRID_M = 0.001


def shared_edges(shapes: Shapes, block: Ints) -> Shapes:
    """Return polygons that share their edges exactly, block by block (``block`` is sorted).

    Rounding to the millimetre now and then lets a needle of a parcel cross its neighbour;
    the edges of that block are then noded again.
    """
    shapes = shapes.copy()
    first = np.flatnonzero(np.diff(block, prepend=block[:1] - 1))
    # A loop over blocks: a coverage is checked as a whole, and few need mending.
    for rows in np.split(np.arange(len(block)), first[1:]):
        if not shapely.coverage_is_valid(shapes[rows]):
            shapes[rows] = _noded(shapes[rows])
    return shapes


def _noded(shapes: Shapes) -> Shapes:
    """Return the polygons rebuilt from their edges, cut at every crossing."""
    edges = shapely.union_all(shapely.boundary(shapes), grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(shapes).query(inside, predicate="intersects")
    # A face that two needles claim goes to the first.
    face, first = np.unique(face, return_index=True)
    owner = owner[first]
    order = np.argsort(owner, kind="stable")
    rebuilt = np.full(len(shapes), shapely.Polygon(), dtype=object)
    sets = shapely.geometrycollections(
        faces[face[order]],
        indices=owner[order],
        out=np.full(len(shapes), shapely.GeometryCollection(), dtype=object),
    )
    filled = np.unique(owner)
    rebuilt[filled] = shapely.coverage_union_all(sets[filled][:, None], axis=1)
    return rebuilt
