"""`ronghe campaign`: stages, summaries and reports of campaigns, and themed activities with what they brought."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.finding import body_called, moment_said, person_called, row_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from ronghe.domain.campaigns.models import Campaign, CampaignReport, ThemedActivity
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as shuji campaign list
  ronghe --as shuji campaign show 3
  ronghe --as shuji campaign stage 3 study --text "开了动员会，学了四次" --reason "一次并到下月"
  ronghe --as shuji campaign report 3 --section done=做了三件事 --hand-in
  ronghe --as dangqun campaign report 3 --accept
  ronghe --as shuji campaign activity --body 5 --theme production --title 立功赛 --from "2026-12-20 14:30" --until "2026-12-20 16:30"
  ronghe --as shuji campaign result 12 --figure solved=2 --note 解决两项
  ronghe --as dangqun campaign year --year 2026 --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")


@click.group("campaign", epilog=EPILOG, short_help=_("专项活动和主题活动"))
def campaign() -> None:
    """专项活动按阶段推进、小结、报告；“党建+”主题活动按主题填成效。"""


@campaign.command("list", short_help=_("列出专项活动"))
@click.option("--state", type=click.Choice(["upcoming", "running", "over", "stopped"]), help="哪种状态，不写为全部")
@click.option("--page", default=1, show_default=True)
@_json
def list_(state: str | None, page: int, as_json: bool) -> None:
    """列出您能看到的专项活动，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.campaigns import list_campaigns

    now = timezone.now()
    listed = list_campaigns(actor, now, state=state or "", page=page)
    day = timezone.localdate(now)
    if as_json:
        rows = [_campaign(row, day) for row in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        stages = list(row.stages.all())
        done = sum(1 for stage in stages if stage.done_at is not None)
        click.echo(f"{row.pk:>6}  {row.title}  {row.body.name}  {done}/{len(stages)}  {row.state_on(day).label}")


@campaign.command("show", short_help=_("看一项活动的阶段和应办"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看一项专项活动：各阶段的应办、缺什么、小结。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.campaigns import stages_of

    now = timezone.now()
    day = timezone.localdate(now)
    found = _seen(actor, number)
    views = stages_of(found, day)
    rows = [
        {"code": view.stage.code, "title": view.stage.title, "from_on": view.stage.from_on.isoformat(),
         "until_on": view.stage.until_on.isoformat(), "state": view.state.value, "met": view.met, "owed": view.owed,
         "missing": [duty.obligation.title for duty in view.gate],
         "summary": view.summary.text if view.summary is not None else "",
         "figures": view.summary.figures if view.summary is not None else {}}
        for view in views
    ]  # fmt: skip
    if as_json:
        _print(_campaign(found, day) | {"stages": rows})
        return
    click.echo(f"{found.title}  {found.body.name}  {found.state_on(day).label}")
    for view, row in zip(views, rows, strict=True):
        click.echo(f"  {row['code']}  {row['title']}  {row['from_on']}  {view.state.label}  {view.met}/{view.owed}")
        for title in row["missing"]:
            click.echo(f"      - {title}")


@campaign.command("stage", short_help=_("写阶段小结"))
@_number
@click.argument("code")
@click.option("--text", required=True, help="做了什么、有什么问题")
@click.option("--reason", default="", help="还缺的为什么没有完成；更正的，为什么更正")
@click.option("--correct", is_flag=True, help="更正已有的小结")
@_json
def stage(number: int, code: str, text: str, reason: str, correct: bool, as_json: bool) -> None:
    """写一个阶段的小结，数据自动存下；阶段就此完成。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.models import CampaignStage
    from ronghe.domain.campaigns.services.stages import correct_summary, summarize_stage

    found = _seen(actor, number)
    row = CampaignStage.objects.filter(campaign=found, code=code).first()
    if row is None:
        raise NotFound
    row.campaign = found
    act = correct_summary if correct else summarize_stage
    made = act(stage=row, text=text, reason=reason, actor=actor, at=timezone.now())
    said = _("小结已存下，缺 %(missing)s 项。") % {"missing": len(made.missing)}
    _tell({"id": found.pk, "stage": code, "number": made.number, "figures": made.figures}, said, as_json=as_json)


@campaign.command("report", short_help=_("写、交、审阅总结报告"))
@_number
@click.option("--section", "sections", multiple=True, metavar="CODE=TEXT", help="一部分的内容，可写几个")
@click.option("--hand-in", is_flag=True, help="交上级审阅")
@click.option("--take-back", is_flag=True, help="撤回再改")
@click.option("--accept", is_flag=True, help="审阅通过")
@click.option("--return", "returned", default="", metavar="REASON", help="退回，写原因")
@_json
def report(
    number: int, sections: tuple[str, ...], hand_in: bool, take_back: bool, accept: bool, returned: str, as_json: bool
) -> None:
    """写一项专项活动的总结报告；不带选项就看报告。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.services.reports import (
        accept_report,
        hand_in_report,
        return_report,
        save_report,
        take_back_report,
    )

    now = timezone.now()
    found = _seen(actor, number)
    if sections:
        texts = dict(_pair(one) for one in sections)
        save_report(campaign=found, sections=texts, actor=actor, at=now)
    row = _report(actor, found, now)
    if hand_in:
        hand_in_report(report=row, actor=actor, at=now)
    elif take_back:
        take_back_report(report=row, actor=actor, at=now)
    elif accept:
        accept_report(report=row, actor=actor, at=now)
    elif returned:
        return_report(report=row, reason=returned, actor=actor, at=now)
    data = {"campaign": found.pk, "state": row.state, "round": row.round, "sections": row.sections}
    lines = [f"{found.title}  {found.body.name}  {row.get_state_display()}"]
    lines += [f"  {code}: {text}" for code, text in row.sections.items()]
    _tell(data, "\n".join(lines), as_json=as_json)


@campaign.command("activity", short_help=_("安排主题活动，或给活动定主题"))
@click.option("--body", default="", help="党组织的名称或编号")
@click.option("--theme", required=True, help="主题代码，如 learning、production、culture、integrity")
@click.option("--title", default="", help="活动名称")
@click.option("--from", "begins", default="", help="何时开始，如 2026-12-20 14:30")
@click.option("--until", "ends", default="", help="何时结束")
@click.option("--place", default="", help="在哪里")
@click.option("--host", "hosts", multiple=True, help="联办组织，可写几个")
@click.option("--for", "activity", type=int, help="已安排的活动的编号：只给它定主题")
@_json
def activity(
    body: str, theme: str, title: str, begins: str, ends: str, place: str, hosts: tuple[str, ...],
    activity: int | None, as_json: bool,
) -> None:  # fmt: skip
    """安排一次主题活动；写了 --for，就给已安排的活动定主题。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.themes import bodies_to_plan_for, without_theme
    from ronghe.domain.campaigns.services.themed import ThemedPlan, give_theme, plan_themed

    now = timezone.now()
    if activity is not None:
        found = without_theme(actor, now).filter(pk=activity).first()
        if found is None:
            raise NotFound
        made = give_theme(activity=found, theme=theme, title=title, actor=actor, at=now)
    else:
        if not (body and begins and ends):
            raise click.UsageError(_("请写 --body、--from、--until；给已安排的活动定主题的，写 --for。"))
        bodies = bodies_to_plan_for(actor, now)
        plan = ThemedPlan(
            theme, title, place, moment_said(begins), moment_said(ends), [body_called(one, bodies) for one in hosts]
        )
        made = plan_themed(body=body_called(body, bodies), plan=plan, actor=actor, at=now)
    _tell(_themed(made), _("已定，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@campaign.command("activities", short_help=_("列出主题活动"))
@click.option("--page", default=1, show_default=True)
@_json
def activities(page: int, as_json: bool) -> None:
    """列出您能看到的主题活动，最近的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.themes import list_themed

    listed: Any = list_themed(actor, timezone.now(), page=page)
    if as_json:
        rows = [_themed(row) | {"figures": row.brought} for row in listed]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for row in listed:
        brought = " ".join(f"{key}={value}" for key, value in (row.brought or {}).items()) or "—"
        click.echo(f"{row.pk:>6}  {row.activity.day}  {row.get_theme_display()}  {row.title}  {brought}")


@campaign.command("result", short_help=_("填主题活动的成效"))
@_number
@click.option("--figure", "figures", multiple=True, required=True, metavar="CODE=NUMBER", help="一个数字，可写几个")
@click.option("--note", default="", help="解决了什么、有什么变化")
@click.option("--reason", default="", help="更正的，写原因")
@_json
def result(number: int, figures: tuple[str, ...], note: str, reason: str, as_json: bool) -> None:
    """填一次主题活动的成效；再填一次就是更正。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.themes import themed_seen_by
    from ronghe.domain.campaigns.services.themed import enter_result

    now = timezone.now()
    themed = themed_seen_by(actor, now).filter(pk=number).first()
    if themed is None:
        raise NotFound
    values: dict[str, Decimal] = {}
    for code, text in (_pair(one) for one in figures):
        try:
            values[code] = Decimal(text)
        except InvalidOperation as error:
            raise click.BadParameter(text) from error
    made = enter_result(themed=themed, figures=values, note=note, reason=reason, actor=actor, at=now)
    _tell(_themed(themed) | {"figures": made.figures}, _("成效已记下。"), as_json=as_json)


@campaign.command("theme", short_help=_("改主题，或撤下"))
@_number
@click.option("--to", "theme", help="改成哪个主题的代码")
@click.option("--withdraw", is_flag=True, help="撤下主题，活动照常")
@_json
def theme_(number: int, theme: str | None, withdraw: bool, as_json: bool) -> None:
    """还没有填成效的主题活动 NUMBER，改主题（--to），或撤下（--withdraw）。"""
    actor, now = acting_now()
    from ronghe.domain.campaigns.services.themed import change_theme, withdraw_theme

    if (theme is None) == (not withdraw):
        raise click.UsageError(_("--to 和 --withdraw 写一样。"))
    found = _seen_themed(actor, number)
    if theme is not None:
        _tell(_themed(change_theme(themed=found, theme=theme, actor=actor, at=now)), _("主题已改。"), as_json=as_json)
        return
    withdraw_theme(themed=found, actor=actor, at=now)
    _tell({"id": number}, _("主题已撤下，活动照常。"), as_json=as_json)


@campaign.command("take-task", short_help=_("把任务列为解决的问题"))
@_number
@click.argument("task", type=int)
@click.option("--out", is_flag=True, help="不再列入，任务照常")
@_json
def take_task(number: int, task: int, out: bool, as_json: bool) -> None:
    """把本组织的任务 TASK 列为主题活动 NUMBER 解决的问题，或不再列入。"""
    actor, now = acting_now()
    from ronghe.domain.campaigns.selectors.themes import tasks_offered
    from ronghe.domain.campaigns.services.themed import leave_out_task, take_up_task
    from ronghe.domain.work.models import Task

    found = _seen_themed(actor, number)
    if out:
        row = row_called(task, Task.objects.filter(themed_activities__themed=found))
        leave_out_task(themed=found, task=row, actor=actor, at=now)
    else:
        take_up_task(themed=found, task=row_called(task, tasks_offered(found, actor, now)), actor=actor, at=now)
    _tell(_themed(found), _("已不再列入，任务照常。") if out else _("任务已列入。"), as_json=as_json)


@campaign.command("problem", short_help=_("问题转为任务"))
@_number
@click.argument("who")
@click.option("--text", required=True, help="什么问题")
@click.option("--due", required=True, help="何时办完，如 2026-12-31 18:00")
@_json
def problem(number: int, who: str, text: str, due: str, as_json: bool) -> None:
    """把主题活动 NUMBER 里的一个问题转为 WHO（姓名或员工号）的任务。"""
    actor, now = acting_now()
    from ronghe.domain.campaigns.services.themed import note_problem
    from ronghe.domain.rhythm.selectors import expected_people

    found = _seen_themed(actor, number)
    person = person_called(who, expected_people(found.activity))
    made = note_problem(themed=found, problem=text, assignee=person, due_at=moment_said(due), actor=actor, at=now)
    _tell({"task": made.task_id}, _("问题已转为任务。"), as_json=as_json)


@campaign.command("year", short_help=_("主题活动的一年"))
@click.option("--year", type=click.IntRange(2000, 2999), help="哪一年，不写为今年")
@_json
def year(year: int | None, as_json: bool) -> None:
    """每个主题一年办了几次、带来什么，哪些组织有漏办。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.year import year_of

    now = timezone.now()
    found = year_of(actor, now, year or timezone.localdate(now).year)
    rows = [
        {"theme": code, "title": title, "held": found.held[code],
         "sums": [{"title": one.title, "value": f"{one.value:f}", "unit": one.unit} for one in found.sums[code]]}
        for code, title in found.themes
    ]  # fmt: skip
    if as_json:
        gaps = {line.body.name: line.gaps for line in found.lines if line.gaps}
        _print({"year": found.year, "themes": rows, "gaps": gaps})
        return
    for row in rows:
        sums: Any = row["sums"]
        click.echo(
            f"{row['title']}  {row['held']}  " + " ".join(f"{s['title']} {s['value']} {s['unit']}" for s in sums)
        )
    for line in found.lines:
        if line.gaps:
            click.echo(_("漏办 %(gaps)s：%(body)s") % {"gaps": line.gaps, "body": line.body.name})


def _pair(text: str) -> tuple[str, str]:
    code, sign, value = text.partition("=")
    if not sign or not code:
        raise click.BadParameter(text)
    return code.strip(), value.strip()


def _seen(actor: Person, number: int) -> Campaign:
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.campaigns import campaigns_seen_by

    found = campaigns_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _report(actor: Person, found: Campaign, now: datetime) -> CampaignReport:
    from ronghe.domain.campaigns.enums import ReportState
    from ronghe.domain.campaigns.rules import RUN_CAMPAIGN
    from ronghe.domain.campaigns.selectors.campaigns import report_of

    row = report_of(found)
    if row is None or (row.state == ReportState.DRAFT and not RUN_CAMPAIGN.allows(actor, found, at=now)):
        raise NotFound
    row.campaign = found
    return row


def _campaign(row: Campaign, day: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "body": row.body.name, "starts": row.starts.isoformat(),
        "until_on": row.until_on.isoformat(), "state": row.state_on(day).value,
    }  # fmt: skip


def _seen_themed(actor: Person, number: int) -> ThemedActivity:
    from django.utils import timezone

    from ronghe.domain.campaigns.selectors.themes import themed_seen_by

    return row_called(number, themed_seen_by(actor, timezone.now()))


def _themed(row: ThemedActivity) -> dict[str, Any]:
    return {
        "id": row.pk, "activity": row.activity_id, "theme": row.theme, "title": row.title,
        "day": row.activity.day.isoformat(), "body": row.activity.body.name,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        _print(data)
    else:
        click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
