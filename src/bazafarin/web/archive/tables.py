"""The rows of every table, out of PostgreSQL in one moment and into it again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from bazafarin.domain.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bazafarin.web.archive.manifest import Manifest

STEPS: Final = "django_migrations"
"""The table of the steps that the tables have taken."""
_RESTORED: Final = "restored "


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as of one moment for as long as the block runs."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def steps_taken() -> list[list[str]]:
    """Return the steps that the tables have taken."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def tables_there() -> dict[str, list[str]]:
    """Return the columns of each table of the site."""
    names = connection.introspection.django_table_names(only_existing=True)
    with connection.cursor() as cursor:
        return {
            name: [
                each.name for each in connection.introspection.get_table_description(cursor, name)
            ]
            for name in sorted({*names, STEPS})
        }


def rows_out(table: str, columns: list[str], write: Callable[[bytes], object]) -> None:
    """Hand the rows of a table to ``write``, as COPY writes them."""
    words = _copy(table, columns, "TO STDOUT")
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(words) as copy:
        for some in copy:
            write(bytes(some))


def put_back(manifest: Manifest, rows_of: Callable[[str], Iterable[bytes]], *, mark: str) -> None:
    """Replace the site's tables by those of a backup, all or nothing, and bring them up to date.

    Everything is one transaction, the making of the tables with it: whoever is stopped in the
    middle leaves the database as it was. ``mark`` is kept with the tables, and tells afterwards
    whether it came to its end.
    """
    with transaction.atomic():
        _drop_all()
        _make_as_of({(app, name) for app, name in manifest.migrations})
        made = tables_there()
        with connection.cursor() as cursor:
            # what the steps wrote by themselves is among the rows of the backup
            cursor.execute(f"TRUNCATE {', '.join(map(_named, made))}")
            # a step that adds a reference has it checked at once from then on
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table, columns in manifest.tables.items():
                words = _copy(table, columns, "FROM STDIN")
                with connection.wrap_database_errors, cursor.copy(words) as copy:
                    for some in rows_of(table):
                        copy.write(some)
            # references are checked now, for tables with unchecked rows cannot be altered
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute(statement)
            cursor.execute(_SEQUENCE_OF_STEPS)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE {_named(STEPS)} IS '{_RESTORED}{mark}'")


_SEQUENCE_OF_STEPS: Final = (
    f"SELECT setval(pg_get_serial_sequence('{STEPS}', 'id'), max(id)) FROM {STEPS}"  # noqa: S608 - no input
)


def is_put_back(url: str, mark: str) -> bool:
    """Return whether the tables at ``url`` are those that were put back under ``mark``."""
    import psycopg  # noqa: PLC0415 - on PostgreSQL alone

    try:
        with psycopg.connect(url) as asked:
            found = asked.execute(
                "SELECT obj_description(to_regclass(%s), 'pg_class')", [STEPS]
            ).fetchone()
    except psycopg.Error as error:
        raise SiteError("site.database", reason=str(error).strip()) from error
    return found is not None and found[0] == f"{_RESTORED}{mark}"


def _drop_all() -> None:
    names = [
        *connection.introspection.django_table_names(only_existing=True),
        *({STEPS} & set(connection.introspection.table_names())),
    ]
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(map(_named, names))} CASCADE")


def _make_as_of(steps: set[tuple[str, str]]) -> None:
    """Make the tables as they were after these steps."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    every = executor.migration_plan(leaves, clean_start=True)
    plan = [(step, back) for step, back in every if (step.app_label, step.name) in steps]
    executor.migrate(leaves, plan=plan)


def _models() -> list[type]:
    return list(apps.get_models(include_auto_created=True))


def _copy(table: str, columns: list[str], which: str) -> str:
    return f"COPY {_named(table)} ({', '.join(map(_named, columns))}) {which}"


def _named(name: str) -> str:
    return connection.ops.quote_name(name)
