"""劳动竞赛."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.contests.calc.figures import FIGURES
from ronghe.domain.contests.enums import ContestState, EntryKind
from ronghe.domain.contests.models import Contest
from ronghe.domain.contests.selectors.contests import (
    bodies_offered,
    bodies_to_open_for,
    contests_seen_by,
    head_words,
    list_contests,
    standings_of,
    teams_offered,
)
from ronghe.domain.contests.services.closing import award_contest, close_contest
from ronghe.domain.contests.services.contests import (
    ContestText,
    HeadText,
    call_off_contest,
    join_contest,
    judge_entries,
    leave_contest,
    open_contest,
)
from ronghe.domain.honours.models import HonourTitle
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import SEE_PERSON
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.words import _

router = Router(tags=["honours"])


class ContestRow(Schema):
    id: int
    body: Named
    name: str
    entry_kind: str
    starts_on: date
    ends_on: date
    state: str


class ContestHeadRow(Schema):
    id: int
    words: str
    figure: str = Field(description="空的由评委评分")
    source: str
    weight: int


class ContestCell(Schema):
    head: int
    value: Decimal | None
    points: Decimal | None = Field(description="评委没有评完的为空")


class ContestLine(Schema):
    id: int
    name: str
    body: Named
    place: int
    total: Decimal
    honour: int | None
    cells: list[ContestCell]


class ContestWhole(ContestRow):
    reason: str
    title: Named | None
    awards: int
    heads: list[ContestHeadRow]
    standings: list[ContestLine]


class ContestFigureRow(Schema):
    code: str
    words: str
    fits: list[str]


class ContestHeadRequest(Schema):
    words: str = Field(max_length=40)
    weight: int = Field(ge=1, le=100)
    figure: str = Field("", description="数什么；空的由评委评分")


class ContestRequest(Schema):
    body: int
    name: str = Field(max_length=60)
    starts_on: date
    ends_on: date
    heads: list[ContestHeadRequest]
    entry_kind: EntryKind = EntryKind.BODY
    bodies: list[int] = Field([], description="参赛的党支部；不写为全部")
    teams: list[int] = Field([], description="参赛的班组；不写为全部")
    judges: list[int] = []
    title: int | None = None
    awards: int = Field(1, ge=1, le=20)


class ContestMarkRequest(Schema):
    entry: int
    points: Decimal = Field(ge=0, le=100)


class ContestMarksRequest(Schema):
    head: int
    marks: list[ContestMarkRequest]


class ContestAwarding(Schema):
    document_number: str = Field("", max_length=60)


class ContestReason(Schema):
    reason: str = Field(max_length=400)


@router.get("", response=Page[ContestRow], summary="劳动竞赛", operation_id="contest_list")
def contest_list(
    request: HttpRequest, q: str = Query("", max_length=40), state: ContestState | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = list_contests(
        actor_of(request), timezone.now(), words=q.replace("\x00", "").strip(), state=state.value if state else "",
        page=page, size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(rows, _row)


@router.get("/figures", response=list[ContestFigureRow], summary="竞赛能数什么", operation_id="contest_figures")
def contest_figures(request: HttpRequest) -> Any:  # noqa: ARG001
    return [{"code": one.code, "words": _(one.words), "fits": list(one.fits)} for one in FIGURES.values()]


@router.post("", response={201: ContestWhole}, summary="发起劳动竞赛", operation_id="contest_open")
def contest_open(request: HttpRequest, wanted: ContestRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_open_for(actor, now), pk=wanted.body)
    day = local_day(now)
    people = SEE_PERSON.narrow(actor, Person.objects.filter(valid_until=None), at=now)
    text = ContestText(
        wanted.name, wanted.starts_on, wanted.ends_on,
        [HeadText(head.words, head.weight, head.figure) for head in wanted.heads], wanted.entry_kind,
        [get_object_or_404(bodies_offered(body, day), pk=key) for key in wanted.bodies],
        [get_object_or_404(teams_offered(body, day), pk=key) for key in wanted.teams],
        [get_object_or_404(people, pk=key) for key in wanted.judges],
        get_object_or_404(HonourTitle, pk=wanted.title) if wanted.title is not None else None, wanted.awards,
    )  # fmt: skip
    return Status(201, _whole(open_contest(body=body, text=text, actor=actor, at=now)))


@router.get("/{contest_id}", response=ContestWhole, summary="竞赛和名次", operation_id="contest_detail")
def contest_detail(request: HttpRequest, contest_id: int) -> Any:
    return _whole(_seen(request, contest_id))


@router.post("/{contest_id}/judge", response=ContestWhole, summary="评分", operation_id="contest_judge")
def contest_judge(request: HttpRequest, contest_id: int, wanted: ContestMarksRequest) -> Any:
    contest = _seen(request, contest_id)
    head = get_object_or_404(contest.heads.all(), pk=wanted.head)
    points = {mark.entry: mark.points for mark in wanted.marks}
    judge_entries(contest=contest, head=head, points=points, actor=actor_of(request), at=timezone.now())
    return _whole(contest)


@router.post("/{contest_id}/join", response=ContestWhole, summary="报名", operation_id="contest_join")
def contest_join(request: HttpRequest, contest_id: int) -> Any:
    contest = _seen(request, contest_id)
    join_contest(contest=contest, actor=actor_of(request), at=timezone.now())
    return _whole(contest)


@router.post("/{contest_id}/leave", response=ContestWhole, summary="退出", operation_id="contest_leave")
def contest_leave(request: HttpRequest, contest_id: int) -> Any:
    contest = _seen(request, contest_id)
    leave_contest(contest=contest, actor=actor_of(request), at=timezone.now())
    return _whole(contest)


@router.post("/{contest_id}/close", response=ContestWhole, summary="结束并排名", operation_id="contest_close")
def contest_close(request: HttpRequest, contest_id: int) -> Any:
    contest = _seen(request, contest_id)
    return _whole(close_contest(contest=contest, actor=actor_of(request), at=timezone.now()))


@router.post("/{contest_id}/award", response=ContestWhole, summary="表彰优胜者", operation_id="contest_award")
def contest_award(request: HttpRequest, contest_id: int, wanted: ContestAwarding) -> Any:
    contest, number = _seen(request, contest_id), wanted.document_number
    return _whole(award_contest(contest=contest, document_number=number, actor=actor_of(request), at=timezone.now()))


@router.post("/{contest_id}/call-off", response=ContestWhole, summary="取消竞赛", operation_id="contest_call_off")
def contest_call_off(request: HttpRequest, contest_id: int, wanted: ContestReason) -> Any:
    contest = _seen(request, contest_id)
    return _whole(call_off_contest(contest=contest, reason=wanted.reason, actor=actor_of(request), at=timezone.now()))


def _seen(request: HttpRequest, contest_id: int) -> Contest:
    return get_object_or_404(contests_seen_by(actor_of(request), timezone.now()), pk=contest_id)


def _row(contest: Contest) -> dict[str, Any]:
    return {
        "id": contest.pk, "body": named(contest.body), "name": contest.name, "entry_kind": contest.entry_kind,
        "starts_on": contest.starts_on, "ends_on": contest.ends_on, "state": contest.state,
    }  # fmt: skip


def _whole(contest: Contest) -> dict[str, Any]:
    table = standings_of(contest)
    heads = [
        {"id": head.pk, "words": head.words, "figure": head.figure, "source": head_words(head), "weight": head.weight}
        for head in table.heads
    ]
    lines = [
        {
            "id": line.entry.pk, "name": line.entry.name, "body": named(line.entry.body), "place": line.place,
            "total": line.total, "honour": line.entry.honour_id,
            "cells": [
                {"head": head.pk, "value": cell.value, "points": cell.points}
                for head, cell in zip(table.heads, line.cells, strict=True)
            ],
        }
        for line in table.lines
    ]  # fmt: skip
    return _row(contest) | {
        "reason": contest.reason, "title": named(contest.title), "awards": contest.awards, "heads": heads,
        "standings": lines,
    }  # fmt: skip
