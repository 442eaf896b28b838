"""Three challenges of the committee: one open to bids, one under way with milestones, one that failed honestly."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.organization import Field
from ronghe.domain.challenges.enums import Finding
from ronghe.domain.challenges.models import Bid
from ronghe.domain.challenges.rules import CHALLENGE
from ronghe.domain.challenges.services.carrying_out import (
    MilestoneText,
    check_milestone,
    find_failed,
    pay,
    reach_milestone,
    sign_pledge,
)
from ronghe.domain.challenges.services.judging import declare_interest, name_panel, score_bid, select_bid
from ronghe.domain.challenges.services.posting import Offer, Terms, close_bidding, make_bid, publish, set_terms
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.org.enums import PARTY_MEMBERS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding

POSTED = (
    # title, what is hard, what is wanted, field, reward, acceptance
    ("老井井筒结蜡治理", "冬季 40 口井平均 25 天清一次蜡，占产影响大。", "清蜡周期延长到 50 天以上", "production", "50000", "10 口试验井连续 60 天不卡泵、不热洗"),
    ("无人值守站泄漏早期识别", "现有报警靠固定探头，盲区多、误报多。", "小漏 10 分钟内识别，误报每月不超过 1 次", "digital", "80000", "三座站连续 90 天盲测，识别率 95% 以上"),
    ("压裂返排液就地回用", "返排液外运每方 120 元，水质波动大。", "处理后回用率 80%，吨水成本低于 45 元", "cost", "60000", "连续三口井回用，储层伤害率达标"),
)  # fmt: skip


def show_challenges(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001
    """Tell of the three, oldest first."""
    poster = _secretary(field)
    people = _members(field.committee, poster, field.clerk)
    if len(people) < 9:
        return
    _failed(_posted(field, 2, poster, now - timedelta(days=120)), people, poster, now - timedelta(days=120))
    _running(_posted(field, 1, poster, now - timedelta(days=70)), people, poster, now - timedelta(days=70), now)
    fresh = _posted(field, 0, poster, now - timedelta(days=4))
    _bid(fresh, people[0], "空心抽油杆电加热，先上 3 口井对比。", 60, "38000", people[1:3], now - timedelta(days=3))
    _bid(
        fresh,
        people[4],
        "强磁防蜡器加微生物清防蜡，成本低、见效慢一些。",
        90,
        "21000",
        people[5:6],
        now - timedelta(days=1),
    )


def _secretary(field: Field) -> Person:
    post = PostHolding.objects.filter(body=field.committee, role=PostRole.SECRETARY, valid_until=None).order_by("pk")
    return post[0].person


def _members(committee: PartyOrg, *without: Person) -> list[Person]:
    rows = Person.objects.filter(
        memberships__body__parent=committee, political_status__in=PARTY_MEMBERS, valid_until=None
    )
    return list(rows.exclude(pk__in=[person.pk for person in without]).distinct().order_by("pk")[:12])


def _posted(field: Field, place: int, poster: Person, at: datetime) -> WorkItem:
    title, text, wanted, subject, reward, acceptance = POSTED[place]
    given = ItemText(title, text=text, values={"field": subject, "wanted": wanted})
    item = raise_item(kind=CHALLENGE, text=given, body=field.committee, actor=field.clerk, at=at - timedelta(days=3))
    terms = Terms(
        at + timedelta(days=14), Decimal(reward), acceptance, "中选队伍优先推荐先进集体",
        "过程留痕完整、及时报告风险的，不成不追究", {"plan": 40, "ability": 25, "time": 20, "price": 15},
    )  # fmt: skip
    set_terms(item=item, terms=terms, actor=poster, at=at - timedelta(hours=2))
    return publish(item=item, actor=poster, at=at)


def _bid(item: WorkItem, leader: Person, plan: str, days: int, cost: str, team: list[Person], at: datetime) -> Bid:
    return make_bid(item=item, offer=Offer(plan, days, Decimal(cost), team), actor=leader, at=at)


def _decided(item: WorkItem, people: list[Person], poster: Person, at: datetime) -> Bid:
    """Two teams bid, three experts judge, the first is chosen."""
    first = _bid(
        item, people[0], "分布式光纤加声波阵列，边缘侧先判一遍。", 120, "52000", people[1:3], at + timedelta(days=5)
    )
    second = _bid(item, people[4], "固定翼巡检加红外，夜间补盲。", 90, "61000", people[5:6], at + timedelta(days=9))
    judged = at + timedelta(days=15)
    close_bidding(item=item, actor=poster, at=judged)
    for number, row in enumerate(name_panel(item=item, people=people[6:9], actor=poster, at=judged)):
        row.item = item
        declare_interest(
            panelist=row, interests={second: "曾同班组"} if number == 0 else {}, actor=row.person, at=judged
        )
        for bid, base in ((first, 86), (second, 78)):
            if number == 0 and bid is second:
                continue
            points = {"plan": base + number, "ability": base - number, "time": base - 6, "price": base - 4 + number}
            score_bid(panelist=row, bid=bid, points=points, actor=row.person, at=judged + timedelta(hours=number + 1))
    select_bid(item=item, bid=first, actor=poster, at=judged + timedelta(days=1))
    return first


def _running(item: WorkItem, people: list[Person], poster: Person, at: datetime, now: datetime) -> None:
    _decided(item, people, poster, at)
    signed = at + timedelta(days=17)
    milestones = [
        MilestoneText("实验室样机通过", (signed + timedelta(days=25)).date(), 30),
        MilestoneText("一座站上线", (now + timedelta(days=12)).date(), 30),
        MilestoneText("三座站 90 天盲测达标", (now + timedelta(days=110)).date(), 40),
    ]
    first = sign_pledge(item=item, milestones=milestones, actor=people[0], at=signed)[0]
    first = item.milestones.select_related("item__owner").get(number=first.number)
    reached = signed + timedelta(days=23)
    reach_milestone(milestone=first, note="样机对 0.5 毫米孔泄漏 6 分钟内识别。", actor=people[0], at=reached)
    check_milestone(milestone=first, is_reached=True, actor=poster, at=reached + timedelta(days=2))
    pay(
        item=item, amount=Decimal(24000), paid_on=(reached + timedelta(days=5)).date(), actor=poster,
        at=reached + timedelta(days=5), note="第一个里程碑 30%",
    )  # fmt: skip


def _failed(item: WorkItem, people: list[Person], poster: Person, at: datetime) -> None:
    _decided(item, people, poster, at)
    signed = at + timedelta(days=17)
    sign_pledge(
        item=item, milestones=[MilestoneText("三口井回用", (signed + timedelta(days=60)).date(), 100)], actor=people[0],
        at=signed,
    )  # fmt: skip
    find_failed(
        item=item, finding=Finding.HONEST, actor=poster, at=signed + timedelta(days=70),
        reasons="井层水型比预想复杂，试验记录完整，风险每周报告，停止后没有再投入。",
        learnt="高矿化度返排液不宜就地回用，先分质再处理。",
    )  # fmt: skip
