"""The triggers that refuse to change or remove an event, in SQLite and in PostgreSQL.

They are made again after each migration: SQLite rebuilds a table that a migration alters, and
its triggers are lost with the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.web.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit is appended and never edited'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is appended and never edited'
    USING ERRCODE = 'integrity_constraint_violation'; END $$;
DROP TRIGGER IF EXISTS {table}_only_appended ON {table};
CREATE TRIGGER {table}_only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers where they are not there yet."""
    table = AuditEvent._meta.db_table
    if connection.vendor == "postgresql":
        statements = [_POSTGRESQL]
    else:
        statements = [_SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("{table}", table))


def guard_after_migration(*, using: str, **_: Any) -> None:  # noqa: ANN401 - a signal's own
    """Make the triggers once the tables stand."""
    from django.db import connections  # noqa: PLC0415 - only where a database is at hand

    if AuditEvent._meta.db_table in connections[using].introspection.table_names():
        guard(connections[using])
