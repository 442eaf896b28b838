"""How much lies on whom: open, overdue and due this week, by kind; for whoever leads them and for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM, declared_kinds
from ronghe.domain.items.selectors import SOONEST, items_on_hand
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.today.rules import SEE_LOAD
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.db.tree import descendants, on_day
from ronghe.kernel.inbox import Weight
from ronghe.kernel.words import N_, _

TASK, MEETING = "task", "meeting"
TITLES = {TASK: N_("任务"), MEETING: N_("主持的会")}
MOST = 500
"""People looked at side by side; whoever leads more chooses a body or types a name."""


@dataclass(slots=True)
class Load:
    """What lies on one person: counts by kind, and the weight of what is due this week (`Weight`, added up)."""

    person: Person
    open: int = 0
    overdue: int = 0
    week: int = 0
    """Due by Sunday, what is overdue included."""
    weight: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What stands beside the name where somebody is chosen."""
        if not self.open:
            return _("手上没有")
        said = _("在办 %(open)s") % {"open": self.open}
        if self.overdue:
            said += _(" · 超期 %(count)s") % {"count": self.overdue}
        return said + (_(" · 本周 %(count)s") % {"count": self.week} if self.week else "")


def kind_title(kind: str) -> str:
    """Return what a kind of thing that lies on people is called."""
    return _(TITLES[kind]) if kind in TITLES else _(declared_kinds()[kind].title)


def kinds_on_hand() -> list[str]:
    """Return every kind that may lie on somebody."""
    return [TASK, MEETING, *declared_kinds()]


def loads_of(people: Iterable[Person], at: datetime) -> dict[int, Load]:
    """Return how much lies on each of `people`, by key; one statement, whoever they are. Rights are the caller's."""
    found = {person.pk: Load(person) for person in people}
    if not found:
        return found
    keys = sorted(found)
    tasks = Task.objects.filter(assignee__in=keys).unfinished()
    parts = [
        _counted(tasks, at, F("assignee_id"), Value(TASK)),
        _counted(items_on_hand().filter(owner__in=keys), at, F("owner_id"), F("kind")),
        _meetings(keys, at),
    ]
    for pk, kind, count, overdue, week in parts[0].union(*parts[1:], all=True):
        load = found[pk]
        load.open += count
        load.overdue += overdue
        load.week += week
        load.weight += week * _weight(kind)
        load.by_kind[kind] = load.by_kind.get(kind, 0) + count
    return found


def people_led_by(actor: Person, at: datetime, *, body: PartyOrg | None = None, text: str = "") -> QuerySet[Person]:
    """Return the people whose load `actor` may see, by name: all, or those who belong to `body` or below it."""
    rows: Any = SEE_LOAD.narrow(actor, Person.objects.filter(valid_until=None), at=at)
    if body is not None:
        day = local_day(at)
        below = descendants(PartyOrg, [body.pk], day=day)
        rows = rows.filter(pk__in=_members(below, day))
    if text:
        rows = rows.matching(text)
    ordered: QuerySet[Person] = rows.select_related("unit").order_by("name", "pk")
    return ordered


def load_words(actor: Person, at: datetime, people: Collection[Person]) -> Mapping[int, str]:
    """Return what lies on those of `people` whose load `actor` may see, in words by key; two statements."""
    asked = Person.objects.filter(pk__in=[person.pk for person in people])
    allowed = set(SEE_LOAD.narrow(actor, asked, at=at, walk=True).order_by().values_list("pk", flat=True))
    loads = loads_of([person for person in people if person.pk in allowed], at)
    return {pk: load.words for pk, load in loads.items()}


def tasks_on(person: Person, actor: Person, at: datetime) -> QuerySet[Task]:
    """Return the unfinished tasks of `person` that `actor` may see, the soonest due first."""
    rows = Task.objects.filter(assignee=person).unfinished()
    seen: QuerySet[Task] = SEE_TASK.narrow(actor, rows, at=at, walk=True)
    return seen.select_related("body").order_by("due_at", "pk")


def items_on(person: Person, actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the open items that wait for `person` and that `actor` may see, the soonest due first."""
    seen = SEE_ITEM.narrow(actor, items_on_hand().filter(owner=person), at=at, walk=True)
    return seen.select_related("body", "owner").order_by(SOONEST, "pk")


def _members(bodies: Any, day: Any) -> Any:
    return Membership.objects.filter(on_day(day), body__in=bodies).order_by().values("person_id")


def _counted(rows: Any, at: datetime, person: Any, kind: Any) -> Any:
    sunday = _end_of_week(at)
    return (
        rows.order_by().annotate(on=person, what=kind).values("on", "what")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)), week=Count("pk", filter=Q(due_at__lt=sunday)))
        .values_list("on", "what", "n", "late", "week")
    )  # fmt: skip


def _meetings(keys: list[int], at: datetime) -> Any:
    """Return the planned meetings that people chair, of today and later; those of this week are this week's."""
    sunday = local_day(_end_of_week(at))
    rows = Activity.objects.filter(chair__in=keys, state=ActivityState.PLANNED, day__gte=local_day(at))
    return (
        rows.order_by().annotate(on=F("chair_id"), what=Value(MEETING)).values("on", "what")
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(pk=None)), week=Count("pk", filter=Q(day__lt=sunday)))
        .values_list("on", "what", "n", "late", "week")
    )  # fmt: skip


def _end_of_week(at: datetime) -> datetime:
    day = local_day(at)
    return moment_of(day + timedelta(days=7 - day.weekday()))


def _weight(kind: str) -> int:
    if kind in TITLES:
        return Weight.HEAVY if kind == MEETING else Weight.NORMAL
    return declared_kinds()[kind].weight
