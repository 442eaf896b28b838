"""`ronghe banner`: the mobile red banner of the offices."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.honours.models import BannerRound
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun banner open 党群工作部党支部 计划财务部党支部 --body 3 --quarter 4
  ronghe --as dangyuan banner rate 2
  ronghe --as dangqun banner count 2
  ronghe --as dangqun banner settle 2 5 --reason 上季度帮扶更多
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_reason = click.option("--reason", required=True, help="原因")


@click.group(epilog=EPILOG, short_help=_("流动红旗"))
def banner() -> None:
    """流动红旗：基层每季度给机关打分，无记名，最高的挂旗。"""


@banner.command("list", short_help=_("列出各季度"))
@_json
def list_(as_json: bool) -> None:
    """列出各季度的评分和红旗挂在哪里，最近的在前。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.banner import list_rounds

    rows = [_round(row) for row in list_rounds(actor, now, size=200)]
    lines = [f"{row['id']:>6}  {row['year']}Q{row['quarter']}  {row['winner'] or '—'}  {row['state']}" for row in rows]
    _answer(rows, lines, as_json=as_json)


@banner.command("open", short_help=_("开始评分"))
@click.argument("offices", nargs=-1, required=True)
@click.option("--body", required=True, help="哪个组织的机关")
@click.option("--year", type=int, help="年度，不写为今年")
@click.option("--quarter", type=click.IntRange(1, 4), required=True, help="季度")
@click.option("--everybody", is_flag=True, help="请基层全体来评")
@click.option("--least", "least_votes", type=int, help="最少几票才算，不写按范本")
@_json
def open_(
    offices: tuple[str, ...], body: str, year: int | None, quarter: int, everybody: bool, least_votes: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """请基层给 OFFICES（名称或编号）评分。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.banner import offices_offered
    from ronghe.domain.honours.selectors.selection import bodies_to_call_for
    from ronghe.domain.honours.services.banner import open_round
    from ronghe.domain.org.rules.reaches import local_day

    held_by = body_called(body, bodies_to_call_for(actor, now))
    offered = offices_offered(held_by, local_day(now))
    made = open_round(
        body=held_by, year=year or now.year, quarter=quarter, offices=[body_called(name, offered) for name in offices],
        least_votes=least_votes, everybody=everybody, actor=actor, at=now,
    )  # fmt: skip
    _answer(_round(made), [_("评分已开始，基层的人在今日看得到。")], as_json=as_json)


@banner.command("show", short_help=_("看一轮评分"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一轮评分：各机关组织的平均分。"""
    actor, now = acting_now()
    from ronghe.domain.honours.selectors.banner import offices_of

    found = _seen(actor, now, number)
    rows = [
        {
            "id": row.pk,
            "body": row.body.name,
            "mean": str(row.mean) if row.mean is not None else None,
            "rated": row.rated,
        }
        for row in offices_of(found)
    ]
    lines = [f"{row['id']:>6}  {row['body']}  {row['mean'] or '—'}" for row in rows]
    _answer(_round(found) | {"offices": rows}, [found.get_state_display(), *lines], as_json=as_json)


@banner.command("rate", short_help=_("本人评分"))
@_number
def rate(number: int) -> None:
    """逐个问您评几分（5 至 1，0 为不了解），再问密码；交了不能改，也查不到。"""
    actor, now = acting_now()
    from ronghe.cli.ballot import NotYourself
    from ronghe.domain.honours.services.banner import rate_offices
    from ronghe.kernel.access.login import log_in

    found = _seen(actor, now, number)
    offices = list(found.offices.select_related("body").order_by("place"))
    given = {
        office.place: click.prompt(f"{office.place}. {office.body.name}", type=click.IntRange(0, 5), hide_input=True)
        for office in offices
    }
    login = (click.get_current_context().find_root().obj or {}).get("account", "")
    if log_in(login=login, password=click.prompt(_("密码"), hide_input=True), at=now) is None:
        raise NotYourself
    rate_offices(found=found, ratings={place: one or None for place, one in given.items()}, actor=actor, at=now)
    click.echo(_("已评分。评了什么只有您自己知道，系统也查不到。"))


@banner.command("count", short_help=_("结束评分并计分"))
@_number
@_json
def count(number: int, as_json: bool) -> None:
    """结束评分并计分。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.banner import count_round

    found = count_round(found=_seen(actor, now, number), actor=actor, at=now)
    _answer(_round(found), [found.get_state_display()], as_json=as_json)


@banner.command("settle", short_help=_("在并列的里定"))
@_number
@click.argument("office", type=int)
@_reason
@_json
def settle(number: int, office: int, reason: str, as_json: bool) -> None:
    """并列第一的，授给编号 OFFICE 的机关组织。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.banner import settle_tie

    found = _seen(actor, now, number)
    winner = row_called(office, found.offices.select_related("body"))
    settle_tie(found=found, winner=winner, reason=reason, actor=actor, at=now)
    _answer(_round(found), [_("已授旗。")], as_json=as_json)


@banner.command("call-off", short_help=_("取消评分"))
@_number
@_reason
@_json
def off(number: int, reason: str, as_json: bool) -> None:
    """取消一轮评分，投的票不算。"""
    actor, now = acting_now()
    from ronghe.domain.honours.services.banner import call_off_round

    found = call_off_round(found=_seen(actor, now, number), reason=reason, actor=actor, at=now)
    _answer(_round(found), [_("评分已取消，投的票不算。")], as_json=as_json)


def _seen(actor: Person, now: datetime, number: int) -> BannerRound:
    from ronghe.domain.honours.selectors.banner import rounds_seen_by

    return row_called(number, rounds_seen_by(actor, now))


def _round(found: BannerRound) -> dict[str, Any]:
    return {
        "id": found.pk, "body": found.body.name, "year": found.year, "quarter": found.quarter, "state": found.state,
        "cast": found.cast, "winner": found.winner.body.name if found.winner is not None else None,
    }  # fmt: skip


def _answer(data: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
