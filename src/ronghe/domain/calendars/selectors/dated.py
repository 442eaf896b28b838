"""Days that other subjects keep: reviews and ends of agreements, ends of projects, deadlines of difficult points."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.taskforces.enums import PointState
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.words import _


@source(EntryKind.AGREEMENT)
def agreement_entries(scope: Scope, span: DaySpan, at: datetime) -> Iterator[Entry]:
    """Return the reviews and last days of agreements in force of which one of the scope's bodies is a side."""
    sides = AgreementParty.objects.filter(body_id__in=scope.body_ids).order_by().values("agreement_id")
    last = DaySpan(span.from_on + DAY, span.until_on + DAY)
    rows: Any = Agreement.objects.filter(
        Q(review_on__gte=span.from_on, review_on__lt=span.until_on)
        | Q(valid_until__gte=last.from_on, valid_until__lt=last.until_on),
        pk__in=sides,
        state=AgreementState.IN_FORCE,
    )
    today = day_of(at)
    for row in SEE_AGREEMENT.narrow(scope.actor, rows, at=at, walk=True).order_by("pk"):
        if row.review_on is not None and row.review_on in span:
            title = _("评估：%(title)s") % {"title": row.title}
            yield _entry(EntryKind.AGREEMENT, row.pk, "review", title, row.review_on, today)
        if row.valid_until is not None and row.valid_until - DAY in span:
            title = _("到期：%(title)s") % {"title": row.title}
            yield _entry(EntryKind.AGREEMENT, row.pk, "end", title, row.valid_until - DAY, today)


@source(EntryKind.PROJECT)
def project_entries(scope: Scope, span: DaySpan, at: datetime) -> Iterator[Entry]:
    """Return the planned first and last days of the projects that the scope's bodies answer for."""
    rows = Project.objects.filter(
        Q(starts_on__gte=span.from_on, starts_on__lt=span.until_on)
        | Q(ends_on__gte=span.from_on, ends_on__lt=span.until_on),
        body_id__in=scope.body_ids,
    ).exclude(state=ProjectState.CALLED_OFF)
    today = day_of(at)
    for row in SEE_PROJECT.narrow(scope.actor, rows, at=at, walk=True).order_by("pk"):
        if row.starts_on in span:
            title, is_done = _("计划开工：%(title)s") % {"title": row.name}, row.started_on is not None
            yield _entry(EntryKind.PROJECT, row.pk, "start", title, row.starts_on, today, is_done=is_done)
        if row.ends_on in span:
            title, is_done = _("计划完工：%(title)s") % {"title": row.name}, row.completed_on is not None
            yield _entry(EntryKind.PROJECT, row.pk, "end", title, row.ends_on, today, is_done=is_done)


@source(EntryKind.POINT)
def point_entries(scope: Scope, span: DaySpan, at: datetime) -> Iterator[Entry]:
    """Return the deadlines of the difficult points of the scope's task forces, and of those below its bodies."""
    ours = Q(task_force__body_id__in=scope.body_ids) | Q(task_force__body__parent_id__in=scope.body_ids)
    rows = DifficultPoint.objects.filter(
        ours, due_on__gte=span.from_on, due_on__lt=span.until_on, state__in=[PointState.FIXED, PointState.RESOLVED]
    )
    today = day_of(at)
    for row in SEE_POINT.narrow(scope.actor, rows, at=at, walk=True).order_by("pk"):
        assert row.due_on is not None  # asked for
        is_done = row.state == PointState.RESOLVED
        title = _("难点时限：%(title)s") % {"title": row.title}
        yield _entry(EntryKind.POINT, row.pk, "due", title, row.due_on, today, is_done=is_done)


def _entry(
    kind: EntryKind, pk: int, what: str, title: str, day: date, today: date, *, is_done: bool = False
) -> Entry:  # fmt: skip
    state, word = (
        ("done", _("已办")) if is_done else ("upcoming", _("未到期")) if day >= today else ("attention", _("已过"))
    )
    return Entry(
        kind=kind, pk=pk, uid=f"{kind}-{pk}-{what}", title=title, body_id=None, body="", day=day, state=state, word=word
    )
