"""What the records say of the four checks: gatherings, tasks and final appraisals that name or cover an item.

Read in bulk for a whole plan, so that the nightly search costs the same for one item and for fifty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.likeness import ENOUGH, likeness
from ronghe.domain.planning.calc.sides import Pair
from ronghe.domain.planning.enums import Aspect
from ronghe.domain.planning.models import Plan, PlanItem
from ronghe.domain.planning.selectors.sides import Standings
from ronghe.domain.rhythm.enums import HUDDLES, WORKED_ON_SITE, ActivityState, ActivityType, AttendanceStatus
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.models import Task
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import descendants
from ronghe.kernel.facts.models import Fact

LEAD = timedelta(days=92)
"""How long before a plan begins it may have been talked over: the quarter before."""
MOST = 5
"""Records kept for one check; the likest first."""
APPRAISING = frozenset({ActivityType.TWO_PLUS_ONE_APPRAISAL, ActivityType.MONTHLY_ANALYSIS})
TALKED_OVER = frozenset(
    {
        ActivityType.JOINT_CONFERENCE,
        ActivityType.WEEKLY_MEETING,
        ActivityType.MONTHLY_ANALYSIS,
        ActivityType.COMMITTEE_MEETING,
        ActivityType.PARTY_COMMITTEE_MEETING,
        ActivityType.GENERAL_MEETING,
        ActivityType.GROUP_MEETING,
        ActivityType.CAMPAIGN_MEETING,
        ActivityType.ALLIANCE_MEETING,
    }
)
"""Where things are planned; a safety check that names an item is no planning of it. A person may choose others."""
COVERS_ALL = frozenset({ActivityType.TWO_PLUS_ONE_APPRAISAL})
"""Appraises everything of the body; a monthly analysis covers what its topics name."""
RUN_FINALIZED = "appraisal.run_finalized"
"""Read as a fact of the body: the room that tells it stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record for one check, how like it is (of 10,000), and who of each side took part."""

    aspect: Aspect
    item: PlanItem
    day: date
    like: int
    pair: Pair
    activity: Activity | None = None
    topic: AgendaItem | None = None
    task: Task | None = None
    fact: int | None = None


def gatherings_of(plan: Plan) -> Q:
    """Return the condition for gatherings of the plan's body: its own, and those it holds together with others."""
    return Q(body=plan.body_id) | Q(hosts__body=plan.body_id)


def find_evidence(plan: Plan, items: Sequence[PlanItem], quarter: DaySpan) -> list[Found]:
    """Return what shows each of the four for the items, at most five records a check; eight statements."""
    reach = DaySpan(plan.from_on - LEAD, min(plan.until_on, quarter.until_on))
    activities = _activities(plan, reach)
    tasks = _tasks(plan, reach)
    topical = list(_topical(activities, items))
    present = _present({activity.pk for activity, *_rest in topical} | {
        activity.pk for activity in activities if activity.activity_type in COVERS_ALL
    })  # fmt: skip
    for activity in activities:
        if activity.chair_id is not None:
            present[activity.pk].add(activity.chair_id)
    people = {pk for crowd in present.values() for pk in crowd}
    for task in tasks:
        people |= set(people_of_task(task))
    standings = Standings(people)
    found: list[Found] = []
    for activity, topic, item, like in topical:
        crowd = present[activity.pk]
        for aspect in _aspects_of(activity, plan, quarter):
            pair = standings.pair(crowd, item, activity.day)
            found.append(Found(aspect, item, activity.day, like, pair, activity=activity, topic=topic))
    for activity in activities:
        if activity.activity_type in COVERS_ALL and activity.day in quarter:
            for item in items:
                pair = standings.pair(present[activity.pk], item, activity.day)
                found.append(Found(Aspect.APPRAISED, item, activity.day, ENOUGH, pair, activity=activity))
    found += _from_tasks(tasks, items, standings, quarter)
    found += _from_facts(plan, items, quarter)
    return _best(found)


def people_of_task(task: Task) -> list[int]:
    """Return who had a part in a task: who answers for it, who gave it, who accepted it, who chaired where it was given."""
    people = [task.assignee_id, task.opened_by_id]
    if task.state == TaskState.ACCEPTED and task.settled_by_id is not None:
        people.append(task.settled_by_id)
    topic = getattr(task, "agenda_item", None)
    if topic is not None and topic.activity.chair_id is not None:
        people.append(topic.activity.chair_id)
    return people


def present_at(activity: Activity) -> set[int]:
    """Return who was there: who signed in, and who chaired."""
    return _present({activity.pk})[activity.pk] | ({activity.chair_id} if activity.chair_id else set())


def _activities(plan: Plan, reach: DaySpan) -> list[Activity]:
    rows = Activity.objects.filter(
        gatherings_of(plan), state=ActivityState.CLOSED, day__gte=reach.from_on, day__lt=reach.until_on
    ).exclude(activity_type__in=HUDDLES)
    return list(rows.distinct().prefetch_related("agenda_items").order_by("-day", "-pk"))


def _tasks(plan: Plan, reach: DaySpan) -> list[Task]:
    begins, ends = reach.moments()
    bodies = descendants(PartyOrg, [plan.body_id], day=min(reach.last_on, plan.until_on))
    rows = Task.objects.filter(body__in=bodies, opened_at__gte=begins, opened_at__lt=ends, plan_gap=None)
    rows = rows.exclude(state=TaskState.CANCELLED)
    return list(rows.select_related("agenda_item__activity").order_by("-opened_at", "-pk")[:2_000])


def _topical(
    activities: Iterable[Activity], items: Sequence[PlanItem]
) -> Iterable[tuple[Activity, AgendaItem | None, PlanItem, int]]:
    """Yield each gathering with the topic, or the result of work on site, that names an item best."""
    for activity in activities:
        topics = list(activity.agenda_items.all())
        for item in items:
            best: tuple[int, AgendaItem | None] = (likeness(item.title, activity.result), None)
            for topic in topics:
                like = likeness(item.title, f"{topic.topic} {topic.decision or ''}")
                if like > best[0]:
                    best = (like, topic)
            if best[0] >= ENOUGH:
                yield activity, best[1], item, best[0]


def _aspects_of(activity: Activity, plan: Plan, quarter: DaySpan) -> list[Aspect]:
    """Return for which checks a gathering that names an item may stand."""
    kind = activity.activity_type
    if kind in WORKED_ON_SITE:
        return [Aspect.CARRIED_OUT] if activity.day in quarter and activity.day >= plan.from_on else []
    aspects = [Aspect.PLANNED] if kind in TALKED_OVER else []
    if kind in APPRAISING - COVERS_ALL and activity.day in quarter:
        aspects.append(Aspect.APPRAISED)
    return aspects


def _present(activities: Iterable[int]) -> dict[int, set[int]]:
    crowds: dict[int, set[int]] = defaultdict(set)
    rows = Attendance.objects.filter(activity__in=list(activities), status=AttendanceStatus.PRESENT)
    for activity, person in rows.order_by().values_list("activity_id", "person_id"):
        crowds[activity].add(person)
    return crowds


def _from_tasks(
    tasks: Sequence[Task], items: Sequence[PlanItem], standings: Standings, quarter: DaySpan
) -> Iterable[Found]:
    for task in tasks:
        for item in items:
            like = likeness(item.title, f"{task.title} {task.goal or ''}")
            if like < ENOUGH:
                continue
            opened = local_day(task.opened_at)
            given = [pk for pk in people_of_task(task) if pk != task.settled_by_id or pk == task.opened_by_id]
            pair = standings.pair(set(given), item, opened)
            yield Found(Aspect.ASSIGNED, item, opened, like, pair, task=task)
            if task.state == TaskState.ACCEPTED and task.settled_at is not None:
                settled = local_day(task.settled_at)
                if settled in quarter:
                    pair = standings.pair(set(people_of_task(task)), item, settled)
                    yield Found(Aspect.CARRIED_OUT, item, settled, like, pair, task=task)


def _from_facts(plan: Plan, items: Sequence[PlanItem], quarter: DaySpan) -> Iterable[Found]:
    begins, ends = quarter.moments()
    rows = Fact.objects.filter(body=plan.body_id, kind=RUN_FINALIZED, occurred_at__gte=begins, occurred_at__lt=ends)
    for fact in rows.order_by("-occurred_at", "-pk")[:1]:
        for item in items:
            pair = Pair(None, None, is_whole=True)
            yield Found(Aspect.APPRAISED, item, local_day(fact.occurred_at), ENOUGH, pair, fact=fact.pk)


def _best(found: Sequence[Found]) -> list[Found]:
    kept: dict[tuple[int, Aspect], list[Found]] = defaultdict(list)
    ordered = sorted(found, key=lambda one: (one.pair.is_joint, one.like, one.day), reverse=True)
    for one in ordered:
        rows = kept[one.item.pk, one.aspect]
        if len(rows) < MOST:
            rows.append(one)
    return [one for rows in kept.values() for one in rows]
