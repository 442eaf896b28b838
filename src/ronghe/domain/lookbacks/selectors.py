"""Look-backs with their causes and measures, what keeps coming back, sessions, and what did not go jointly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.lookbacks.calc.fishbone import Fishbone, Upright, draw, draw_upright
from ronghe.domain.lookbacks.enums import BONES, Head, Lapse
from ronghe.domain.lookbacks.models import Analysis, LookSession, Measure, Recurrence, SessionFinding
from ronghe.domain.lookbacks.rules import LOOKBACK, OPEN_SESSION, SEE_SESSION
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.enums import UNFINISHED, TaskState
from ronghe.domain.work.models import Task
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

AT_MOST = 60
"""Of each lapse: what is more than can be walked in a session is counted and not listed."""


@dataclass(frozen=True, slots=True)
class Why:
    """An analysis of one time with its whys in order and its causes by head."""

    analysis: Analysis
    whys: list[str]
    bones: dict[str, list[str]]
    picture: Fishbone
    upright: Upright


@dataclass(frozen=True, slots=True)
class LookRecord:
    """What a look-back has of its own; `analyses`, `measures` and `recurrences` the newest time first."""

    analyses: list[Why]
    measures: list[Measure]
    recurrences: list[Recurrence]
    round: int

    @property
    def times(self) -> int:
        """How often the problem came back, while it was open too."""
        return len(self.recurrences)

    @property
    def current(self) -> Why | None:
        """The analysis of this time, once it was written."""
        return next((why for why in self.analyses if why.analysis.round == self.round), None)


def look_record_of(item: WorkItem) -> LookRecord:
    """Return a look-back's analyses, measures and recurrences; five statements."""
    analyses = item.analyses.select_related("by").prefetch_related("causes").order_by("-round")
    measures = item.measures.select_related("task__assignee").order_by("-round", "pk")
    recurrences = list(item.recurrences.select_related("by", "finding").order_by("-number"))
    opened_again = item.steps.filter(step="reopen").count()
    return LookRecord([why_of(row) for row in analyses], list(measures), recurrences, opened_again)


def why_of(analysis: Analysis) -> Why:
    """Return an analysis in its order, with its picture."""
    by_head: dict[str, list[str]] = {}
    for cause in sorted(analysis.causes.all(), key=lambda row: row.place):
        by_head.setdefault(cause.head, []).append(cause.text)
    bones = {str(head): by_head.get(head, []) for head in BONES}
    heads = [str(head) for head in BONES]
    return Why(analysis, by_head.get(Head.WHY, []), bones, draw(heads, bones), draw_upright(heads, bones))


def old_problems(actor: Person, at: datetime, *, but: WorkItem) -> QuerySet[WorkItem]:
    """Return the look-backs that a new finding may be the old problem of: those of its body first, the newest first."""
    rows = items_seen_by(actor, at).filter(kind=LOOKBACK.id).exclude(state__in=("same", "dismissed")).exclude(pk=but.pk)
    return rows.filter(body=but.body_id).order_by("-raised_at", "-pk")


def people_for_measures(item: WorkItem, actor: Person, at: datetime) -> QuerySet[Person]:
    """Return who may be given a measure: whom `actor` may see, and everybody in the body of the look-back."""
    day = local_day(at)
    inside = Membership.objects.filter(on_day(day), body=item.body_id).order_by().values("person_id")
    seen = people_seen_by(actor, at).order_by().values("pk")
    rows = Person.objects.filter(Q(pk__in=inside) | Q(pk__in=seen), valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def list_recurring(actor: Person, at: datetime, *, page: int = 1) -> Listed[WorkItem]:
    """Return one page of the problems that came back, the most often first, each with `times`."""
    rows = WorkItem.objects.filter(kind=LOOKBACK.id, recurrences__isnull=False).annotate(times=Count("recurrences"))
    rows = rows.select_related("owner", "body", "zone", "raised_by")
    seen = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=LOOKBACK.id), at=at).order_by()
    rows = rows.filter(pk__in=seen.values("pk")).order_by("-times", "-raised_at", "-pk")
    size = 20
    count = rows.count()
    page = min(page, max(1, -(-count // size)))
    return Listed(list(rows[(page - 1) * size : page * size]), count, page, size)


def sessions_seen_by(actor: Person, at: datetime) -> QuerySet[LookSession]:
    """Return the sessions that `actor` may see: to be cut to one."""
    rows = SEE_SESSION.narrow(actor, LookSession.objects.all(), at=at, walk=True)
    return rows.select_related("body", "opened_by", "closed_by").order_by("-from_on", "-pk")


def list_sessions(actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1) -> Listed[LookSession]:
    """Return one page of the sessions that `actor` may see, the newest first, each with `found`."""
    rows = LookSession.objects.filter(filters or Q()).select_related("body", "opened_by", "closed_by")
    rows = rows.annotate(found=Count("findings"))
    return list_seen(SEE_SESSION, actor, rows, order_by=("-from_on",), at=at, page=page, size=20)


def bodies_to_look_back(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose session `actor` may open."""
    return OPEN_SESSION.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def findings_of(session: LookSession) -> list[SessionFinding]:
    """Return what was picked in a session, in the order of picking."""
    rows = session.findings.select_related("item__owner", "item__body", "picked_by")
    return list(rows.order_by("picked_at", "pk"))


@dataclass(frozen=True, slots=True)
class LapseLine:
    """One thing that did not go: the record that shows it, what it is called, whose it is, and since when."""

    lapse: Lapse
    source_type: str
    source_id: int
    title: str
    body: str
    who: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Lapses:
    """What the records show of one kind; `count` is all of them, `lines` the first ones."""

    lapse: Lapse
    count: int
    lines: list[LapseLine]


def lapses_of(body: PartyOrg, from_on: date, until_on: date, at: datetime) -> list[Lapses]:
    """Return what did not go in a body and below it in a span of days (half open): a kind with nothing is left out."""
    today = local_day(at)
    bodies = descendants(PartyOrg, [body.pk], day=today)
    begin, end = _moment(from_on), min(_moment(until_on), at)
    owed = Obligation.objects.filter(body__in=bodies).counting_in(from_on, until_on)
    owed = owed.select_related("body", "version").order_by("due_on", "pk")
    tasks = Task.objects.filter(body__in=bodies, due_at__gte=begin, due_at__lt=end).select_related("body", "assignee")
    tasks = tasks.order_by("due_at", "pk")
    items = WorkItem.objects.filter(body__in=bodies, closed_at=None, due_at__gte=begin, due_at__lt=end)
    again = Recurrence.objects.filter(at__gte=begin, at__lt=_moment(until_on)).order_by().values("item_id")
    returning = WorkItem.objects.filter(pk__in=again, body__in=bodies).select_related("body", "owner")
    rows: Mapping[Lapse, Any] = {
        Lapse.MISSED: owed.missed_on(today),
        Lapse.LATE: owed.filter(match__met_on__gt=F("due_on")),
        Lapse.TASK: tasks.filter(state__in=UNFINISHED),
        Lapse.RETURNED: tasks.filter(Q(state=TaskState.RETURNED) | Q(round__gt=1)),
        Lapse.ITEM: items.exclude(kind=LOOKBACK.id).select_related("body", "owner").order_by("due_at", "pk"),
        Lapse.RECURRED: returning.order_by("raised_at", "pk"),
    }
    found = []
    for lapse, query in rows.items():
        shown = list(query[: AT_MOST + 1])
        count = len(shown) if len(shown) <= AT_MOST else query.count()
        if count:
            found.append(Lapses(lapse, count, [_line(lapse, row) for row in shown[:AT_MOST]]))
    return found


def sources_picked(session: LookSession) -> set[tuple[str, int]]:
    """Return the records that findings of a session came from."""
    rows = session.findings.filter(source_id__isnull=False).values_list("source_type", "source_id")
    return {(label, key) for label, key in rows if label is not None and key is not None}


def lapse_called(lapses: Sequence[Lapses], source_type: str, source_id: int) -> LapseLine | None:
    """Return the line of a record among what a session walks."""
    lines = (line for lapse in lapses for line in lapse.lines)
    return next((line for line in lines if (line.source_type, line.source_id) == (source_type, source_id)), None)


def _line(lapse: Lapse, row: Any) -> LapseLine:
    if isinstance(row, Obligation):
        return LapseLine(lapse, "obligations.obligation", row.pk, row.title, row.body.name, "", row.due_on)
    if isinstance(row, Task):
        return LapseLine(lapse, "work.task", row.pk, row.title, row.body.name, row.assignee.name, local_day(row.due_at))
    day = local_day(row.due_at) if row.due_at is not None else local_day(row.raised_at)
    owner = row.owner.name if row.owner else ""
    return LapseLine(lapse, "items.workitem", row.pk, row.title, row.body.name, owner, day)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
