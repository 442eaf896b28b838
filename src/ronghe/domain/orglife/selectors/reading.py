"""Which members' pages an actor may open, and the shape of what is said of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.models import SessionMember
from ronghe.domain.orglife.rules import READ_STATEMENT, SEE_GRADE, SEE_MEASURE


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion or criticism: who said it, "" for an opinion without a name."""

    text: str
    by: str
    day: date


@dataclass(frozen=True, slots=True)
class Personal:
    """Everything that was said of one member."""

    opinions: list[Said]
    criticisms: list[Said]
    comments: list[str]
    self_text: str
    reasons: str
    objection: str
    answer: str


def members_read_by(actor: Person, at: datetime) -> QuerySet[SessionMember]:
    """Return the members of whom `actor` may see the grade, the statement or the measure: to be cut to one or a few."""
    every = SessionMember.objects.all()
    keys = [
        permission.narrow(actor, every, at=at, walk=True).order_by().values("pk")
        for permission in (SEE_GRADE, READ_STATEMENT, SEE_MEASURE)
    ]
    rows = every.filter(pk__in=keys[0]) | every.filter(pk__in=keys[1]) | every.filter(pk__in=keys[2])
    return rows.select_related(
        "session__body", "session__chair", "person", "group", "marks", "measure__helper", "objection__answered_by"
    )
