"""What an edition changes: rows that are new, changed, vanished, and how many stay.

The rows of a layer are compared with those that hold now by key and digest alone; only what
differs is written, and only vanished and new parcels are compared by their shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import connection

from bazafarin.analysis.parcel_succession import parcel_succession

if TYPE_CHECKING:
    from bazafarin.web.places import models


@dataclass(frozen=True)
class LayerChanges:
    """The changes of one layer.

    Attributes:
        new: positions of the edition's rows that no row holds now.
        changed: positions of the edition's rows that differ from the one that holds now.
        replaced: ids of the rows now that ``changed`` and vanished ones end.
        vanished: ids of the rows now that the edition no longer has.
        same: how many stay as they are.
    """

    new: np.ndarray[tuple[int], np.dtype[np.intp]]
    changed: np.ndarray[tuple[int], np.dtype[np.intp]]
    replaced: np.ndarray[tuple[int], np.dtype[np.int64]]
    vanished: np.ndarray[tuple[int], np.dtype[np.int64]]
    same: int

    def counts(self) -> dict[str, int]:
        """Return how many of each."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "vanished": len(self.vanished),
            "same": self.same,
        }


def layer_changes(
    model: type[models.Feature], city: models.City, rows: pd.DataFrame
) -> LayerChanges:
    """Compare an edition's ``rows`` (``key``, ``digest``) with those that hold now."""
    now = _held_now(model, city)
    position = pd.Index(now["key"]).get_indexer(pd.Index(rows["key"]))
    is_known = position >= 0
    is_changed = np.zeros(len(rows), dtype=bool)
    held = now["digest"].to_numpy()[position[is_known]]
    is_changed[is_known] = held != rows["digest"].to_numpy()[is_known]
    still = np.zeros(len(now), dtype=bool)
    still[position[is_known]] = True
    ids = now["id"].to_numpy(dtype=np.int64)
    return LayerChanges(
        new=np.flatnonzero(~is_known),
        changed=np.flatnonzero(is_changed),
        replaced=ids[position[is_changed]],
        vanished=ids[~still],
        same=int((is_known & ~is_changed).sum()),
    )


def _held_now(model: type[models.Feature], city: models.City) -> pd.DataFrame:
    query = model.objects.of_edition(city).values_list("pk", "key", "digest").query
    words, parameters = query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        rows = cursor.fetchall()
    frame = pd.DataFrame(rows, columns=["id", "key", "digest"])
    return frame.astype({"id": "int64", "key": "str", "digest": "int64"})


def successions(
    model: type[models.Feature], changes: LayerChanges, rows: pd.DataFrame, *, overlap_share: float
) -> pd.DataFrame:
    """Return which new parcels stand on the land of which vanished ones."""
    old: dict[str, Any] = {}
    for begin in range(0, len(changes.vanished), 500):  # SQLite takes so many names at once
        some = changes.vanished[begin : begin + 500].tolist()
        old.update(model.objects.filter(pk__in=some).values_list("key", "geometry"))
    came = rows.iloc[changes.new]
    return parcel_succession(
        gpd.GeoSeries(old),
        gpd.GeoSeries(shapely.from_wkb(came["geometry"].to_numpy()), index=came["key"].to_numpy()),
        overlap_share=overlap_share,
    )
