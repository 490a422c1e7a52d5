"""The features that were asked for, page by page, and their writing as GeoJSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.interfaces.cursors import Cursor
from bazafarin.web.interfaces.ogc.reference_systems import to_system
from bazafarin.web.interfaces.rows import read_rows
from bazafarin.web.places.layers import TABLES
from bazafarin.web.places.scope import rows_for
from bazafarin.web.places.seen_columns import seen_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bazafarin.web.interfaces.ogc.asked import Asked
    from bazafarin.web.interfaces.ogc.collections import Collection
    from bazafarin.web.interfaces.ogc.reference_systems import ReferenceSystem
    from bazafarin.web.interfaces.rows import Rows
    from bazafarin.web.places.models.feature import FeatureQuerySet
    from bazafarin.web.places.scope import Somebody
    from bazafarin.web.places.seen_columns import SeenColumn

_NO_SHAPE: Final = "null"


class FeaturePage(NamedTuple):
    """Features as GeoJSON, and where the next page begins; None after the last."""

    features: Sequence[str]
    following: Cursor | None


def rows_at(user: Somebody, collection: Collection, edition: int) -> FeatureQuerySet[Any]:
    """Return the rows of a collection as of an edition, in the order in which they are paged."""
    table = TABLES[collection.layer]
    seen = rows_for(user, Permission.SEE_PLACES, collection.city)
    return table.objects.of_edition(collection.city, edition).filter(seen).order_by("id")


def features_asked(
    user: Somebody, collection: Collection, columns: Sequence[SeenColumn], asked: Asked
) -> FeaturePage:
    """Return one page of features.

    Rows whose corners alone meet the box are left out, and the page is filled up with later
    ones: a page short of features is the last.
    """
    if asked.area is not None and asked.area.shape.is_empty:
        return FeaturePage((), None)
    found = rows_at(user, collection, asked.edition).filter(asked.condition)
    if asked.area is not None and asked.area.corners is not None:
        found = found.meeting(asked.area.corners)
    features: list[str] = []
    after = asked.after
    while True:
        wanted = asked.limit - len(features)
        rows = read_rows(found.filter(id__gt=after)[: wanted + 1], columns)
        has_more = len(rows.numbers) > wanted
        features += _written(rows, wanted, collection, asked)
        if not has_more:
            return FeaturePage(features, None)
        after = rows.numbers[wanted - 1]
        if len(features) == asked.limit:
            return FeaturePage(features, Cursor(asked.edition, after))


def feature_at(
    user: Somebody,
    collection: Collection,
    key: str,
    *,
    edition: int,
    system: ReferenceSystem,
) -> dict[str, Any] | None:
    """Return one feature; None where there is none that somebody sees."""
    columns = seen_columns(user, collection.city, collection.layer)
    rows = read_rows(rows_at(user, collection, edition).filter(key=key)[:1], columns)
    if not rows.keys:
        return None
    shapes = to_system(rows.shapes, collection.city, system)
    made: dict[str, Any] = json.loads(next(_features(rows, shapes, np.array([0]))))
    return made


def _written(rows: Rows, wanted: int, collection: Collection, asked: Asked) -> Iterator[str]:
    places = np.arange(min(wanted, len(rows.numbers)))
    if asked.area is not None:
        shapely.prepare(asked.area.shape)
        places = places[shapely.intersects(asked.area.shape, rows.shapes[places])]
    shapes = to_system(rows.shapes[places], collection.city, asked.system)
    return _features(rows, shapes, places)


def _features(rows: Rows, shapes: Any, places: Any) -> Iterator[str]:  # noqa: ANN401 - arrays
    """Yield a feature for each of the rows' ``places``; ``shapes`` are theirs, in order."""
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    for place, shape in zip(places.tolist(), shapely.to_geojson(shapes).tolist(), strict=True):
        yield (
            f'{{"type":"Feature","id":{dump(rows.keys[place])},"geometry":{shape or _NO_SHAPE},'
            f'"properties":{dump(rows.properties[place])}}}'
        )
