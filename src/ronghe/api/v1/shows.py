"""三亮四比一创建."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named, page_answer
from ronghe.domain.appraisal.selectors.stars import latest_star
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.shows.calc.ratio import Ratio
from ronghe.domain.shows.enums import BadgePart, PromiseState, WallOrder
from ronghe.domain.shows.models import Badge, PostStandard, ShowCompeteCampaign
from ronghe.domain.shows.rules import OPEN_CAMPAIGN, SET_STANDARD
from ronghe.domain.shows.selectors.badges import consent_of
from ronghe.domain.shows.selectors.campaigns import asked_quarter, campaign_in, campaigns_seen_by, list_campaigns
from ronghe.domain.shows.selectors.cards import CardPromise, card_of, people_with_card, standards_seen
from ronghe.domain.shows.selectors.wall import WallAsked, WallLine, sums, wall
from ronghe.domain.shows.services.badges import agree_badge, issue_badge, issue_badges, renew_badge, withdraw_badge
from ronghe.domain.shows.services.campaigns import CampaignText, change_campaign, end_campaign, open_campaign
from ronghe.domain.shows.services.standards import set_standard

router = Router(tags=["shows"])


class RatioAnswer(Schema):
    kept: int
    not_kept: int
    percent: Decimal | None = Field(description="兑现的占已评定的百分之几；没有评定过的为空")


class ShownStandard(Schema):
    head: str = Field(description="职务或岗位；空的是全体党员")
    text: str
    source: str


class ShownPromise(Schema):
    id: int
    title: str
    measure: str
    due_at: datetime | None
    state: PromiseState


class MemberCardAnswer(Schema):
    person: Named
    status: str
    body: str
    group: str
    zones: list[str]
    team: str
    member_since: date | None
    posts: list[str]
    carriers: list[Named]
    standards: list[ShownStandard]
    promises: list[ShownPromise]
    ratio: RatioAnswer
    grade: str = Field(description="最近一次定稿的星级；本人没有同意的不给别人看")


class BadgeAnswer(Schema):
    id: int
    address: str = Field(description="二维码里的地址，不用登录")
    issued_at: datetime


class BadgeAgreement(Schema):
    parts: list[BadgePart] = Field(description="同意公开哪些")
    given_at: datetime | None


class BadgeParts(Schema):
    parts: list[BadgePart]


class BadgeRenewing(Schema):
    reason: str = Field(max_length=200)


class PostStandardRow(Schema):
    id: int
    body: Named
    role: str = Field(description="空的是全体党员")
    text: str
    valid_from: date


class PostStandardRequest(Schema):
    body: int
    role: str = ""
    text: str = Field(max_length=400)


class WallRow(ShownPromise):
    owner: Named | None
    carrier: Named
    body: Named
    judge: str = Field(description="评定人；空的由上级评定")


class WallAnswer(Page[WallRow]):
    open: int
    overdue: int
    reported: int
    ratio: RatioAnswer = Field(description="一年来")


class ShowCampaignRow(Schema):
    id: int
    body: Named
    name: str
    fourth: str
    creates: str
    starts_on: date
    ends_on: date | None


class ShowCampaignBranch(Schema):
    body: Named
    ratio: RatioAnswer


class ShowCampaignPlace(Schema):
    name: str
    place: int
    total: Decimal
    points: list[Decimal | None]


class ShowCampaignContest(Schema):
    id: int
    name: str
    state: str
    heads: list[str]
    places: list[ShowCampaignPlace]


class ShowCampaignWhole(ShowCampaignRow):
    quarter: str
    contests: list[ShowCampaignContest]
    branches: list[ShowCampaignBranch]
    ratio: RatioAnswer


class ShowCampaignWords(Schema):
    name: str = Field(max_length=60)
    fourth: str = Field(max_length=40, description="第四比，由本单位定")
    creates: str = Field(max_length=400, description="创建什么")


class ShowCampaignRequest(ShowCampaignWords):
    body: int
    starts_on: date


@router.get("/people/{int:person_id}/card", response=MemberCardAnswer, summary="党员名片", operation_id="show_card")
def show_card(request: HttpRequest, person_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    person = _person(request, person_id)
    card, consent = card_of(person, local_day(now), now), consent_of(person)
    shows_stars = actor.pk == person.pk or (consent is not None and BadgePart.STARS in consent.parts)
    star = latest_star(person.token) if shows_stars else None
    return {
        "person": named(person), "status": card.status, "body": card.body, "group": card.group,
        "zones": list(card.zones), "team": card.team, "member_since": card.member_since, "posts": list(card.posts),
        "carriers": [named(row.carrier) for row in card.carriers],
        "standards": [{"head": one.head, "text": one.text, "source": one.source} for one in card.standards],
        "promises": [_promise(one) for one in card.promises], "ratio": _ratio(card.ratio),
        "grade": star.grade_title if star is not None else "",
    }  # fmt: skip


@router.post("/people/{int:person_id}/badge", response=BadgeAnswer, summary="发放胸牌", operation_id="badge_issue")
def badge_issue(request: HttpRequest, person_id: int) -> Any:
    person = _person(request, person_id)
    return _badge(request, issue_badge(person=person, actor=actor_of(request), at=timezone.now()))


@router.post(
    "/people/{int:person_id}/badge/renew", response=BadgeAnswer, summary="换发胸牌", operation_id="badge_renew",
    description="旧胸牌的二维码从此只显示“已停用”",
)  # fmt: skip
def badge_renew(request: HttpRequest, person_id: int, given: BadgeRenewing) -> Any:
    person = _person(request, person_id)
    badge = renew_badge(person=person, reason=given.reason, actor=actor_of(request), at=timezone.now())
    return _badge(request, badge)


@router.post(
    "/bodies/{int:body_id}/badges", response=list[BadgeAnswer], summary="打印全支部胸牌", operation_id="badges_issue"
)
def badges_issue(request: HttpRequest, body_id: int) -> Any:
    body = get_object_or_404(PartyOrg, pk=body_id)
    return [_badge(request, one) for one in issue_badges(body=body, actor=actor_of(request), at=timezone.now())]


@router.get("/consent", response=BadgeAgreement, summary="我同意公开什么", operation_id="badge_consent")
def badge_consent(request: HttpRequest) -> Any:
    return _consent(consent_of(actor_of(request)))


@router.put("/consent", response=BadgeAgreement, summary="同意公开胸牌内容", operation_id="badge_agree")
def badge_agree(request: HttpRequest, given: BadgeParts) -> Any:
    actor = actor_of(request)
    parts = [part.value for part in given.parts]
    return _consent(agree_badge(person=actor, parts=parts, actor=actor, at=timezone.now()))


@router.delete("/consent", response={204: None}, summary="撤回公开胸牌内容", operation_id="badge_withdraw")
def badge_withdraw(request: HttpRequest) -> Any:
    actor = actor_of(request)
    withdraw_badge(person=actor, actor=actor, at=timezone.now())
    return Status(204, None)


@router.get(
    "/bodies/{int:body_id}/standards", response=list[PostStandardRow], summary="岗位标准", operation_id="post_standards"
)
def post_standards(request: HttpRequest, body_id: int) -> Any:  # noqa: ARG001 - what a post is held to is public
    return [
        _standard(row) for row in standards_seen(get_object_or_404(PartyOrg, pk=body_id), local_day(timezone.now()))
    ]


@router.post("/standards", response={201: PostStandardRow}, summary="公布岗位标准", operation_id="post_standard_set")
def post_standard_set(request: HttpRequest, given: PostStandardRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = SET_STANDARD.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    body = get_object_or_404(bodies, pk=given.body)
    return Status(201, _standard(set_standard(body=body, role=given.role, text=given.text, actor=actor, at=now)))


@router.get("/wall", response=WallAnswer, summary="承诺墙", operation_id="promise_wall")
def promise_wall(
    request: HttpRequest, q: str = Query("", max_length=40), state: PromiseState | None = None, body: int | None = None,
    zone: int | None = None, unit: int | None = None, carrier: int | None = None,
    order: WallOrder = WallOrder.DUE, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    asked = WallAsked(
        q.replace("\x00", "").strip(), state.value if state else "", body, zone, unit, carrier, order.value
    )  # fmt: skip
    listed, lines = wall(actor, now, asked, page=page, size=PAGE_SIZE)
    found = sums(actor, now, asked)
    return {
        **page_answer(listed), "items": [_line(one) for one in lines], "open": found.open, "overdue": found.overdue,
        "reported": found.reported, "ratio": _ratio(found.ratio),
    }  # fmt: skip


@router.get("/campaigns", response=Page[ShowCampaignRow], summary="三亮四比一创建", operation_id="show_campaign_list")
def show_campaign_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_campaigns(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _row)


@router.post(
    "/campaigns", response={201: ShowCampaignWhole}, summary="发起三亮四比一创建", operation_id="show_campaign_open"
)
def show_campaign_open(request: HttpRequest, given: ShowCampaignRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    bodies = OPEN_CAMPAIGN.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    made = open_campaign(
        body=get_object_or_404(bodies, pk=given.body), text=CampaignText(given.name, given.fourth, given.creates),
        starts_on=given.starts_on, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(made, ""))


@router.get(
    "/campaigns/{int:campaign_id}", response=ShowCampaignWhole, summary="看一个三亮四比一创建",
    operation_id="show_campaign",
)  # fmt: skip
def show_campaign(
    request: HttpRequest, campaign_id: int, quarter: str = Query("", max_length=8, description="例如 2026Q3")
) -> Any:  # fmt: skip
    return _whole(_campaign(request, campaign_id), quarter)


@router.put(
    "/campaigns/{int:campaign_id}", response=ShowCampaignWhole, summary="修改三亮四比一创建",
    operation_id="show_campaign_change",
)  # fmt: skip
def show_campaign_change(request: HttpRequest, campaign_id: int, given: ShowCampaignWords) -> Any:
    text = CampaignText(given.name, given.fourth, given.creates)
    campaign = _campaign(request, campaign_id)
    return _whole(change_campaign(campaign=campaign, text=text, actor=actor_of(request), at=timezone.now()), "")


@router.post(
    "/campaigns/{int:campaign_id}/end", response=ShowCampaignWhole, summary="结束三亮四比一创建",
    operation_id="show_campaign_end",
)  # fmt: skip
def show_campaign_end(request: HttpRequest, campaign_id: int) -> Any:
    campaign = _campaign(request, campaign_id)
    return _whole(end_campaign(campaign=campaign, actor=actor_of(request), at=timezone.now()), "")


def _person(request: HttpRequest, pk: int) -> Person:
    return get_object_or_404(people_with_card(actor_of(request), timezone.now()), pk=pk)


def _campaign(request: HttpRequest, pk: int) -> ShowCompeteCampaign:
    return get_object_or_404(campaigns_seen_by(actor_of(request), timezone.now()), pk=pk)


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"kept": ratio.kept, "not_kept": ratio.not_kept, "percent": ratio.percent}


def _promise(one: CardPromise | WallLine) -> dict[str, Any]:
    item = one.line.item
    return {"id": item.pk, "title": item.title, "measure": item.text, "due_at": item.due_at, "state": one.state.value}


def _line(one: WallLine) -> dict[str, Any]:
    return _promise(one) | {
        "owner": named(one.line.item.owner), "carrier": named(one.line.carrier), "body": named(one.line.carrier.body),
        "judge": one.judge,
    }  # fmt: skip


def _badge(request: HttpRequest, badge: Badge) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("web:badge_public", args=[badge.token]))
    return {"id": badge.pk, "address": address, "issued_at": badge.issued_at}


def _consent(consent: Any) -> dict[str, Any]:
    return {"parts": consent.parts if consent else [], "given_at": consent.given_at if consent else None}


def _standard(row: PostStandard) -> dict[str, Any]:
    return {"id": row.pk, "body": named(row.body), "role": row.role, "text": row.text, "valid_from": row.valid_from}


def _row(campaign: ShowCompeteCampaign) -> dict[str, Any]:
    return {
        "id": campaign.pk, "body": named(campaign.body), "name": campaign.name, "fourth": campaign.fourth,
        "creates": campaign.creates, "starts_on": campaign.starts_on, "ends_on": campaign.ends_on,
    }  # fmt: skip


def _whole(campaign: ShowCompeteCampaign, quarter: str) -> dict[str, Any]:
    found = campaign_in(campaign, asked_quarter(campaign, local_day(timezone.now()), quarter))
    return _row(campaign) | {
        "quarter": found.quarter.label, "ratio": _ratio(found.ratio),
        "branches": [{"body": named(one.body), "ratio": _ratio(one.ratio)} for one in found.branches],
        "contests": [
            {
                "id": contest.pk, "name": contest.name, "state": contest.state, "heads": [head.words for head in table.heads],
                "places": [
                    {"name": line.entry.name, "place": line.place, "total": line.total,
                     "points": [cell.points for cell in line.cells]}
                    for line in table.lines
                ],
            }
            for contest, table in found.contests
        ],
    }  # fmt: skip
