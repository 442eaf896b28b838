"""积分星级: ledgers, members, applications, what looks odd, stars. The steps of an application are at `/work/items`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.appraisal.enums import Level, OddVerdict
from ronghe.domain.appraisal.rules import LOOK_INTO, SEE_MEMBERS_POINTS
from ronghe.domain.appraisal.selectors.ledgers import LedgerView, ledger_for, members_for
from ronghe.domain.appraisal.selectors.oddities import oddities_for
from ronghe.domain.appraisal.selectors.stars import star_board
from ronghe.domain.appraisal.services.oddities import look_at
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.merits.selectors import people_to_report, record_called, records_about, sheet_of
from ronghe.domain.merits.services.applying import Application, NoMeritSheet, apply_for
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import NotFound
from ronghe.kernel.language import in_language

router = Router(tags=["points"])


class PointsEntry(Schema):
    fact: int
    at: datetime
    what: str
    where: str
    points: Decimal | None = Field(description="按合计计分的项目没有逐条的分")
    cut: Decimal = Field(description="封顶没有计的分")
    source: str | None


class PointsItem(Schema):
    id: str
    title: str
    window: str
    rule: str
    depth: int
    applicable: bool
    value: Decimal
    full: Decimal
    opening: Decimal
    adjusted: Decimal
    room: Decimal = Field(description="还可以得的分")
    times: int | None = Field(description="还差几次")
    entries: list[PointsEntry]


class PointsReversed(Schema):
    fact: int
    at: datetime
    what: str
    reversed_at: datetime


class PointsLedger(Schema):
    person: str = Field(description="人员标识")
    name: str
    playbook: str
    sheet: str
    period: str
    run: int | None = Field(description="定稿的考评；没有定稿时为空，数还会变")
    total: Decimal | None
    grade: str | None
    items: list[PointsItem]
    taken_back: list[PointsReversed]


class PointsMember(Schema):
    person: str
    name: str
    total: Decimal | None
    grade: str | None


class PointsMembers(Schema):
    body: Named
    sheet: str | None
    period: str | None
    members: list[PointsMember]


class PointsReward(Schema):
    id: str
    title: str
    points: Decimal
    cap: Decimal | None


class PointsRecord(Schema):
    key: str
    name: str
    at: datetime


class PointsRewards(Schema):
    playbook: str
    sheet: str
    rewards: list[PointsReward]
    records: list[PointsRecord] = Field(description="可以作依据的平台记录")


class MeritApplyRequest(Schema):
    reward: str = Field(max_length=60)
    title: str = Field(max_length=120)
    done_on: date
    text: str = Field("", max_length=2000)
    proof: str = Field("", max_length=120)
    record: str = Field("", description="平台里的记录，如 work.task:12；没有就传文件")
    member: int | None = Field(None, description="提出扣分时写人员标识；申请自己的积分不写")


class MeritApplied(Schema):
    item: int = Field(description="事项编号，步骤走 /work/items")
    state: str


class PointsOddity(Schema):
    key: str
    pattern: str
    people: list[Named]
    count: int
    usual: int
    verdict: str | None
    looked_at: datetime | None


class OddLookRequest(Schema):
    verdict: OddVerdict
    period: str = ""


class StarResult(Schema):
    period: str
    run: int
    grade: str | None
    title: str
    score: Decimal | None


class StarLine(Schema):
    subject: str
    name: str
    party_group: str = Field(description="班组的党小组，与班组同一结果")
    results: list[StarResult]


@router.get("", response=PointsLedger, summary="一个人的积分账", operation_id="points_ledger")
def ledger_show(request: HttpRequest, person: int | None = None, period: str = "", sheet: str = "") -> Any:
    view = ledger_for(actor_of(request), timezone.now(), token=person, period=period, sheet=sheet)
    if view is None:
        raise NotFound
    return _ledger(view)


@router.get("/members", response=PointsMembers, summary="党组织里党员的积分", operation_id="points_members")
def members_list(request: HttpRequest, body: int, period: str = "") -> Any:
    actor, now = actor_of(request), timezone.now()
    there = get_object_or_404(SEE_MEMBERS_POINTS.narrow(actor, PartyOrg.objects.all(), at=now), pk=body)
    view = members_for(actor, there, now, period=period)
    return {
        "body": named(there),
        "sheet": view.in_use.key if view.in_use else None,
        "period": view.period.name if view.period else None,
        "members": [
            {"person": str(row.person.token), "name": row.person.name, "total": _points(row.total), "grade": row.grade}
            for row in view.rows
        ],
    }


@router.get("/rewards", response=PointsRewards, summary="可以申请的项目", operation_id="points_rewards")
def rewards_list(request: HttpRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = sheet_of(actor, local_day(now))
    if sheet is None:
        raise NoMeritSheet
    return {
        "playbook": sheet.reference,
        "sheet": sheet.sheet_id,
        "rewards": [
            {"id": one.id, "title": in_language(one.title), "points": one.points, "cap": one.cap}
            for one in sheet.rewards
        ],
        "records": [{"key": one.key, "name": one.name, "at": one.at} for one in records_about(actor, now)],
    }


@router.post("/applications", response={201: MeritApplied}, summary="申请积分", operation_id="points_apply")
def application_create(
    request: HttpRequest,
    wanted: Form[MeritApplyRequest],
    photo: File[list[UploadedFile]] = [],  # noqa: B006 - read by the framework, never changed
) -> Any:
    actor, now = actor_of(request), timezone.now()
    member = actor
    if wanted.member is not None:
        member = get_object_or_404(people_to_report(actor, now), token=wanted.member)
    record = record_called(member, wanted.record, now) if wanted.record else None
    if wanted.record and record is None:
        raise NotFound
    given = Application(
        wanted.reward, wanted.title, wanted.done_on, wanted.text, wanted.proof,
        RecordOf(record.source_type, record.source_id, record.name) if record is not None else None,
    )  # fmt: skip
    uploads = [Upload(file.name or "", file) for file in photo]
    item = apply_for(member=member, given=given, actor=actor, at=now, uploads=uploads)
    return Status(201, {"item": item.pk, "state": item.state})


@router.get("/odd", response=list[PointsOddity], summary="积分异常", operation_id="points_odd")
def odd_list(request: HttpRequest, body: int, period: str = "") -> Any:
    actor, now = actor_of(request), timezone.now()
    there = get_object_or_404(LOOK_INTO.narrow(actor, PartyOrg.objects.all(), at=now), pk=body)
    _period, found = oddities_for(actor, there, now, period=period)
    return [
        {
            "key": one.key,
            "pattern": one.oddity.pattern,
            "people": [named(person) for person in one.people],
            "count": one.oddity.count,
            "usual": one.oddity.usual,
            "verdict": one.look.verdict if one.look else None,
            "looked_at": one.look.at if one.look else None,
        }
        for one in found
    ]


@router.post("/odd/{body}/{key}", response={204: None}, summary="记下核查结果", operation_id="points_odd_look")
def odd_look(request: HttpRequest, body: int, key: str, wanted: OddLookRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    there = get_object_or_404(LOOK_INTO.narrow(actor, PartyOrg.objects.all(), at=now), pk=body)
    look_at(body=there, key=key, verdict=wanted.verdict, actor=actor, at=now, period=wanted.period)
    return Status(204, None)


@router.get("/stars", response=list[StarLine], summary="星级", operation_id="points_stars")
def stars_list(request: HttpRequest, level: Level = Level.MEMBER, sheet: str = "") -> Any:
    board = star_board(actor_of(request), level, timezone.now(), sheet=sheet)
    return [
        {
            "subject": str(row.subject),
            "name": row.name,
            "party_group": row.partner,
            "results": [
                {
                    "period": cell.run.period, "run": cell.run.pk, "grade": cell.grade, "title": cell.grade_title,
                    "score": _points(cell.score),
                }
                for cell in row.scores(board.periods)
            ],
        }
        for row in board.rows
    ]  # fmt: skip


def _ledger(view: LedgerView) -> dict[str, Any]:
    return {
        "person": str(view.person.token),
        "name": view.person.name,
        "playbook": str(view.in_use.version) if view.in_use else "",
        "sheet": view.sheet.id,
        "period": view.period.name,
        "run": view.run.pk if view.run else None,
        "total": _points(view.ledger.total),
        "grade": view.grade,
        "items": [
            {
                "id": item.id,
                "title": in_language(item.title),
                "window": item.window,
                "rule": item.rule,
                "depth": item.depth,
                "applicable": item.applicable,
                "value": _points(item.value),
                "full": _points(item.full),
                "opening": _points(item.opening),
                "adjusted": _points(item.adjusted),
                "room": _points(item.room),
                "times": item.times,
                "entries": [
                    {
                        "fact": entry.fact, "at": entry.at, "points": _points(entry.points), "cut": _points(entry.cut),
                        **_told(view, entry.fact),
                    }
                    for entry in item.entries
                ],
            }
            for item in view.ledger.items
        ],
        "taken_back": [
            {"fact": fact.id, "at": fact.occurred_at, "what": fact.title, "reversed_at": at}
            for fact, at in view.reversed_facts
        ],
    }  # fmt: skip


def _told(view: LedgerView, fact_id: int) -> dict[str, Any]:
    fact = view.facts.get(fact_id)
    if fact is None:
        return {"what": "", "where": "", "source": None}
    source = f"{fact.source_type}:{fact.source_id}" if fact.source_type else None
    return {"what": fact.title, "where": fact.where, "source": source}


def _points(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units) / 10_000
