"""The part of `ronghe activity` that fills the form of a mechanism: checks, figures, what was done and what comes next."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.finding import moment_said, person_called
from ronghe.cli.huddle_changes import activity_seen
from ronghe.cli.telling import JSON, NUMBER
from ronghe.kernel.words import _

ANSWERS = ("fine", "concern", "not_applicable")


@click.command("form", short_help=_("看表单：检查、数据、还缺什么"))
@NUMBER
@JSON
def form(number: int, as_json: bool) -> None:
    """看这场活动按制度要填什么、填了什么、还缺什么。"""
    actor = acting_person()
    from ronghe.domain.rhythm.calc.pieces import TITLES, Piece
    from ronghe.domain.rhythm.selectors.followup import follow_up_lines, follow_up_of
    from ronghe.domain.rhythm.selectors.forms import check_lines, figure_lines, pieces_missing

    held = activity_seen(actor, number)
    checks, figures, last = check_lines(held), figure_lines(held), follow_up_of(held)
    missing: list[str] = held.missing if held.closed_at else [piece.value for piece in pieces_missing(held)]
    if as_json:
        _print({
            "mechanism": held.mechanism, "missing": missing, "next_step": held.next_step, "result": held.result,
            "checks": [
                {"id": one.id, "title": one.title, "answer": one.answer.answer if one.answer else None,
                 "note": one.answer.note if one.answer else ""}
                for one in checks
            ],
            "figures": [{"id": one.id, "title": one.title, "value": _plain(one.value)} for one in figures],
            "follow_up": follow_up_lines(last) if last else [],
        })  # fmt: skip
        return
    for line in follow_up_lines(last) if last else []:
        click.echo(_("上次：%(line)s") % {"line": line})
    for one in checks:
        answer = str(one.answer.get_answer_display()) if one.answer else "—"
        click.echo(f"{one.id}  {one.title}  {answer}  {one.answer.note if one.answer else ''}".rstrip())
    for figure in figures:
        click.echo(f"{figure.id}  {figure.title}  {_plain(figure.value) or '—'} {figure.unit}")
    if missing:
        click.echo(_("还缺：%(pieces)s") % {"pieces": "、".join(_(TITLES[Piece(piece)]) for piece in missing)})


@click.command("check", short_help=_("答一项检查，问题可转为任务"))
@NUMBER
@click.argument("line", metavar="LINE")
@click.argument("answer", type=click.Choice(ANSWERS))
@click.option("--note", default="", help="什么问题")
@click.option("--person", metavar="WHO", help="谁来办；连同 --due 写就转为任务")
@click.option("--due", metavar="TIME", help='期限，例如 "2026-09-14 17:00"')
def check(number: int, line: str, answer: str, note: str, person: str | None, due: str | None) -> None:
    """答检查项目的一项：fine 正常，concern 有问题，not_applicable 不适用。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.enums import CheckAnswer
    from ronghe.domain.rhythm.selectors import expected_people
    from ronghe.domain.rhythm.services.forms import answer_check, make_task_of_check

    if (person is None) != (due is None):
        raise click.UsageError(_("转为任务要同时写 --person 和 --due。"))
    held, now = activity_seen(actor, number), timezone.now()
    who = person_called(person, expected_people(held)) if person else None
    until = moment_said(due) if due else None
    answer_check(activity=held, check_id=line, answer=CheckAnswer(answer), note=note, actor=actor, at=now)
    if who is not None and until is not None:
        make_task_of_check(activity=held, check_id=line, assignee=who, due_at=until, actor=actor, at=now)
    click.echo(_("已记下。"))


@click.command("fine", short_help=_("其余检查都正常"))
@NUMBER
def fine(number: int) -> None:
    """没答的检查项目都记为正常。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.forms import answer_rest_fine

    count = answer_rest_fine(activity=activity_seen(actor, number), actor=actor, at=timezone.now())
    click.echo(_("%(count)s 项记为正常。") % {"count": count})


@click.command("figure", short_help=_("填一个数据"))
@NUMBER
@click.argument("line", metavar="LINE")
@click.argument("value", metavar="VALUE")
def figure_(number: int, line: str, value: str) -> None:
    """填表单里的一个数据；写 - 收回。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.forms import enter_figure

    amount = None if value == "-" else _amount(value)
    enter_figure(activity=activity_seen(actor, number), figure_id=line, value=amount, actor=actor, at=timezone.now())
    click.echo(_("已记下。"))


@click.command("outcome", short_help=_("写成果和下一步"))
@NUMBER
@click.option("--next", "next_step", default="", help="下一步怎么做")
@click.option("--result", default="", help="完成的工作")
@click.option("--figure", help="数量")
@click.option("--unit", default="", help="单位")
def outcome(number: int, next_step: str, result: str, figure: str | None, unit: str) -> None:
    """写完成的工作和下一步怎么做；学习和主题党日要写下一步。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.rhythm.services.forms import write_outcome

    write_outcome(
        activity=activity_seen(actor, number), next_step=next_step, result=result, result_unit=unit,
        result_figure=_amount(figure) if figure else None, actor=actor, at=timezone.now(),
    )  # fmt: skip
    click.echo(_("已记下。"))


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise click.BadParameter(_("“%(value)s”不是数。") % {"value": text}) from error


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


FORM = (form, check, fine, figure_, outcome)
"""Commands that `ronghe activity` takes in."""
