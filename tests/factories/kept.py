"""Stories with which many tests begin: built once a process, afterwards their rows are put back as they were.

Most of a test's time went into the same forty people. A story built on an untouched database is kept with its rows, and the
next test that asks for it on an untouched database gets both back; whoever asks later in a test has it built as ever.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection
from django.utils import timezone

WRITES = re.compile(r'\s*(?:INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
P = ParamSpec("P")
R = TypeVar("R")
PLAIN = (str, int, bool, date, type(None))


@dataclass(frozen=True)
class Story:
    """What a factory returned, and each table's columns and rows in the order in which they were first written."""

    result: bytes
    tables: list[tuple[str, list[str], list[tuple[Any, ...]]]]


class Written:
    """The tables that the running test wrote to, in order."""

    def __init__(self) -> None:
        self.tables: dict[str, None] = {}

    def __call__(self, execute, sql, params, many, context):
        found = WRITES.match(sql)
        if found:
            self.tables[found[1]] = None
        return execute(sql, params, many, context)

    @contextmanager
    def watching(self) -> Iterator[None]:
        self.tables.clear()
        with connection.execute_wrapper(self):
            yield


written = Written()
stories: dict[object, Story | None] = {}


def kept(build: Callable[P, R]) -> Callable[P, R]:
    """Keep what `build` makes out of nothing; only plain arguments tell one story from another.

    A story that does more than add rows to empty tables is never kept: it is built each time.
    """

    @wraps(build)
    def story(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (*args, *kwargs.values())
        if written.tables or not connection.in_atomic_block or not all(isinstance(one, PLAIN) for one in given):
            return build(*args, **kwargs)
        asked = (build.__module__, build.__qualname__, args, tuple(sorted(kwargs.items())), timezone.now().date())
        if asked not in stories:
            result = build(*args, **kwargs)
            stories[asked] = taken(result)
            return result
        known = stories[asked]
        if known is None:
            return build(*args, **kwargs)
        put_back(known)
        return pickle.loads(known.result)

    return story


def taken(result: object) -> Story | None:
    if not written.tables.keys() <= tables_of_models():
        return None
    tables = []
    with connection.cursor() as cursor:
        for table in written.tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables.append((table, [column[0] for column in cursor.description], cursor.fetchall()))
    return Story(pickle.dumps(result), tables)


def put_back(story: Story) -> None:
    with connection.cursor() as cursor:
        for table, columns, rows in story.tables:
            names = ", ".join(connection.ops.quote_name(column) for column in columns)
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})", rows)


@cache
def tables_of_models() -> set[str]:
    """Every table that a fresh database leaves empty: nothing is written by migrations or after them."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
