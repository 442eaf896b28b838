"""A number that no column can hold is refused in words, whichever database meets it and by whichever way it came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DataError
from django.db.backends.base.base import BaseDatabaseWrapper

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

OUT_OF_RANGE = "22003"
"""SQL's own code: a number beyond its type."""


class NumberBeyond(DomainError):
    """A number larger than any key or amount can be; Django looks at some comparisons, and at `in` and keys of others not."""

    code = "number_beyond"
    sentence = N_("有一个数太大：平台里没有这样的编号，也存不下这样的数。请检查后再试。")
    status = 422


def refuse_beyond(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement.

    :raises NumberBeyond: SQLite cannot take one of its numbers, or PostgreSQL finds one beyond its type
    """
    try:
        return execute(sql, params, many, context)
    except OverflowError as error:
        raise NumberBeyond from error
    except DataError as error:
        if getattr(error.__cause__, "sqlstate", None) != OUT_OF_RANGE:
            raise
        raise NumberBeyond from error


def watch(*, connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Hold every statement of a connection to it; first in the list, for a wrapper of a `with` is taken off the end."""
    if refuse_beyond not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, refuse_beyond)
