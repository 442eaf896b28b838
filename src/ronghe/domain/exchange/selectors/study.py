"""Programmes as an actor may see them, their topics by month, the gaps, and what will be done next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.exchange.calc.months import Month, MonthState, first_of, months_of
from ronghe.domain.exchange.enums import LineState, ProgrammeState
from ronghe.domain.exchange.models import StudyLine, StudyMaterial, StudyProgramme, StudyQuestion
from ronghe.domain.exchange.rules import KEEP_PROGRAMME, SEE_PROGRAMME
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.models import AgendaItem
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.kernel.access.listing import Listed, list_seen


def programmes_seen_by(actor: Person, at: datetime) -> QuerySet[StudyProgramme]:
    """Return the programmes that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_PROGRAMME.narrow(actor, StudyProgramme.objects.all(), at=at, walk=True)
    return rows.select_related("body", "task_force", "zone", "agreement", "made_by").order_by("-made_at", "-pk")


def lines_seen_by(actor: Person, at: datetime) -> QuerySet[StudyLine]:
    """Return the topics of programmes that `actor` may see."""
    programmes = SEE_PROGRAMME.narrow(actor, StudyProgramme.objects.all(), at=at).order_by().values("pk")
    rows = StudyLine.objects.filter(programme__in=programmes)
    return rows.select_related("programme__body", "preparer", "activity", "point").order_by("month", "pk")


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme of a list with its months."""

    programme: StudyProgramme
    months: list[Month]

    @property
    def held(self) -> int:
        return sum(month.state == MonthState.HELD for month in self.months)

    @property
    def missed(self) -> int:
        return sum(month.state == MonthState.MISSED for month in self.months)


def list_programmes(
    actor: Person, at: datetime, *, words: str = "", state: str = "", page: int = 1, size: int = 20
) -> Listed[StudyProgramme]:
    """Return one page of the programmes that `actor` may see, the latest first; `words` occur in title or body."""
    rows = StudyProgramme.objects.select_related("body", "task_force", "zone", "agreement")
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(body__name__icontains=words) | Q(lines__topic__icontains=words)
        )
        rows = rows.distinct()
    if state:
        rows = rows.filter(state=state)
    rows = rows.annotate(topics=Count("lines", filter=~Q(lines__state=LineState.DROPPED), distinct=True))
    return list_seen(SEE_PROGRAMME, actor, rows, order_by=("-made_at",), at=at, page=page, size=size)


def rows_of(programmes: list[StudyProgramme], today: date) -> list[ProgrammeRow]:
    """Return the programmes with how their months stand: one read for all of them."""
    held: dict[int, list[date]] = {}
    planned: dict[int, list[date]] = {}
    lines = StudyLine.objects.filter(programme__in=programmes, state__in=[LineState.HELD, LineState.PLANNED])
    for programme, state, held_on, day in lines.values_list("programme_id", "state", "held_on", "activity__day"):
        (held if state == LineState.HELD else planned).setdefault(programme, []).append(held_on or day)
    return [
        ProgrammeRow(
            one,
            months_of(one.starts_on, _until(one), today, held=held.get(one.pk, []), planned=planned.get(one.pk, [])),
        )
        for one in programmes
    ]


def standing_of_programme(programme: StudyProgramme, today: date) -> list[Month]:
    """Return how each month of one programme stands on `today` (SD-06)."""
    return rows_of([programme], today)[0].months


@dataclass(slots=True)
class LineView:
    """A topic with what belongs to it; `next_step` and `tasks` are there once it was studied."""

    line: StudyLine
    materials: list[Any] = field(default_factory=list)
    questions: list[StudyQuestion] = field(default_factory=list)
    tasks: list[AgendaItem] = field(default_factory=list)

    @property
    def next_step(self) -> str:
        return self.line.activity.next_step if self.line.activity is not None else ""


@dataclass(slots=True)
class MonthView:
    """A month of the programme with its topics."""

    month: Month
    lines: list[LineView] = field(default_factory=list)


def months_with_lines(programme: StudyProgramme, today: date) -> list[MonthView]:
    """Return every month with its topics, materials, questions, next steps and their tasks: six reads."""
    lines = list(programme.lines.select_related("preparer", "activity", "point").order_by("month", "pk"))
    views = {line.pk: LineView(line) for line in lines}
    for line in lines:
        line.programme = programme
    for material in StudyMaterial.objects.filter(line__in=lines).order_by("pk"):
        views[material.line_id].materials.append(material)
    for question in (
        StudyQuestion.objects.filter(line__in=lines).select_related("asked_by", "answered_by").order_by("pk")
    ):
        views[question.line_id].questions.append(question)
    by_activity = {line.activity_id: views[line.pk] for line in lines if line.state == LineState.HELD}
    items = AgendaItem.objects.filter(activity__in=[pk for pk in by_activity if pk], task__isnull=False)
    for item in items.select_related("task__assignee").order_by("number"):
        by_activity[item.activity_id].tasks.append(item)
    months = {month.first: MonthView(month) for month in standing_of_programme(programme, today)}
    for line in lines:
        shown_in = first_of(line.held_on) if line.held_on is not None else line.month
        (months.get(shown_in) or months.get(line.month) or next(iter(months.values()))).lines.append(views[line.pk])
    return list(months.values())


def body_to_plan(programme: StudyProgramme, actor: Person, at: datetime) -> PartyOrg | None:
    """Return the body in whose name `actor` may plan a study: the main one, else the actor's own side that hosts."""
    if PLAN_ACTIVITY.allows(actor, programme.body, at=at):
        return programme.body
    sides = programme.sides.filter(is_host=True).select_related("body").order_by("pk")
    return next((side.body for side in sides if PLAN_ACTIVITY.allows(actor, side.body, at=at)), None)


def questions_waiting(actor: Person, at: datetime) -> QuerySet[StudyQuestion]:  # noqa: ARG001 - as every inbox is asked
    """Return the questions that wait for `actor`, who prepares the topic."""
    return StudyQuestion.objects.filter(
        answer="", line__preparer=actor, line__state__in=[LineState.LISTED, LineState.PLANNED]
    )


def programmes_behind(actor: Person, at: datetime) -> list[ProgrammeRow]:
    """Return the running programmes kept by `actor` that have nothing for this month, the latest first; at most twenty."""
    rows = KEEP_PROGRAMME.narrow(actor, StudyProgramme.objects.filter(state=ProgrammeState.RUNNING), at=at)
    today = local_day(at)
    running = (
        rows.filter(starts_on__lte=today, ends_on__gte=first_of(today)).select_related("body").order_by("-pk")[:20]
    )
    behind = rows_of(list(running), today)
    return [row for row in behind if any(month.state == MonthState.DUE for month in row.months)]


def _until(programme: StudyProgramme) -> date:
    """Return the last day that counts: an ended programme owes nothing after its end."""
    ended = local_day(programme.ended_at) if programme.ended_at is not None else None
    return max(min(programme.ends_on, ended), programme.starts_on) if ended is not None else programme.ends_on
