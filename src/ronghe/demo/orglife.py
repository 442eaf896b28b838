"""组织生活会与民主评议 of the demonstration field: one told with an objection, one being prepared, one only held, last year's list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.org.enums import HOME_KINDS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.orglife.enums import Exemption, ListLevel, MeasureKind, MeetingForm, Preparation, ReviewGrade
from ronghe.domain.orglife.models import LifeSession, SessionMember
from ronghe.domain.orglife.selectors.members import members_of, shares_of, to_rate
from ronghe.domain.orglife.selectors.sessions import members_at_home
from ronghe.domain.orglife.services.correcting import carry_over, close_session, list_correction
from ronghe.domain.orglife.services.grading import propose_grade, propose_rest, take_measure
from ronghe.domain.orglife.services.marking import count_marks, open_marking
from ronghe.domain.orglife.services.planning import SessionText, exempt_member, plan_session
from ronghe.domain.orglife.services.preparing import appraise_self, hand_in_statement, note_criticism, note_preparation
from ronghe.domain.orglife.services.telling import acknowledge, object_to_grade, report_up, tell_results
from ronghe.domain.orglife.services.voices import give_opinion, rate_peers
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, submit_task

STATEMENTS = (
    "学习不够经常，忙起来就放下；下一步每周二晚固定学一小时。",
    "带徒弟只教操作不讲道理，徒弟遇事还是慌；下一步把处置步骤讲清楚。",
    "对外雇工的安全提醒怕得罪人；下一步班前当面说。",
    "整改问题拖到期限前才办；下一步当天记、当天办。",
)
OPINIONS = ("班子要多到夜班现场看看。", "党费收缴的时间早点通知。", "青年党员上讲台的机会再多些。")
COMMENTS = ("踏实肯干。", "现场经验足，带人再耐心些。", "关键时候顶得上。", "")
CRITICISMS = ("性子急，安排工作要把话说完。", "台账记得晚，要当天记。")
LEAST = 5
"""Members of a branch whose story is told: fewer would not mark unseen."""


def show_orglife(field: Field, since: date, now: datetime) -> None:
    """Tell of three branches, and of the committee's own criticism meeting (PM-10)."""
    builder = PartyOrg.objects.select_related("unit").get(name=f"{BUILDER}党支部")
    _name_secretary(builder, since)
    branches = _branches(now.date())
    if not branches:
        return
    first, secretary = branches[0]
    _last_year(first, secretary, since, now)
    _told(field, first, secretary, now)
    lead = PostHolding.objects.held_on(now.date()).filter(body=builder, role=PostRole.SECRETARY).first()
    if lead is not None:
        _preparing(builder, lead.person, now)
    for branch, person in [one for one in branches[1:] if one[0] != builder][:1]:
        _held(branch, person, now)
    _criticism(field, now)


def _name_secretary(branch: PartyOrg, since: date) -> None:
    """Give the branch a secretary where it has none: somebody without another post or a log-in."""
    if PostHolding.objects.filter(body=branch, role=PostRole.SECRETARY, valid_until=None).exists():
        return
    rows = members_at_home(branch, since).filter(person__posts__isnull=True, person__account=None)
    first = rows.filter(person__political_status="01").first()
    if first is not None:
        take_post(
            person=first.person, role=PostRole.SECRETARY, body=branch, since=since, actor=None, at=at(since, 9, 0)
        )


def _branches(day: date) -> list[tuple[PartyOrg, Person]]:
    """Return branches with a secretary and enough members, the host's first, each with its secretary."""
    posts = PostHolding.objects.held_on(day).filter(role=PostRole.SECRETARY, body__kind__in=HOME_KINDS)
    found = [
        (post.body, post.person)
        for post in posts.select_related("person", "body__unit").order_by("body_id", "pk")
        if post.body is not None and members_at_home(post.body, day).count() >= LEAST
    ]
    accounts = set(Person.objects.filter(account__isnull=False, memberships__valid_until=None)
                   .values_list("memberships__body_id", flat=True))  # fmt: skip
    return sorted(found, key=lambda one: (not one[0].name.startswith(HOST), one[0].pk not in accounts, one[0].pk))


def _plan(
    branch: PartyOrg, secretary: Person, year: int, begins: datetime, planned: datetime, *, review: bool = True
) -> LifeSession:
    return plan_session(
        body=branch, actor=secretary, at=planned,
        text=SessionText(
            year, MeetingForm.GENERAL, "对照党章党规，检视问题，抓好整改", secretary, begins, begins + timedelta(hours=3),
            f"{branch.unit.name if branch.unit else branch.name}会议室", has_review=review,
        ),
    )  # fmt: skip


def _fill(members: Sequence[SessionMember], moment: datetime, *, review: bool = True) -> None:
    for number, member in enumerate(members):
        person = member.person
        hand_in_statement(member=member, text=STATEMENTS[number % len(STATEMENTS)], actor=person, at=moment)
        if review:
            grade = ReviewGrade.EXCELLENT if number % 5 == 0 else ReviewGrade.QUALIFIED
            appraise_self(member=member, grade=grade, text="完成了承担的任务，学习还要加强。", actor=person, at=moment)
            others = enumerate(to_rate(member))
            ratings = {
                one.pk: (
                    ReviewGrade.EXCELLENT if place % 4 == 0 else ReviewGrade.QUALIFIED,
                    COMMENTS[(place + number) % len(COMMENTS)],
                )
                for place, one in others
            }
            if ratings:
                rate_peers(member=member, ratings=ratings, actor=person, at=moment)


def _sit(session: LifeSession, people: Sequence[Person], moment: datetime) -> None:
    meeting = session.meetings.select_related("activity__body", "activity__chair").order_by("pk")[0]
    activity = open_activity(activity=meeting.activity, actor=session.chair, at=moment)
    add_agenda_item(
        activity=activity, topic="批评和自我批评", actor=session.chair, at=moment,
        notes="逐人作自我批评，其他党员提批评意见。", decision="问题列入整改清单，责任到人。",
    )  # fmt: skip
    for person in people:
        sign_in_with_card(activity=activity, card=member_card(person), actor=session.chair, at=moment)
    session.refresh_from_db()


def _rise(session: LifeSession, moment: datetime) -> None:
    meeting = session.meetings.select_related("activity__body", "activity__chair").order_by("pk")[0]
    close_activity(activity=meeting.activity, actor=session.chair, at=moment)
    session.refresh_from_db()


def _told(field: Field, branch: PartyOrg, secretary: Person, now: datetime) -> None:
    """Hold the year's session of the host: marked, graded, told four days ago; one objects, corrections are under way."""
    day = now.date() - timedelta(days=6)
    session = _plan(branch, secretary, now.year, at(day, 14, 0), at(day - timedelta(days=15), 10, 0))
    before = at(day - timedelta(days=3), 20, 0)
    members = members_of(session)
    if len(members) > LEAST + 1:
        exempt_member(member=members[-1], reason=Exemption.AWAY, note="援建项目，年底返回", actor=secretary, at=before)
    members = [row for row in members_of(session) if not row.exemption]
    for number, text in enumerate(OPINIONS):
        give_opinion(
            session=session, about=None, text=text, is_named=number == 1, actor=members[number % len(members)].person,
            at=before,
        )  # fmt: skip
    give_opinion(
        session=session, about=members[1], text="带徒弟再放手些。", is_named=False, actor=members[2].person, at=before
    )
    note_preparation(
        session=session, item=Preparation.PLAN_FILED, note="会议方案已报党委同意", actor=secretary, at=before
    )
    _fill(members, before)
    begins = at(day, 14, 0)
    _sit(session, [row.person for row in members], begins)
    for number, text in enumerate(CRITICISMS):
        note_criticism(
            member=members[number], said_by=members[number + 1].person, text=text, actor=secretary,
            at=begins + timedelta(hours=1),
        )  # fmt: skip
    open_marking(session=session, actor=secretary, at=begins + timedelta(hours=2))
    for row in session.ballots.select_related("ballot"):
        for number, member in enumerate(members):
            votes = {
                place + 1: (1 if (place * 2 + number) % (3 + place % 3) == 0 else 2)
                for place in range(len(row.members))
            }
            votes[len(row.members)] = 3 if number % 2 else 2
            cast_votes(ballot=row.ballot, votes=votes, actor=member.person, at=begins + timedelta(hours=2))
    count_marks(session=session, actor=secretary, at=begins + timedelta(hours=3))
    _rise(session, begins + timedelta(hours=3))
    _grade(field, session, secretary, at(day + timedelta(days=1), 9, 0))
    _correct(session, secretary, at(day + timedelta(days=1), 16, 0), now)


def _grade(field: Field, session: LifeSession, secretary: Person, moment: datetime) -> None:
    graded = [row for row in members_of(session) if row.takes_grade]
    others = [row for row in graded if row.person_id != secretary.pk]
    most = min(shares_of(session).most, 2)
    for row in others[:most]:
        propose_grade(
            member=row, grade=ReviewGrade.EXCELLENT, reasons="停产对接连续四十小时在现场，带出两名徒弟。", actor=secretary,
            at=moment,
        )  # fmt: skip
    poor = others[-1]
    propose_grade(
        member=poor, grade=ReviewGrade.BASIC, reasons="组织生活缺席较多，承诺事项没有办完。", actor=secretary, at=moment
    )
    take_measure(
        member=poor, kind=MeasureKind.HELP, reasons="支委一对一帮带，每月谈心一次，三个月后再看。",
        until=moment.date() + timedelta(days=90), helper=others[0].person, actor=secretary, at=moment,
    )  # fmt: skip
    propose_rest(session=session, actor=secretary, at=moment)
    propose_rest(session=session, actor=field.clerk, at=moment)
    tell_results(session=session, actor=secretary, at=moment + timedelta(hours=1))
    told = [row for row in members_of(session) if row.grade]
    for row in told[: len(told) // 2]:
        if row.person.account_id is None:
            acknowledge(member=row, actor=row.person, at=moment + timedelta(hours=8))
    one = next(row for row in told if row.pk == others[most].pk)
    object_to_grade(
        member=one, text="去年抢险我也在现场，请再核对考勤。", actor=one.person, at=moment + timedelta(days=1)
    )
    report_up(session=session, actor=secretary, at=moment + timedelta(days=1))


def _correct(session: LifeSession, secretary: Person, moment: datetime, now: datetime) -> None:
    members = members_of(session)
    first = list_correction(
        session=session, level=ListLevel.BRANCH, problem="集中学习和倒班冲突，缺学多", measure="按班次分两次学，缺学一周内补",
        due_at=moment + timedelta(days=40), actor=secretary, at=moment, assignee=members[0].person,
    )  # fmt: skip
    list_correction(
        session=session, level=ListLevel.COMMITTEE, problem="支委到夜班现场少", measure="每名支委每月跟两个夜班",
        due_at=moment + timedelta(days=60), actor=secretary, at=moment, assignee=members[1].person,
    )  # fmt: skip
    for row, problem, measure in (
        (members[2], "带徒弟只教操作不讲道理", "每周讲一个处置案例"),
        (members[3], "台账记得晚", "当天记、当天核"),
    ):
        list_correction(
            session=session, level=ListLevel.MEMBER, problem=problem, measure=measure, due_at=now + timedelta(days=30),
            actor=secretary, at=moment, member=row,
        )  # fmt: skip
    _settle(first.task, secretary, moment + timedelta(days=2))


def _settle(task: Task, secretary: Person, moment: datetime) -> None:
    found = Task.objects.select_related("assignee", "body").get(pk=task.pk)
    submit_task(task=found, note="已按班次排好，第一次补学办了。", actor=found.assignee, at=moment)
    if found.assignee_id != secretary.pk:
        accept_task(task=found, actor=secretary, at=moment + timedelta(hours=2))


def _last_year(branch: PartyOrg, secretary: Person, since: date, now: datetime) -> None:
    """Last year's meeting, held late and closed with a line carried over: it stands first this year."""
    day = since + timedelta(days=12)
    session = _plan(branch, secretary, now.year - 1, at(day, 14, 0), at(day - timedelta(days=6), 9, 0), review=False)
    members = members_of(session)
    _fill(members, at(day - timedelta(days=1), 20, 0), review=False)
    _sit(session, [row.person for row in members], at(day, 14, 0))
    _rise(session, at(day, 16, 0))
    moment = at(day + timedelta(days=1), 9, 0)
    done = list_correction(
        session=session, level=ListLevel.BRANCH, problem="主题党日和生产结合不紧", measure="每次党日解决一个现场问题",
        due_at=moment + timedelta(days=20), actor=secretary, at=moment, assignee=members[0].person,
    )  # fmt: skip
    open_ = list_correction(
        session=session, level=ListLevel.COMMITTEE, problem="党员活动室没有网络", measure="和基建一起布线",
        due_at=moment + timedelta(days=200), actor=secretary, at=moment, assignee=members[1].person,
    )  # fmt: skip
    _settle(done.task, secretary, moment + timedelta(days=10))
    if members[0].person_id == secretary.pk:
        carry_over(correction=done, reason="验收待上级", actor=secretary, at=moment + timedelta(days=11))
    carry_over(correction=open_, reason="活动室随联合站改造明年投用", actor=secretary, at=moment + timedelta(days=11))
    close_session(session=session, actor=secretary, at=moment + timedelta(days=12))


def _preparing(branch: PartyOrg, secretary: Person, now: datetime) -> None:
    """A branch in the middle of preparing: some have written, those with a log-in are still asked."""
    day = now.date() + timedelta(days=9)
    session = _plan(branch, secretary, now.year, at(day, 14, 0), now - timedelta(days=3))
    members = [row for row in members_of(session) if row.person.account_id is None]
    _fill(members[: len(members) // 2], now - timedelta(days=1))
    for member in members[:1]:
        give_opinion(
            session=session, about=None, text=OPINIONS[0], is_named=False, actor=member.person,
            at=now - timedelta(days=1),
        )  # fmt: skip


def _held(branch: PartyOrg, secretary: Person, now: datetime) -> None:
    """A branch that has held its meeting, and still has the review before it."""
    day = now.date() - timedelta(days=2)
    session = _plan(branch, secretary, now.year, at(day, 14, 0), at(day - timedelta(days=10), 9, 0))
    members = members_of(session)
    _fill(members, at(day - timedelta(days=1), 20, 0))
    _sit(session, [row.person for row in members[: max(LEAST, len(members) * 3 // 4)]], at(day, 14, 0))
    _rise(session, at(day, 16, 0))
    list_correction(
        session=session, level=ListLevel.BRANCH, problem="外雇工党员参加活动少", measure="党日前一周单独通知到人",
        due_at=now + timedelta(days=45), actor=secretary, at=at(day + timedelta(days=1), 9, 0),
        assignee=members[0].person,
    )  # fmt: skip


def _criticism(field: Field, now: datetime) -> None:
    """The committee's criticism meeting, to which its leading group came."""
    posts = PostHolding.objects.held_on(now.date()).filter(
        body=field.committee, role__in=[PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_MEMBER]
    )
    people = list(dict.fromkeys(post.person for post in posts.select_related("person").order_by("pk")))
    if not people:
        return
    begins = at(now.date() - timedelta(days=13), 9, 0)
    lead = people[0]
    activity = plan_activity(
        activity_type=ActivityType.CRITICISM_MEETING, body=field.committee, place="二楼会议室", scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=3), chair=lead, actor=lead, at=begins - timedelta(days=5),
    )  # fmt: skip
    activity = open_activity(activity=activity, actor=lead, at=begins)
    add_agenda_item(activity=activity, topic="领导班子对照检查", actor=lead, at=begins, notes="逐人发言，开展批评。")
    for person in people[: max(1, len(people) - 1)]:
        sign_in_with_card(activity=activity, card=member_card(person), actor=lead, at=begins)
    close_activity(activity=activity, actor=lead, at=begins + timedelta(hours=3))
