"""`ronghe run …`: self-check, review, objections, and what follows from a final result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.appraisal.models import Remark, Run

_number = click.argument("run_id", type=int, metavar="RUN")
_remark = click.argument("remark_id", type=int, metavar="REMARK")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")


@click.command("check", short_help=_("开始自查"))
@_number
@click.option("--workdays", type=int, metavar="N", help="自查几个工作日；默认 3 个。")
def check(*, run_id: int, workdays: int | None) -> None:
    """开始自查：被考评的单位看自己的草稿。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.calc.deadlines import CHECK_WORKDAYS
    from ronghe.domain.appraisal.services.remarks import open_check

    days = CHECK_WORKDAYS if workdays is None else workdays
    found = open_check(run=_run(run_id), actor=actor, at=now, workdays=days)
    click.echo(_("自查到 %(day)s。") % {"day": found.check_until})


@click.command("review", short_help=_("自查期满，开始复核"))
@_number
def review(*, run_id: int) -> None:
    """自查期满后开始复核。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.services.remarks import begin_review

    begin_review(run=_run(run_id), actor=actor, at=now)
    click.echo(_("已开始复核。"))


@click.command("remarks", short_help=_("列出自查意见和异议"))
@click.option("--run", "run_id", type=int, metavar="RUN")
@click.option("--state", default="", metavar="STATE", help="open、upheld、rejected 或 taken_back。")
@_json
def remarks(*, run_id: int | None, state: str, as_json: bool) -> None:
    """列出能看到的自查意见和异议，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.remarks import list_remarks

    rows = [_as_data(row) for row in list_remarks(actor, now, run=run_id, state=state, size=100)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['id']:>5}  #{row['run']}  {row['subject']}  {row['state']}  {row['text']}")


@click.command("missing", short_help=_("列出本期没有计入的记录"))
@_number
@click.argument("subject", type=int, metavar="SUBJECT")
def missing(*, run_id: int, subject: int) -> None:
    """列出一个对象本期没有计入的记录，编号可以写进意见。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.remarks import answers_for, missing_facts
    from ronghe.domain.appraisal.selectors.results import result_seen_by
    from ronghe.kernel.errors import NotFound

    found = _run(run_id)
    row = result_seen_by(actor, found, subject, now).row
    if not answers_for(actor, found, now).allows(row.subject, row.body):
        raise NotFound
    for fact in missing_facts(found, subject):
        click.echo(f"{fact.id:>8}  {fact.at:%Y-%m-%d}  {fact.title}")


def _saying(command: Any) -> Any:
    for option in (
        click.option("--fact", type=int, metavar="FACT", help="没有计入的记录的编号。"),
        click.option("--node", default="", metavar="ITEM", help="评分表里的哪一项。"),
        click.option("--text", required=True, metavar="TEXT", help="理由。"),
        click.argument("subject", type=int, metavar="SUBJECT"),
        _number,
    ):
        command = option(command)
    return command


@click.command("remark", short_help=_("自查提意见"))
@_saying
def remark(*, run_id: int, subject: int, text: str, node: str, fact: int | None) -> None:
    """自查时对自己的结果提意见，可以指出没有计入的记录。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.services.remarks import add_remark

    made = add_remark(run=_run(run_id), subject=subject, text=text, node=node, fact=fact, actor=actor, at=now)
    _tell(made)


@click.command("object", short_help=_("公示期提异议"))
@_saying
def object_(*, run_id: int, subject: int, text: str, node: str, fact: int | None) -> None:
    """公示期间对能看到的结果提异议。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.services.remarks import object_to_result

    made = object_to_result(run=_run(run_id), subject=subject, text=text, node=node, fact=fact, actor=actor, at=now)
    _tell(made)


@click.command("answer", short_help=_("答复意见或异议"))
@_remark
@click.option("--upheld/--rejected", "is_upheld", required=True, help="成立，或不成立。")
@click.option("--text", "answer", required=True, metavar="TEXT", help="理由。")
def answer_(*, remark_id: int, is_upheld: bool, answer: str) -> None:
    """答复意见或异议；公示中的异议成立，考评随即重算。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.enums import RunState
    from ronghe.domain.appraisal.selectors.remarks import remark_seen_by
    from ronghe.domain.appraisal.services.remarks import answer_remark
    from ronghe.domain.appraisal.tasks import compute_or_note

    found = remark_seen_by(actor, remark_id, now)
    found = answer_remark(remark=found, is_upheld=is_upheld, answer=answer, actor=actor, at=now)
    if found.run.state == RunState.COMPUTING:
        compute_or_note(run=found.run, at=now)
    _tell(found)


@click.command("take-back", short_help=_("收回还没答复的意见"))
@_remark
def take_back(*, remark_id: int) -> None:
    """收回自己提的、还没有答复的意见。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.remarks import remark_seen_by
    from ronghe.domain.appraisal.services.remarks import take_back_remark

    _tell(take_back_remark(remark=remark_seen_by(actor, remark_id, now), actor=actor, at=now))


@click.command("consequences", short_help=_("导出结果运用"))
@_number
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE.xlsx|FILE.csv")
def consequences(*, run_id: int, out: Path) -> None:
    """导出定稿的结果运用：薪酬系数、取消的资格、评选名单。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.consequences import consequence_lines, consequence_sheets
    from ronghe.kernel.tabular.writing import write_csv, write_workbook

    found = _run(run_id)
    if out.suffix == ".csv":
        lines = list(consequence_lines(found, actor, now))
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            write_csv(file, lines)
    else:
        write_workbook(out, consequence_sheets(found, actor, now))
    click.echo(_("已存到 %(file)s。") % {"file": out})


COMMANDS = (check, review, remarks, missing, remark, object_, answer_, take_back, consequences)
"""What `ronghe run` takes in from here."""


def _run(run_id: int) -> Run:
    from ronghe.domain.appraisal.selectors.runs import run_seen_by

    actor, now = acting_now()
    return run_seen_by(actor, run_id, now)


def _tell(row: Remark) -> None:
    click.echo(f"#{row.pk}  {row.get_kind_display()}  {row.get_state_display()}  {row.text}")


def _as_data(row: Remark) -> dict[str, Any]:
    return {
        "id": row.pk, "run": row.run_id, "kind": row.kind, "subject": str(row.subject), "node": row.node,
        "text": row.text, "fact": row.fact, "state": row.state, "answer": row.answer,
        "due_on": row.due_on.isoformat(),
    }  # fmt: skip
