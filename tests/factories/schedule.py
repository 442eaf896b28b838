"""A project with a schedule: a branch that answers for it, a planner, a head who approves, a builder with a foreman."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.enums import Stage
from ronghe.domain.schedule.models import Baseline, Lot, Schedule, ScheduleTask
from ronghe.domain.schedule.services.baselines import approve_baseline, propose_baseline
from ronghe.domain.schedule.services.plans import add_lot, start_schedule
from ronghe.domain.schedule.services.tasks import TaskText, add_task
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project

DATA = Path(__file__).parent.parent / "data" / "schedule"
PROJECT_2016 = DATA / "nanyi1_project2016.xml"
MPXJ = DATA / "crossing_mpxj.xml"
BEGINS = date(2026, 9, 1)


@dataclass(frozen=True)
class ScheduleStory:
    """`planner` keeps the plan at the committee, `head` is the branch's secretary, `manager` runs the project in the unit;
    `foreman` leads a team of the builder, `worker` is one of its people, `stranger` has nothing to do with it.
    """

    committee: PartyOrg
    branch: PartyOrg
    unit: AdminUnit
    builder: AdminUnit
    planner: Person
    head: Person
    manager: Person
    foreman: Person
    worker: Person
    auditor: Person
    stranger: Person
    project: Project


@kept
def make_story(at: datetime) -> ScheduleStory:
    unit, builder = make_unit("基建管理中心"), make_unit("油建二公司第六工程部")
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=unit)
    branch = make_body("第三油矿党支部", parent=committee, unit=unit)
    builders = make_body("第六工程部党支部", unit=builder)

    def officer(name: str, role: PostRole, *, body: PartyOrg | None = None, unit: AdminUnit | None = None) -> Person:
        person = make_person(name, home=branch if builder != unit else builders, unit=unit)
        make_post(person, role, body=body, unit=unit)
        return person

    planner = officer("周玉兰", PostRole.COMMITTEE_CLERK, body=committee)
    head = officer("陈建国", PostRole.SECRETARY, body=branch)
    manager = officer("马会军", PostRole.PROJECT_MANAGER, unit=unit)
    foreman = officer("杜秀英", PostRole.TEAM_LEADER, unit=builder)
    auditor = officer("纪明", PostRole.AUDITOR, body=committee)
    worker = make_person("段小龙", home=builders, unit=builder)
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    project = make_project(body=branch, unit=unit, actor=head, at=at, starts_on=BEGINS, ends_on=date(2026, 12, 20))
    return ScheduleStory(
        committee, branch, unit, builder, planner, head, manager, foreman, worker, auditor, stranger, project
    )


def make_schedule(story: ScheduleStory, at: datetime, **changes) -> Schedule:
    return start_schedule(project=story.project, actor=story.planner, at=at, **changes)


def make_lot(schedule: Schedule, story: ScheduleStory, at: datetime, name: str = "一标段") -> Lot:
    return add_lot(schedule=schedule, name=name, unit=story.builder, actor=story.planner, at=at)


def add(schedule: Schedule, story: ScheduleStory, at: datetime, name: str, days: float = 1, **changes) -> ScheduleTask:
    """Add a task at the end, as the planner does."""
    where = {key: changes.pop(key) for key in ("after", "is_below") if key in changes}
    text = TaskText(name, Decimal(str(days)), **changes)
    return add_task(schedule=schedule, text=text, actor=story.planner, at=at, **where)


def make_plan(story: ScheduleStory, at: datetime, *, person: Person | None = None) -> Schedule:
    """Return a plan from the 1st of September: 挖沟 (1, ten days) → 下沟 (2, five) → 试压 (3, two) → 投产 (4)."""
    schedule = make_schedule(story, at)
    lot = make_lot(schedule, story, at)
    add(schedule, story, at, "管沟开挖", 10, lot=lot, person=person or story.foreman, is_key=True)
    add(schedule, story, at, "管线下沟", 5, lot=lot, links="1")
    add(schedule, story, at, "管线试压", 2, links="2")
    add(schedule, story, at, "投产", 0, links="3", is_milestone=True, stage=Stage.COMMISSIONED)
    schedule.refresh_from_db()
    return schedule


def approve(schedule: Schedule, story: ScheduleStory, at: datetime, reason: str = "") -> Baseline:
    """Put the plan's dates up and let the head approve them."""
    made = propose_baseline(schedule=schedule, actor=story.planner, at=at, reason=reason)
    return approve_baseline(baseline=made, digest=made.digest, decision="基建〔2026〕12号", actor=story.head, at=at)


def task_of(schedule: Schedule, uid: int) -> ScheduleTask:
    return ScheduleTask.objects.select_related("schedule__project", "lot").get(schedule=schedule, uid=uid)
