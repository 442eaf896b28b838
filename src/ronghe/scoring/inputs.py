"""The tables of a run, whatever they came as, brought to the few columns that scoring reads.

| table | columns |
| --- | --- |
| facts | `id, kind, occurred_at, subject, body`; `quantity` (whole or decimal) or `quantity_e4` (units of 1/10,000); \
optional `home` (the member's own body that day), `reverses` (id of the fact it cancels), attributes as columns or in \
`attributes` as JSON text |
| subjects | `subject`; optional `level, body, category, from, until` (half-open days) |
| obligations | `mechanism, due_until` (that day not included), `state`; `subject` or `body` or both; optional `record` (what met it) |
| previous | `subject, total`; optional `grade` |

Moments with a zone are moments; without one they are Asia/Shanghai times.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.scoring.columns import all_true, constant, json_text, moment, nothing, pick, read_as
from ronghe.scoring.engines import engine_over
from ronghe.scoring.exact import UNIT
from ronghe.scoring.period import Window
from ronghe.scoring.records import COUNTED_STATES, RESERVED

Table = Any
"""An Ibis table expression."""


class ColumnMissing(DomainError):
    """A table lacks a column that scoring cannot do without."""

    code = "column_missing"
    sentence = N_("%(table)s缺少“%(column)s”一列。")
    status = 422


class NumberNotExact(DomainError):
    """A column of numbers is stored as doubles."""

    code = "number_not_exact"
    sentence = N_("%(table)s的“%(column)s”存成了浮点数，算不准。请存成整数或至多四位的小数。")
    status = 422


NEEDED = {
    "facts": ("kind", "occurred_at"),
    "subjects": ("subject",),
    "obligations": ("mechanism", "due_until", "state"),
    "previous": ("subject", "total"),
}


class Inputs:
    """The tables of one run on one engine."""

    def __init__(
        self, facts: Any, subjects: Any = None, obligations: Any = None, previous: Any = None, *, engine: Any = None
    ) -> None:
        """Take tables as Ibis, Arrow, Parquet paths or lists of mappings; `engine` is an Ibis connection.

        :raises ColumnMissing: a table lacks a needed column
        :raises EngineUnknown: the connection leads to an engine that is not proven
        """
        self.engine = engine_over(engine)
        given = {"facts": facts, "subjects": subjects, "obligations": obligations, "previous": previous}
        self._tables = {name: self._table(name, table) for name, table in given.items() if table is not None}

    def _table(self, name: str, given: Any) -> Table:
        table = self.engine.table(given)
        for column in NEEDED[name]:
            if column not in table.columns:
                raise ColumnMissing(table=name, column=column)
        return table

    @cached_property
    def key_type(self) -> Any:
        """How subjects and bodies are written in the facts; the smaller tables follow."""
        facts = self._tables["facts"]
        kinds = [facts[name].type() for name in ("subject", "body") if name in facts.columns]
        return next((kind for kind in kinds if not kind.is_null()), "string")

    def _key(self, rows: Table, column: str) -> Any:
        if column not in rows.columns:
            return nothing(self.key_type)
        found = rows[column]
        return found if found.type() == self.key_type else read_as(found, self.key_type)

    def has(self, name: str) -> bool:
        """Whether a table was given."""
        return name in self._tables

    def facts(self, window: Window, attributes: Iterable[str] = ()) -> Table:
        """Facts of a window that nothing cancels: `id, kind, occurred_at, subject, body, home, amount, attribute_…`.

        A reversing fact only cancels; it never counts itself, and cannot be cancelled in turn.
        """
        given = self._tables["facts"]
        start, end = window.instants
        at = given["occurred_at"]
        rows = given.filter(at >= moment(start, at), at < moment(end, at))
        if {"reverses", "id"} <= set(given.columns):
            reversing = given.filter(given["reverses"].notnull()).select(reversed_id=given["reverses"])
            rows = rows.filter(rows["reverses"].isnull())
            rows = rows.left_join(reversing, rows["id"] == reversing["reversed_id"])
            rows = rows.filter(
                rows["reversed_id"].isnull()
            )  # spelled out: an anti join is lost on the way to PostgreSQL
        return rows.select(
            id=optional(rows, "id"),
            **{name: self._key(rows, name) for name in ("subject", "body", "home")},
            kind=rows["kind"],
            occurred_at=rows["occurred_at"],
            amount=self._amount(rows),
            **{f"attribute_{name}": self._attribute(rows, name) for name in sorted(set(attributes))},
        )

    def subjects(self, level: str | None, window: Window, *, but: str | None = None) -> Table:
        """Subjects of a level (of every level `but` one) as they stood on the last day: `subject, body, category`."""
        given = self._tables["subjects"]
        last = constant((window.day_until - timedelta(days=1)).isoformat(), "string").cast("date")
        tests = []
        if "level" in given.columns:
            tests += [given["level"] == level] if level is not None else []
            tests += [~given["level"].isin(["member", but])] if but is not None else []
        if "from" in given.columns:
            tests.append(given["from"].isnull() | (given["from"].cast("date") <= last))
        if "until" in given.columns:
            tests.append(given["until"].isnull() | (given["until"].cast("date") > last))
        rows = given.filter(all_true(tests)) if tests else given
        return rows.select(
            subject=self._key(rows, "subject"),
            body=self._key(rows, "body"),
            category=optional(rows, "category", "string"),
        )

    def at_home(self, rows: Table, window: Window) -> Table:
        """Give facts that do not carry their `home` the member's body on the last day."""
        if not self.has("subjects"):
            return rows
        members = self.subjects("member", window)
        members = members.select(member=members["subject"], member_body=members["body"])
        joined = rows.left_join(members, rows["subject"] == members["member"])
        return joined.mutate(home=joined["home"].fill_null(joined["member_body"])).drop("member", "member_body")

    def obligations(self, key: str, window: Window) -> Table:
        """Obligations that count in a window: `key, mechanism, due_until, state, record`."""
        given = self._tables["obligations"]
        due = given["due_until"].cast("date")
        start, end = (constant(day.isoformat(), "string").cast("date") for day in (window.day_from, window.day_until))
        rows = given.filter(due > start, due <= end, given["state"].isin(COUNTED_STATES))
        return rows.select(
            key=owner({name: self._key(rows, name) for name in ("subject", "body")}, key),
            mechanism=rows["mechanism"],
            due_until=rows["due_until"].cast("date"),
            state=rows["state"],
            record=optional(rows, "record"),
        )

    def lifted(self, owed: Table, level: str, window: Window) -> Table:
        """Give obligations of other bodies to the body right above, where it is known; `is_below` tells them."""
        bodies = self.subjects(None, window, but=level)
        bodies = bodies.filter(bodies["body"].notnull()).select(lower=bodies["subject"], upper=bodies["body"])
        joined = owed.left_join(bodies, owed["key"] == bodies["lower"])
        joined = joined.mutate(key=joined["upper"].fill_null(joined["key"]), is_below=joined["upper"].notnull())
        return joined.drop("lower", "upper")

    def previous(self) -> Table:
        """The result before: `subject, total` in units, `grade`."""
        rows = self._tables["previous"]
        return rows.select(
            subject=self._key(rows, "subject"),
            total=_units(rows["total"], "previous", "total"),
            grade=optional(rows, "grade", "string"),
        )

    @staticmethod
    def _amount(rows: Table) -> Any:
        if "quantity_e4" in rows.columns:
            return rows["quantity_e4"].cast("int64")
        if "quantity" in rows.columns:
            return _units(rows["quantity"], "facts", "quantity").fill_null(UNIT)
        return constant(UNIT)

    @staticmethod
    def _attribute(rows: Table, name: str) -> Any:
        if name in rows.columns:
            return rows[name].cast("string")
        if "attributes" in rows.columns:
            return json_text(rows["attributes"].cast("string"), name)
        return nothing("string")


def optional(rows: Table, column: str, kind: str | None = None) -> Any:
    """Return a column, or NULL where the table has none."""
    if column not in rows.columns:
        return nothing(kind or "string")
    return rows[column].cast(kind) if kind else rows[column]


def owner(rows: Any, key: str, reserved: Sequence[str] = ()) -> Any:
    """Return whom a row counts for: its `key` column (`subject` or `body`), for bodies the other one where it is empty.

    What is *about* its subject (the `reserved` kinds) counts for the subject first, wherever it was recorded.
    """
    if key == "subject":
        return rows["subject"]
    by_body = rows["body"].fill_null(rows["subject"])
    if not reserved:
        return by_body
    return pick(rows["kind"].isin(reserved), rows["subject"].fill_null(rows["body"]), by_body)


def reserved_among(kinds: Iterable[str]) -> list[str]:
    """Return the reserved kinds among these."""
    return [kind for kind in RESERVED if kind in set(kinds)]


def _units(column: Any, table: str, name: str) -> Any:
    kind = column.type()
    if kind.is_floating():
        raise NumberNotExact(table=table, column=name)
    if kind.is_integer():
        return column.cast("int64") * UNIT
    return (column.cast("decimal(18, 4)") * UNIT).cast("int64")
