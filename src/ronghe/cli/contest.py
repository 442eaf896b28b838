"""`ronghe contest`: contests on site."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called, row_called
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.contests.models import Contest
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as dangqun contest open 百日上产竞赛 --body 3 --from 2026-09-01 --until 2026-11-30 --head 比干劲:60:tasks --head 比技能:40: --judge 10086 --judge 10087
  ronghe --as dangqun contest show 2
  ronghe --as dangqun contest close 2
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")


class HeadSaid(click.ParamType[Any]):
    """比什么:比重:数什么, the last empty where judges decide."""

    name = "WORDS:WEIGHT:FIGURE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int, str]:
        words, weight, figure, *rest = [*str(value).split(":"), "", ""][:4]
        if not words or not weight.isdecimal() or any(rest):
            self.fail(_("请写成 比什么:比重:数什么，评委评分的后面空着。"), param, ctx)
        return words, int(weight), figure


@click.group(epilog=EPILOG, short_help=_("劳动竞赛"))
def contest() -> None:
    """劳动竞赛：能计数的由平台数，其余由两名评委评。"""


@contest.command("list", short_help=_("列出竞赛"))
@click.option("--state", default="", help="open、closed、awarded、called_off")
@_json
def list_(state: str, as_json: bool) -> None:
    """列出劳动竞赛，最近的在前。"""
    actor, now = acting_now()
    from ronghe.domain.contests.selectors.contests import list_contests

    rows = [_contest(row) for row in list_contests(actor, now, state=state, size=200)]
    _answer(rows, [f"{row['id']:>6}  {row['name']}  {row['body']}  {row['state']}" for row in rows], as_json=as_json)


@contest.command("open", short_help=_("发起竞赛"))
@click.argument("name")
@click.option("--body", required=True, help="哪个组织发起")
@click.option("--from", "starts", type=click.DateTime(["%Y-%m-%d"]), required=True, help="开始日期")
@click.option("--until", "ends", type=click.DateTime(["%Y-%m-%d"]), required=True, help="结束日期")
@click.option("--head", "heads", type=HeadSaid(), multiple=True, required=True, help="比什么:比重:数什么")
@click.option("--kind", type=click.Choice(["body", "team", "person"]), default="body", show_default=True, help="谁来比")
@click.option("--entry", "entries", multiple=True, help="参赛的党支部；不写为全部")
@click.option("--judge", "judges", multiple=True, help="评委")
@click.option("--title", type=int, help="表彰什么荣誉（荣誉目录的编号）")
@click.option("--awards", type=int, default=1, show_default=True, help="表彰前几名")
@_json
def open_(
    name: str, body: str, starts: datetime, ends: datetime, heads: tuple[tuple[str, int, str], ...], kind: str,
    entries: tuple[str, ...], judges: tuple[str, ...], title: int | None, awards: int, as_json: bool,
) -> None:  # fmt: skip
    """发起叫 NAME 的竞赛。"""
    actor, now = acting_now()
    from ronghe.domain.contests.enums import EntryKind
    from ronghe.domain.contests.selectors.contests import bodies_offered, bodies_to_open_for
    from ronghe.domain.contests.services.contests import ContestText, HeadText, open_contest
    from ronghe.domain.honours.models import HonourTitle
    from ronghe.domain.org.models import Person
    from ronghe.domain.org.rules import SEE_PERSON
    from ronghe.domain.org.rules.reaches import local_day

    held_by = body_called(body, bodies_to_open_for(actor, now))
    offered = bodies_offered(held_by, local_day(now))
    people = SEE_PERSON.narrow(actor, Person.objects.filter(valid_until=None), at=now)
    text = ContestText(
        name, starts.date(), ends.date(), [HeadText(*head) for head in heads], EntryKind(kind),
        [body_called(one, offered) for one in entries], judges=[person_called(one, people) for one in judges],
        title=row_called(title, HonourTitle.objects.all()) if title is not None else None, awards=awards,
    )  # fmt: skip
    made = open_contest(body=held_by, text=text, actor=actor, at=now)
    _answer(_contest(made), [_("竞赛已开始，名次随时看得到。")], as_json=as_json)


@contest.command("show", short_help=_("看名次"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一项竞赛现在或最后的名次。"""
    actor, now = acting_now()
    from ronghe.domain.contests.selectors.contests import standings_of

    found = _seen(actor, now, number)
    table = standings_of(found)
    rows = [
        {"entry": line.entry.pk, "name": line.entry.name, "place": line.place, "total": str(line.total)}
        for line in table.lines
    ]
    heads = [{"id": head.pk, "words": head.words, "figure": head.figure, "weight": head.weight} for head in table.heads]
    lines = [f"{row['place']:>4}  {row['name']}  {row['total']}" for row in rows]
    _answer(_contest(found) | {"heads": heads, "standings": rows}, [found.get_state_display(), *lines], as_json=as_json)


@contest.command("judge", short_help=_("评分"))
@_number
@click.argument("head", type=int)
@click.argument("entry", type=int)
@click.argument("points", type=Decimal)
@_json
def judge(number: int, head: int, entry: int, points: Decimal, as_json: bool) -> None:
    """给编号 ENTRY 的参赛者在 HEAD 项打 POINTS 分。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.contests import judge_entries

    found = _seen(actor, now, number)
    row = row_called(head, found.heads.all())
    judge_entries(contest=found, head=row, points={entry: points}, actor=actor, at=now)
    _answer(_contest(found), [_("评分已记下，排名以前可以改。")], as_json=as_json)


@contest.command("join", short_help=_("报名"))
@_number
@_json
def join(number: int, as_json: bool) -> None:
    """报名参加比个人的竞赛。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.contests import join_contest

    found = _seen(actor, now, number)
    join_contest(contest=found, actor=actor, at=now)
    _answer(_contest(found), [_("已报名。")], as_json=as_json)


@contest.command("leave", short_help=_("退出"))
@_number
@_json
def leave(number: int, as_json: bool) -> None:
    """退出比个人的竞赛。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.contests import leave_contest

    found = _seen(actor, now, number)
    leave_contest(contest=found, actor=actor, at=now)
    _answer(_contest(found), [_("已退出竞赛。")], as_json=as_json)


@contest.command("close", short_help=_("结束并排名"))
@_number
@_json
def close(number: int, as_json: bool) -> None:
    """最后一天过后排名，名次不再变。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.closing import close_contest

    found = close_contest(contest=_seen(actor, now, number), actor=actor, at=now)
    _answer(_contest(found), [_("已排名，名次不再变。")], as_json=as_json)


@contest.command("award", short_help=_("表彰优胜者"))
@_number
@click.option("--document", default="", help="表彰文号")
@_json
def award(number: int, document: str, as_json: bool) -> None:
    """表彰前几名，记入荣誉台账。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.closing import award_contest

    found = award_contest(contest=_seen(actor, now, number), document_number=document, actor=actor, at=now)
    _answer(_contest(found), [_("已表彰，记入荣誉台账。")], as_json=as_json)


@contest.command("call-off", short_help=_("取消竞赛"))
@_number
@click.option("--reason", required=True, help="原因")
@_json
def off(number: int, reason: str, as_json: bool) -> None:
    """取消一项竞赛，不排名。"""
    actor, now = acting_now()
    from ronghe.domain.contests.services.contests import call_off_contest

    found = call_off_contest(contest=_seen(actor, now, number), reason=reason, actor=actor, at=now)
    _answer(_contest(found), [_("竞赛已取消。")], as_json=as_json)


def _seen(actor: Person, now: datetime, number: int) -> Contest:
    from ronghe.domain.contests.selectors.contests import contests_seen_by

    return row_called(number, contests_seen_by(actor, now))


def _contest(found: Contest) -> dict[str, Any]:
    return {
        "id": found.pk, "name": found.name, "body": found.body.name, "entry_kind": found.entry_kind,
        "starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat(), "state": found.state,
    }  # fmt: skip


def _answer(data: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else "\n".join(lines))
