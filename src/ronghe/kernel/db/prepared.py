"""Statements whose text is worked out once: what differs between two readers of one shape is filled in.

Building and compiling a large query costs the ORM a hundred times what the database needs to answer it. Two readers with
the same posts differ only in a few numbers and the moment, so the text is built for nobody in particular, with numbers that
no row has, and those are looked for among its parameters. That is done twice with different numbers and moments: what does
not follow from them in both is no parameter, and the statement is refused rather than guessed at.

What is the same for everybody becomes part of the text. SQLite plans a statement anew whenever a value is bound that a
partial index might stand on (`is_settled = ?`), and a large one is then planned for ten times as long as it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

Ids = Sequence[int]
Built = tuple[str, Sequence[Any]]
Build = Callable[[Ids, datetime], Sequence[Built]]
"""Numbers and a moment → the texts of statements with their parameters."""

_MARK = re.compile(r"%[%s]")
_FIRST, _STEP, _APART = 7_000_000_000_000_003, 10, 500_000_000_000_007
"""Numbers beyond every key, ascending, so that a sorted list stays sorted; the second set lies apart from the first."""


class NotPreparable(Exception):
    """The text depends on more than numbers and the moment: it is built for each reader."""


@dataclass(frozen=True, slots=True)
class Place:
    """A parameter that is the reader's number at this place."""

    index: int


@dataclass(frozen=True, slots=True)
class Since:
    """A parameter that is the moment, or one at a fixed distance from it."""

    offset: timedelta


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text of a statement, and where its parameters come from."""

    sql: str
    params: tuple[Any, ...]

    def filled(self, ids: Ids, at: datetime) -> list[Any]:
        """Return the parameters for a reader with these numbers at `at`."""
        return [_fill(param, ids, at) for param in self.params]


def prepare(build: Build, count: int, moments: tuple[datetime, datetime]) -> list[Prepared]:
    """Return the statements that `build` makes of `count` numbers and a moment; none where it makes none.

    `moments` are two of one day: what depends on the day alone is kept as it is, so a prepared statement is of its day.

    :raises NotPreparable: it asks the database while being built, or depends on something else
    """
    probes = [_ids(count, _FIRST), _ids(count, _FIRST + _APART)]
    with _asking_nothing():
        one, two = (build(ids, at) for ids, at in zip(probes, moments, strict=True))
    if [sql for sql, _params in one] != [sql for sql, _params in two]:
        raise NotPreparable
    return [
        _folded(sql, [_found(*both, probes, moments) for both in zip(first, second, strict=True)])
        for (sql, first), (_sql, second) in zip(one, two, strict=True)
    ]


def _folded(sql: str, params: Sequence[Any]) -> Prepared:
    """Write what is the same for everybody into the text."""
    kept: list[Any] = []
    given = iter(params)

    def put(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%%"
        param = next(given)
        literal = None if isinstance(param, (Place, Since)) else _literal(param)
        if literal is None:
            kept.append(param)
            return "%s"
        return literal.replace("%", "%%")

    text = _MARK.sub(put, sql)
    return Prepared(text, tuple(kept))


def _literal(value: Any) -> str | None:
    """Return a value as SQL writes it, nothing where it is of a type that is better bound."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE") if connection.vendor == "postgresql" else str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'" if "\\" not in value and "\0" not in value else None
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat()}'"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else None


def _ids(count: int, first: int) -> list[int]:
    return [first + _STEP * place for place in range(count)]


def _found(one: Any, two: Any, probes: Sequence[Ids], moments: tuple[datetime, datetime]) -> Any:
    """Return what a parameter is, having seen it for both probes."""
    if isinstance(one, int) and one in probes[0]:
        if not isinstance(two, int) or two not in probes[1] or probes[0].index(one) != probes[1].index(two):
            raise NotPreparable
        return Place(probes[0].index(one))
    if one == two:
        return one
    offset = _moment(one) - moments[0]
    if offset != _moment(two) - moments[1]:
        raise NotPreparable
    return Since(offset)


def _moment(param: Any) -> datetime:
    """Return a parameter as a moment: SQLite is given text in UTC."""
    try:
        found = datetime.fromisoformat(param) if isinstance(param, str) else param
    except ValueError as error:
        raise NotPreparable from error
    if not isinstance(found, datetime):
        raise NotPreparable
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _fill(param: Any, ids: Ids, at: datetime) -> Any:
    if isinstance(param, Place):
        return ids[param.index]
    if isinstance(param, Since):
        return connection.ops.adapt_datetimefield_value(at + param.offset)
    return param


@contextmanager
def _asking_nothing() -> Iterator[None]:
    """Refuse every statement meanwhile: an answer about nobody would be kept for everybody."""

    def refuse(*_asked: Any) -> Any:
        raise NotPreparable

    with connection.execute_wrapper(refuse):
        yield
