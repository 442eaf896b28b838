"""Days that other subjects keep: reviews and ends of agreements, ends of projects, deadlines of difficult points."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.functions import Cast

from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.agreements.rules import SEE_AGREEMENT
from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope, scope_with
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.readers import day_read, rows_of
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.taskforces.enums import PointState
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.words import _


@source(EntryKind.AGREEMENT, EntryKind.PROJECT, EntryKind.POINT)
def dated_entries(scope: Scope, span: DaySpan, at: datetime) -> Iterator[Entry]:
    """Return the days of `span` that agreements, projects and difficult points of the scope's bodies keep; one statement."""
    found = rows_of(_dated, scope.actor, at, key=(span.from_on, span.until_on), more=scope.numbers)
    today = day_of(at)
    for kind, pk, title, *days in sorted(found, key=lambda row: (row[0], row[1])):
        yield from _TELL[kind](pk, title, *(day_read(day) for day in days), span, today)


def _dated(actor: Person, at: datetime, numbers: Sequence[int], from_on: date, until_on: date) -> Any:
    """Rows of kind, key, title, and up to four days: two that are kept, and when either was done."""
    scope, span = scope_with(actor, at, numbers), DaySpan(from_on, until_on)
    parts = [
        _columns(SEE_AGREEMENT, scope, at, _agreements(scope, span), EntryKind.AGREEMENT, "title", "review_on", "valid_until"),
        _columns(SEE_PROJECT, scope, at, _projects(scope, span), EntryKind.PROJECT, "name", "starts_on", "ends_on",
                 "started_on", "completed_on"),
        _columns(SEE_POINT, scope, at, _points(scope, span), EntryKind.POINT, "title", "due_on", None, _RESOLVED_ON),
    ]  # fmt: skip
    return parts[0].union(*parts[1:], all=True)


def _columns(right: Permission, scope: Scope, at: datetime, rows: Any, kind: EntryKind, title: str, *days: Any) -> Any:
    seen = right.narrow(scope.actor, rows, at=at, walk=True).order_by()
    nothing = Cast(Value(None), DateField())
    wanted = [nothing if day is None else F(day) if isinstance(day, str) else day for day in days]
    wanted += [nothing] * (4 - len(wanted))
    named = {f"day_{place}": day for place, day in enumerate(wanted)}
    told = seen.annotate(what=Value(kind.value), told=F(title), **named)
    return told.values_list("what", "pk", "told", *named)


_RESOLVED_ON = Case(When(state=PointState.RESOLVED, then=F("due_on")), output_field=DateField())


def _agreements(scope: Scope, span: DaySpan) -> Any:
    """Reviews and last days of agreements in force of which one of the scope's bodies is a side."""
    sides = AgreementParty.objects.filter(body_id__in=scope.body_ids).order_by().values("agreement_id")
    last = DaySpan(span.from_on + DAY, span.until_on + DAY)
    return Agreement.objects.filter(
        Q(review_on__gte=span.from_on, review_on__lt=span.until_on)
        | Q(valid_until__gte=last.from_on, valid_until__lt=last.until_on),
        pk__in=sides,
        state=AgreementState.IN_FORCE,
    )


def _projects(scope: Scope, span: DaySpan) -> Any:
    """Planned first and last days of the projects that the scope's bodies answer for."""
    rows = Project.objects.filter(
        Q(starts_on__gte=span.from_on, starts_on__lt=span.until_on)
        | Q(ends_on__gte=span.from_on, ends_on__lt=span.until_on),
        body_id__in=scope.body_ids,
    )
    return rows.exclude(state=ProjectState.CALLED_OFF)


def _points(scope: Scope, span: DaySpan) -> Any:
    """Deadlines of the difficult points of the scope's task forces, and of those below its bodies."""
    ours = Q(task_force__body_id__in=scope.body_ids) | Q(task_force__body__parent_id__in=scope.body_ids)
    return DifficultPoint.objects.filter(
        ours, due_on__gte=span.from_on, due_on__lt=span.until_on, state__in=[PointState.FIXED, PointState.RESOLVED]
    )


def _tell_agreement(
    pk: int, title: str, review_on: date | None, valid_until: date | None, _one: Any, _two: Any, span: DaySpan, today: date
) -> Iterator[Entry]:  # fmt: skip
    if review_on is not None and review_on in span:
        said = _("评估：%(title)s") % {"title": title}
        yield _entry(EntryKind.AGREEMENT, pk, "review", said, review_on, today)
    if valid_until is not None and valid_until - DAY in span:
        said = _("到期：%(title)s") % {"title": title}
        yield _entry(EntryKind.AGREEMENT, pk, "end", said, valid_until - DAY, today)


def _tell_project(
    pk: int, title: str, starts_on: date | None, ends_on: date | None, started_on: date | None, completed_on: date | None,
    span: DaySpan, today: date,
) -> Iterator[Entry]:  # fmt: skip
    if starts_on is not None and starts_on in span:
        said = _("计划开工：%(title)s") % {"title": title}
        yield _entry(EntryKind.PROJECT, pk, "start", said, starts_on, today, is_done=started_on is not None)
    if ends_on is not None and ends_on in span:
        said = _("计划完工：%(title)s") % {"title": title}
        yield _entry(EntryKind.PROJECT, pk, "end", said, ends_on, today, is_done=completed_on is not None)


def _tell_point(
    pk: int, title: str, due_on: date | None, _none: Any, resolved_on: date | None, _nothing: Any, _span: DaySpan, today: date
) -> Iterator[Entry]:  # fmt: skip
    assert due_on is not None  # asked for
    said = _("难点时限：%(title)s") % {"title": title}
    yield _entry(EntryKind.POINT, pk, "due", said, due_on, today, is_done=resolved_on is not None)


_TELL: Mapping[str, Callable[..., Iterator[Entry]]] = {
    EntryKind.AGREEMENT: _tell_agreement,
    EntryKind.PROJECT: _tell_project,
    EntryKind.POINT: _tell_point,
}


def _entry(
    kind: EntryKind, pk: int, what: str, title: str, day: date, today: date, *, is_done: bool = False
) -> Entry:  # fmt: skip
    state, word = (
        ("done", _("已办")) if is_done else ("upcoming", _("未到期")) if day >= today else ("attention", _("已过"))
    )
    return Entry(
        kind=kind, pk=pk, uid=f"{kind}-{pk}-{what}", title=title, body_id=None, body="", day=day, state=state, word=word
    )
