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

    def add(self, values: Sequence[Any]) -> Values:
        """Prepare one row for the database and return it; what is known later is set in it by `position`."""
        row = [
            field.get_db_prep_save(value, connection) if value is not None else None  # type: ignore[union-attr]
            for field, value in zip(self.fields, values, strict=True)
        ]
        self.rows.append(row)
        return row

    def write(self) -> None:
        """Write all rows; the caller holds the transaction."""
        if not self.rows:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self.fields)  # type: ignore[union-attr]
        places = ", ".join(["%s"] * len(self.fields))
        table = quote(self.model._meta.db_table)  # noqa: SLF001 - Django's name
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", self.rows)  # noqa: S608 - names of ours
