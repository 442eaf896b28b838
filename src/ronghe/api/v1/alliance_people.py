"""The partners and experts of an alliance, and how a partner's contact comes in.

A phone number is shown on a page alone, and the contact makes the own log-in there: neither goes through a program.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.alliances.models import Alliance, AllianceExpert, Partner
from ronghe.domain.alliances.rules import SEE_ALLIANCE
from ronghe.domain.alliances.selectors import partners_of
from ronghe.domain.alliances.services.alliances import (
    add_expert,
    add_partner,
    read_phone,
    remove_expert,
    withdraw_partner,
)
from ronghe.domain.alliances.services.invitations import invite_partner, revoke_way_in
from ronghe.domain.org.models import Person

router = Router(tags=["alliances"])


class AlliancePartnerRequest(Schema):
    name: str = Field(max_length=80, min_length=1)
    contact_name: str = Field("", max_length=40)
    contact_title: str = Field("", max_length=40)
    phone: str = Field("", max_length=30, description="加密保存，接口不返回")


class AlliancePartnerRow(Schema):
    id: int
    name: str
    contact_name: str
    contact_title: str
    has_login: bool = Field(description="联系人已经开通登录")


class AllianceInvitationAnswer(Schema):
    partner: Named
    address: str = Field(description="邀请地址，只给这一次")
    until: datetime = Field(description="到何时为止可用")


class AllianceExpertRequest(Schema):
    name: str = Field(max_length=40, min_length=1)
    field: str = Field(max_length=80, min_length=1, description="专长")


class AllianceExpertRow(Schema):
    id: int
    name: str
    field: str


@router.get(
    "/{alliance_id}/partners", response=list[AlliancePartnerRow], summary="联盟伙伴", operation_id="alliances_partners"
)
def partner_list(request: HttpRequest, alliance_id: int) -> Any:
    return [_partner_row(row) for row in partners_of(_inside(actor_of(request), alliance_id))]


@router.post("/{alliance_id}/partners", response={201: Named}, summary="加联盟伙伴", operation_id="alliances_partner")
def partner_add(request: HttpRequest, alliance_id: int, wanted: AlliancePartnerRequest) -> Status[Any]:
    actor = actor_of(request)
    made = add_partner(alliance=_inside(actor, alliance_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, named(made))


@router.post(
    "/{alliance_id}/partners/{partner_id}/phone", response=dict[str, str], summary="看伙伴联系人的电话，留记录",
    operation_id="alliances_partner_phone",
)  # fmt: skip
def partner_phone(request: HttpRequest, alliance_id: int, partner_id: int) -> Any:
    """A POST, because the look is recorded."""
    actor = actor_of(request)
    partner = _partner_of(_inside(actor, alliance_id), partner_id)
    return {"phone": read_phone(partner=partner, actor=actor, at=timezone.now())}


@router.delete(
    "/{alliance_id}/partners/{partner_id}", response=list[AlliancePartnerRow], summary="伙伴退出",
    operation_id="alliances_partner_withdraw",
)  # fmt: skip
def partner_withdraw(request: HttpRequest, alliance_id: int, partner_id: int) -> Any:
    actor = actor_of(request)
    alliance = _inside(actor, alliance_id)
    withdraw_partner(partner=_partner_of(alliance, partner_id), actor=actor, at=timezone.now())
    return [_partner_row(row) for row in partners_of(alliance)]


@router.post(
    "/{alliance_id}/partners/{partner_id}/invitation", response={201: AllianceInvitationAnswer}, summary="邀请伙伴登录",
    operation_id="alliances_invite",
)  # fmt: skip
def partner_invite(request: HttpRequest, alliance_id: int, partner_id: int) -> Status[Any]:
    actor = actor_of(request)
    partner = _partner_of(_inside(actor, alliance_id), partner_id)
    made, secret = invite_partner(partner=partner, actor=actor, at=timezone.now())
    address = request.build_absolute_uri(reverse("web:alliance_invitation", args=[secret]))
    return Status(201, {"partner": named(partner), "address": address, "until": made.expires_at})


@router.delete(
    "/{alliance_id}/partners/{partner_id}/invitation", response=AlliancePartnerRow, summary="收回登录和邀请",
    operation_id="alliances_revoke",
)  # fmt: skip
def partner_revoke(request: HttpRequest, alliance_id: int, partner_id: int) -> Any:
    actor = actor_of(request)
    partner = _partner_of(_inside(actor, alliance_id), partner_id)
    return _partner_row(revoke_way_in(partner=partner, actor=actor, at=timezone.now()))


@router.get(
    "/{alliance_id}/experts", response=list[AllianceExpertRow], summary="联盟专家", operation_id="alliances_experts"
)
def expert_list(request: HttpRequest, alliance_id: int) -> Any:
    return _experts(_inside(actor_of(request), alliance_id))


@router.post(
    "/{alliance_id}/experts", response={201: AllianceExpertRow}, summary="列入专家", operation_id="alliances_expert_add"
)
def expert_add(request: HttpRequest, alliance_id: int, wanted: AllianceExpertRequest) -> Status[Any]:
    actor = actor_of(request)
    made = add_expert(alliance=_inside(actor, alliance_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, {"id": made.pk, "name": made.name, "field": made.field})


@router.delete(
    "/{alliance_id}/experts/{expert_id}", response=list[AllianceExpertRow], summary="去掉专家",
    operation_id="alliances_expert_remove",
)  # fmt: skip
def expert_remove(request: HttpRequest, alliance_id: int, expert_id: int) -> Any:
    actor = actor_of(request)
    alliance = _inside(actor, alliance_id)
    found = get_object_or_404(AllianceExpert.objects.select_related("alliance"), pk=expert_id, alliance=alliance)
    remove_expert(expert=found, actor=actor, at=timezone.now())
    return _experts(alliance)


def _inside(actor: Person, alliance_id: int) -> Alliance:
    """Return an alliance as its own side sees it; a partner's contact sees its shared list alone."""
    rows = SEE_ALLIANCE.narrow(actor, Alliance.objects.select_related("body"), at=timezone.now())
    return get_object_or_404(rows, pk=alliance_id)


def _partner_of(alliance: Alliance, partner_id: int) -> Partner:
    return get_object_or_404(partners_of(alliance).select_related("alliance__body", "person"), pk=partner_id)


def _partner_row(row: Partner) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "contact_name": row.contact_name, "contact_title": row.contact_title,
        "has_login": row.person_id is not None,
    }  # fmt: skip


def _experts(alliance: Alliance) -> list[dict[str, Any]]:
    rows = alliance.experts.filter(left_at=None).order_by("pk")
    return [{"id": row.pk, "name": row.name, "field": row.field} for row in rows]
