"""A case as lists and its page show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ronghe.domain.clinic.enums import HelpKind, MessageKind
from ronghe.domain.clinic.models import CaseSheet
from ronghe.domain.clinic.selectors.cases import Line
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.web.clinic.forms import called
from ronghe.web.items.presenting import line_of

EVENTS = frozenset(
    {MessageKind.ADDRESSED, MessageKind.TAKEN, MessageKind.LAPSED, MessageKind.WITHDRAWN, MessageKind.BOOKED,
     MessageKind.MOVED, MessageKind.CALLED_OFF, MessageKind.MISSED, MessageKind.LET_IN, MessageKind.EXPERT_ENDED}
)  # fmt: skip
"""Lines that tell what was done; the others are what somebody says."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list; the title of a sealed one tells nothing."""

    item: WorkItem
    sheet: CaseSheet
    shape: str
    word: str
    help: str
    expert: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a thread: `mine` stands at the right; `is_event` between the others."""

    line: Line
    who: str
    title: str
    mine: bool
    is_event: bool


def case_line(item: WorkItem, now: datetime) -> CaseLine:
    line, sheet = line_of(item, now), item.case_sheet
    expert = called(sheet.expert) if sheet.expert is not None else ""
    return CaseLine(item, sheet, line.shape, line.word, str(HelpKind(sheet.help).label), expert)


def said_lines(lines: list[Line], me: Person) -> list[Said]:
    """Return a thread as the page draws it."""
    return [
        Said(line, line.message.by.name, str(line.kind.label), line.message.by_id == me.pk, line.kind in EVENTS)
        for line in lines
    ]


def involving(person: Person) -> Q:
    """Return the condition that a case is open and the person's own, as asker or as expert."""
    return Q(closed_at=None) & (Q(owner=person) | Q(raised_by=person))
