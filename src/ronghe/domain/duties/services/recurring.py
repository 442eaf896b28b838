"""What a row owes in a period becomes a task of the person in charge, once its leading side agreed."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from ronghe.domain.duties.calc.shares import leading_side
from ronghe.domain.duties.calc.words import side_digests
from ronghe.domain.duties.models import DutySheet, RowTask
from ronghe.domain.duties.selectors.accepting import acceptances_of
from ronghe.domain.duties.selectors.reading import SheetRow, rows_of
from ronghe.domain.duties.selectors.sheets import side_agreed, versions_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.tasks import give_task
from ronghe.domain.zones.enums import LIVING
from ronghe.domain.zones.selectors import participating_units
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.calendar.periods import PeriodKind, period_around

END_OF_WORK = time(18, 0)
LONGEST_TITLE, LONGEST_GOAL = 120, 400


def give_due_tasks(*, at: datetime) -> int:
    """Give every task that rows owe for the period of `at` and that is not given yet; return how many. May run twice.

    A row with a day owes one task by that day; a row with a rhythm one a period, due on its last day at 18:00.
    """
    sheets = DutySheet.objects.filter(version__gte=1, zone__state__in=sorted(LIVING)).select_related("zone__body")
    return sum(_give_for(sheet, at) for sheet in sheets.order_by("pk"))


def _give_for(sheet: DutySheet, at: datetime) -> int:
    day = local_day(at)
    rows = rows_of(sheet, day)
    words = [row.words for row in rows]
    versions = versions_of(sheet)
    acceptances = acceptances_of(
        sheet, versions, list(participating_units(sheet.zone, day)), words, side_digests(words)
    )
    given = set(RowTask.objects.filter(row__sheet=sheet).values_list("row_id", "period"))
    made = 0
    for row in rows:
        side = leading_side(row.shares)
        if not row.owes_tasks or side is None or not side_agreed(acceptances, side):
            continue
        period, due_on = _period(row, day)
        if (row.row.pk, period) not in given and moment_of(due_on, END_OF_WORK) > at:
            made += _give(sheet, row, period, due_on, versions[0].issued_by, at)
    return made


def _period(row: SheetRow, day: date) -> tuple[str, date]:
    if row.due_on is not None:
        return row.due_on.isoformat(), row.due_on
    assert row.rhythm is not None  # it owes tasks
    period = period_around(day, PeriodKind(row.rhythm.value))
    return period.label, period.span.last_on


def _give(sheet: DutySheet, row: SheetRow, period: str, due_on: date, giver: Person, at: datetime) -> int:
    """Give one task; another worker that gave it a moment ago wins."""
    body, person = sheet.zone.body, row.lead_person
    if body is None or person is None:
        return 0
    try:
        with transaction.atomic():
            task = give_task(
                title=row.title[:LONGEST_TITLE], goal=row.text[:LONGEST_GOAL] or None, assignee=person,
                due_at=moment_of(due_on, END_OF_WORK), body=body, zone=sheet.zone, actor=giver, at=at,
            )  # fmt: skip
            RowTask.objects.create(row=row.row, period=period, task=task)
    except IntegrityError:
        return 0
    return 1
