"""今日 of one person: every line of every room in one order, what is put off, and what was done already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ronghe.domain.org.models import Person
from ronghe.domain.today.calc.order import Key as Place
from ronghe.domain.today.calc.order import Line
from ronghe.domain.today.enums import Part
from ronghe.domain.today.models import PutOff
from ronghe.domain.today.selectors.gathering import COUNTED, Arm, arms_waiting, words_of
from ronghe.kernel.inbox import Inbox, Key, Row, Telling, Topic, declared_inboxes

SHOWN = 30
"""Lines of a page: what fits on a phone before anybody has done them."""
SEARCHED = COUNTED
"""Words are looked for in so many of the most pressing lines."""


@dataclass(frozen=True, slots=True)
class MyDay:
    """What a person owes at a moment. `lines` are the first of `count`; `pressing` of them are due by tonight."""

    at: datetime
    lines: list[Line]
    put_off: list[tuple[Line, datetime]]
    """What is out of sight, with the moment when it comes back."""
    done: list[Line]
    """What was done today, the latest first."""
    count: int
    pressing: int
    late: int
    """How many are overdue."""
    by_topic: dict[Topic, int] = field(default_factory=dict)

    @property
    def is_more(self) -> bool:
        return self.count > len(self.lines)


@dataclass(slots=True)
class _Entry:
    """A line, with the row that it stands for while it is not in words yet."""

    inbox: Inbox
    key: Key
    line: Line
    is_told: bool

    @property
    def name(self) -> tuple[str, int]:
        return (self.line.inbox, self.line.pk)


def my_day(
    person: Person, at: datetime, *, topic: Topic | None = None, text: str = "", after: Place | None = None,
    most: int = SHOWN,
) -> MyDay:  # fmt: skip
    """Return the first `most` lines of what `person` owes at `at`, in order; four statements at most, whatever there is.

    `topic` and `text` (in title, reason, place or name) cut the list; `after` leaves out what stands up to that place.
    """
    away = {
        (row.inbox, row.record): row.until for row in PutOff.objects.filter(person=person, until__gt=at).order_by("pk")
    }
    is_whole = bool(text) or after is not None
    found = _entries(person, at, None if is_whole else most + len(away) + 1)
    wanted = [one for one in found.waiting if topic in {None, one.inbox.topic}]
    wanted.sort(key=lambda one: one.line.key(at))
    if text:
        wanted = [one for one in _told(wanted[:SEARCHED], person, at) if _says(one.line, text)]
    here = [one for one in wanted if one.name not in away]
    rest = [one for one in here if after is None or one.line.key(at) > after][:most]
    shown = _told([*rest, *(one for one in wanted if one.name in away)], person, at)
    beyond = found.beyond(None if text else topic, of_all=not is_whole)
    return MyDay(
        at=at, lines=[one.line for one in shown if one.name not in away],
        put_off=[(one.line, away[one.name]) for one in shown if one.name in away], done=found.done,
        count=len(here) + beyond.count,
        pressing=len([one for one in here if one.line.part(at) in {Part.NOW, Part.TODAY}]) + beyond.pressing,
        late=len([one for one in here if one.line.is_late(at)]) + beyond.late, by_topic=found.by_topic,
    )  # fmt: skip


def line_of(person: Person, at: datetime, inbox: str, pk: int) -> Line | None:
    """Return the line of one row that waits for `person`, nothing where it does not (any more)."""
    found = _told([one for one in _entries(person, at, None).waiting if one.name == (inbox, pk)], person, at)
    return found[0].line if found else None


class _Sum(NamedTuple):
    """How many rows there are, how many press and are late."""

    count: int = 0  # type: ignore[assignment] # nobody asks a sum how often it holds something
    pressing: int = 0
    late: int = 0


@dataclass(slots=True)
class _Entries:
    """What waits, in no order, and what was done; `rest` are the rows by topic that were counted and not looked at."""

    waiting: list[_Entry] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)
    rest: dict[Topic, _Sum] = field(default_factory=dict)

    def beyond(self, topic: Topic | None, *, of_all: bool) -> _Sum:
        """Return how much there is besides what was looked at, of one topic or of all; nothing where all was."""
        sums = [found for one, found in self.rest.items() if topic in {None, one}] if of_all else []
        return _Sum(*(sum(column) for column in zip(*sums, strict=True))) if sums else _Sum()

    @property
    def by_topic(self) -> dict[Topic, int]:
        counts = Counter(one.inbox.topic for one in self.waiting)
        sizes = {topic: counts[topic] + self.rest.get(topic, _Sum()).count for topic in Topic}
        return {topic: size for topic, size in sizes.items() if size}


def _entries(person: Person, at: datetime, most: int | None) -> _Entries:
    """Look at the soonest `most` rows of everything that waits.

    Put into words is what tells its order by its words, and what was done. Of several inboxes with one record the one that
    is declared first shows it; an inbox that is told as one has one line.
    """
    inboxes, arms = list(declared_inboxes().values()), arms_waiting(person, at, most)
    first = [key for arm in arms for key in arm.keys if _is_told_first(inboxes[arm.inbox])]
    words = words_of(person, at, first)
    found = _Entries()
    seen: set[tuple[str, int]] = set()
    for arm in arms:
        inbox, is_told = inboxes[arm.inbox], _is_told_first(inboxes[arm.inbox])
        keys = arm.keys[:1] if inbox.is_summed else arm.keys
        for key in keys:
            row = words.get((key.inbox, key.pk))
            line = _spoken(inbox, row, arm.count, person, at) if is_told else _bare(inbox, key)
            if line is None:
                continue
            if inbox.is_done:
                found.done.append(line)
                continue
            record = (inbox.record, next(iter(line.args), 0) if is_told else key.pk)
            if all(record) and record in seen:
                continue
            seen.add(record)
            found.waiting.append(_Entry(inbox, key, line, is_told))
        if not inbox.is_summed and not inbox.is_done and len(keys) < arm.count:
            found.rest[inbox.topic] = _more(found.rest.get(inbox.topic, _Sum()), arm, inbox, at)
    found.done.sort(key=lambda line: (line.since or at, line.pk), reverse=True)
    return found


def _more(known: _Sum, arm: Arm, inbox: Inbox, at: datetime) -> _Sum:
    """Add what an arm counted beyond the rows that it gave."""
    given = [_bare(inbox, key) for key in arm.keys]
    pressing = arm.pressing - len([line for line in given if line.part(at) in {Part.NOW, Part.TODAY}])
    late = arm.late - len([line for line in given if line.is_late(at)])
    return _Sum(known.count + arm.count - len(given), known.pressing + max(pressing, 0), known.late + max(late, 0))


def _is_told_first(inbox: Inbox) -> bool:
    """Tell whether an inbox's rows are put into words before they are sorted."""
    return inbox.is_done or (inbox.tell is not None and not inbox.is_steady)


def _told(entries: Sequence[_Entry], person: Person, at: datetime) -> list[_Entry]:
    """Put the entries into words, as far as they still wait; one statement for all."""
    words = words_of(person, at, [one.key for one in entries if not one.is_told])
    found = []
    for one in entries:
        if not one.is_told:
            line = _spoken(one.inbox, words.get((one.key.inbox, one.key.pk)), 1, person, at)
            if line is None:
                continue
            one = _Entry(one.inbox, one.key, line, True)  # noqa: PLW2901
        found.append(one)
    return found


def _bare(inbox: Inbox, key: Key) -> Line:
    """Return as much of a line as its order needs."""
    return _line(inbox, Row(key, None, None, "", "", "", "", None, None), Telling("", ""))


def _spoken(inbox: Inbox, row: Row | None, count: int, person: Person, at: datetime) -> Line | None:
    telling = None if row is None else inbox.telling(row._replace(count=count), person, at)
    return None if row is None or telling is None else _line(inbox, row, telling)


def _line(inbox: Inbox, row: Row, telling: Telling) -> Line:
    args = tuple(arg for arg in (row.first, row.second) if arg is not None)
    has_page = bool(inbox.page and args) and not inbox.is_summed
    return Line(
        inbox=inbox.id, pk=0 if inbox.is_summed else row.pk, title=telling.title, why=telling.why, where=row.where,
        who=row.who, topic=inbox.topic, state=telling.state, weight=telling.weight or row.key.weight or inbox.weight,
        due_at=row.due_at, due_on=row.due_on, since=row.since, begins=telling.begins, site=row.key.site,
        is_owed=inbox.is_owed, is_now=telling.is_now, share=telling.share,
        page=(telling.page or inbox.page) if has_page else inbox.list_name, query=inbox.query if has_page else "",
        args=args if has_page else (), acts=telling.acts,
    )  # fmt: skip


def _says(line: Line, text: str) -> bool:
    wanted = text.strip().lower()
    return any(wanted in words.lower() for words in (line.title, line.why, line.where, line.who))
