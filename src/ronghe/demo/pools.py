"""资源共享、思想共管 of the demonstration field: what the sides of the 南I-1 zone share this week, what 仪陇 and the information
station share under their letter of intent, and how people feel.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.demo.projects import DIGITAL, STATION
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.org.enums import MembershipKind, PostRole
from ronghe.domain.org.models import Membership, PartyOrg, Person, PostHolding
from ronghe.domain.pools.enums import FollowUpWay, ItemKind, MoodLevel, MoodTopic
from ronghe.domain.pools.models import Booking, Part, SharedItem
from ronghe.domain.pools.services.bookings import book_item, close_booking
from ronghe.domain.pools.services.items import offer_item
from ronghe.domain.pools.services.moods import FollowUp, note_mood
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.bookings import book_for_activity
from ronghe.kernel.calendar.moments import SHANGHAI

OFFERS = (
    (HOST, ItemKind.ROOM, "活动板房会议室", "南I-1联合站", 1, True, "用完关灯锁门"),
    (HOST, ItemKind.ROOM, "联合站党员活动室", "南I-1联合站", 1, True, ""),
    (HOST, ItemKind.EQUIPMENT, "可燃气体检测仪", "站控室", 6, True, "当天还，登记编号"),
    (HOST, ItemKind.COURSE, "联合站流程讲解", "南I-1联合站", 1, False, "提前一天约"),
    (BUILDER, ItemKind.VEHICLE, "值班皮卡", "施工营地", 1, False, "驾驶员随车"),
    (BUILDER, ItemKind.EXPERT, "焊接高级技师", "施工营地", 1, True, ""),
)
AREA = "仪陇输气作业区党支部"
OF_AREA = (
    (AREA, ItemKind.ROOM, "仪陇中心站会议室", "仪陇中心站", 1, True, "可视频连线，用完归位"),
    (AREA, ItemKind.VENUE, "阀室远控联调场地", "立山阀室", 1, False, "进站先交底、登记"),
    (f"{STATION}党支部", ItemKind.EQUIPMENT, "光纤熔接机和光时域反射仪", "信息站库房", 2, True, "当天还，充好电"),
    (f"{STATION}党支部", ItemKind.EXPERT, "工业网络技术员", "信息站", 2, False, "提前一天约，可远程"),
    (f"{STATION}党支部", ItemKind.COURSE, "SCADA 系统日常排障", "信息站", 1, True, "一次不超过 20 人"),
)


def show_pools(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Tell what is offered and booked this week, what was used in the weeks before, and the last mood notes."""
    _of_zone(field, now)
    _of_agreement(now)


def _of_zone(field: Field, now: datetime) -> None:
    parties = {party.unit.name: Part(party) for party in field.zone.participating_units.select_related("zone__body", "unit", "home_branch")}  # fmt: skip
    began = now - timedelta(days=25)
    items = [
        offer_item(
            part=parties[side], kind=kind, title=title, place=place, capacity=capacity, is_auto=is_auto,
            conditions=conditions, actor=field.lead, at=began,
        )
        for side, kind, title, place, capacity, is_auto, conditions in OFFERS
    ]  # fmt: skip
    host = [one for one in field.crew if one.unit is not None and one.unit.name == HOST]
    builder = [one for one in field.crew if one.unit is not None and one.unit.name == BUILDER]
    for days, item, person in ((18, items[0], builder[0]), (12, items[2], builder[1]), (9, items[5], host[1]), (4, items[0], builder[1])):  # fmt: skip
        day = now.date() - timedelta(days=days)
        booking = _book(item, day, person, "班组技术交底", began)
        close_booking(booking=booking, actor=person, at=_at(day, 12))
    for ahead, item, person, purpose in (
        (1, items[0], builder[0], "安全交底会"),
        (1, items[2], builder[1], "动火前测爆"),
        (2, items[4], host[1], "拉管件"),
        (2, items[5], host[2], "焊口返修指导"),
    ):
        _book(item, now.date() + timedelta(days=ahead), person, purpose, now)
    _for_a_meeting(field, items[0], builder[0], now)
    note_mood(
        part=parties[BUILDER], level=MoodLevel.UNEASY, topics=[MoodTopic.LIVING, MoodTopic.FAMILY], people=14,
        text="营地住宿拥挤，连续加班，部分外地职工盼着轮休回家。", actor=field.lead, at=now - timedelta(days=33),
    )  # fmt: skip
    note_mood(
        part=parties[HOST], level=MoodLevel.CALM, topics=[MoodTopic.SAFETY], people=9,
        text="改造期间边生产边施工，大家对交叉作业安全比较关心，总体平稳。", actor=field.lead, at=now - timedelta(days=20),
    )  # fmt: skip
    note_mood(
        part=parties[BUILDER], level=MoodLevel.ATTENTION, topics=[MoodTopic.PAY, MoodTopic.WORKLOAD], people=6,
        text="劳务班组反映上月加班工资发放晚，情绪有波动。", actor=field.lead, at=now - timedelta(days=2),
        follow_ups=[FollowUp(FollowUpWay.TALK, builder[0], now.date() + timedelta(days=3))],
    )  # fmt: skip


def _for_a_meeting(field: Field, room: SharedItem, builder: Person, now: datetime) -> None:
    """A meeting of the zone with its room; a day later somebody else has it, so moving the meeting has to be thought about."""
    day = now.date() + timedelta(days=3)
    meeting = plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=field.zone_body, place=room.title, scheduled_from=_at(day, 14),
        scheduled_until=_at(day, 15), actor=field.lead, at=now,
    )  # fmt: skip
    book_for_activity(activity=meeting, item=room, actor=field.lead, at=now)
    taken = _at(day + timedelta(days=1), 14)
    book_item(
        item=room,
        starts_at=taken,
        ends_at=taken + timedelta(hours=2),
        purpose="焊工班组技术交底",
        actor=builder,
        at=now,
    )


def _of_agreement(now: datetime) -> None:
    """What the operation area and the information station share: rooms and a site for know-how and instruments."""
    agreement = Agreement.objects.get(project__name=DIGITAL, kind=AgreementKind.LETTER_OF_INTENT, supplements=None)
    parts = {side.body.name: Part(side) for side in agreement.parties.select_related("agreement", "body__unit", "unit")}
    led = {name: _secretary(part.row.body_id) for name, part in parts.items() if isinstance(part.row, AgreementParty)}
    began = now - timedelta(days=30)
    items = [
        offer_item(
            part=parts[side], kind=kind, title=title, place=place, capacity=capacity, is_auto=is_auto,
            conditions=conditions, actor=led[side], at=began,
        )
        for side, kind, title, place, capacity, is_auto, conditions in OF_AREA
    ]  # fmt: skip
    area, station = (_member(parts[name].branch, led[name]) for name in (AREA, f"{STATION}党支部"))
    for days, item, person, purpose in (
        (24, items[2], area, "中心站光缆割接"), (17, items[0], station, "联合学习：数据上线方案"),
        (15, items[4], area, "值班员排障培训"), (6, items[2], area, "立山阀室链路检测"),
    ):  # fmt: skip
        day = now.date() - timedelta(days=days)
        close_booking(booking=_book(item, day, person, purpose, began), actor=person, at=_at(day, 12))
    for ahead, item, person, purpose in (
        (1, items[0], station, "远控联调碰头"), (2, items[3], area, "交换机配置核对"), (3, items[1], station, "阀室远控联调"),
    ):  # fmt: skip
        _book(item, now.date() + timedelta(days=ahead), person, purpose, now)
    note_mood(
        part=parts[AREA], level=MoodLevel.UNEASY, topics=[MoodTopic.GROWTH, MoodTopic.WORKLOAD], people=11,
        text="中心站值班人员担心无人值守以后岗位变化，盼着早些培训、早些明确去向。", actor=led[AREA],
        at=now - timedelta(days=12),
        follow_ups=[FollowUp(FollowUpWay.TALK, area, now.date() + timedelta(days=2))],
    )  # fmt: skip
    note_mood(
        part=parts[f"{STATION}党支部"], level=MoodLevel.CALM, topics=[MoodTopic.FAMILY], people=4,
        text="驻点人员轮换正常，家属理解支持。", actor=led[f"{STATION}党支部"], at=now - timedelta(days=11),
    )  # fmt: skip


def _secretary(body: int) -> Person:
    held = PostHolding.objects.filter(body=body, role=PostRole.SECRETARY, valid_until=None).select_related("person")
    return held.order_by("pk")[0].person


def _member(body: PartyOrg | None, but: Person) -> Person:
    """Return the first who belongs to the branch at home, besides its secretary."""
    rows = Membership.objects.filter(body=body, kind=MembershipKind.HOME, valid_until=None).exclude(person=but)
    return rows.select_related("person").order_by("pk")[0].person


def _book(item: SharedItem, day: date, person: Person, purpose: str, at: datetime) -> Booking:
    return book_item(item=item, starts_at=_at(day, 9), ends_at=_at(day, 11), purpose=purpose, actor=person, at=at)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)
