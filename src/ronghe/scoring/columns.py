"""The few column expressions that everything else is written in: integers only, on every engine.

Ibis is imported when a plan is built, not when a sheet is checked: it takes most of a second to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, reduce
from typing import Any

Column = Any
"""An Ibis value expression."""


def quotient(number: Column, by: Column) -> Column:
    """Return `number / by` rounded half away from zero, by integer division alone; `by` is positive.

    Ibis writes `//` as the floor of a double, which is wrong beyond 2^53.
    """
    size = whole_quotient(number.abs() * 2 + by, by * 2)
    return pick(number < 0, -size, size)


def whole_quotient(number: Column, by: Column) -> Column:
    """Return `number / by` cut to a whole number; both are positive."""
    return _divide()(number, by)


def total(amount: Column) -> Column:
    """Return the sum of a group as int64 (engines widen sums; a sum that does not fit is an error, never a wrap)."""
    return _sum()(amount).cast("int64")


def summed_over(amount: Column, window: Any) -> Column:
    """Return the sum over the rows of a window as int64; 0 where all are NULL."""
    return _sum()(amount).over(window).cast("int64").fill_null(0)


def pick(condition: Column, yes: Column, no: Column) -> Column:
    """Return `yes` where the condition holds, else `no`."""
    import ibis

    return ibis.ifelse(condition, yes, no)


def constant(value: bool | int | str, kind: str = "int64") -> Column:
    """Return a literal of a known type.

    Engines take a small bare number for 32 bits and overflow when two such are multiplied, so the width is written out.
    """
    import ibis

    if kind == "int64" and abs(int(value)) < 2**31:
        return ibis.literal(value, type="int32").cast("int64")
    return ibis.literal(value, type=kind)


def nothing(kind: str) -> Column:
    """Return NULL of a known type."""
    import ibis

    return ibis.null(kind)


def least(*values: Column) -> Column:
    """Return the smallest of the values."""
    import ibis

    return ibis.least(*values) if len(values) > 1 else values[0]


def greatest(*values: Column) -> Column:
    """Return the largest of the values."""
    import ibis

    return ibis.greatest(*values) if len(values) > 1 else values[0]


def added(values: Sequence[Column]) -> Column:
    """Return the sum of columns of one row; 0 for none."""
    return reduce(lambda a, b: a + b, values) if values else constant(0)


def all_true(values: Sequence[Column]) -> Column:
    """Return whether every condition holds; true for none."""
    return reduce(lambda a, b: a & b, values) if values else constant(value=True, kind="boolean")


def any_true(values: Sequence[Column]) -> Column:
    """Return whether one condition holds; false for none."""
    return reduce(lambda a, b: a | b, values) if values else constant(value=False, kind="boolean")


def read_as(column: Column, kind: Any) -> Column:
    """Return a key of one table in the type that another table writes it in; NULL where it cannot be read so."""
    if not (column.type().is_string() and kind.is_integer()):
        return column.cast(kind)
    written = column.re_search(r"^-?[0-9]{1,18}$")
    return pick(written, column, nothing("string")).cast(kind)


def moment(at: datetime, like: Column) -> Column:
    """Return the moment `at` as a literal that can be compared with the column `like`.

    A column without a zone holds Asia/Shanghai times. Written as text, since engines build moments from doubles.
    """
    import ibis

    from ronghe.scoring.period import SHANGHAI

    kind = like.type()
    if getattr(kind, "timezone", None):
        return ibis.literal(f"{at:%Y-%m-%d %H:%M:%S}+00:00").cast("timestamp('UTC')")
    return ibis.literal(f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}").cast("timestamp")


def bucket(at: Column, starts: Sequence[datetime], first: int = 0) -> Column:
    """Return which piece a moment falls in, counted from `first`; `starts` are the beginnings of all pieces.

    A balanced tree of comparisons: exact in any time zone and cheap (nine comparisons find a day of a year).
    """
    if len(starts) == 1:
        return constant(first, "int16")
    middle = len(starts) // 2
    return pick(
        at < moment(starts[middle], at),
        bucket(at, starts[:middle], first),
        bucket(at, starts[middle:], first + middle),
    )


def json_text(document: Column, key: str) -> Column:
    """Return the value of one key of a JSON text, as text."""
    return _json_extract_string()(document, constant(f'$."{key}"', "string"))


@cache
def _divide() -> Any:
    import ibis

    @ibis.udf.scalar.builtin(name="divide", signature=(("int64", "int64"), "int64"))  # type: ignore[untyped-decorator]
    def divide(number: Any, by: Any) -> Any:
        """DuckDB's exact integer division, cut toward zero."""

    return divide


@cache
def _sum() -> Any:
    import ibis

    @ibis.udf.agg.builtin(name="sum", signature=(("int64",), "decimal(38, 0)"))  # type: ignore[untyped-decorator]
    def exact_sum(amount: Any) -> Any:
        """SUM with the width that engines really give it, so that the cast to int64 is written out."""

    return exact_sum


@cache
def _json_extract_string() -> Any:
    import ibis

    @ibis.udf.scalar.builtin(name="json_extract_string", signature=(("string", "string"), "string"))  # type: ignore[untyped-decorator]
    def json_extract_string(document: Any, path: Any) -> Any:
        """DuckDB's text of one JSON value."""

    return json_extract_string
