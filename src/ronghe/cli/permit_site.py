"""`ronghe permit site`: sites with their offices and numbers, wind, alarms, what else goes on, and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.permits.models import PermitSite

KINDS = ("vent_gas", "drain_liquid", "solvent_cleaning", "painting", "dust_cleaning", "water_draining", "sampling")


class NumberUnreadable(DomainError):
    code = "permit_number_unreadable"
    sentence = N_("看不懂数“%(text)s”，请写成 12 或 0.5。")
    status = 422


@click.group("site", short_help=_("作业现场"))
def site() -> None:
    """作业现场：签字岗位、规则里的数、风力、报警、其他作业、审批用时。"""


@site.command("list", short_help=_("列出作业现场"))
@JSON
def list_(as_json: bool) -> None:
    """列出您能看到的作业现场。"""
    actor, now = acting_now()
    from ronghe.domain.permits.selectors.sites import sites_seen_by

    rows = [
        {"id": one.pk, "name": one.name, "body": one.body.name, "profile": one.profile}
        for one in sites_seen_by(actor, now)
    ]
    tell(
        rows,
        "\n".join(f"{row['id']:>6}  {row['name']}  {row['body']}  {row['profile']}" for row in rows),
        as_json=as_json,
    )


@site.command("make", short_help=_("登记作业现场"))
@click.argument("body", metavar="BODY")
@click.argument("name")
@click.argument("profile", metavar="PROFILE")
@JSON
def make(body: str, name: str, profile: str, as_json: bool) -> None:
    """为党组织 BODY 登记现场 NAME，按规则 PROFILE（gb30871_2022 或 cnpc）办票。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.permits.selectors.sites import bodies_to_make_site_for
    from ronghe.domain.permits.services.sites import make_site

    home = body_called(body, bodies_to_make_site_for(actor, now))
    made = make_site(body=home, name=name, profile=profile, actor=actor, at=now)
    tell({"id": made.pk}, _("已登记，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@site.command("show", short_help=_("看一个作业现场"))
@NUMBER
@JSON
def show(number: int, as_json: bool) -> None:
    """看现场 NUMBER：签字岗位、规则里的数（没有核对的标出）、没有解除的报警、其他作业。"""
    actor, now = acting_now()
    from ronghe.domain.permits.calc.profiles import profile_called
    from ronghe.domain.permits.selectors.sites import activities_of, notices_of, numbers_of, offices_of

    found = _seen(actor, number, now)
    titles = profile_called(found.profile).offices
    whole: dict[str, Any] = {
        "id": found.pk, "name": found.name, "profile": found.profile,
        "offices": [{"id": row.pk, "office": row.office, "person": row.person.name} for row in offices_of(found, now)],
        "numbers": [
            {"key": one.key, "value": one.value, "unit": one.unit, "rule": one.rule, "is_checked": one.is_checked,
             "is_own": one.is_own}
            for one in numbers_of(found)
        ],
        "notices": [{"id": row.pk, "kind": row.kind, "level": row.level, "text": row.text, "cleared_at": row.cleared_at}
                    for row in notices_of(found)[:50]],
        "activities": [{"id": row.pk, "kind": row.kind, "what": row.what} for row in activities_of(found, now)],
    }  # fmt: skip
    lines = [found.name]
    lines += [
        f"{row['id']:>6}  {titles.get(row['office'], row['office'])}  {row['person']}" for row in whole["offices"]
    ]
    for row in whole["numbers"]:
        mark = "" if row["is_checked"] else _("未核实")
        lines.append(f"  {row['key']}  {row['value']} {row['unit']}  {row['rule']}  {mark}")
    tell(whole, "\n".join(lines), as_json=as_json)


@site.command("code", short_help=_("现场作业码"))
@NUMBER
@click.option("--renew", is_flag=True, help="换一个，老的作废")
@JSON
def code(number: int, renew: bool, as_json: bool) -> None:
    """看现场 NUMBER 的作业码，好贴在现场。"""
    actor, now = acting_now()
    from ronghe.domain.permits.rules import KEEP_SITE
    from ronghe.domain.permits.services.sites import renew_code

    found = _seen(actor, number, now)
    KEEP_SITE.require(actor, found, at=now)
    said = renew_code(site=found, actor=actor, at=now).code if renew else found.code
    tell({"code": said}, said, as_json=as_json)


@site.command("appoint", short_help=_("定签字岗位"))
@NUMBER
@click.argument("office", metavar="OFFICE")
@click.argument("who", metavar="WHO")
@JSON
def appoint(number: int, office: str, who: str, as_json: bool) -> None:
    """让 WHO 在现场 NUMBER 签 OFFICE，例如 host、safety_dept。"""
    actor, now = acting_now()
    from ronghe.cli.finding import person_called
    from ronghe.domain.permits.selectors.sites import people_offered
    from ronghe.domain.permits.services.sites import appoint_office

    found = _seen(actor, number, now)
    made = appoint_office(
        site=found, office=office, person=person_called(who, people_offered(found, now)), actor=actor, at=now
    )
    tell({"id": made.pk}, _("已定，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@site.command("relieve", short_help=_("免签字岗位"))
@NUMBER
@click.argument("office_id", metavar="OFFICE", type=int)
@JSON
def relieve(number: int, office_id: int, as_json: bool) -> None:
    """从今天起，编号 OFFICE 的人不再在现场 NUMBER 签字。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.services.sites import end_office

    found = _seen(actor, number, now)
    row = end_office(office=row_called(office_id, found.offices.select_related("site")), actor=actor, at=now)
    tell({"id": row.pk, "valid_until": row.valid_until}, _("已免。"), as_json=as_json)


@site.command("number", short_help=_("设定规则里的数"))
@NUMBER
@click.argument("key", metavar="KEY")
@click.argument("value", metavar="VALUE")
@click.option("--source", required=True, help="依据，例如厂规定的文号")
@JSON
def number_(number: int, key: str, value: str, source: str, as_json: bool) -> None:
    """把现场 NUMBER 的 KEY 设成 VALUE；写 - 就恢复规则原来的数。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.sites import set_number

    wanted = None if value == "-" else _number(value)
    made = set_number(site=_seen(actor, number, now), key=key, value=wanted, source=source, actor=actor, at=now)
    tell({"key": made.key, "value": made.value}, _("已设定。"), as_json=as_json)


@site.command("baseline", short_help=_("登记旧基线"))
@NUMBER
@click.argument("kind", type=click.Choice(("main", "start", "special")), metavar="KIND")
@click.argument("hours", metavar="HOURS")
@click.option("--source", required=True, help="依据，例如 2025 年台账")
@JSON
def baseline(number: int, kind: str, hours: str, source: str, as_json: bool) -> None:
    """登记现场 NUMBER 过去办一张 KIND 要多少小时。"""
    actor, now = acting_now()
    from ronghe.domain.permits.enums import PermitKind
    from ronghe.domain.permits.services.sites import set_baseline

    made = set_baseline(
        site=_seen(actor, number, now), kind=PermitKind(kind), hours=_number(hours), source=source, actor=actor, at=now
    )
    tell({"kind": made.kind, "hours": made.hours}, _("已登记。"), as_json=as_json)


@site.command("wind", short_help=_("记风力"))
@NUMBER
@click.argument("level", type=int, metavar="LEVEL")
@JSON
def wind(number: int, level: int, as_json: bool) -> None:
    """记现场 NUMBER 的风力 LEVEL 级；超限的作业中止。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.watching import read_wind

    made, stopped = read_wind(site=_seen(actor, number, now), level=level, actor=actor, at=now)
    tell({"id": made.pk, "stopped": stopped}, _stopped(stopped), as_json=as_json)


@site.command("alarm", short_help=_("报警"))
@NUMBER
@click.argument("text")
@click.option("--area", default="", help="区域，不写就是整个现场")
@JSON
def alarm(number: int, text: str, area: str, as_json: bool) -> None:
    """在现场 NUMBER 报警；那里的作业中止，解除后由作业负责人恢复。"""
    actor, now = acting_now()
    from ronghe.domain.permits.services.watching import raise_alarm

    made, stopped = raise_alarm(site=_seen(actor, number, now), text=text, area=area, actor=actor, at=now)
    tell({"id": made.pk, "stopped": stopped}, _stopped(stopped), as_json=as_json)


@site.command("clear", short_help=_("解除报警"))
@NUMBER
@click.argument("notice_id", metavar="ALARM", type=int)
@JSON
def clear(number: int, notice_id: int, as_json: bool) -> None:
    """解除现场 NUMBER 的报警 ALARM。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.services.watching import clear_alarm

    found = _seen(actor, number, now)
    row = clear_alarm(notice=row_called(notice_id, found.notices.select_related("site")), actor=actor, at=now)
    tell({"id": row.pk, "cleared_at": row.cleared_at}, _("已解除。"), as_json=as_json)


@site.command("activity", short_help=_("登记其他作业"))
@NUMBER
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("what")
@click.argument("starts", metavar="FROM")
@click.argument("ends", metavar="UNTIL")
@click.option("--area", default="", help="区域")
@click.option("--at", "place", nargs=2, default=None, help="平面图上的横、纵坐标，米")
@click.option("--space", default="", help="受限空间位号")
@click.option("--bund", default="", help="防火堤编号")
@click.option("--happening", is_flag=True, help="正在进行：受影响的作业中止")
@JSON
def activity(
    number: int, kind: str, what: str, starts: str, ends: str, area: str, place: tuple[str, str] | None, space: str,
    bund: str, happening: bool, as_json: bool,
) -> None:  # fmt: skip
    """登记现场 NUMBER 从 FROM 到 UNTIL 的排放、清洗、涂刷、取样等；与已签发的作业冲突就不能安排。"""
    actor, now = acting_now()
    from ronghe.cli.finding import moment_said
    from ronghe.domain.permits.enums import ActivityKind
    from ronghe.domain.permits.services.watching import ActivityText, declare_activity

    text = ActivityText(
        ActivityKind(kind), what, moment_said(starts), moment_said(ends), area, _number(place[0]) if place else None,
        _number(place[1]) if place else None, space, bund,
    )  # fmt: skip
    made, stopped = declare_activity(
        site=_seen(actor, number, now), text=text, is_happening=happening, actor=actor, at=now
    )
    tell({"id": made.pk, "stopped": stopped}, _stopped(stopped), as_json=as_json)


@site.command("end-activity", short_help=_("其他作业结束"))
@NUMBER
@click.argument("activity_id", metavar="ACTIVITY", type=int)
@JSON
def end_activity_(number: int, activity_id: int, as_json: bool) -> None:
    """现场 NUMBER 的其他作业 ACTIVITY 结束，或不做了。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.services.watching import end_activity

    found = _seen(actor, number, now)
    row = end_activity(activity=row_called(activity_id, found.activities.select_related("site")), actor=actor, at=now)
    tell({"id": row.pk, "ended_at": row.ended_at}, _("已结束。"), as_json=as_json)


@site.command("clocks", short_help=_("各现场审批用时"))
@click.option("--days", default=90, help="看最近多少天签发的")
@JSON
def clocks(days: int, as_json: bool) -> None:
    """看得到的每个现场从申请到签发用了多少小时，对照旧基线。"""
    actor, now = acting_now()
    from ronghe.domain.permits.selectors.clocks import clocks_of
    from ronghe.domain.permits.selectors.sites import sites_seen_by

    sites = list(sites_seen_by(actor, now)[:500])
    told = clocks_of(sites, now - timedelta(days=min(max(days, 1), 3_660)), now + timedelta(seconds=1))
    rows = [
        {"site": found.name, "kind": one.kind, "count": one.spread.count, "median": one.spread.median, "p90": one.spread.p90,
         "longest": one.spread.longest, "baseline_h": one.baseline_h, "saved_percent": one.saved}
        for found in sites for one in told.by_site[found.pk].kinds if one.spread is not None
    ]  # fmt: skip
    lines = [
        f"{one['site']}  {one['kind']}  {one['count']}  {one['median']}  {one['p90']}  {one['baseline_h']}"
        for one in rows
    ]
    tell(rows, "\n".join(lines) or _("这段时间里没有签发的票。"), as_json=as_json)


@site.command("clock", short_help=_("审批用时"))
@NUMBER
@click.option("--days", default=90, help="看最近多少天签发的")
@JSON
def clock(number: int, days: int, as_json: bool) -> None:
    """现场 NUMBER 从申请到签发用了多少小时：中位数、九成、最长、等谁，对照旧基线。"""
    actor, now = acting_now()
    from ronghe.domain.permits.calc.profiles import profile_called
    from ronghe.domain.permits.selectors.clocks import clock_of

    found = _seen(actor, number, now)
    offices = profile_called(found.profile).offices
    told = clock_of(found, now - timedelta(days=min(max(days, 1), 3_660)), now + timedelta(seconds=1))
    rows: dict[str, Any] = {
        "kinds": [
            {"kind": one.kind, "count": one.spread.count if one.spread else 0,
             "median": one.spread.median if one.spread else None, "p90": one.spread.p90 if one.spread else None,
             "baseline_h": one.baseline_h, "saved_percent": one.saved, "open_now": one.open_now}
            for one in told.kinds
        ],
        "whom": [
            {"who": offices.get(name.rpartition(":")[2], name), "count": one.count, "median": one.median, "longest": one.longest}
            for name, one in told.whom.items()
        ],
    }  # fmt: skip
    lines = [
        f"{one['kind']}  {one['count']}  {one['median']}  {one['p90']}  {one['baseline_h']}" for one in rows["kinds"]
    ]
    lines += [f"  {one['who']}  {one['count']}  {one['median']}  {one['longest']}" for one in rows["whom"]]
    tell(rows, "\n".join(lines), as_json=as_json)


def _seen(actor: Person, number: int, now: datetime) -> PermitSite:
    from ronghe.cli.finding import row_called
    from ronghe.domain.permits.selectors.sites import sites_seen_by

    return row_called(number, sites_seen_by(actor, now))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise NumberUnreadable(text=text[:20]) from error


def _stopped(count: int) -> str:
    return _("已记下，中止了 %(count)s 项作业。") % {"count": count}
