"""资源共享、思想共管 of the demonstration field: what the sides of the 南I-1 zone share this week, and how people feel."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ronghe.demo.organization import BUILDER, HOST, Field
from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import FollowUpWay, ItemKind, MoodLevel, MoodTopic
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.services.bookings import book_item, close_booking
from ronghe.domain.pools.services.items import offer_item
from ronghe.domain.pools.services.moods import FollowUp, note_mood
from ronghe.kernel.calendar.moments import SHANGHAI

OFFERS = (
    (HOST, ItemKind.ROOM, "活动板房会议室", "南I-1联合站", 1, True, "用完关灯锁门"),
    (HOST, ItemKind.EQUIPMENT, "可燃气体检测仪", "站控室", 6, True, "当天还，登记编号"),
    (HOST, ItemKind.COURSE, "联合站流程讲解", "南I-1联合站", 1, False, "提前一天约"),
    (BUILDER, ItemKind.VEHICLE, "值班皮卡", "施工营地", 1, False, "驾驶员随车"),
    (BUILDER, ItemKind.EXPERT, "焊接高级技师", "施工营地", 1, True, ""),
)


def show_pools(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - as every step
    """Tell what is offered and booked this week, what was used in the weeks before, and the last mood notes."""
    parties = {party.unit.name: party for party in field.zone.participating_units.select_related("zone__body", "unit", "home_branch")}  # fmt: skip
    began = now - timedelta(days=25)
    items = [
        offer_item(
            party=parties[side], kind=kind, title=title, place=place, capacity=capacity, is_auto=is_auto,
            conditions=conditions, actor=field.lead, at=began,
        )
        for side, kind, title, place, capacity, is_auto, conditions in OFFERS
    ]  # fmt: skip
    host = [one for one in field.crew if one.unit is not None and one.unit.name == HOST]
    builder = [one for one in field.crew if one.unit is not None and one.unit.name == BUILDER]
    for days, item, person in ((18, items[0], builder[0]), (12, items[1], builder[1]), (9, items[4], host[1]), (4, items[0], builder[1])):  # fmt: skip
        day = now.date() - timedelta(days=days)
        booking = _book(item, day, person, "班组技术交底", began)
        close_booking(booking=booking, actor=person, at=_at(day, 12))
    for ahead, item, person, purpose in (
        (1, items[0], builder[0], "安全交底会"),
        (1, items[1], builder[1], "动火前测爆"),
        (2, items[3], host[1], "拉管件"),
        (2, items[4], host[2], "焊口返修指导"),
    ):
        _book(item, now.date() + timedelta(days=ahead), person, purpose, now)
    note_mood(
        party=parties[BUILDER], level=MoodLevel.UNEASY, topics=[MoodTopic.LIVING, MoodTopic.FAMILY], people=14,
        text="营地住宿拥挤，连续加班，部分外地职工盼着轮休回家。", actor=field.lead, at=now - timedelta(days=33),
    )  # fmt: skip
    note_mood(
        party=parties[HOST], level=MoodLevel.CALM, topics=[MoodTopic.SAFETY], people=9,
        text="改造期间边生产边施工，大家对交叉作业安全比较关心，总体平稳。", actor=field.lead, at=now - timedelta(days=20),
    )  # fmt: skip
    note_mood(
        party=parties[BUILDER], level=MoodLevel.ATTENTION, topics=[MoodTopic.PAY, MoodTopic.WORKLOAD], people=6,
        text="劳务班组反映上月加班工资发放晚，情绪有波动。", actor=field.lead, at=now - timedelta(days=2),
        follow_ups=[FollowUp(FollowUpWay.TALK, builder[0], now.date() + timedelta(days=3))],
    )  # fmt: skip


def _book(item: SharedItem, day: date, person: Person, purpose: str, at: datetime) -> Booking:
    return book_item(item=item, starts_at=_at(day, 9), ends_at=_at(day, 11), purpose=purpose, actor=person, at=at)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)
