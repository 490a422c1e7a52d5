"""One thin geometry field: WKB in a BLOB on SQLite, a true ``geometry`` on PostGIS.

A value is a shapely geometry that carries its coordinate system's number (``srid``). What lies
near a box is found by ``…__meets=Box(…)``: through an R-tree on SQLite, through GiST on PostGIS
(``spatial_index`` makes both).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from django.db import models
from django.db.models import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    _AnyField = models.Field[Any, Any]
    _AnyLookup = Lookup[Any]
else:  # Django's classes take no parameters when they run
    _AnyField, _AnyLookup = models.Field, Lookup


class Box(NamedTuple):
    """A rectangle in a coordinate system."""

    west: float
    south: float
    east: float
    north: float
    srid: int


class GeometryField(_AnyField):
    """A shapely geometry with its ``srid``; None is allowed where the field says so."""

    description = "a geometry with its coordinate system"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "geometry" if connection.vendor == "postgresql" else "BLOB"

    def get_db_prep_value(self, value: object, *_: object, **__: object) -> object:
        """Return EWKB: the shape and the number of its system."""
        if isinstance(value, shapely.Geometry):
            return shapely.to_wkb(value, include_srid=True)
        return value

    def from_db_value(
        self, value: bytes | str | None, _expression: object, _connection: BaseDatabaseWrapper
    ) -> shapely.Geometry | None:
        """Return the shape."""
        return None if value is None else shapely.from_wkb(_binary(value))

    def to_python(self, value: object) -> object:
        """Return a shape from WKB, WKT or a shape."""
        if isinstance(value, (bytes, memoryview)):
            return shapely.from_wkb(bytes(value))
        if isinstance(value, str):
            return shapely.from_wkt(value)
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Return the shape as text, for Django's own serialisers."""
        value = self.value_from_object(obj)
        return "" if value is None else str(shapely.to_wkb(value, hex=True, include_srid=True))


def shapes_of(values: Iterable[bytes | str]) -> npt.NDArray[np.object_]:
    """Return the shapes of values as the database gives them, past the model layer."""
    return np.asarray(shapely.from_wkb([_binary(value) for value in values]), dtype=object)


def _binary(value: bytes | str) -> bytes:
    """Return EWKB: PostGIS writes it in hexadecimal digits, which shapely reads far slower."""
    return bytes.fromhex(value) if isinstance(value, str) else value


@GeometryField.register_lookup
class Meets(_AnyLookup):
    """Rows whose bounding box meets a ``Box`` of the same coordinate system."""

    lookup_name = "meets"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[object]]:
        """Ask GiST."""
        left, parameters = self.process_lhs(compiler, connection)
        box: Box = self.rhs
        return f"{left} && ST_MakeEnvelope(%s, %s, %s, %s, %s)", [*parameters, *box]

    def as_sql(  # type: ignore[override] # parameters of SQL are more than texts and numbers
        self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper
    ) -> tuple[str, list[object]]:
        """Ask the R-tree for those that may meet the box, then the row's own corners."""
        table = self.lhs.target.model._meta.db_table
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        box: Box = self.rhs
        return (
            f"{alias}.id IN (SELECT id FROM {table}_rtree"  # noqa: S608 - names of our own models
            " WHERE west <= %s AND east >= %s AND south <= %s AND north >= %s)",
            [box.east, box.west, box.north, box.south],
        )
