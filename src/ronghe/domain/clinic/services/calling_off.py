"""Booked times that fall away with something else; the other side is told in the thread."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ronghe.domain.clinic.enums import MessageKind, VisitState
from ronghe.domain.clinic.facts import VISIT_CALLED_OFF
from ronghe.domain.clinic.models import Visit
from ronghe.domain.clinic.services.telling import say, tell_of
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day


def call_off_all(visits: QuerySet[Visit], actor: Person, at: datetime) -> int:
    """Call off those of `visits` that are booked and have not begun; returns how many."""
    rows = visits.filter(state=VisitState.BOOKED, starts_at__gt=at).select_related("item__case_sheet", "expert")
    return sum(called_off(visit, actor, at) for visit in rows.order_by("pk"))


def call_off_of(item: WorkItem, actor: Person, at: datetime) -> None:
    """Call off what is booked for a case that needs no visit any more."""
    call_off_all(Visit.objects.filter(item=item), actor, at)


def called_off(visit: Visit, actor: Person, at: datetime, *, words: str = "") -> bool:
    """Call off one booked visit; tells whether it was booked still."""
    rows = Visit.objects.filter(pk=visit.pk, state=VisitState.BOOKED)
    if not rows.update(state=VisitState.CALLED_OFF, settled_by=actor, settled_at=at):
        return False
    visit.state = VisitState.CALLED_OFF
    say(visit.item, MessageKind.CALLED_OFF, actor, at, words=words, visit_at=visit.starts_at)
    day = local_day(visit.starts_at)
    tell_of(visit, VISIT_CALLED_OFF, actor, at, body=visit.expert.body_id, way=visit.way, day=day)
    return True
