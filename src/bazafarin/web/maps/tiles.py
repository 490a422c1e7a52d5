"""A tile of a city: rows of an edition that meet it, as far as somebody may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.maps import plan_door
from bazafarin.web.maps.drawn_layers import DRAWN, tolerance_at
from bazafarin.web.maps.labels import drawn_name
from bazafarin.web.maps.raw_rows import raw_rows
from bazafarin.web.maps.seen import seen_in
from bazafarin.web.maps.tile_lines import POINT, drawing
from bazafarin.web.maps.tile_square import box_of, cut_near, in_steps
from bazafarin.web.maps.vector_tile import TileLayer, tile
from bazafarin.web.office.said import language
from bazafarin.web.places.queries import COLUMN_NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    from bazafarin.web.accounts.models import User
    from bazafarin.web.maps.tile_square import Tile
    from bazafarin.web.places.geometry_field import Box
    from bazafarin.web.places.models import City

    Shapes = npt.NDArray[np.object_]
    from bazafarin.web.plans.models import Plan


def city_tile(user: User, city: City, number: int, where: Tile, plan: Plan | None = None) -> bytes:
    """Return the tile of ``city``'s edition ``number``, with what ``plan`` found of its blocks."""
    box = box_of(where, city)
    layers: list[TileLayer] = []
    for name, drawn in DRAWN.items():
        if where.z >= drawn.from_zoom:
            layers += _layer(user, city, number, where, box, name, plan)
    return tile(layers)


def _layer(  # noqa: PLR0913, PLR0917 - who sees what of which edition, where
    user: User,
    city: City,
    number: int,
    where: Tile,
    box: Box,
    name: str,
    plan: Plan | None,
) -> Iterator[TileLayer]:
    drawn = DRAWN[name]
    asked = list(dict.fromkeys([*drawn.columns, *filter(None, [drawn.label, drawn.key])]))
    ids, shapes, places, *values = raw_rows(user, city, number, box, name, asked)
    if not len(ids):
        return
    columns = dict(zip(asked, values, strict=True))
    shown = {column: columns[column] for column in drawn.columns}
    for column, cells in shown.items():
        if column in COLUMN_NEEDS:
            shown[column] = seen_in(user, COLUMN_NEEDS[column], city).masked(cells, places)
    if name == "blocks" and plan is not None:
        found = plan_door.results(plan, columns[drawn.key].tolist())
        shown |= _seen_results(user, city, found, places)
    elif name == "neighbourhoods" and plan is not None:
        found = plan_door.lacks(plan, columns[drawn.key].tolist())
        shown |= _seen_results(user, city, found, places)
    steps = in_steps(cut_near(shapes, box), city, where)
    made = drawing(steps, drawn.kind, tolerance=tolerance_at(where.z))
    if "name_fa" in shown:
        shown["name"] = _drawn(shown.pop("name_fa"))
    held = {column: cells[made.rows] for column, cells in shown.items()}
    yield TileLayer(name, drawn.kind, made, ids[made.rows], held)
    if drawn.labelled_from is not None and where.z >= drawn.labelled_from:
        # of the whole shape, so that a name stands at one place whatever the tile
        names = in_steps(shapely.point_on_surface(shapes), city, where)
        points = drawing(names, POINT)
        named = {"name": _drawn(columns[drawn.label][points.rows])}
        yield TileLayer(f"{name}_names", POINT, points, ids[points.rows], named)


def _drawn(cells: Shapes) -> Shapes:
    spoken = language()
    named = [None if name is None else drawn_name(name, spoken) for name in cells]
    return np.array(named, dtype=object)


def _seen_results(user: User, city: City, found: pd.DataFrame, places: Shapes) -> dict[str, Shapes]:
    seen = seen_in(user, Permission.SEE_PLANS, city)
    plain = found.astype(object)
    known = plain.where(plain.notna(), None)
    return {
        str(name): seen.masked(known[name].to_numpy(dtype=object), places) for name in found.columns
    }
