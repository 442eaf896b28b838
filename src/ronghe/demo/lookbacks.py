"""回头看 of the demonstration field: findings in every state, one that came back twice, and two sessions on the joining."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.lookbacks.calc.periods import spans_before
from ronghe.domain.lookbacks.rules import LOOKBACK
from ronghe.domain.lookbacks.selectors import lapses_of
from ronghe.domain.lookbacks.services.analysing import (
    AnalysisIn,
    add_measure,
    begin_measures,
    hand_in_result,
    write_analysis,
)
from ronghe.domain.lookbacks.services.recurring import join_old, note_recurrence
from ronghe.domain.lookbacks.services.sessions import close_session, open_session, pick_finding
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.tasks import accept_task, submit_task

TICKETS = AnalysisIn(
    "两班对同一张作业票各记各的，谁也说不清现在有效的是哪张", "交接单没有作业票一栏，交接靠口头", "班组和党小组各管一段，没有人对交接负责",
    ("交接时没有看票", "交接单上没有这一栏", "票由施工方存，交接由属地做", "两边没有商量过由谁看"),
    {"people": ["新到的外雇工没交底", "夜班人手紧"], "machine": ["对讲机覆盖不到西侧"], "material": ["纸票易湿看不清"],
     "method": ["口头交接", "交接单无票据栏", "抽查只查白班"], "setting": ["交接点夜里灯暗"], "measuring": ["没有统计漏看几次"]},
)  # fmt: skip
AGAIN = AnalysisIn(
    "交接单加了栏，夜班照旧口头交接", "夜班没有带班领导在交接点", "早碰头只到白班，夜班不在联合机制里",
    ("夜班没填新栏", "没有人当场看", "带班表没有排交接点"),
    {"people": ["夜班不参加早碰头"], "method": ["新交接单只发到白班", "抽查不含夜班"]},
)  # fmt: skip
DRAWINGS = AnalysisIn(
    "变更单到了现场，还按旧图下料", "变更单发放不登记", "设计、施工两边各有一套图，没有唯一的有效版",
    ("下料用了旧图", "新图没有到下料组", "发放没有签收", "以为群里发过就算到了"),
    {"people": ["下料组换了人"], "method": ["发放不登记", "旧图不收回"], "material": ["图纸同名不同版"]},
)  # fmt: skip


def show_lookbacks(field: Field, since: date, now: datetime) -> None:
    """Tell of findings, of one that keeps coming back, and of what the records showed of two quarters."""
    crew = [person for person in field.crew if person.pk != field.lead.pk]
    days = (now.date() - since).days

    def ago(number: int, hour: int = 9) -> datetime:
        return at(now.date() - timedelta(days=min(number, days - 1)), hour, 0)

    tickets = _closed(field, "交接班没有看作业票", TICKETS, "交接单加票据一栏，两班签字", crew[:2], ago(60))
    _closed(field, "按旧图下料返工", DRAWINGS, "变更单发放登记，旧图当场收回", crew[2:4], ago(48))
    note_recurrence(item=tickets, text="西侧夜班又没看票，发现时动火票已过期", actor=crew[5], at=ago(20))
    write_analysis(item=tickets, given=AGAIN, actor=crew[0], at=ago(19))
    measure = add_measure(
        item=tickets, title="夜班带班领导到交接点，早碰头读夜班交接单", assignee=crew[1], due_at=now + timedelta(days=6),
        actor=crew[0], at=ago(19),
    )  # fmt: skip
    submit_task(task=measure.task, actor=crew[1], at=ago(9), note="带班表已排到交接点，连读七天")
    again = _found(field, "东侧换班也没有核对动火票", crew[6], ago(12))
    join_old(finding=again, old=tickets, actor=field.lead, at=ago(12, 15))
    running = _found(field, "吊装和保温同一时段抢作业面", crew[4], ago(10))
    take_step(item=running, step="assign", actor=field.lead, at=ago(9), said=Said(owner=crew[7]))
    _found(field, "两边检查同一处，整改通知各发各的", crew[8], ago(3))
    _sessions(field, now)


def _found(field: Field, title: str, by: Person, moment: datetime) -> WorkItem:
    text = ItemText(title, values={"area": "joining"}, zone=field.zone)
    return raise_item(kind=LOOKBACK, text=text, body=field.zone_body, actor=by, at=moment)


def _closed(
    field: Field, title: str, given: AnalysisIn, measure: str, people: list[Person], begun: datetime
) -> WorkItem:
    """Return a finding that was analysed, put right and verified within three weeks."""
    owner, other = people
    item = _found(field, title, field.lead, begun)
    take_step(item=item, step="take", actor=owner, at=begun + timedelta(hours=2))
    write_analysis(item=item, given=given, actor=owner, at=begun + timedelta(days=1))
    made = add_measure(
        item=item, title=measure, assignee=other, due_at=begun + timedelta(days=8), actor=owner,
        at=begun + timedelta(days=1, hours=1),
    )  # fmt: skip
    begin_measures(item=item, actor=owner, at=begun + timedelta(days=1, hours=2))
    submit_task(task=made.task, actor=other, at=begun + timedelta(days=6), note="已照办")
    accept_task(task=made.task, actor=field.lead, at=begun + timedelta(days=7))
    hand_in_result(item=item, note="连看十天没有再漏", actor=owner, at=begun + timedelta(days=17))
    said = Said(note="抽查三班，交接单齐全")
    take_step(item=item, step="verify", actor=field.lead, at=begun + timedelta(days=18), said=said)
    return item


def _sessions(field: Field, now: datetime) -> None:
    """The quarter before is closed; the one that runs is being walked."""
    running, before = spans_before(now.date(), count=2)
    moment = max(at(before[1], 9, 0), now - timedelta(days=18))
    session = open_session(body=field.zone_body, from_on=before[0], until_on=before[1], actor=field.lead, at=moment)
    for place, group in enumerate(lapses_of(session.body, *before, moment)[:3]):
        line = group.lines[0]
        source = RecordOf(line.source_type, line.source_id, line.title)
        minute = timedelta(minutes=10 * (place + 1))
        title = f"{group.lapse.label}：{line.title}"
        pick_finding(session=session, title=title, source=source, actor=field.lead, at=moment + minute)
    title = "雨季停工那周的碰头改期没有通知外雇工小组"
    pick_finding(session=session, title=title, actor=field.lead, at=moment + timedelta(minutes=50))
    conclusion = (
        "早晚碰头和三会坚持得好；任务跟踪慢，被退回的凭据多是缺参照尺，夜班没有进到联合机制里，下季先补这一条。"
    )
    close_session(session=session, conclusion=conclusion, actor=field.lead, at=moment + timedelta(hours=2))
    open_session(
        body=field.zone_body, from_on=running[0], until_on=running[1], actor=field.lead, at=now - timedelta(hours=20)
    )
