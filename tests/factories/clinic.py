"""A clinic: a field of knowledge, two experts of it, a worker who asks, a leader, and cases in any state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from ronghe.domain.clinic.enums import HelpKind, SlotWay
from ronghe.domain.clinic.models import ClinicField, Expert, ExpertHours, Piece
from ronghe.domain.clinic.services.asking import Question, ask
from ronghe.domain.clinic.services.experts import Card, accept_expert, open_field, put_up_expert
from ronghe.domain.clinic.services.hours import HoursText, add_hours
from ronghe.domain.clinic.services.proposing import PieceText, propose_piece
from ronghe.domain.clinic.services.reviewing import publish_piece
from ronghe.domain.clinic.services.treating import answer_case, confirm_case
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.enums import PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import PartyOrg, Person
from tests.factories.org import SET_UP_AT, make_body, make_person, make_post, make_unit

TITLE = "变频器一启动就报过流"
TEXT = "3 号注水泵，冷态能起，热态报 OC1，王海 13812345678 在现场守着。"
ANSWER = "先量输出三相电流，再查电缆绝缘；多半是加速时间太短，改到 20 秒。"
PIECE = PieceText(TITLE, "注水泵热态启动报 OC1，怎么查？", ANSWER)


@dataclass
class Clinic:
    """庞国华 (华哥) and 邵明 sit in 电力电子, put up by the secretary 陈建国; 王海 asks."""

    committee: PartyOrg
    secretary: Person
    field: ClinicField
    hua: Expert
    shao: Expert
    worker: Person
    other: Person


def make_clinic() -> Clinic:
    plant = make_unit("采油一厂")
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE, unit=plant)
    secretary = make_person("陈建国")
    make_post(secretary, PostRole.SECRETARY, body=committee)
    field = open_field(name="电力电子", body=committee, actor=secretary, at=SET_UP_AT)
    worker, other = (make_person(name, unit=plant, status=PoliticalStatus.MASSES) for name in ("王海", "李强"))
    people = [make_person(name, unit=plant, status=PoliticalStatus.MASSES) for name in ("庞国华", "邵明")]
    hua, shao = (make_expert(committee, secretary, person, field) for person in people)
    Expert.objects.filter(pk=hua.pk).update(called="华哥")
    hua.called = "华哥"
    return Clinic(committee, secretary, field, hua, shao, worker, other)


def make_expert(
    body: PartyOrg, leader: Person, person: Person, *fields: ClinicField, helps: tuple[HelpKind, ...] = tuple(HelpKind)
) -> Expert:
    named = put_up_expert(person=person, card=Card(fields, helps), body=body, actor=leader, at=SET_UP_AT)
    return accept_expert(expert=named, actor=person, at=SET_UP_AT)


def sits(expert: Expert, *, weekday: int = 2, minutes: int = 30, **more: Any) -> ExpertHours:
    """Let an expert sit every Tuesday from nine to half past ten at his workshop."""
    given = {"starts": time(9), "ends": time(10, 30), "way": SlotWay.ON_SITE, "place": "电气班值班室", **more}
    text = HoursText(weekday=weekday, minutes=minutes, **given)
    return add_hours(expert=expert, text=text, actor=expert.person, at=SET_UP_AT)


def tuesday(at: datetime, hour: int = 9, minute: int = 0) -> datetime:
    """Return a time on the Tuesday after the Monday that the tests take place on."""
    return (at + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def asked(clinic: Clinic, at: datetime, *, by: Person | None = None, title: str = TITLE, **more: Any) -> WorkItem:
    """Return a question to the field, to `expert` where one is named."""
    given = {"text": TEXT, "field": clinic.field, **more}
    return ask(question=Question(title, **given), actor=by or clinic.worker, at=at)


def cared(clinic: Clinic, at: datetime, **more: Any) -> WorkItem:
    """Return a sealed question to 华哥."""
    given = {
        "title": "孩子高考，家里吵架",
        "text": "夜班回去睡不着",
        "help": HelpKind.CARE,
        "expert": clinic.hua,
        **more,
    }
    return ask(question=Question(**given), actor=clinic.worker, at=at)


def answered(clinic: Clinic, at: datetime, *, expert: Expert | None = None, **more: Any) -> WorkItem:
    item = asked(clinic, at, **more)
    return answer_case(item=item, words=ANSWER, actor=(expert or clinic.hua).person, at=at)


def solved(clinic: Clinic, at: datetime, *, score: int = 5, **more: Any) -> WorkItem:
    item = answered(clinic, at, **more)
    return confirm_case(item=item, score=score, actor=item.raised_by, at=at)


def in_review(clinic: Clinic, at: datetime, *, text: PieceText = PIECE, **more: Any) -> Piece:
    """Return a piece that its asker proposed."""
    item = solved(clinic, at, **more)
    return propose_piece(item=item, text=text, actor=item.raised_by, at=at)


def published(clinic: Clinic, at: datetime, **more: Any) -> Piece:
    return publish_piece(piece=in_review(clinic, at, **more), actor=clinic.secretary, at=at)
