"""Tables that only grow: the database itself refuses UPDATE and DELETE.

A guard in Python would be walked around by the first person with a database client; a trigger has to be
dropped first, and `missing_triggers` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_TABLES: set[str] = set()
_OPERATIONS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
"""What is refused on each database; SQLite has no TRUNCATE."""


def append_only(table: str) -> str:
    """Declare that rows of `table` are never changed or removed; return the table's name for `Meta.db_table`."""
    _TABLES.add(table)
    return table


def declared_tables() -> tuple[str, ...]:
    return tuple(sorted(_TABLES))


def restore_triggers(using: str = "default") -> None:
    """Put the refusing triggers on every declared table that exists; triggers already there are left alone."""
    connection = connections[using]
    missing = set(missing_triggers(using))
    with connection.cursor() as cursor:
        for table in declared_tables():
            if missing & {_name(table, operation) for operation in _OPERATIONS[connection.vendor]}:
                for statement in _create(connection.vendor, table):
                    cursor.execute(statement)


def lift_triggers(using: str = "default") -> None:
    """Take the triggers off: for maintenance that archives whole partitions, and for emptying a test database."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in declared_tables():
            for operation in _OPERATIONS[connection.vendor]:
                if table not in present:
                    continue
                target = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, operation)}{target}")


def missing_triggers(using: str = "default") -> list[str]:
    """Return the names of the triggers that ought to be there and are not, in order."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    operations = _OPERATIONS[connection.vendor]
    wanted = [_name(table, operation) for table in declared_tables() if table in existing for operation in operations]
    present = _present(connection)
    return [name for name in wanted if name not in present]


def check_triggers(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Fail `check` where a table that must only grow could be rewritten."""
    return [
        Error(f"trigger {name} is missing on {using}", hint="Run `ronghe migrate`.", id="ronghe.E001")
        for using in databases or ()
        for name in missing_triggers(using)
    ]


def _name(table: str, operation: str) -> str:
    return f"{table}_no_{operation}"


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


_REFUSE_ON_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION kernel_refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)


def _create(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            _REFUSE_ON_POSTGRESQL,
            *(
                f"CREATE OR REPLACE TRIGGER {_name(table, operation)} BEFORE {operation.upper()} ON {table} "
                f"FOR EACH {'STATEMENT' if operation == 'truncate' else 'ROW'} "
                "EXECUTE FUNCTION kernel_refuse_rewrite()"
                for operation in _OPERATIONS[vendor]
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {_name(table, operation)} BEFORE {operation.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for operation in _OPERATIONS[vendor]
    ]
