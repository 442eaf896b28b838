"""The part of `ronghe alliance` that is about partners, their way in, and experts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.alliances.models import Alliance, Partner
    from ronghe.domain.org.models import Person

_partner = click.argument("partner", type=int, metavar="PARTNER")


@click.command("partners", short_help=_("列出伙伴和专家"))
@NUMBER
@JSON
def partners(number: int, as_json: bool) -> None:
    """列出联盟 NUMBER 的伙伴和专家。"""
    actor, _now = acting_now()
    from ronghe.domain.alliances.selectors import partners_of

    alliance = _inside(actor, number)
    inside = [_row(row) for row in partners_of(alliance)]
    experts = list(alliance.experts.filter(left_at=None).order_by("pk").values("id", "name", "field"))
    lines = [f"{row['id']:>6}  {row['name']}  {row['contact_name']}" for row in inside]
    lines += [f"{row['id']:>6}  {row['name']}  {row['field']}" for row in experts]
    tell({"partners": inside, "experts": experts}, "\n".join(lines), as_json=as_json)


@click.command("add-partner", short_help=_("加联盟伙伴"))
@NUMBER
@click.argument("name")
@click.option("--contact", "contact_name", default="", help="联系人")
@click.option("--title", "contact_title", default="", help="联系人的职务")
@click.option("--phone", default="", help="电话，加密保存")
@JSON
def add_partner_(number: int, name: str, as_json: bool, **contact: Any) -> None:
    """给联盟 NUMBER 加一个平台外的伙伴 NAME。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.alliances import add_partner

    made = add_partner(alliance=_inside(actor, number), name=name, actor=actor, at=now, **contact)
    tell(_row(made), _("伙伴已加入，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("phone", short_help=_("看伙伴联系人的电话，留记录"))
@NUMBER
@_partner
@JSON
def phone(number: int, partner: int, as_json: bool) -> None:
    """看联盟 NUMBER 的伙伴 PARTNER 的联系人电话；每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.alliances import read_phone

    said = read_phone(partner=_called(actor, number, partner), actor=actor, at=now)
    tell({"phone": said}, said, as_json=as_json)


@click.command("withdraw-partner", short_help=_("伙伴退出"))
@NUMBER
@_partner
@JSON
def withdraw_partner_(number: int, partner: int, as_json: bool) -> None:
    """让编号 PARTNER 的伙伴退出联盟 NUMBER，它的登录一并关闭。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.alliances import withdraw_partner

    made = withdraw_partner(partner=_called(actor, number, partner), actor=actor, at=now)
    tell(_row(made), _("伙伴已退出，它的登录已关闭。"), as_json=as_json)


@click.command("invite", short_help=_("邀请伙伴登录"))
@NUMBER
@_partner
@JSON
def invite(number: int, partner: int, as_json: bool) -> None:
    """给编号 PARTNER 的伙伴做一个邀请地址，只给这一次，请当面或电话转交。"""
    actor, now = acting_now()
    from django.urls import reverse

    from ronghe.domain.alliances.services.invitations import invite_partner

    made, secret = invite_partner(partner=_called(actor, number, partner), actor=actor, at=now)
    address = reverse("web:alliance_invitation", args=[secret])
    tell({"address": address, "until": made.expires_at.isoformat()}, address, as_json=as_json)


@click.command("revoke", short_help=_("收回伙伴的登录和邀请"))
@NUMBER
@_partner
@JSON
def revoke(number: int, partner: int, as_json: bool) -> None:
    """收回编号 PARTNER 的伙伴还没有用的邀请，或已经开通的登录。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.invitations import revoke_way_in

    made = revoke_way_in(partner=_called(actor, number, partner), actor=actor, at=now)
    tell(_row(made), _("登录和邀请已收回。"), as_json=as_json)


@click.command("add-expert", short_help=_("列入专家"))
@NUMBER
@click.argument("name")
@click.option("--field", required=True, help="专长")
@JSON
def add_expert_(number: int, name: str, field: str, as_json: bool) -> None:
    """把 NAME 列入联盟 NUMBER 的专家名单。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.services.alliances import add_expert

    made = add_expert(alliance=_inside(actor, number), name=name, field=field, actor=actor, at=now)
    tell({"id": made.pk, "name": made.name, "field": made.field}, _("专家已列入。"), as_json=as_json)


@click.command("remove-expert", short_help=_("去掉专家"))
@NUMBER
@click.argument("expert", type=int)
@JSON
def remove_expert_(number: int, expert: int, as_json: bool) -> None:
    """把编号 EXPERT 的专家从联盟 NUMBER 的名单去掉。"""
    actor, now = acting_now()
    from ronghe.domain.alliances.models import AllianceExpert
    from ronghe.domain.alliances.services.alliances import remove_expert

    rows = AllianceExpert.objects.select_related("alliance").filter(alliance=_inside(actor, number))
    made = remove_expert(expert=row_called(expert, rows), actor=actor, at=now)
    tell({"id": made.pk, "name": made.name}, _("已从专家名单去掉。"), as_json=as_json)


def _inside(actor: Person, number: int) -> Alliance:
    from django.utils import timezone

    from ronghe.domain.alliances.models import Alliance
    from ronghe.domain.alliances.rules import SEE_ALLIANCE

    rows = SEE_ALLIANCE.narrow(actor, Alliance.objects.select_related("body"), at=timezone.now())
    return row_called(number, rows)


def _called(actor: Person, number: int, partner: int) -> Partner:
    from ronghe.domain.alliances.selectors import partners_of

    return row_called(partner, partners_of(_inside(actor, number)).select_related("alliance__body", "person"))


def _row(row: Partner) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "contact_name": row.contact_name, "has_login": row.person_id is not None}


PEOPLE = (partners, add_partner_, phone, withdraw_partner_, invite, revoke, add_expert_, remove_expert_)
"""Commands that `ronghe alliance` takes in."""
