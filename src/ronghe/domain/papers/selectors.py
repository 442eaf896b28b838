"""公文: what an actor may see, and what a first draft is made from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.selectors import obligations_of, state_counts
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.papers.calc.wording import Called, Decided, Held, Owed
from ronghe.domain.papers.enums import PaperKind, PaperState
from ronghe.domain.papers.models import Paper, PaperRecipient
from ronghe.domain.papers.rules import RECEIVE_PAPER, SEE_PAPER
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.rhythm.selectors.activities import held_by
from ronghe.domain.work.models import Task
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.calendar.periods import DaySpan


def papers_seen_by(actor: Person, at: datetime) -> QuerySet[Paper]:
    """Return the papers that `actor` may see, the latest first; to be cut to one."""
    rows = SEE_PAPER.narrow(actor, Paper.objects.all(), at=at)
    return rows.select_related("body", "activity", "drafted_by", "issued_by").order_by("-drafted_at", "-pk")


def list_papers(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", page: int = 1, size: int = 50
) -> Listed[Paper]:
    """Return one page of the papers that `actor` may see, the latest first; `words` occur in the title or number."""
    rows = Paper.objects.select_related("body", "drafted_by")
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return list_seen(SEE_PAPER, actor, rows, order_by=("-drafted_at", "-pk"), at=at, page=page, size=size)


def papers_to_receive(actor: Person, at: datetime) -> QuerySet[PaperRecipient]:
    """Return the recipients of issued papers for which `actor` receives and nobody has yet, the latest first."""
    rows = PaperRecipient.objects.filter(received_at=None, paper__state=PaperState.ISSUED)
    rows = RECEIVE_PAPER.narrow(actor, rows, at=at)
    return rows.select_related("paper__body", "body").order_by("-paper__issued_at", "-pk")


def recipients_of(paper: Paper) -> QuerySet[PaperRecipient]:
    """Return the bodies that a paper goes to, by name."""
    return paper.recipients.select_related("body", "received_by").order_by("body__name", "pk")


def last_code(body: PartyOrg) -> str:
    """Return the code of the body's latest issued notice (发文机关代字), empty where it issued none."""
    rows = Paper.objects.filter(body=body, kind=PaperKind.NOTICE, serial__isnull=False).order_by("-issued_at", "-pk")
    return rows.values_list("code", flat=True).first() or ""


def next_serial(body: PartyOrg, kind: str, code: str, year: int) -> int:
    """Return the number after the highest that the body has given that year; a withdrawn one is not given again."""
    rows = Paper.objects.filter(body=body, kind=kind, code=code, year=year, serial__isnull=False).order_by("-serial")
    return (rows.values_list("serial", flat=True).first() or 0) + 1


def called_to(activity: Activity) -> Called:
    """Return what a notice of a planned gathering says."""
    if activity.scheduled_from is None or activity.scheduled_until is None:
        raise AssertionError(activity)
    return Called(
        what=f"{activity.body.name}{activity.get_activity_type_display()}",
        held_from=timezone.localtime(activity.scheduled_from),
        held_until=timezone.localtime(activity.scheduled_until),
        place=activity.place,
        chair=activity.chair.name if activity.chair else "",
        expected=expected_people(activity).count(),
        topics=list(activity.agenda_items.order_by("number").values_list("topic", flat=True)),
    )


def held_in(body: PartyOrg, span: DaySpan) -> list[Held]:
    """Return what the body held within the span, alone or with others, by day."""
    rows = Activity.objects.filter(held_by(body.pk), state=ActivityState.CLOSED)
    rows = rows.filter(day__gte=span.from_on, day__lt=span.until_on).order_by("day", "pk")
    decided = {
        row["activity"]: row["n"]
        for row in AgendaItem.objects.filter(activity__in=rows.order_by(), decision__isnull=False)
        .order_by()
        .values("activity")
        .annotate(n=Sum(1))
    }
    return [
        Held(
            str(row.get_activity_type_display()), row.day, row.present_count or 0, decided.get(row.pk, 0),
            is_huddle=row.is_huddle,
        )
        for row in rows
    ]  # fmt: skip


def decided_in(body: PartyOrg, span: DaySpan, *, most: int = 30) -> list[Decided]:
    """Return what the body's gatherings within the span decided, by day, at most so many."""
    rows = AgendaItem.objects.filter(
        activity__in=Activity.objects.filter(
            held_by(body.pk), state=ActivityState.CLOSED, day__gte=span.from_on, day__lt=span.until_on
        ).order_by()
    ).exclude(decision=None)
    rows = rows.select_related("activity", "task__assignee").order_by("activity__day", "activity_id", "number")
    return [
        Decided(
            row.decision or "",
            row.task.assignee.name if row.task else "",
            local_day(row.task.due_at) if row.task else None,
        )
        for row in rows[:most]
    ]


def owed_in(body: PartyOrg, span: DaySpan, at: datetime) -> Owed:
    """Return what fell due to the body within the span, as it stands at `at`."""
    counts = state_counts(obligations_of(body, span, at))
    done, late, missed = (
        counts[state] for state in (ObligationState.DONE, ObligationState.LATE, ObligationState.MISSED)
    )
    return Owed(due=done + late + missed + counts[ObligationState.DUE], done=done, late=late, missed=missed)


def tasks_done_in(body: PartyOrg, span: DaySpan) -> int:
    """Return how many tasks of the body were accepted within the span."""
    rows = Task.objects.filter(
        body=body, settled_at__gte=moment_of(span.from_on), settled_at__lt=moment_of(span.until_on), state="accepted"
    )
    return rows.count()
