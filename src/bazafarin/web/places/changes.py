"""What an edition changes: rows that are new, changed, vanished, and how many stay.

The rows of a layer are compared with those that hold now by key and digest alone; only what
differs is written, and only vanished and new parcels are compared by their shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import connection

from bazafarin.analysis.parcel_succession import parcel_succession
from bazafarin.web.places.layers import digests
from bazafarin.web.places.models import Parcel

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
        renumbered: which of ``changed`` differ in the number of a derived block alone.
    """

    new: np.ndarray[tuple[int], np.dtype[np.intp]]
    changed: np.ndarray[tuple[int], np.dtype[np.intp]]
    replaced: np.ndarray[tuple[int], np.dtype[np.int64]]
    vanished: np.ndarray[tuple[int], np.dtype[np.int64]]
    same: int
    renumbered: np.ndarray[tuple[int], np.dtype[np.intp]]

    def counts(self) -> dict[str, int]:
        """Return how many of each; what is renumbered alone counts as no change."""
        counts = {
            "new": len(self.new),
            "changed": len(self.changed) - len(self.renumbered),
            "vanished": len(self.vanished),
            "same": self.same,
        }
        return counts | ({"renumbered": len(self.renumbered)} if len(self.renumbered) else {})


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
        renumbered=np.array([], dtype=np.intp),
    )


def with_renumbered(
    changes: LayerChanges, rows: pd.DataFrame, blocks: pd.DataFrame
) -> LayerChanges:
    """Return the changes of the parcels with those in a derived block that was numbered anew."""
    held: dict[int, tuple[str | None, int]] = {}
    for begin in range(0, len(changes.replaced), 500):  # SQLite takes so many names at once
        some = changes.replaced[begin : begin + 500].tolist()
        found = Parcel.objects.filter(pk__in=some).values_list("pk", "in_block", "digest")
        held |= {number: (block, digest) for number, block, digest in found}
    if not held:
        return changes
    before = [held[number] for number in changes.replaced.tolist()]
    came = rows.iloc[changes.changed]
    then = came.assign(in_block=pd.Series([block for block, _ in before], came.index, dtype="str"))
    is_alone = digests(then).to_numpy() == np.array([digest for _, digest in before])
    derived = blocks.loc[blocks["is_derived"], "block_id"]
    is_derived = came["in_block"].isin(derived).to_numpy()
    return replace(changes, renumbered=changes.changed[is_alone & is_derived])


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
