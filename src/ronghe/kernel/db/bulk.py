"""Very many new rows at once, for imports that must not hold the write lock for long.

`bulk_create` builds its statement anew for each thousand rows, about 100 µs a row; here the statement is built once and
the values are prepared before the lock is taken. No signals, no defaults, no ids handed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

Values = list[Any]


class BulkInsert:
    """New rows of one model, given as lists of values in the order of `fields`."""

    def __init__(self, model: type[models.Model], fields: Sequence[str]) -> None:
        self.model = model
        self.fields = [model._meta.get_field(name) for name in fields]  # noqa: SLF001 - Django's name
        self.position = {name: at for at, name in enumerate(fields)}
        self.rows: list[Values] = []
        self._last: dict[int, tuple[Any, Any]] = {}

    def add(self, values: Sequence[Any]) -> Values:
        """Prepare one row for the database and return it; what is known later is set in it by `position`."""
        row: Values = []
        for at, (field, value) in enumerate(zip(self.fields, values, strict=True)):
            if value is None:
                row.append(None)
                continue
            if at not in self._last or self._last[at][0] != value:
                # Neighbors often agree (a moment, a kind, a body): one prepared value serves them all.
                self._last[at] = (value, field.get_db_prep_save(value, connection))  # type: ignore[union-attr]
            row.append(self._last[at][1])
        self.rows.append(row)
        return row

    def write(self) -> None:
        """Write all rows and let go of them; the caller holds the transaction."""
        if not self.rows:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self.fields)  # type: ignore[union-attr]
        places = ", ".join(["%s"] * len(self.fields))
        table = quote(self.model._meta.db_table)  # noqa: SLF001 - Django's name
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", self.rows)  # noqa: S608 - names of ours
        self.rows.clear()  # sealed texts are large, and the next table needs the room


def update_each(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write `fields` of rows that are there already, each with values of its own, by one statement said once.

    `bulk_update` makes one CASE of all rows and fields, which Django builds for longer than the database needs to write it.
    The rows are of one model; the caller holds the transaction.
    """
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001 - Django's name
    columns: list[Any] = [meta.get_field(name) for name in fields]
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    key = quote(str(meta.pk.column))
    values = [
        [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns] + [row.pk]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {key} = %s", values)  # noqa: S608 - names of ours
