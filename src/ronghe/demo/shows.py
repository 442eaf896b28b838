"""三亮四比一创建 of the committee: two contests, one awarded and one running, badges, consent, standards and a campaign."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.carriers.enums import CarrierState, CarrierType
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.contests.enums import EntryKind
from ronghe.domain.contests.models import Contest
from ronghe.domain.contests.selectors.contests import bodies_offered, to_judge
from ronghe.domain.contests.services.closing import award_contest, close_contest
from ronghe.domain.contests.services.contests import ContestText, HeadText, judge_entries, open_contest
from ronghe.domain.honours.enums import HolderKind, HonourLevel
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.honours.services.catalogue import TitleText, keep_title
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.shows.services.badges import agree_badge, issue_badge, issue_badges
from ronghe.domain.shows.services.campaigns import CampaignText, open_campaign
from ronghe.domain.shows.services.standards import set_standard

HEADS = (
    HeadText("比干劲", 40, "attended"), HeadText("比技能", 30), HeadText("比业绩", 20, "tasks"),
    HeadText("比协作", 10, "claimed"),
)  # fmt: skip
GIVEN = ("92", "88", "85", "79", "90")
STANDARDS = (
    (PostRole.SECRETARY, "每周到现场不少于两次，职工的诉求三个工作日答复，不把问题留给班组。"),
    (PostRole.GROUP_LEADER, "班前会先讲风险，组员的承诺当月过一遍，难活自己先上。"),
    (PostRole.TEAM_LEADER, "交接班零遗漏，隐患当班报，不让一个人带着疑问上岗。"),
)


def show_shows(field: Field, since: date, now: datetime) -> None:
    """Tell of all that, the awarded contest in the quarter before."""
    start = at(since, 11, 0)
    text = CampaignText("三亮四比一创建", "比协作", "创建“党员先锋示范站”：站站有先锋岗，班班有承诺，件件有回音。")
    open_campaign(body=field.committee, text=text, starts_on=since, actor=field.clerk, at=start)
    set_standard(
        body=field.committee, role="", text="走在前、干在先，承诺写得出、做得到、验得了。", actor=field.clerk, at=start
    )
    for role, words in STANDARDS:
        set_standard(body=field.committee, role=role, text=words, actor=field.clerk, at=start)
    judges = _judges(field)
    ended = max(since + timedelta(days=20), now.date() - timedelta(days=50))
    awarded = _opened(field, "“六十天上产”劳动竞赛", since, ended, judges, start, _prize(field, start))
    _judged(awarded, judges, at(ended, 16, 0))
    after = at(ended + timedelta(days=2), 10, 0)
    close_contest(contest=awarded, actor=field.clerk, at=after)
    awarded.refresh_from_db()
    award_contest(contest=awarded, document_number=f"演油工〔{ended.year}〕9号", actor=field.clerk, at=after)
    begun = now.date() - timedelta(days=30)
    running = _opened(
        field, "“冬季保供”劳动竞赛", begun, now.date() + timedelta(days=40), judges, at(begun, 9, 0), None
    )
    _judged(running, judges[:1], now - timedelta(days=2))
    _badges(field, now)


def _judges(field: Field) -> list[Person]:
    """Two who stand above the branches: neither is judged."""
    roles = (PostRole.AUDITOR, PostRole.HSE_OFFICER, PostRole.DEPUTY_SECRETARY, PostRole.SECRETARY)
    posts = PostHolding.objects.filter(body=field.committee, role__in=roles, valid_until=None).select_related("person")
    people = dict.fromkeys(
        post.person for post in sorted(posts, key=lambda post: (roles.index(PostRole(post.role)), post.pk))
    )
    return list(people)[:2]


def _prize(field: Field, moment: datetime) -> HonourTitle:
    text = TitleText("劳动竞赛优胜党支部", HonourLevel.UNIT, HolderKind.BODY)
    return keep_title(body=field.committee, text=text, actor=field.clerk, at=moment)


def _opened(
    field: Field, name: str, begins: date, ends: date, judges: list[Person], moment: datetime, title: HonourTitle | None
) -> Contest:
    bodies = list(bodies_offered(field.committee, ends))[: len(GIVEN)]
    text = ContestText(name, begins, ends, HEADS, EntryKind.BODY, bodies, (), judges, title, 2)
    return open_contest(body=field.committee, text=text, actor=field.clerk, at=moment)


def _judged(contest: Contest, judges: list[Person], moment: datetime) -> None:
    head = contest.heads.get(figure="")
    for place, judge in enumerate(judges):
        entries = to_judge(contest, head, judge, moment)
        points = {entry.pk: Decimal(GIVEN[(number + place) % len(GIVEN)]) for number, entry in enumerate(entries)}
        judge_entries(contest=contest, head=head, points=points, actor=judge, at=moment)


def _badges(field: Field, now: datetime) -> None:
    """Give the members of one branch their badges, and whoever holds a post of honour one that everybody may read."""
    moment = now - timedelta(days=10)
    branch = bodies_offered(field.committee, now.date())[0]
    issue_badges(body=branch, actor=field.clerk, at=moment)
    posts = Carrier.objects.filter(
        type__in=(CarrierType.MODEL_POST, CarrierType.PIONEER_POST), state=CarrierState.ACTIVE
    )
    for carrier in posts.select_related("lead").order_by("pk"):
        issue_badge(person=carrier.lead, actor=carrier.lead, at=moment)
        parts = ("name", "posts", "standards", "promises")
        agree_badge(person=carrier.lead, parts=parts, actor=carrier.lead, at=moment)
