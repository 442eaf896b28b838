"""A committee with three branches, a small campaign that they run, and themed activities that are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.domain.campaigns.models import Campaign, CampaignStage, ThemedActivity
from ronghe.domain.campaigns.services.themed import ThemedPlan, enter_result, plan_themed
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.library import Library
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.periods import DaySpan
from tests.factories.decisions import CommitteeStory, make_committee
from tests.factories.kept import kept
from tests.factories.org import make_body, make_person, make_post

IN_AUTUMN = datetime(2026, 9, 14, 7, 40, tzinfo=SHANGHAI)

CAMPAIGN = """\
schema: 1
id: {id}
version: {version}
title: {{zh: 对标年, en: Benchmark year}}
dimensions: [{{id: life, title: {{zh: 活动, en: Life}}}}]
roles: [{{id: secretary, title: {{zh: 书记, en: Secretary}}}}]
campaign:
  starts: {starts}
  ends: {ends}
  stages:
    - {{id: mobilize, title: {{zh: 动员部署, en: Mobilizing}}, from_on: {starts}, until_on: 2026-08-01, mechanisms: [kick_off]}}
    - {{id: measure, title: {{zh: 对标查摆, en: Measuring}}, from_on: 2026-08-01, until_on: 2026-09-01, mechanisms: [review]}}
    - {{id: accept, title: {{zh: 验收评星, en: Acceptance}}, from_on: 2026-09-01, until_on: {ends}, mechanisms: [summing_up]}}
  report:
    - {{id: done, title: {{zh: 做了什么, en: What was done}}}}
    - {{id: {compared}, title: {{zh: 前后对比, en: Before and after}}}}
mechanisms:
"""
MECHANISM = """\
  - id: {id}
    title: {{zh: {title}, en: {id}}}
    dimension: life
    for: [committee, branch]
    cadence: {{rrule: FREQ=MONTHLY, window: month}}
    grace: {{days: {grace}}}
    answers: secretary
    satisfied_by: [{{kind: {kind}}}]
"""
MEETING = "rhythm.activity_closed, where: {activity_type: campaign_meeting}"


def campaign_book(
    *, version: int = 1, starts: str = "2026-07-01", ends: str = "2026-10-01", playbook_id: str = "benchmarks",
    compared: str = "figures",
) -> Playbook:  # fmt: skip
    """Return a campaign of three months: each has a stage and a meeting, and each month owes a summary."""
    text = CAMPAIGN.format(id=playbook_id, version=version, starts=starts, ends=ends, compared=compared)
    for name, title in (("kick_off", "动员会"), ("review", "整改对账"), ("summing_up", "总结会")):
        text += MECHANISM.format(id=name, title=title, kind=MEETING, grace=5)
    text += MECHANISM.format(id="stage_summary", title="阶段小结", kind="campaigns.stage_done", grace=20)
    loaded = load_playbook(text, Library(folders=()))
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    return loaded.playbook


def plus_book() -> Playbook:
    """Return a playbook that owes two themes a quarter, one of them the unit's own."""
    text = CAMPAIGN.split("campaign:", maxsplit=1)[0].format(id="plus", version=1) + "mechanisms:\n"
    for name, title in (("learning", "“党建+”学习"), ("safety", "“党建+”安全"), ("production", "“党建+”生产")):
        text += MECHANISM.format(
            id=f"plus_{name}", title=title, kind=f"campaigns.activity_held, where: {{theme: {name}}}", grace=5
        )
    text = text.replace("FREQ=MONTHLY, window: month", '"FREQ=MONTHLY;INTERVAL=3", window: quarter')
    figures = "    form: {figures: [{id: found, title: {zh: 查出隐患, en: Found}, unit: {zh: 处, en: places}}]}\n"
    text = text.replace(
        "{kind: campaigns.activity_held, where: {theme: safety}}]\n",
        "{kind: campaigns.activity_held, where: {theme: safety}}]\n" + figures,
    )
    loaded = load_playbook(text, Library(folders=()))
    assert loaded.playbook is not None, [problem.message for problem in loaded.problems]
    return loaded.playbook


@dataclass(frozen=True)
class CampaignStory:
    """The committee, its three branches with a secretary each, and members of the first."""

    field: CommitteeStory
    branches: list[PartyOrg]
    secretaries: list[Person]
    members: list[Person]

    @property
    def committee(self) -> PartyOrg:
        return self.field.committee

    @property
    def branch(self) -> PartyOrg:
        return self.branches[0]

    @property
    def secretary(self) -> Person:
        return self.secretaries[0]


@kept
def make_story(name: str = "采油一厂党委") -> CampaignStory:
    field = make_committee(name)
    branches = [field.branch, *(make_body(f"第{number}作业区党支部", parent=field.committee) for number in (2, 3))]
    secretaries = []
    for who, branch in zip(("闫国庆", "韩雪松", "于德江"), branches, strict=True):
        secretary = make_person(who, home=branch)
        make_post(secretary, PostRole.SECRETARY, body=branch)
        secretaries.append(secretary)
    members = [make_person(home=field.branch) for _ in range(3)]
    return CampaignStory(field, branches, secretaries, members)


def run_campaign(body: PartyOrg, *, since: date = date(2026, 7, 1), at: datetime = IN_AUTUMN, **changes) -> Campaign:
    """Let a body adopt the campaign, and make what it owes."""
    book = campaign_book(**changes)
    adopt_playbook(body=body, playbook=book, since=since, actor=None, at=at)
    generate_obligations(at=at, span=DaySpan(date(2026, 1, 1), date(2027, 1, 1)))
    return campaign_of(body)


def campaign_of(body: PartyOrg) -> Campaign:
    return Campaign.objects.select_related("body__parent", "version").filter(body=body).latest("starts")


def stage_of(campaign: Campaign, code: str) -> CampaignStage:
    return CampaignStage.objects.select_related("campaign__body__parent", "campaign__version").get(
        campaign=campaign, code=code
    )


def hold(
    body: PartyOrg, secretary: Person, people: Sequence[Person], at: datetime,
    kind: ActivityType = ActivityType.CAMPAIGN_MEETING,
) -> Activity:  # fmt: skip
    """Plan, open and close an activity of a body in which these people took part."""
    planned = plan_activity(
        activity_type=kind, body=body, place="会议室", scheduled_from=at, scheduled_until=at + timedelta(hours=1),
        actor=secretary, at=at,
    )  # fmt: skip
    return carry_out(planned, secretary, people, at)


def carry_out(activity: Activity, secretary: Person, people: Sequence[Person], at: datetime) -> Activity:
    running = open_activity(activity=activity, actor=secretary, at=at)
    for person in people:
        sign_in_with_card(activity=running, card=member_card(person), actor=secretary, at=at)
    add_agenda_item(activity=running, topic="对照标准", actor=secretary, at=at, notes="逐条对过。", decision="")
    return close_activity(activity=running, actor=secretary, at=at).activity


def plan(story: CampaignStory, at: datetime, *, theme: str = "learning", **changes) -> ThemedActivity:
    """Plan a themed activity of the first branch for the hour of `at`."""
    given = {"title": "技能擂台", "place": "培训室", "starts_at": at, "ends_at": at + timedelta(hours=2)}
    return plan_themed(body=story.branch, plan=ThemedPlan(theme, **{**given, **changes}), actor=story.secretary, at=at)


def make_held(
    story: CampaignStory, at: datetime, *, theme: str = "learning", figure: str = "", value: int = 4
) -> ThemedActivity:
    """Hold a themed activity; with a figure its result is entered."""
    themed = plan(story, at, theme=theme)
    carry_out(themed.activity, story.secretary, [story.secretary, *story.members], at)
    if figure:
        enter_result(themed=fresh(themed), figures={figure: Decimal(value)}, actor=story.secretary, at=at)
    return fresh(themed)


def fresh(themed: ThemedActivity) -> ThemedActivity:
    return ThemedActivity.objects.select_related("activity__body", "activity__version", "version").get(pk=themed.pk)
