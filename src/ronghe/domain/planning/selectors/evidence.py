"""What stands beside a check: the records that show it, who of which side took part, and what else could be chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ronghe.domain.org.models import Person
from ronghe.domain.planning.calc.likeness import likeness
from ronghe.domain.planning.calc.sides import together
from ronghe.domain.planning.enums import Aspect, Side
from ronghe.domain.planning.models import CheckEvidence, ItemCheck, PlanItem
from ronghe.domain.planning.selectors.finding import LEAD, gatherings_of
from ronghe.domain.planning.selectors.sides import Standings, pair_of
from ronghe.domain.rhythm.enums import HUDDLES, WORKED_ON_SITE, ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SEE_TASK
from ronghe.kernel.words import _

OFFERED = 40
"""Records read to choose from; the likest stand first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One record beside a check, in words."""

    row: CheckEvidence
    title: str
    note: str
    party: str
    production: str
    is_joint: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A record that could be chosen: `key` is a or t and its number."""

    key: str
    title: str
    day: date
    like: int


def evidence_of(checks: Iterable[ItemCheck]) -> dict[int, list[Shown]]:
    """Return the records beside each check, the latest first; two statements."""
    rows = list(
        CheckEvidence.objects.filter(check_row__in=[check.pk for check in checks], rejected_at=None)
        .select_related(
            "activity", "topic", "task__assignee", "party_person", "production_person", "check_row__item", "added_by"
        )
        .order_by("-day", "-pk")
    )
    people = {pk for row in rows for pk in (row.party_person_id, row.production_person_id) if pk is not None}
    standings = Standings(people)
    shown: dict[int, list[Shown]] = defaultdict(list)
    for row in rows:
        shown[row.check_row_id].append(_shown(row, standings))
    return shown


def shows_both(rows: Sequence[Shown]) -> bool:
    """Tell whether the records, taken together, show both sides."""
    return together(pair_of(one.row) for one in rows)


def choices_for(check: ItemCheck, actor: Person, at: datetime) -> list[Choice]:
    """Return gatherings and tasks of the plan's body that `actor` may see and might choose, the likest first."""
    item, plan = check.item, check.item.plan
    begins = plan.from_on - LEAD
    known = CheckEvidence.objects.filter(check_row=check, rejected_at=None).order_by()
    rows = Activity.objects.filter(
        gatherings_of(plan), state=ActivityState.CLOSED, day__gte=begins, day__lt=plan.until_on
    )
    rows = rows.exclude(activity_type__in=HUDDLES)
    rows = rows.exclude(pk__in=known.filter(activity__isnull=False).values("activity_id"))
    if check.aspect == Aspect.PLANNED:
        rows = rows.exclude(activity_type__in=WORKED_ON_SITE)
    gatherings = SEE_ACTIVITY.narrow(actor, rows.distinct(), at=at, walk=True).prefetch_related("agenda_items")
    found = [
        _gathering(item, activity) for activity in gatherings.order_by("-day", "-pk")[:OFFERED]
    ] if check.aspect != Aspect.ASSIGNED else []  # fmt: skip
    if check.aspect in (Aspect.ASSIGNED, Aspect.CARRIED_OUT):
        tasks = Task.objects.filter(body=plan.body_id).exclude(state=TaskState.CANCELLED)
        tasks = tasks.exclude(pk__in=known.filter(task__isnull=False).values("task_id"))
        if check.aspect == Aspect.CARRIED_OUT:
            tasks = tasks.filter(state=TaskState.ACCEPTED)
        seen = SEE_TASK.narrow(actor, tasks, at=at, walk=True).select_related("assignee")
        found += [_task(item, task) for task in seen.order_by("-opened_at", "-pk")[:OFFERED]]
    return sorted(found, key=lambda one: (one.like, one.day), reverse=True)


def _gathering(item: PlanItem, activity: Activity) -> Choice:
    topics = list(activity.agenda_items.all())
    best = max(topics, key=lambda topic: likeness(item.title, topic.topic), default=None)
    like = likeness(item.title, best.topic) if best is not None else 0
    said = f"：{best.topic}" if best is not None and like else ""
    return Choice(f"a{activity.pk}", f"{activity.get_activity_type_display()}{said}", activity.day, like)


def _task(item: PlanItem, task: Task) -> Choice:
    title = _("任务“%(title)s”（%(name)s）") % {"title": task.title, "name": task.assignee.name}
    return Choice(f"t{task.pk}", title, task.opened_at.date(), likeness(item.title, task.title))


def _shown(row: CheckEvidence, standings: Standings) -> Shown:
    if row.activity is not None:
        title = row.activity.get_activity_type_display()
        note = row.topic.topic if row.topic is not None else row.activity.result
    elif row.task is not None:
        title, note = _("任务"), f"{row.task.title}（{row.task.assignee.name}，{row.task.get_state_display()}）"
    else:
        title, note = _("考评定稿"), _("党建和生产一起考")
    return Shown(
        row, title, note, _person(row, row.party_person, Side.PARTY, standings),
        _person(row, row.production_person, Side.PRODUCTION, standings), pair_of(row).is_joint,
    )  # fmt: skip


def _person(row: CheckEvidence, person: Person | None, side: Side, standings: Standings) -> str:
    """Return who stood for a side, and by what: the plan's own word, else the post of the day."""
    if person is None:
        return ""
    item = row.check_row.item
    owner = item.party_owner_id if side == Side.PARTY else item.production_owner_id
    if person.pk == owner:
        why = _("本条党建负责人") if side == Side.PARTY else _("本条生产负责人")
    else:
        why = standings.words(person.pk, row.day, side) or _("行政负责人")
    return _("%(name)s，%(why)s") % {"name": person.name, "why": why}
