"""`ronghe contractor`: companies through the five gates, their workers and passes, checks, the black list."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import opened_files
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.contractors.models import Contractor, Worker
    from ronghe.domain.org.models import Person

EPILOG = """\b
举例：
  ronghe --as anquan contractor register 蜀南油建公司 91510000MA6000001X contractor 南I-1共建党支部
  ronghe --as anquan contractor gate 3 people 培训档案〔2026〕2号
  ronghe --as anquan contractor agreement 3 协议1号 郝安 2026-09-01 2027-01-01
  ronghe --as jingli contractor admit 3
  ronghe --as anquan contractor worker 3 苟长青 510822199003070018 hired --status 01
  ronghe --as anquan contractor pass 12 2026-12-31
"""

_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_reason = click.argument("reason")
_on = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")
DAY = click.DateTime(["%Y-%m-%d"])
KINDS = ["contractor", "subcontractor", "labour"]
STATES = ["applying", "admitted", "suspended", "listed", "left"]


@click.group(epilog=EPILOG, short_help=_("承包商和外来人员"))
def contractor() -> None:
    """承包商准入、安全协议、人员、入场证、检查评分、黑名单。"""


@contractor.command("list", short_help=_("承包商清单"))
@click.option("--search", default="", help="名称或信用代码")
@click.option("--kind", type=click.Choice(KINDS), default=None)
@click.option("--state", type=click.Choice(STATES), default=None)
@_json
def list_(search: str, kind: str | None, state: str | None, as_json: bool) -> None:
    """列出能看到的单位。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.selectors.companies import contractors_filtered, list_contractors

    rows = contractors_filtered(words=search, kind=kind or "", state=state or "")
    found = [_row(one) for one in list_contractors(actor, now, rows, size=500)]
    lines = [f"{row['id']:>6}  {row['name']}  {row['state']}" for row in found]
    _answer(found, [*lines, _("共 %(count)s 家。") % {"count": len(found)}], as_json=as_json)


@contractor.command("show", short_help=_("一家单位"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """五关、安全协议、人员和得分。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.models import Appeal
    from ronghe.domain.contractors.selectors.companies import agreement_on, checklist_of, gates_of
    from ronghe.domain.contractors.selectors.people import bars_to_enter, list_workers
    from ronghe.domain.org.rules.reaches import local_day

    row, today = _seen(actor, number), local_day(now)
    people = list_workers(actor, now, contractor=row.pk, size=500)
    bars = bars_to_enter(people.rows, today)
    agreement = agreement_on(row, today)
    said = {
        **_row(row),
        "gates": {line.gate.value: line.is_passed for line in gates_of(row)},
        "agreement_until": f"{agreement.until_on}" if agreement else None,
        "checklist": [line for line, _title in checklist_of(row, today).lines],
        "scores": [f"{score.score}" for score in row.scores.order_by("-held_on", "-pk")],
        "workers": [{"id": one.pk, "name": one.person.name, "bars": bars[one.pk]} for one in people.rows],
        "appeals": [
            {"id": one.pk, "state": one.state} for one in Appeal.objects.filter(change__contractor=row).order_by("-pk")
        ],
    }
    lines = [f"{line.gate.label}  {_('过关') if line.is_passed else _('没过关')}" for line in gates_of(row)]
    lines += [f"{one.pk:>6}  {one.person.name}  {_('；').join(bars[one.pk]) or _('可以进场')}" for one in people.rows]
    _answer(said, [f"{row.name}  {row.get_state_display()}", *lines], as_json=as_json)


@contractor.command("register", short_help=_("登记承包商"))
@click.argument("name")
@click.argument("credit_code")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("body")
@click.option("--parent", type=int, help="分包商的承包商编号")
@click.option("--unit", type=int, help="在单位树上的编号")
@_json
def register(
    name: str, credit_code: str, kind: str, body: str, parent: int | None, unit: int | None, as_json: bool
) -> None:
    """登记 NAME，由 BODY（编号或名称）监管。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called, row_called
    from ronghe.domain.contractors.enums import ContractorKind
    from ronghe.domain.contractors.selectors.companies import bodies_to_register_for
    from ronghe.domain.contractors.services.companies import register_contractor
    from ronghe.domain.org.selectors.people import units_seen_by

    row = register_contractor(
        name=name, credit_code=credit_code, kind=ContractorKind(kind),
        body=body_called(body, bodies_to_register_for(actor, now)), parent=_seen(actor, parent) if parent else None,
        unit=row_called(unit, units_seen_by(actor, now)) if unit else None, actor=actor, at=now,
    )  # fmt: skip
    _answer(_row(row), [_("已登记，编号 %(number)s。") % {"number": row.pk}], as_json=as_json)


@contractor.command("gate", short_help=_("五关评审"))
@_number
@click.argument("gate", type=click.Choice(["qualification", "record", "people", "supervision", "site"]))
@click.argument("evidence")
@click.option("--passed/--failed", default=True, help="通过没有")
@click.option(
    "--file",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="材料的照片或 PDF，可以写几次",
)
@_on
@_json
def gate(
    number: int, gate: str, evidence: str, passed: bool, files: tuple[Path, ...], on: datetime | None, as_json: bool
) -> None:
    """登记一关的评审，EVIDENCE 是依据的材料（PC-06）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.enums import Gate
    from ronghe.domain.contractors.services.companies import review_gate
    from ronghe.domain.work.services.files import arrived_file

    row = _seen(actor, number)
    with opened_files(files) as uploads:
        review_gate(
            contractor=row, gate=Gate(gate), passed=passed, evidence=evidence, on=_day(on, now),
            files=[arrived_file(one) for one in uploads], actor=actor, at=now,
        )  # fmt: skip
    _answer(_row(row), [_("已登记。")], as_json=as_json)


@contractor.command("agreement", short_help=_("登记安全协议"))
@_number
@click.argument("agreement_number", metavar="AGREEMENT")
@click.argument("officer")
@click.argument("since", type=DAY)
@click.argument("until", type=DAY)
@click.option("--signed", type=DAY, help="签订日期，不写为今天")
def agreement(
    number: int, agreement_number: str, officer: str, since: datetime, until: datetime, signed: datetime | None
) -> None:
    """登记安全协议，从 SINCE 到 UNTIL（不含）（PC-07、PC-08）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import note_agreement

    note_agreement(
        contractor=_seen(actor, number), number=agreement_number, officer=officer, signed_on=_day(signed, now),
        from_on=since.date(), until_on=until.date(), actor=actor, at=now,
    )  # fmt: skip
    click.echo(_("安全协议已登记。"))


@contractor.command("admit", short_help=_("准入"))
@_number
@_json
def admit(number: int, as_json: bool) -> None:
    """五关都通过、安全协议有效，准入（PC-06）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import admit_contractor

    row = _seen(actor, number)
    admit_contractor(contractor=row, actor=actor, at=now)
    _answer(_row(row), [_("已准入。")], as_json=as_json)


@contractor.command("suspend", short_help=_("停止施工"))
@_number
@_reason
@click.option("--reference", default="", help="停工令编号")
@_json
def suspend(number: int, reason: str, reference: str, as_json: bool) -> None:
    """停工，复工前谁也进不来。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import suspend_contractor

    row = _seen(actor, number)
    suspend_contractor(contractor=row, reason=reason, reference=reference, actor=actor, at=now)
    _answer(_row(row), [_("已停工。")], as_json=as_json)


@contractor.command("resume", short_help=_("复工"))
@_number
@_reason
@_json
def resume(number: int, reason: str, as_json: bool) -> None:
    """复工。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import resume_contractor

    row = _seen(actor, number)
    resume_contractor(contractor=row, reason=reason, actor=actor, at=now)
    _answer(_row(row), [_("已复工。")], as_json=as_json)


@contractor.command("blacklist", short_help=_("列入黑名单"))
@_number
@_reason
@click.argument("reference")
@click.option("--until", type=DAY, help="到哪一天（不含），没有期限不写")
@_json
def blacklist(number: int, reason: str, reference: str, until: datetime | None, as_json: bool) -> None:
    """列入黑名单，REFERENCE 是决定的文号（PC-20）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import list_contractor

    row = _seen(actor, number)
    list_contractor(
        contractor=row,
        reason=reason,
        reference=reference,
        until_on=until.date() if until else None,
        actor=actor,
        at=now,
    )
    _answer(_row(row), [_("已列入黑名单。")], as_json=as_json)


@contractor.command("delist", short_help=_("移出黑名单"))
@_number
@_reason
@_json
def delist(number: int, reason: str, as_json: bool) -> None:
    """到期移出黑名单，要重新过五关。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import delist_contractor

    row = _seen(actor, number)
    delist_contractor(contractor=row, reason=reason, actor=actor, at=now)
    _answer(_row(row), [_("已移出黑名单。")], as_json=as_json)


@contractor.command("leave", short_help=_("办理退出"))
@_number
@_reason
@_json
def leave(number: int, reason: str, as_json: bool) -> None:
    """单位退出，在册人员同时离开。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import let_go

    row = _seen(actor, number)
    let_go(contractor=row, reason=reason, actor=actor, at=now)
    _answer(_row(row), [_("已退出。")], as_json=as_json)


@contractor.command("appeal", short_help=_("黑名单申诉"))
@_number
@click.argument("text")
def appeal(number: int, text: str) -> None:
    """代单位提交申诉。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.companies import file_appeal

    row = file_appeal(contractor=_seen(actor, number), text=text, actor=actor, at=now)
    click.echo(_("已提交申诉，编号 %(number)s。") % {"number": row.pk})


@contractor.command("decide-appeal", short_help=_("复核申诉"))
@_number
@click.argument("answer")
@click.option("--grant/--uphold", required=True, help="撤销还是维持")
def decide(number: int, answer: str, grant: bool) -> None:
    """复核第 NUMBER 号申诉；列入黑名单的人不能复核。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.contractors.models import Appeal
    from ronghe.domain.contractors.selectors.companies import contractors_seen_by
    from ronghe.domain.contractors.services.companies import decide_appeal

    rows = Appeal.objects.filter(change__contractor__in=contractors_seen_by(actor, now).order_by())
    row = row_called(number, rows.select_related("change__contractor__body"))
    decide_appeal(appeal=row, grants=grant, answer=answer, actor=actor, at=now)
    click.echo(_("已答复申诉。"))


@contractor.command("check", short_help=_("检查评分"))
@_number
@click.option("--problem", "problems", multiple=True, metavar="LINE", help="有问题的条目，可多次")
@click.option("--na", "left_out", multiple=True, metavar="LINE", help="不适用的条目，可多次")
@click.option("--note", default="", help="查出的问题")
@_on
@_json
def check(
    number: int, problems: tuple[str, ...], left_out: tuple[str, ...], note: str, on: datetime | None, as_json: bool
) -> None:
    """按本单位所属制度的检查表评分；没有列出的条目算正常。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.selectors.companies import checklist_of
    from ronghe.domain.contractors.services.checking import check_contractor

    row, day = _seen(actor, number), _day(on, now)
    known = {line for line, _title in checklist_of(row, day).lines}
    if unknown := (set(problems) | set(left_out)) - known:
        raise click.BadParameter(_("检查表里没有：%(lines)s") % {"lines": "、".join(sorted(unknown))})
    answers = dict.fromkeys(known, "ok") | dict.fromkeys(problems, "problem") | dict.fromkeys(left_out, "na")
    score = check_contractor(contractor=row, answers=answers, on=day, note=note, actor=actor, at=now)
    _answer({"score": f"{score.score}"}, [_("已检查，得 %(score)s 分。") % {"score": score.score}], as_json=as_json)


@contractor.command("worker", short_help=_("登记人员"))
@_number
@click.argument("name")
@click.argument("identity")
@click.argument("employment", type=click.Choice(["staff", "hired", "dispatched", "outsourced"]))
@click.option("--job", default="", help="工种")
@click.option("--status", default="", help="政治面貌代码，01 中共党员、02 预备党员")
@click.option("--home-branch", default="", help="党员的原党支部")
@_on
@_json
def worker(
    number: int, name: str, identity: str, employment: str, job: str, status: str, home_branch: str,
    on: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """给第 NUMBER 号单位登记一人；党员报流动党员登记（PF-03）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.enums import Employment
    from ronghe.domain.contractors.services.workers import WorkerText, register_worker
    from ronghe.domain.org.enums import PoliticalStatus

    if status and status not in PoliticalStatus.values:
        raise click.BadParameter(_("没有这个政治面貌代码。"))
    text = WorkerText(
        name, identity, Employment(employment), job, PoliticalStatus(status) if status else None, home_branch
    )
    row = register_worker(contractor=_seen(actor, number), text=text, on=_day(on, now), actor=actor, at=now)
    _answer(_worker_row(row), [_("已登记，编号 %(number)s。") % {"number": row.pk}], as_json=as_json)


@contractor.command("end-worker", short_help=_("办理离开"))
@_number
@_on
@_json
def end_worker_(number: int, on: datetime | None, as_json: bool) -> None:
    """第 NUMBER 号人员离开，入场证收回。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.workers import end_worker

    row = end_worker(worker=_worker(actor, number), on=_day(on, now), actor=actor, at=now)
    _answer(_worker_row(row), [_("已办离开。")], as_json=as_json)


@contractor.command("pass", short_help=_("发入场证"))
@_number
@click.argument("last", type=DAY)
@_json
def pass_(number: int, last: datetime, as_json: bool) -> None:
    """给第 NUMBER 号人员发入场证，到 LAST（含）（PC-19）。"""
    actor, now = acting_now()
    from ronghe.domain.contractors.services.workers import issue_pass, pass_code

    row = issue_pass(worker=_worker(actor, number), last_on=last.date(), actor=actor, at=now)
    said = {"number": row.pk, "code": pass_code(row), "last_on": f"{row.last_on}"}
    _answer(said, [_("入场证已发，证号 %(number)s。") % said], as_json=as_json)


@contractor.command("revoke-pass", short_help=_("收回入场证"))
@_number
@_reason
def revoke(number: int, reason: str) -> None:
    """收回第 NUMBER 号入场证。"""
    actor, now = acting_now()
    from ronghe.cli.finding import row_called
    from ronghe.domain.contractors.models import EntryPass
    from ronghe.domain.contractors.selectors.people import workers_seen_by
    from ronghe.domain.contractors.services.workers import revoke_pass

    rows = EntryPass.objects.filter(worker__in=workers_seen_by(actor, now).order_by())
    row = row_called(number, rows.select_related("worker__contractor__body", "worker__person"))
    revoke_pass(entry_pass=row, reason=reason, actor=actor, at=now)
    click.echo(_("入场证已收回。"))


@contractor.command("enter", short_help=_("门岗进出"))
@click.argument("code")
@click.argument("site")
@click.option("--out", is_flag=True, help="出场；不写为进场")
@_json
def enter(code: str, site: str, out: bool, as_json: bool) -> None:
    """在 SITE（组织编号或名称）的门岗扫入场证 CODE（内容或证号）；不让进的写明原因，也留记录。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.contractors.enums import Direction
    from ronghe.domain.contractors.selectors.people import sites_of
    from ronghe.domain.contractors.services.gate import pass_gate

    body = body_called(site, sites_of(actor, now))
    row = pass_gate(code=code, body=body, direction=Direction.OUT if out else Direction.IN, actor=actor, at=now)
    said = {"worker": row.worker.person.name, "passed": row.passed, "reasons": row.reasons}
    lines = [_("%(name)s：放行") % {"name": row.worker.person.name}] if row.passed else row.reasons
    _answer(said, lines, as_json=as_json)


@contractor.command("inside", short_help=_("现在在场内"))
@click.argument("site")
@_json
def inside(site: str, as_json: bool) -> None:
    """列出 SITE 场内的外来人员。"""
    actor, now = acting_now()
    from ronghe.cli.finding import body_called
    from ronghe.domain.contractors.selectors.people import on_site, sites_of

    rows = list(on_site(body_called(site, sites_of(actor, now))))
    said = [{"worker": row.worker.person.name, "since": f"{row.since:%Y-%m-%dT%H:%M:%S%z}"} for row in rows]
    lines = [f"{row.worker.person.name}  {row.worker.contractor.name}" for row in rows]
    _answer(said, [*lines, _("共 %(count)s 人。") % {"count": len(rows)}], as_json=as_json)


def _seen(actor: Person, number: int) -> Contractor:
    from django.utils import timezone

    from ronghe.cli.finding import row_called
    from ronghe.domain.contractors.selectors.companies import contractors_seen_by

    return row_called(number, contractors_seen_by(actor, timezone.now()))


def _worker(actor: Person, number: int) -> Worker:
    from django.utils import timezone

    from ronghe.cli.finding import row_called
    from ronghe.domain.contractors.selectors.people import workers_seen_by

    return row_called(number, workers_seen_by(actor, timezone.now()))


def _day(given: datetime | None, now: datetime) -> date:
    from ronghe.domain.org.rules.reaches import local_day

    return given.date() if given is not None else local_day(now)


def _row(row: Contractor) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "kind": row.kind, "state": row.state, "mechanism": row.mechanism.value}


def _worker_row(row: Worker) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.person.name, "employment": row.employment,
        "until_on": f"{row.until_on}" if row.until_on else None,
    }  # fmt: skip


def _answer(said: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(lines))
