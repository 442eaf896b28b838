"""What an attacker of a secret vote holds: copies of the whole database, taken before, between and after the votes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

Copy = dict[str, list[tuple[Any, ...]]]
APART = {"mac", "recorded_at", "fact"}
"""The moment at which the program runs, and what is keyed with it: another one each time, whatever was voted. So is the key
of the fact that a count writes: PostgreSQL goes on counting after what was undone."""


def whole_database() -> Copy:
    """Return every row of every table in the order in which it was written, and how long every file of the home is.

    Of a sealed text only its length: its signs are random. Keys that count on are left out, the order that they tell is kept.
    """
    kept: Copy = {}
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.concrete_fields if not _counts_on(field)]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        table, key = (connection.ops.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")
            rows = cursor.fetchall()
        sealed = [place for place, field in enumerate(fields) if field.name == "sealed"]
        kept[model._meta.label] = [
            tuple(len(value or "") if place in sealed else value for place, value in enumerate(row)) for row in rows
        ]
    files = [path for path in settings.HOME.root.rglob("*") if path.is_file() and "sqlite" not in path.name]
    kept["files"] = sorted((str(path), path.stat().st_size) for path in files)
    return kept


def copies_while(
    vote: Callable[[Any, Any], None], given: Mapping[Any, Any], order: Sequence[Any], end: Callable[[], None]
) -> list[Copy]:
    """Return all copies: before the first vote, after each one, and after the count; then undo it."""
    copies = []
    with transaction.atomic():
        copies.append(whole_database())
        for person in order:
            vote(person, given[person])
            copies.append(whole_database())
        end()
        copies.append(whole_database())
        transaction.set_rollback(True)
    return copies


def _counts_on(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField) or field.name in APART
