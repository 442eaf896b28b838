"""A project under way with its four sides, a structure of acceptance, and people who check, accept, rate, design and review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ronghe.domain.control.calc.plan import PlanRow
from ronghe.domain.control.enums import ApprovalKind, Aspect, Check, Discipline, LossKind
from ronghe.domain.control.models import DesignReview, IdleClaim, OutsideApproval, WorkProcess
from ronghe.domain.control.services.accepting import accept_process, stand_by
from ronghe.domain.control.services.checking import check_process
from ronghe.domain.control.services.losing import LossText, record_loss
from ronghe.domain.control.services.moving import Shown
from ronghe.domain.control.services.readying import PointText, raise_point, record_aspect
from ronghe.domain.control.services.registering import ApprovalText, register_approval
from ronghe.domain.control.services.reviewing import ReviewText, Seat, submit_review
from ronghe.domain.control.services.structure import build_structure
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.services.projects import start_project
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.services.parties import add_participating_unit
from tests.factories.org import LONG_AGO, SET_UP_AT, make_person, make_post, make_unit
from tests.factories.rhythm import ZoneStory, make_zone

LOT = ("注水站改造", "工艺管道", "管道安装", "1号管线")
NAMES = ("管沟开挖", "组对焊接", "无损检测", "强度试压")
STARTED = date(2026, 3, 2)


@dataclass
class SiteStory:
    """Three builders, a supervisor, an owner's engineer, a designer, two reviewers and who looks after safety."""

    zone: ZoneStory
    project: Project
    units: dict[str, AdminUnit]
    builders: list[Person]
    supervisor: Person
    owner: Person
    designer: Person
    reviewers: list[Person]
    safety: Person
    processes: list[WorkProcess] = field(default_factory=list)

    @property
    def manager(self) -> Person:
        """刘丽萍 leads the zone that serves the project."""
        return self.zone.lead


def make_site(
    *, points: Sequence[str] = ("ordinary", "hold", "witness", "standby"), supervised: bool = True
) -> SiteStory:
    """Return a started project with one inspection lot of processes in a row, one for each of `points`."""
    zone = make_zone(members=2)
    project = zone.zone.projects.get()
    start_project(project=project, day=STARTED, actor=zone.clerk, at=datetime.combine(STARTED, SET_UP_AT.timetz()))
    builder = ParticipatingUnit.objects.get(zone=zone.zone, role=ParticipantRole.CONSTRUCTOR).unit
    units = {"builder": builder}
    wanted = {"owner": ParticipantRole.OWNER, "designer": ParticipantRole.DESIGNER}
    if supervised:
        wanted["supervisor"] = ParticipantRole.SUPERVISOR
    for name, role in wanted.items():
        units[name] = make_unit()
        add_participating_unit(
            zone=zone.zone, unit=units[name], role=role, since=LONG_AGO, actor=zone.clerk, at=SET_UP_AT
        )

    def on_side(name: str, person: str = "") -> Person:
        return make_person(person, unit=units.get(name), participates_in=zone.body)

    safety = on_side("builder", "田守安")
    make_post(safety, PostRole.HSE_OFFICER, body=zone.body)
    reviewers = [on_side("owner", "郑审图"), on_side("owner", "钱校核")]
    story = SiteStory(
        zone, project, units, [on_side("builder", name) for name in ("王自检", "李互检", "赵专检")],
        on_side("supervisor", "孙监理"), on_side("owner", "周业主"), on_side("designer", "吴设计"), reviewers, safety,
    )  # fmt: skip
    rows = [PlanRow(LOT, name, point) for name, point in zip(NAMES, points, strict=False)]
    story.processes = build_structure(project=project, rows=rows, actor=zone.lead, at=SET_UP_AT)
    return story


def check(story: SiteStory, process: WorkProcess, at: datetime, *, measured: int = 20, passed: int = 19) -> WorkProcess:
    """Let the three builders check a process one after the other."""
    for kind, person in zip(Check, story.builders, strict=True):
        shown = Shown(measured=measured, passed=passed) if kind == Check.SPECIAL else Shown()
        process = check_process(process=process, check=kind, actor=person, at=at, shown=shown)
    return process


def accept(story: SiteStory, process: WorkProcess, at: datetime) -> WorkProcess:
    """Check a process and let the supervisor accept it, standing by where that is asked for."""
    process = check(story, process, at)
    if process.point == "standby":
        process = stand_by(process=process, actor=story.supervisor, at=at, shown=Shown("10:00 至 11:20 全程旁站"))
    return accept_process(process=process, actor=story.supervisor, at=at)


def make_review(story: SiteStory, at: datetime, *, seats: Sequence[Seat] = ()) -> DesignReview:
    given = seats or [Seat(person) for person in story.reviewers]
    text = ReviewText("注水站工艺施工图", Discipline.PROCESS, given, number="GY-01")
    return submit_review(project=story.project, text=text, actor=story.designer, at=at)


def make_point(story: SiteStory, at: datetime, *, aspect: Aspect = Aspect.QUALITY) -> WorkItem:
    text = PointText(aspect, "法兰螺栓露丝不足", story.builders[0], at + timedelta(days=3), "更换加长螺栓")
    return raise_point(project=story.project, text=text, actor=story.supervisor, at=at)


def check_all_aspects(story: SiteStory, at: datetime) -> None:
    for aspect in Aspect:
        record_aspect(project=story.project, aspect=aspect, checked_on=at.date(), actor=story.supervisor, at=at)


def make_loss(story: SiteStory, at: datetime, *, cause: str = "drawings", hours: str = "36.50", cost: str = "4380", crew: str = "焊接一班") -> IdleClaim:  # fmt: skip
    """Return what the builder recorded and the owner is to answer for."""
    values = {"crew": crew, "people": "6", "hours": hours, "cost": cost, "basis": "120 元/工时"}
    text = LossText(
        LossKind.IDLE, cause, at.date(), values, story.units["owner"], answerer=story.owner, text="等图两天",
        due_at=at + timedelta(days=7),
    )  # fmt: skip
    return record_loss(project=story.project, text=text, actor=story.builders[0], at=at)


def make_approval(story: SiteStory, at: datetime, *, kind: ApprovalKind = ApprovalKind.GRID) -> OutsideApproval:
    text = ApprovalText(
        kind, "光伏并网", "大庆供电公司", ("接入系统方案", "方案批复", "并网协议"), story.owner, contact="发展部",
        phone="0459-1234567", next_step="催接入方案评审", expected_on=at.date() + timedelta(days=30),
    )  # fmt: skip
    return register_approval(project=story.project, text=text, actor=story.manager, at=at)
