"""`ronghe panel`: reviewers mark branches or people; what comes out counts in the sheets."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.appraisal.models import Panel

EPILOG = """\b
举例：
  ronghe --as dangqun panel open 采油一厂党委 branch_visit --title 三季度督导 --period 2026Q3 --criterion "完成任务 0.6" \\
      --criterion "服务群众 0.4" --of 南一联合站党支部 --by 王海 --by 李明 --by 张强 --least 3 --until 2026-10-20
  ronghe --as wanghai panel mark 4 1=90,85 2=80,88
  ronghe --as dangqun panel count 4

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""
_number = click.argument("number", type=int, metavar="NUMBER")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=EPILOG, short_help=_("评议打分"))
def panel() -> None:
    """评议：发起、打分、回避、计分、作废。"""


@panel.command("list", short_help=_("列出评议"))
@click.option("--state", default="", metavar="STATE", help="open、counted 或 voided。")
def list_(*, state: str) -> None:
    """列出能看到的评议，新的在前。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import list_panels

    for found in list_panels(actor, now, state=state, size=200):
        _tell(found)


@panel.command("show", short_help=_("显示一次评议"))
@_number
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def show(*, number: int, as_json: bool) -> None:
    """显示一次评议：对象、得分、缺几份、回避几人，评委宽严。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import panel_seen_by, reviewers_seen, subjects_of

    found = panel_seen_by(actor, number, now)
    rows = [
        {"number": one.number, "name": one.name, "score": None if one.score is None else str(one.score),
         "marked": one.marked, "missing": one.missing, "kept_out": one.kept_out, "trimmed": one.trimmed}
        for one in subjects_of(found)
    ]  # fmt: skip
    lean = {
        line.reviewer.person.name: None if line.reviewer.severity is None else str(line.reviewer.severity)
        for line in reviewers_seen(found, actor, now)
    }
    if as_json:
        answer = {"id": found.pk, "state": found.state, "subjects": rows, "reviewers": lean}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    _tell(found)
    for row in rows:
        click.echo(
            "  ".join("—" if row[key] is None else str(row[key]) for key in ("number", "name", "score", "marked"))
        )


@panel.command("open", short_help=_("发起评议"))
@click.argument("body")
@click.argument("item")
@click.option("--title", required=True, metavar="TEXT")
@click.option("--period", required=True, metavar="PERIOD")
@click.option("--criterion", "criteria", multiple=True, required=True, metavar='"TITLE WEIGHT"')
@click.option("--of", "bodies", multiple=True, metavar="BODY", help="评哪些党组织。")
@click.option("--whom", "people", multiple=True, metavar="WHO", help="评哪些人。")
@click.option("--by", "reviewers", multiple=True, required=True, metavar="WHO", help="谁来评。")
@click.option("--until", "closes_on", type=_DAY, required=True)
@click.option("--least", type=int, default=5, show_default=True, help="几份以上才计分。")
@click.option("--trim", type=int, default=1, show_default=True, help="去掉几个最高和最低。")
@click.option("--scale", type=int, default=100, show_default=True, help="每项满分。")
@click.option("--secret", is_flag=True, help="不记名（每项满分 10 分）。")
def open_(
    *, body: str, item: str, title: str, period: str, criteria: tuple[str, ...], bodies: tuple[str, ...],
    people: tuple[str, ...], reviewers: tuple[str, ...], closes_on: datetime, least: int, trim: int, scale: int,
    secret: bool,
) -> None:  # fmt: skip
    """发起评议。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import bodies_below, bodies_to_open_for, people_below
    from ronghe.domain.appraisal.services.panels import PanelPlan, open_panel, read_criteria

    holder = body_called(body, bodies_to_open_for(actor, now))
    below, known = bodies_below(holder, now), people_below(holder, now)
    plan = PanelPlan(
        item=item, title=title, period=period, criteria=read_criteria("\n".join(criteria)), closes_on=closes_on.date(),
        bodies=[body_called(one, below) for one in bodies], people=[person_called(one, known) for one in people],
        reviewers=[person_called(one, known) for one in reviewers], least=least, trim=trim,
        scale=10 if secret else scale, is_secret=secret,
    )  # fmt: skip
    _tell(open_panel(body=holder, plan=plan, actor=actor, at=now))


@panel.command("mark", short_help=_("打分"))
@_number
@click.argument("sheets", nargs=-1, required=True, metavar="NUMBER=MARK,MARK…")
def mark(*, number: int, sheets: tuple[str, ...]) -> None:
    """给每个对象按标准的次序打分：1=90,85 2=80,88。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import panel_seen_by, reviewer_of
    from ronghe.domain.appraisal.services.panels import give_marks

    try:
        marks = {
            int(name): [int(one) for one in given.split(",")]
            for name, _sep, given in (s.partition("=") for s in sheets)
        }
    except ValueError as error:
        raise click.BadParameter(_("请写成 1=90,85")) from error
    reviewer = reviewer_of(panel_seen_by(actor, number, now), actor)
    if reviewer is None:
        raise NotFound
    give_marks(reviewer=reviewer, marks=marks, actor=actor, at=now)
    click.echo(_("已交。"))


@panel.command("keep-out", short_help=_("声明回避"))
@_number
@click.argument("subject", type=int, metavar="SUBJECT")
@click.option("--reason", required=True, metavar="TEXT")
def keep_out(*, number: int, subject: int, reason: str) -> None:
    """对一个对象声明回避；SUBJECT 是它的序号。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import panel_seen_by, reviewer_of, subjects_of
    from ronghe.domain.appraisal.services.panels import declare_conflict

    found = panel_seen_by(actor, number, now)
    reviewer = reviewer_of(found, actor)
    one = next((one for one in subjects_of(found) if one.number == subject), None)
    if reviewer is None or one is None:
        raise NotFound
    declare_conflict(reviewer=reviewer, subject=one, reason=reason, actor=actor, at=now)
    click.echo(_("已声明回避。"))


@panel.command("count", short_help=_("结束并计分"))
@_number
def count(*, number: int) -> None:
    """结束打分并计分，结果进入评分表。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import panel_seen_by
    from ronghe.domain.appraisal.services.panels import count_panel

    _tell(count_panel(panel=panel_seen_by(actor, number, now), actor=actor, at=now))


@panel.command("void", short_help=_("作废"))
@_number
@click.option("--reason", required=True, metavar="TEXT")
def void(*, number: int, reason: str) -> None:
    """作废一次评议，计过的分冲销。"""
    actor, now = acting_now()
    from ronghe.domain.appraisal.selectors.panels import panel_seen_by
    from ronghe.domain.appraisal.services.panels import void_panel

    _tell(void_panel(panel=panel_seen_by(actor, number, now), reason=reason, actor=actor, at=now))


def _tell(found: Panel) -> None:
    click.echo(f"{found.pk:>5}  {found.title}  {found.item}  {found.period}  {found.get_state_display()}")
