"""Stars of the branches: employees judge one by survey, the quarter is final, and the grades decide who is visited how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ronghe.demo.history import at
from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.appraisal.selectors.member_sheets import home_of
from ronghe.domain.appraisal.selectors.panels import people_below, reviewer_of, subjects_of
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.panels import PanelPlan, count_panel, give_marks, open_panel
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.surveys.enums import Audience, Purpose, QuestionType
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey
from ronghe.domain.surveys.services.drafting import QuestionWords, SurveyWords, draw_up, open_survey
from ronghe.domain.surveys.services.judging import count_for
from ronghe.kernel.calendar.periods import Period
from ronghe.kernel.db.tree import on_day

ITEM = "branch_judged_by_staff:body"
MARKS = (5, 4, 4, 5, 3, 4, 4, 5, 4)
"""What employees gave in turn; three of the twelve who are asked gave none."""
ASKED = 12
SITTINGS = (8, 8, 7, 5)
"""How many of the quarter's eight sittings the first branches held; the others held none."""
MARKS_ABOVE = (97, 94, 88, 76)
CRITERIA = (("组织建设", Decimal("0.5")), ("作用发挥", Decimal("0.5")))
QUESTIONS = (
    QuestionWords("这个支部给生产和职工办实事，您打几分？", QuestionType.SCALE),
    QuestionWords("最希望它改进什么？写事不写人", QuestionType.TEXT, is_required=False),
)


def show_stars(field: Field, quarter: Period, now: datetime) -> None:
    """Judge one branch by its employees, make the branches' quarter final, and let the grades decide what follows."""
    secretary = Person.objects.get(account__login="shuji")
    branch = home_of(secretary, now.date())
    if branch is None:
        return
    _lead(secretary, branch, quarter.span.from_on, now)
    since, playbook = quarter.span.from_on, playbook_named("star_management")
    for body in PartyOrg.objects.filter(on_day(now.date()), kind=PartyOrgKind.BRANCH).order_by("pk"):
        adopt_playbook(body=body, playbook=playbook, since=since, actor=field.clerk, at=now - timedelta(days=40))
    led = _led_branches(now)
    for place, (one, leader) in enumerate(led):
        for kind, day, topic in _sittings(quarter)[: SITTINGS[place]] if place < len(SITTINGS) else ():
            _hold(one, leader, kind, at(day, 15, 0), topic)
    _mark_from_above(field, [one for one, _leader in led], quarter, now)
    _ask_staff(field, branch, [one for one in field.crew if one != secretary][:ASKED], str(quarter), now)
    computed = now - timedelta(days=20)
    run = start_run(
        body=field.committee, playbook=playbook, sheet_id="branch_quarter", period=str(quarter), actor=field.clerk,
        at=computed,
    )  # fmt: skip
    run = publish_run(run=compute_run(run=run, at=computed), actor=field.clerk, at=computed)
    finalize_run(run=run, actor=field.clerk, at=now)


def _led_branches(now: datetime) -> list[tuple[PartyOrg, Person]]:
    """Return the branches that have a secretary, with them."""
    held = PostHolding.objects.filter(
        on_day(now.date()), role=PostRole.SECRETARY, body__kind=PartyOrgKind.BRANCH
    ).select_related("body", "person")
    return [(one.body, one.person) for one in held.order_by("body_id") if one.body is not None]


def _sittings(quarter: Period) -> list[tuple[ActivityType, date, str]]:
    """Return what a branch holds in a quarter (PM-01 to PM-05): eight sittings."""
    months = [quarter.span.from_on + relativedelta(months=number) for number in range(3)]
    return [
        *((ActivityType.COMMITTEE_MEETING, day.replace(day=9), "上月议定事项和本月产量") for day in months),
        (ActivityType.GENERAL_MEETING, months[0].replace(day=16), "半年任务完成情况"),
        (ActivityType.PARTY_LECTURE, months[1].replace(day=16), "把责任扛在井场"),
        *((ActivityType.THEME_PARTY_DAY, day.replace(day=24), "现场查隐患") for day in months),
    ]


def _hold(branch: PartyOrg, leader: Person, kind: ActivityType, begins: datetime, topic: str) -> None:
    planned = plan_activity(
        activity_type=kind, body=branch, place="党员活动室", scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=1), actor=leader, at=begins - timedelta(days=2),
    )  # fmt: skip
    running = open_activity(activity=planned, actor=leader, at=begins)
    sign_in_with_card(activity=running, card=member_card(leader), actor=leader, at=begins)
    add_agenda_item(activity=running, topic=topic, actor=leader, at=begins + timedelta(minutes=5))
    close_activity(activity=running, actor=leader, at=begins + timedelta(minutes=50))


def _mark_from_above(field: Field, branches: Sequence[PartyOrg], quarter: Period, now: datetime) -> None:
    """Let three people of the committee mark the branches; who belongs to one is kept out of it."""
    reviewers = [field.clerk, *people_below(field.committee, now).exclude(pk=field.clerk.pk)[:2]]
    opened = now - timedelta(days=26)
    plan = PanelPlan(
        item="branch_judged_above", title="三季度支部督导评分", period=str(quarter), criteria=CRITERIA,
        closes_on=(now - timedelta(days=22)).date(), bodies=branches, reviewers=reviewers, trim=0, least=1,
    )  # fmt: skip
    panel = open_panel(body=field.committee, plan=plan, actor=field.clerk, at=opened)
    for person in reviewers:
        reviewer = reviewer_of(panel, person)
        if reviewer is None:
            continue
        out = set(reviewer.conflicts.values_list("subject__number", flat=True))
        marks = {
            one.number: [mark, mark - 1]
            for one, mark in zip(subjects_of(panel), (*MARKS_ABOVE, *[65] * len(branches)), strict=False)
            if one.number not in out
        }
        give_marks(reviewer=reviewer, marks=marks, actor=person, at=opened)
    count_panel(panel=panel, actor=field.clerk, at=now - timedelta(days=22))


def _lead(secretary: Person, branch: PartyOrg, since: date, now: datetime) -> None:
    """Let the secretary of the co-built branch lead the own branch too, where nobody does."""
    held = PostHolding.objects.filter(on_day(now.date()), role=PostRole.SECRETARY, body=branch)
    if not held.exists():
        take_post(person=secretary, role=PostRole.SECRETARY, body=branch, since=since, actor=None, at=now)


def _ask_staff(field: Field, branch: PartyOrg, people: Sequence[Person], period: str, now: datetime) -> None:
    asked, closed = now - timedelta(days=30), now - timedelta(days=22)
    words = SurveyWords(f"{branch.name}员工测评", "匿名，一人一票。", Purpose.REVIEW, Audience.LIST, shows_results=True)
    draft = draw_up(body=field.committee, words=words, questions=QUESTIONS, people=people, actor=field.clerk, at=asked)
    draft = count_for(survey=draft, item=ITEM, judged=branch.name, period=period, actor=field.clerk, at=asked)
    survey = open_survey(survey=draft, closes_at=now - timedelta(days=21), actor=field.clerk, at=asked)
    for person, mark in zip(people, MARKS, strict=False):
        answer_survey(survey=survey, answers={1: mark, 2: ""}, actor=person, at=asked + timedelta(days=1))
    close_survey(survey=survey, actor=field.clerk, at=closed)
