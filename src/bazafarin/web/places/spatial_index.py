"""The index over shapes: GiST on PostGIS; on SQLite an R-tree that triggers keep.

The R-tree reads the row's own corners (``west`` … ``north``), which ``Feature`` fills from the
shape: SQLite cannot look into WKB. It is made again after each migration, for SQLite rebuilds a
table that a migration alters and loses its triggers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db import models
    from django.db.backends.base.base import BaseDatabaseWrapper

_GIST = "CREATE INDEX IF NOT EXISTS {table}_gist ON {table} USING gist (geometry)"
_RTREE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS {table}_rtree USING rtree(id, west, east, south, north)",
    "CREATE TRIGGER IF NOT EXISTS {table}_rtree_in AFTER INSERT ON {table}"
    " WHEN NEW.west IS NOT NULL BEGIN"
    " INSERT INTO {table}_rtree VALUES (NEW.id, NEW.west, NEW.east, NEW.south, NEW.north); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_rtree_out AFTER DELETE ON {table}"
    " BEGIN DELETE FROM {table}_rtree WHERE id = OLD.id; END",
    "CREATE TRIGGER IF NOT EXISTS {table}_rtree_moved"
    " AFTER UPDATE OF west, east, south, north ON {table}"
    " BEGIN DELETE FROM {table}_rtree WHERE id = OLD.id;"
    " INSERT INTO {table}_rtree SELECT NEW.id, NEW.west, NEW.east, NEW.south, NEW.north"
    " WHERE NEW.west IS NOT NULL; END",
    "INSERT INTO {table}_rtree SELECT id, west, east, south, north FROM {table}"
    " WHERE west IS NOT NULL AND id NOT IN (SELECT id FROM {table}_rtree)",
)


def have_postgis_before_migration(*, using: str, **_: Any) -> None:  # noqa: ANN401 - a signal's own
    """Have the type ``geometry`` before the tables are made of it."""
    from django.db import connections  # noqa: PLC0415 - only where a database is at hand

    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE EXTENSION postgis")


def make_spatial_index(connection: BaseDatabaseWrapper, model: type[models.Model]) -> None:
    """Make the index of one table where it is not there yet."""
    statements = (_GIST,) if connection.vendor == "postgresql" else _RTREE
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(table=model._meta.db_table))


def make_all_after_migration(*, using: str, **_: Any) -> None:  # noqa: ANN401 - a signal's own
    """Make the index of every table of features once the tables stand."""
    from django.apps import apps  # noqa: PLC0415 - the models must be there
    from django.db import connections  # noqa: PLC0415

    from bazafarin.web.places.models import Feature  # noqa: PLC0415

    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        if issubclass(model, Feature) and model._meta.db_table in tables:
            make_spatial_index(connection, model)
