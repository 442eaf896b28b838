"""`ronghe floating`: floating members: found at entry, attached to a zone, their home informed, a slip when they leave."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.floating_entry import ENTRY_COMMANDS
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.floating.models import FloatingStay
    from ronghe.domain.org.models import PartyOrg, Person

EPILOG = """\b
举例：
  ronghe --as xiequ floating found
  ronghe --as xiequ floating register 南I-1共建党支部 苟长青 --contact 冉书记 --phone 0827-5550131
  ronghe --as xiequ floating list --state attached
  ronghe --as xiequ floating end 4 --on 2026-10-08
  ronghe --as xiequ floating print 4 回执.pdf
  ronghe --as shuji floating acknowledge 4
"""

STATES = ("found", "verified", "attached", "away", "left", "dismissed")
_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group(epilog=EPILOG, short_help=_("流动党员"))
def floating() -> None:
    """流动党员。"""


for _command in ENTRY_COMMANDS:
    floating.add_command(_command)


@floating.command("found", short_help=_("平台发现的流动党员"))
@_json
def found(as_json: bool) -> None:
    """列出平台发现、还没有登记的流动党员。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.selectors import candidates

    people = list(candidates(actor, timezone.now())[:500])
    rows = [
        {"id": p.pk, "name": p.name, "unit": p.unit.name if p.unit else "", "home": p.outside_home_branch or ""}
        for p in people
    ]
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:>6}  {row['name']}  {row['unit']}  {row['home']}")
    click.echo(_("共 %(count)s 人。") % {"count": len(rows)})


@floating.command("register", short_help=_("登记，写了联系人的一并核实、编入"))
@click.argument("body")
@click.argument("people", nargs=-1, required=True)
@click.option("--contact", default="", help="原支部联系人")
@click.option("--phone", default="", help="原支部联系电话")
@_json
def register(body: str, people: tuple[str, ...], contact: str, phone: str, as_json: bool) -> None:
    """把平台发现的 PEOPLE（姓名或员工号）登记到 BODY（编号或名称）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.floating.selectors import candidates
    from ronghe.domain.floating.services.stays import Home, attach_many

    now = timezone.now()
    named = [person_called(who, candidates(actor, now)) for who in people]
    stays = attach_many(
        people=named, body=_host(actor, body), home=Home(contact=contact, phone=phone), since=_day(None), actor=actor,
        at=now,
    )  # fmt: skip
    if as_json:
        _print([_row(stay) for stay in stays])
        return
    for stay in stays:
        click.echo(f"{stay.pk:>6}  {stay.person.name}  {stay.get_state_display()}")


@floating.command("list", short_help=_("列出流动党员"))
@click.option("--state", type=click.Choice(STATES), help="只看这种状态")
@_json
def list_(state: str | None, as_json: bool) -> None:
    """列出您能看到的流动党员，新登记的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.selectors import stays_seen_by

    rows = stays_seen_by(actor, timezone.now())
    _list(list((rows.filter(state=state) if state else rows)[:500]), as_json=as_json)


@floating.command("waiting", short_help=_("等本支部确认的"))
@_json
def waiting(as_json: bool) -> None:
    """列出等本支部确认知悉、收回执的流动党员。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.selectors import stays_to_answer

    _list(list(stays_to_answer(actor, timezone.now())), as_json=as_json)


@floating.command("verify", short_help=_("与原支部核实"))
@_number
@click.option("--name", default="", help="原党支部名称")
@click.option("--contact", default="", help="原支部联系人")
@click.option("--phone", default="", help="联系电话")
@_json
def verify(number: int, name: str, contact: str, phone: str, as_json: bool) -> None:
    """记下已与原支部核实；原党支部在本平台的不用写名称和电话。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.stays import Home, verify_stay

    stay = _seen(actor, number)
    home = Home(stay.home_branch if not name else None, name or stay.home_branch_name, contact, phone)
    verify_stay(stay=stay, home=home, on=_day(None), actor=actor, at=timezone.now())
    _tell(stay, _("已核实，可以编入。"), as_json=as_json)


@floating.command("attach", short_help=_("编入"))
@_number
@click.argument("body")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天起，不写为今天")
@_json
def attach(number: int, body: str, since: datetime | None, as_json: bool) -> None:
    """编入 BODY（编号或名称）参加活动；组织关系不转，没有表决权（PF-02）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.stays import attach_stay

    stay = _seen(actor, number)
    attach_stay(stay=stay, body=_host(actor, body), since=_day(since), actor=actor, at=timezone.now())
    _tell(stay, _("已编入。"), as_json=as_json)


@floating.command("inform", short_help=_("记为已发函"))
@_number
@_json
def inform(number: int, as_json: bool) -> None:
    """给原党支部的函已经发出。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.stays import inform_home

    stay = _seen(actor, number)
    inform_home(stay=stay, actor=actor, at=timezone.now())
    _tell(stay, _("已记为发函。"), as_json=as_json)


@floating.command("acknowledge", short_help=_("原支部确认，或收回执"))
@_number
@_json
def acknowledge(number: int, as_json: bool) -> None:
    """作为原党支部确认知悉；已经离场的，收下回执。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.stays import acknowledge_slip, acknowledge_stay

    stay = _seen(actor, number)
    if stay.slip is None:
        acknowledge_stay(stay=stay, actor=actor, at=timezone.now())
    else:
        acknowledge_slip(stay=stay, actor=actor, at=timezone.now())
    _tell(stay, _("已确认。"), as_json=as_json)


@floating.command("end", short_help=_("离场或回来"))
@_number
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
@_json
def end(number: int, on: datetime | None, as_json: bool) -> None:
    """流入的办理离场、生成回执；外出的登记回来。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.stays import end_stay

    stay = _seen(actor, number)
    end_stay(stay=stay, on=_day(on), actor=actor, at=timezone.now())
    _tell(stay, _("已办结。"), as_json=as_json)


@floating.command("away", short_help=_("本支部外出党员"))
@click.option("--due", is_flag=True, help="只看该联系的")
@_json
def away(due: bool, as_json: bool) -> None:
    """列出本支部外出的党员；出国（境）的每半年至少联系一次（PF-04）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.selectors import away_lines

    lines = away_lines(actor, timezone.now(), only_due=due)
    if as_json:
        _print([_row(line.stay) | {"due_on": f"{line.due_on}" if line.due_on else None} for line in lines])
        return
    for line in lines:
        mark = _("该联系了") if line.is_overdue else ""
        click.echo(f"{line.stay.pk:>6}  {line.stay.person.name}  {line.stay.destination}  {line.due_on or ''}  {mark}")
    click.echo(_("共 %(count)s 人。") % {"count": len(lines)})


@floating.command("contact", short_help=_("登记联系"))
@_number
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
@click.option("--note", default="", help="怎样联系、情况如何")
@_json
def contact(number: int, on: datetime | None, note: str, as_json: bool) -> None:
    """登记与外出党员的一次联系。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.services.away import note_contact

    stay = _seen(actor, number)
    note_contact(stay=stay, on=_day(on), note=note, actor=actor, at=timezone.now())
    _tell(stay, _("已登记联系。"), as_json=as_json)


@floating.command("print", short_help=_("打印函或回执"))
@_number
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
def print_(number: int, target: Path) -> None:
    """把给原支部的函写成 FILE（.pdf 或 .docx）；已经离场的写成回执。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.floating.documents import letter_document, slip_document
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued

    form = target.suffix.lower().lstrip(".")
    if form not in set(PaperForm):
        raise click.BadParameter(_("文件名请以 .pdf 或 .docx 结尾。"), param_hint="FILE")
    stay = _seen(actor, number)
    document = letter_document(stay, issued_on=_day(None)) if stay.slip is None else slip_document(stay)
    target.write_bytes(issued(document, PaperForm(form), at=timezone.now(), source=stay))
    click.echo(_("已写入 %(file)s。") % {"file": target})


def _day(given: datetime | None) -> date:
    from django.utils import timezone

    return given.date() if given is not None else timezone.localdate()


def _host(actor: Person, name: str) -> PartyOrg:
    from django.utils import timezone

    from ronghe.cli.finding import body_called
    from ronghe.domain.floating.selectors import hosts

    return body_called(name, hosts(actor, timezone.now()))


def _seen(actor: Person, number: int) -> FloatingStay:
    from django.utils import timezone

    from ronghe.domain.floating.selectors import stays_seen_by

    stay = stays_seen_by(actor, timezone.now()).select_related("membership").filter(pk=number).first()
    if stay is None:
        raise NotFound
    return stay


def _row(stay: FloatingStay) -> dict[str, Any]:
    return {
        "id": stay.pk, "person": stay.person.name, "state": stay.state, "direction": stay.direction,
        "body": stay.body.name, "home": stay.home_name,
        "attached_on": f"{stay.attached_on}" if stay.attached_on else None,
        "left_on": f"{stay.left_on}" if stay.left_on else None, "slip": stay.slip,
    }  # fmt: skip


def _list(stays: list[FloatingStay], *, as_json: bool) -> None:
    if as_json:
        _print([_row(stay) for stay in stays])
        return
    for stay in stays:
        click.echo(f"{stay.pk:>6}  {stay.person.name}  {stay.get_state_display()}  {stay.body.name}  {stay.home_name}")
    click.echo(_("共 %(count)s 人。") % {"count": len(stays)})


def _tell(stay: FloatingStay, said: str, *, as_json: bool) -> None:
    _print(_row(stay)) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
