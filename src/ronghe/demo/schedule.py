"""进度计划 of the demonstration field: 南I-1 in three lots with its changed baseline, and the crossing done in ten days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from ronghe.demo.history import at
from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.calc.links import read_links
from ronghe.domain.schedule.calc.mspdi_writing import Written, write_project_xml
from ronghe.domain.schedule.calc.plan_file import FileLink, FileTask, PlanFile
from ronghe.domain.schedule.enums import AmountKind, Stage
from ronghe.domain.schedule.models import Lot, Schedule, ScheduleTask
from ronghe.domain.schedule.services.baselines import approve_baseline, propose_baseline
from ronghe.domain.schedule.services.importing import accept_import, upload_plan
from ronghe.domain.schedule.services.money import enter_amount, vouch_amount
from ronghe.domain.schedule.services.plans import add_lot, start_schedule
from ronghe.domain.schedule.services.progress import report_finish, report_percent
from ronghe.domain.schedule.services.tasks import TaskText, change_task
from ronghe.domain.schedule.services.weeks import turn_day

WORKS, CROSSING = "南I-1联合站改造工程", "中引水厂水源地替代工程第一标段"
PER_DAY = 480
LONG = 25
"""A task of so many days is reported half-way too."""
LOTS = {"一标段 土建": BUILDER, "二标段 工艺安装": BUILDER, "三标段 外输管线": "水务工程公司"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a demonstration plan; `real` is how many days it really takes, by links of the first kind alone."""

    uid: int
    level: int
    name: str
    days: int = 0
    links: str = ""
    lot: str = ""
    real: int | None = None
    is_key: bool = False
    stage: str = ""


ONE, TWO, THREE = LOTS
NANYI = (
    Row(1, 1, "设计和准备"),
    Row(2, 2, "施工图设计", 25, real=22),
    Row(3, 2, "施工图会审", 10, "2", real=2, is_key=True),
    Row(4, 2, "设计完成", 0, "3", stage=Stage.DESIGNED),
    Row(5, 2, "进场和临设", 12, "2SS+8天", real=11),
    Row(6, 2, "开工", 0, "4,5", stage=Stage.STARTED),
    Row(7, 1, "一标段 土建"),
    Row(8, 2, "沉降罐基础开挖", 14, "6", ONE, 12),
    Row(9, 2, "沉降罐基础浇筑", 18, "8", ONE, 17, is_key=True),
    Row(10, 2, "基础养护", 14, "9", ONE, 14),
    Row(11, 2, "阀组间砌筑", 25, "8", ONE, 24),
    Row(12, 2, "注水站墙体胶粘挂网", 90, "11", ONE, 30, is_key=True),
    Row(13, 2, "站内道路和排水", 50, "12", ONE, 49),
    Row(14, 1, "二标段 工艺安装"),
    Row(15, 2, "管线预制", 60, "6", TWO, 55),
    Row(16, 2, "三相分离器就位", 8, "10,15SS+20天", TWO, 6, is_key=True),
    Row(17, 2, "沉降罐主体安装", 80, "10", TWO, 96),
    Row(18, 2, "3号管廊钢结构", 45, "9", TWO, 42),
    Row(19, 2, "管廊管线焊接", 80, "15,18", TWO, 74, is_key=True),
    Row(20, 2, "电缆桥架和仪表", 60, "18SS+20天", TWO, 100),
    Row(21, 2, "防腐保温", 60, "19SS+30天", TWO, 58),
    Row(22, 2, "管线试压", 15, "19,21", TWO, 12, is_key=True),
    Row(23, 1, "三标段 外输管线"),
    Row(24, 2, "扫线和管沟开挖", 45, "6", THREE, 43),
    Row(25, 2, "管线敷设", 90, "24SS+20天", THREE, 98),
    Row(26, 2, "河流穿越", 20, "24", THREE, 14, is_key=True),
    Row(27, 2, "清管和试压", 8, "25,26", THREE, 8),
    Row(28, 1, "投产"),
    Row(29, 2, "三查四定", 12, "13,17,20,22,27"),
    Row(30, 2, "联合试运", 30, "29"),
    Row(31, 2, "投产", 0, "30", stage=Stage.COMMISSIONED),
)
BRIDGE = (
    Row(1, 1, "初步设计", 20, real=20),
    Row(2, 1, "设计完成", 0, "1", stage=Stage.DESIGNED),
    Row(3, 1, "开工", 0, "2", stage=Stage.STARTED),
    Row(4, 1, "G10高速公路桥穿越（35 米）", 15, "3", "第一标段", 10, is_key=True),
    Row(5, 1, "第一标段管线敷设", 35, "4", "第一标段", 35),
    Row(6, 1, "试压和消毒", 12, "5", "第一标段", 12),
    Row(7, 1, "通水投产", 0, "6", stage=Stage.COMMISSIONED),
)


def show_schedule(field: Field, since: date, now: datetime) -> None:
    """Let the zone's lead plan the works and the clerk the crossing; what happened since is reported week by week."""
    secretary = _secretary()
    crew = sorted(field.crew, key=lambda person: person.pk)
    foreman = Person.objects.get(account__login="gongren")
    works = Project.objects.get(name=WORKS)
    begins = works.starts_on
    plan = _plan(works, NANYI, begins, field.lead, at(since, 9, 0), [foreman, *crew[-4:]])
    first = propose_baseline(schedule=plan, actor=field.lead, at=at(since, 10, 0))
    approve_baseline(
        baseline=first, digest=first.digest, decision="演示基建〔2026〕21号", actor=secretary, at=at(since, 16, 0)
    )
    _play(plan, NANYI, since, now, field.lead)
    _change(plan, field, secretary, now)
    _fund(plan, field, secretary, since)
    _cross(field, secretary, now)


def _secretary() -> Person:
    branch = PartyOrg.objects.get(name=f"{HOST}党支部")
    return Person.objects.get(posts__body=branch, posts__role="secretary", posts__valid_until=None)


def _plan(
    project: Project, rows: Sequence[Row], begins: date, planner: Person, moment: datetime, people: Sequence[Person]
) -> Schedule:
    """Begin a schedule and take its plan over from a file of Microsoft Project, as the project's office keeps it."""
    schedule = start_schedule(project=project, actor=planner, at=moment, begins_on=begins)
    lots = {name: AdminUnit.objects.get(name=unit) for name, unit in (LOTS | {"第一标段": "水务工程公司"}).items()}
    made = {
        name: add_lot(schedule=schedule, name=name, unit=lots[name], actor=planner, at=moment)
        for name in dict.fromkeys(row.lot for row in rows if row.lot)
    }
    with TemporaryDirectory(prefix="ronghe-demo-") as folder:
        path = Path(folder) / f"{project.name}.xml"
        tasks = tuple(_file_task(row, people[row.uid % len(people)]) for row in rows)
        path.write_bytes(write_project_xml(PlanFile(project.name, tasks), Written({})))
        found = upload_plan(schedule=schedule, path=path, name=path.name, actor=planner, at=moment)
    accept_import(found=found, actor=planner, at=moment, takes_calendar=False)
    _mark(schedule, rows, made)
    return schedule


def _file_task(row: Row, person: Person) -> FileTask:
    links = tuple(FileLink(link.predecessor, link.kind, link.lag) for link in read_links(row.links, PER_DAY))
    return FileTask(
        row.uid, row.name, row.level, minutes=row.days * PER_DAY, is_milestone=bool(row.stage), links=links,
        people=(person.name,) if row.days else (),
    )  # fmt: skip


def _mark(schedule: Schedule, rows: Sequence[Row], lots: dict[str, Lot]) -> None:
    """Set what a file of Microsoft Project does not say: the lot, the key tasks, which milestone is which."""
    tasks = {task.uid: task for task in schedule.tasks.all()}
    for row in rows:
        task = tasks[row.uid]
        task.lot, task.is_key, task.stage = lots.get(row.lot), row.is_key, row.stage
    ScheduleTask.objects.bulk_update(tasks.values(), ["lot", "is_key", "stage"])


def _play(schedule: Schedule, rows: Sequence[Row], since: date, now: datetime, actor: Person) -> None:
    """Report each task when it was really done, keep each week, and end with what is under way today."""
    today, real = now.date(), _real(rows, schedule.begins_on)
    events = sorted(
        [(finish, uid) for uid, (_start, finish) in real.items() if finish < today]
        + [(middle, -uid) for uid, (start, finish) in real.items()
           if (finish - start).days >= LONG and (middle := start + (finish - start) / 2) < today]
        + [(day, 0) for number in range(1, (today - since).days) if (day := since + timedelta(days=number)).weekday() == 0
           and (schedule.project.completed_on is None or number % 4 == 0)]
    )  # fmt: skip
    tasks = {task.uid: task for task in schedule.tasks.select_related("schedule__project", "lot").order_by("row")}
    for day, uid in events:
        if uid == 0:
            turn_day(schedule=schedule, at=at(day, 4, 15))
        elif uid < 0 and not tasks[-uid].is_summary:
            report_percent(task=tasks[-uid], percent=50, actor=actor, at=at(day, 17, 20), started_on=real[-uid][0])
        elif uid > 0 and not tasks[uid].is_summary:
            report_finish(task=tasks[uid], actor=actor, at=at(day, 17, 20), day=day, started_on=real[uid][0])
    for uid, (start, finish) in real.items():
        if start < today <= finish and not tasks[uid].is_summary:
            percent = min(max((today - start).days * 100 // ((finish - start).days + 1), 5), 95)
            report_percent(task=tasks[uid], percent=percent, actor=actor, at=at(today, 7, 0), started_on=start)
    turn_day(schedule=schedule, at=now)


def _real(rows: Sequence[Row], begins: date) -> dict[int, tuple[date, date]]:
    """Return on which days each task was or will be done; one without a real length is still to come."""
    found: dict[int, tuple[date, date]] = {}
    for row in rows:
        links = read_links(row.links, PER_DAY)
        if (row.real is None and not row.stage) or any(link.predecessor not in found for link in links):
            continue
        starts = [begins]
        for link in links:
            start, finish = found[link.predecessor]
            lag = timedelta(days=link.lag.amount // (PER_DAY * 10))
            starts.append(start + lag if link.kind == 3 else finish + timedelta(days=0 if row.stage else 1) + lag)
        start = max(starts)
        found[row.uid] = (start, start + timedelta(days=max((row.real or 1) - 1, 0)))
    return found


def _change(plan: Schedule, field: Field, secretary: Person, now: datetime) -> None:
    """The acceptance before commissioning was planned too short: put up anew with the reason, approved by the secretary."""
    moment = now - timedelta(days=9)
    plan.refresh_from_db()
    task = plan.tasks.select_related("schedule__project").get(uid=29)
    text = TaskText(task.name, Decimal(15), links="13, 17, 20, 22, 27", is_key=True)
    change_task(task=task, text=text, actor=field.lead, at=moment)
    made = propose_baseline(
        schedule=plan, actor=field.lead, at=moment, reason="三查四定增加仪表联校，由 12 天改为 15 天"
    )
    approve_baseline(
        baseline=made, digest=made.digest, decision="演示基建〔2026〕57号", actor=secretary,
        at=moment + timedelta(hours=6),
    )  # fmt: skip


def _fund(plan: Schedule, field: Field, secretary: Person, since: date) -> None:
    """Estimate, contracts and payments by lot; what the bonded mesh saved is an approved change downwards."""
    lots: dict[str, Lot | None] = {lot.name: lot for lot in plan.lots.all()}
    rows = (
        (AmountKind.ESTIMATE, "", 186_000_000, 0, "初步设计概算批复"),
        (AmountKind.COMMITTED, ONE, 42_600_000, 3, "施工合同 2026-土-017"),
        (AmountKind.COMMITTED, TWO, 96_800_000, 3, "施工合同 2026-安-018"),
        (AmountKind.COMMITTED, THREE, 31_500_000, 5, "施工合同 2026-线-021"),
        (AmountKind.CHANGE, ONE, -550_000, 60, "墙体由砸皮露砖改为胶粘挂网，变更单 06"),
        (AmountKind.PAID, ONE, 21_300_000, 62, "进度款 1—2 期"),
        (AmountKind.PAID, TWO, 38_720_000, 62, "进度款 1—2 期"),
        (AmountKind.PAID, THREE, 12_600_000, 70, "进度款 1 期"),
    )
    for kind, lot, yuan, days, source in rows:
        day = since + timedelta(days=days)
        amount = enter_amount(
            schedule=plan, kind=kind, lot=lots.get(lot), yuan=Decimal(yuan), day=day, source=source, actor=field.clerk,
            at=at(day, 10, 0),
        )  # fmt: skip
        if days < 70:
            vouch_amount(amount=amount, actor=secretary, at=at(day, 15, 0))


def _cross(field: Field, secretary: Person, now: datetime) -> None:
    """Fifteen days were given for the motorway bridge and ten were needed; designed, begun and commissioned in one go."""
    project = Project.objects.get(name=CROSSING)
    begins = project.starts_on
    plan = _plan(project, BRIDGE, begins, field.clerk, at(begins, 9, 0), [secretary])
    made = propose_baseline(schedule=plan, actor=field.clerk, at=at(begins, 9, 30))
    approve_baseline(
        baseline=made, digest=made.digest, decision="演示水务〔2026〕8号", actor=secretary, at=at(begins, 11, 0)
    )
    _play(plan, BRIDGE, begins, now, field.clerk)
