"""Every inbox in two statements: which rows wait and until when, and the words of those that are shown.

Sixty inboxes built and compiled by the ORM cost a page 150 ms of processor time, and the database answers in a few; so
their text is prepared by the reader's shape (`readers`). Only keys and deadlines are asked of all rows, words of few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.readers import KEPT, Shape, compiled, day_read, moment_read, prepared_for, reader_of
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.prepared import Built, Ids, NotPreparable, Prepared
from ronghe.kernel.inbox import Inbox, Key, Row, Says, declared_inboxes

COUNTED, OTHERS = 1_000, 200
"""Nobody is told of more than this in one inbox: of what one owes, and of what others wait for."""
AT_ONCE = 32
"""Rows whose words one statement fetches."""
ARMS = 100
"""An inbox has fewer statements than this."""
_DUE = ("w_due_at", "w_due_on", "w_since")
_KEYS = ("w_pk", *_DUE, "w_site", "w_weight")
_WORDS = ("w_pk", "w_first", "w_second", "w_what", "w_who", "w_where", "w_code", "w_one", "w_two")
_TYPES = {"w_pk": "int", "w_first": "int", "w_second": "int", "w_one": "int", "w_two": "int", "w_site": "int", "w_weight": "int",
          "w_due_at": "moment", "w_due_on": "day", "w_since": "moment"}  # fmt: skip
_NOTHING = {
    "sqlite": {"text": "''", "int": "NULL", "moment": "NULL", "day": "NULL"},
    "postgresql": {
        "text": "''", "int": "CAST(NULL AS bigint)", "moment": "CAST(NULL AS timestamptz)", "day": "CAST(NULL AS date)",
    },
}  # fmt: skip
"""What stands where an inbox has no such column; PostgreSQL asks for the same type in every part of a union."""


class Arm(NamedTuple):
    """One statement of an inbox: how many rows it found, how many of those press or are late, and the first of them."""

    inbox: int
    count: int  # type: ignore[assignment] # nobody asks an arm how often it holds something
    pressing: int
    late: int
    keys: list[Key]


@dataclass(frozen=True, slots=True)
class Plan:
    """The statements of a shape on a day: all keys as one text; the words of each inbox; what is built for each reader."""

    sql: str
    keys: tuple[Prepared, ...]
    words: Mapping[int, Prepared]
    live: tuple[int, ...]


def arms_waiting(person: Person, at: datetime, most: int | None = None) -> list[Arm]:
    """Return what waits for `person`, arm by arm; of each the soonest `most` rows, all that are counted unless told.

    One statement; what an inbox that asks the database itself reads comes on top. Where words decide the order, or whose a
    row is at all, more rows are given than asked for.
    """
    inboxes, day = list(declared_inboxes().values()), local_day(at)
    reader = reader_of(person, day)
    plan = _plan(reader.shape, day, connection.alias, len(inboxes))
    texts = [plan.sql] if plan.sql else []
    params = [param for prepared in plan.keys for param in prepared.filled(reader.ids, at)]
    for place in plan.live:
        for sql, given in _key_arms(place, inboxes[place], person, at):
            texts.append(sql)
            params += given
    by_arm: dict[int, list[tuple[Any, ...]]] = {}
    for found in _asked(texts, params):
        by_arm.setdefault(found[0], []).append(found)
    bounds = _Bounds(at, day)
    return [_arm(arm // ARMS, inboxes[arm // ARMS], found, bounds, most) for arm, found in sorted(by_arm.items())]


def _arm(place: int, inbox: Inbox, found: list[tuple[Any, ...]], bounds: _Bounds, most: int | None) -> Arm:
    wanted = most if most is None or inbox.tell is None or inbox.is_steady else max(most, OTHERS)
    return Arm(
        place, len(found), sum(bounds.is_pressing(row, inbox.is_owed) for row in found),
        sum(bounds.is_late(row) for row in found), [_key(place, row) for row in found[:wanted]],
    )  # fmt: skip


class _Bounds:
    """Now and tonight in every shape in which a database hands moments and days over: most rows are only counted."""

    def __init__(self, at: datetime, day: date) -> None:
        tomorrow = moment_of(day + timedelta(days=1))
        self._now, self._tonight = (self._shapes(moment) for moment in (at, tomorrow))
        self._day = {str: day.isoformat(), date: day}

    @staticmethod
    def _shapes(moment: datetime) -> dict[bool | type, Any]:
        naive = moment.astimezone(UTC).replace(tzinfo=None)
        return {str: naive.isoformat(" "), False: naive, True: moment}

    def is_late(self, row: tuple[Any, ...]) -> bool:
        return self._is_before(row[2], self._now) or (row[3] is not None and row[3] < self._day[type(row[3])])

    def is_pressing(self, row: tuple[Any, ...], is_owed: bool) -> bool:
        if row[2] is None and row[3] is None:
            return not is_owed
        return self._is_before(row[2], self._tonight) or (row[3] is not None and row[3] <= self._day[type(row[3])])

    @staticmethod
    def _is_before(moment: Any, bound: dict[bool | type, Any]) -> bool:
        if moment is None:
            return False
        return bool(moment < bound[str if isinstance(moment, str) else moment.tzinfo is not None])


def words_of(person: Person, at: datetime, keys: Sequence[Key]) -> dict[tuple[int, int], Row]:
    """Return the words of `keys` by inbox and row; one statement, whatever the inboxes. What is gone meanwhile is missing."""
    day = local_day(at)
    reader = reader_of(person, day)
    inboxes = list(declared_inboxes().values())
    plan = _plan(reader.shape, day, connection.alias, len(inboxes))
    by_inbox: dict[int, list[Key]] = {}
    for key in keys:
        by_inbox.setdefault(key.inbox, []).append(key)
    texts: list[str] = []
    params: list[Any] = []
    given: Sequence[Any]
    for place, wanted in sorted(by_inbox.items()):
        for start in range(0, len(wanted), AT_ONCE):
            pks = [key.pk for key in wanted[start : start + AT_ONCE]]
            pks += [0] * (AT_ONCE - len(pks))
            if place in plan.words:
                sql, given = plan.words[place].sql, plan.words[place].filled([*reader.ids, *pks], at)
            else:
                sql, given = _word_arm(place, inboxes[place], person, at, pks)
            texts.append(sql)
            params += given
    found = {(row[0], row[1]): row for row in _asked(texts, params)}
    return {(key.inbox, key.pk): _row(key, found[key.inbox, key.pk]) for key in keys if (key.inbox, key.pk) in found}


def _asked(texts: Sequence[str], params: Sequence[Any]) -> list[tuple[Any, ...]]:
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), params)
        return list(cursor.fetchall())


@lru_cache(maxsize=KEPT)
def _plan(shape: Shape, day: date, alias: str, declared: int) -> Plan:  # noqa: ARG001 - of its database and inboxes
    keys: list[Prepared] = []
    words, live = {}, []
    for place, inbox in enumerate(declared_inboxes().values()):
        try:
            found = prepared_for(shape, day, partial(_keys_built, place, inbox))
            if found:
                (words[place],) = prepared_for(shape, day, partial(_words_built, place, inbox), AT_ONCE)
            keys += found
        except NotPreparable:
            live.append(place)
    return Plan(" UNION ALL ".join(prepared.sql for prepared in keys), tuple(keys), words, tuple(live))


def _keys_built(place: int, inbox: Inbox, person: Person, at: datetime, _more: Ids) -> list[Built]:
    return _key_arms(place, inbox, person, at)


def _words_built(place: int, inbox: Inbox, person: Person, at: datetime, pks: Ids) -> list[Built]:
    return [_word_arm(place, inbox, person, at, pks)]


def _parts(inbox: Inbox, person: Person, at: datetime) -> Sequence[QuerySet[Any]]:
    waiting = inbox.waiting(person, at)
    return [waiting] if isinstance(waiting, QuerySet) else list(waiting)


def _key_arms(place: int, inbox: Inbox, person: Person, at: datetime) -> list[Built]:
    """Return the statements that give an inbox's keys; none where nothing is reached."""
    says = _columns(inbox.says)
    found: list[Built] = []
    due = [name for name in _DUE if name in says]
    for rows in _parts(inbox, person, at):
        asked = rows.order_by().annotate(**{name: says[name] for name in _KEYS if name in says})
        asked = asked.order_by(*(F(name).asc(nulls_last=True) for name in due), "w_pk")
        most = COUNTED if inbox.is_owed else OTHERS
        try:
            sql, params = compiled(asked.values_list(*(name for name in _KEYS if name in says))[:most])
        except EmptyResultSet:
            continue
        arm = place * ARMS + len(found)
        found.append((f"SELECT {arm} AS w_arm, {_written(_KEYS, says)} FROM ({sql}) x{arm}", params))  # noqa: S608 - names of our own
    return found


def _word_arm(place: int, inbox: Inbox, person: Person, at: datetime, pks: Ids) -> Built:
    """Return the statement that gives the words of these rows; where they stand on what `waiting` works out, of its rows."""
    says = _columns(inbox.says)
    rows = _parts(inbox, person, at)[0]
    if not rows.query.annotations:
        rows = rows.model._base_manager.all()  # noqa: SLF001 - whatever the model's own manager leaves out
    asked = rows.order_by().filter(pk__in=list(pks)).annotate(**{name: says[name] for name in _WORDS if name in says})
    sql, params = compiled(asked.values_list(*(name for name in _WORDS if name in says)))
    return f"SELECT {place} AS w_place, {_written(_WORDS, says)} FROM ({sql}) y{place}", params  # noqa: S608 - names of our own


def _written(columns: Sequence[str], says: Mapping[str, Any]) -> str:
    """Return the columns in their order, with nothing where the inbox says none."""
    nothing = _NOTHING[connection.vendor]
    return ", ".join(name if name in says else f"{nothing[_TYPES.get(name, 'text')]} AS {name}" for name in columns)


@lru_cache(maxsize=256)
def _columns(says: Says) -> dict[str, Any]:
    named = {
        "w_pk": "pk", **dict(zip(("w_first", "w_second"), says.args, strict=False)), "w_what": says.what,
        "w_who": says.who, "w_where": says.where, "w_code": says.code, "w_site": says.site, "w_weight": says.weight,
        **dict(zip(("w_one", "w_two"), says.figures, strict=False)), "w_due_at": says.due_at, "w_due_on": says.due_on,
        "w_since": says.since,
    }  # fmt: skip
    return {name: F(path) if isinstance(path, str) else path for name, path in named.items() if path != ""}


def _key(place: int, found: tuple[Any, ...]) -> Key:
    _arm, pk, due_at, due_on, since, site, weight = found
    return Key(place, pk, moment_read(due_at), day_read(due_on), moment_read(since), site or 0, weight)


def _row(key: Key, found: tuple[Any, ...]) -> Row:
    _place, _pk, first, second, what, who, where, code, one, two = found
    return Row(key, first, second, what or "", who or "", where or "", code or "", one, two)
