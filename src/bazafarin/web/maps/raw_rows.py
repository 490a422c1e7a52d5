"""Rows of a layer as plain values, past the model layer: thousands at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import connection

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.places.geometry_field import shapes_of
from bazafarin.web.places.layers import TABLES, field_of
from bazafarin.web.places.scope import rows_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.geometry_field import Box
    from bazafarin.web.places.models import City

    Shapes = npt.NDArray[np.object_]


def raw_rows(  # noqa: PLR0913, PLR0917
    user: User, city: City, number: int, box: Box, name: str, columns: Sequence[str]
) -> list[Shapes]:
    """Return ids, shapes, neighbourhoods and ``columns`` of the rows that meet ``box``."""
    query = (
        TABLES[name].objects.of_edition(city, number)
        .filter(rows_for(user, Permission.SEE_PLACES, city), geometry__isnull=False)
        .meeting(box)
        .values_list("pk", "geometry", "in_neighbourhood_id", *map(field_of, columns))
        .query
    )  # fmt: skip
    words, parameters = query.sql_with_params()
    # past the model layer: thousands of rows as plain values, the shapes turned in one go
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        rows = sorted(cursor.fetchall())
    table = np.empty((len(rows), 3 + len(columns)), dtype=object)
    if rows:
        table[:] = rows
    ids, shapes, *others = table.T
    return [ids, shapes_of(shapes), *others]
