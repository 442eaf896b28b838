"""`ronghe floating`: people whom no roster has brought, own members who go away, and the two sides of a branch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.cli.telling import DAY, JSON, NUMBER, tell
from ronghe.kernel.words import _

STATUSES = ("full_member", "probationary_member")


@click.command("add", short_help=_("手工登记名册里没有的人"))
@click.argument("body", metavar="BODY")
@click.argument("name")
@click.option("--unit", required=True, type=int, help="在哪个单位干活（编号）")
@click.option("--status", type=click.Choice(STATUSES), default="full_member", help="政治面貌")
@click.option("--branch", type=int, default=None, help="原党支部在本平台时的编号")
@click.option("--home", default="", help="原党支部名称")
@click.option("--contact", default="", help="原支部联系人")
@click.option("--phone", default="", help="原支部联系电话")
@JSON
def add(
    body: str, name: str, unit: int, status: str, branch: int | None, home: str, contact: str, phone: str, as_json: bool
) -> None:  # fmt: skip
    """把平台没有发现的 NAME 登记到 BODY（编号或名称），等与原支部核实。"""
    actor, now = acting_now()
    from ronghe.domain.floating.selectors import hosts
    from ronghe.domain.floating.services.stays import Home, find_by_hand
    from ronghe.domain.org.enums import HOME_KINDS, PoliticalStatus
    from ronghe.domain.org.models import PartyOrg
    from ronghe.domain.org.selectors.people import units_seen_by

    branches = PartyOrg.objects.filter(kind__in=HOME_KINDS, valid_until=None)
    known = row_called(branch, branches) if branch is not None else None
    made = find_by_hand(
        name=name, unit=row_called(unit, units_seen_by(actor, now)), body=body_called(body, hosts(actor, now)),
        status=PoliticalStatus[status.upper()], home=Home(known, home, contact, phone), actor=actor, at=now,
    )  # fmt: skip
    said = _("已登记%(name)s，请与原支部核实。") % {"name": made.person.name}
    tell({"id": made.pk, "person": made.person.name, "state": made.state}, said, as_json=as_json)


@click.command("note-away", short_help=_("登记本支部党员外出"))
@click.argument("who", metavar="WHO")
@click.argument("body", metavar="BODY")
@click.argument("destination")
@click.option("--since", type=DAY, required=True, help="从哪天起")
@click.option("--back-by", type=DAY, default=None, help="预计哪天回来")
@click.option("--abroad", is_flag=True, help="出国（境）")
@JSON
def note_away_(
    who: str, body: str, destination: str, since: datetime, back_by: datetime | None, abroad: bool, as_json: bool
) -> None:
    """登记 BODY 的党员 WHO（姓名或员工号）外出到 DESTINATION，半年以上的登记（PF-01）。"""
    actor, now = acting_now()
    from ronghe.domain.floating.selectors import homes_of, members_at_home
    from ronghe.domain.floating.services.away import note_away

    made = note_away(
        person=person_called(who, members_at_home(actor, now)), body=body_called(body, homes_of(actor, now)),
        since=since.date(), destination=destination, back_by=back_by.date() if back_by else None, is_abroad=abroad,
        actor=actor, at=now,
    )  # fmt: skip
    tell({"id": made.pk, "person": made.person.name, "state": made.state}, _("已登记外出。"), as_json=as_json)


@click.command("dismiss", short_help=_("不属于流动党员"))
@NUMBER
@click.option("--reason", required=True, help="为什么")
@JSON
def dismiss(number: int, reason: str, as_json: bool) -> None:
    """登记的 NUMBER 其实不是流动党员。"""
    actor, now = acting_now()
    from ronghe.domain.floating.selectors import stays_seen_by
    from ronghe.domain.floating.services.stays import dismiss_stay

    made = dismiss_stay(stay=row_called(number, stays_seen_by(actor, now)), reason=reason, actor=actor, at=now)
    tell({"id": made.pk, "person": made.person.name, "state": made.state}, _("已记下。"), as_json=as_json)


@click.command("sides", short_help=_("登记流动党员党支部的商定文件"))
@click.argument("body", metavar="BODY")
@click.option("--host", required=True, help="流入地党组织：名称或编号")
@click.option("--home", required=True, help="流出地党组织")
@click.option("--document", required=True, help="商定文件")
@click.option("--on", "day", type=DAY, default=None, help="哪天商定的，不写为今天")
@JSON
def sides(body: str, host: str, home: str, document: str, day: datetime | None, as_json: bool) -> None:
    """登记流动党员党支部 BODY 由哪两方商定成立（PO-07），之后可以编入流动党员。"""
    actor, now = acting_now()
    from ronghe.domain.floating.selectors import bodies_above, branches_to_agree_on
    from ronghe.domain.floating.services.away import agree_sides
    from ronghe.domain.org.rules.reaches import local_day

    found = body_called(body, branches_to_agree_on(actor, now))
    made = agree_sides(
        body=found, host=body_called(host, bodies_above(found)), home=home, document=document,
        on=day.date() if day else local_day(now), actor=actor, at=now,
    )  # fmt: skip
    said: dict[str, Any] = {"body": found.name, "host": made.host.name, "home": made.home, "document": made.document}
    tell(said, _("已登记，可以编入流动党员了。"), as_json=as_json)


ENTRY_COMMANDS = (add, note_away_, dismiss, sides)
