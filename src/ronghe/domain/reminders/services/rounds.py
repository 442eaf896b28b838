"""Rounds: everybody who wants the message at an hour gets it once a day, whatever dies in between.

A person's message and its lines are written in one transaction, and the day's message of a person is unique; so a round that
was killed is taken up where it stopped, and two rounds at once write everything once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import Answering
from ronghe.domain.org.models import Person
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.models import PlaybookVersion
from ronghe.domain.reminders.calc.quiet import Wish, may_send, silent_until
from ronghe.domain.reminders.calc.steps import (
    LONGEST_SPOKEN_OF,
    USUAL,
    Dates,
    Step,
    Timing,
    To,
    receivers,
    rows_of_misses,
    step_on,
)
from ronghe.domain.reminders.models import (
    QUIET_FROM,
    QUIET_UNTIL,
    SEND_AT,
    Reminder,
    ReminderMessage,
    ReminderRound,
    ReminderSetting,
)
from ronghe.domain.reminders.services.sending import queue_for_channels
from ronghe.kernel.calendar.calendars import WorkCalendar, statutory_calendar

DEFAULT = Wish(SEND_AT, QUIET_FROM, QUIET_UNTIL)
ROWS_AT_A_TIME = 5_000
LOOKED_BACK = 120
"""Days in which a row of misses is counted: as long as the longest that a playbook asks for, spoken of as long as it may."""


@dataclass(slots=True)
class Sent:
    """How many people got a message in this pass, and of how many things they were reminded."""

    messages: int = 0
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    obligation: int
    step: Step
    is_escalated: bool


@dataclass(slots=True)
class _Plan:
    """What each person has to be told on a day, by how far ahead must be looked for them."""

    lines: dict[int, dict[tuple[int, Step], _Line]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, person: int, line: _Line) -> None:
        known = self.lines[person].get((line.obligation, line.step))
        if known is None or known.is_escalated:
            self.lines[person][line.obligation, line.step] = line


def send_reminders(*, at: datetime, calendar: WorkCalendar | None = None) -> Sent:
    """Send the day's message to everybody whose hour has come and who has not had it; doing it again changes nothing."""
    local = timezone.localtime(at)
    day = local.date()
    calendar = calendar or statutory_calendar()
    wishes = _wishes()
    hours = {SEND_AT, *(wish.send_at for wish in wishes.values())}
    over = set(ReminderRound.objects.filter(day=day).order_by().values_list("send_at", flat=True))
    sent = Sent()
    plans: dict[date, _Plan] = {}
    for hour in sorted(hour for hour in hours - over if hour <= local.time().replace(tzinfo=None)):
        if _round(hour, wishes, local, calendar, plans, sent, at):
            ReminderRound.objects.get_or_create(day=day, send_at=hour)
    return sent


def _round(
    hour: time, wishes: Mapping[int, Wish], local: datetime, calendar: WorkCalendar, plans: dict[date, _Plan],
    sent: Sent, at: datetime,
) -> bool:  # fmt: skip
    """Send to those who want it at this hour; tell whether everybody of them was seen to."""
    day = local.date()
    is_whole = True
    for on_free_days in (False, True):
        group = Wish(hour, QUIET_FROM, QUIET_UNTIL, on_free_days=on_free_days)
        if not on_free_days and not calendar.is_working(day):
            continue
        until = silent_until(day, group, calendar)
        if until not in plans:
            plans[until] = _plan(day, until)
        had = set(ReminderMessage.objects.filter(day=day).order_by().values_list("person_id", flat=True))
        for person, lines in sorted(plans[until].lines.items()):
            wish = wishes.get(person, DEFAULT)
            if wish.send_at != hour or wish.on_free_days is not on_free_days or person in had:
                continue
            if not may_send(local, wish, calendar):
                is_whole = False
                continue
            written = _write(person, lines.values(), day, at)
            sent.messages += bool(written)
            sent.reminders += written
    return is_whole


def _wishes() -> dict[int, Wish]:
    rows = ReminderSetting.objects.order_by("person_id")
    return {row.person_id: Wish(row.send_at, row.quiet_from, row.quiet_until, row.on_free_days) for row in rows}


def _plan(day: date, until: date) -> _Plan:
    """Work out who has to be told what on `day`; some statements, whatever the number of people."""
    open_rows = Obligation.objects.filter(is_settled=False, window_from__lte=day).order_by()
    books = _books(open_rows.filter(grace_until__gt=day - timedelta(days=LONGEST_SPOKEN_OF)))
    spoken_of = max((timing.spoken_of for _book, timing in books.values()), default=USUAL.spoken_of)
    rows = open_rows.filter(grace_until__gt=day - timedelta(days=spoken_of)).values_list(
        "pk", "body_id", "mechanism", "version_id", "window_from", "due_on", "grace_until"
    )
    found = []
    for pk, body, mechanism, version, window_from, due_on, grace_until in rows.iterator(ROWS_AT_A_TIME):
        if version not in books:
            continue  # dated between the two reads; the next round tells of it
        book, timing = books[version]
        dates = Dates(window_from, due_on, grace_until)
        step = step_on(dates, day, until, timing)
        if step is not None:
            found.append((pk, body, mechanism, book.mechanism(mechanism).answers, step, dates, timing))
    in_row = _misses_in_row(found, day)
    answering = Answering.on({body for _pk, body, *_rest in found}, day)
    reachable = set(
        Person.objects.filter(account__is_active=True, valid_until=None).order_by().values_list("pk", flat=True)
    )
    plan = _Plan()
    for pk, body, mechanism, role, step, dates, timing in found:
        answers = answering.of(body, role).people
        row = in_row.get((body, mechanism), {}).get(dates.due_on, 1)
        for to in receivers(step, dates, in_row=row, timing=timing):
            people = {To.ANSWERER: answers, To.LEADS: answering.leads(body), To.SUPERIOR: answering.overseers(body)}[to]
            for person in people:
                if person in reachable:
                    plan.add(person, _Line(pk, step, is_escalated=to is not To.ANSWERER and person not in answers))
    return plan


def _books(rows: QuerySet[Obligation]) -> dict[int, tuple[Playbook, Timing]]:
    """Return the playbooks that these obligations stand on, with when their people are told; one statement."""
    found = {}
    for version, digest in rows.values_list("version_id", "version__digest").distinct():
        book = PlaybookVersion(pk=version, digest=digest).playbook
        found[version] = (book, _timing(book))
    return found


def _timing(book: Playbook) -> Timing:
    return Timing(book.key("remind_ahead_days"), book.key("remind_missed_days"), book.key("daily_missed_in_row"))


def _misses_in_row(found: Iterable[tuple[Any, ...]], day: date) -> dict[tuple[int, str], dict[date, int]]:
    """Return (body, mechanism) → missed day → how long the row is that ends there, of daily duties missed; one statement."""
    daily = {
        (body, mechanism) for _pk, body, mechanism, _role, step, dates, _timing in found
        if step is Step.MISSED and dates.length == 1
    }  # fmt: skip
    if not daily:
        return {}
    rows = Obligation.objects.filter(
        body_id__in={body for body, _mechanism in daily}, mechanism__in={mechanism for _body, mechanism in daily},
        window_from=F("due_on"), grace_until__lte=day, due_on__gt=day - timedelta(days=LOOKED_BACK),
    )  # fmt: skip
    by_duty: dict[tuple[int, str], list[tuple[date, bool]]] = defaultdict(list)
    for body, mechanism, due_on, is_settled in rows.order_by("due_on", "pk").values_list(
        "body_id", "mechanism", "due_on", "is_settled"
    ):
        by_duty[body, mechanism].append((due_on, not is_settled))
    return {duty: rows_of_misses(days) for duty, days in by_duty.items()}


def _write(person: int, lines: Iterable[_Line], day: date, at: datetime) -> int:
    """Write a person's message of the day with what was not said before; return how many lines it has."""
    wanted = list(lines)
    said = set(
        Reminder.objects.filter(person_id=person, obligation_id__in=[line.obligation for line in wanted])
        .order_by()
        .values_list("obligation_id", "step")
    )
    new = [line for line in wanted if (line.obligation, line.step.value) not in said]
    if not new:
        return 0
    try:
        with transaction.atomic():
            message = ReminderMessage.objects.create(person_id=person, day=day, sent_at=at)
            Reminder.objects.bulk_create(
                Reminder(
                    message=message, obligation_id=line.obligation, person_id=person, step=line.step.value,
                    is_escalated=line.is_escalated,
                )
                for line in sorted(new, key=lambda line: (line.step, line.obligation))
            )  # fmt: skip
            queue_for_channels(message)
    except IntegrityError:
        return 0  # another worker was first, or what it was about is no longer owed
    return len(new)
