"""Votes and records in depth: a branch meeting with three kinds of topics, ballots counted and running, a check under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import HOST, Field
from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.services.ballots import cast_votes, close_ballot, open_ballot
from ronghe.domain.ballots.services.papers import check_papers, hand_papers, tell_papers
from ronghe.domain.org.enums import PARTY_MEMBERS, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.rhythm.enums import ActivityType, CheckAnswer, LeaveKind, Matter, VoteMethod
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item, add_speech, edit_agenda_item, make_task
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.forms import answer_check, enter_figure, make_task_of_check
from ronghe.domain.rhythm.services.sign_in import note_leave, sign_in_with_card, tick_present
from ronghe.domain.rhythm.services.voting import (
    note_dissent,
    note_written_opinions,
    open_item_ballot,
    record_vote,
    set_matter,
)

AWAY = 2
"""Members who asked for leave and left their opinion in writing."""


def show_ballots(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step is asked
    """Tell the story of a branch meeting, of two ballots beside it, and of a safety check that is going on."""
    branch = PartyOrg.objects.get(name=f"{HOST}党支部")
    holding = PostHolding.objects.filter(body=branch, role=PostRole.SECRETARY, valid_until=None).order_by("-pk").first()
    voters = list(voters_of(branch, now.date()))
    if holding is None or len(voters) <= AWAY + 2:
        raise AssertionError(branch)
    secretary = holding.person
    _meeting(branch, secretary, voters, at(now.date() - timedelta(days=12), 15, 0))
    _pioneers(branch, secretary, voters, at(now.date() - timedelta(days=6), 17, 0))
    crew = [person for person in field.crew if person.political_status in PARTY_MEMBERS]
    running = open_ballot(
        title="下月主题党日怎么开", items=["到现场开展主题实践", "听专题党课", "与属地站队联学"],
        choices=("赞成", "反对", "弃权"), voters=crew, body=field.zone_body, actor=field.lead,
        at=now - timedelta(hours=3),
    )  # fmt: skip
    _vote(running, crew[: len(crew) // 2], [(1, 1, 3), (1, 2, 1), (1, 3, 1)], now - timedelta(hours=2))
    _check(field, now)


def _meeting(branch: PartyOrg, secretary: Person, voters: Sequence[Person], begins: datetime) -> None:
    """A general meeting: honours by show of hands, an admission in secret with written opinions, and its follow-up."""
    planned = plan_activity(
        activity_type=ActivityType.GENERAL_MEETING, body=branch, place="第三油矿党员活动室", scheduled_from=begins,
        scheduled_until=begins + timedelta(minutes=90), actor=secretary, at=begins - timedelta(days=3),
    )  # fmt: skip
    away, came = [person for person in voters if person != secretary][:AWAY], set(voters)
    for person in away:
        note_leave(
            activity=planned, person=person, kind=LeaveKind.BUSINESS_TRIP, reason="到管网项目部对接", actor=person,
            at=begins - timedelta(days=1),
        )  # fmt: skip
        came.discard(person)
    meeting = open_activity(activity=planned, actor=secretary, at=begins)
    for person in expected_people(meeting):
        if person in came or person.political_status == PoliticalStatus.PROBATIONARY_MEMBER:
            sign_in_with_card(
                activity=meeting, card=member_card(person), actor=secretary, at=begins + timedelta(minutes=2)
            )
    present = [person for person in voters if person in came]
    _honours(meeting, secretary, present, begins + timedelta(minutes=20))
    workers = Person.objects.filter(unit__name=HOST, political_status=PoliticalStatus.MASSES, valid_until=None)
    _admission(meeting, secretary, present, workers.order_by("pk")[0], begins + timedelta(minutes=50))
    close_activity(activity=meeting, actor=secretary, at=begins + timedelta(minutes=85), without="")


def _honours(meeting: Activity, secretary: Person, present: Sequence[Person], moment: datetime) -> None:
    item = add_agenda_item(activity=meeting, topic="推荐“季度党员先锋”人选", actor=secretary, at=moment)
    add_speech(item=item, person=present[0], text="电缆桥架抢修三天没有离场，建议推荐。", actor=secretary, at=moment)
    add_speech(
        item=item, person=present[1], text="带徒弟带得好，新来的两个人都能单独上岗。", actor=secretary, at=moment
    )
    record_vote(
        item=item, method=VoteMethod.SHOW_OF_HANDS, votes_for=len(present) - 1, votes_against=1, votes_abstained=0,
        actor=secretary, at=moment,
    )  # fmt: skip
    dissent = "人选没有争议，建议把推荐条件先公示再提名。"
    note_dissent(item=item, person=present[2], text=dissent, actor=secretary, at=moment)
    fresh = AgendaItem.objects.select_related("activity").get(pk=item.pk)
    edit_agenda_item(
        item=fresh, topic=fresh.topic, notes="条件、名额和程序按支部工作安排办理。", decision="同意推荐，公示三天后上报。",
        actor=secretary, at=moment,
    )  # fmt: skip
    due = moment + timedelta(days=4)
    make_task(item=fresh, assignee=present[1], due_at=due, actor=secretary, at=moment)


def _admission(
    meeting: Activity, secretary: Person, present: Sequence[Person], applicant: Person, moment: datetime
) -> None:
    item = add_agenda_item(activity=meeting, topic=f"讨论接收{applicant.name}为预备党员", actor=secretary, at=moment)
    set_matter(item=item, matter=Matter.ADMISSION, applicant=applicant, actor=secretary, at=moment)
    note_written_opinions(item=item, yes=AWAY, no=0, abstained=0, actor=secretary, at=moment)
    text = "入党介绍人汇报：培养考察满一年，政审合格，公示无异议。"
    add_speech(item=item, person=present[0], text=text, actor=secretary, at=moment)
    ballot = open_item_ballot(item=item, actor=secretary, at=moment)
    _vote(ballot, present, [(1,)] * (len(present) - 1) + [(3,)], moment + timedelta(minutes=6))
    close_ballot(ballot=ballot, actor=secretary, at=moment + timedelta(minutes=12))


def _pioneers(branch: PartyOrg, secretary: Person, voters: Sequence[Person], moment: datetime) -> None:
    """A ballot of its own, mixed: two without a phone got papers, which two people counted."""
    names = [person.name for person in voters[-3:]]
    ballot = open_ballot(
        title="季度党员先锋民主测评", items=names, choices=("优秀", "较好", "一般"), voters=voters, body=branch,
        actor=secretary, at=moment,
    )  # fmt: skip
    *phones, first, second = voters
    _vote(ballot, phones, [(1, 1, 2), (1, 2, 1), (2, 1, 1)], moment + timedelta(minutes=30))
    hand_papers(ballot=ballot, voters=[first, second], actor=secretary, at=moment)
    counts = dict.fromkeys(range(1, len(names) + 1), (2, 0, 0))
    tell_papers(ballot=ballot, counts=counts, actor=secretary, at=moment + timedelta(minutes=40))
    checker = next(person for person in voters if person != secretary)
    check_papers(ballot=ballot, actor=checker, at=moment + timedelta(minutes=45))
    close_ballot(ballot=ballot, actor=secretary, at=moment + timedelta(minutes=50))


def _check(field: Field, now: datetime) -> None:
    """The week's check of contractors is under way: half of its lines answered, one problem given to somebody."""
    begins = now - timedelta(minutes=25)
    planned = plan_activity(
        activity_type=ActivityType.CONTRACTOR_SAFETY_CHECK, body=field.zone_body, place="南I-1联合站3号管廊",
        scheduled_from=begins, scheduled_until=begins + timedelta(hours=1), actor=field.lead,
        at=begins - timedelta(hours=5),
    )  # fmt: skip
    check = open_activity(activity=planned, actor=field.lead, at=begins)
    if check.form is None:
        return
    people = list(expected_people(check)[:3])
    for person in people:
        tick_present(activity=check, person=person, actor=field.lead, at=begins + timedelta(minutes=3))
    moment = begins + timedelta(minutes=12)
    first, second, *_rest = check.form.checks
    answer_check(activity=check, check_id=first.id, answer=CheckAnswer.FINE, actor=field.lead, at=moment)
    answer_check(
        activity=check, check_id=second.id, answer=CheckAnswer.CONCERN, note="3号管廊吊装区警戒线被移开，补拉并派人看守",
        actor=field.lead, at=moment,
    )  # fmt: skip
    make_task_of_check(
        activity=check, check_id=second.id, assignee=people[0] if people else field.lead,
        due_at=moment + timedelta(hours=6), actor=field.lead, at=moment,
    )  # fmt: skip
    for figure in check.form.figures[:1]:
        enter_figure(activity=check, figure_id=figure.id, value=Decimal(1), actor=field.lead, at=moment)


def _vote(ballot: Ballot, people: Sequence[Person], papers: Sequence[tuple[int, ...]], moment: datetime) -> None:
    """Let each give the next of the papers, over and over."""
    for place, person in enumerate(people):
        votes = dict(enumerate(papers[place % len(papers)], start=1))
        cast_votes(ballot=ballot, votes=votes, actor=person, at=moment)
