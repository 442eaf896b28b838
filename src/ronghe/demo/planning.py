"""四同检查 of the demonstration field: the zone's plan of a year with one quarter checked and one being walked, real gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import HOST, Field
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.planning.calc.contents import ItemText
from ronghe.domain.planning.enums import Aspect, CheckState, ItemKind, Side
from ronghe.domain.planning.models import ItemCheck, Plan, PlanItem
from ronghe.domain.planning.selectors.plans import text_of
from ronghe.domain.planning.services.agreeing import close_plan, confirm_plan, finish_item, offer_plan
from ronghe.domain.planning.services.checking import confirm_check, contest_check, waive_check
from ronghe.domain.planning.services.drafting import add_items, change_item, draft_plan, drop_item
from ronghe.domain.planning.services.gaps import open_gap_task
from ronghe.domain.planning.services.rounds import close_round, open_round
from ronghe.domain.rhythm.enums import ActivityType, AttendanceStatus, AttendanceWay
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.forms import answer_rest_fine
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from ronghe.kernel.calendar.periods import PeriodKind, period_around

PRODUCTION = (
    ("管线试压分段方案", "6", "段"), ("注水泵房墙体胶粘挂网样板", "1", "段"), ("审图意见逐条回复", "100", "%"),
    ("沉降罐保温收口补齐", "4", "座"), ("阀组间盲板清单核对", "38", "处"), ("电缆桥架开料尺寸复核", "120", "米"),
    ("外雇工宿舍用电检查", "12", "间"), ("清管球收发筒基础验收", "2", "座"),
)  # fmt: skip
PARTY = (
    ("党员责任区挂牌和自查", "每个责任区挂牌，每周自查一次"), ("党员先锋队冬季施工攻坚", "零下十五度前完成防冻"),
    ("外雇工党员纳入临时党小组", "在场外雇工党员全部纳入"), ("主题党日清理3号管廊积水", "每月一次，清完为止"),
    ("安全微党课进班组", "每月两课"), ("青工技能比武", "焊工、电工各一场"),
)  # fmt: skip
TALKED = (8, 9, 10, 12)
"""Which of the items, counted from 0, the joint conference of the first days talks over."""
ASSIGNED = (0, 1, 2, 6, 8, 9)
ACCEPTED = (0, 1, 2, 8)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plans for the zone: the secretary, the manager, and further owners of each side."""

    body: PartyOrg
    secretary: Person
    manager: Person
    lead: Person
    officer: Person
    members: list[Person]


def show_planning(field: Field, since: date, now: datetime) -> None:
    """Tell of the zone's year with its checks, and of the host branch whose new plan waits for its heads."""
    cast = _cast(field)
    plan = _agree(cast, since)
    items = list(plan.items.select_related("plan__body", "production_owner", "party_owner").order_by("number"))
    _conference(cast, [items[place].title for place in TALKED], at(since + timedelta(days=8), 9, 0))
    _tasks(cast, items, since)
    quarter = period_around(since, PeriodKind.QUARTER)
    after = at(quarter.span.until_on + timedelta(days=7), 9, 0)
    _changes(cast, items, quarter.span.until_on - timedelta(days=12))
    _check_past(cast, plan, quarter.label, after)
    for number, place in enumerate((3, 4, 5, 6, 8, 9)):
        done = after + timedelta(days=1 + 4 * number)
        if done < now:
            finish_item(
                item=PlanItem.objects.select_related("plan").get(pk=items[place].pk), done_on=done.date(),
                result="已完成，两方验过", actor=items[place].production_owner, at=done,
            )  # fmt: skip
    current = period_around(now.date(), PeriodKind.QUARTER)
    begun = max(now - timedelta(days=2), after + timedelta(hours=3))
    if plan.until_on > current.span.from_on:
        _check_now(cast, plan, current.label, begun)
    _host_branch(field, cast, since, now)


def _cast(field: Field) -> Cast:
    body = field.zone_body

    def holder(role: PostRole) -> Person:
        return PostHolding.objects.filter(body=body, role=role, valid_until=None).order_by("pk")[0].person

    secretary, manager, officer = (
        holder(role) for role in (PostRole.SECRETARY, PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER)
    )
    taken = {person.pk for person in (secretary, manager, officer, field.lead)}
    members = [person for person in field.crew if person.is_party_member and person.pk not in taken]
    return Cast(body, secretary, manager, field.lead, officer, members[:3])


def _agree(cast: Cast, since: date) -> Plan:
    """Both heads confirm the plan of the year on the first day."""
    moment = at(since, 10, 0)
    plan = draft_plan(
        body=cast.body, period=str(since.year), production_head=cast.manager, actor=cast.secretary, at=moment
    )
    theirs = [cast.lead, cast.manager, cast.officer]
    ours = [cast.secretary, *cast.members]
    last = date(since.year, 12, 31)
    texts = []
    for place, (title, figure, unit) in enumerate(PRODUCTION):
        due = min(since + timedelta(days=45 + 12 * place), last)
        texts.append(
            ItemText(
                title, ItemKind.PRODUCTION, theirs[place % 3].pk, ours[place % len(ours)].pk, due,
                figure=Decimal(figure), unit=unit, weight=Decimal(8),
            )
        )  # fmt: skip
    for place, (title, goal) in enumerate(PARTY):
        due = min(since + timedelta(days=60 + 20 * place), last)
        texts.append(
            ItemText(
                title, ItemKind.PARTY, theirs[place % 3].pk, ours[place % len(ours)].pk, due, goal=goal,
                weight=Decimal(6),
            )
        )  # fmt: skip
    add_items(plan=plan, texts=texts, actor=cast.secretary, at=moment)
    plan = offer_plan(plan=Plan.objects.select_related("body").get(pk=plan.pk), actor=cast.secretary, at=moment)
    confirm_plan(plan=plan, side=Side.PARTY, actor=cast.secretary, at=moment + timedelta(minutes=5))
    return confirm_plan(plan=plan, side=Side.PRODUCTION, actor=cast.manager, at=moment + timedelta(hours=2))


def _conference(cast: Cast, topics: list[str], opened: datetime) -> None:
    """A joint conference of the first days talks the Party items over; both sides are there."""
    meeting = plan_activity(
        activity_type=ActivityType.JOINT_CONFERENCE, body=cast.body, place="联合项目部会议室", scheduled_from=opened,
        scheduled_until=opened + timedelta(hours=1), actor=cast.lead, at=opened - timedelta(hours=1),
    )  # fmt: skip
    open_activity(activity=meeting, actor=cast.lead, at=opened)
    people = [cast.secretary, cast.manager, cast.lead, *cast.members]
    known = set(meeting.attendances.values_list("person_id", flat=True))
    Attendance.objects.bulk_create(
        Attendance(
            activity=meeting, person=person, status=AttendanceStatus.PRESENT, way=AttendanceWay.OWN_PHONE,
            signed_at=opened, recorded_by=person, recorded_at=opened,
        )
        for person in people
        if person.pk not in known
    )  # fmt: skip
    for topic in topics:
        add_agenda_item(
            activity=meeting,
            topic=topic,
            actor=cast.lead,
            at=opened + timedelta(minutes=10),
            decision="两方一起抓，按月看。",
        )
    ends = opened + timedelta(minutes=50)
    if meeting.form is not None and meeting.form.checks:
        answer_rest_fine(activity=meeting, actor=cast.lead, at=ends)
    close_activity(activity=meeting, actor=cast.lead, at=ends)


def _tasks(cast: Cast, items: list[PlanItem], since: date) -> None:
    """The secretary gives some items to their production owners; some of them are done and accepted."""
    for place in ASSIGNED:
        item, given = items[place], at(since + timedelta(days=9 + place), 15, 0)
        owner = item.production_owner
        task = open_task(
            title=item.title, assignee=owner, due_at=given + timedelta(days=25), body=cast.body, actor=cast.secretary,
            at=given,
        )  # fmt: skip
        if place in ACCEPTED:
            submit_task(task=task, note="已完成，请验收。", actor=owner, at=given + timedelta(days=20))
            accept_task(task=task, actor=cast.secretary, at=given + timedelta(days=21))


def _changes(cast: Cast, items: list[PlanItem], day: date) -> None:
    """Two changes in force, each a version with its reason, confirmed by both; two items are achieved."""
    moment = at(day, 16, 0)
    last = items[-1]
    text = text_of(last)
    later = min(text.due_on + timedelta(days=15), last.plan.until_on - timedelta(days=1))
    if later != text.due_on:
        moved = ItemText(
            text.title, text.kind, text.production_owner, text.party_owner, later, text.goal, text.figure, text.unit,
            text.weight,
        )  # fmt: skip
        change_item(item=last, text=moved, reason="比武场地晚交半个月", actor=cast.manager, at=moment)
    drop_item(
        item=items[12], reason="并入公司统一安排的安全课", actor=cast.secretary, at=moment + timedelta(minutes=20)
    )
    plan = Plan.objects.select_related("body").get(pk=last.plan_id)
    confirm_plan(plan=plan, side=Side.PARTY, actor=cast.secretary, at=moment + timedelta(minutes=30))
    confirm_plan(plan=plan, side=Side.PRODUCTION, actor=cast.manager, at=moment + timedelta(minutes=40))
    for place in (1, 2):
        finish_item(
            item=items[place], done_on=day, result="按期完成", result_figure=items[place].figure,
            actor=items[place].production_owner, at=moment + timedelta(hours=1),
        )  # fmt: skip


def _checks(plan: Plan, quarter: str) -> list[ItemCheck]:
    rows = ItemCheck.objects.filter(item__plan=plan, item__dropped_at=None, quarter__in=["", quarter])
    return list(
        rows.select_related("item__plan__body", "item__production_owner", "item__party_owner").order_by(
            "item__number", "pk"
        )
    )


def _check_past(cast: Cast, plan: Plan, quarter: str, moment: datetime) -> None:
    """The quarter that is over: what the records show is confirmed, one check does not apply, gaps become tasks."""
    found = open_round(plan=plan, quarter=quarter, actor=cast.secretary, at=moment)
    gaps = 0
    for check in _checks(plan, quarter):
        if check.state == CheckState.PROPOSED:
            confirm_check(check=check, actor=cast.secretary, at=moment + timedelta(minutes=20))
        elif check.aspect == Aspect.CARRIED_OUT and check.item.number == 14:
            waive_check(check=check, reason="四季度才开赛", actor=cast.secretary, at=moment + timedelta(minutes=25))
        elif check.state == CheckState.NONE and check.aspect == Aspect.ASSIGNED and gaps < 2:
            gaps += 1
            open_gap_task(check=check, actor=cast.secretary, at=moment + timedelta(minutes=30))
    contested = next((check for check in _checks(plan, quarter) if check.state == CheckState.CONFIRMED), None)
    if contested is not None:
        contest_check(
            check=contested,
            reason="那次会上只通报，没有一起研究",
            actor=cast.manager,
            at=moment + timedelta(minutes=40),
        )
    close_round(round=found, actor=cast.secretary, at=moment + timedelta(hours=1))


def _check_now(cast: Cast, plan: Plan, quarter: str, moment: datetime) -> None:
    """The running quarter is half walked: some proposals are confirmed, others wait."""
    open_round(plan=plan, quarter=quarter, actor=cast.secretary, at=moment)
    waiting = [check for check in _checks(plan, quarter) if check.state == CheckState.PROPOSED]
    for check in waiting[: len(waiting) // 2]:
        confirm_check(check=check, actor=cast.secretary, at=moment + timedelta(minutes=10))


def _host_branch(field: Field, cast: Cast, since: date, now: datetime) -> None:
    """The host's branch: a plan of a quarter that is over, and the next one, which waits for its manager."""
    branch = PartyOrg.objects.get(name=f"{HOST}党支部", valid_until=None)
    people = list(
        Person.objects.filter(unit__name=HOST, valid_until=None).exclude(pk=cast.secretary.pk).order_by("pk")[:3]
    )
    secretary = PostHolding.objects.filter(body=branch, role=PostRole.SECRETARY, valid_until=None).first()
    if secretary is None or len(people) < 3:
        return
    quarter = period_around(since, PeriodKind.QUARTER)
    first = at(since + timedelta(days=1), 9, 0)
    plan = draft_plan(body=branch, period=quarter.label, production_head=people[0], actor=secretary.person, at=first)
    due = quarter.span.last_on
    texts = [
        ItemText("南I-1站停产对接", ItemKind.PRODUCTION, people[1].pk, secretary.person_id, due, figure=Decimal(3), unit="次"),
        ItemText("站内盲板挂牌", ItemKind.PRODUCTION, people[1].pk, people[2].pk, due, goal="一处一牌"),
        ItemText("党员带班进施工现场", ItemKind.PARTY, people[1].pk, people[2].pk, due, goal="每天一名党员带班"),
    ]  # fmt: skip
    add_items(plan=plan, texts=texts, actor=secretary.person, at=first)
    plan = offer_plan(plan=Plan.objects.select_related("body").get(pk=plan.pk), actor=secretary.person, at=first)
    confirm_plan(plan=plan, side=Side.PARTY, actor=secretary.person, at=first)
    plan = confirm_plan(plan=plan, side=Side.PRODUCTION, actor=people[0], at=first)
    after = at(quarter.span.until_on + timedelta(days=8), 9, 0)
    found = open_round(plan=plan, quarter=quarter.label, actor=secretary.person, at=after)
    close_round(round=found, actor=secretary.person, at=after + timedelta(minutes=30))
    close_plan(plan=plan, actor=field.clerk, at=after + timedelta(minutes=40))
    following = draft_plan(
        body=branch, period=quarter.next().label, production_head=people[0], drawn_from=plan, actor=secretary.person,
        at=now - timedelta(days=3),
    )  # fmt: skip
    offer_plan(plan=following, actor=secretary.person, at=now - timedelta(days=3))
