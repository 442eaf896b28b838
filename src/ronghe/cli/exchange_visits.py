"""`ronghe exchange visit`: visits to learn, figures side by side, practices taken home."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, moment_said, person_called, row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.exchange.models import LearningVisit, Practice
    from ronghe.domain.org.models import Person

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.DateTime(["%Y-%m-%d"])


@click.group("visit", short_help=_("观摩对标"))
def visit() -> None:
    """观摩、对标、走出去请进来；带回什么、用了没有。"""


@visit.command("list", short_help=_("列出观摩"))
@click.option("--search", default="", help="目的、对方、做法里的词")
@click.option("--page", default=1, show_default=True)
@_json
def list_(search: str, page: int, as_json: bool) -> None:
    """列出您能看到的观摩，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.visits import list_visits

    rows: Any = list_visits(actor, timezone.now(), words=search, page=page)
    if as_json:
        _print({"count": rows.count, "items": [_visit(row) for row in rows]})
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.day}  {row.purpose}  {row.host_name}  {row.get_state_display()}")


@visit.command("show", short_help=_("看一次观摩"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一次观摩的对标和带回的做法；做法左边是编号。"""
    actor = acting_person()
    from ronghe.domain.exchange.selectors.visits import benchmarks_of

    found = _seen(actor, number)
    lines = benchmarks_of(found.benchmarks.select_related("owner").order_by("pk"))
    practices = list(found.practices.select_related("owner").order_by("pk"))
    if as_json:
        told = [{"indicator": one.line.indicator, "gap": f"{one.gap}", **one.texts} for one in lines]
        _print({**_visit(found), "benchmarks": told, "practices": [_practice(row) for row in practices]})
        return
    click.echo(f"{found.day}  {found.purpose}  {found.host_name}  {found.get_state_display()}")
    for one in lines:
        distance = _("落后 %(n)s") if one.is_behind else _("领先 %(n)s")
        click.echo(
            f"  {one.line.indicator}  {one.texts['ours']} / {one.texts['theirs']}  {distance % {'n': one.texts['distance']}}"
        )
    for row in practices:
        click.echo(f"{row.pk:>6}  {row.title}  {row.owner.name}  {row.get_state_display()}")


@visit.command("plan", short_help=_("安排观摩"))
@click.option("--body", required=True, help="哪个党组织：名称或编号")
@click.option(
    "--direction",
    type=click.Choice(["observe", "benchmark", "go_out", "invite_in"]),
    default="observe",
    show_default=True,
    help="哪一种",
)
@click.option("--host", required=True, help="去哪里，或请谁来")
@click.option("--purpose", required=True, help="学什么、为什么")
@click.option("--day", type=_day, required=True, help="哪一天")
@click.option("--place", required=True, help="在哪里")
@click.option("--see", default="", help="看什么、问什么")
@_json
def plan(
    body: str, direction: str, host: str, purpose: str, day: datetime, place: str, see: str, as_json: bool
) -> None:
    """安排一次观摩；对方是平台上的党组织就写全称。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import VisitDirection
    from ronghe.domain.exchange.selectors.circles import bodies_to_visit_for, hosts_named
    from ronghe.domain.exchange.services.visits import VisitText, plan_visit

    now = timezone.now()
    ours = body_called(body, bodies_to_visit_for(actor, now))
    theirs = next((one for one in hosts_named(host, besides=ours.pk)[:20] if one.name == host), None)
    text = VisitText(
        VisitDirection(direction), day.date(), place, purpose, host_body=theirs, host_name=host, to_see=see
    )
    made = plan_visit(body=ours, text=text, actor=actor, at=now)
    _print(_visit(made)) if as_json else click.echo(_("已安排，编号 %(number)s。") % {"number": made.pk})


@visit.command("hold", short_help=_("记观摩"))
@_number
@click.argument("people", nargs=-1, required=True, metavar="WHO...")
@click.option("--seen", default="", help="看到了什么、听到了什么")
@_json
def hold(number: int, people: tuple[str, ...], seen: str, as_json: bool) -> None:
    """记一次观摩谁去了、看到什么；WHO 是姓名或员工号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.services.visits import hold_visit

    found = _seen(actor, number)
    near = _people(found)
    who = [person_called(one, near) for one in people]
    made = hold_visit(visit=found, people=who, seen=seen, actor=actor, at=timezone.now())
    _print(_visit(made)) if as_json else click.echo(_("已记下，%(count)s 人。") % {"count": len(who)})


@visit.command("gap", short_help=_("对一项指标"))
@_number
@click.option("--indicator", required=True, help="指标")
@click.option("--ours", required=True, help="我们多少")
@click.option("--theirs", required=True, help="对方多少")
@click.option("--unit", default="", help="单位")
@click.option(
    "--better", type=click.Choice(["up", "down"]), default="up", show_default=True, help="越高越好还是越低越好"
)
@click.option("--target", help="我们的目标")
@click.option("--due", type=_day, help="到哪一天")
@click.option("--measure", default="", help="用什么办法")
@click.option("--owner", metavar="WHO", help="谁负责")
@_json
def gap(
    number: int, indicator: str, ours: str, theirs: str, unit: str, better: str, target: str | None,
    due: datetime | None, measure: str, owner: str | None, as_json: bool,
) -> None:  # fmt: skip
    """给一次观摩对一项指标，差距自己算。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import Better
    from ronghe.domain.exchange.selectors.visits import benchmarks_of
    from ronghe.domain.exchange.services.visits import BenchmarkText, note_benchmark

    found = _seen(actor, number)
    given = BenchmarkText(
        indicator, Better(better), _figure(ours), _figure(theirs), unit, _figure(target) if target else None,
        due.date() if due else None, measure, person_called(owner, _people(found)) if owner else None,
    )  # fmt: skip
    view = benchmarks_of([note_benchmark(visit=found, given=given, actor=actor, at=timezone.now())])[0]
    said = (_("落后 %(n)s") if view.is_behind else _("领先 %(n)s")) % {"n": view.texts["distance"]}
    _print({"id": view.line.pk, "gap": f"{view.gap}"}) if as_json else click.echo(said)


@visit.command("take", short_help=_("带回一项做法"))
@_number
@click.option("--title", required=True, help="带回什么做法")
@click.option("--owner", required=True, metavar="WHO", help="谁来用")
@click.option("--text", default="", help="怎么做的")
@_json
def take(number: int, title: str, owner: str, text: str, as_json: bool) -> None:
    """写一项带回的做法；到期请责任人填写是否采用。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.services.practices import take_home

    found = _seen(actor, number)
    made = take_home(
        visit=found, title=title, owner=person_called(owner, _people(found)), text=text, actor=actor, at=timezone.now()
    )
    said = _("已列入，编号 %(number)s，%(day)s 前填写。") % {"number": made.pk, "day": made.due_on}
    _print(_practice(made)) if as_json else click.echo(said)


@visit.command("settle", short_help=_("填写是否采用"))
@_number
@click.option("--outcome", type=click.Choice(["adopted", "partly", "not_adopted"]), required=True, help="采用了吗")
@click.option("--said", default="", help="效果，或没有采用的原因")
@click.option("--figure", default="", help="哪个指标")
@click.option("--before", help="原来")
@click.option("--after", help="现在")
@click.option("--unit", default="", help="单位")
@_json
def settle(
    number: int, outcome: str, said: str, figure: str, before: str | None, after: str | None, unit: str, as_json: bool
) -> None:
    """填写一项做法用了没有；NUMBER 是做法的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.enums import PracticeState
    from ronghe.domain.exchange.services.practices import PracticeResult, settle_practice

    result = PracticeResult(
        PracticeState(outcome),
        said,
        figure,
        unit,
        _figure(before) if before else None,
        _figure(after) if after else None,
    )
    made = settle_practice(practice=_practice_seen(actor, number), result=result, actor=actor, at=timezone.now())
    _print(_practice(made)) if as_json else click.echo(_("已填写。"))


@visit.command("practices", short_help=_("列出做法"))
@click.option("--search", default="", help="做法、效果里的词")
@click.option("--due", is_flag=True, help="只看到期没填的")
@_json
def practices(search: str, due: bool, as_json: bool) -> None:
    """列出带回的做法和采用率。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.visits import DUE, adoption_of, list_practices

    now = timezone.now()
    rows = list_practices(actor, now, words=search, state=DUE if due else "")
    rate = adoption_of(actor, now).rate
    if as_json:
        _print(
            {
                "count": rows.count,
                "rate": f"{rate}" if rate is not None else None,
                "items": [_practice(row) for row in rows],
            }
        )
        return
    for row in rows:
        click.echo(f"{row.pk:>6}  {row.title}  {row.owner.name}  {row.due_on}  {row.get_state_display()}")
    if rate is not None:
        click.echo(_("采用率 %(rate)s%%") % {"rate": rate})


@visit.command("activity", short_help=_("安排成活动"))
@NUMBER
@click.option("--from", "begins", required=True, help="何时开始，如 2026-10-20 09:00")
@click.option("--until", "ends", required=True, help="何时结束")
@JSON
def activity(number: int, begins: str, ends: str, as_json: bool) -> None:
    """把计划的观摩 NUMBER 安排成活动，到时扫码签到。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.planning import plan_visit_activity

    made = plan_visit_activity(
        visit=_seen(actor, number), scheduled_from=moment_said(begins), scheduled_until=moment_said(ends), actor=actor,
        at=now,
    )  # fmt: skip
    tell({"activity": made.pk}, _("已安排成活动，到时扫码签到。"), as_json=as_json)


@visit.command("off", short_help=_("取消观摩"))
@NUMBER
@JSON
def off(number: int, as_json: bool) -> None:
    """取消计划的观摩 NUMBER。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.visits import call_off_visit

    tell(_visit(call_off_visit(visit=_seen(actor, number), actor=actor, at=now)), _("已取消。"), as_json=as_json)


@visit.command("seen", short_help=_("写见闻"))
@NUMBER
@click.option("--text", required=True, help="看到什么、听到什么")
@JSON
def seen_(number: int, text: str, as_json: bool) -> None:
    """写观摩 NUMBER 看到什么、听到什么，或者写得更好。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.visits import write_seen

    tell(_visit(write_seen(visit=_seen(actor, number), seen=text, actor=actor, at=now)), _("已写好。"), as_json=as_json)


@visit.command("thanks", short_help=_("接待方反馈"))
@NUMBER
@click.option("--text", required=True, help="怎么看这次来的人")
@JSON
def thanks(number: int, text: str, as_json: bool) -> None:
    """代表接待方反馈观摩 NUMBER，来的人看得到。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.visits import answer_visit

    made = answer_visit(visit=_seen(actor, number), thanks=text, actor=actor, at=now)
    tell(_visit(made), _("已反馈，来的人看得到。"), as_json=as_json)


@visit.command("follow", short_help=_("更新对标的指标"))
@NUMBER
@click.argument("line", type=int)
@click.argument("actual")
@JSON
def follow(number: int, line: int, actual: str, as_json: bool) -> None:
    """写观摩 NUMBER 对的指标 LINE 现在到了多少。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.visits import follow_benchmark

    rows = _seen(actor, number).benchmarks.select_related("visit__body")
    made = follow_benchmark(line=row_called(line, rows), actual=_figure(actual), actor=actor, at=now)
    tell({"id": made.pk, "actual": made.actual}, _("已更新。"), as_json=as_json)


@visit.command("reopen", short_help=_("重新填写是否采用"))
@NUMBER
@JSON
def reopen(number: int, as_json: bool) -> None:
    """收回做法 NUMBER 的填写，重新填；推荐也一并收回。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.practices import reopen_practice

    made = reopen_practice(practice=_practice_seen(actor, number), actor=actor, at=now)
    tell(_practice(made), _("可以重新填写了。"), as_json=as_json)


@visit.command("offer", short_help=_("推荐做法"))
@NUMBER
@click.option("--no-more", is_flag=True, help="不再推荐")
@JSON
def offer(number: int, no_more: bool, as_json: bool) -> None:
    """把用上了的做法 NUMBER 推荐给大家。"""
    actor, now = acting_now()
    from ronghe.domain.exchange.services.practices import offer_practice

    made = offer_practice(practice=_practice_seen(actor, number), is_offered=not no_more, actor=actor, at=now)
    tell(_practice(made), _("不再推荐。") if no_more else _("已推荐，大家在“我们的做法”里找得到。"), as_json=as_json)


def _figure(text: str) -> Decimal:
    try:
        figure = Decimal(text)
    except InvalidOperation as error:
        raise click.UsageError(_("“%(text)s”不是数。") % {"text": text}) from error
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 10:
        raise click.UsageError(_("“%(text)s”不是数。") % {"text": text})
    return figure


def _people(found: LearningVisit) -> Any:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.circles import people_around

    return people_around(found.body, timezone.localdate())


def _seen(actor: Person, number: int) -> LearningVisit:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.visits import visits_seen_by

    found = visits_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _practice_seen(actor: Person, number: int) -> Practice:
    from django.utils import timezone

    from ronghe.domain.exchange.selectors.visits import practices_seen_by

    found = practices_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _visit(row: LearningVisit) -> dict[str, Any]:
    return {
        "id": row.pk, "direction": row.direction, "day": f"{row.day}", "purpose": row.purpose, "host": row.host_name,
        "body": row.body.name, "state": row.state,
    }  # fmt: skip


def _practice(row: Practice) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "owner": row.owner.name, "due_on": f"{row.due_on}", "state": row.state,
        "change": row.change, "said": row.said,
    }  # fmt: skip


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
