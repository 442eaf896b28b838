"""`ronghe pair`: Party group and team as one, and what its one leader may do."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.pairing.models import GroupTeamLink, LeaderPower, PowerUse

EPILOG = """\b
举例：
  ronghe --as dangqun pair list
  ronghe --as dangqun pair link 12 28 --since 2026-10-01
  ronghe --as dangqun pair appoint 1 罗一鸣
  ronghe --as shuji pair grant 1 attendance --document 支委会〔2026〕9号
  ronghe --as luoym pair use 3 --day 2026-10-08
  ronghe --as shuji pair return 7 --reason 先公示出勤
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_since = click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天起，不写为今天")


@click.group(epilog=EPILOG, short_help=_("两组共建与班组长职权"))
def pair() -> None:
    """两组共建与班组长职权。"""


@pair.command("list", short_help=_("列出各对党小组与班组"))
@_json
def list_(as_json: bool) -> None:
    """列出您能看到的各对党小组与班组。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.pairing.selectors import pair_states, pairs_seen_by
    from ronghe.kernel.db.tree import on_day

    now = timezone.now()
    states = pair_states(list(pairs_seen_by(actor, now).filter(on_day(local_day(now)))), local_day(now))
    if as_json:
        rows = [{**_pair(state.link), "leader": state.leader.name if state.leader else None} for state in states]
        _print(rows)
        return
    for state in states:
        leader = state.leader.name if state.leader else _("不是同一人")
        click.echo(f"{state.link.pk:>6}  {state.link.group.name}  {state.link.team.name}  {leader}")
    click.echo(_("共 %(count)s 对。") % {"count": len(states)})


@pair.command("link", short_help=_("结成一对"))
@click.argument("group", type=int, metavar="GROUP")
@click.argument("team", type=int, metavar="TEAM")
@_since
@_json
def link(group: int, team: int, since: datetime | None, as_json: bool) -> None:
    """把党小组 GROUP 与班组 TEAM 结成一对。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
    from ronghe.domain.pairing.services.pairs import link_pair

    now = timezone.now()
    body, unit = bodies_seen_by(actor, now).filter(pk=group).first(), units_seen_by(actor, now).filter(pk=team).first()
    if body is None or unit is None:
        raise NotFound
    made = link_pair(group=body, team=unit, since=_day(since), actor=actor, at=now)
    _tell(_pair(made), _("已结成一对，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@pair.command("appoint", short_help=_("任命组长兼班长"))
@_number
@click.argument("who")
@_since
@_json
def appoint(number: int, who: str, since: datetime | None, as_json: bool) -> None:
    """任命 WHO（姓名或员工号）为这一对的组长兼班长。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.pairing.selectors import people_of_pair
    from ronghe.domain.pairing.services.pairs import appoint_leader

    found = _seen(actor, number)
    person = person_called(who, people_of_pair(found, _day(None)))
    appoint_leader(link=found, person=person, since=_day(since), actor=actor, at=timezone.now())
    _tell(_pair(found) | {"leader": person.name}, _("已任命%(name)s。") % {"name": person.name}, as_json=as_json)


@pair.command("propose", short_help=_("向党群部门提出人选"))
@_number
@click.argument("who")
@_json
def propose(number: int, who: str, as_json: bool) -> None:
    """提出 WHO（姓名或员工号）当这一对的组长兼班长，由党群部门任命。"""
    actor, now = acting_now()
    from ronghe.cli.finding import person_called
    from ronghe.domain.pairing.selectors import people_of_pair
    from ronghe.domain.pairing.services.pairs import propose_leader

    found = _seen(actor, number)
    made = propose_leader(link=found, person=person_called(who, people_of_pair(found, _day(None))), actor=actor, at=now)
    _tell(
        {"id": made.pk, "person": made.person.name}, _("已提出%(name)s。") % {"name": made.person.name}, as_json=as_json
    )


@pair.command("decline", short_help=_("退回提出的人选"))
@_number
@click.option("--proposal", type=int, default=None, help="哪一个人选（编号），只有一个时不用写")
@_json
def decline(number: int, proposal: int | None, as_json: bool) -> None:
    """退回支部给这一对提出的人选，支部可另提。"""
    actor, now = acting_now()
    from ronghe.domain.pairing.selectors import open_proposals
    from ronghe.domain.pairing.services.pairs import decline_leader

    rows = open_proposals([_seen(actor, number)])
    found = (rows if proposal is None else rows.filter(pk=proposal)).first()
    if found is None:
        raise NotFound
    made = decline_leader(proposal=found, actor=actor, at=now)
    _tell({"id": made.pk, "state": made.state}, _("已退回支部另提人选。"), as_json=as_json)


@pair.command("end", short_help=_("结束共建"))
@_number
@click.argument("until", type=click.DateTime(["%Y-%m-%d"]))
@_json
def end(number: int, until: datetime, as_json: bool) -> None:
    """这一对到 UNTIL（不含）结束，组长的职权也到那天。"""
    actor, now = acting_now()
    from ronghe.domain.pairing.services.pairs import end_pair

    made = end_pair(link=_seen(actor, number), until=until.date(), actor=actor, at=now)
    _tell(_pair(made), _("到 %(day)s 结束。") % {"day": made.valid_until}, as_json=as_json)


@pair.command("list-power", short_help=_("加一项职权到清单"))
@_number
@click.argument("name")
@click.argument("way", type=click.Choice(["daily", "order", "proposal"]))
@_json
def list_power_(number: int, name: str, way: str, as_json: bool) -> None:
    """把职权 NAME 加到清单：WAY 是 daily 按天登记、order 随时安排、proposal 提出建议。"""
    actor, now = acting_now()
    from ronghe.domain.pairing.enums import PowerWay
    from ronghe.domain.pairing.services.powers import list_power

    made = list_power(name=name[:24], way=PowerWay(way), body=_seen(actor, number).group, actor=actor, at=now)
    said = _("已列入职权清单，可以授予了：%(code)s") % {"code": made.code}
    _tell({"code": made.code, "name": made.name, "way": made.way}, said, as_json=as_json)


@pair.command("withdraw", short_help=_("收回职权"))
@click.argument("power", type=int, metavar="POWER")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="从哪一天起收回，不写为今天")
@_json
def withdraw(power: int, until: datetime | None, as_json: bool) -> None:
    """收回授予的职权 POWER（编号）。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.pairing.models import LeaderPower as Row
    from ronghe.domain.pairing.selectors import pairs_seen_by
    from ronghe.domain.pairing.services.powers import withdraw_power

    rows = Row.objects.filter(link__in=pairs_seen_by(actor, now).order_by().values("pk"))
    found = row_called(power, rows.select_related("link__group", "leader"))
    made = withdraw_power(power=found, until=_day(until), actor=actor, at=now)
    _tell(_power(made), _("已收回。"), as_json=as_json)


@pair.command("grant", short_help=_("授予职权"))
@_number
@click.argument("power")
@click.option("--document", required=True, help="依据的文件或会议决定")
@_since
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到哪一天止，不写为长期")
@_json
def grant(
    number: int, power: str, document: str, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """把清单上的一项职权 POWER 授予这一对的组长。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pairing.services.powers import grant_power

    made = grant_power(
        link=_seen(actor, number), power=power, since=_day(since), until=until.date() if until else None,
        document=document, actor=actor, at=timezone.now(),
    )  # fmt: skip
    _tell(_power(made), _("已授予%(name)s。") % {"name": made.leader.name}, as_json=as_json)


@pair.command("powers", short_help=_("我的职权"))
@_json
def powers(as_json: bool) -> None:
    """列出您今天可以行使的职权。"""
    actor = acting_person()
    from ronghe.domain.pairing.selectors import power_list, powers_held

    held = powers_held(actor, _day(None))
    if as_json:
        _print([_power(row) for row in held])
        return
    names = {power.code: power.name for power in power_list()}
    for row in held:
        click.echo(f"{row.pk:>6}  {row.power}  {names.get(row.power, row.power)}  {row.document}")
    click.echo(_("共 %(count)s 项。") % {"count": len(held)})


@pair.command("use", short_help=_("行使一项职权"))
@_number
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
@click.option("--text", default="", help="内容；派工和建议必须写")
@click.option("--person", "people", multiple=True, help="涉及的人，可写多个；考勤为没有到的人")
@_json
def use(number: int, day: datetime | None, text: str, people: tuple[str, ...], as_json: bool) -> None:
    """行使您的一项职权，留一条记录。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.pairing.models import LeaderPower
    from ronghe.domain.pairing.selectors import people_of_pair
    from ronghe.domain.pairing.services.powers import use_power

    rows = LeaderPower.objects.filter(leader=actor).select_related("link__group", "link__team", "leader")
    power = rows.filter(pk=number).first()
    if power is None:
        raise NotFound
    named = [person_called(who, people_of_pair(power.link, _day(None))) for who in people]
    made = use_power(power=power, day=_day(day), text=text, people=named, actor=actor, at=timezone.now())
    _tell(_use(made), _("已记下。"), as_json=as_json)


@pair.command("uses", short_help=_("职权行使记录"))
@click.option("--waiting", is_flag=True, help="只看待支部研究的")
@_json
def uses(waiting: bool, as_json: bool) -> None:
    """列出您能看到的职权行使记录，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pairing.selectors import uses_seen_by

    rows = uses_seen_by(actor, timezone.now())
    shown = list((rows.filter(state="proposed") if waiting else rows)[:200])
    if as_json:
        _print([_use(row) for row in shown])
        return
    for row in shown:
        click.echo(
            f"{row.pk:>6}  {row.day}  {row.power.leader.name}  {row.power.power}  {row.get_state_display()}  {row.text}"
        )
    click.echo(_("共 %(count)s 条。") % {"count": len(shown)})


@pair.command("adopt", short_help=_("采纳组长的建议"))
@_number
@_json
def adopt(number: int, as_json: bool) -> None:
    """采纳组长提出的一条建议。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pairing.services.powers import adopt_use

    made = adopt_use(use=_seen_use(actor, number), actor=actor, at=timezone.now())
    _tell(_use(made), _("已采纳。"), as_json=as_json)


@pair.command("return", short_help=_("退回组长的建议"))
@_number
@click.option("--reason", required=True, help="为什么退回")
@_json
def return_(number: int, reason: str, as_json: bool) -> None:
    """退回组长提出的一条建议，写明原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.pairing.services.powers import return_use

    made = return_use(use=_seen_use(actor, number), reason=reason, actor=actor, at=timezone.now())
    _tell(_use(made), _("已退回。"), as_json=as_json)


def _day(given: datetime | None) -> date:
    from django.utils import timezone

    return given.date() if given is not None else timezone.localdate()


def _seen(actor: Person, number: int) -> GroupTeamLink:
    from django.utils import timezone

    from ronghe.domain.pairing.selectors import pairs_seen_by

    found = pairs_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _seen_use(actor: Person, number: int) -> PowerUse:
    from django.utils import timezone

    from ronghe.domain.pairing.selectors import uses_seen_by

    found = uses_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _pair(found: GroupTeamLink) -> dict[str, Any]:
    return {
        "id": found.pk, "group": found.group.name, "team": found.team.name, "valid_from": f"{found.valid_from}",
        "valid_until": f"{found.valid_until}" if found.valid_until else None,
    }  # fmt: skip


def _power(found: LeaderPower) -> dict[str, Any]:
    return {
        "id": found.pk, "power": found.power, "leader": found.leader.name, "document": found.document,
        "valid_from": f"{found.valid_from}", "valid_until": f"{found.valid_until}" if found.valid_until else None,
    }  # fmt: skip


def _use(found: PowerUse) -> dict[str, Any]:
    return {
        "id": found.pk, "power": found.power.power, "leader": found.power.leader.name, "day": f"{found.day}",
        "text": found.text, "state": found.state,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
