"""Shapes that a delivery only writes otherwise: each corner stands where it did, but for a hair.

The same layer in another coordinate system, or with fewer decimals, comes back some micrometres
or a centimetre off; nothing of it has changed, and no parcel's history should say so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from django.db import connection

from bazafarin.domain.city import LAYERS
from bazafarin.web.places.layers import NAMED_BY, TABLES

if TYPE_CHECKING:
    import numpy.typing as npt

    from bazafarin.domain.city import City
    from bazafarin.web.places import models

    Shapes = npt.NDArray[np.object_]


def with_known_corners(known: models.City, city: City, *, within_m: float) -> City:
    """Return ``city`` with the shapes that hold now where its own are the same.

    Two shapes are the same where each corner of one is within ``within_m`` of the other's.
    """
    if not known.current:
        return city
    seated: dict[str, Any] = {}
    for name in LAYERS:
        frame = getattr(city, name)
        if frame is None or frame.empty:
            continue
        keys, held = _held_now(TABLES[name], known)
        mine = np.asarray(frame.geometry)
        if name in NAMED_BY:
            names = pd.Index(frame[NAMED_BY[name]])
            # what is not there now has the place -1: the last one
            old = np.array([*held, None], dtype=object)[pd.Index(keys).get_indexer(names)]
            is_same = shapely.equals_exact(mine, old, within_m)
        else:
            old, is_same = _alike(mine, held, within_m)
        seated[name] = frame.set_geometry(np.where(is_same, old, mine), crs=frame.crs)
    return replace(city, **seated)


def _alike(mine: Shapes, held: Shapes, within_m: float) -> tuple[Shapes, npt.NDArray[np.bool_]]:
    """Return for each of ``mine`` the one of ``held`` that is the same, and whether one is."""
    at, other = shapely.STRtree(held).query(mine)
    is_same = shapely.equals_exact(mine[at], held[other], within_m)
    found = np.full(len(mine), None, dtype=object)
    found[at[is_same]] = held[other[is_same]]
    return found, ~shapely.is_missing(found)


def _held_now(table: type[models.Feature], city: models.City) -> tuple[list[str], Shapes]:
    """Return the keys and the shapes of the rows that hold now."""
    found = table.objects.of_edition(city).exclude(geometry=None).order_by("id")
    words, parameters = found.values_list("key", "geometry").query.sql_with_params()
    # past the model layer: a million rows as plain values, the shapes turned in one go
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        rows = cursor.fetchall()
    shapes = np.array([shape for _, shape in rows], dtype=object)
    return [key for key, _ in rows], shapely.set_srid(shapely.from_wkb(shapes), 0)
