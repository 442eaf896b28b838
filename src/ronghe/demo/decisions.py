"""A committee that decides by its list: one matter carried out, one with dissent and something overdue, one on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import HOST, Field
from ronghe.domain.decisions.enums import Category, Forum, Governs, Layer, Progress, Purpose, Rhythm, Share
from ronghe.domain.decisions.models import ListEntry, Matter
from ronghe.domain.decisions.services.charters import adopt_charter, draft_charter, link_clause, set_clause
from ronghe.domain.decisions.services.following import give_line, report_progress
from ronghe.domain.decisions.services.lists import (
    EntryText,
    RulesText,
    adopt_list,
    adopt_rules,
    draft_list,
    set_entry,
)
from ronghe.domain.decisions.services.matters import note_checks, prepare_matter, raise_matter
from ronghe.domain.decisions.services.meetings import Dissent, Votes, schedule_matter, settle_elsewhere, settle_matter
from ronghe.domain.decisions.services.sheets import LineText, adopt_sheet, draft_sheet, record_line, set_line
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person, PostHolding
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.services.people import take_post
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.work.services.tasks import accept_task, submit_task

LIST = (
    EntryText("年度生产经营计划", preparer="计划部门", basis="议事规则第七条"),
    EntryText(
        "中层干部任免和后备干部推荐", category=Category.PERSONNEL, preparer="组织人事部门", quorum=Share.TWO_THIRDS,
        basis="议事规则第九条",
    ),
    EntryText(
        "重大工程项目立项", category=Category.PROJECT, forum=Forum.LEADING_GROUP, needs_study=True,
        needs_legal_check=True, preparer="工程部门",
    ),
    EntryText("大额资金使用", category=Category.FUNDS, preparer="财务部门", consulted="财务部门", basis="议事规则第十一条"),
    EntryText("职工切身利益事项", category=Category.OWN, own_category="民生事项", consulted="工会"),
)  # fmt: skip
CLAUSES = (
    (
        "第三十一条",
        "公司党委发挥领导作用，把方向、管大局、保落实，重大经营管理事项须经党委前置研究讨论。",
        "重大工程项目立项",
    ),
    ("第三十二条", "坚持党管干部原则，党委在选人用人中履行把关责任。", "中层干部任免和后备干部推荐"),
    ("第三十三条", "党建工作经费纳入公司预算，党务工作人员配备不低于规定比例。", ""),
)
LEADERS = (("严守正", PostRole.SECRETARY, "党委书记"), ("陶建业", PostRole.DEPUTY_SECRETARY, "副书记、分管党建"))


def show_decisions(field: Field, since: date, now: datetime) -> None:
    """Tell the story of the committee above the zone in one quarter and the weeks since."""
    before = at(since, 8, 30)
    secretary, deputy = _lead(field, since, before)
    members = _members(field, since)
    entries = _rules(field, before)
    sheet = draft_sheet(body=field.committee, year=now.date().year, actor=field.clerk, at=before)
    members_first = members[0]
    lines = (
        LineText(Layer.SECRETARY, secretary, "每季研究一次党建与生产融合", rhythm=Rhythm.QUARTER, evidence="会议记录"),
        LineText(Layer.IN_CHARGE, deputy, "到党建协作区调研", field="党建", rhythm=Rhythm.MONTH, evidence="走访记录"),
        LineText(Layer.MEMBER, members_first, "联系南I-1联合站改造", field="工程建设", rhythm=Rhythm.MONTH),
    )
    made = [set_line(sheet=sheet, text=line, actor=field.clerk, at=before) for line in lines]
    for line in sheet.lines.filter(mechanism="", title__in=[str(layer.label) for layer in Layer]):
        line.delete()
    adopt_sheet(sheet=sheet, actor=field.clerk, at=before)
    for line in made:
        line.sheet.refresh_from_db()
    for days, which, text in ((20, 0, "专题研究协作区运行，定了三件事"), (9, 1, "到活动板房听取班组意见"),
                              (6, 2, "协调停产对接窗口")):  # fmt: skip
        day = now.date() - timedelta(days=days)
        if day.year == sheet.year and day >= since:
            record_line(line=made[which], done_on=day, text=text, actor=made[which].person, at=at(day, 17, 0))
    leaders = [secretary, deputy, *members]
    _carried_out(field, entries, leaders, now)
    _with_dissent(field, entries, leaders, now)
    _on_its_way(field, entries, secretary, now)


def _lead(field: Field, since: date, before: datetime) -> list[Person]:
    """Give the committee a secretary and a deputy, who have log-ins of their own."""
    found: list[Person] = []
    unit = field.committee.unit or AdminUnit.objects.get(name=HOST)
    for (name, role, title), login in zip(LEADERS, ("dangwei", "fushuji"), strict=True):
        person = Person.objects.create(
            name=name, initials=initials_of(name), unit=unit, valid_from=since, political_status="01", job_title=title
        )
        take_post(person=person, role=role, body=field.committee, since=since, actor=None, at=before)
        field.accounts.open(person, login, title)
        found.append(person)
    return found


def _members(field: Field, since: date) -> list[Person]:
    """Return who sits on the committee beside them; the zone's lead is one of them."""
    posts = PostHolding.objects.filter(body=field.committee, role=PostRole.COMMITTEE_MEMBER, valid_until=None)
    found = [post.person for post in posts.select_related("person").order_by("pk")]
    for person in [] if found else field.crew[:3]:
        take_post(
            person=person, role=PostRole.COMMITTEE_MEMBER, body=field.committee, since=since, actor=field.clerk,
            at=at(since, 8, 0),
        )  # fmt: skip
        found.append(person)
    return found


def _rules(field: Field, before: datetime) -> dict[str, ListEntry]:
    body = field.committee
    draft = draft_list(body=body, actor=field.clerk, at=before)
    for text in LIST:
        set_entry(of_list=draft, text=text, actor=field.clerk, at=before)
    adopt_list(of_list=draft, document="党委会〔2026〕11号", actor=field.clerk, at=before)
    adopt_rules(
        body=body, actor=field.clerk, at=before,
        text=RulesText("党委会议事规则（2026年修订）", notice_days=2, observers="班子成员、有关部门负责人",
                       urgent_words="由书记决定先办，下次党委会报告"),
    )  # fmt: skip
    entries = {entry.title: entry for entry in ListEntry.objects.filter(of_list=draft).select_related("of_list__body")}
    charter = draft_charter(body=body, title="公司章程（党建条款）", actor=field.clerk, at=before)
    for label, words, governed in CLAUSES:
        clause = set_clause(charter=charter, label=label, text=words, actor=field.clerk, at=before)
        if governed:
            key = str(entries[governed].key)
            link_clause(clause=clause, governs=Governs.MATTER, reference=key, actor=field.clerk, at=before)
    adopt_charter(charter=charter, document="股东会决议〔2026〕2号", actor=field.clerk, at=before)
    return entries


def _sit(field: Field, matter: Matter, leaders: Sequence[Person], day: date, *, purpose: Purpose) -> Activity:
    """Put a matter down for a meeting five days later, and open that meeting with those who lead."""
    begins = at(day, 9, 0)
    planned = plan_activity(
        activity_type=ActivityType.PARTY_COMMITTEE_MEETING, body=field.committee, place="二楼会议室",
        scheduled_from=begins, scheduled_until=begins + timedelta(hours=2), actor=leaders[0], recorder=field.clerk,
        at=begins - timedelta(days=5),
    )  # fmt: skip
    schedule_matter(matter=matter, activity=planned, purpose=purpose, actor=field.clerk, at=begins - timedelta(days=5))
    meeting = open_activity(activity=planned, actor=leaders[0], at=begins)
    for person in leaders:
        sign_in_with_card(activity=meeting, card=member_card(person), actor=leaders[0], at=begins)
    return meeting


def _raise(field: Field, entry: ListEntry, title: str, summary: str, moment: datetime) -> Matter:
    matter = raise_matter(body=field.committee, entry=entry, title=title, summary=summary, actor=field.clerk, at=moment)
    note_checks(
        matter=matter, legal_checked_by="法律合规部门", legal_opinion="程序合规，合同条款按意见修改后可行。",
        consulted_note="已征求意见，没有不同意见。", actor=field.clerk, at=moment,
    )  # fmt: skip
    return prepare_matter(matter=matter, actor=field.clerk, at=moment)


def _carried_out(field: Field, entries: dict[str, ListEntry], leaders: Sequence[Person], now: datetime) -> None:
    """Studied by the committee, decided by the leading group, carried out and reported back."""
    day = now.date() - timedelta(days=40)
    title, summary = "南I-1联合站改造二期立项", "按能力评价更换三相分离器，概算一千二百万元，停产窗口二十天。"
    matter = _raise(field, entries["重大工程项目立项"], title, summary, at(day, 8, 0) - timedelta(days=6))
    meeting = _sit(field, matter, leaders, day, purpose=Purpose.STUDY)
    matter = Matter.objects.select_related("body", "entry").get(pk=matter.pk)
    settle_matter(
        matter=matter, decision="同意提交班子会决定。", votes=Votes(len(leaders)), actor=field.clerk, at=at(day, 9, 40)
    )
    close_activity(activity=meeting, actor=leaders[0], at=at(day, 10, 30))
    settle_elsewhere(
        matter=matter, forum=Forum.LEADING_GROUP, held_on=day + timedelta(days=2), document="班子会纪要〔2026〕17号",
        decision="同意立项，由工程部门组织初步设计。", is_carried=True, actor=field.clerk, at=at(day + timedelta(days=3), 9, 0),
    )  # fmt: skip
    line = give_line(
        matter=matter, title="完成初步设计委托", assignee=leaders[2], due_at=at(day + timedelta(days=20), 18, 0),
        actor=field.clerk, at=at(day + timedelta(days=3), 9, 5),
    )  # fmt: skip
    done = at(day + timedelta(days=15), 16, 0)
    submit_task(task=line.task, note="合同已签，设计单位已进场。", actor=leaders[2], at=done)
    accept_task(task=line.task, actor=field.clerk, at=done + timedelta(hours=3))
    report_progress(
        matter=matter, progress=Progress.DONE, text="初步设计已委托，按节点推进。", actor=field.clerk,
        at=done + timedelta(hours=4),
    )  # fmt: skip


def _with_dissent(field: Field, entries: dict[str, ListEntry], leaders: Sequence[Person], now: datetime) -> None:
    """Carried against one, whose words are in the record; one of its parts is overdue."""
    day = now.date() - timedelta(days=18)
    summary = "把党群、管理、技术干部放到支部副书记岗位上锤炼，拟推荐六人。"
    title = "年轻干部到支部副书记岗位锻炼"
    matter = _raise(field, entries["中层干部任免和后备干部推荐"], title, summary, at(day, 8, 0) - timedelta(days=6))
    meeting = _sit(field, matter, leaders, day, purpose=Purpose.DECIDE)
    matter = Matter.objects.select_related("body", "entry").get(pk=matter.pk)
    words = "同意锻炼的做法，一次放六人面太大，建议先放三人。"
    settle_matter(
        matter=matter, decision="同意推荐六人，任前谈话后到岗。", votes=Votes(len(leaders) - 1, 1), actor=field.clerk,
        at=at(day, 10, 0), dissents=[Dissent(leaders[-1], words)],
    )  # fmt: skip
    close_activity(activity=meeting, actor=leaders[0], at=at(day, 10, 50))
    for person, title, days in ((leaders[1], "六人任前谈话", 10), (leaders[2], "定下带教老师和锻炼计划", 30)):
        give_line(
            matter=matter, title=title, assignee=person, due_at=at(day + timedelta(days=days), 18, 0),
            actor=field.clerk, at=at(day, 15, 0),
        )  # fmt: skip
    report_progress(
        matter=matter, progress=Progress.RUNNING, text="四人已谈，两人在外培训，下周补谈。", actor=field.clerk,
        at=now - timedelta(days=3),
    )  # fmt: skip


def _on_its_way(field: Field, entries: dict[str, ListEntry], secretary: Person, now: datetime) -> None:
    """On the agenda of a meeting to come; and one raised outside the list, with its reason."""
    moment = now - timedelta(days=1)
    matter = _raise(
        field, entries["大额资金使用"], "冬季防冻保温材料集中采购", "八个站所统一采购，预算三百二十万元。", moment
    )
    begins = at(now.date() + timedelta(days=5), 9, 0)
    planned = plan_activity(
        activity_type=ActivityType.PARTY_COMMITTEE_MEETING, body=field.committee, place="二楼会议室",
        scheduled_from=begins, scheduled_until=begins + timedelta(hours=2), actor=secretary, recorder=field.clerk,
        at=moment,
    )  # fmt: skip
    schedule_matter(matter=matter, activity=planned, purpose=Purpose.DECIDE, actor=field.clerk, at=moment)
    raise_matter(
        body=field.committee, title="配合地方政府开展防汛抢险", summary="抽调二十人和两台设备。", actor=secretary,
        at=moment, outside_reason="属地政府紧急来函，清单里没有这一类。",
    )  # fmt: skip
