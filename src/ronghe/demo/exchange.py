"""学习交流 of the demonstration field: a zone that studies each month but one, lectures, mentor pairs, visits and practices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.taskforces import RUNNING, force_called
from ronghe.domain.exchange.calc.months import first_of, months_between
from ronghe.domain.exchange.enums import (
    Better,
    LectureKind,
    NoteKind,
    PairRole,
    PracticeState,
    StudyMode,
    TopicKind,
    VisitDirection,
)
from ronghe.domain.exchange.models import LearningVisit, Practice, StudyLine, StudyProgramme
from ronghe.domain.exchange.selectors.circles import first_witness, home_of
from ronghe.domain.exchange.selectors.holders import points_to_study
from ronghe.domain.exchange.services.lectures import offer_lecture, rate_session, want_lecture
from ronghe.domain.exchange.services.pair_reviews import ReviewText, review_pair
from ronghe.domain.exchange.services.pairs import (
    GoalText,
    ProgrammeOfPair,
    draft_pair,
    note_pair,
    sign_pair,
    submit_pair,
)
from ronghe.domain.exchange.services.planning import plan_lecture, plan_study
from ronghe.domain.exchange.services.practices import PracticeResult, offer_practice, settle_practice, take_home
from ronghe.domain.exchange.services.programmes import (
    ProgrammeText,
    add_line,
    add_point,
    answer_question,
    ask_question,
    open_programme,
)
from ronghe.domain.exchange.services.visits import (
    BenchmarkText,
    VisitText,
    answer_visit,
    follow_benchmark,
    hold_visit,
    note_benchmark,
    plan_visit,
)
from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.models import MentorPair
from ronghe.domain.members.services.mentors import pair_mentor
from ronghe.domain.org.enums import PARTY_MEMBERS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.forms import write_outcome
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code

LISTENERS = 9
TOPICS = (
    (TopicKind.NEW_TECHNOLOGY, "边缘网关上数：接口、点表和断点续传", "两周内在 3 号管廊试装一台，数据对上再铺开"),
    (TopicKind.NEW_EQUIPMENT, "新外输泵怎么开、怎么停、怎么看振动", "把开停泵卡贴到泵房，班班交接签字"),
    (TopicKind.SAFETY, "受限空间作业：气体检测和监护人职责", "监护人重新考一遍，不合格不上岗"),
    (TopicKind.THEORY, "党的二十届四中全会精神和我们的联合站改造", "各方支部各讲一次，联系本岗位谈"),
    (TopicKind.SKILLS, "焊口返修率高在哪里：三方一起看片子", "打底焊由两名师傅把关，返修率每周公布"),
)
WORDS = ("讲得实在，回去就能用。", "例子多，听得懂。", "想再听一次实操。", "节奏快了一点。", "图讲得清楚。")
MARKS = ((5, 5), (5, 4), (4, 4), (5, 5), (4, 3))


def show_exchange(field: Field, since: date, now: datetime) -> None:
    """Tell the story of the zone's learning, and list the task force's difficult points for study."""
    members = [person for person in field.crew if person.political_status in PARTY_MEMBERS]
    if len(members) < LISTENERS + 2:
        return
    _studies(field, members, since, now)
    _study_of_force(now)
    _lectures(field, members, now)
    _pairs(field, members, since, now)
    _visits(field, members, since, now)


def _studies(field: Field, members: Sequence[Person], since: date, now: datetime) -> None:
    today = now.date()
    made_at = at(since + timedelta(days=3), 10, 0)
    ends_on = max(date(today.year, 12, 31), today + timedelta(days=40))
    programme = open_programme(
        zone=field.zone, actor=field.lead, at=made_at,
        text=ProgrammeText(
            "南I-1协作区联合学习计划", since, ends_on, "南I-1联合站活动板房", StudyMode.BOTH, "企业微信群“南I-1学习角”"
        ),
    )  # fmt: skip
    months = months_between(programme.starts_on, ends_on)
    for place, month in enumerate(months):
        kind, topic, step = TOPICS[place % len(TOPICS)]
        line = add_line(
            programme=programme, month=month, kind=kind, topic=topic, preparer=members[place % 5], actor=field.lead,
            at=made_at,
        )  # fmt: skip
        day = max(month + timedelta(days=17), since + timedelta(days=6))
        if day < today - timedelta(days=2) and place != 1:  # the second month was missed
            _study(field, line, members, day, step)
        elif first_of(today) == month:
            _questions(line, members, now)
            begins = at(today + timedelta(days=3), 15, 0)
            plan_study(
                line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=field.lead,
                at=now - timedelta(days=1),
            )  # fmt: skip


def _study(field: Field, line: StudyLine, members: Sequence[Person], day: date, step: str) -> None:
    begins = at(day, 15, 0)
    activity = plan_study(
        line=line, scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=field.lead,
        at=begins - timedelta(days=4),
    ).activity  # fmt: skip
    _hold(activity, field.lead, begins, members[:LISTENERS], step=step, helper=members[day.day % 7])


def _hold(
    activity: Activity, lead: Person, begins: datetime, people: Sequence[Person], *, step: str, helper: Person
) -> None:
    activity = Activity.objects.select_related("body", "zone", "version").get(pk=activity.pk)
    open_activity(activity=activity, actor=lead, at=begins)
    moment = begins + timedelta(minutes=2)
    for person in people:
        sign_in_with_code(code=sign_in_code(activity, at=moment), actor=person, at=moment)
    add_agenda_item(
        activity=activity, topic="讨论和下一步", notes="各方结合自己的岗位都讲了，疑问当场答了。", decision=step,
        assignee=helper, due_at=begins + timedelta(days=14), actor=lead, at=begins + timedelta(minutes=40),
    )  # fmt: skip
    write_outcome(activity=activity, next_step=step, actor=lead, at=begins + timedelta(minutes=45))
    close_activity(activity=activity, actor=lead, at=begins + timedelta(minutes=55))


def _questions(line: StudyLine, members: Sequence[Person], now: datetime) -> None:
    first = ask_question(
        line=line, text="老设备没有点表，怎么核对？", actor=members[6], at=now - timedelta(days=2, hours=3)
    )
    if line.preparer is not None:
        answer_question(
            question=first, answer="先照铭牌抄一份，带到学习上一起对。", actor=line.preparer,
            at=now - timedelta(days=2, hours=1),
        )  # fmt: skip
    ask_question(line=line, text="夜班的人能不能看回放？", actor=members[7], at=now - timedelta(days=1, hours=2))


def _study_of_force(now: datetime) -> None:
    """List the first open difficult point of the running task force as a topic."""
    force = force_called(RUNNING)
    if force is None or force.body is None:
        return
    secretary = PostHolding.objects.filter(body=force.parent, role=PostRole.SECRETARY, valid_until=None).first()
    if secretary is None:
        return
    actor = secretary.person
    started = force.started_at or now - timedelta(days=30)
    programme: StudyProgramme = open_programme(
        task_force=force, actor=actor, at=now - timedelta(days=9),
        text=ProgrammeText(
            "数智仪陇攻关联合学习计划", started.date(), now.date() + timedelta(days=60), "仪陇中心站会议室", StudyMode.BOTH
        ),
    )  # fmt: skip
    for point in points_to_study(programme, actor, now)[:1]:
        add_point(programme=programme, point=point, actor=actor, at=now - timedelta(days=9))


def _lectures(field: Field, members: Sequence[Person], now: datetime) -> None:
    offered = now - timedelta(days=40)
    told = (
        (members[2], "外输泵机封怎么换，少走三个弯路", LectureKind.BUSINESS, 45, "泵房和维修班", "拆卸顺序、量具、装配、试运"),
        (members[3], "我在南I-1的第一个冬天", LectureKind.EXPERIENCE, 30, "新来的同志", "冻堵怎么处置、师傅怎么带我"),
        (members[4], "看懂联锁逻辑图", LectureKind.TECHNOLOGY, 60, "自控和运行", "符号、因果表、一次误动作的复盘"),
        (members[5], "动火作业票的五处常错", LectureKind.SAFETY, 30, "各方作业负责人和监护人", "五张真票，逐张找"),
    )  # fmt: skip
    lectures = [
        offer_lecture(
            lecturer=person, title=title, kind=kind, minutes=minutes, audience=audience, outline=outline, actor=person,
            at=offered + timedelta(days=place),
        )
        for place, (person, title, kind, minutes, audience, outline) in enumerate(told)
    ]  # fmt: skip
    for place, lecture in enumerate(lectures):
        fans = [person for person in members[6 : 8 + place * 2] if person != lecture.lecturer]
        for person in fans:
            want_lecture(lecture=lecture, is_wanted=True, actor=person, at=offered + timedelta(days=5))
    for lecture, days in ((lectures[0], 22), (lectures[3], 3)):
        begins = at(now.date() - timedelta(days=days), 16, 0)
        session = plan_lecture(
            lecture=lecture, body=field.zone_body, place="南I-1联合站活动板房", scheduled_from=begins,
            scheduled_until=begins + timedelta(minutes=lecture.minutes), actor=field.lead, at=begins - timedelta(days=3),
        )  # fmt: skip
        listeners = [person for person in members[:LISTENERS] if person != lecture.lecturer]
        _hold(
            session.activity, field.lead, begins, [lecture.lecturer, *listeners], step="照着讲的做一遍，下周班前会上说",
            helper=lecture.lecturer,
        )  # fmt: skip
        session.refresh_from_db()
        raters = [person for person in listeners if person != field.crew[0]][2 : 2 + len(MARKS)]
        for person, (useful, clear), word in zip(raters, MARKS, WORDS, strict=False):
            rate_session(
                session=session,
                usefulness=useful,
                clarity=clear,
                word=word,
                actor=person,
                at=begins + timedelta(hours=3),
            )


def _pairs(field: Field, members: Sequence[Person], since: date, now: datetime) -> None:
    """One pair reviewed and overdue again, one to be signed, one without a programme."""
    begun = since + timedelta(days=4)
    done = _pair(field, members[2], members[9], "外输泵检修", begun)
    until = begun + timedelta(days=365)
    programme = draft_pair(
        pair=done, actor=done.mentor, at=at(begun, 10, 0),
        given=_programme(done.apprentice, begun, until, now, "独立完成机封更换", "台", "10", review_months=1),
    )  # fmt: skip
    text = submit_pair(programme=programme, actor=done.mentor, at=at(begun, 11, 0))
    people = {PairRole.MENTOR: done.mentor, PairRole.APPRENTICE: done.apprentice, PairRole.WITNESS: programme.witness}
    for hour, role in enumerate(PairRole, start=14):
        sign_pair(programme=programme, digest=text.digest, actor=people[role], at=at(begun, hour, 0))
    for days, words, kind, person in (
        (12, "一起换了 2 号泵机封，徒弟量的间隙。", NoteKind.WORK, done.mentor),
        (25, "装配能跟上了，找正还慢。", NoteKind.WORD, done.apprentice),
    ):
        day = begun + timedelta(days=days)
        note_pair(programme=programme, kind=kind, text=words, day=day, actor=person, at=at(day, 17, 30))
    review_on = begun + timedelta(days=31)
    if review_on < now.date():
        review_pair(
            programme=programme, actor=done.mentor, at=at(review_on, 16, 0),
            given=ReviewText(
                review_on, "手上有准头，理论要补。", "装配能跟上了，找正还慢。", next_step="下个月单独换一台，师傅只看不动手",
                figures={1: Decimal(4)}, met={2: True},
            ),
        )  # fmt: skip
    waits = _pair(field, members[3], field.crew[0] if members[1] == field.crew[0] else members[1], "联锁和自控", begun)
    later = now - timedelta(days=2)
    programme = draft_pair(
        pair=waits, actor=waits.mentor, at=later,
        given=_programme(
            waits.apprentice, now.date(), now.date() + timedelta(days=300), now, "独立排除联锁误动作", "次", "5"
        ),
    )  # fmt: skip
    text = submit_pair(programme=programme, actor=waits.mentor, at=later)
    sign_pair(programme=programme, digest=text.digest, actor=waits.mentor, at=later + timedelta(hours=1))
    _pair(field, members[4], members[10], "焊口外观检查", now.date() - timedelta(days=20))


def _pair(field: Field, mentor: Person, apprentice: Person, topic: str, since: date) -> MentorPair:
    return pair_mentor(
        mentor=mentor, apprentice=apprentice, kind=MentorKind.APPRENTICESHIP, topic=topic, since=since, actor=field.clerk,
        at=at(since, 9, 0), planned_until=since + timedelta(days=365),
    )  # fmt: skip


def _programme(
    apprentice: Person, since: date, until: date, now: datetime, what: str, unit: str, target: str, *,
    review_months: int = 3,
) -> ProgrammeOfPair:  # fmt: skip
    body = home_of(apprentice, now.date())
    witness = first_witness(body, now.date(), besides=(apprentice.pk,)) if body is not None else None
    if witness is None:
        raise AssertionError(apprentice)
    goals = [
        GoalText(what, until, unit, Better.UP, Decimal(0), Decimal(target)),
        GoalText("会讲清楚每一步为什么", until),
        GoalText("干活出错", until, "次", Better.DOWN, Decimal(6), Decimal(1)),
    ]
    return ProgrammeOfPair(since, until, witness, goals, "师傅手把手，徒弟勤动手；安全上一票否决。", review_months)


def _visits(field: Field, members: Sequence[Person], since: date, now: datetime) -> None:
    today = now.date()
    day = max(today - timedelta(days=38), since + timedelta(days=8))
    visit = plan_visit(
        body=field.zone_body, actor=field.lead, at=at(day - timedelta(days=5), 9, 0),
        text=VisitText(
            VisitDirection.BENCHMARK, day, "仪陇中心站", "对标无人值守站的巡检和报警处置",
            host_body=_host(field), host_name="" if _host(field) else "仪陇输气作业区",
            to_see="巡检路线、报警分级、视频轮巡、班组怎么交接",
        ),
    )  # fmt: skip
    hold_visit(
        visit=visit, people=[*members[:6], field.lead], actor=field.lead, at=at(day, 17, 0),
        seen="一、报警分四级，先看级再看数。二、两人一组巡检，一人看一人记。三、交接班先过“昨日三件事”。",
    )  # fmt: skip
    _benchmarks(field, visit, members, day)
    _practices(field, visit, members, day)
    leader = PostHolding.objects.filter(body=visit.host_body, role=PostRole.SECRETARY, valid_until=None).first()
    if visit.host_body is not None and leader is not None:
        answer_visit(
            visit=LearningVisit.objects.get(pk=visit.pk), thanks="问得细，也给我们提了三条建议，回访时再一起看。",
            actor=leader.person, at=at(day + timedelta(days=1), 10, 0),
        )  # fmt: skip
    plan_visit(
        body=field.zone_body, actor=field.lead, at=now - timedelta(days=1),
        text=VisitText(
            VisitDirection.INVITE_IN, today + timedelta(days=6), "南I-1联合站活动板房", "请专家讲焊口无损检测怎么看片",
            host_name="石油大学材料学院刘教授", to_see="带三张有争议的片子请专家看",
        ),
    )  # fmt: skip


def _host(field: Field) -> PartyOrg | None:
    force = force_called(RUNNING)
    return force.parent if force is not None and force.parent_id != field.zone_body.pk else None


def _benchmarks(field: Field, visit: LearningVisit, members: Sequence[Person], day: date) -> None:
    told = (
        ("巡检及时率", "%", Better.UP, "92.5", "99", "98", "巡检点扫码，漏一点当班补", "96.8"),
        ("报警平均处置", "分钟", Better.DOWN, "18", "7", "10", "报警分级，一级两分钟内到人", None),
        ("员工人均持证", "本", Better.UP, "3.2", "2.6", None, "", None),
    )
    for place, (indicator, unit, better, ours, theirs, target, measure, actual) in enumerate(told):
        line = note_benchmark(
            visit=visit, actor=field.lead, at=at(day, 18, 0),
            given=BenchmarkText(
                indicator, better, Decimal(ours), Decimal(theirs), unit, Decimal(target) if target else None,
                day + timedelta(days=90) if target else None, measure, members[place] if target else None,
            ),
        )  # fmt: skip
        if actual is not None:
            follow_benchmark(
                line=line, actual=Decimal(actual), actor=members[place], at=at(day + timedelta(days=30), 9, 0)
            )


def _practices(field: Field, visit: LearningVisit, members: Sequence[Person], day: date) -> None:
    told: tuple[tuple[str, str, Person], ...] = (
        ("双人巡检，一人看一人记", "两人一组，看的人报、记的人复述，错了当场改。", members[2]),
        ("交接班先过“昨日三件事”", "接班先听三件：没干完的、变了的、要当心的。", members[3]),
        ("报警先看级再看数", "把报警分四级，一级直接打电话到人。", members[1]),
        ("视频轮巡每两小时一次", "对方有 9 座站，我们只有 1 座。", members[4]),
    )
    taken: list[Practice] = [
        take_home(visit=visit, title=title, text=text, owner=owner, actor=field.lead, at=at(day, 18, 30))
        for title, text, owner in told
    ]
    results = (
        PracticeResult(PracticeState.ADOPTED, "漏检少了，新手也敢报了。", "每周漏检", "处", Decimal(7), Decimal(1)),
        PracticeResult(PracticeState.PARTLY, "夜班照做；白班人多，改成两件事。"),
        None,
        PracticeResult(PracticeState.NOT_ADOPTED, "只有一座站，人就在旁边，轮巡没有必要。"),
    )
    for days, (practice, result) in enumerate(zip(taken, results, strict=True), start=24):
        if result is not None:
            settle_practice(
                practice=practice, result=result, actor=practice.owner, at=at(day + timedelta(days=days), 9, 0)
            )
    offer_practice(practice=taken[0], is_offered=True, actor=taken[0].owner, at=at(day + timedelta(days=30), 9, 0))
