"""Statements prepared for everybody of one shape: who holds such posts and belongs to so many bodies.

Two secretaries of a branch who each belong to it and to a zone ask the same of the database but for a few numbers. So the
text is worked out for nobody in particular (`kernel.db.prepared`) once a day, and filled in for each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.org.rules.reaches import Standing, local_day, standing_of
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.prepared import Built, Ids, NotPreparable, Prepared, prepare

Statement = Callable[..., QuerySet[Any]]
"""Person, moment, further numbers and what else names the statement → its rows, as values."""
KEPT = 1_024
"""So many statements of one kind are kept in mind, one for each shape that asked today."""
_MOMENTS = (time(3, 17, 11, 111_111), time(14, 41, 53, 222_222))
"""Two of a day, in different halves of it, at which a statement is built."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the statements of a reader depend on; bodies and units are places in the reader's own sorted lists."""

    posts: tuple[tuple[str, int | None, int | None], ...]
    belongs_to: tuple[int, ...]
    own_unit: int | None
    bodies: int
    units: int

    @property
    def count(self) -> int:
        """How many numbers a reader of this shape brings: the own one, of bodies, of units, of posts."""
        return 1 + self.bodies + self.units + len(self.posts)


@dataclass(frozen=True, slots=True)
class Reader:
    """A person's shape with the numbers that fill it."""

    shape: Shape
    ids: tuple[int, ...]


def reader_of(person: Person, day: date) -> Reader:
    """Return what the statements of `person` depend on that day."""
    standing = standing_of(person, day)
    bodies = sorted({*standing.bodies, *(post.body_id for post in standing.posts if post.body_id is not None)})
    held = {post.unit_id for post in standing.posts} | {person.unit_id}
    units = sorted(unit for unit in held if unit is not None)
    posts = tuple(
        (str(post.role), _place(bodies, post.body_id), _place(units, post.unit_id)) for post in standing.posts
    )
    belongs_to = tuple(bodies.index(pk) for pk in standing.bodies)
    shape = Shape(posts, belongs_to, _place(units, person.unit_id), len(bodies), len(units))
    return Reader(shape, (person.pk, *bodies, *units, *(post.pk for post in standing.posts)))


def prepared_for(
    shape: Shape, day: date, build: Callable[[Person, datetime, Ids], Sequence[Built]], more: int = 0
) -> list[Prepared]:
    """Return the statements that `build` makes for a person of `shape`, a moment of `day` and `more` further numbers.

    :raises NotPreparable: they depend on more than that
    """

    def anonymous(ids: Ids, at: datetime) -> Sequence[Built]:
        return build(_nobody(shape, ids[: shape.count]), at, ids[shape.count :])

    first, second = (moment_of(day, at) for at in _MOMENTS)
    return prepare(anonymous, shape.count + more, (first, second))


def rows_of(
    build: Statement, person: Person, at: datetime, *, key: tuple[Hashable, ...] = (), more: Ids = ()
) -> list[tuple[Any, ...]]:
    """Return the rows of the queryset of values that `build(person, at, more, *key)` makes, its text kept by shape; one statement.

    `build` is a function of a module: it names the statement, together with `key`. `more` are numbers that differ from one
    time to the next, such as the key of a body that was chosen.
    """
    day = local_day(at)
    reader = reader_of(person, day)
    prepared = _kept(build, key, len(more), reader.shape, day, connection.alias)
    if prepared is None:
        try:
            sql, params = compiled(build(person, at, more, *key))
        except EmptyResultSet:
            return []
    else:
        sql, params = prepared.sql, prepared.filled([*reader.ids, *more], at)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def compiled(rows: QuerySet[Any]) -> Built:
    """Return the text of a queryset with its parameters.

    :raises EmptyResultSet: nothing can be in it
    """
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, list(params)


@lru_cache(maxsize=KEPT)
def _kept(
    build: Statement, key: tuple[Hashable, ...], more: int, shape: Shape, day: date, alias: str,  # noqa: ARG001 - a statement is of its database
) -> Prepared | None:  # fmt: skip
    def built(person: Person, at: datetime, given: Ids) -> list[Built]:
        return [compiled(build(person, at, given, *key))]

    try:
        (found,) = prepared_for(shape, day, built, more)
    except (NotPreparable, EmptyResultSet):
        return None
    return found


def _place(known: Sequence[int], pk: int | None) -> int | None:
    return None if pk is None else known.index(pk)


def _nobody(shape: Shape, ids: Ids) -> Person:
    """Return a person with these numbers of whom nothing else is known: a right that asks for more asks the database."""
    bodies, units = ids[1 : 1 + shape.bodies], ids[1 + shape.bodies : 1 + shape.bodies + shape.units]
    own = ids[1 + shape.bodies + shape.units :]
    own_unit = None if shape.own_unit is None else units[shape.own_unit]
    person = Person.from_db(DEFAULT_DB_ALIAS, ["id", "unit_id"], [ids[0], own_unit])
    posts = [
        PostHolding.from_db(
            DEFAULT_DB_ALIAS,
            ["id", "role", "body_id", "unit_id"],
            [pk, role, None if body is None else bodies[body], None if unit is None else units[unit]],
        )
        for pk, (role, body, unit) in zip(own, shape.posts, strict=True)
    ]
    standing = Standing(posts, [bodies[place] for place in shape.belongs_to])
    person.__dict__["_standing_by_day"] = _EveryDay(standing)
    return person


class _EveryDay(dict[date, Standing]):
    """Where somebody stands, whatever the day."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self._standing = standing

    def __contains__(self, _day: object) -> bool:
        return True

    def __getitem__(self, _day: date) -> Standing:
        return self._standing


def day_read(found: Any) -> date | None:
    """Return a day as the database hands it over in a statement of one's own: SQLite sometimes as text."""
    return date.fromisoformat(found) if isinstance(found, str) else found


def moment_read(found: Any) -> datetime | None:
    """Return a moment as the database hands it over: SQLite as text or a naive one, in UTC, PostgreSQL as a moment."""
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
