"""What waits for somebody, one declaration a room: 今日, the API and the command line read it, nobody edits them for it.

A room says which rows wait for a person, and where their words and deadlines stand (`Says`: paths of the ORM, so that the
database fetches what is shown and no more). What only the room can say or do it gives as `tell` and `do`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from ronghe.kernel.words import N_, _


class Topic(StrEnum):
    """What kind of thing it is: the filter of 今日."""

    MEETING = "meeting"
    DUTY = "duty"
    WORK = "work"
    SIGNING = "signing"
    DECIDING = "deciding"
    KNOWING = "knowing"

    @property
    def label(self) -> str:
        return _(_TOPICS[self])


_TOPICS = {
    Topic.MEETING: N_("会和活动"),
    Topic.DUTY: N_("应办制度"),
    Topic.WORK: N_("任务和事项"),
    Topic.SIGNING: N_("签字和投票"),
    Topic.DECIDING: N_("审批和答复"),
    Topic.KNOWING: N_("知悉和回顾"),
}


class Weight(IntEnum):
    """How much hangs on it, where two things are due at once."""

    LIGHT = 1
    NORMAL = 2
    HEAVY = 3


Column = Any
"""A path of the ORM, or an expression of it."""


@dataclass(frozen=True, slots=True)
class Says:
    """Where the words of a row stand, as paths of the ORM from the row, or expressions of it; "" where it has none.

    `site` is a number that rows of one place share, `weight` what hangs on a row where rows of the inbox differ. `what` is its own title (the inbox's stands for it where there is none), `who` the name of the person whom it is
    about, `where` a place or a body. Due is a moment or a day. `since` is how long it waits. `code` is a word that `tell`
    reads, `figures` up to two numbers; `args` are what the row's page is named by.
    """

    what: Column = ""
    who: Column = ""
    where: Column = ""
    due_at: Column = ""
    due_on: Column = ""
    since: Column = ""
    site: Column = ""
    weight: Column = ""
    code: Column = ""
    figures: tuple[Column, ...] = ()
    args: tuple[Column, ...] = ("pk",)


class Key(NamedTuple):
    """A row that waits, and what its order needs: the columns of every inbox, in this order."""

    inbox: int
    """Place of the inbox among those declared."""
    pk: int
    due_at: datetime | None
    due_on: date | None
    since: datetime | None
    site: int
    weight: int | None


class Row(NamedTuple):
    """A row that waits with its words; `count` is how many wait in its inbox, where they are told as one."""

    key: Key
    first: int | None
    second: int | None
    what: str
    who: str
    where: str
    code: str
    one: int | None
    two: int | None
    count: int = 1  # type: ignore[assignment] # nobody asks a row how often it holds something

    @property
    def pk(self) -> int:
        return self.key.pk

    @property
    def due_at(self) -> datetime | None:
        return self.key.due_at

    @property
    def due_on(self) -> date | None:
        return self.key.due_on

    @property
    def since(self) -> datetime | None:
        return self.key.since


@dataclass(frozen=True, slots=True)
class Act:
    """What one tap does, or where it leads: `id` is what `do` is told, nothing for a way to the row's page."""

    title: str
    id: str = ""
    is_aside: bool = False
    """Offered behind “…”, not on the line."""
    page: str = ""
    """Where it leads, if not to the row's own page: an address name, with `arg` where it takes a number."""
    arg: int | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A row in words. `state` is the shape that is drawn, `why` says from where it is owed."""

    title: str
    why: str
    state: str = "due"
    acts: tuple[Act, ...] = ()
    weight: Weight | None = None
    begins: time | None = None
    """At what hour of its day, where the row's deadline is a day."""
    is_now: bool = False
    """It is going on: in front of everything."""
    share: tuple[int, int] | None = None
    """How much of how much is done."""
    page: str = ""
    """The row's page, where it is not the inbox's."""


@dataclass(frozen=True, slots=True)
class Done:
    """What is said when an act was done; `undo` is the act that takes it back, `page` where it leads on."""

    words: str
    undo: str = ""
    page: tuple[str, int] | None = None


Waiting = Callable[[Any, datetime], Any]
"""Person and moment → the rows that wait for that person: a queryset, or several that share no row."""
Tell = Callable[[Row, Any, datetime], Telling | None]
"""A row, the person and the moment. A row that is nobody's business after all is told as nothing."""
Do = Callable[[int, str, Any, datetime], Done]
"""Key of the row, act, person, moment. Rights are asked by the service that it calls."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A place where something may wait. `title` says why it is on somebody's list, `list_name` where all are seen."""

    id: str
    title: str
    list_name: str
    waiting: Waiting
    topic: Topic = Topic.DECIDING
    says: Says = Says()
    page: str = ""
    """Address name of one row's page, named by `says.args`; the list's where there is none."""
    query: str = ""
    """Where the page is asked for with the first of `says.args` in its query string: the word of that."""
    is_named: bool = True
    """A row's own title says what it is; else the inbox's stands before it ("计划等您确认：2026Q4")."""
    is_done: bool = False
    """What was done today, not what waits."""
    is_summed: bool = False
    """One line for all of them, which `tell` words by the count."""
    record: str = ""
    """What its rows are records of, by the first of `says.args`: of several inboxes that wait with one record the first is shown."""
    weight: Weight = Weight.NORMAL
    is_owed: bool = False
    """Without a deadline it can wait: what one has taken on, not what somebody else waits for."""
    tell: Tell | None = None
    is_steady: bool = False
    """What `tell` says is words alone: never that a row goes on now, at an hour, weighs something else or is nobody's. Where rows
    may be many, only those that are shown are put into words.
    """
    do: Do | None = None
    acts: Sequence[Act] = ()
    """Where no `tell` says otherwise: what every row offers, its words marked for the catalogue."""

    def telling(self, row: Row, person: Any, at: datetime) -> Telling | None:
        """Return a row in words, nothing where it is not the person's after all."""
        if self.tell is not None:
            return self.tell(row, person, at)
        why = _(self.title)
        acts = tuple(replace(act, title=_(act.title)) for act in self.acts)
        shape = "due" if self.is_owed else "attention"
        if row.what and self.is_named:
            return Telling(row.what, why, shape, acts)
        more = row.what or row.who
        return Telling(f"{why}{_('：')}{more}" if more else why, "", shape, acts)


_INBOXES: dict[str, Inbox] = {}


def declare_inbox(inbox: Inbox) -> Inbox:
    """Make an inbox known; two of one name are a fault of the program."""
    if inbox.id in _INBOXES:
        message = f"inbox {inbox.id} is declared twice"
        raise ValueError(message)
    _INBOXES[inbox.id] = inbox
    return inbox


def declared_inboxes() -> Mapping[str, Inbox]:
    """Return every declared inbox by name, in the order of declaration."""
    return _INBOXES
