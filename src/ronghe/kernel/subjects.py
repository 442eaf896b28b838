"""Who is judged beside people, Party bodies and units: a room that keeps such subjects declares them here.

The room that judges stands on the deriving side and never imports the rooms that keep companies and the like; it asks for
the declared sources by the level of a sheet, and what happened is in the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One subject as it stood on a day: its id, the body that answers for it, its category, and since when it is there.

    `unit` is where it stands in the tree of units, if it does: what happened there under its body counts for it as well.
    """

    id: int
    body: int
    category: str
    since: date
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class SubjectSource:
    """The subjects of one level. `attribute` is what facts about them carry beside the person: the subject's id."""

    level: str
    attribute: str
    standing: Callable[[Collection[int], date], Iterable[SubjectRow]]
    """Those of these bodies that stood on a day, in the order of their ids."""
    names: Callable[[Collection[int]], Mapping[int, str]]
    holders: Callable[[int], Collection[int]] = lambda _subject: ()
    """The people whom a judgement of the subject is about, by key: they do not judge it."""


_SOURCES: dict[str, SubjectSource] = {}


def declare_subjects(source: SubjectSource) -> SubjectSource:
    """Declare who is judged at a level; a level is declared once in the whole platform."""
    if source.level in _SOURCES:
        message = f"subjects of level {source.level} are declared twice"
        raise ValueError(message)
    _SOURCES[source.level] = source
    return source


def declared_subjects(level: str) -> SubjectSource | None:
    """Return the source of a level, `None` where no room keeps such subjects."""
    return _SOURCES.get(level)
