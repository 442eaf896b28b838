"""Contact points with their visits, and union and league beside a branch: what a unit's committee does in a quarter."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at as moment_on
from ronghe.demo.organization import Field
from ronghe.domain.contacts.enums import ContactKind
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.selectors import candidates_for
from ronghe.domain.contacts.services.mass import enrol_in_mass
from ronghe.domain.contacts.services.points import hand_over_contact, set_contact
from ronghe.domain.org.enums import PartyOrgKind, PostRole, UnitKind
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.org.services.trees import create_party_org
from ronghe.domain.rhythm.enums import ActivityType, Seen
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.changes import move_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.hosts import HostAs
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.domain.rhythm.services.visits import Account, Finding, Problem, record_visit
from ronghe.domain.work.services.tasks import accept_task, submit_task

LISTED = 24
SIGNED_IN = 18
FOUND = (
    ("跟班一上午，交底讲得细；应急物资柜要补。", "急救箱过期两件", "应急柜急救箱更换过期用品",
     "过期用品已换，库存补到两套，见台账。"),
    ("看了交接班和巡检，票证齐；夜间照明不够。", "二号沟照明坏三盏", "二号沟应急照明修复", "三盏灯已换，夜间复查正常。"),
)  # fmt: skip
"""What was noted, the one concern, the problem that became a task, and the answer."""


def show_contacts(field: Field, since: date, now: datetime) -> None:
    """Put two leaders in touch with a station and a branch, visit them, hand one over; found union and league."""
    leaders = _leaders(field, since, now)
    _contacts(field, leaders, since)
    union, league = _mass(field, leaders, since, now)
    _held_together(field, union, league, now)


def _leaders(field: Field, since: date, now: datetime) -> list[Person]:
    """Three of the zone's members sit on the committee above it; the first has a log-in already."""
    held = PostHolding.objects.filter(body=field.zone_body, role=PostRole.SECRETARY, valid_until=None)
    secretary = held.select_related("person").order_by("pk")[0].person
    others = [person for person in field.crew if person.pk not in (field.lead.pk, secretary.pk)][:2]
    for person in (secretary, *others):
        take_post(
            person=person, role=PostRole.COMMITTEE_MEMBER, body=field.committee, since=since, actor=field.clerk, at=now
        )
    return [secretary, *others]


def _contacts(field: Field, leaders: list[Person], since: date) -> None:
    start = moment_on(since, 9, 0)
    places = _places(field)
    safety = [
        set_contact(
            kind=ContactKind.SAFETY, holder=leaders[number % len(leaders)], body=field.committee, since=since,
            approval_ref="党委会〔2026〕11号", actor=field.clerk, at=start, to_unit=place,
        )
        for number, place in enumerate(places)
    ]  # fmt: skip
    helped = set_contact(
        kind=ContactKind.FIXED_POINT, holder=leaders[1], body=field.committee, since=since,
        approval_ref="党委会〔2026〕11号", actor=field.clerk, at=start, to_body=field.zone_body,
    )  # fmt: skip
    for number, contact in enumerate(safety):
        if number:  # the first one is still to be made, and overdue: what the committee member sees today
            _visit(field, contact, moment_on(since, 15, 20) + timedelta(days=12 + number), FOUND[number % len(FOUND)])
    later = moment_on(since, 9, 0) + timedelta(days=40)
    hand_over_contact(
        contact=helped, to=leaders[2], on=later.date(), approval_ref="党委会〔2026〕15号", actor=field.clerk, at=later
    )


def _places(field: Field) -> list[AdminUnit]:
    sides = field.zone.participating_units.order_by("pk").values("unit_id")
    below = AdminUnit.objects.filter(links_above__ancestor__in=sides, valid_until=None).distinct()
    wanted = below.filter(kind__in=[UnitKind.STATION, UnitKind.TEAM, UnitKind.UNIT]).order_by("kind", "pk")
    return list(wanted[:3])


def _visit(field: Field, contact: ContactPoint, moment: datetime, found: tuple[str, str, str, str]) -> None:
    worker = next(person for person in field.crew if person.pk != contact.holder_id)
    note, concern, title, answer = found
    account = Account(
        note=note,
        findings={
            "toolbox_talk": Finding(Seen.FINE),
            "permits": Finding(Seen.FINE),
            "emergency": Finding(Seen.CONCERN, concern),
        },
        problems=[Problem(title, worker, moment + timedelta(days=7), raised_by=_raiser(field, contact, worker))],
    )
    visit = record_visit(to=contact, day=moment.date(), account=account, actor=contact.holder, at=moment)
    task = visit.problems.select_related("task__assignee").order_by("number")[0].task
    submit_task(task=task, actor=task.assignee, at=moment + timedelta(days=3), note=answer)
    accept_task(task=task, actor=contact.holder, at=moment + timedelta(days=4))


def _raiser(field: Field, contact: ContactPoint, worker: Person) -> Person:
    """The foreman with a log-in brings it up: he has an answer to read when the demonstration is opened."""
    foreman = Person.objects.get(account__login="gongren")
    others = [person for person in field.crew if person.pk not in (contact.holder_id, worker.pk)]
    return foreman if foreman.pk not in (contact.holder_id, worker.pk) else others[0]


def _mass(field: Field, leaders: list[Person], since: date, now: datetime) -> tuple[PartyOrg, PartyOrg]:
    """Found a union branch and a league branch below the zone's committee, with their leaders and their lists."""
    unit = field.committee.unit
    union = create_party_org(
        name="南I-1联合站改造分工会", kind=PartyOrgKind.UNION_BRANCH, parent=field.zone_body, since=since,
        actor=field.clerk, at=now, unit=unit,
    )  # fmt: skip
    league = create_party_org(
        name="南I-1联合站改造团支部", kind=PartyOrgKind.LEAGUE_BRANCH, parent=field.zone_body, since=since,
        actor=field.clerk, at=now, unit=unit,
    )  # fmt: skip
    for body, role, person in (
        (union, PostRole.UNION_CHAIR, leaders[1]),
        (union, PostRole.WOMEN_OFFICER, leaders[2]),
        (league, PostRole.LEAGUE_SECRETARY, leaders[2]),
    ):
        take_post(person=person, role=role, body=body, since=since, actor=field.clerk, at=now)
    for body in (union, league):
        people = list(candidates_for(body, now.date())[:LISTED])
        if people:
            enrol_in_mass(body=body, people=people, since=since, actor=field.clerk, at=now)
    cared = field.crew[-1]
    contact = set_contact(
        kind=ContactKind.CARE, holder=leaders[1], body=union, since=since, approval_ref="工会委员会〔2026〕2号",
        actor=field.clerk, at=moment_on(since, 9, 0), to_person=cared,
    )  # fmt: skip
    moment = moment_on(since, 19, 30) + timedelta(days=20)
    said = Account(note="家属住院刚出院，已按困难职工办法申请补助。", findings={"family": Finding(Seen.CONCERN)})
    record_visit(to=contact, day=moment.date(), account=said, actor=leaders[1], at=moment)
    return union, league


def _held_together(field: Field, union: PartyOrg, league: PartyOrg, now: datetime) -> None:
    """One contest recorded once for branch, union and league; the theme day to come was moved."""
    today = now.date()
    hosts = [HostAs(union, ActivityType.LABOR_CONTEST), HostAs(league, ActivityType.THEME_LEAGUE_DAY)]
    begins = moment_on(today - timedelta(days=9), 15, 0)
    contest = plan_activity(
        activity_type=ActivityType.LABOR_CONTEST, body=field.zone_body, place="南I-1联合站预制场",
        scheduled_from=begins, scheduled_until=begins + timedelta(hours=2), actor=field.lead,
        at=begins - timedelta(days=2), hosts=hosts,
    )  # fmt: skip
    open_activity(activity=contest, actor=field.lead, at=begins)
    for person in expected_people(contest)[:SIGNED_IN]:
        tick_present(activity=contest, person=person, actor=field.lead, at=begins + timedelta(minutes=6))
    add_agenda_item(
        activity=contest, topic="预制管段焊接竞赛，三个班组各焊两道口", decision="焊工班第一，一次合格率100%",
        actor=field.lead, at=begins + timedelta(minutes=90),
    )  # fmt: skip
    close_activity(activity=contest, actor=field.lead, at=begins + timedelta(hours=2))
    day = moment_on(today + timedelta(days=3), 15, 0)
    coming = plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=field.zone_body, place="联合项目部会议室", scheduled_from=day,
        scheduled_until=day + timedelta(hours=1), actor=field.lead, at=now - timedelta(hours=4),
        hosts=[HostAs(league, ActivityType.THEME_LEAGUE_DAY)],
    )  # fmt: skip
    later = day + timedelta(days=2)
    move_activity(
        activity=coming, scheduled_from=later, scheduled_until=later + timedelta(hours=1),
        reason="当天停气碰口，全员在现场", actor=field.lead, at=now - timedelta(hours=2),
    )  # fmt: skip
