"""今日: what the caller owes, in the order of the page; one-tap acts, putting off, and how much lies on whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.today.calc.order import Line, cursor_after, key_of
from ronghe.domain.today.enums import Part, Until
from ronghe.domain.today.rules import SEE_LOAD
from ronghe.domain.today.selectors.day import my_day
from ronghe.domain.today.selectors.load import MOST, Load, loads_of, people_led_by
from ronghe.domain.today.services.doing import do_act
from ronghe.domain.today.services.putting_off import bring_back, put_off
from ronghe.kernel.inbox import Topic

router = Router(tags=["today"])
PAGE_SIZE = 50


class DayAct(Schema):
    id: str = Field(description="办的时候写在地址里")
    title: str


class DayLine(Schema):
    inbox: str
    record: int
    title: str
    why: str = Field(description="为什么在您的清单里")
    where: str
    who: str
    topic: Topic
    part: Part
    state: str
    weight: int
    due_at: datetime | None
    due_on: date | None
    since: datetime | None = Field(description="从什么时候起等您")
    days_late: int
    is_late: bool
    acts: list[DayAct]


class PutOffLine(Schema):
    inbox: str
    record: int
    title: str
    until: datetime


class DayPage(Schema):
    items: list[DayLine]
    next_cursor: str | None = Field(description="接着看时写进 cursor；没有下一页时为空")
    count: int = Field(description="共有多少件；每类数到 1,000 为止")
    pressing: int = Field(description="到今天为止该办的")
    by_topic: dict[Topic, int]
    put_off: list[PutOffLine]
    done: list[DayLine]


class DayDone(Schema):
    words: str
    undo: str | None = Field(description="撤销时再办这一步；不能撤销时为空")


class PutOffRequest(Schema):
    until: Until


class PutOffAnswer(Schema):
    inbox: str
    record: int
    until: datetime


class LoadRow(Schema):
    person: int
    name: str
    unit: str | None
    open: int
    overdue: int
    week: int = Field(description="本周到期，含超期")
    weight: int = Field(description="本周到期的按轻重 1、2、3 相加")
    by_kind: dict[str, int]


@router.get("", response=DayPage, summary="今日", operation_id="today_list")
def day(
    request: HttpRequest, topic: Topic | None = None, q: str = "", cursor: str = "",
    size: int = Query(PAGE_SIZE, ge=1, le=PAGE_SIZE),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    mine = my_day(actor, now, topic=topic, text=q, after=key_of(cursor) if cursor else None, most=size + 1)
    shown = mine.lines[:size]
    return {
        "items": [_line(line, now) for line in shown],
        "next_cursor": cursor_after(shown[-1], now) if len(mine.lines) > size else None,
        "count": mine.count,
        "pressing": mine.pressing,
        "by_topic": mine.by_topic,
        "put_off": [
            {"inbox": line.inbox, "record": line.pk, "title": line.title, "until": until}
            for line, until in mine.put_off
        ],
        "done": [_line(line, now) for line in mine.done],
    }


@router.post("/{inbox}/{record}/do/{act}", response=DayDone, summary="办一步", operation_id="today_do")
def day_do(request: HttpRequest, inbox: str, record: int, act: str) -> Any:
    done = do_act(inbox=inbox, record=record, act=act, person=actor_of(request), at=timezone.now())
    return {"words": done.words, "undo": done.undo or None}


@router.post("/{inbox}/{record}/later", response=PutOffAnswer, summary="稍后再办", operation_id="today_put_off")
def day_put_off(request: HttpRequest, inbox: str, record: int, wanted: PutOffRequest) -> Any:
    return put_off(inbox=inbox, record=record, until=wanted.until, person=actor_of(request), at=timezone.now())


@router.delete("/{inbox}/{record}/later", response={204: None}, summary="放回清单", operation_id="today_bring_back")
def day_bring_back(request: HttpRequest, inbox: str, record: int) -> Any:
    bring_back(inbox=inbox, record=record, person=actor_of(request))
    return Status(204, None)


@router.get("/load", response=list[LoadRow], summary="谁手上有多少", operation_id="today_load")
def load(request: HttpRequest, body: int | None = None, q: str = "") -> Any:
    """您管的人按姓名排列，最多 500 人；没有管人的职务时只有您自己。"""
    actor, now = actor_of(request), timezone.now()
    chosen = get_object_or_404(bodies_seen_by(actor, now), pk=body) if body is not None else None
    people = people_led_by(actor, now, body=chosen, text=q)[:MOST]
    return [_load(one) for one in loads_of(people, now).values()]


@router.get("/load/{person_id}", response=LoadRow, summary="一个人手上有多少", operation_id="today_load_of")
def load_of(request: HttpRequest, person_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    people = SEE_LOAD.narrow(actor, Person.objects.filter(pk=person_id, valid_until=None), at=now, walk=True)
    person = people.select_related("unit").first()
    if person is None:
        raise Http404
    return _load(loads_of([person], now)[person.pk])


def _line(line: Line, now: datetime) -> dict[str, Any]:
    return {
        "inbox": line.inbox, "record": line.pk, "title": line.title, "why": line.why, "where": line.where,
        "who": line.who, "topic": line.topic, "part": line.part(now), "state": line.state, "weight": line.weight,
        "due_at": line.due_at, "due_on": line.due_on, "since": line.since, "days_late": line.days_late(now),
        "is_late": line.is_late(now), "acts": [{"id": act.id, "title": act.title} for act in line.acts if act.id],
    }  # fmt: skip


def _load(one: Load) -> dict[str, Any]:
    unit = one.person.unit
    return {
        "person": one.person.pk, "name": one.person.name, "unit": unit.name if unit is not None else None,
        "open": one.open, "overdue": one.overdue, "week": one.week, "weight": one.weight, "by_kind": one.by_kind,
    }  # fmt: skip
