"""`ronghe need`: needs — raising, doubles, times for help, the board. Steps are taken with `ronghe item step`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as gongren need raise 抄表要跑三个站 --tag efficiency --tag data --place 南I-1联合站
  ronghe --as shuji need doubles 12
  ronghe --as shuji item step 12 triage --set way=on_site --owner 罗一鸣
  ronghe --as dangyuan need agree 12 "2026-09-20 09:00" --place 站控室
  ronghe --as gongren item step 12 rate --set score=5
  ronghe --as dangqun need board --body 3

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

TAGS = ("efficiency", "management", "data")
_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group("need", epilog=EPILOG, short_help=_("精准问需：提需求、合并、约时间、看板"))
def need() -> None:
    """精准问需：有难处就提，有人受理、有人帮、提出人评价。"""


@need.command("list", short_help=_("列出需求"))
@click.option("--tag", type=click.Choice(TAGS), help="只看这一方面")
@click.option("--mine", is_flag=True, help="只看我提的和我帮的")
@click.option("--all", "all_", is_flag=True, help="办结的也看")
@click.option("--page", default=1, show_default=True)
@_json
def list_(tag: str | None, mine: bool, all_: bool, page: int, as_json: bool) -> None:
    """列出您能看到的需求，最近提的在前。"""
    actor = acting_person()
    from django.db.models import Q
    from django.utils import timezone

    from ronghe.domain.items.selectors import list_items
    from ronghe.domain.needs.rules import NEED
    from ronghe.domain.needs.selectors import tagged

    found = tagged(tag) if tag else Q()
    if not all_:
        found &= Q(closed_at=None)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    listed = list_items(
        actor, timezone.now(), kind=NEED.id, filters=found, order_by=("-raised_at",), page=page, size=50
    )
    if as_json:
        _print(
            {"count": listed.count, "page": listed.page, "pages": listed.pages, "items": [_row(row) for row in listed]}
        )
        return
    for row in listed:
        click.echo(f"{row.pk:>7}  {_state(row)}  {row.owner.name if row.owner else '—'}  {row.title}")


@need.command("raise", short_help=_("提一个需求"))
@click.argument("title")
@click.option("--tag", "tags", multiple=True, required=True, type=click.Choice(TAGS), help="想解决哪方面，可写多个")
@click.option("--place", default="", help="在哪里")
@click.option("--text", default="", help="补充说明")
@click.option("--body", help="交给哪个组织：名称或编号；不写就是离您单位最近的")
@click.option("--hide-name", is_flag=True, help="只让受理人和帮扶人看到")
@_json
def raise_(
    title: str, tags: tuple[str, ...], place: str, text: str, body: str | None, hide_name: bool, as_json: bool
) -> None:
    """提一个需求 TITLE。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.rules import RAISE_NEED
    from ronghe.domain.needs.selectors import bodies_serving
    from ronghe.domain.needs.services.raising import NeedText, raise_need
    from ronghe.domain.org.models import PartyOrg

    now = timezone.now()
    if body:
        chosen = body_called(body, RAISE_NEED.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now))
    else:
        serving = bodies_serving(actor, now)
        if not serving:
            raise NotAllowed
        chosen = serving[0]
    made = raise_need(text=NeedText(title, tags, place, text, hide_name), body=chosen, actor=actor, at=now)
    said = _("已提给%(body)s，编号 %(number)s。") % {"body": chosen.name, "number": made.pk}
    _print(_row(made)) if as_json else click.echo(said)


@need.command("doubles", short_help=_("找可能说同一件事的需求"))
@_number
def doubles(number: int) -> None:
    """列出和编号 NUMBER 的需求像的其他需求。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.selectors import likely_doubles

    rows = likely_doubles(_seen(actor, number), actor, timezone.now())
    for row in rows:
        click.echo(f"{row.pk:>7}  {_state(row)}  {row.title}")
    if not rows:
        click.echo(_("没有找到像的。"))


@need.command("merge", short_help=_("并入另一个需求"))
@_number
@click.argument("into", type=int)
def merge(number: int, into: int) -> None:
    """把编号 NUMBER 的需求并入编号 INTO 的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.services.raising import merge_need

    merge_need(item=_seen(actor, number), into=_seen(actor, into), actor=actor, at=timezone.now())
    click.echo(_("已合并，提出人会跟着看到进展。"))


@need.command("agree", short_help=_("约帮扶的时间"))
@_number
@click.argument("starts")
@click.option("--until", help="到什么时候；不写就是一小时")
@click.option("--place", default="", help="上门的地点")
@click.option("--link", default="", help="远程的电话或会议链接；写了就是远程")
def agree(number: int, starts: str, until: str | None, place: str, link: str) -> None:
    """给编号 NUMBER 的需求约一个帮扶时间 STARTS，如 "2026-09-20 09:00"。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.enums import HelpWay
    from ronghe.domain.needs.services.moments import MomentText, agree_moment

    way = HelpWay.REMOTE if link else HelpWay.ON_SITE
    text = MomentText(way, moment_said(starts), moment_said(until) if until else None, place, link)
    made = agree_moment(item=_seen(actor, number), text=text, actor=actor, at=timezone.now())
    click.echo(_("已约好，由%(name)s去帮。") % {"name": made.helper.name})


@need.command("call-off", short_help=_("取消约好的时间"))
@_number
@click.argument("moment", type=int, metavar="MOMENT")
def call_off(number: int, moment: int) -> None:
    """取消需求 NUMBER 约好的帮扶时间 MOMENT（编号）；记录留着。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import row_called
    from ronghe.domain.needs.models import HelpMoment
    from ronghe.domain.needs.services.moments import call_off_moment

    rows = HelpMoment.objects.select_related("item", "helper").filter(item=_seen(actor, number))
    call_off_moment(moment=row_called(moment, rows), actor=actor, at=timezone.now())
    click.echo(_("约好的时间已取消。"))


@need.command("board", short_help=_("问需看板"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@_json
def board(body: str, as_json: bool) -> None:
    """看一个组织和所属组织的需求：多少、多快、满意不满意。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.enums import NeedTag
    from ronghe.domain.needs.selectors import boards_for, lives_below, row_of

    now = timezone.now()
    chosen = body_called(body, boards_for(actor, now))
    lives = lives_below(chosen, now)
    rows = [row_of(chosen.name, "", lives, now)]
    rows += [row_of(str(tag.label), tag.value, [one for one in lives if tag.value in one.tags], now) for tag in NeedTag]
    if as_json:
        _print([
            {"title": row.title, "total": row.total, "states": dict(row.states), "solved_percent": row.share_text or None,
             "mean_score": row.mean_text or None}
            for row in rows
        ])  # fmt: skip
        return
    for row in rows:
        words = {"title": row.title, "total": row.total, "share": row.share_text or "—", "mean": row.mean_text or "—"}
        click.echo(_("%(title)s：%(total)s 件，解决率 %(share)s%%，平均评分 %(mean)s") % words)


@need.command("targets", short_help=_("设定办理时限"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.argument("triage_days", type=int)
@click.argument("answer_days", type=int)
def targets(body: str, triage_days: int, answer_days: int) -> None:
    """设定几个工作日内受理 TRIAGE_DAYS、几个工作日内答复 ANSWER_DAYS。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.needs.selectors import boards_for
    from ronghe.domain.needs.services.moments import set_targets

    now = timezone.now()
    chosen = body_called(body, boards_for(actor, now))
    set_targets(body=chosen, triage_days=triage_days, answer_days=answer_days, actor=actor, at=now)
    click.echo(_("时限已设定。"))


def _seen(actor: Person, number: int) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by
    from ronghe.domain.needs.rules import NEED

    found = items_seen_by(actor, timezone.now()).filter(kind=NEED.id, pk=number).first()
    if found is None:
        raise NotFound
    return found


def _state(row: WorkItem) -> str:
    from ronghe.domain.items.rules import kind_of

    return _(kind_of(row).state_by_id[row.state].title)


def _row(row: WorkItem) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "tags": row.values["tags"], "state": row.state, "body": row.body.name,
        "owner": row.owner.name if row.owner else None, "due_at": row.due_at.isoformat() if row.due_at else None,
    }  # fmt: skip


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
