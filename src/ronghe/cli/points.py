"""`ronghe points`: ledgers, applications, odd ones, stars; the steps of an application are `ronghe item`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.org.models import PartyOrg, Person

EPILOG = """\b
举例：
  ronghe --as dangyuan points show
  ronghe --as dangyuan points show --period 2026Q3
  ronghe --as shuji points members 南一联合站党支部
  ronghe --as dangyuan points rewards
  ronghe --as dangyuan points apply innovation --title 卡具改进 --on 2026-09-14 --photo 照片.jpg
  ronghe --as shuji item step 31 approve
  ronghe --as shuji points odd 南一联合站党支部
  ronghe --as shuji points stars --level branch
"""
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_period = click.option("--period", default="", help="期间，如 2026Q3；不写就是本期")


@click.group("points", epilog=EPILOG, short_help=_("积分星级：积分账、申请、异常、星级"))
def points() -> None:
    """积分星级：积分账从记录算出；申请积分，初核、审核、审定用 ronghe item。"""


@points.command("show", short_help=_("看积分账"))
@click.option("--person", type=int, help="人员标识，不写就是自己")
@_period
@_json
def show(person: int | None, period: str, as_json: bool) -> None:
    """看一个人的积分：每一条、各项小计、还可以得多少。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.selectors.ledgers import ledger_for
    from ronghe.kernel.language import in_language
    from ronghe.scoring.exact import shown

    view = ledger_for(actor, timezone.now(), token=person, period=period)
    if view is None:
        raise NotFound
    if as_json:
        _print(
            {
                "person": str(view.person.token), "period": view.period.name, "total": view.total, "grade": view.grade,
                "is_final": view.is_final,
                "items": [
                    {
                        "id": item.id, "value": shown(item.value), "room": shown(item.room),
                        "entries": [
                            {
                                "fact": entry.fact, "points": None if entry.points is None else shown(entry.points),
                                "cut": shown(entry.cut),
                            }
                            for entry in item.entries
                        ],
                    }
                    for item in view.ledger.items
                ],
            }
        )  # fmt: skip
        return
    click.echo(f"{view.person.name}  {view.title}  {view.period.name}  {view.total}  {view.grade_title}")
    for item in view.ledger.items[1:]:
        opened = _("还可得 %(room)s 分") % {"room": shown(item.room)} if item.room and not view.is_final else ""
        click.echo(f"{'  ' * item.depth}{in_language(item.title)}  {shown(item.value)}  {opened}".rstrip())


@points.command("members", short_help=_("党组织里党员的积分"))
@click.argument("body")
@_period
@_json
def members(body: str, period: str, as_json: bool) -> None:
    """看党组织 BODY（名称或编号）里党员的积分，按姓名排。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.rules import SEE_MEMBERS_POINTS
    from ronghe.domain.appraisal.selectors.ledgers import members_for
    from ronghe.scoring.exact import shown

    now = timezone.now()
    view = members_for(actor, _body(SEE_MEMBERS_POINTS, body, actor, now), now, period=period)
    rows = [
        {
            "person": str(row.person.token), "name": row.person.name,
            "total": None if row.total is None else shown(row.total), "grade": row.grade,
        }
        for row in view.rows
    ]  # fmt: skip
    if as_json:
        _print(rows)
        return
    for row in rows:
        click.echo(f"{row['name']}  {row['total'] or '—'}  {row['grade'] or '—'}")


@points.command("rewards", short_help=_("可以申请的项目"))
@_json
def rewards(as_json: bool) -> None:
    """列出现行积分表里可以申请的项目，和可以作依据的记录。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.merits.selectors import records_about, sheet_of
    from ronghe.domain.merits.services.applying import NoMeritSheet
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.kernel.language import in_language

    now = timezone.now()
    sheet = sheet_of(actor, local_day(now))
    if sheet is None:
        raise NoMeritSheet
    known = [{"id": one.id, "title": in_language(one.title), "points": str(one.points)} for one in sheet.rewards]
    records = [{"key": one.key, "name": one.name} for one in records_about(actor, now)]
    if as_json:
        _print({"rewards": known, "records": records})
        return
    for row in [*known, *records]:
        click.echo("  ".join(row.values()))


@points.command("apply", short_help=_("申请积分"))
@click.argument("reward")
@click.option("--title", required=True, help="做了什么")
@click.option("--on", "done_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="哪天")
@click.option("--record", "record", default="", help="平台里的记录，如 work.task:12，见 points rewards")
@click.option("--photo", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--text", default="", help="补充说明")
@click.option("--proof", default="", help="证明人")
@click.option("--member", type=int, help="提出扣分时写人员标识")
@_json
def apply(
    reward: str, title: str, done_on: datetime, record: str, files: tuple[Path, ...], text: str, proof: str,
    member: int | None, as_json: bool,
) -> None:  # fmt: skip
    """按积分表的 REWARD 一项申请积分；要有平台里的记录或者证明材料。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.items.services.showing import RecordOf
    from ronghe.domain.merits.selectors import people_to_report, record_called
    from ronghe.domain.merits.services.applying import Application, apply_for
    from ronghe.domain.work.services.files import Upload

    now = timezone.now()
    about = people_to_report(actor, now).filter(token=member).first() if member is not None else actor
    known = record_called(about, record, now) if about is not None and record else None
    if about is None or (record and known is None):
        raise NotFound
    shown_by = RecordOf(known.source_type, known.source_id, known.name) if known is not None else None
    given = Application(reward, title, done_on.date(), text, proof, shown_by)
    with ExitStack() as opened:
        uploads = [Upload(path.name, opened.enter_context(path.open("rb"))) for path in files]
        item = apply_for(member=about, given=given, actor=actor, at=now, uploads=uploads)
    if as_json:
        _print({"item": item.pk, "state": item.state})
    else:
        click.echo(_("已提交，事项编号 %(number)s，等党小组长初核。") % {"number": item.pk})


@points.command("odd", short_help=_("积分异常"))
@click.argument("body")
@_period
@click.option("--look", "key", default="", help="核查哪一条：写它的 key")
@click.option("--verdict", type=click.Choice(["fine", "asked"]), help="fine 已看，正常；asked 已询问本人")
@_json
def odd(body: str, period: str, key: str, verdict: str | None, as_json: bool) -> None:
    """列出党组织 BODY 里看着异常的积分；加 --look 和 --verdict 记下核查结果。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.enums import OddVerdict
    from ronghe.domain.appraisal.rules import LOOK_INTO
    from ronghe.domain.appraisal.selectors.oddities import oddities_for
    from ronghe.domain.appraisal.services.oddities import look_at

    now = timezone.now()
    there = _body(LOOK_INTO, body, actor, now)
    if key and verdict:
        look_at(body=there, key=key, verdict=OddVerdict(verdict), actor=actor, at=now, period=period)
    _span, found = oddities_for(actor, there, now, period=period)
    rows = [
        {
            "key": one.key, "pattern": one.oddity.pattern, "people": [person.name for person in one.people],
            "count": one.oddity.count, "usual": one.oddity.usual, "verdict": one.look.verdict if one.look else None,
        }
        for one in found
    ]  # fmt: skip
    if as_json:
        _print(rows)
        return
    for one in found:
        state = OddVerdict(one.look.verdict).label if one.look else _("待核查")
        names = " ".join(person.name for person in one.people)
        click.echo(f"{one.key}  {one.oddity.pattern}  {one.oddity.count}  {state}  {names}")


@points.command("stars", short_help=_("星级"))
@click.option("--level", default="member", type=click.Choice(["member", "team", "branch", "general_branch"]))
@_json
def stars(level: str, as_json: bool) -> None:
    """看定稿的星级，各期从早到晚。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.appraisal.enums import Level
    from ronghe.domain.appraisal.selectors.stars import star_board

    board = star_board(actor, Level(level), timezone.now())
    rows = [
        {
            "name": row.name, "party_group": row.partner,
            "results": [
                {"period": cell.run.period, "score": cell.shown, "grade": cell.grade}
                for cell in row.scores(board.periods)
            ],
        }
        for row in board.rows
    ]  # fmt: skip
    if as_json:
        _print(rows)
        return
    for row in board.rows:
        told = "  ".join(f"{cell.run.period} {cell.shown} {cell.grade_title}" for cell in row.scores(board.periods))
        click.echo(f"{row.name} {row.partner}  {told}")


def _body(permission: Any, name: str, actor: Person, now: datetime) -> PartyOrg:
    from ronghe.domain.org.models import PartyOrg

    return body_called(name, permission.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now))


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
