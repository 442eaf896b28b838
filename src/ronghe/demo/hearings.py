"""Two hearings of secretaries: one heard and counted, with an objection and problems, and one being prepared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.ballots.services.ballots import cast_votes
from ronghe.domain.hearings.enums import GroupKind, RemarkKind
from ronghe.domain.hearings.models import Hearing, HearingReporter
from ronghe.domain.hearings.selectors import groups_of, people_below, secretaries_below
from ronghe.domain.hearings.services.marking import count_marks, open_marking
from ronghe.domain.hearings.services.planning import HearingText, plan_hearing, set_evaluators
from ronghe.domain.hearings.services.reporting import (
    answer_objection,
    hand_in_report,
    note_problem,
    note_remark,
    object_to_result,
)
from ronghe.domain.org.enums import PARTY_KINDS, PARTY_MEMBERS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.work.services.tasks import accept_task, submit_task

REPORTERS, MARKERS = 4, 6
REPORTS = (
    "一年来抓了三件事：一是把三会一课开到工地，二是党员带头攻关停产对接，三是班组和党小组一起抓。问题：台账补记多、活动方式单一。",
    "以“四同”抓支部，工作同部署、同落实、同检查、同考核。问题：青年党员带得不够，学用结合还差一步。",
    "围绕安全抓党建，外雇工安全检查天天做。问题：主题党日和生产结合不紧。",
    "新接任支部书记半年，先补了制度和台账。问题：党员分散，集中学习难。",
)
MARKS = ((1, 1, 2, 3), (1, 2, 2, 3), (1, 1, 1, 2), (2, 1, 2, 2))
"""What people mark in turn, a grade for each reporter."""


def show_hearings(field: Field, since: date, now: datetime) -> None:
    """Tell of one hearing three weeks ago and of the year's one to come."""
    secretary = _holder(field, PostRole.SECRETARY)
    deputy = _holder(field, PostRole.DEPUTY_SECRETARY)
    _name_secretaries(field, since)
    heard = _heard(field, deputy, now)
    _afterwards(field, heard, deputy, now)
    begins = at(now.date() + timedelta(days=20), 9, 0)
    coming = plan_hearing(
        body=field.committee, actor=secretary, at=now - timedelta(days=2),
        text=HearingText(
            f"{now.year}年度党支部书记抓党建述职评议会", now.year, deputy, begins, begins + timedelta(hours=3), "二楼会议室",
            now.date() + timedelta(days=12), field="党建",
        ),
    )  # fmt: skip
    _delegates(field, coming, now - timedelta(days=2))
    first = coming.reporters.select_related("hearing__body", "person").order_by("place")[0]
    hand_in_report(reporter=first, text=REPORTS[0], actor=first.person, at=now - timedelta(hours=5))


def _holder(field: Field, role: PostRole) -> Person:
    post = PostHolding.objects.filter(body=field.committee, role=role, valid_until=None).order_by("pk")[0]
    return post.person


def _name_secretaries(field: Field, since: date) -> None:
    """Let four branches below the committee have a secretary."""
    missing = REPORTERS - len(secretaries_below(field.committee, since))
    led = PostHolding.objects.filter(role=PostRole.SECRETARY, valid_until=None).values("body_id")
    free = PartyOrg.objects.filter(parent=field.committee, kind__in=PARTY_KINDS, valid_until=None).exclude(pk__in=led)
    for branch in free.order_by("pk"):
        members = Person.objects.filter(memberships__body=branch, political_status="01", posts__isnull=True)
        person = members.order_by("pk").first()
        if missing > 0 and person is not None:
            take_post(person=person, role=PostRole.SECRETARY, body=branch, since=since, actor=None, at=at(since, 9, 0))
            missing -= 1


def _heard(field: Field, deputy: Person, now: datetime) -> Hearing:
    day = now.date() - timedelta(days=24)
    begins, planned = at(day, 9, 0), at(day - timedelta(days=15), 10, 0)
    reporters = [post.person for post in secretaries_below(field.committee, day) if post.person_id != deputy.pk]
    hearing = plan_hearing(
        body=field.committee, actor=field.clerk, at=planned, reporters=reporters[:REPORTERS],
        text=HearingText(
            "三季度党支部书记抓党建述职评议会", day.year, deputy, begins, begins + timedelta(hours=3), "二楼会议室",
            day - timedelta(days=5), field="党建", shows_rank=False,
        ),
    )  # fmt: skip
    _delegates(field, hearing, planned)
    rows = list(hearing.reporters.select_related("hearing__body", "person").order_by("place"))
    for place, row in enumerate(rows):
        handed = at(day - timedelta(days=6 if place != 2 else 3), 16, 0)  # one came late
        hand_in_report(reporter=row, text=REPORTS[place % len(REPORTS)], actor=row.person, at=handed)
    hearing = Hearing.objects.select_related("body", "chair").get(pk=hearing.pk)
    open_marking(hearing=hearing, actor=field.clerk, at=begins + timedelta(hours=2))
    for view in groups_of(hearing):
        for number, person in enumerate(view.people):
            if view.group.ballot is not None:
                marks = MARKS[number % len(MARKS)]
                votes = {place + 1: marks[place % len(marks)] for place in range(len(rows))}
                cast_votes(ballot=view.group.ballot, votes=votes, actor=person, at=begins + timedelta(hours=2))
    for row, words in zip(
        rows, ("联合站的做法有成效，班组学习还要补。", "四同检查抓得实，青年党员要压担子。"), strict=False
    ):
        note_remark(
            reporter=row, kind=RemarkKind.COMMENT, text=words, said_by=deputy, actor=field.clerk,
            at=begins + timedelta(hours=2),
        )  # fmt: skip
    return count_marks(hearing=hearing, actor=field.clerk, at=begins + timedelta(hours=3))


def _delegates(field: Field, hearing: Hearing, moment: datetime) -> None:
    """Name delegates of the members and of the employees; nobody marks twice, no reporter among them."""
    views = {GroupKind(view.group.kind): view for view in groups_of(hearing)}
    taken = {person.pk for view in views.values() for person in view.people}
    here = people_below(field.committee, moment.date()).exclude(pk__in=taken).exclude(posts__isnull=False)
    wanted: dict[GroupKind, Sequence[Person]] = {
        GroupKind.MEMBERS: list(here.filter(political_status__in=PARTY_MEMBERS)[:MARKERS]),
        GroupKind.EMPLOYEES: list(here.exclude(political_status__in=PARTY_MEMBERS)[:MARKERS]),
    }
    for kind, people in wanted.items():
        view = views[kind]
        set_evaluators(
            group=view.group, people=[*view.people[:2], *people], weight=view.group.weight, actor=field.clerk, at=moment
        )
    for kind in (GroupKind.LEADERS, GroupKind.PEERS):
        view = views[kind]
        if len(view.people) < hearing.least_shown:  # too few to mark unseen: the group is emptied, its weight goes on
            set_evaluators(group=view.group, people=[], weight=view.group.weight, actor=field.clerk, at=moment)


def _afterwards(field: Field, hearing: Hearing, deputy: Person, now: datetime) -> None:
    """Two problems, one of them put right; an objection that was answered."""
    rows: list[HearingReporter] = list(
        hearing.reporters.select_related("hearing__body", "hearing__chair", "person", "body").order_by("place")
    )
    day = now.date() - timedelta(days=23)
    first = note_problem(
        reporter=rows[0], problem="三会一课台账有补记，改为当天记", due_at=at(day + timedelta(days=20), 18, 0), actor=deputy,
        at=at(day, 9, 0),
    )  # fmt: skip
    submit_task(
        task=first.task,
        note="已改用手机当天记，补了两个月台账。",
        actor=rows[0].person,
        at=at(day + timedelta(days=12), 9, 0),
    )
    accept_task(task=first.task, actor=deputy, at=at(day + timedelta(days=13), 9, 0))
    last = rows[-1]
    note_problem(
        reporter=last, problem="倒班党员集中学习少，按班次补学", due_at=now + timedelta(days=12), actor=deputy,
        at=at(day, 9, 5),
    )  # fmt: skip
    objection = object_to_result(
        reporter=last,
        text="职工代表里有两人不在本单位，请核对名单。",
        actor=last.person,
        at=at(day + timedelta(days=1), 10, 0),
    )
    answer_objection(
        objection=objection, is_upheld=False, answer="经核对，两人的班组上月划入本单位，名单有效，结果不变。", actor=field.clerk,
        at=at(day + timedelta(days=4), 10, 0),
    )  # fmt: skip
