"""`ronghe plan`: 四同检查."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import body_called, moment_said, person_called
from ronghe.cli.plan_keeping import KEEPING
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.planning.models import ItemCheck, Plan, PlanItem

EPILOG = """\b
举例：
  ronghe --as shuji plan draft --body 3 --period 2027Q1 --head 马会军
  ronghe --as shuji plan import 5 计划.xlsx --dry-run
  ronghe --as shuji plan agree 5 --offer
  ronghe --as shuji plan agree 5 --side party
  ronghe --as shuji plan check 5 2026Q4
  ronghe --as shuji plan confirm 31
  ronghe --as shuji plan check 5 2026Q4 --close
  ronghe --as dangqun plan gap --json

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
MARKS = {"none": "×", "proposed": "○", "confirmed": "√", "contested": "△", "not_applicable": "—"}

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_reason = click.option("--reason", default="", help="为什么")


@click.group("plan", epilog=EPILOG, short_help=_("四同检查"))
def plan() -> None:
    """四同检查：计划的每一条是否同谋划、同部署、同实施、同考核。"""


for _command in KEEPING:
    plan.add_command(_command)


@plan.command("list", short_help=_("列出计划"))
@click.option("--page", default=1, show_default=True)
@_json
def list_(page: int, as_json: bool) -> None:
    """列出您能看到的计划，最近的在前，各有四项都同的条数。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.matrix import standings_of
    from ronghe.domain.planning.selectors.plans import list_plans

    now = timezone.now()
    listed = list_plans(actor, now, page=page)
    standings = standings_of(list(listed), timezone.localdate(now))
    if as_json:
        rows = [
            _plan(one.plan) | {"items": one.counts.items, "joint": one.counts.joint, "gaps": one.counts.gaps}
            for one in standings
        ]
        _print({"count": listed.count, "page": listed.page, "pages": listed.pages, "items": rows})
        return
    for one in standings:
        share = f"{one.counts.joint}/{one.counts.items}"
        click.echo(
            f"{one.plan.pk:>6}  {one.plan.period:<7} {share:>6}  {one.plan.body.name}  {one.plan.get_state_display()}"
        )


@plan.command("draft", short_help=_("编计划"))
@click.option("--body", required=True, help="党组织的名称或编号")
@click.option("--period", required=True, help="2026、2026H1 或 2026Q3")
@click.option("--head", default="", metavar="WHO", help="行政负责人：姓名或员工号")
@click.option("--from", "source", type=int, metavar="NUMBER", help="从哪份计划接着编")
@_json
def draft(body: str, period: str, head: str, source: int | None, as_json: bool) -> None:
    """编一份计划；接着上一份编的，没完成的条目会带过来。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import bodies_to_plan_for, people_for
    from ronghe.domain.planning.services.drafting import draft_plan

    now = timezone.now()
    of_body = body_called(body, bodies_to_plan_for(actor, now))
    person = person_called(head, people_for(of_body, timezone.localdate(now))) if head else None
    earlier = _seen(actor, source) if source is not None else None
    made = draft_plan(body=of_body, period=period, production_head=person, drawn_from=earlier, actor=actor, at=now)
    _tell(made, _("已建，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@plan.command("import", short_help=_("从表格导入条目"))
@_number
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="只看哪里不对，不导入")
@_reason
@_json
def import_(number: int, table: Path, dry_run: bool, reason: str, as_json: bool) -> None:
    """把 FILE 里的条目加到计划 NUMBER；一处不对就一条也不加。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.rules import EDIT_PLAN
    from ronghe.domain.planning.selectors.reading import read_plan
    from ronghe.domain.planning.services.drafting import add_items

    now, found = timezone.now(), _seen(actor, number)
    EDIT_PLAN.require(actor, found, at=now)
    preview = read_plan(table, table.name, found, timezone.localdate(now))
    if dry_run:
        problems = [{"cell": one.cell, "head": one.head, "why": one.why} for one in preview.problems]
        if as_json:
            _print({"rows": len(preview.rows), "problems": problems})
            return
        for one in preview.problems:
            click.echo(f"{one.cell}  {one.head}：{one.why}")
        click.echo(_("共 %(rows)s 行，%(count)s 处要改。") % {"rows": len(preview.rows), "count": len(problems)})
        return
    preview.refuse_problems()
    texts = [row.item for row in preview.rows if row.item is not None]
    made = add_items(plan=found, texts=texts, reason=reason, actor=actor, at=now)
    _print({"items": len(made)}) if as_json else click.echo(_("已导入 %(count)s 条。") % {"count": len(made)})


@plan.command("show", short_help=_("看条目和四同"))
@_number
@click.option("--quarter", default="", help="哪个季度，如 2026Q3，不写为现在的")
@_json
def show(number: int, quarter: str, as_json: bool) -> None:
    """看计划 NUMBER 的条目；√ 已认定，○ 待认定，× 没有依据，△ 有异议，— 不适用，括号里是认定用的编号。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.matrix import matrix_of
    from ronghe.domain.planning.selectors.plans import quarter_shown

    found, day = _seen(actor, number), timezone.localdate(timezone.now())
    matrix = matrix_of(found, quarter_shown(found, quarter, day), day)
    lines = [
        {"item": line.item.pk, "number": line.item.number, "title": line.item.title, "is_joint": line.is_joint,
         "overdue": line.is_overdue,
         "checks": {cell.aspect.value: {"id": cell.check.pk if cell.check else None, "state": cell.state.value}
                    for cell in line.cells}}
        for line in matrix.lines
    ]  # fmt: skip
    if as_json:
        counts = {"items": matrix.counts.items, "joint": matrix.counts.joint, "gaps": matrix.counts.gaps}
        _print(_plan(found) | counts | {"quarter": matrix.quarter.label, "lines": lines})
        return
    click.echo(f"{found.body.name}  {matrix.quarter.label}  {matrix.counts.joint}/{matrix.counts.items}")
    for line in matrix.lines:
        cells = "  ".join(
            f"{cell.title}{MARKS[cell.state.value]}" + (f"({cell.check.pk})" if cell.check else "")
            for cell in line.cells
        )
        click.echo(f"{line.item.pk:>6}  {line.item.number}. {line.item.title}  {cells}")


@plan.command("item", short_help=_("加、取消、办结一条"))
@_number
@click.option("--title", default="", help="计划内容；NUMBER 是计划，加一条")
@click.option("--kind", type=click.Choice(["production", "party"]), default="production", show_default=True)
@click.option("--goal", default="", help="目标，没有数值时必写")
@click.option("--figure", default="", help="目标数值")
@click.option("--unit", default="", help="计量单位")
@click.option("--production", "production_owner", default="", metavar="WHO", help="生产负责人")
@click.option("--party", "party_owner", default="", metavar="WHO", help="党建负责人")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="完成时限")
@click.option("--drop", is_flag=True, help="取消一条；NUMBER 是条目")
@click.option("--done", type=click.DateTime(["%Y-%m-%d"]), help="哪天完成；NUMBER 是条目")
@click.option("--result", default="", help="结果")
@_reason
@_json
def item(
    number: int, title: str, kind: str, goal: str, figure: str, unit: str, production_owner: str, party_owner: str,
    due: datetime | None, drop: bool, done: datetime | None, result: str, reason: str, as_json: bool,
) -> None:  # fmt: skip
    """加一条（--title），取消一条（--drop），或记为完成（--done）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.calc.contents import ItemText
    from ronghe.domain.planning.selectors.plans import people_for
    from ronghe.domain.planning.services.agreeing import finish_item
    from ronghe.domain.planning.services.drafting import add_item, drop_item

    now = timezone.now()
    if drop or done is not None:
        row = _item(actor, number)
        if drop:
            drop_item(item=row, reason=reason, actor=actor, at=now)
        elif done is not None:
            finish_item(item=row, done_on=done.date(), result=result, actor=actor, at=now)
    else:
        found = _seen(actor, number)
        if due is None or not title:
            raise click.UsageError(_("加一条要写 --title、--production、--party 和 --due。"))
        people = people_for(found.body, timezone.localdate(now))
        text = ItemText(
            title, kind, person_called(production_owner, people).pk, person_called(party_owner, people).pk, due.date(),
            goal, _figure(figure), unit,
        )  # fmt: skip
        row = add_item(plan=found, text=text, reason=reason, actor=actor, at=now)
    _print({"id": row.pk, "number": row.number, "title": row.title}) if as_json else click.echo(_("已记下。"))


@plan.command("agree", short_help=_("送确认，代表一方确认"))
@_number
@click.option("--offer", is_flag=True, help="送两位负责人确认")
@click.option("--side", type=click.Choice(["party", "production"]), help="您代表哪一方确认")
@_json
def agree(number: int, offer: bool, side: str | None, as_json: bool) -> None:
    """送两位负责人确认（--offer），或代表一方确认（--side）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.enums import Side
    from ronghe.domain.planning.services.agreeing import confirm_plan, offer_plan

    now, found = timezone.now(), _seen(actor, number)
    if offer:
        found = offer_plan(plan=found, actor=actor, at=now)
    if side is not None:
        found = confirm_plan(plan=found, side=Side(side), actor=actor, at=now)
    _tell(found, found.get_state_display(), as_json=as_json)


@plan.command("check", short_help=_("开始或结束季度检查"))
@_number
@click.argument("quarter", metavar="QUARTER")
@click.option("--close", is_flag=True, help="结束检查，结果定下")
@_json
def check(number: int, quarter: str, close: bool, as_json: bool) -> None:
    """检查计划 NUMBER 的季度 QUARTER（如 2026Q3）；平台先按记录填好。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.models import CheckRound
    from ronghe.domain.planning.services.rounds import close_round, open_round

    now, found = timezone.now(), _seen(actor, number)
    if not close:
        open_round(plan=found, quarter=quarter, actor=actor, at=now)
        _tell(found, _("已按记录填好，用 show 看。"), as_json=as_json)
        return
    row = CheckRound.objects.select_related("plan").filter(plan=found, quarter=quarter.upper()).first()
    if row is None:
        raise NotFound
    close_round(round=row, actor=actor, at=now)
    if as_json:
        _print(_plan(found) | {"quarter": row.quarter, "items": row.items, "joint": row.joint, "gaps": row.gaps})
    else:
        said = _("检查已结束：%(items)s 条里 %(joint)s 条四项都同，短板 %(gaps)s 处。")
        click.echo(said % {"items": row.items, "joint": row.joint, "gaps": row.gaps})


@plan.command("confirm", short_help=_("认定一处"))
@_number
@click.option("--waive", is_flag=True, help="不适用，写 --reason")
@click.option("--contest", is_flag=True, help="有异议，写 --reason")
@click.option("--back", is_flag=True, help="撤回认定")
@_reason
@_json
def confirm(number: int, waive: bool, contest: bool, back: bool, reason: str, as_json: bool) -> None:
    """认定一处；NUMBER 是 show 里括号中的编号。没有依据的不能认定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.services.checking import confirm_check, contest_check, take_check_back, waive_check

    now, row = timezone.now(), _check(actor, number)
    if waive:
        row = waive_check(check=row, reason=reason, actor=actor, at=now)
    elif contest:
        row = contest_check(check=row, reason=reason, actor=actor, at=now)
    elif back:
        row = take_check_back(check=row, actor=actor, at=now)
    else:
        row = confirm_check(check=row, actor=actor, at=now)
    _print({"id": row.pk, "state": row.state}) if as_json else click.echo(row.get_state_display())


@plan.command("gap", short_help=_("列出短板，转为任务"))
@click.argument("number", type=int, required=False, metavar="[NUMBER]")
@click.option("--who", default="", help="谁来补：姓名或员工号，不写为条目的负责人")
@click.option("--due", default="", help="何时补好，如 2026-12-31 18:00，不写为两周以后")
@_json
def gap(number: int | None, who: str, due: str, as_json: bool) -> None:
    """不写 NUMBER 列出本季度的短板；写了就把那一处转为任务。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.selectors.matrix import gaps_seen_by
    from ronghe.domain.planning.selectors.plans import people_for
    from ronghe.domain.planning.services.gaps import open_gap_task
    from ronghe.kernel.calendar.periods import PeriodKind, period_around

    now = timezone.now()
    day = timezone.localdate(now)
    if number is None:
        rows = list(gaps_seen_by(actor, now, period_around(day, PeriodKind.QUARTER))[:200])
        if as_json:
            _print([
                {"check": row.pk, "aspect": row.aspect, "title": row.item.title, "body": row.item.plan.body.name}
                for row in rows
            ])  # fmt: skip
            return
        for row in rows:
            click.echo(f"{row.pk:>6}  {row.get_aspect_display()}  {row.item.title}  {row.item.plan.body.name}")
        return
    found = _check(actor, number)
    person = person_called(who, people_for(found.item.plan.body, day)) if who else None
    made = open_gap_task(check=found, assignee=person, due_at=moment_said(due) if due else None, actor=actor, at=now)
    _print({"task": made.task_id}) if as_json else click.echo(_("已转为任务。"))


@plan.command("export", short_help=_("导出四同检查表"))
@_number
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--quarter", default="", help="哪个季度，不写为现在的")
def export(number: int, target: Path, quarter: str) -> None:
    """把一个季度的四同检查表存到 FILE，.xlsx、.pdf 或 .docx。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.planning.documents import check_document, matrix_rows
    from ronghe.domain.planning.selectors.matrix import matrix_of
    from ronghe.domain.planning.selectors.plans import quarter_shown
    from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
    from ronghe.kernel.printing import PaperForm
    from ronghe.kernel.printing.register import issued
    from ronghe.kernel.tabular.writing import SheetOut, write_workbook

    found, now = _seen(actor, number), timezone.now()
    day = timezone.localdate(now)
    matrix = matrix_of(found, quarter_shown(found, quarter, day), day)
    kind = target.suffix.lower().removeprefix(".")
    if kind == "xlsx":
        heads, rows = matrix_rows(matrix)
        write_workbook(target, [SheetOut(title=matrix.quarter.label, head=heads, rows=rows)])
    elif kind in ("pdf", "docx"):
        document = check_document(matrix, printed_on=day)
        target.write_bytes(issued(document, PaperForm(kind), at=now, source=found, layout=GBT_9704_LANDSCAPE))
    else:
        raise click.UsageError(_("FILE 要以 .xlsx、.pdf 或 .docx 结尾。"))
    click.echo(str(target))


def _figure(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise click.UsageError(_("--figure 要写数。")) from error
    if not value.is_finite():
        raise click.UsageError(_("--figure 要写数。"))
    return value


def _seen(actor: Person, number: int) -> Plan:
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import plans_seen_by

    found = plans_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _item(actor: Person, number: int) -> PlanItem:
    from django.utils import timezone

    from ronghe.domain.planning.selectors.plans import items_seen_by

    found = items_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _check(actor: Person, number: int) -> ItemCheck:
    from ronghe.domain.planning.models import ItemCheck

    found = ItemCheck.objects.filter(pk=number).first()
    if found is None:
        raise NotFound
    found.item = _item(actor, found.item_id)
    return found


def _plan(found: Plan) -> dict[str, Any]:
    return {
        "id": found.pk, "body": found.body.name, "period": found.period, "state": found.state,
        "version": found.version,
    }  # fmt: skip


def _tell(found: Plan, said: str, *, as_json: bool) -> None:
    _print(_plan(found)) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
