"""`ronghe control`: idle hours and rework, approvals from outside, incidents, and the standards of a body."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.cli.control_finding import first_of, one_of_project, project_called
from ronghe.cli.finding import body_called, moment_said, opened_files, row_called
from ronghe.cli.telling import DAY, IN_FILE, JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.control.models import OutsideApproval
    from ronghe.domain.items.models import WorkItem
    from ronghe.domain.projects.models import Project

_files = click.option("--photo", "files", multiple=True, type=IN_FILE, help="照片（JPEG、PNG、WebP）或 PDF，可写多个")
_note = click.option("--note", default="", help="说明")
_reason = click.option("--reason", required=True, help="原因")
_body = click.option("--body", required=True, help="哪个组织：名称或编号")
KINDS = ("quota", "land", "grid", "green_trade", "other")


class NumberUnreadable(DomainError):
    code = "control_number_unreadable"
    sentence = N_("看不懂“%(text)s”，请写数字，如 36.5。")
    status = 422


@click.command("losses", short_help=_("窝工返工合计"))
@NUMBER
@JSON
def losses(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的项目双方认定的窝工返工：按原因、按班组。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.register import losses_listed, losses_of

    project, now = project_called(actor, number), timezone.now()
    found = losses_of(project, actor, now)
    sums = [{"cause": one.title, "count": one.count, "hours": one.hours, "yuan": one.yuan} for one in found.by_cause]
    crews = [{"crew": one.title, "hours": one.hours, "yuan": one.yuan} for one in found.by_crew]
    rows = [
        {"item": one.item_id, "state": one.item.state, "title": one.item.title, "yuan": one.yuan}
        for one in losses_listed(project, actor, now)
    ]
    said = [f"{one['yuan']:>14}  {one['hours']:>10}  {one['count']:>3}  {one['cause']}" for one in sums]
    said.append(_("合计 %(yuan)s 元，%(hours)s 工时；待认定 %(waiting)s 条，有异议 %(contested)s 条。")
                % {"yuan": found.total.yuan, "hours": found.total.hours, "waiting": found.waiting,
                   "contested": found.contested})  # fmt: skip
    data = {"yuan": found.total.yuan, "hours": found.total.hours, "causes": sums, "crews": crews, "rows": rows}
    tell(data, "\n".join(said), as_json=as_json)


@click.command("loss", short_help=_("记窝工、返工"))
@NUMBER
@click.option("--kind", type=click.Choice(["idle", "rework"]), default="idle", help="idle 窝工，rework 返工")
@click.option("--cause", required=True, help="原因的代码，如 drawings、material、weather；本单位加的写 own:编号")
@click.option("--on", "day", type=DAY, required=True, help="哪天")
@click.option("--crew", required=True, help="班组")
@click.option("--people", type=int, required=True, help="人数")
@click.option("--hours", required=True, help="合计工时，最多两位小数")
@click.option("--cost", required=True, help="费用（元）")
@click.option("--basis", required=True, help="费用怎么算的")
@click.option("--answers", required=True, help="该由哪个参建单位承担：名称或编号")
@click.option("--answerer", default="", help="对方谁来认定：姓名或员工号；不写就是对方联系人")
@click.option("--process", type=int, help="哪道工序（编号）")
@_files
@JSON
def loss(number: int, files: tuple[Path, ...], as_json: bool, **said: Any) -> None:
    """在编号 NUMBER 的项目记窝工、返工，送对方认定。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import LossKind
    from ronghe.domain.control.models import WorkProcess
    from ronghe.domain.control.services.losing import ANSWER_DAYS, LossText, record_loss

    project, now = project_called(actor, number), timezone.now()
    values = {name: str(said[name]) for name in ("crew", "people", "hours", "cost", "basis")}
    process = said["process"]
    text = LossText(
        LossKind(said["kind"]), said["cause"], said["day"].date(), values, _unit(project, said["answers"]),
        answerer=one_of_project(project, said["answerer"]) if said["answerer"] else None,
        process=row_called(process, WorkProcess.objects.filter(project=project)) if process is not None else None,
        due_at=now + timedelta(days=ANSWER_DAYS),
    )  # fmt: skip
    with opened_files(files) as uploads:
        claim = record_loss(project=project, text=text, actor=actor, at=now, uploads=uploads)
    tell({"item": claim.item_id, "state": claim.item.state, "yuan": claim.yuan, "hours": claim.hours},
         _("#%(pk)s 已登记，等对方认定。") % {"pk": claim.item_id}, as_json=as_json)  # fmt: skip


@click.command("loss-again", short_help=_("有异议的改好再送"))
@NUMBER
@click.option("--hours", default="", help="合计工时")
@click.option("--cost", default="", help="费用（元）")
@click.option("--people", default="", help="人数")
@click.option("--basis", default="", help="费用怎么算的")
@click.option("--note", required=True, help="改了什么，或为什么不改")
@JSON
def loss_again(number: int, note: str, as_json: bool, **said: str) -> None:
    """把编号 NUMBER 的、对方有异议的窝工返工改好再送；不写的照旧。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.losing import hand_in_again

    item = hand_in_again(item=_item(number, "loss"), values=said, note=note, actor=actor, at=timezone.now())
    tell({"item": item.pk, "state": item.state}, _("已重新送对方认定。"), as_json=as_json)


@click.command("approvals", short_help=_("外部审批"))
@NUMBER
@JSON
def approvals(number: int, as_json: bool) -> None:
    """看编号 NUMBER 的项目的外部审批：到哪个环节，等了几天。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.register import approvals_of

    rows = [
        {"item": line.approval.item_id, "title": line.approval.item.title, "state": line.approval.item.state,
         "authority": line.approval.authority, "stage": line.stage_title, "stage_days": line.stage_days,
         "all_days": line.all_days, "is_overdue": line.is_overdue, "next_step": line.approval.next_step}
        for line in approvals_of(project_called(actor, number), actor, timezone.now())
    ]  # fmt: skip
    said = [f"{one['item']:>6}  {one['all_days']:>4}  {one['stage'] or '—'}  {one['title']}" for one in rows]
    tell(rows, "\n".join(said) or _("没有外部审批。"), as_json=as_json)


@click.command("approval", short_help=_("登记外部审批"))
@NUMBER
@click.option(
    "--kind", type=click.Choice(KINDS), required=True, help="指标 quota、用地 land、并网 grid、绿电交易 green_trade"
)
@click.option("--title", required=True, help="办什么")
@click.option("--authority", required=True, help="审批机关")
@click.option("--owner", required=True, help="谁来跟：姓名或员工号")
@click.option("--stage", "stages", multiple=True, help="一个环节，按先后写多个；不写就用这一类常用的")
@click.option("--contact", default="", help="对口处室、岗位")
@click.option("--phone", default="", help="办公电话，加密保存")
@click.option("--expected", type=DAY, help="预计取得，如 2026-10-01")
@click.option("--next", "next_step", default="", help="下一步做什么")
@JSON
def approval(number: int, as_json: bool, **said: Any) -> None:
    """在编号 NUMBER 的项目登记一项外部审批。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import ApprovalKind
    from ronghe.domain.control.services.registering import USUAL_STAGES, ApprovalText, register_approval

    project, kind = project_called(actor, number), ApprovalKind(said["kind"])
    text = ApprovalText(
        kind, said["title"], said["authority"], said["stages"] or [_(stage) for stage in USUAL_STAGES[kind]],
        one_of_project(project, said["owner"]), said["contact"], said["phone"], said["next_step"],
        expected_on=said["expected"].date() if said["expected"] else None,
    )  # fmt: skip
    made = register_approval(project=project, text=text, actor=actor, at=timezone.now())
    tell(
        {"item": made.item_id, "state": made.item.state}, _("#%(pk)s 已登记。") % {"pk": made.item_id}, as_json=as_json
    )


@click.command("approval-step", short_help=_("外部审批往前走"))
@NUMBER
@click.argument("step", type=click.Choice(["submit", "advance", "get", "refuse"]))
@click.option("--on", "day", type=DAY, required=True, help="哪天")
@click.option("--document", default="", help="取得时的文号")
@_note
@_files
@JSON
def approval_step(
    number: int, step: str, day: datetime, document: str, note: str, files: tuple[Path, ...], as_json: bool
) -> None:
    """编号 NUMBER 的外部审批：报出去、进入下一环节、已取得、没批下来。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services import registering

    services: dict[str, Any] = {
        "submit": registering.submit_approval, "advance": registering.advance_approval,
        "get": registering.get_approval, "refuse": registering.refuse_approval,
    }  # fmt: skip
    more = {"document_number": document} if step == "get" else {}
    with opened_files(files) as uploads:
        services[step](
            approval=_approval(number), day=day.date(), told=registering.Told(note, uploads), actor=actor,
            at=timezone.now(), **more,
        )  # fmt: skip
    item = _item(number, "outside_approval")
    tell({"item": item.pk, "state": item.state}, _("已记。"), as_json=as_json)


@click.command("approval-next", short_help=_("改外部审批的下一步"))
@NUMBER
@click.option("--step", "next_step", default=None, help="下一步做什么，不写就不变")
@click.option("--expected", type=DAY, default=None, help="预计哪天批下来，不写就不变")
@click.option("--due", default="", help="下一步做到几时，如 2026-12-01 17:30，不写就不变")
@click.option("--contact", default=None, help="经办人，不写就不变")
@click.option("--phone", default=None, help="办公电话，不写就不变")
@JSON
def approval_next(
    number: int, next_step: str | None, expected: datetime | None, due: str, contact: str | None, phone: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """改外部审批 NUMBER 的下一步、期限、经办人和电话。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.registering import plan_next

    found = _approval(number)
    made = plan_next(
        approval=found, next_step=found.next_step if next_step is None else next_step,
        expected_on=expected.date() if expected else found.expected_on,
        due_at=moment_said(due) if due else found.item.due_at, contact=contact, phone=phone, actor=actor, at=now,
    )  # fmt: skip
    tell({"id": number, "next_step": made.next_step, "expected_on": made.expected_on}, _("已改。"), as_json=as_json)


@click.command("approval-phone", short_help=_("看审批单位的办公电话"))
@NUMBER
@JSON
def approval_phone(number: int, as_json: bool) -> None:
    """看外部审批 NUMBER 的办公电话；每看一次都有记录。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.registering import open_phone

    phone = open_phone(approval=_approval(number), actor=actor, at=now)
    tell({"phone": phone}, phone or _("没有登记电话。"), as_json=as_json)


@click.command("incident", short_help=_("登记事故、污染"))
@NUMBER
@click.argument("kind", type=click.Choice(["accident", "pollution"]))
@click.option("--on", "day", type=DAY, required=True, help="哪天")
@click.option("--class", "class_code", default="", help="等级，按本单位的分级")
@_note
@JSON
def incident(number: int, kind: str, day: datetime, class_code: str, note: str, as_json: bool) -> None:
    """在编号 NUMBER 的项目登记事故或污染，天数重新计。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.enums import IncidentKind
    from ronghe.domain.control.services.counting import record_incident

    made = record_incident(
        project=project_called(actor, number), kind=IncidentKind(kind), happened_on=day.date(), class_code=class_code,
        note=note, actor=actor, at=timezone.now(),
    )  # fmt: skip
    tell({"id": made.pk, "kind": made.kind}, _("已登记，天数重新计。"), as_json=as_json)


@click.command("incident-withdraw", short_help=_("撤销事故记录"))
@NUMBER
@_reason
@JSON
def incident_withdraw(number: int, reason: str, as_json: bool) -> None:
    """撤销编号 NUMBER 的事故记录；登记的人不能自己撤。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.models import Incident
    from ronghe.domain.control.selectors.sides import projects_controlled
    from ronghe.domain.control.services.counting import withdraw_incident

    now = timezone.now()
    seen = projects_controlled(actor, now).order_by().values("pk")
    row = row_called(number, Incident.objects.filter(project__in=seen).select_related("project__body"))
    withdraw_incident(incident=row, reason=reason, actor=actor, at=now)
    tell({"id": row.pk}, _("已撤销，天数按其余的算。"), as_json=as_json)


@click.command("rule", short_help=_("定什么算优质工序"))
@_body
@click.option("--percent", required=True, help="实测合格率不低于百分之几，最多一位小数")
@click.option("--measured", "needs_measuring", is_flag=True, help="必须有实测点")
@click.option("--forgives", "forgives_rework", is_flag=True, help="返过工的也可以评")
@click.option("--text", default="", help="其他要求")
def rule(body: str, percent: str, needs_measuring: bool, forgives_rework: bool, text: str) -> None:
    """定一个组织和它下级的优质工序标准。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.calc.acceptance import RatingTerms
    from ronghe.domain.control.services.rating import set_rating_rule
    from ronghe.domain.org.selectors.people import bodies_seen_by

    now = timezone.now()
    terms = RatingTerms(_decimal(percent), forgives_rework, needs_measuring)
    found = body_called(body, bodies_seen_by(actor, now))
    set_rating_rule(body=found, terms=terms, text=text, actor=actor, at=now)
    click.echo(_("优质标准已定，以后评级按它。"))


@click.command("pace", short_help=_("定审图时限"))
@_body
@click.option("--old", required=True, help="原来要几个工作日")
@click.option("--target", required=True, help="现在目标几个工作日")
def pace(body: str, old: str, target: str) -> None:
    """定一个组织和它下级的审图时限；上班时间照旧。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.selectors.standards import pace_of
    from ronghe.domain.control.services.reviewing import set_baseline
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by

    now = timezone.now()
    found = body_called(body, bodies_seen_by(actor, now))
    set_baseline(
        body=found, old_days=_decimal(old), target_days=_decimal(target), hours=pace_of(found.pk, local_day(now)).hours,
        actor=actor, at=now,
    )  # fmt: skip
    click.echo(_("审图时限已定，以后送审的按它。"))


@click.command("cause", short_help=_("加窝工返工的原因"))
@_body
@click.argument("name")
def cause(body: str, name: str) -> None:
    """给一个组织和它下级加一个窝工返工的原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.control.services.losing import add_cause
    from ronghe.domain.org.selectors.people import bodies_seen_by

    now = timezone.now()
    made = add_cause(body=body_called(body, bodies_seen_by(actor, now)), name=name, actor=actor, at=now)
    click.echo(_("原因已加：own:%(pk)s") % {"pk": made.pk})


@click.command("cause-end", short_help=_("停用窝工返工的原因"))
@_body
@click.argument("cause", type=int, metavar="CAUSE")
def cause_end(body: str, cause: int) -> None:
    """停用一个组织自己加的原因 CAUSE（own: 后面的编号）；以前选过的不变。"""
    actor, now = acting_now()
    from ronghe.domain.control.models import IdleCause
    from ronghe.domain.control.services.losing import end_cause
    from ronghe.domain.org.selectors.people import bodies_seen_by

    rows = IdleCause.objects.filter(body=body_called(body, bodies_seen_by(actor, now))).select_related("body")
    end_cause(cause=row_called(cause, rows), actor=actor, at=now)
    click.echo(_("已停用，以前选过的不变。"))


REGISTER_COMMANDS = (
    losses, loss, loss_again, approvals, approval, approval_step, approval_next, approval_phone, incident, incident_withdraw, rule, pace, cause, cause_end,
)  # fmt: skip


def _unit(project: Project, text: str) -> Any:
    from django.utils import timezone

    from ronghe.domain.control.selectors.sides import parties_of_project
    from ronghe.domain.control.services.losing import NoOtherSide
    from ronghe.domain.org.rules.reaches import local_day

    for party in parties_of_project(project, local_day(timezone.now())):
        if text in (party.unit.name, str(party.unit_id)):
            return party.unit
    raise NoOtherSide


def _item(number: int, kind: str) -> WorkItem:
    from django.utils import timezone

    from ronghe.domain.items.selectors import items_seen_by

    return row_called(number, items_seen_by(acting_person(), timezone.now()).filter(kind=kind))


def _approval(number: int) -> OutsideApproval:
    from ronghe.domain.control.models import OutsideApproval as Row

    item = _item(number, "outside_approval")
    rows = Row.objects.select_related("item__project__body", "item__owner", "project__body")
    found: OutsideApproval = first_of(rows.filter(item=item))
    return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise NumberUnreadable(text=text) from error
