"""Stars of the branches: employees judge one by survey, the quarter is final, and the grades decide who is visited how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.appraisal.selectors.member_sheets import home_of
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, start_run
from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.org.services.people import take_post
from ronghe.domain.playbooks.services import adopt_playbook
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
    _ask_staff(field, branch, [one for one in field.crew if one != secretary][:ASKED], str(quarter), now)
    computed = now - timedelta(days=20)
    run = start_run(
        body=field.committee, playbook=playbook, sheet_id="branch_quarter", period=str(quarter), actor=field.clerk,
        at=computed,
    )  # fmt: skip
    run = publish_run(run=compute_run(run=run, at=computed), actor=field.clerk, at=computed)
    finalize_run(run=run, actor=field.clerk, at=now)


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
