"""The two branches of 仪陇 with a project, an agreement in force, and a task force in any state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.enums import ProjectKind
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.enums import DifficultyKind, OutcomeKind
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.services.outcomes import write_outcome
from ronghe.domain.taskforces.services.points import Fixes, raise_point
from ronghe.domain.taskforces.services.proposing import approve_task_force, propose_task_force
from ronghe.domain.taskforces.services.running import start_task_force, wind_up_task_force
from tests.factories.agreements import make_agreement_in_force
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.projects import make_project


@dataclass
class ForceStory:
    """熊忠涵 is secretary of 仪陇, 邓国焱 of the information station; 陈立 leads the group, 周敏 guides it."""

    unit: AdminUnit
    committee: PartyOrg
    branch: PartyOrg
    other: PartyOrg
    project: Project
    clerk: Person
    secretary: Person
    other_secretary: Person
    leader: Person
    guide: Person
    members: list[Person]
    welder: Person
    outsider: Person
    agreement: Agreement | None = None
    force: TaskForce | None = None
    points: list[DifficultPoint] = field(default_factory=list)

    @property
    def body(self) -> PartyOrg:
        assert self.force is not None
        assert self.force.body is not None
        return self.force.body


@kept
def make_force_story(*, at: datetime, with_agreement: bool = True, ends_on: date | None = None) -> ForceStory:
    """Return the two branches with their people and the project, the agreement in force unless told otherwise."""
    office = make_unit("输气管理处", kind=UnitKind.COMPANY)
    area = make_unit("仪陇输气作业区", parent=office, kind=UnitKind.OPERATION_AREA)
    station = make_unit("信息站", parent=office)
    committee = make_body("输气管理处党委", kind=PartyOrgKind.COMMITTEE, unit=office)
    branch = make_body("仪陇输气作业区党支部", parent=committee, unit=area)
    other = make_body("信息站党支部", parent=committee, unit=station)
    clerk = make_person("沈清", unit=office)
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=committee)
    secretary, other_secretary = make_person("熊忠涵", home=branch, unit=area), make_person("邓国焱", home=other)
    make_post(secretary, PostRole.SECRETARY, body=branch)
    make_post(other_secretary, PostRole.SECRETARY, body=other)
    project = make_project(
        body=branch, unit=area, actor=secretary, at=at, name="新型输气作业区数字化转型", kind=ProjectKind.DIGITAL,
        ends_on=ends_on or date(2026, 12, 20),
    )  # fmt: skip
    story = ForceStory(
        unit=area, committee=committee, branch=branch, other=other, project=project, clerk=clerk, secretary=secretary,
        other_secretary=other_secretary, leader=make_person("陈立", home=branch, unit=area),
        guide=make_person("周敏", home=other, unit=station),
        members=[make_person(name, home=home, unit=area)
                 for name, home in (("李江", branch), ("何春", other), ("唐勇", branch))],
        welder=make_person("焊工老刘", unit=area), outsider=make_person("倪春梅", home=make_body("采油七队党支部")),
    )  # fmt: skip
    if with_agreement:
        story.agreement = make_agreement_in_force(project=project, branches=[branch, other], at=at)
    return story


def propose(story: ForceStory, at: datetime, *, name: str = "数字化攻关临时党小组") -> TaskForce:
    """Propose it with everybody, or before an agreement is there with the branch's own people."""
    own = story.agreement is None
    people = [person for person in story.members if not own or person.name != "何春"]
    story.force = propose_task_force(
        name=name, project=story.project, parent=story.branch, leader=story.leader, guide=None if own else story.guide,
        people=people, actor=story.secretary, at=at,
    )  # fmt: skip
    return story.force


def whole_fixes(story: ForceStory, at: datetime, **changes: object) -> Fixes:
    """Return all four fixes of a point: 李江 in charge with 何春 beside, a measured goal, due in ten days."""
    given: dict[str, object] = {
        "duties": [(story.members[0], "现场调试"), (story.members[2 if story.agreement is None else 1], "组态和联网")], "in_charge": story.members[0],
        "goal": "数据上传误码率降到 0.1% 以下", "baseline": Decimal("2.5"), "target": Decimal("0.1"), "unit": "%",
        "due_on": at.date() + timedelta(days=10),
    }  # fmt: skip
    return Fixes(**(given | changes))  # type: ignore[arg-type]


def raise_fixed(story: ForceStory, at: datetime, *, title: str = "老站仪表协议不统一") -> DifficultPoint:
    assert story.force is not None
    point = raise_point(
        force=story.force, title=title, kind=DifficultyKind.TECHNICAL, fixes=whole_fixes(story, at),
        actor=story.secretary, at=at,
    )  # fmt: skip
    story.points.append(point)
    return point


def approve(story: ForceStory, at: datetime) -> TaskForce:
    assert story.force is not None
    return approve_task_force(force=story.force, actor=story.clerk, at=at)


def make_task_force(*, at: datetime, story: ForceStory | None = None) -> TaskForce:
    """Return a task force at work: proposed, approved, one point with its four fixes, started."""
    story = story or make_force_story(at=at)
    propose(story, at)
    raise_fixed(story, at)
    approve(story, at)
    assert story.force is not None
    return start_task_force(force=story.force, actor=story.secretary, at=at)


def make_running(at: datetime) -> ForceStory:
    """Return the story with its task force at work."""
    story = make_force_story(at=at)
    make_task_force(at=at, story=story)
    return story


def sum_up(story: ForceStory, at: datetime) -> TaskForce:
    """Let the group sum up and write its three outcomes."""
    assert story.force is not None
    wind_up_task_force(force=story.force, actor=story.secretary, at=at)
    texts = {
        OutcomeKind.TEAM: "培养出 3 名能独立调试的数字化骨干",
        OutcomeKind.EXPERIENCE: "形成老站仪表协议转换作业法",
        OutcomeKind.BRAND: "“数智先锋”小组",
    }
    for kind, text in texts.items():
        write_outcome(force=story.force, kind=kind, text=text, actor=story.leader, at=at)
    return story.force
